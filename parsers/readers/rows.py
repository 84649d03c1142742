"""Tables as RTF and DOC write them: cells in a row, rows that say their edges when they end, tables in cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from parsers import grids
from parsers.grids import Box, Part
from parsers.readers.pictures import marked

_TOLERANCE = 40                # twips, 0.7 mm: cell edges closer than this are one edge
_STEP = 1_000                  # twips: the width of a cell that the row does not define


class CellShape(NamedTuple):
    """One cell definition of a row: its right edge in twips and its merges ("restart", "continue", "")."""

    edge: int
    across: str = ""
    down: str = ""


class RowShape(NamedTuple):
    """A row definition: where its first cell begins, and its cells."""

    left: int = 0
    cells: tuple[CellShape, ...] = ()


@dataclass(slots=True)
class _Level:
    """A table being read at one depth: finished rows, cells of the open row, parts of the open cell."""

    rows: list[tuple[RowShape, list[list[Part]]]] = field(default_factory=list)
    cells: list[list[Part]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


class Tables:
    """A text in the making with the tables in it; depth 0 is outside of all."""

    def __init__(self) -> None:
        self._levels = [_Level()]

    def add(self, depth: int, parts: list[Part]) -> None:
        """Words at `depth`; deeper tables end before them."""
        self._close(depth)
        self._level(depth).parts += parts

    def end_cell(self, depth: int) -> None:
        self._close(depth)
        level = self._level(depth)
        level.cells.append(level.parts)
        level.parts = []

    def end_row(self, depth: int, shape: RowShape) -> None:
        self._close(depth)
        level = self._level(depth)
        if level.parts:                        # words after the last cell mark
            self.end_cell(depth)
        if level.cells:
            level.rows.append((shape, level.cells))
        level.cells = []

    def parts(self) -> list[Part]:
        """All parts, with every open table ended."""
        self._close(0)
        return self._levels[0].parts

    def _level(self, depth: int) -> _Level:
        while len(self._levels) <= depth:
            self._levels.append(_Level())
        return self._levels[depth]

    def _close(self, depth: int) -> None:
        """End the tables deeper than `depth`, each into the cell around it."""
        while len(self._levels) > depth + 1:
            level = self._levels.pop()
            self._levels[-1].parts += grids.settle(marked(_boxes(level.rows)))
            for cell in [*level.cells, level.parts]:             # a row that never ended keeps its words
                self._levels[-1].parts += cell


def _boxes(rows: list[tuple[RowShape, list[list[Part]]]]) -> list[Box]:
    """Cells at the columns that their edges make, merges joined."""
    edges = _edges(rows)
    boxes: list[Box] = []
    open_above: dict[int, int] = {}            # column → index of the box that may grow downwards
    for row, (shape, cells) in enumerate(rows):
        left, grown = shape.left, dict[int, int]()
        for content, cell in zip(cells, _shapes(shape, len(cells)), strict=True):
            column, right = edges.get(left, 0), edges.get(cell.edge, 0)
            span, left = max(1, right - column), max(cell.edge, left)
            if cell.across == "continue" and boxes and boxes[-1].row == row:
                boxes[-1] = boxes[-1]._replace(colspan=boxes[-1].colspan + span)
                continue
            if cell.down == "continue" and column in open_above:
                above = boxes[open_above[column]]
                boxes[open_above[column]] = above._replace(rowspan=row - above.row + 1)
                grown[column] = open_above[column]
                continue
            boxes.append(Box(row, column, 1, span, content))
            if cell.down == "restart":
                grown[column] = len(boxes) - 1
        open_above = grown
    return boxes


def _shapes(shape: RowShape, count: int) -> list[CellShape]:
    """As many cell definitions as the row has cells; a row that defines fewer goes on in equal steps."""
    shapes = list(shape.cells[:count])
    while len(shapes) < min(count, grids.MAX_COLUMNS):
        shapes.append(CellShape((shapes[-1].edge if shapes else shape.left) + _STEP))
    return shapes + [shapes[-1]] * (count - len(shapes))


def _edges(rows: list[tuple[RowShape, list[list[Part]]]]) -> dict[int, int]:
    """Twips → column, edges nearer than the tolerance taken as one."""
    found = {shape.left for shape, _ in rows}
    for shape, cells in rows:
        found.update(cell.edge for cell in _shapes(shape, len(cells)))
    columns: dict[int, int] = {}
    first, column = None, -1
    for edge in sorted(found):
        if first is None or edge - first > _TOLERANCE:
            first, column = edge, min(column + 1, grids.MAX_COLUMNS - 1)
        columns[edge] = column
    return columns
