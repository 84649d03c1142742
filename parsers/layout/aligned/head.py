"""The header of a table: its words over the columns they stand above, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

from parsers.layout.aligned.regions import CLOSE
from parsers.layout.aligned.rows import WRAP, around, overlap
from parsers.layout.aligned.table import Table, column_of
from parsers.layout.cells import locator
from parsers.layout.ink import Box, Page
from parsers.layout.lines import Line
from parsers.models import GridCell


def head_cells(table: Table, width: int, page: Page) -> list[GridCell]:
    """Header words at the columns they stand above, level by level; the lines of one header cell are joined."""
    cells: dict[tuple[int, int], GridCell] = {}
    levels = _levels(table)
    bottoms = [max([around(stack).y1 for stack in stacks]) for stacks in levels[:-1]]
    for level, stacks in enumerate(levels):
        for pieces in stacks:
            low, high = _span(pieces, table, width)
            text = "\n".join(piece.text for piece in pieces)
            box = around(pieces)
            row = min(level, sum(bottom <= (box.y0 + box.y1) / 2 for bottom in bottoms))       # beside captions as high
            if (row, low) in cells:                     # two header cells above one column
                text = f"{cells[row, low].text}\n{text}"
            where = locator(page.number, row, low, page.origin(box))
            cells[row, low] = GridCell(row, low, text, where, level - row + 1, high - low + 1)
    return list(cells.values())


def _levels(table: Table) -> list[list[list[Line]]]:
    """The header cells by level: those with others below them from top to bottom, then the lowest, set at any height."""
    stacks = _stacks(table)
    boxes = [around(stack) for stack in stacks]
    captions = [_has_below(box, boxes) for box in boxes]
    levels: list[list[list[Line]]] = []
    for stack in sorted(compress(stacks, captions), key=lambda stack: stack[0].middle):
        if not levels or stack[0].middle - levels[-1][0][0].middle > CLOSE * table.em:
            levels.append([])
        levels[-1].append(stack)
    lowest = [stack for stack, caption in zip(stacks, captions, strict=True) if not caption]
    return [*levels, lowest] if lowest else levels


def _has_below(box: Box, boxes: Sequence[Box]) -> bool:
    """Does another header cell stand below this one, or is it a caption over header lines?"""
    middle = box.y0 + 0.5 * (box.y1 - box.y0)
    lower = [other for other in boxes if other.y0 > middle]
    if not lower:
        return False
    alone = all(other is box or other.y1 < box.y0 or other.y0 > box.y1 for other in boxes)
    return alone or any(other.x0 < box.x1 and other.x1 > box.x0 for other in lower)


def _stacks(table: Table) -> list[list[Line]]:
    """The header pieces, those joined that stand right below each other in one column."""
    stacks: list[list[Line]] = []
    for row in table.head:
        for piece in row.pieces:
            near = piece.middle - WRAP * table.em
            above = next((s for s in stacks if near <= s[-1].middle < piece.middle and _same_cell(s[-1], piece, table)), None)
            if above is None:
                stacks.append([piece])
            else:
                above.append(piece)
    return stacks


def _same_cell(upper: Line, lower: Line, table: Table) -> bool:
    return overlap(upper, (lower.x0, lower.x1)) and all(
        sum(overlap(piece, column) for column in table.columns) < 2 for piece in (upper, lower))


def _span(pieces: Sequence[Line], table: Table, width: int) -> tuple[int, int]:
    """First and last grid column that header words stand above."""
    box, gutters = around(pieces), table.gutters
    if box.x0 < table.labels_end:
        inside = [i for i in range(width) if i == 0 or box.x1 > gutters[i - 1]]
        return min(i for i in inside if i == width - 1 or box.x0 < gutters[i]), inside[-1]
    over = [i for i, column in enumerate(table.columns) if box.x0 < column[1] and box.x1 > column[0]]
    over = over or [column_of(pieces[0], table.columns)]
    return width + over[0], width + over[-1]
