"""A table without rules as a grid: its header, its rows, the group labels beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.layout.aligned.cut import Cut, cut_off
from parsers.layout.aligned.head import head_cells
from parsers.layout.aligned.rows import Row, around
from parsers.layout.aligned.sharing import Group, groups
from parsers.layout.aligned.sides import side_cells
from parsers.layout.aligned.table import Table, column_of, is_leaf, label_span, right_of_label
from parsers.layout.cells import locator, stacked, unwrapped
from parsers.layout.edges import CUT
from parsers.layout.ink import Box, Page
from parsers.layout.lines import Line, beneath
from parsers.models import Grid, GridCell

_GLUED = re.compile(r"[\u4e00-\u9fff”）)][\d.,，]*\d$")       # a figure at the end of a label: its columns are lost


def grid(table: Table, page: Page) -> Grid:
    """All cells of a table at their places."""
    width = len(table.gutters) + 1 if table.labels_end >= 0 else 0
    rows = groups(table)
    cells = head_cells(table, width, page)
    first = max((cell.row + 1 for cell in cells), default=0)
    lost = cut_off(table, page)
    for number, group in enumerate(rows, first):
        cells += [*_label(table, group, number, page), *_figures(table, group, number, width, page, lost)]
    cells += side_cells(table, rows, first, page)
    serials = {number: serial for number, group in enumerate(rows, first) if (serial := _serial(group))}
    if serials:
        cells = [replace(cell, column=cell.column + 1) for cell in cells]
        cells += [GridCell(number, 0, serial.text, locator(page.number, number, 0, page.origin(serial.box)))
                  for number, serial in serials.items()]
    return Grid(tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), f"page {page.number}", cut=lost.open)


def _serial(group: Group) -> Line | None:
    """The number that the lines of a row are counted by."""
    label, anchor = group
    return next((row.serial for row in (*([anchor] if anchor else []), *label) if row.serial), None)


def _label(table: Table, group: Group, row: int, page: Page) -> Iterator[GridCell]:
    lines = [[word for word in line.words if is_leaf(word, table)] for line in group[0]]
    words = [word for line in lines for word in line]
    if words:
        low, high = label_span(words, table.gutters)
        text = "\n".join(" ".join(word.text for word in line) for line in lines)
        yield GridCell(row, low, text, locator(page.number, row, low, page.origin(around(words))), 1, high - low + 1)


def _figures(table: Table, group: Group, row: int, width: int, page: Page, lost: Cut) -> Iterator[GridCell]:
    """The value cells of a row, blank ones too: each as wide as its column and as high as the row."""
    label, anchor = group
    lines = [line.line for line in label] + ([anchor.line] if anchor else [])
    top, bottom = min(line.y0 for line in lines), max(line.y1 for line in lines)
    pieces = _by_column(anchor, table)
    texts = unwrapped([_piled(pieces[index]) if index in pieces else "" for index in range(len(table.columns))])
    if any(_GLUED.search(word.text) for line in label for word in line.words):
        texts = [f"{text}{CUT}" for text in texts]
    for index, ((x0, x1), text) in enumerate(zip(table.columns, texts, strict=True)):
        place = width + index
        where = locator(page.number, row, place, page.origin(Box(x0, top, x1, bottom)))
        yield GridCell(row, place, lost.marked(text, index, pieces.get(index, [])), where)


def _by_column(anchor: Row | None, table: Table) -> dict[int, list[Line]]:
    """The figures of a row by their column, top to bottom."""
    pieces: dict[int, list[Line]] = defaultdict(list)
    for piece in sorted(right_of_label(anchor, table), key=lambda piece: piece.middle) if anchor else ():
        pieces[column_of(piece, table.columns)].append(piece)
    return pieces


def _piled(pieces: Sequence[Line]) -> str:
    text = pieces[0].text
    for upper, lower in pairwise(pieces):
        text = stacked(text, beneath(upper, lower))
    return text
