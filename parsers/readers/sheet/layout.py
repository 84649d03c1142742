"""A sheet as its reader sees it: what is hidden left out, merged cells as spans, blank places as blank cells."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from parsers.exceptions import TooLarge
from parsers.grids import spoken_rows
from parsers.models import Block, Grid, GridCell, Paragraph

MOST_CELLS = 200_000           # the largest honest annex has a few thousand
Place = tuple[int, int]        # row and column, from 0
Ranks = dict[int, int]         # visible row or column → its number among the visible ones


@dataclass(slots=True)
class Sheet:
    """What a file says of one sheet. `texts` as they print; `merged`: (rows, columns) that a cell spans.

    `unknown` counts the formulas whose results the file does not hold.
    """

    name: str
    texts: dict[Place, str] = field(default_factory=dict)
    merged: dict[Place, Place] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unknown: int = 0

    @property
    def unseen(self) -> int:
        """How many rows and columns are hidden that say something."""
        said = [place for place, text in self.texts.items() if text.strip()]
        return len({row for row, _ in said} & self.hidden_rows) + len({column for _, column in said} & self.hidden_columns)

    def grid(self) -> Grid:
        """The visible cells; a grid without any where none says anything."""
        filled = [place for place, text in self.texts.items() if text.strip()]
        if not filled:
            return Grid(())
        rows = _ranks([row for row, _ in filled], self.hidden_rows)
        columns = _ranks([column for _, column in filled], self.hidden_columns)
        bounded(self.name, len(rows) * len(columns))
        bounded(self.name, sum(height * width for height, width in self.merged.values()))
        heads, covered = self._merges(rows, columns)
        cells = [_cell(self, (row, column), rank, columns[column], heads.get((row, column)))
                 for row, rank in rows.items() for column in columns if (row, column) not in covered]
        return Grid(tuple(_narrowed(cells)), self.name) if any(cell.text for cell in cells) else Grid(())

    def _merges(self, rows: Ranks, columns: Ranks) -> tuple[dict[Place, tuple[str, Place]], set[Place]]:
        """The first visible places of merged cells with their texts and visible spans, and the places they cover."""
        heads: dict[Place, tuple[str, Place]] = {}
        covered: set[Place] = set()
        for (top, left), (height, width) in self.merged.items():
            seen = [(row, column) for row in range(top, top + height) if row in rows
                    for column in range(left, left + width) if column in columns]
            if seen:
                (first, begin), (last, end) = seen[0], seen[-1]
                heads[seen[0]] = (self.texts.get((top, left), ""),
                                  (rows[last] - rows[first] + 1, columns[end] - columns[begin] + 1))
                covered.update(seen[1:])
        return heads, covered


def _ranks(filled: Sequence[int], hidden: Container[int]) -> Ranks:
    first, last = min(filled), max(filled)
    bounded("", last - first)
    return {place: rank for rank, place in enumerate(place for place in range(first, last + 1) if place not in hidden)}


def _cell(sheet: Sheet, place: Place, row: int, column: int, merged: tuple[str, Place] | None) -> GridCell:
    text, (down, across) = merged or (sheet.texts.get(place, ""), (1, 1))
    return GridCell(row, column, text, f"{sheet.name} row {place[0] + 1} column {place[1] + 1}", down, across)


def bounded(name: str, places: int) -> None:
    """Raises `TooLarge` where a sheet is larger than any honest one."""
    if places > MOST_CELLS:
        raise TooLarge(f"sheet {name} has {places:,} places, more than {MOST_CELLS:,}; open it and look what it holds")


def _narrowed(cells: Sequence[GridCell]) -> Iterator[GridCell]:
    """Without the columns in which nothing begins: pages pasted into a sheet are cut into dozens of them."""
    kept = sorted({cell.column for cell in cells if cell.text.strip()})
    columns = {column: number for number, column in enumerate(kept)}
    for cell in cells:
        if cell.column in columns:
            across = bisect_left(kept, cell.column + cell.colspan) - columns[cell.column]
            yield replace(cell, column=columns[cell.column], colspan=max(1, across))


def parted(grid: Grid) -> Iterator[Block]:
    """A sheet as it is, or, where a whole report stands on it, its text as paragraphs and the tables between."""
    spoken = spoken_rows([(cell.row, cell.rowspan, cell.text) for cell in grid.cells])
    for words, run in groupby(grid.cells, lambda cell: cell.row in spoken):
        part = list(run)
        if words:
            yield from (Paragraph(cell.text.strip(), cell.where) for cell in part if cell.text.strip())
        elif any(cell.text.strip() for cell in part):
            yield Grid(tuple(_narrowed([replace(cell, row=cell.row - part[0].row) for cell in part])), grid.where)
