"""Text that a browser gives of a page whose cells hold paragraphs: cells end at a tab on a line of its own.

The HTML standard puts a tab between cells and a line break between rows, and one or two more breaks around every block in
a cell (HTML, 3.2.7 innerText). `unfolded(lines)` makes of it rows of one line each, cells between tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers import flat
from parsers.headings import statutory

_FEWEST = 3        # values behind a lone tab before a text is taken for such a copy
_FAR = 24          # lines between two cells of one table
_PROSE = 80        # characters: no statutory label is longer
_WHITE = "\n\r "    # a no-break space or an ideographic one is what fills an empty cell
_BREAKS = re.compile(r"\n+")

Numbered = tuple[int, str]         # (number of the line, its text)


def unfolded(lines: Sequence[Numbered]) -> list[Numbered] | None:
    """The same text with every table row on one line; None where the text is no such copy."""
    lone = [at for at, (_, text) in enumerate(lines) if text.strip(" \xa0\u3000\r") == "\t"]
    behind = sum(_next_word(lines, at) for at in lone)
    if behind < _FEWEST:
        return None
    blocks = 2 if 2 * sum(at + 1 < len(lines) and not lines[at + 1][1].strip() and "\t" not in lines[at + 1][1]
                          for at in lone) >= len(lone) else 1
    return list(_rewritten(lines, blocks))


def _next_word(lines: Sequence[Numbered], at: int) -> bool:
    """Whether a value without a tab of its own follows."""
    following = next((text for _, text in lines[at + 1:at + 4] if text.strip(" \xa0\u3000\r")), "")
    return bool(following) and "\t" not in following and flat.is_value(following)


def _rewritten(lines: Sequence[Numbered], blocks: int) -> Iterator[Numbered]:
    """Runs of lines around tabs become rows; everything else stays as it is."""
    at = 0
    while at < len(lines):
        start, end = _table(lines, at)
        yield from lines[at:start]
        if start < end:
            yield from _rows(lines[start:end], blocks)
            yield lines[end - 1][0], ""
        at = max(end, start)


def _table(lines: Sequence[Numbered], at: int) -> tuple[int, int]:
    """First and behind the last line of the next table: from the cell before its first tab to the one behind its last."""
    first = next((n for n in range(at, len(lines)) if "\t" in lines[n][1]), len(lines))
    if first == len(lines):
        return first, first
    start = first
    while start > at and not _is_outside(lines[start - 1][1]) and first - start < _FAR:
        start -= 1
    last = first
    for n in range(first, len(lines)):
        if "\t" in lines[n][1]:
            last = n
        elif _is_outside(lines[n][1]) or n - last > _FAR:
            break
    end = last + 1
    while end < len(lines) and not lines[end][1].strip():
        end += 1
    if end < len(lines) and not _is_outside(lines[end][1]):
        end += 1
    return start, max(end, last + 1)


def _is_outside(text: str) -> bool:
    return statutory(text) or len(text.strip()) > _PROSE


def _rows(run: Sequence[Numbered], blocks: int) -> Iterator[Numbered]:
    """The cells of a run, row by row; above the first cell any gap ends a row."""
    row: list[str] = []
    line, began = 0, 0
    for chunk in "\n".join(text for _, text in run).split("\t"):
        first = not row and not line
        pieces = _pieces(chunk.strip("\n") if first else chunk, 1 if first else blocks)
        row.append(pieces[0])
        for piece in pieces[1:]:
            yield run[began][0], _drawn(row)
            row, began = [piece], line
        line += chunk.count("\n")
    yield run[began][0], _drawn(row)


def _drawn(row: Sequence[str]) -> str:
    return "\t".join(row) if len(row) > 1 else f"{row[0]}\t"


def _pieces(chunk: str, blocks: int) -> list[str]:
    """What stands between two tabs: one cell, or the end of a row and the beginnings of those below it."""
    if not chunk.strip(_WHITE):
        return ["", ""] if chunk.count("\n") > blocks else [""]
    parts: list[str] = [""]
    place = 0
    for found in _BREAKS.finditer(chunk):
        parts[-1] += chunk[place:found.start()].strip(_WHITE)
        place = found.end()
        rest = chunk[place:].strip(_WHITE)
        ends_row = len(found[0]) > blocks or (_is_full(parts[-1]) and rest != "" and not flat.is_value(rest))
        if ends_row and (parts[-1] or not found.start()):
            parts.append("")
    parts[-1] += chunk[place:].strip(_WHITE)
    return parts


def _is_full(cell: str) -> bool:
    """A figure, or the space that fills an empty cell: words below are of another row."""
    return flat.is_value(cell) or cell.isspace()
