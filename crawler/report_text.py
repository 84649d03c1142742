"""One report as text for the terminal: tags and why, tables, sections, what does not add up, what was not understood."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from parsers.schema import load

TAGS = {"agency": "机关", "agency_id": "机关编号", "function": "职能", "level": "层级", "division_code": "区划",
        "body_type": "类型", "scope": "范围", "year": "年度", "format_version": "格式"}
SEVERITY = {"error": ("错误", "red"), "warning": ("警告", "yellow"), "info": ("提示", "blue")}
Report = Mapping[str, Any]
Rows = Sequence[Sequence[str]]


def report_text(name: str, report: Report) -> str:
    """`report` is the object of `read --json`; also works when the file could not be read (issues only)."""
    parts = [click.style(name, bold=True)]
    if "tags" in report:
        parts += [report["title"], "", *_tags(report), *_tables(report), *_sections(report), *_checks(report)]
    parts += _issues(report)
    return "\n".join(parts) + "\n"


def lined_up(rows: Rows, figures_from: int = 99) -> Iterator[str]:
    """Rows with their columns below each other, a Chinese character counting two; figures stand at the right."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [" " * (wide - _width(text)) + text if at >= figures_from else text + " " * (wide - _width(text))
                 for at, (text, wide) in enumerate(zip(row, widths, strict=True))]
        yield "  " + "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _tags(report: Report) -> Iterator[str]:
    rows = []
    for name, label in TAGS.items():
        tag = report["tags"].get(name)
        if tag is not None:
            value = "（证据不足）" if tag["value"] is None else str(tag["value"])
            why = "; ".join(f"{e['source']} {e['locator']} “{_short(e['quote'])}”" for e in tag["evidence"][:1])
            rows.append([label, value, f"{tag['confidence']:.2f}", why])
    yield from lined_up(rows) if rows else ()
    yield ""


# ---------------------------------------------------------------- tables


def _tables(report: Report) -> Iterator[str]:
    drawn = (("proactive", "二、主动公开", proactive_rows, 99), ("requests", "三、依申请公开", request_rows, 1),
             ("remedies", "四、复议诉讼", remedy_rows, 1), ("stat2014", "统计表", indicator_rows, 1))
    for table, title, rows, figures_from in drawn:
        if report[table]:
            yield click.style(f"{title}（{report['formats'].get(table, '?')}）", bold=True)
            yield from lined_up(rows(report), figures_from)
            yield ""
    if not any(report[table] for table, *_ in drawn):
        yield from ("没有找到法定表格", "")


def proactive_rows(report: Report) -> Rows:
    """Section 二: one row per kind of act, each figure behind the name of its column."""
    rows: dict[str, list[str]] = {}
    for field in load("tables")["proactive_fields"]:
        if field["id"] in report["proactive"]:
            label = field["label"].split("（")[0]
            rows.setdefault(field["row"].split("/")[-1], []).append(f"{label} {shown(report['proactive'][field['id']])}")
    most = max(map(len, rows.values()))
    return [[name, *cells, *[""] * (most - len(cells))] for name, cells in rows.items()]


def request_rows(report: Report) -> Rows:
    """Section 三 under the names of its seven columns."""
    columns = load("tables")["request_columns"]
    names = {row["id"]: row["label"] for row in load("tables")["request_rows"]}
    rows = [[_short(names[row].split("/")[-1], 18), *(shown(cells.get(c["id"])) for c in columns)]
            for row, cells in report["requests"].items()]
    return [["", *(column["label"] for column in columns)], *rows]


def remedy_rows(report: Report) -> Rows:
    """Section 四: what became of reviews and of suits with and without one."""
    rows: dict[str, dict[str, str]] = {}
    for field in load("tables")["remedy_fields"]:
        group, _, result = field["label"].rpartition("/")
        rows.setdefault(group.split("/")[-1], {})[result] = shown(report["remedies"].get(field["id"]))
    return [["", *next(iter(rows.values()))], *([name, *results.values()] for name, results in rows.items())]


def indicator_rows(report: Report) -> Rows:
    """The annexes before 2019: label and figure."""
    fields = [*load("tables")["stat2014_fields"], *load("tables")["local_pre2014_fields"]]
    labels = {field["id"]: field["label"] for field in fields}
    return [[_short(labels.get(i, i.removeprefix("local:")), 36), shown(cell)] for i, cell in report["stat2014"].items()]


def shown(cell: Mapping[str, Any] | None) -> str:
    """The value, or what stands in its place: not printed –, blank ·, lost ?, otherwise as printed."""
    if cell is None:
        return "–"
    if cell["value"] is not None:
        unit = cell["unit"] if cell["unit"] in ("万元", "元") else ""
        return f"{cell['value']:,}{unit}"
    return {"blank": "·", "position_lost": "?"}.get(cell["status"]) or " ".join(str(cell["raw"]).split())


# ---------------------------------------------------------------- words


def _sections(report: Report) -> Iterator[str]:
    if report["sections"]:
        yield click.style("各部分", bold=True)
        yield from lined_up([[_short(section["title"] or "（前言）", 30), f"{len(section['text']):,} 字", section["where"]]
                             for section in report["sections"]])
        yield ""


def _checks(report: Report) -> Iterator[str]:
    failed = [check for check in report["checks"] if check["verdict"].startswith("fail")]
    passed = sum(check["verdict"].startswith("pass") for check in report["checks"])
    yield click.style(f"核对：{passed} 项相符，{len(failed)} 项不符", bold=True)
    for check in sorted(failed, key=lambda check: list(SEVERITY).index(check["severity"])):
        word, colour = SEVERITY[check["severity"]]
        yield f"  {click.style(word, fg=colour)} {check['rule']} {check['message']} {check['where']}".rstrip()
    yield ""


def _issues(report: Report) -> Iterable[str]:
    issues = [f"  {issue['kind']}: {issue['message']} {issue['where']}".rstrip() for issue in report["issues"]]
    return [click.style("待查", bold=True), *issues] if issues else []


def _short(text: str, length: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length] + "…"
