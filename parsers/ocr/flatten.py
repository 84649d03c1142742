"""A page made level and square again: turned, and straightened where glass or camera bent its edges apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from parsers.ocr import pixels, walls

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")

STEEPEST = 3.0             # degrees: a page on the glass is not further askew
BANDS = 4                  # parts of a page without rules whose slopes are compared
ENOUGH = 4                 # long rules tell the slope better than text does
LONG = 90.0                # points
MOST = 0.06                # slope: more is no page
STILL = 0.3                # pixels at the edge of the page: less is not worth a new sampling

Slopes = tuple[float, float]         # slope in the middle of the page, and its growth per pixel


@dataclass(frozen=True, slots=True)
class Flat:
    """The straightened picture, and where each of its points was in the picture before."""

    image: Any
    turn: Any                        # 2 × 3: from straightened to original, after the bend is undone
    rows: Slopes = (0.0, 0.0)
    columns: Slopes = (0.0, 0.0)

    def origin(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the straightened picture was in the original, in pixels."""
        x, y = _bent(x, y, self.image.shape, self.rows, self.columns)
        back = self.turn @ np.array([x, y, 1.0])
        return float(back[0]), float(back[1])


def flatten(grey: Any, scale: float) -> Flat:
    """The page with its lines level and its columns upright; `scale` is pixels per point."""
    height, width = grey.shape
    angle = _askew(pixels.ink(grey))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = grey if abs(angle) < 0.03 else _turned(grey, matrix)
    ink = pixels.ink(turned)
    rows = _row_slopes(ink, scale)
    columns = _slopes([(s.at, s.slope, s.length) for s in walls.Strokes(ink, scale, False).all if s.length > LONG * scale],
                      width, 2)
    back = cv2.invertAffineTransform(matrix if turned is not grey else np.eye(2, 3))
    if max(abs(rows[0]) + abs(rows[1]) * height / 2, abs(columns[0]) + abs(columns[1]) * width / 2) * width / 2 < STILL:
        return Flat(turned, back)
    return Flat(_straightened(turned, rows, columns), back, rows, columns)


def _turned(grey: Any, matrix: Any) -> Any:
    height, width = grey.shape
    return cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)


def _bent(x: Any, y: Any, shape: tuple[int, int], rows: Slopes, columns: Slopes) -> tuple[Any, Any]:
    """Where a straight point lies on the bent page: lines and columns lean more or less from one edge to the other."""
    right, down = x - shape[1] / 2, y - shape[0] / 2
    return x + (columns[0] + columns[1] * right) * down, y + (rows[0] + rows[1] * down) * right


def _straightened(grey: Any, rows: Slopes, columns: Slopes) -> Any:
    height, width = grey.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = _bent(x, y, grey.shape, rows, columns)
    return cv2.remap(grey, x.astype(np.float32), y.astype(np.float32), cv2.INTER_CUBIC, borderValue=255)


def _row_slopes(ink: Any, scale: float) -> Slopes:
    """How the lines lean: told by long rules, else by the text of bands of the page."""
    height = ink.shape[0]
    found = [(s.at, s.slope, s.length) for s in walls.Strokes(ink, scale, True).all if s.length > LONG * scale]
    if len(found) >= ENOUGH and max(at for at, _, _ in found) - min(at for at, _, _ in found) > height / 4:
        return _slopes(found, height, ENOUGH)
    step = height // BANDS
    bands = [ink[top:top + step] for top in range(0, BANDS * step, step)]
    told = [((number + 0.5) * step, np.tan(np.radians(_askew(band, 1.5))), float((band > 0).mean() > 0.01))
            for number, band in enumerate(bands)]
    return _slopes([one for one in told if one[2]], height, 2)


def _slopes(found: Sequence[tuple[float, float, float]], size: int, least: int) -> Slopes:
    """The line through (place, slope), by weight; those far off it are left out. All zero when there are too few."""
    for _ in range(2):
        found = [one for one in found if abs(one[1]) < MOST]
        if len(found) < least:
            return 0.0, 0.0
        at, slope, weight = (np.array(column) for column in zip(*found, strict=True))
        at = at - size / 2
        spread = np.ptp(at) > size / 4
        growth, middle = np.polyfit(at, slope, 1, w=weight) if spread else (0.0, np.average(slope, weights=weight))
        off = np.abs(slope - middle - growth * at)
        found = [one for one, far in zip(found, off > max(0.004, 2.5 * float(np.median(off))), strict=True) if not far]
    return float(middle), float(growth)


def _askew(mask: Any, reach: float = STEEPEST) -> float:
    """The angle in degrees that makes the rows of the page most distinct, found coarse to fine."""
    small = cv2.resize(mask, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    best = 0.0
    for far, step in ((reach, 0.5), (0.5, 0.1), (0.1, 0.02)):
        angles = np.arange(best - far, best + far + step / 2, step)
        best = float(max(angles, key=lambda angle: _distinct(small, angle)))
    return best


def _distinct(mask: Any, angle: float) -> float:
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(mask, matrix, (width, height), flags=cv2.INTER_LINEAR)
    rows = cv2.reduce(turned, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
    return float(np.square(np.diff(rows[:, 0])).sum())
