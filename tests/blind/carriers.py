"""How a report comes: as a page of many makes, as data, as text. Each takes a report and gives the bytes of a file."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable
from itertools import product

from tests.blind.reports import Report, Table

AROUND = "<ul class='nav'><li>首页</li><li>政务公开</li></ul>" \
         "<table><tr><td>部门网站</td><td>省市网站</td><td>县区网站</td></tr></table>"


def grid(table: Table, repeated: bool = False) -> list[list[str]]:
    """A table without spans: covered places blank, or with the words of the cell that covers them."""
    places: dict[tuple[int, int], str] = {}
    for row, cells in enumerate(table):
        column = 0
        for cell in cells:
            while (row, column) in places:
                column += 1
            for down, across in product(range(cell.down), range(cell.across)):
                places[row + down, column + across] = cell.text if repeated or not (down or across) else ""
            column += cell.across
    width = max(column for _, column in places) + 1
    return [[places.get((row, column), "") for column in range(width)] for row in range(len(table))]


def table_of(table: Table) -> str:
    rows = ("".join(f'<td rowspan="{c.down}" colspan="{c.across}">{html.escape(c.text).replace(chr(10), "<br>")}</td>'
                    for c in row) for row in table)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def article(report: Report) -> str:
    return "".join(f"<p>{block}</p>" if isinstance(block, str) else table_of(block) for block in report.blocks)


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>政府信息公开</title></head><body>{body}{AROUND}</body></html>".encode()


def lines(report: Report, between: str) -> str:
    rows = [[block] if isinstance(block, str) else [between.join(" ".join(cell.split()) for cell in row) for row in grid(block)]
            for block in report.blocks]
    return "\n".join(line for part in rows for line in part)


def sheet(report: Report) -> bytes:
    """Everything a row of one table, as spreadsheets are saved."""
    rows = [f"<tr><td colspan=15>{b}</td></tr>" if isinstance(b, str) else table_of(b)[7:-8] for b in report.blocks]
    return f"<html><body><table>{''.join(rows)}</table></body></html>".encode()


def divisions(report: Report, repeated: bool) -> bytes:
    def drawn(table: Table) -> str:
        rows = ("".join(f"<div>{html.escape(text)}</div>" for text in row) for row in grid(table, repeated))
        return "<div>" + "".join(f"<div>{row}</div>" for row in rows) + "</div>"

    return page("".join(f"<p>{b}</p>" if isinstance(b, str) else drawn(b) for b in report.blocks))


def commas(report: Report) -> bytes:
    out = io.StringIO()
    for block in report.blocks:
        csv.writer(out).writerows([[block]] if isinstance(block, str) else grid(block))
    return out.getvalue().encode("gb18030")


CARRIERS: dict[str, Callable[[Report], bytes]] = {
    "article": lambda r: page(article(r)),
    "frame": lambda r: page(f'<iframe srcdoc="{html.escape(article(r))}"></iframe>'),
    "script": lambda r: page(f"<script>var state = {json.dumps({'content': article(r)})}</script>"),
    "attribute": lambda r: page(f"<div data-page='{html.escape(json.dumps({'content': article(r)}))}'></div>"),
    "interface": lambda r: json.dumps({"data": {"title": r.title, "content": article(r)}}).encode(),
    "preformatted": lambda r: page(f"<pre>{html.escape(lines(r, chr(9)))}</pre>"),
    "markdown": lambda r: "\n".join(b if isinstance(b, str) else table_of(b) for b in r.blocks).encode(),
    "sheet": sheet,
    "divisions": lambda r: divisions(r, repeated=False),
    "divisions repeated": lambda r: divisions(r, repeated=True),
    "commas": commas,
    "tabs": lambda r: lines(r, "\t").encode("utf-16"),
}
