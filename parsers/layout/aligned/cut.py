"""Which columns of a table stand at the edge of the window that its page was printed through: their figures may go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.layout.aligned.rows import around
from parsers.layout.aligned.table import Table, column_of, right_of_label
from parsers.layout.cells import numeral
from parsers.layout.edges import CUT, NEXT
from parsers.layout.ink import Box, Page
from parsers.layout.lines import Line

FLUSH = 0.3           # points: figures of a column that is set to the right end this near to each other


@dataclass(frozen=True)
class Cut:
    """The window of a table (None: it was printed whole) and the columns, by index, that stand at a side of it.

    `open` says that something of the table, be it a header word, stands so near to its side that more may have followed.
    """

    window: Box | None
    left: frozenset[int] = frozenset()
    right: frozenset[int] = frozenset()
    open: bool = False

    def marked(self, text: str, index: int, pieces: Sequence[Line]) -> str:
        """The text of a cell, with the sign of what was cut off where it was or may have been."""
        if self.window is None or (index not in self.left and index not in self.right) or CUT in text:
            return text
        if not pieces:
            return CUT
        first, last = min(pieces, key=lambda piece: piece.x0).glyphs[0], max(pieces, key=lambda piece: piece.x1).glyphs[-1]
        before = index in self.left and first.x0 < self.window.x0 + NEXT * (first.x1 - first.x0)
        after = index in self.right and last.x1 > self.window.x1 - NEXT * (last.x1 - last.x0)
        return f"{CUT if before else ''}{text}{CUT if after else ''}" if numeral(text) else text


def cut_off(table: Table, page: Page) -> Cut:
    """Columns that reach the side of the window, save the last one of figures set to the right in a page of that width."""
    window = page.window(around([row.line for row in (*table.head, *table.body)]))
    if window is None:
        return Cut(None)
    near = NEXT * table.em / 2
    pieces = [piece for row in (*table.head, *table.body) for piece in row.pieces]
    ends = any(_at_side(piece, window) for piece in pieces)
    left = frozenset(index for index, (x0, _) in enumerate(table.columns) if x0 < window.x0 + near)
    right = frozenset(index for index, (_, x1) in enumerate(table.columns)
                      if x1 > window.x1 - near and not _flush(table, index, window))
    return Cut(window, left, right, ends or bool(right))


def _at_side(piece: Line, window: Box) -> bool:
    first, last = piece.glyphs[0], piece.glyphs[-1]
    return last.x1 > window.x1 - NEXT * (last.x1 - last.x0) or first.x0 < window.x0 + NEXT * (first.x1 - first.x0)


def _flush(table: Table, index: int, window: Box) -> bool:
    """Do numbers of different length all end at one place inside the window? They would not, were they cut off."""
    figures = [piece for row in table.anchors for piece in right_of_label(row, table)]
    pieces = [piece for piece in figures if column_of(piece, table.columns) == index]
    ends = [piece.x1 for piece in pieces] or [window.x1 + FLUSH]
    level = max(ends) - min(ends) < FLUSH and max(ends) < window.x1 + FLUSH
    return level and len({len(piece.glyphs) for piece in pieces}) > 1
