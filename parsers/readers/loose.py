"""Tables without any mark of their own: short lines among which enough are numbers, or end in numbers.

Lines that may be rows of one table are a run. Where a table begins in it depends on all that stands below.
"""

from __future__ import annotations

from bisect import bisect_left

from parsers import flat
from parsers.headings import heading, statutory
from parsers.readers.lines import MARKDOWN, Drawn, Line, grid, paragraph

_FEWEST_VALUES = 3    # a run of loose lines with fewer numbers is not called a table
_FULL_ROW = 5         # numbers of a single row that make a table: section 四 has one row
_DENSITY = 0.2


class Loose:
    """Looks for loose tables: called line by line, it looks through each run once, wherever in it a table may begin."""

    def __init__(self) -> None:
        self._run = _Run([], range(0))

    def __call__(self, lines: list[Line], start: int) -> Drawn:
        if start not in self._run.span:
            self._run = _Run(lines, range(start, _end_of_run(lines, start)))
        return self._run.drawn(start)


class _Run:
    """Lines between two that can be no row of a loose table, blank ones left out."""

    def __init__(self, lines: list[Line], span: range) -> None:
        self.span = span
        self._places = [at for at in span if not lines[at].blank]
        self._lines = [lines[at] for at in self._places]
        texts = [line.text for line in self._lines]
        listed = [at for at, text in enumerate(texts) if flat.commas(text) is not None]
        #: below the last but one row with commas there are too few of them to tell a head by its commas
        self._few = listed[-2] + 1 if len(listed) > 1 else 0
        self._rows = _Rows(flat.rows(texts)) if self._few else _Rows([])
        self._rows_of_few = _Rows(flat.rows(texts[self._few:]))

    def drawn(self, start: int) -> Drawn:
        """The table of the lines from `start` on, and behind which line it ends."""
        first = bisect_left(self._places, start)
        rows, skipped = (self._rows, first) if first < self._few else (self._rows_of_few, first - self._few)
        if not rows.make_table(skipped):
            return start, []
        run, cells = self._lines[first:], rows.cells[skipped:]
        top, last = _head(cells, rows.first_valued(skipped) - skipped), rows.valued[-1] - skipped
        table = [[(line.number, cell) for cell in row] for line, row in zip(run, cells, strict=True)][top:last + 1]
        return self._places[first + last] + 1, [*map(paragraph, run[:top]), grid(table)]


class _Rows:
    """The rows of a run, and which of them hold a value or a blank."""

    def __init__(self, cells: list[list[str]]) -> None:
        self.cells = cells
        self.valued = [at for at, row in enumerate(cells)
                       if any(map(flat.is_value, row)) or not all(cell.strip() for cell in row[1:])]
        self._last_full = max((at for at in self.valued if sum(map(flat.is_value, cells[at])) >= _FULL_ROW), default=-1)

    def make_table(self, start: int) -> bool:
        """Whether enough of the rows from `start` on hold values."""
        valued = len(self.valued) - bisect_left(self.valued, start)
        enough = valued >= _FEWEST_VALUES or self._last_full >= start
        return enough and valued >= _DENSITY * (len(self.cells) - start)

    def first_valued(self, start: int) -> int:
        return self.valued[bisect_left(self.valued, start)]


def _end_of_run(lines: list[Line], start: int) -> int:
    end = start
    while end < len(lines) and (lines[end].blank or _is_loose(lines[end]) or _is_head(lines, end)):
        end += 1
    return end


def _is_loose(line: Line) -> bool:
    return ("\t" not in line.text and "|" not in line.text and flat.is_short(line.text)
            and not statutory(line.text) and not MARKDOWN.match(line.text))


def _is_head(lines: list[Line], at: int) -> bool:
    """A long line above comma-separated values that has as many cells as they: its labels may be sentences."""
    below = flat.commas(lines[at + 1].text) if at + 1 < len(lines) and not lines[at].blank else None
    return below is not None and len(flat.separated(lines[at].text)) == len(below)


def _head(rows: list[list[str]], first: int) -> int:
    """Where the table begins: the title and other headings above its first row stay paragraphs."""
    while first > 0 and not rows[first - 1][0].endswith(("报告", ":", "：")):
        if heading(rows[first - 1][0]) and (first == 1 or len(rows[first - 2]) == 1):
            break
        first -= 1
    return first
