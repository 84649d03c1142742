"""The rules of tables in a mask of ink: long level or upright strokes, and which of them are walls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")

FLAT_RULE = 22.0           # points: no stroke of a letter is longer level
UPRIGHT_RULE = 15.0        # points: nor upright, titles aside
LONG = 45.0                # points: a rule this long needs no other to be believed
TOUCH = 4.0                # points between the end of a rule and the wall it ends at
HEAVY = 3.0                # points: thicker bars are no rules
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
        self.flat, self.scale = flat, scale
        self.labels, self._stats = _components(_long(ink, scale, flat))
        self.all = list(self._each())

    def _each(self) -> Iterator[Stroke]:
        """Each long stroke; thick blocks are no rules."""
        for label, (x, y, width, height, area) in enumerate(self._stats[1:].tolist(), 1):
            length, across = (width, height) if self.flat else (height, width)
            if area / length > HEAVY * self.scale or across > max(6.0 * self.scale, 0.06 * length):
                continue
            spot = self.labels[y:y + height, x:x + width] == label
            ends = _ends(spot if self.flat else spot.T)
            at, start = (y, x) if self.flat else (x, y)
            yield Stroke(at + sum(ends) / 2, start, start + length, (ends[1] - ends[0]) / max(length - 1, 1), label)

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
    columns = [s for s in upright.all if s.length >= LONG * scale or _between(s, long_flat, scale)
               or _open_ended(s, long_flat, upright.all, scale)]
    rows = [s for s in flat.all if s.length >= LONG * scale or _between(s, columns, scale)]
    return rows, columns


def _open_ended(stroke: Stroke, walls: Sequence[Stroke], others: Sequence[Stroke], scale: float) -> bool:
    """Does a stroke end at a wall, and level with others at its other end? So do the columns of a table cut by a page."""
    touch = TOUCH * scale
    above, below = (any(abs(wall.at - end) < touch / 2 and wall.start - touch < stroke.at < wall.end + touch for wall in walls)
                    for end in (stroke.start, stroke.end))
    return any(other is not stroke and ((above and abs(other.end - stroke.end) < touch)
                                        or (below and abs(other.start - stroke.start) < touch)) for other in others)


def _between(stroke: Stroke, walls: Sequence[Stroke], scale: float) -> bool:
    touch = TOUCH * scale
    return all(any(abs(wall.at - end) < touch and wall.start - touch < stroke.at < wall.end + touch for wall in walls)
               for end in (stroke.start, stroke.end))
