"""Which of the lines between sentences are tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers import headings
from parsers.layout.aligned.rows import ENUMERATOR, WRAP, Row, em_of, is_anchor, other_type, overlap

CLOSE = 0.95          # characters: lines of different rows cannot stand closer
NEAR = 3.0            # characters: header lines stand no further from each other
FULL = 0.92           # of the width of the text: a line this long is a sentence
_NUMBERED = re.compile(r"[（(第]?[一二三四五六七八九十\d]")


def regions(rows: Sequence[Row], left: float, right: float) -> Iterator[tuple[int, int]]:
    """(first, after last) of the lines of one or more tables between sentences."""
    anchors = [index for index, row in enumerate(rows) if is_anchor(row)]
    taken = 0
    while anchors:
        last = count = 1
        while last < len(anchors) and not any(is_text(rows[i], rows[anchors[0]], left, right)
                                              for i in range(anchors[last - 1] + 1, anchors[last])):
            last, count = last + 1, count + 1
        group, anchors = anchors[:last], anchors[last:]
        if count > 1 or len(rows[group[0]].values) >= 4 or _headed(rows, group[0]):
            start, end = _stretch(rows, group[0], group[-1], taken, left, right)
            yield start, end
            taken = end


def _headed(rows: Sequence[Row], index: int) -> bool:
    """Do words stand above the figures of a lone row?"""
    if index == 0 or rows[index].y - rows[index - 1].y > NEAR * em_of(rows[index].line):
        return False
    above = rows[index - 1].words
    return len(above) > 1 and all(any(overlap(value, (word.x0, word.x1)) for word in above) for value in rows[index].values)


def is_text(row: Row, anchor: Row, left: float, right: float) -> bool:
    """A sentence or heading: other type than the table, as wide as the page, or at the margin with room around it."""
    if other_type(row.line, anchor.line):
        return True
    if len(row.pieces) > 1:
        return False
    return row.line.x1 - row.line.x0 > FULL * (right - left) or is_heading(row)


def is_heading(row: Row) -> bool:
    """A heading of the form in the same type as the table under it."""
    return len(row.words) == 1 and _NUMBERED.match(row.line.text) is not None and headings.statutory(row.line.text)


def _stretch(rows: Sequence[Row], first: int, last: int, taken: int, left: float, right: float) -> tuple[int, int]:
    """The region widened by the header lines above it and the rest of the last label below it."""
    em = em_of(rows[first].line)
    start, end = first, last + 1
    while start > taken and _is_head(rows[start - 1], rows[start], rows[first], em, left, right):
        start -= 1
    while end < len(rows) and _hangs_on(rows[end], rows[end - 1], rows[last], em, right):
        end += 1
    return start, end


def _is_head(row: Row, below: Row, anchor: Row, em: float, left: float, right: float) -> bool:
    if is_text(row, anchor, left, right) or below.y - row.y > NEAR * em:
        return False
    at_margin = row.line.x0 < left + 0.5 * em or abs(row.line.x0 - left - 2 * em) < 0.6 * em
    return len(row.pieces) > 1 or not at_margin or (bool(row.words) and below.y - row.y < WRAP * em
                                                     and not row.line.text.endswith(("。", "：", "；")))


def _hangs_on(row: Row, above: Row, anchor: Row, em: float, right: float) -> bool:
    """The second line of a label right below it in its column, or of broken numbers too close to be a row."""
    if row.values and row.y - above.y < CLOSE * em:
        return True
    if row.values or row.y - above.y > WRAP * em or ENUMERATOR.match(row.line.text) or is_heading(row):
        return False
    return row.line.x1 < anchor.values[0].x0 and not other_type(row.line, anchor.line)
