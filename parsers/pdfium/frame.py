"""How a page lies: its visible box, the quarter turns that bring its text upright, and places moved by matrices."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from parsers.layout.ink import Box

ASLANT = math.radians(5)   # scans are no more askew
TURN_SAMPLES = 24          # characters looked at to tell how a page is turned

Matrix = tuple[float, float, float, float, float, float]
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Frame(NamedTuple):
    """The visible box of a page in its own coordinates and the quarter turns that bring its text upright."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn % 2 else (width, height)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the page as it is read: points from the top left."""
        if self.turn == 0:
            return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)
        if self.turn == 1:
            return Box(bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.turn == 2:
            return Box(self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        return Box(self.top - top, self.right - right, self.top - bottom, self.right - left)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as it is read."""
        if self.turn == 0:
            return x - self.left, self.top - y
        return self.box(x, y, x, y)[:2]

    def placed(self, bounds: tuple[float, float, float, float], outer: Matrix) -> Box:
        """The box of something whose coordinates `outer` moves to those of the page."""
        left, bottom, right, top = bounds
        if outer is not PLAIN:
            corners = [apply(outer, x, y) for x in (left, right) for y in (bottom, top)]
            left, right = min(x for x, _ in corners), max(x for x, _ in corners)
            bottom, top = min(y for _, y in corners), max(y for _, y in corners)
        return self.box(left, bottom, right, top)


def frame_of(page: Any, text: Any) -> Frame:
    """Text that runs up the page (a landscape table on a portrait page, or /Rotate) is turned before it is read."""
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, box)
    turn = _turn(text)
    if turn is None:
        turn = -raw.FPDFPage_GetRotation(page) % 4
    return Frame(box.left, box.bottom, box.right, box.top, turn)


def _turn(text: Any) -> int | None:
    """0 upright, 1 text running up, 2 upside down, 3 running down; None on a page without text."""
    count = raw.FPDFText_CountChars(text)
    matrix, votes = raw.FS_MATRIX(), [0, 0, 0, 0]
    for index in range(0, count, max(1, count // TURN_SAMPLES)):
        if raw.FPDFText_GetUnicode(text, index) > 32 and raw.FPDFText_GetMatrix(text, index, matrix):
            votes[quarter(matrix.a, matrix.b)] += 1
    return votes.index(max(votes)) if any(votes) else None


def quarter(a: float, b: float) -> int:
    """The nearest quarter turn of a matrix that begins so."""
    return round(math.atan2(b, a) / (math.pi / 2)) % 4


def aslant(a: float, b: float) -> bool:
    """Does a line that begins so run neither along nor up the page?"""
    if a == 0 or b == 0:
        return False
    angle = abs(math.atan2(b, a)) % (math.pi / 2)
    return ASLANT < angle < math.pi / 2 - ASLANT


def times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
