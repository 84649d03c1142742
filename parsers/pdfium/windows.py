"""Clip boxes: what a page was printed through. A browser drops the figures that stand outside of one, without a trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

from parsers.layout.ink import Box, Glyph
from parsers.pdfium import calls
from parsers.pdfium.calls import Address, Whole
from parsers.pdfium.frame import Frame

BANDS = 12                 # of a page, each asked for the clips of its outermost characters
SAME = 0.01                # points

_object = calls.function("FPDFText_GetTextObject", Address, Whole, result=Address)
_matrix = calls.function("FPDFPageObj_GetMatrix", Address, Address)
_char_matrix = calls.function("FPDFText_GetMatrix", Address, Whole, Address)
_clip = calls.function("FPDFPageObj_GetClipPath", Address, result=Address)
_count_paths = calls.function("FPDFClipPath_CountPaths", Address)
_count_segments = calls.function("FPDFClipPath_CountPathSegments", Address, Whole)
_segment = calls.function("FPDFClipPath_GetPathSegment", Address, Whole, Whole, result=Address)
_point = calls.function("FPDFPathSegment_GetPoint", Address, Address, Address)


def windows(text: Any, inked: Sequence[int], glyphs: Sequence[Glyph], frame: Frame) -> list[Box]:
    """The clip boxes narrower than the paper, as the page is read; `inked` are the places of `glyphs`."""
    width, height = frame.size
    clips = (_window(calls.address(text), inked[at], frame) for at in _outermost(glyphs, height))
    return list({box: None for box in clips if box is not None and (box.x0 > 0 or box.x1 < width)})


def _outermost(glyphs: Sequence[Glyph], height: float) -> set[int]:
    """The places of the first and the last character from left to right in every band of the page."""
    left: dict[int, int] = {}
    right: dict[int, int] = {}
    for at, glyph in enumerate(glyphs):
        band = int(glyph[2] * BANDS / height)
        if glyph[1] < glyphs[left.setdefault(band, at)][1]:
            left[band] = at
        if glyph[3] > glyphs[right.setdefault(band, at)][3]:
            right[band] = at
    return {*left.values(), *right.values()}


def _window(text: int, index: int, frame: Frame) -> Box | None:
    """The box that all clips of a character leave; None without one, and in forms, whose clips have places of their own."""
    thing = _object(text, index)
    clip = _clip(thing) if thing and _on_page(thing, text, index) else None
    count = _count_paths(clip) if clip else 0
    boxes = [box for path in range(max(count, 0)) for box in _path_box(clip, path, frame)]
    if not boxes:
        return None
    return Box(*(max(box[side] for box in boxes) for side in (0, 1)), *(min(box[side] for box in boxes) for side in (2, 3)))


def _on_page(thing: int, text: int, index: int) -> bool:
    """Does an object stand where its character does? In a form it stands where the form puts it."""
    [own], [seen] = (list(zip(*answers, strict=True)) for answers in (
        calls.answers(_matrix, 1, [thing], of="ffffff"), calls.answers(_char_matrix, 1, [text], [index], of="ffffff")))
    return all(abs(a - b) < SAME for a, b in zip(own[4:], seen[4:], strict=True))


def _path_box(clip: int | None, path: int, frame: Frame) -> Iterator[Box]:
    count = _count_segments(clip, path)
    segments = [segment for segment in map(_segment, repeat(clip), repeat(path), range(max(count, 0))) if segment]
    if segments:
        xs, ys = calls.answers(_point, len(segments), segments, of="ff", apart=True)
        yield frame.box(min(xs), min(ys), max(xs), max(ys))
