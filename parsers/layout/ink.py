"""What a page holds: characters and rules at their places, in points, from the top left corner of the page as it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple


class Glyph(NamedTuple):
    """A character and its box. The box is as high as its font, not as its ink: a dot shares the line of its digits."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


class Rule(NamedTuple):
    """A straight line along an axis: horizontal when y0 == y1, vertical when x0 == x1."""

    x0: float
    y0: float
    x1: float
    y1: float


class Box(NamedTuple):
    """A rectangle on a page."""

    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, x: float, y: float) -> bool:
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def __str__(self) -> str:
        return f"[{self.x0:.0f},{self.y0:.0f},{self.x1:.0f},{self.y1:.0f}]"


def _as_it_is(box: Box) -> Box:
    return box


@dataclass(slots=True)
class Page:
    """One page; `number` counts from 1. `glyphs` in the order of the file, spaces left out.

    `windows` are the boxes that it was printed through, where characters stand at their sides: what was beyond is lost.
    `origin` says where a box was before the picture of the page was straightened: locators name that place.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    origin: Callable[[Box], Box] = _as_it_is
    windows: list[Box] = field(default_factory=list)

    def window(self, box: Box) -> Box | None:
        """The narrowest window that something drawn there was printed through; None for the paper itself.

        Only what the window cuts off can stand out of it, and not by more than a character or a wall.
        """
        middle = (box.y0 + box.y1) / 2
        around = [w for w in self.windows
                  if w.y0 < middle < w.y1 and w.x0 - OUT < box.x0 and box.x1 < w.x1 + OUT]
        return min(around, key=lambda w: w.x1 - w.x0, default=None)


def rule_of(x0: float, y0: float, x1: float, y1: float) -> Rule | None:
    """The rule that a thin box or a straight stroke is; None for anything that is not long along one axis."""
    width, height = abs(x1 - x0), abs(y1 - y0)
    if height <= THICK and width >= SHORT and width > 2 * height:
        middle = (y0 + y1) / 2
        return Rule(min(x0, x1), middle, max(x0, x1), middle)
    if width <= THICK and height >= SHORT and height > 2 * width:
        middle = (x0 + x1) / 2
        return Rule(middle, min(y0, y1), middle, max(y0, y1))
    return None


OUT = 60.0       # points out of a window: what stands further out was not printed through it
THICK = 3.0      # points; a heavier bar is decoration
SHORT = 1.0      # points; dashes are this short before they are joined
