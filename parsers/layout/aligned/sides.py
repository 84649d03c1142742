"""Group labels that stand left of the row labels, over several rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.layout.aligned.rows import WRAP, around
from parsers.layout.aligned.sharing import Group
from parsers.layout.aligned.table import Table, label_span
from parsers.layout.cells import locator
from parsers.layout.ink import Page
from parsers.layout.lines import Line
from parsers.models import GridCell


def side_cells(table: Table, groups: Sequence[Group], first: int, page: Page) -> list[GridCell]:
    """Group labels left of the row labels, over the rows counted 1, 2, 3 … around them, or beside one row alone.

    One that finds no row free stands in a row of its own at the end: words are never lost.
    """
    cells: list[GridCell] = []
    gutters = table.gutters
    taken: set[tuple[int, int]] = set()
    for column, pieces in _side_blocks(table, gutters) if gutters else ():
        box = around(pieces)
        start, end = _counted(groups, _nearest(groups, (box.y0 + box.y1) / 2))
        free = [row for row in range(start, end + 1)
                if (row, column) not in taken and not _covers(groups[row], column, gutters)]
        run = [row for n, row in enumerate(free) if row - n == free[0]]
        run = run or [len(groups) + sum(cell.row >= first + len(groups) for cell in cells)]
        taken |= {(row, column) for row in run}
        text = "\n".join(piece.text for piece in pieces)
        where = locator(page.number, first + run[0], column, page.origin(box))
        cells.append(GridCell(first + run[0], column, text, where, len(run)))
    return cells


def _side_blocks(table: Table, gutters: Sequence[float]) -> list[tuple[int, list[Line]]]:
    """(label column, lines) of every group label, from top to bottom."""
    blocks: list[tuple[int, list[Line]]] = []
    for row in table.body:
        for word in row.words:
            if word.x1 > gutters[-1]:
                continue
            column = sum((word.x0 + word.x1) / 2 > x for x in gutters)
            block = next((b for b in blocks if b[0] == column and word.middle - b[1][-1].middle < WRAP * table.em), None)
            if block is None:
                blocks.append((column, [word]))
            else:
                block[1].append(word)
    return blocks


def _covers(group: Group, column: int, gutters: Sequence[float]) -> bool:
    """Does the row's own label begin left enough to fill this label column?"""
    words = [word for line in group[0] for word in line.words if word.x1 > gutters[-1]]
    return bool(words) and label_span(words, gutters)[0] <= column


def _nearest(groups: Sequence[Group], y: float) -> int:
    def distance(index: int) -> float:
        label, anchor = groups[index]
        return abs((anchor or label[0]).y - y)
    return min(range(len(groups)), key=distance)


def _counted(groups: Sequence[Group], index: int) -> tuple[int, int]:
    """First and last row of the count 1, 2, 3 … that this row is in; the row alone when it is not counted."""
    counts = [_count(group) for group in groups]
    start = end = index
    while counts[start] and start > 0 and counts[start - 1] == counts[start] - 1:
        start -= 1
    while counts[end] and end + 1 < len(counts) and counts[end + 1] == counts[end] + 1:
        end += 1
    return start, end


def _count(group: Group) -> int:
    """The Arabic number that a row's label begins with; 0 for none."""
    if not group[0]:
        return 0
    match = re.match(r"(\d{1,2})[.．、]", group[0][0].words[-1].text)
    return int(match[1]) if match else 0
