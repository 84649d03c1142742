"""Tables without rules, told by the places of their words.

    lines ──pieces──> value lines (figures apart from one another) ──> tables: header lines, then rows
    columns: where figures and header words stand · rows: one per value line, its label lines gathered around it

A row whose values are all blank still has a cell per column; a blank stays blank in its place.

`rows` printed lines in their pieces · `regions` which lines are tables · `recut` pieces that touch cut at the columns ·
`table` one table, its columns and gutters ·
`sharing` label lines shared out among the figures · `head` and `sides` header cells and group labels · `grid` all cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.layout.aligned.grid import grid
from parsers.layout.aligned.regions import is_text, regions
from parsers.layout.aligned.rows import is_anchor, row_of, take_serials
from parsers.layout.aligned.table import tables
from parsers.layout.ink import Page
from parsers.layout.lines import Line
from parsers.models import Grid


def find(lines: Sequence[Line], page: Page, left: float, right: float) -> Iterator[tuple[float, Line | Grid]]:
    """Every line with its y, those of a table replaced by its grid. `left` and `right` bound the text of the page."""
    if not any(line.gap > line.height for line in lines):
        yield from ((line.y0, line) for line in lines)
        return
    rows = [row_of(line) for line in lines]
    take_serials(rows)
    taken = 0
    for start, end in regions(rows, left, right):
        yield from ((row.line.y0, row.line) for row in rows[taken:start])
        for table in tables(rows[start:end]):
            yield (table.head or table.body)[0].line.y0, grid(table, page)
        taken = end
    yield from ((row.line.y0, row.line) for row in rows[taken:])


def head_left_behind(lines: Sequence[Line], following: Sequence[Line], left: float, right: float) -> int:
    """How many of the last lines of a page are the head of a table whose figures begin on the following page."""
    if lines[-1].gap < lines[-1].height:
        return 0
    rows, below = [row_of(line) for line in lines], [row_of(line) for line in following[:8]]
    first = next((start for start, _ in regions(below, left, right)), -1)
    anchor = next((row for row in below if is_anchor(row)), None)
    if first != 0 or anchor is None:
        return 0
    count = 0
    while count < len(rows) and len(rows[-1 - count].pieces) > 1 and not rows[-1 - count].values \
            and not is_text(rows[-1 - count], anchor, left, right):
        count += 1
    return count


def tabular(lines: Sequence[Line]) -> bool:
    """Do these lines, taken for the single column of a ruled table, stand in columns of their own?"""
    if len(lines) < 2:
        return False
    return sum(is_anchor(row_of(line)) for line in lines if line.gap > line.height) >= 2
