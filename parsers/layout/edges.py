"""What the edge of the paper, or of the window a page was printed through, may have cut off a table.

A browser leaves out the characters that would stand outside, so that a number ends early and looks whole.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.layout.ink import Box, Glyph, Page, Rule

EDGE = 5.0          # points from the edge of the paper
MARGIN = 90.0       # points: browsers cut a wide table off where the margin begins, and drop what is beyond
BEYOND = 0.75       # points past the edge of a window: a wall that stands at it is no wider
NEXT = 0.3          # of the last figure's width: with more room than this the next one would show
CUT = "\ufffd"      # stands for what was cut off: neither a blank nor a figure


def runs_off(box: Box, page: Page) -> bool:
    """Does something drawn end where the paper does, though it began inside of it, or run out of its window?"""
    window = page.window(box)
    if window is None:
        return box.x0 > EDGE and box.x1 > page.width - EDGE
    return box.x1 > window.x1 + BEYOND or box.x0 < window.x0 - BEYOND


def any_runs_off(rules: Sequence[Rule], page: Page) -> bool:
    """Does any rule of the page run off it?"""
    if not page.windows and max((rule[2] for rule in rules), default=0.0) <= page.width - EDGE:
        return False
    return any(runs_off(Box(*rule), page) for rule in rules)


def marked(text: str, cell: Box, glyphs: Sequence[Glyph], window: Box | None, page: Page, whole: bool) -> str:
    """The text of a cell of a table that runs off, marked where it may go on: a blank was never printed, nor a next figure.

    `whole` says that the text is one that can only be cut off if it is a number: words show that they are.
    """
    right = page.width - MARGIN if window is None else window.x1 + BEYOND
    left = -1.0 if window is None else window.x0 - BEYOND
    if cell.x1 >= right and not text.endswith(CUT) and (not glyphs or (whole and _ends_at(glyphs, window, page))):
        return text + CUT
    if cell.x0 <= left and not text.startswith(CUT) and (not glyphs or (whole and _begins_at(glyphs, window))):
        return CUT + text
    return text


def _ends_at(glyphs: Sequence[Glyph], window: Box | None, page: Page) -> bool:
    """Does the last character leave no room for a next one?"""
    last = max(glyphs, key=lambda glyph: glyph.x1)
    width = last.x1 - last.x0
    return last.x1 > (page.width - MARGIN - width if window is None else window.x1 - NEXT * width)


def _begins_at(glyphs: Sequence[Glyph], window: Box | None) -> bool:
    first = min(glyphs, key=lambda glyph: glyph.x0)
    return window is not None and first.x0 < window.x0 + NEXT * (first.x1 - first.x0)
