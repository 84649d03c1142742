"""The characters of a page at their places: on paper, each as high as its type."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from itertools import compress, repeat
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from parsers.layout.ink import Box, Glyph
from parsers.pdfium import calls
from parsers.pdfium.calls import Address, Whole
from parsers.pdfium.frame import Frame, aslant
from parsers.pdfium.letters import letters
from parsers.pdfium.watermarks import CLEAR, FAINT, Type, watermarks
from parsers.pdfium.windows import windows

MAX_CHARS = 60_000         # per page; a dense page has 3,000
ASCENT = 0.86              # of the font size above the baseline

_loose_box = calls.function("FPDFText_GetLooseCharBox", Address, Whole, Address)
Columns = Sequence[Sequence[float]]          # left, top, right, bottom edges


class Characters(NamedTuple):
    """The characters of a page."""

    glyphs: list[Glyph]        # in the order of the file
    overprint: str             # words that stand over them
    windows: list[Box]         # clips that they reach
    cut: bool                  # there were more than the limit


def characters(text: Any, frame: Frame) -> Characters:
    """The visible characters of a page."""
    count = raw.FPDFText_CountChars(text)
    words = letters(text, min(count, MAX_CHARS))
    inked = list(compress(range(len(words)), words))
    if not inked:
        return Characters([], "", [], count > MAX_CHARS)
    x0, y0, x1, y1 = _placed(_boxes(text, inked), frame)
    by_edges = _types(text, inked, (x0, y0, x1, y1), frame)
    types = [by_edges[edges] for edges in zip(y0, y1, strict=True)]
    rows = zip(filter(None, words), x0, [kind[0] for kind in types], x1, [kind[1] for kind in types], strict=True)
    found = list(map(tuple.__new__, repeat(Glyph), rows))
    marks = watermarks(found, types)
    shown = [glyph for at, glyph in enumerate(found) if glyph[4] > glyph[2] and at not in marks]
    overprint = "".join(found[at].text for at in sorted(marks))
    return Characters(_on_paper(shown, *frame.size), overprint, windows(text, inked, found, frame), count > MAX_CHARS)


def _boxes(text: Any, inked: Sequence[int]) -> Columns:
    """The boxes of the characters at these places: as wide as their step, as high as their font says."""
    return calls.answers(_loose_box, len(inked), repeat(calls.address(text)), inked, of="ffff")


def _placed(boxes: Columns, frame: Frame) -> Columns:
    """Columns of boxes as the page is read; on an upright page without a step of Python for each."""
    left, top, right, bottom = boxes
    if frame.turn:
        return list(zip(*map(frame.box, left, bottom, right, top), strict=True))
    edge_x, edge_y = frame.left, frame.top
    return ([x - edge_x for x in left], [edge_y - y for y in top], [x - edge_x for x in right], [edge_y - y for y in bottom])


def _types(text: Any, inked: Sequence[int], boxes: Columns, frame: Frame) -> dict[tuple[float, float], Type]:
    """The type that the first character of every (top, bottom) is set in: it tells for all of them."""
    x0, y0, x1, y1 = boxes
    first = dict(zip(zip(reversed(y0), reversed(y1), strict=True), range(len(inked) - 1, -1, -1), strict=True))
    return {edges: _type(text, inked[at], frame, Box(x0[at], y0[at], x1[at], y1[at])) for edges, at in first.items()}


def _type(text: Any, index: int, frame: Frame, box: Box) -> Type:
    """Top and bottom of a character by its baseline and font size: fonts on one line disagree on their own heights.

    The box that pdfium gives is kept where its origin is no baseline (vertical writing) or far off (odd Type 3 fonts).
    """
    matrix, x, y = raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetMatrix(text, index, matrix)
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    look = (aslant(matrix.a, matrix.b), size, _faint(text, index))
    origin = frame.box(x.value, y.value, x.value, y.value)
    centred = abs(origin.x0 - (box.x0 + box.x1) / 2) < 0.2 * size and box.x1 - box.x0 > 0.7 * size
    if centred or not 0 < size < 3 * (box.y1 - box.y0) + 12 or not box.y0 - 0.6 * size < origin.y0 < box.y1 + 0.6 * size:
        return Type(box.y0, box.y1, *look)
    return Type(origin.y0 - ASCENT * size, origin.y0 + (1 - ASCENT) * size, *look)


def _faint(text: Any, index: int) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(text, index, red, green, blue, alpha)
    return alpha.value < CLEAR or min(red.value, green.value, blue.value) >= FAINT


# ---------------------------------------------------------------- the edges of the paper


def _on_paper(found: list[Glyph], width: float, height: float) -> list[Glyph]:
    """The characters that the paper shows; where a word runs over its side, U+FFFD stands for what is cut off."""
    seen = [0 <= g[1] + g[3] <= 2 * width and 0 <= g[2] + g[4] <= 2 * height for g in found]
    return found if all(seen) else list(_cut(found, seen, width))


def _cut(found: Sequence[Glyph], seen: Sequence[bool], width: float) -> Iterator[Glyph]:
    for at, glyph in enumerate(found):
        if seen[at]:
            yield glyph
        elif at and seen[at - 1] and _adjoin(found[at - 1], glyph):
            yield Glyph("\ufffd", width - 1, glyph.y0, width, glyph.y1)
        elif at + 1 < len(found) and seen[at + 1] and _adjoin(glyph, found[at + 1]):
            before = min(0.0, found[at + 1].x0) - 0.1                      # the next one may stand half on the paper
            yield Glyph("\ufffd", before, glyph.y0, 2 - before, glyph.y1)


def _adjoin(left: Glyph, right: Glyph) -> bool:
    """Do two characters stand side by side, as in a word?"""
    height = right.y1 - right.y0
    return abs(left.y1 - right.y1) < 0.5 * height and -0.5 * height < right.x0 - left.x1 < 0.3 * height
