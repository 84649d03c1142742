"""Reports as one self-contained page: every grid as it was drawn, beside it the cells that were read from it.

A canonical cell links to the cell of the grid it came from; a cell that a failed rule names is boxed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

from crawler.report_text import SEVERITY, TAGS, shown
from parsers.schema import load

Block = Mapping[str, Any]
Report = Mapping[str, Any]
Cell = Mapping[str, Any]
_STYLE = """
body{font:15px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;margin:2rem auto;max-width:1500px;padding:0 1rem;color:#222}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;font-size:13px}
td,th{border:1px solid #bbb;padding:2px 6px;text-align:left;vertical-align:top;white-space:pre-line}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.5rem;align-items:start;margin:1rem 0}
.pair>*{overflow-x:auto}
.value{text-align:right;font-variant-numeric:tabular-nums}.blank{color:#999}.lost{background:#fff3cd}
.bad{outline:2px solid #c00}
:target{background:#cfe8ff}.where,.words{color:#777;font-size:12px}.words{white-space:pre-line;color:#444}
.error{color:#c00}.warning{color:#a60}.info{color:#06a}a{color:inherit}
"""


def report_html(files: Iterable[tuple[str, Report, Iterable[Block]]]) -> str:
    """The page for (file name, the object of `read --json`, the blocks of its document) of each file."""
    body = "".join(_file(number, name, report, list(blocks)) for number, (name, report, blocks) in enumerate(files))
    return (f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>nianbao read</title>'
            f"<style>{_STYLE}</style></head><body>{body}</body></html>")


def _file(number: int, name: str, report: Report, blocks: list[Block]) -> str:
    head = f"<h1>{escape(name)}</h1>"
    if "tags" not in report:
        return head + _issues(report)
    page = _Page(number, report, blocks)
    return "".join((head, f"<p><b>{escape(report['title'])}</b></p>", _tags(report), _checks(report), _issues(report),
                    "<h2>原文与读出的数</h2>", *page.blocks()))


def _tags(report: Report) -> str:
    rows = []
    for name, label in TAGS.items():
        tag = report["tags"].get(name)
        if tag is not None:
            value = "（证据不足）" if tag["value"] is None else str(tag["value"])
            why = "；".join(f"{e['source']} {e['locator']} “{e['quote']}”" for e in tag["evidence"][:2])
            rows.append(_row((label, value, f"{tag['confidence']:.2f}", why)))
    return f"<table>{''.join(rows)}</table>"


def _checks(report: Report) -> str:
    failed = [check for check in report["checks"] if check["verdict"].startswith("fail")]
    passed = sum(check["verdict"].startswith("pass") for check in report["checks"])
    lines = [f'<li class="{check["severity"]}">{SEVERITY[check["severity"]][0]} {escape(check["rule"])} '
             f'{escape(check["message"])} <span class="where">{escape(check["where"])}</span></li>' for check in failed]
    return f"<h2>核对：{passed} 项相符，{len(failed)} 项不符</h2><ul>{''.join(lines)}</ul>"


def _issues(report: Report) -> str:
    lines = [f'<li>{escape(issue["kind"])}: {escape(issue["message"])} <span class="where">{escape(issue["where"])}</span></li>'
             for issue in report["issues"]]
    return f"<h2>待查</h2><ul>{''.join(lines)}</ul>" if lines else ""


def _row(cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


class _Page:
    """The blocks of one file, each grid with the canonical cells whose place lies in it."""

    def __init__(self, number: int, report: Report, blocks: list[Block]) -> None:
        self._number = number
        self._blocks = blocks
        self._bad = " ".join(check["where"] for check in report["checks"] if check["verdict"].startswith("fail"))
        home = {block["where"]: at for at, block in reversed(list(enumerate(blocks))) if "cells" not in block}
        home |= {cell["where"]: at for at, block in enumerate(blocks) for cell in block.get("cells", ())}
        self._read: dict[int, list[_Row]] = {}
        for row in _rows(report):
            at = next((home[cell["where"]] for _, cell in row.cells if cell["where"] in home), -1)
            self._read.setdefault(at, []).append(row)

    def blocks(self) -> Iterator[str]:
        """The blocks in reading order; what was read from none of them at the end."""
        for at, block in enumerate(self._blocks):
            drawn = self._grid(block) if "cells" in block else f'<p class="words">{escape(block["text"])}</p>'
            beside = self._cells(self._read.get(at, []))
            yield f'<div class="pair"><div>{drawn}</div><div>{beside}</div></div>' if beside or "cells" in block else drawn
        if -1 in self._read:
            yield "<h2>没有位置的数</h2>" + self._cells(self._read[-1])

    def _grid(self, block: Block) -> str:
        rows: dict[int, list[str]] = {}
        placed = set[str]()
        for cell in block["cells"]:
            anchor = "" if cell["where"] in placed else f' id="{self._anchor(cell["where"])}"'
            placed.add(cell["where"])
            spans = "".join(f' {name}="{cell[name]}"' for name in ("rowspan", "colspan") if cell[name] > 1)
            rows.setdefault(cell["row"], []).append(f'<td{anchor}{spans}>{escape(cell["text"])}</td>')
        body = "".join(f"<tr>{''.join(rows.get(row, ()))}</tr>" for row in range(max(rows, default=-1) + 1))
        return f'<span class="where">{escape(block["where"])}</span><table>{body}</table>'

    def _cells(self, found: list[_Row]) -> str:
        """Rows as the form has them; the heads are repeated where they change."""
        lines: list[str] = []
        heads: tuple[str, ...] = ()
        for row in found:
            names = tuple(name for name, _ in row.cells)
            if names != heads:
                heads = names
                lines.append("<tr><th></th>" + "".join(f"<th>{escape(name)}</th>" for name in names) + "</tr>")
            lines.append(f"<tr><td>{escape(row.label)}</td>{''.join(self._value(cell) for _, cell in row.cells)}</tr>")
        return f"<table>{''.join(lines)}</table>" if lines else ""

    def _value(self, cell: Cell) -> str:
        kind = "blank" if cell["status"] == "blank" else "" if cell["value"] is not None else " lost"
        bad = " bad" if cell["where"] and cell["where"] in self._bad else ""
        about = escape(f"{cell['status']}：“{cell['raw']}” {cell['where']}")
        link = f'<a href="#{self._anchor(cell["where"])}" title="{about}">{escape(shown(cell))}</a>'
        return f'<td class="value {kind}{bad}">{link}</td>'

    def _anchor(self, where: str) -> str:
        return f"f{self._number}-" + "".join(c if c.isalnum() else "-" for c in where)


class _Row(NamedTuple):
    """A row of a form with the names of its columns and their cells."""

    label: str
    cells: list[tuple[str, Cell]]


def _rows(report: Report) -> Iterator[_Row]:
    """Every canonical cell, by the rows of its form."""
    tables = load("tables")
    proactive: dict[str, _Row] = {}
    for field in tables["proactive_fields"]:
        if field["id"] in report["proactive"]:
            row = proactive.setdefault(field["row"], _Row(field["row"].split("/")[-1], []))
            row.cells.append((field["label"], report["proactive"][field["id"]]))
    yield from proactive.values()
    names = {row["id"]: row["label"].split("/")[-1] for row in tables["request_rows"]}
    columns = {column["id"]: column["label"] for column in tables["request_columns"]}
    for name, cells in report["requests"].items():
        yield _Row(names[name], [(columns[column], cell) for column, cell in cells.items()])
    for table, kinds in (("remedies", ("remedy_fields",)), ("stat2014", ("stat2014_fields", "local_pre2014_fields"))):
        labels = {field["id"]: field["label"] for kind in kinds for field in tables[kind]}
        for name, cell in report[table].items():
            yield _Row(labels.get(name, name.removeprefix("local:")), [("", cell)])
