"""Plain text, Markdown, and what is left of a page or a Word file after somebody saved it as text.

Tables come back from six drawings: one cell per line behind a tab, cells between tabs, pipes, commas, wide gaps, and a
label followed by numbers (on its line or below it). Columns are not to be trusted in any of them: `Grid.aligned` is False.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers import flat, innertext
from parsers.charset import decode
from parsers.exceptions import Empty
from parsers.headings import heading, statutory
from parsers.models import Block, Document
from parsers.readers.lines import Drawn, Line, grid, paragraph
from parsers.readers.loose import Loose

_NEWLINE = re.compile(r"\r\n|\r|\n|\x0c|\u2028|\u2029")
_TALLEST = 10         # lines of one cell: the letters of 三、本年度办理结果 below each other
_PIECE = 10           # characters
_PROSE = 80           # characters: no statutory label is longer


def read(data: bytes) -> Document:
    """Paragraphs and grids of a text file; `where` is `line N`, from 1. Raises `Empty`."""
    text = decode(data)
    if not text.strip():
        raise Empty("the text file holds nothing but white space; fetch it again")
    return Document("text/plain", "text", tuple(blocks(text)))


def blocks(text: str) -> Iterator[Block]:
    """The paragraphs and grids of a text."""
    numbered = list(enumerate(_NEWLINE.split(text), 1))
    return _blocks([Line(number, flat.barred(line)) for number, line in innertext.unfolded(numbered) or numbered])


def _blocks(lines: list[Line]) -> Iterator[Block]:
    at, tabbed, loose = 0, _Tabbed(), Loose()
    while at < len(lines):
        for drawn in (tabbed, _piped, loose):
            end, blocks = drawn(lines, at)
            if blocks:
                yield from blocks
                at = end
                break
        else:
            if not lines[at].blank:
                yield paragraph(lines[at])
            at += 1


class _Tabbed:
    """Lines with tabs: rows, or one cell per line with a blank line after each row. Indented paragraphs are looked at once."""

    def __init__(self) -> None:
        self._indented = 0                        # above this line all is known to be paragraphs

    def __call__(self, lines: list[Line], start: int) -> Drawn:
        if start < self._indented:
            return start, []
        end, blocks = _tabbed(lines, start)
        self._indented = end
        return (end, blocks) if blocks else (start, [])


def _tabbed(lines: list[Line], start: int) -> Drawn:
    """The table that begins at a line and behind which line it ends, or behind which there is none."""
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
        return end, []                            # indented paragraphs
    return end, _cells_below(run) if single > many else _rows_between_tabs(run)


def _is_piece(line: Line) -> bool:
    """A line as short as a piece of a label: above rows with tabs it is the first cell of a head, or of its first row."""
    return _within(line) and len(line.text.strip()) <= _PIECE and not heading(line.text)


def _opens_table(line: Line) -> bool:
    return "\t" in line.text and bool(line.text.strip()) and not _outside(line)


def _outside(line: Line) -> bool:
    """A heading or a sentence that merely begins with a tab."""
    return statutory(line.text) or (line.cell and len(line.text.strip()) > _PROSE)


def _goes_on(lines: list[Line], at: int) -> bool:
    line = lines[at]
    if line.blank:
        following = next((later for later in lines[at:at + 4] if not later.blank), None)
        return following is not None and "\t" in following.text and not _outside(following)
    return not _outside(line) if "\t" in line.text else _continues(lines[at - 1], line) or _within_cell(lines, at)


def _within_cell(lines: list[Line], at: int) -> bool:
    """Whether a short line without a tab stands between rows with tabs: part of a cell that has several lines."""
    if "\t" not in lines[at - 1].text.strip("\t") and not _within(lines[at - 1]):
        return False
    following = next((line for line in lines[at:at + _TALLEST] if not _within(line)), lines[at])
    return "\t" in following.text.strip("\t") and not _outside(following)


def _within(line: Line) -> bool:
    if line.blank or "\t" in line.text or not flat.is_short(line.text):
        return False
    named = heading(line.text)
    return named is None or (named.style not in ("han", "part") and not statutory(line.text))


def _continues(before: Line, line: Line) -> bool:
    """Whether a line without a tab is the rest of the cell above it: words after words, figures after figures."""
    if before.blank or not before.text.strip() or "\t" in before.text.strip("\t") or heading(line.text):
        return False
    return flat.is_short(line.text) and flat.is_value(before.text) == line.text.strip().replace(".", "").isdigit()


def _cells_below(run: list[Line]) -> list[Block]:
    rows: list[list[tuple[int, str]]] = [[]]
    for line in run:
        if line.blank:
            rows.append([])
        elif "\t" in line.text or not rows[-1]:
            rows[-1] += [(line.number, part) for part in line.text.strip("\t").split("\t")]
        else:
            number, text = rows[-1][-1]
            rows[-1][-1] = (number, f"{text}\n{line.text}")
    return [grid([row for row in rows if row])]


def _rows_between_tabs(run: list[Line]) -> list[Block]:
    """A blank line between rows is where the table was cut: each part is a grid of its own. A tab behind every row ends it."""
    closed = all(line.text.endswith("\t") for line in run if "\t" in line.text)
    parts: list[list[list[tuple[int, str]]]] = [[]]
    for line in run:
        if line.blank:
            parts.append([])
        else:
            text = line.text.removesuffix("\t") if closed else line.text
            parts[-1].append([(line.number, cell) for cell in text.split("\t")])
    return [grid(part) for part in parts if part]


def _piped(lines: list[Line], start: int) -> Drawn:
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
    return (end, [grid(rows)]) if rows else (start, [])


def _is_between(lines: list[Line], at: int) -> bool:
    """A blank line or a drawn rule before another row."""
    return (lines[at].blank or flat.is_rule(lines[at].text)) and _is_piped(lines, at + 1)


def _is_piped(lines: list[Line], at: int) -> bool:
    """Two pipes make a row; one does only beside another row."""
    if at >= len(lines) or "|" not in lines[at].text or lines[at].text.count("。") > 0:
        return False
    beside = [line.text for line in lines[max(at - 1, 0):at + 2] if line is not lines[at]]
    return lines[at].text.count("|") > 1 or any("|" in text for text in beside)
