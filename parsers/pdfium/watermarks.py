"""Words that stand over the text of a page: aslant, faint or far too large, they are no part of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from parsers.layout.ink import Glyph

Edges = tuple[float, float]                  # top and bottom of a character

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


def watermarks(glyphs: Sequence[Glyph], edges: Sequence[Edges], types: Mapping[Edges, Type]) -> set[int]:
    """The places of the characters that are watermarks: all that are aslant, and faint or tall ones like one over others.

    `edges` names the type of every character.
    """
    odd = {edge for edge, kind in types.items() if kind.aslant or kind.faint}
    sizes = [kind.size for kind in types.values()]
    if max(sizes) > TALL * min(sizes):
        usual = sorted(types[edge].size for edge in edges)[len(edges) // 2]
        odd |= {edge for edge, kind in types.items() if kind.size > TALL * usual}
    if not odd:
        return set()
    return _marks(glyphs, [types[edge] if edge in odd else None for edge in edges])


def _marks(glyphs: Sequence[Glyph], odd: Sequence[Type | None]) -> set[int]:
    """Those of the odd characters that are like one that is aslant or stands over a usual one."""
    others = [glyph for glyph, kind in zip(glyphs, odd, strict=True) if kind is None]
    level = {kind: [glyph for glyph in others if glyph[2] < kind.bottom and glyph[4] > kind.top]
             for kind in set(odd) if kind is not None and not kind.aslant}
    marks = {_like(kind) for glyph, kind in zip(glyphs, odd, strict=True)
             if kind is not None and (kind.aslant or _over(glyph, level[kind]))}
    return {at for at, kind in enumerate(odd) if kind is not None and _like(kind) in marks}


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
