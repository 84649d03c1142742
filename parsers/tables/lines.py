"""Grids and flattened text as lines of slots: what the tables are read from, whatever drew them.

    blocks ──> upright: grids as the form draws them ──> lines ──> mending: rows cut by a page are whole again
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from parsers import flat, labels
from parsers.headings import heading
from parsers.models import Block, Grid, GridCell, Paragraph
from parsers.tables.mending import mended
from parsers.tables.slots import Line, Print, Slot, moved, print_of, slot
from parsers.tables.upright import MOST_CELLS, drawn, over_pages
from parsers.text import squeeze

_MOST_LINES = 2_000
_LONGEST_CAPTION = 24  # characters
_UNIT = re.compile(r"^\(?(?:计量)?单位[:：]\S{1,4}?\)?$")


def lines(blocks: Sequence[Block]) -> list[Line]:
    """Every row of every grid, in reading order."""
    found: list[Line] = []
    blocks = over_pages(blocks)
    for number, block in enumerate(blocks):
        if isinstance(block, Grid) and len(block.cells) <= MOST_CELLS:
            found += _caption(_above_it(blocks, number), block, number)
            prints = {text: print_of(text) for text in {cell.text for cell in block.cells}}
            rows = [tuple([_slot(cell, prints[cell.text]) for cell in row]) for row in drawn(block, prints) if row]
            width = max([slot.right for row in rows for slot in row], default=0)
            spare = _spare(rows) if block.aligned else frozenset[int]()
            made = [Line(row, number, block.aligned, False, width, block.cut, spare) for row in rows]
            found += made if block.aligned else _gathered(made)
    return mended(found)


def _spare(rows: Sequence[Sequence[Slot]]) -> frozenset[int]:
    """The columns in which no row prints anything."""
    begun = {slot.left for row in rows for slot in row}
    return frozenset(begun.difference([slot.left for row in rows for slot in row if slot.filled]))


def _slot(cell: GridCell, printed: Print) -> Slot:
    return Slot(printed.text, cell.column, cell.column + cell.colspan, cell.where, printed.filled, printed.label)


def _above_it(blocks: Sequence[Block], number: int) -> Block | None:
    """The block above a grid, a line that says only the unit left out."""
    above = blocks[max(number - 2, 0):number][::-1]
    unit = len(above) > 1 and isinstance(above[0], Paragraph) and _UNIT.match(squeeze(above[0].text))
    return above[1] if unit else above[0] if above else None


def _caption(above: Block | None, grid: Grid, number: int) -> list[Line]:
    """The paragraph above a grid as its first row, where it names what the columns belong to: （一）行政复议情况."""
    if not isinstance(above, Paragraph) or len(above.text) > _LONGEST_CAPTION or heading(above.text):
        return []
    name = labels.bare(above.text).removesuffix("情况")
    if labels.remedy(name)[0] is None:
        return []
    return [Line((slot(name, 0, grid.width, above.where),), number, grid.aligned, width=grid.width)]


def paragraph_lines(blocks: Sequence[Block]) -> list[Line]:
    """The short paragraphs as rows, for documents whose tables came out as text; none when it is all too long for that."""
    found: list[Line] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            rows = flat.rows([text for text in block.text.splitlines() if text.strip() and flat.is_short(text)])
            found += [Line(tuple([slot(text, rank, rank + 1, block.where) for rank, text in enumerate(row)]), 0, False)
                      for row in rows]
        if len(found) > _MOST_LINES:
            return []
    return mended(_gathered(found))


def _gathered(rows: Iterable[Line]) -> list[Line]:
    """Values that stand alone, one below the other, are the values of one row."""
    found: list[Line] = []
    for row in rows:
        if found and row.bare and len(row.slots) == 1 and found[-1].bare and found[-1].grid == row.grid:
            slots = found[-1].slots
            found[-1] = replace(found[-1], slots=(*slots, moved(row.slots[0], len(slots))))
        else:
            found.append(row)
    return found


def printed_rows(blocks: Sequence[Block]) -> int:
    """How many lines of the paragraphs may have a value or more cells than one, at most: cheaply, before any is made."""
    texts = (text for block in blocks if isinstance(block, Paragraph) for text in block.text.splitlines())
    return sum("|" in text or "," in text or len(text.split()) > 1 or flat.is_value(text) for text in texts
               if flat.is_short(text))


def blanks_kept(found: Sequence[Line]) -> bool:
    """Whether a flattened text kept its blank cells in place: somewhere a blank stands before a filled cell."""
    return any(not slot.filled and any(later.filled for later in line.slots[at:])
               for line in found if not line.aligned for at, slot in enumerate(line.slots))
