"""Words that stand over the text of a page: aslant, faint or far too large, they are no part of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parsers.layout.ink import Glyph

TALL = 1.8                 # times the usual type of the page
FAINT = 0xA0               # of 255: all three colours are lighter than this
CLEAR = 0x90               # of 255: more of what is below shows through
INTO = 0.15                # of the lower of two characters: they stand over each other, and do not merely touch


class Type(NamedTuple):
    """How a character is set: its top and bottom, whether its line runs aslant, its size, and whether it is faint."""

    top: float
    bottom: float
    aslant: bool
    size: float
    faint: bool


def watermarks(glyphs: Sequence[Glyph], types: Sequence[Type]) -> set[int]:
    """The places of the characters that are watermarks: all that are aslant, and faint or tall ones like one over others."""
    odd = {kind for kind in set(types) if kind.aslant or kind.faint}
    usual = sorted(kind.size for kind in types)[len(types) // 2] if types else 0.0
    odd |= {kind for kind in set(types) if kind.size > TALL * usual}
    if not odd:
        return set()
    others = [glyph for glyph, kind in zip(glyphs, types, strict=True) if kind not in odd]
    marks = {_like(kind) for glyph, kind in zip(glyphs, types, strict=True)
             if kind in odd and (kind.aslant or _over(glyph, others))}
    return {at for at, kind in enumerate(types) if kind in odd and _like(kind) in marks}


def _like(kind: Type) -> tuple[bool, bool, float]:
    return kind.aslant, kind.faint, 0.0 if kind.aslant else round(kind.size)


def _over(glyph: Glyph, others: Iterable[Glyph]) -> bool:
    """Does a character stand over one of the others?"""
    _, x0, y0, x1, y1 = glyph
    for _, left, top, right, bottom in others:
        if top < y1 and bottom > y0 and left < x1 and right > x0:
            into = INTO * min(bottom - top, y1 - y0)
            if min(x1, right) - max(x0, left) > into and min(y1, bottom) - max(y0, top) > into:
                return True
    return False
