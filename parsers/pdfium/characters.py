"""The characters of a page at their places: on paper, each as high as its type."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, repeat
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from parsers.layout.ink import Glyph
from parsers.pdfium import calls
from parsers.pdfium.calls import Address, Whole
from parsers.pdfium.frame import Frame, Matrix, apply, aslant
from parsers.pdfium.letters import letters
from parsers.pdfium.spans import moved, moves
from parsers.pdfium.watermarks import CLEAR, FAINT, Type, watermarks

MAX_CHARS = 60_000         # per page; a dense page has 3,000
ASCENT = 0.86              # of the font size above the baseline

_map_error = calls.function("FPDFText_HasUnicodeMapError", Address, Whole)
_matrix = calls.function("FPDFText_GetMatrix", Address, Whole, Address)
_origin = calls.function("FPDFText_GetCharOrigin", Address, Whole, Address, Address)
_colour = calls.function("FPDFText_GetFillColor", Address, Whole, *[Address] * 4)
_font_size = calls.function("FPDFText_GetFontSize", Address, Whole, result=ctypes.c_double)
_loose_box = calls.function("FPDFText_GetLooseCharBox", Address, Whole, Address)
Columns = Sequence[Sequence[float]]          # left, top, right, bottom edges
Edges = tuple[float, float]                  # top and bottom


class Characters(NamedTuple):
    """The characters of a page."""

    glyphs: list[Glyph]        # in the order of the file
    overprint: str             # words that stand over them
    cut: bool                  # there were more than the limit
    unmapped: int = 0          # of them have no meaning in their font


def characters(text: Any, frame: Frame, formed: bool = False) -> Characters:
    """The visible characters of a page; `formed` says that some stand in forms that move them."""
    count = raw.FPDFText_CountChars(text)
    words = letters(text, min(count, MAX_CHARS))
    inked = list(compress(range(len(words)), words))
    if not inked:
        return Characters([], "", count > MAX_CHARS)
    formed_ones = moves(calls.address(text), inked) if formed else {}
    x0, y0, x1, y1 = _placed(_boxes(text, inked, formed_ones), frame)
    edges = list(zip(y0, y1, strict=True))
    types = _types(text, inked, (x0, y0, x1, y1), edges, frame, formed_ones)
    tops, bottoms = ({edge: kind[side] for edge, kind in types.items()} for side in (0, 1))
    signs, unmapped = _meant(text, inked, list(filter(None, words)))
    rows = zip(signs, x0, map(tops.__getitem__, edges), x1, map(bottoms.__getitem__, edges), strict=True)
    found = list(map(tuple.__new__, repeat(Glyph), rows))
    marks = watermarks(found, edges, types)
    shown = [glyph for at, glyph in enumerate(found) if at not in marks] if marks else found
    overprint = "".join(found[at].text for at in sorted(marks))
    return Characters(_on_paper(shown, *frame.size), overprint, count > MAX_CHARS, unmapped)


def _meant(text: Any, inked: Sequence[int], signs: list[str]) -> tuple[list[str], int]:
    """The letters, U+FFFD where the font does not say which they are, and how many those are.

    pdfium gives the bare code of such a letter, which is a figure as often as not.
    """
    lost = list(map(_map_error, repeat(calls.address(text)), inked))
    if 1 not in lost:
        return signs, 0
    return ["\ufffd" if unknown == 1 else sign for sign, unknown in zip(signs, lost, strict=True)], lost.count(1)


def _boxes(text: Any, inked: Sequence[int], formed: Mapping[int, Matrix]) -> Columns:
    """The boxes of the characters at these places: as wide as their step, as high as their font says."""
    boxes = calls.answers(_loose_box, len(inked), repeat(calls.address(text)), inked, of="ffff")
    if not formed:
        return boxes
    rows = list(zip(*boxes, strict=True))
    for at, matrix in formed.items():
        rows[at] = moved(rows[at], matrix)
    return list(zip(*rows, strict=True))


def _placed(boxes: Columns, frame: Frame) -> Columns:
    """Columns of boxes as the page is read; on an upright page without a step of Python for each."""
    left, top, right, bottom = boxes
    if frame.turn:
        return list(zip(*map(frame.box, left, bottom, right, top), strict=True))
    edge_x, edge_y = frame.left, frame.top
    return ([x - edge_x for x in left], [edge_y - y for y in top], [x - edge_x for x in right], [edge_y - y for y in bottom])


def _types(text: Any, inked: Sequence[int], boxes: Columns, edges: Sequence[Edges], frame: Frame,
           formed: Mapping[int, Matrix]) -> dict[Edges, Type]:
    """The type that the first character of every (top, bottom) is set in: it tells for all of them."""
    x0, y0, x1, y1 = boxes
    first = dict(zip(reversed(edges), range(len(inked) - 1, -1, -1), strict=True))
    at, handle = [inked[place] for place in first.values()], repeat(calls.address(text))
    matrices = zip(*calls.answers(_matrix, len(at), handle, at, of="ffffff"), strict=True)
    origins = list(zip(*calls.answers(_origin, len(at), handle, at, of="dd", apart=True), strict=True))
    origins = [apply(formed[place], *origin) if place in formed else origin
               for place, origin in zip(first.values(), origins, strict=True)] if formed else origins
    colours = zip(*calls.answers(_colour, len(at), handle, at, of="IIII", apart=True), strict=True)
    sizes = map(_font_size, handle, at)
    boxed = ((x0[place], y0[place], x1[place], y1[place]) for place in first.values())
    return dict(zip(first, map(_type, matrices, origins, colours, sizes, boxed, repeat(frame)), strict=True))


def _type(matrix: Matrix, origin: tuple[float, float], colour: tuple[int, ...], size: float, box: Sequence[float],
          frame: Frame) -> Type:
    """Top and bottom of a character by its baseline and font size: fonts on one line disagree on their own heights.

    The box that pdfium gives is kept where its origin is no baseline (vertical writing) or far off (odd Type 3 fonts).
    """
    left, top, right, bottom = box
    size *= math.hypot(matrix[2], matrix[3])
    slants, faint = aslant(matrix[0], matrix[1]), colour[3] < CLEAR or min(colour[:3]) >= FAINT
    x, y = frame.point(*origin)
    centred = abs(x - (left + right) / 2) < 0.2 * size and right - left > 0.7 * size
    if centred or not 0 < size < 3 * (bottom - top) + 12 or not top - 0.6 * size < y < bottom + 0.6 * size:
        return Type(top, bottom, slants, size, faint)
    return Type(y - ASCENT * size, y + (1 - ASCENT) * size, slants, size, faint)


# ---------------------------------------------------------------- the edges of the paper


def _on_paper(found: list[Glyph], width: float, height: float) -> list[Glyph]:
    """The characters that the paper shows; where a word runs over its side, U+FFFD stands for what is cut off."""
    across, down = [glyph[1] + glyph[3] for glyph in found], [glyph[2] + glyph[4] for glyph in found]
    if not found or (min(across) >= 0 and max(across) <= 2 * width and min(down) >= 0 and max(down) <= 2 * height):
        return found
    return list(_cut(found, [0 <= x <= 2 * width and 0 <= y <= 2 * height for x, y in zip(across, down, strict=True)], width))


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
