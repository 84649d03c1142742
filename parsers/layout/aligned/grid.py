"""A table without rules as a grid: its header, its rows, the group labels beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import reduce

from parsers.layout.aligned.head import head_cells
from parsers.layout.aligned.rows import Row, around
from parsers.layout.aligned.sharing import Group, groups
from parsers.layout.aligned.sides import side_cells
from parsers.layout.aligned.table import Table, column_of, is_leaf, label_span, right_of_label
from parsers.layout.cells import locator, stacked, unwrapped
from parsers.layout.ink import Box
from parsers.layout.lines import Line
from parsers.models import Grid, GridCell


def grid(table: Table, page: int) -> Grid:
    """All cells of a table at their places."""
    width = len(table.gutters) + 1 if table.labels_end >= 0 else 0
    rows = groups(table)
    cells = head_cells(table, width, page)
    first = max((cell.row + 1 for cell in cells), default=0)
    for number, group in enumerate(rows, first):
        cells += [*_label(table, group, number, page), *_figures(table, group, number, width, page)]
    cells += side_cells(table, rows, first, page)
    return Grid(tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), f"page {page}")


def _label(table: Table, group: Group, row: int, page: int) -> Iterator[GridCell]:
    lines = [[word for word in line.words if is_leaf(word, table)] for line in group[0]]
    words = [word for line in lines for word in line]
    if words:
        low, high = label_span(words, table.gutters)
        text = "\n".join(" ".join(word.text for word in line) for line in lines)
        yield GridCell(row, low, text, locator(page, row, low, around(words)), 1, high - low + 1)


def _figures(table: Table, group: Group, row: int, width: int, page: int) -> Iterator[GridCell]:
    """The value cells of a row, blank ones too: each as wide as its column and as high as the row."""
    label, anchor = group
    lines = [line.line for line in label] + ([anchor.line] if anchor else [])
    top, bottom = min(line.y0 for line in lines), max(line.y1 for line in lines)
    for place, ((x0, x1), text) in enumerate(zip(table.columns, _texts(anchor, table), strict=True), width):
        yield GridCell(row, place, text, locator(page, row, place, Box(x0, top, x1, bottom)))


def _texts(anchor: Row | None, table: Table) -> list[str]:
    """What a row has in the value columns, top to bottom; "" for a blank."""
    pieces: dict[int, list[Line]] = defaultdict(list)
    for piece in sorted(right_of_label(anchor, table), key=lambda piece: piece.middle) if anchor else ():
        pieces[column_of(piece, table.columns)].append(piece)
    return unwrapped([reduce(stacked, (piece.text for piece in pieces[index])) if index in pieces else ""
                      for index in range(len(table.columns))])
