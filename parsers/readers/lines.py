"""Numbered lines of a text, and the blocks that are made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.models import Block, Grid, GridCell, Paragraph

MARKDOWN = re.compile(r"^\s{0,3}(#{1,6})\s*(\S.*?)\s*#*\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text and its number, from 1."""

    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip() and "\t" not in self.text

    @property
    def cell(self) -> bool:
        """One cell: tabs in front of it and nowhere else."""
        return self.text.startswith("\t") and "\t" not in self.text.strip("\t")


#: behind which line a drawing ends, and what it holds; no block where there is none
Drawn = tuple[int, list[Block]]


def paragraph(line: Line) -> Paragraph:
    """A line as a paragraph: of level 1 to 6 where Markdown makes it a heading, else 0."""
    found = MARKDOWN.match(line.text)
    text = found[2] if found else line.text.strip()
    return Paragraph(text, f"line {line.number}", len(found[1]) if found else 0)


def grid(rows: list[list[tuple[int, str]]]) -> Grid:
    """A grid of rows of cells, each with the number of its line; `where` is that of the first cell."""
    cells = tuple(GridCell(row, rank, text, f"line {number}")
                  for row, line in enumerate(rows) for rank, (number, text) in enumerate(line))
    return Grid(cells, cells[0].where, aligned=False)
