"""Plain text, Markdown, and what is left of a page or a Word file after somebody saved it as text.

Tables come back from six drawings: one cell per line behind a tab, cells between tabs, pipes, commas, wide gaps, and a
label followed by numbers (on its line or below it). Columns are not to be trusted in any of them: `Grid.aligned` is False.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers import flat, innertext
from parsers.charset import decode
from parsers.exceptions import Empty
from parsers.headings import heading, statutory
from parsers.models import Block, Document, Grid, GridCell, Paragraph

_NEWLINE = re.compile(r"\r\n|\r|\n|\x0c|\u2028|\u2029")
_MARKDOWN = re.compile(r"^\s{0,3}(#{1,6})\s*(\S.*?)\s*#*\s*$")
_TALLEST = 10         # lines of one cell: the letters of 三、本年度办理结果 below each other
_PIECE = 10           # characters
_PROSE = 80           # characters: no statutory label is longer
_FEWEST_VALUES = 3    # a run of loose lines with fewer numbers is not called a table
_FULL_ROW = 5         # numbers of a single row that make a table: section 四 has one row
_DENSITY = 0.2


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip() and "\t" not in self.text

    @property
    def cell(self) -> bool:
        """One cell: tabs in front of it and nowhere else."""
        return self.text.startswith("\t") and "\t" not in self.text.strip("\t")


def read(data: bytes) -> Document:
    """Paragraphs and grids of a text file; `where` is `line N`, from 1. Raises `Empty`."""
    text = decode(data)
    if not text.strip():
        raise Empty("the text file holds nothing but white space; fetch it again")
    return Document("text/plain", "text", tuple(blocks(text)))


def blocks(text: str) -> Iterator[Block]:
    """The paragraphs and grids of a text."""
    numbered = list(enumerate(_NEWLINE.split(text), 1))
    return _blocks([_Line(number, flat.barred(line)) for number, line in innertext.unfolded(numbered) or numbered])


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        for drawn in (_tabbed, _piped, _loose):
            end, blocks = drawn(lines, at)
            if blocks:
                yield from blocks
                at = end
                break
        else:
            if not lines[at].blank:
                yield _paragraph(lines[at])
            at += 1


def _paragraph(line: _Line) -> Paragraph:
    found = _MARKDOWN.match(line.text)
    text = found[2] if found else line.text.strip()
    return Paragraph(text, f"line {line.number}", len(found[1]) if found else 0)


_Drawn = tuple[int, list[Block]]


def _tabbed(lines: list[_Line], start: int) -> _Drawn:
    """Lines with tabs: rows, or one cell per line with a blank line after each row."""
    first = next((at for at in range(start, min(start + _TALLEST, len(lines))) if not _is_piece(lines[at])), start)
    if not _opens_table(lines[first]) or (first > start and "\t" not in lines[first].text.strip("\t")):
        return start, []
    end = first + 1
    while end < len(lines) and _goes_on(lines, end):
        end += 1
    run = lines[start:end]
    single = sum(line.cell for line in run)
    many = sum("\t" in line.text for line in run) - single
    if not many and not any(line.cell and (not line.text.strip() or flat.is_value(line.text)) for line in run):
        return start, []                          # indented paragraphs
    return end, _cells_below(run) if single > many else _rows_between_tabs(run)


def _is_piece(line: _Line) -> bool:
    """A line as short as a piece of a label: above rows with tabs it is the first cell of a head, or of its first row."""
    return _within(line) and len(line.text.strip()) <= _PIECE and not heading(line.text)


def _opens_table(line: _Line) -> bool:
    return "\t" in line.text and bool(line.text.strip()) and not _outside(line)


def _outside(line: _Line) -> bool:
    """A heading or a sentence that merely begins with a tab."""
    return statutory(line.text) or (line.cell and len(line.text.strip()) > _PROSE)


def _goes_on(lines: list[_Line], at: int) -> bool:
    line = lines[at]
    if line.blank:
        following = next((later for later in lines[at:at + 4] if not later.blank), None)
        return following is not None and "\t" in following.text and not _outside(following)
    return not _outside(line) if "\t" in line.text else _continues(lines[at - 1], line) or _within_cell(lines, at)


def _within_cell(lines: list[_Line], at: int) -> bool:
    """Whether a short line without a tab stands between rows with tabs: part of a cell that has several lines."""
    if "\t" not in lines[at - 1].text.strip("\t") and not _within(lines[at - 1]):
        return False
    following = next((line for line in lines[at:at + _TALLEST] if not _within(line)), lines[at])
    return "\t" in following.text.strip("\t") and not _outside(following)


def _within(line: _Line) -> bool:
    if line.blank or "\t" in line.text or not flat.is_short(line.text):
        return False
    named = heading(line.text)
    return named is None or (named.style not in ("han", "part") and not statutory(line.text))


def _continues(before: _Line, line: _Line) -> bool:
    """Whether a line without a tab is the rest of the cell above it: words after words, figures after figures."""
    if before.blank or not before.text.strip() or "\t" in before.text.strip("\t") or heading(line.text):
        return False
    return flat.is_short(line.text) and flat.is_value(before.text) == line.text.strip().replace(".", "").isdigit()


def _cells_below(run: list[_Line]) -> list[Block]:
    rows: list[list[tuple[int, str]]] = [[]]
    for line in run:
        if line.blank:
            rows.append([])
        elif "\t" in line.text or not rows[-1]:
            rows[-1] += [(line.number, part) for part in line.text.strip("\t").split("\t")]
        else:
            number, text = rows[-1][-1]
            rows[-1][-1] = (number, f"{text}\n{line.text}")
    return [_grid([row for row in rows if row])]


def _rows_between_tabs(run: list[_Line]) -> list[Block]:
    """A blank line between rows is where the table was cut: each part is a grid of its own. A tab behind every row ends it."""
    closed = all(line.text.endswith("\t") for line in run if "\t" in line.text)
    parts: list[list[list[tuple[int, str]]]] = [[]]
    for line in run:
        if line.blank:
            parts.append([])
        else:
            text = line.text.removesuffix("\t") if closed else line.text
            parts[-1].append([(line.number, cell) for cell in text.split("\t")])
    return [_grid(part) for part in parts if part]


def _piped(lines: list[_Line], start: int) -> _Drawn:
    first = start + flat.is_rule(lines[start].text)               # the upper side of a drawn box
    if not _is_piped(lines, first):
        return start, []
    end = first + 1
    while end < len(lines) and (_is_piped(lines, end) or _is_between(lines, end)):
        end += 1
    end += end < len(lines) and flat.is_rule(lines[end].text)     # its lower side
    run = [line for line in lines[start:end] if not line.blank and not flat.is_rule(line.text)]
    rows = [[(line.number, cell) for cell in cells]
            for line, cells in zip(run, flat.pipes([line.text for line in run]), strict=True)]
    return (end, [_grid(rows)]) if rows else (start, [])


def _is_between(lines: list[_Line], at: int) -> bool:
    """A blank line or a drawn rule before another row."""
    return (lines[at].blank or flat.is_rule(lines[at].text)) and _is_piped(lines, at + 1)


def _is_piped(lines: list[_Line], at: int) -> bool:
    """Two pipes make a row; one does only beside another row."""
    if at >= len(lines) or "|" not in lines[at].text or lines[at].text.count("。") > 0:
        return False
    beside = [line.text for line in lines[max(at - 1, 0):at + 2] if line is not lines[at]]
    return lines[at].text.count("|") > 1 or any("|" in text for text in beside)


def _loose(lines: list[_Line], start: int) -> _Drawn:
    """Short lines among which enough are numbers, or end in numbers: a table without any mark of its own."""
    end = start
    while end < len(lines) and (lines[end].blank or _is_loose(lines[end]) or _is_head(lines, end)):
        end += 1
    run = [line for line in lines[start:end] if not line.blank]
    rows = flat.rows([line.text for line in run])
    valued = [at for at, row in enumerate(rows) if any(map(flat.is_value, row)) or not all(cell.strip() for cell in row[1:])]
    full = any(sum(map(flat.is_value, rows[at])) >= _FULL_ROW for at in valued)
    if (len(valued) < _FEWEST_VALUES and not full) or len(valued) < _DENSITY * len(run):
        return start, []
    first, last = _head(rows, valued[0]), valued[-1]
    table = [[(line.number, cell) for cell in row] for line, row in zip(run, rows, strict=True)][first:last + 1]
    return run[last].number, [*map(_paragraph, run[:first]), _grid(table)]


def _is_loose(line: _Line) -> bool:
    return ("\t" not in line.text and "|" not in line.text and flat.is_short(line.text)
            and not statutory(line.text) and not _MARKDOWN.match(line.text))


def _is_head(lines: list[_Line], at: int) -> bool:
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


def _grid(rows: list[list[tuple[int, str]]]) -> Grid:
    cells = tuple(GridCell(row, rank, text, f"line {number}")
                  for row, line in enumerate(rows) for rank, (number, text) in enumerate(line))
    return Grid(cells, cells[0].where, aligned=False)
