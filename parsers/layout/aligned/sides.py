"""Group labels that stand left of the row labels, over several rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from parsers.layout.aligned.rows import WRAP, around
from parsers.layout.aligned.sharing import Group
from parsers.layout.aligned.table import Table, label_span
from parsers.layout.cells import locator
from parsers.layout.ink import Box, Page
from parsers.layout.lines import Line
from parsers.models import GridCell

EVEN = 0.5           # characters: a label in the middle of its rows is no further off


def side_cells(table: Table, groups: Sequence[Group], first: int, page: Page) -> list[GridCell]:
    """Group labels left of the row labels, over the rows they stand in the middle or at the top of.

    Where that does not come out even: over the rows counted 1, 2, 3 … around them, or beside one row alone.
    One that finds no row free stands in a row of its own at the end: words are never lost.
    """
    cells: list[GridCell] = []
    taken: set[tuple[int, int]] = set()
    blocks = _side_blocks(table, table.gutters) if table.gutters else []
    shared = _shared(blocks, groups, table)
    for number, (column, pieces) in enumerate(blocks):
        box = around(pieces)
        run = shared.get(number) or _free(groups, column, (box.y0 + box.y1) / 2, taken, table.gutters)
        run = run or [len(groups) + sum(cell.row >= first + len(groups) for cell in cells)]
        taken |= {(row, column) for row in run}
        text = "\n".join(piece.text for piece in pieces)
        where = locator(page.number, first + run[0], column, page.origin(box))
        cells.append(GridCell(first + run[0], column, text, where, len(run)))
    return cells


def _free(groups: Sequence[Group], column: int, y: float, taken: set[tuple[int, int]], gutters: Sequence[float]) -> list[int]:
    """The rows counted 1, 2, 3 … around a group label that nothing else stands before."""
    start, end = _counted(groups, _nearest(groups, y))
    free = [row for row in range(start, end + 1) if (row, column) not in taken and not _covers(groups[row], column, gutters)]
    return [row for n, row in enumerate(free) if row - n == free[0]]


def _shared(blocks: Sequence[tuple[int, list[Line]]], groups: Sequence[Group], table: Table) -> dict[int, list[int]]:
    """The rows of those group labels that share out all rows between labels of other levels evenly, by their number."""
    shared: dict[int, list[int]] = {}
    extents = [_extent(group) for group in groups]
    for column in {column for column, _ in blocks}:
        of_column = [(number, around(pieces)) for number, (at, pieces) in enumerate(blocks) if at == column]
        for run in _uncovered(groups, column, table.gutters):
            top, bottom = extents[run[0]][0], extents[run[-1]][1]
            inside = [(number, box) for number, box in of_column if top < (box.y0 + box.y1) / 2 < bottom]
            rows, boxes = [extents[row] for row in run], [box for _, box in inside]
            ways = [_parts(boxes, rows, table.em, centred) for centred in (True, False)]
            parts = ways[0] or ways[1]
            if all(way in ([], parts) for way in ways):             # else it may be either
                shared |= {number: run[start:end] for (number, _), (start, end) in zip(inside, parts, strict=False)}
    return shared


def _parts(boxes: Sequence[Box], rows: Sequence[tuple[float, float]], em: float, centred: bool) -> list[tuple[int, int]]:
    """(first, after last) row of every label, so that each stands in the middle, or at the top, of its rows; else []."""
    parts: list[tuple[int, int]] = []
    start = 0
    for number, box in enumerate(boxes):
        if start >= len(rows):
            return []
        if centred:
            off = [abs((rows[start][0] + bottom) / 2 - (box.y0 + box.y1) / 2) for _, bottom in rows[start:]]
            end = start + off.index(min(off)) + 1
            fits = min(off) < EVEN * em
        else:
            fits = abs(rows[start][0] - box.y0) < EVEN * em
            below = boxes[number + 1].y0 - EVEN * em if number + 1 < len(boxes) else float("inf")
            end = next((row for row in range(start + 1, len(rows)) if rows[row][0] >= below), len(rows))
        if not fits:
            return []
        parts.append((start, end))
        start = end
    return parts if start == len(rows) else []


def _uncovered(groups: Sequence[Group], column: int, gutters: Sequence[float]) -> Iterator[list[int]]:
    """Runs of rows whose own labels begin right of a label column."""
    rows = (row for row in range(len(groups)) if not _covers(groups[row], column, gutters))
    for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
        yield [row for _, row in run]


def _extent(group: Group) -> tuple[float, float]:
    """From where to where on the page the words and figures of a row stand."""
    label, anchor = group
    pieces = [word for line in label for word in line.words] + (anchor.values if anchor else [])
    return min(piece.y0 for piece in pieces), max(piece.y1 for piece in pieces)


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
