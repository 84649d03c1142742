"""Characters of spans with a text of their own (/ActualText): pdfium places them as if no form moved them.

Browsers write such spans for letters that they drew as radicals; imposed sheets put whole pages into forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

from parsers.pdfium import calls
from parsers.pdfium.calls import Address, Whole
from parsers.pdfium.frame import Matrix, apply, times

SAME = 0.01                # points

_object = calls.function("FPDFText_GetTextObject", Address, Whole, result=Address)
_object_matrix = calls.function("FPDFPageObj_GetMatrix", Address, Address)
_matrix = calls.function("FPDFText_GetMatrix", Address, Whole, Address)
_origin = calls.function("FPDFText_GetCharOrigin", Address, Whole, Address, Address)


def moves(text: int, inked: Sequence[int]) -> dict[int, Matrix]:
    """For every character that stands where its form would be, had it moved nothing: the matrix of that form."""
    things = list(map(_object, repeat(text), inked))
    if not all(things):
        return {}
    count = len(inked)
    own = zip(*calls.answers(_object_matrix, count, things, of="ffffff"), strict=True)
    shown = zip(*calls.answers(_matrix, count, repeat(text), inked, of="ffffff"), strict=True)
    origins = zip(*calls.answers(_origin, count, repeat(text), inked, of="dd", apart=True), strict=True)
    return {at: times(_inverse(inner), outer) for at, (inner, outer, origin) in enumerate(zip(own, shown, origins, strict=True))
            if _near(origin, inner[4:]) and not _near(inner[4:], outer[4:]) and inner[0] * inner[3] != inner[1] * inner[2]}


def moved(box: tuple[float, float, float, float], matrix: Matrix) -> tuple[float, float, float, float]:
    """A box (left, top, right, bottom) where the form puts it."""
    left, top, right, bottom = box
    corners = [apply(matrix, x, y) for x in (left, right) for y in (top, bottom)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), max(ys), max(xs), min(ys)


def _near(a: Sequence[float], b: Sequence[float]) -> bool:
    return abs(a[0] - b[0]) < SAME and abs(a[1] - b[1]) < SAME


def _inverse(matrix: Matrix) -> Matrix:
    a, b, c, d, e, f = matrix
    size = a * d - b * c
    return d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size
