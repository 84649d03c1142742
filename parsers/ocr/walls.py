"""The rules of tables in a mask of ink: long level or upright strokes, and which of them are walls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")

FLAT_RULE = 22.0           # points: no stroke of a letter is longer level
UPRIGHT_RULE = 8.0         # points: lower rows are not printed
LONG = 45.0                # points: a rule this long needs no other to be believed
SHORT = 15.0               # points: an upright this short must be whole and end at walls, or it is a stroke of a letter
TOUCH = 4.0                # points between the end of a rule and the wall it ends at
CLOSE = 0.4                # points: the same for short ones, before the middle of the wall
WHOLE = 0.95               # of a rule shorter than LONG is ink before breaks are closed
HEAVY = 6.0                # points: thicker bars are no rules, nor those not many times longer
NEAR = 0.7                 # points beside a rule: strokes of letters have others there
QUIET = 0.10               # so much ink on both sides of a stroke makes it one of letters
BUSY = ((45.0, 0.10), (120.0, 0.25))       # so much ink beside a stroke up to so many points makes it one of letters
BREAK = 1.2                # points: gaps that the scanner left in a rule


class Stroke(NamedTuple):
    """A long stroke in pixels: from `start` to `end`, standing at `at`; `slope` is how far it leaves its axis a pixel."""

    at: float
    start: float
    end: float
    slope: float
    label: int

    @property
    def length(self) -> float:
        return self.end - self.start


class Strokes:
    """All long strokes of one direction, with the picture of each."""

    def __init__(self, ink: Any, scale: float, flat: bool) -> None:
        self.ink, self.flat, self.scale = ink, flat, scale
        self.labels, self._stats = _components(_long(ink, scale, flat))
        self.all = list(self._each())

    def _each(self) -> Iterator[Stroke]:
        """Each long stroke; thick blocks are no rules."""
        for label, (x, y, width, height, area) in enumerate(self._stats[1:].tolist(), 1):
            length, across = (width, height) if self.flat else (height, width)
            if area / length > min(HEAVY * self.scale, length / 8) or across > max(6.0 * self.scale, 0.06 * length):
                continue
            spot = self.labels[y:y + height, x:x + width] == label
            ends = _ends(spot if self.flat else spot.T)
            at, start = (y, x) if self.flat else (x, y)
            yield Stroke(at + sum(ends) / 2, start, start + length, (ends[1] - ends[0]) / max(length - 1, 1), label)

    def busy(self, stroke: Stroke, rules: Any) -> tuple[float, float]:
        """How much of a stroke has ink close beside it, on its quieter and its busier side; `rules` across do not count."""
        x, y, width, height = self._stats[stroke.label, :4].tolist()
        off, last = max(2, round(NEAR * self.scale)), self.ink.shape[1] - 1
        rows = slice(y, y + height)
        sides = [(self.ink[rows, place] > 0) & (rules[rows, place] == 0)
                 for place in (max(0, x - off), min(last, x + width - 1 + off))]
        quiet, loud = sorted(float(side.mean()) for side in sides)
        return quiet, loud

    def whole(self, stroke: Stroke) -> float:
        """How much of a stroke is ink as scanned, without the breaks that were closed."""
        x, y, width, height = self._stats[stroke.label, :4].tolist()
        spot = (self.labels[y:y + height, x:x + width] == stroke.label) & (self.ink[y:y + height, x:x + width] > 0)
        return float(spot.any(axis=1).mean())

    def mask(self, chosen: Sequence[Stroke]) -> Any:
        """255 where the chosen strokes are."""
        wanted = np.zeros(len(self._stats), np.uint8)
        wanted[[stroke.label for stroke in chosen]] = 255
        return wanted[self.labels]


def _components(mask: Any) -> tuple[Any, Any]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return labels, stats


def _long(ink: Any, scale: float, flat: bool) -> Any:
    """The ink that runs on in one direction, small breaks closed."""
    length, bridge = round((FLAT_RULE if flat else UPRIGHT_RULE) * scale), max(3, round(BREAK * scale))
    gap, shape = ((3, bridge), (1, length)) if flat else ((bridge, 3), (length, 1))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(gap, np.uint8))
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(shape, np.uint8))


def _ends(spot: Any) -> tuple[float, float]:
    """How far down a level stroke stands at its left and at its right end."""
    width = spot.shape[1]
    part = max(1, width // 6)
    left, right = (float(np.nonzero(side)[0].mean()) for side in (spot[:, :part], spot[:, -part:]))
    lean = (right - left) / max(width - part, 1) * part / 2
    return left - lean, right + lean


def standing(flat: Strokes, upright: Strokes) -> tuple[list[Stroke], list[Stroke]]:
    """The strokes that are walls: a short one ends at walls on both sides, or it is a stroke of a large letter."""
    scale = flat.scale
    long_flat = [stroke for stroke in flat.all if stroke.length >= LONG * scale]
    crossing = cv2.dilate((flat.labels > 0).astype(np.uint8), np.ones((3, 1), np.uint8))
    clear = [s for s in upright.all if not _written(s.length / scale, *upright.busy(s, crossing))
             and (s.length > LONG * scale or upright.whole(s) > WHOLE)]
    columns = [s for s in clear if s.length >= LONG * scale or _between(s, long_flat, scale)
               or _open_ended(s, long_flat, clear, scale)]
    rows = [s for s in flat.all if s.length >= LONG * scale or _between(s, columns, scale)]
    return rows, columns


def _written(length: float, quiet: float, loud: float) -> bool:
    """Is a stroke made of letters one below the other? Text may stand close to a wall, but not on both sides all along."""
    return quiet > QUIET or any(length < points and loud > most for points, most in BUSY)


def _open_ended(stroke: Stroke, walls: Sequence[Stroke], others: Sequence[Stroke], scale: float) -> bool:
    """Does a stroke end at a wall, and level with others at its other end? So do the columns of a table cut by a page."""
    if stroke.length < SHORT * scale:
        return False
    touch = TOUCH * scale
    above, below = (any(abs(wall.at - end) < touch / 2 and wall.start - touch < stroke.at < wall.end + touch for wall in walls)
                    for end in (stroke.start, stroke.end))
    return any(other is not stroke and ((above and abs(other.end - stroke.end) < touch)
                                        or (below and abs(other.start - stroke.start) < touch)) for other in others)


def _between(stroke: Stroke, walls: Sequence[Stroke], scale: float) -> bool:
    """Does a stroke end at walls on both sides? A short one, which may be a 1, must run into the very middle of them."""
    touch = TOUCH * scale
    short = CLOSE * scale if stroke.length < SHORT * scale else touch
    near = [wall.at for wall in walls if wall.start - touch < stroke.at < wall.end + touch]
    return (any(-touch < stroke.start - at < short for at in near)
            and any(-touch < at - stroke.end < short for at in near))
