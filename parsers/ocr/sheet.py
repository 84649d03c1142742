"""A page from its picture: rules by their shape, then every cell and every line of text cut out and recognised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

from parsers import layout
from parsers.layout import cells, ruled
from parsers.layout.ink import Box, Glyph, Rule
from parsers.models import Issue
from parsers.ocr import Reading, marks, pixels, recogniser

SURE = 0.80                # a letter less sure than this makes its cell doubtful
SENSE = 0.85               # mean sureness of the letters of a page that stands upright (measured 0.92 to 0.98)
WORDY = 1.7                # letters in a strip, of a page that stands upright (measured 2.9 and more)
SURE_TEXT = 0.40           # the same for a line outside the tables
FLAT_RULE = 22.0           # points: no stroke of a letter is longer level
UPRIGHT_RULE = 15.0        # points: nor upright
LONG = 45.0                # points: a rule this long needs no other to be believed
TOUCH = 4.0                # points between the end of a rule and the wall it ends at
SPECK = 2.0                # points: smaller spots may be dirt
REACH = 6.0                # points: how near the letters beside a decimal point stand
TINY = 3.5                 # points: what is lower and narrower and says nothing is nothing
PAD = 0.18                 # of the height of a line, around a strip

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")


class Strip(NamedTuple):
    """One line of text cut out: its grey pixels, its box in points, the cell it stands in ("" outside tables)."""

    image: Any
    box: Box
    where: str


def read(picture: Any, page: layout.Page, left: float = 0.0, top: float = 0.0) -> Reading:
    """Recognise a page, or a picture whose corner is at (`left`, `top`) of it.

    Its glyphs are whole lines of text; doubtful ones are issues that name their place. A page that makes little sense
    is tried turned by quarters, for landscape tables are scanned upright.
    """
    grey = pixels.grey(picture)
    best = _read(grey, page, left, top)
    for quarters in () if best.makes_sense else (1, 3, 2):
        width, height = (page.height, page.width) if quarters % 2 else (page.width, page.height)
        other = _read(pixels.turned(grey, quarters), layout.Page(page.number, width, height), left, top)
        best = max(best, other, key=lambda attempt: attempt.certain)
    return Reading(best.page, tuple(best.issues), best.certain / max(best.letters, 1))


@dataclass
class _Attempt:
    """A page read standing one way: `certain` is the sum of how sure its letters are."""

    page: layout.Page
    issues: list[Issue]
    certain: float = 0.0
    letters: int = 0

    @property
    def makes_sense(self) -> bool:
        """Letters are sure, and stand in words: a page on its side falls into single ones."""
        return self.certain >= SENSE * self.letters and self.letters >= WORDY * len(self.page.glyphs)


def _read(grey: Any, page: layout.Page, left: float, top: float) -> _Attempt:
    sheet = _Sheet(pixels.level(grey), page, left, top)
    notice = Issue("ocr", f"page {page.number} was read by OCR; compare it with the picture", f"page {page.number}")
    attempt = _Attempt(layout.Page(page.number, page.width, page.height, rules=sheet.rules), [notice])
    for strip, (text, sure) in _words(list(sheet.strips())):
        tiny = strip.box.y1 - strip.box.y0 < TINY and strip.box.x1 - strip.box.x0 < TINY
        if tiny and (not text or not strip.where):
            continue
        if text:
            attempt.page.glyphs.append(Glyph(text, *strip.box))
        attempt.certain, attempt.letters = attempt.certain + sure * len(text), attempt.letters + len(text)
        if sure < (SURE if strip.where else SURE_TEXT):
            where = strip.where or f"page {page.number} {strip.box}"
            attempt.issues.append(Issue("ocr-doubtful", f"OCR read {text!r} and is not sure; look at the picture", where))
    return attempt


def _words(strips: Sequence[Strip]) -> Iterator[tuple[Strip, recogniser.Words]]:
    """What each strip says: marks by their shape, the rest by the recogniser."""
    certain = [marks.mark(strip.image) for strip in strips]
    unread = [strip.image for strip, mark in zip(strips, certain, strict=True) if mark is None]
    read_words = iter(recogniser.recognise(unread))
    for strip, mark in zip(strips, certain, strict=True):
        yield strip, next(read_words) if mark is None else recogniser.Words(mark, 1.0)


class _Sheet:
    """The level grey page with its ink and rules; `scale` is pixels per point, `left` and `top` its place in points."""

    def __init__(self, image: Any, page: layout.Page, left: float, top: float) -> None:
        self.image = image
        self.number = page.number
        self.left, self.top = left, top
        self.scale = image.shape[1] / page.width
        self.ink = pixels.ink(image)
        flat = self._long(FLAT_RULE, True)
        upright = self._long(UPRIGHT_RULE, False)
        self.rules = _walls([*self._rules(flat, True)], [*self._rules(upright, False)])
        grown = cv2.dilate(cv2.bitwise_or(flat, upright), np.ones((3, 3), np.uint8))
        self.text = cv2.bitwise_and(self.ink, cv2.bitwise_not(grown))

    def _long(self, points: float, flat: bool) -> Any:
        """The ink that runs on in one direction, small breaks closed."""
        length, bridge = round(points * self.scale), max(3, round(1.2 * self.scale))
        shape = (length, 1) if flat else (1, length)
        gap = (bridge, 3) if flat else (3, bridge)
        closed = cv2.morphologyEx(self.ink, cv2.MORPH_CLOSE, np.ones(gap[::-1], np.uint8))
        return cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(shape[::-1], np.uint8))

    def _rules(self, mask: Any, flat: bool) -> Iterator[Rule]:
        """Each long stroke as a rule in points; thick blocks are no rules."""
        count, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
        for index in range(1, count):
            x, y, width, height, area = (float(value) for value in stats[index])
            length, across = (width, height) if flat else (height, width)
            if area / length > 3.0 * self.scale or across > max(6.0 * self.scale, 0.05 * length):
                continue
            box = self._box(x, y, x + width, y + height)
            middle = self._box(*centres[index], *centres[index])
            yield Rule(box.x0, middle.y0, box.x1, middle.y0) if flat else Rule(middle.x0, box.y0, middle.x0, box.y1)

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A place in pixels as one in points of the page."""
        return Box(self.left + float(x0) / self.scale, self.top + float(y0) / self.scale,
                   self.left + float(x1) / self.scale, self.top + float(y1) / self.scale)

    def strips(self) -> Iterator[Strip]:
        """The lines of text in every cell, then those outside the tables."""
        nets = ruled.nets(self.rules)
        rest = self.text.copy()
        for net in nets:
            for span in net.spans:
                where = cells.locator(self.number, span.row, span.column, span.box)
                yield from self._lines(self.text, span.box, where, 1.0)
            left, top, right, bottom = self._corners(Box(net.box.x0 - 3, net.box.y0 - 3, net.box.x1 + 3, net.box.y1 + 3))
            rest[top:bottom, left:right] = 0
        height, width = self.image.shape
        yield from self._lines(rest, self._box(0, 0, width, height), "", 1.6)

    def _corners(self, box: Box) -> tuple[int, int, int, int]:
        height, width = self.image.shape
        x0, x1 = (round((x - self.left) * self.scale) for x in (box.x0, box.x1))
        y0, y1 = (round((y - self.top) * self.scale) for y in (box.y0, box.y1))
        return max(0, x0), max(0, y0), min(width, x1), min(height, y1)

    def _lines(self, mask: Any, box: Box, where: str, apart: float) -> Iterator[Strip]:
        """The lines in a box, cut at empty rows and, `apart` line heights wide, at empty columns."""
        left, top, right, bottom = self._corners(box)
        inner = mask[top:bottom, left:right]
        if not inner.any():
            return
        inner = self._clean(inner)
        bands = list(_runs(inner.any(axis=1), max(1, round(0.8 * self.scale))))
        for y0, y1 in _merged(bands, 0.35 * max((y1 - y0 for y0, y1 in bands), default=0)):
            tall = max(y1 - y0, 1)
            gap = max(2, round(apart * max(tall, 6 * self.scale)))
            for x0, x1 in _runs(inner[y0:y1].any(axis=0), gap):
                yield self._strip(left + x0, top + y0, left + x1, top + y1, where)

    def _clean(self, mask: Any) -> Any:
        """Without dirt. A small spot is a sign only between letters (a decimal point) or over one (the dot of an i)."""
        _count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        boxes = stats[:, :4].astype(np.float32) / self.scale
        x0, y0, x1, y1 = boxes[:, 0], boxes[:, 1], boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
        large = (boxes[:, 2] >= SPECK) | (boxes[:, 3] >= SPECK)
        large[0] = False
        keep = np.where(large, 255, 0).astype(np.uint8)
        for index in np.flatnonzero(~large[1:]) + 1:
            beside = large & (y0 < y1[index] + 1) & (y1 > y0[index] - 1)
            left = (beside & (x1 > x0[index] - REACH) & (x0 < x0[index])).any()
            right = (beside & (x0 < x1[index] + REACH) & (x1 > x1[index])).any()
            above = (large & (x0 < x1[index]) & (x1 > x0[index]) & (y0 < y1[index] + 3) & (y1 > y0[index] - 3)).any()
            keep[index] = 255 if (left and right) or above else 0
        return keep[labels]

    def _strip(self, x0: int, y0: int, x1: int, y1: int, where: str) -> Strip:
        """A line with room around it; a low one (a dash, 一) is cut as high as letters are."""
        least = round(7.0 * self.scale)
        if y1 - y0 < least:
            grow = least - (y1 - y0)
            y0, y1 = y0 - grow // 2, y1 + grow - grow // 2
        pad = max(2, round(PAD * (y1 - y0)))
        height, width = self.image.shape
        top, bottom, left, right = max(0, y0 - pad), min(height, y1 + pad), max(0, x0 - pad), min(width, x1 + pad)
        image = self.image[top:bottom, left:right].copy()
        image[self._ruled[top:bottom, left:right] > 0] = 255
        return Strip(image, self._box(x0, y0, x1, y1), where)

    @property
    def _ruled(self) -> Any:
        """Where rules were taken out."""
        return cv2.bitwise_and(self.ink, cv2.bitwise_not(self.text))


def _walls(flat: Sequence[Rule], upright: Sequence[Rule]) -> list[Rule]:
    """The rules that are walls: a short one ends at walls on both sides, or it is a stroke of a large letter."""
    long_flat = [rule for rule in flat if rule.x1 - rule.x0 >= LONG]
    columns = [rule for rule in upright if rule.y1 - rule.y0 >= LONG or all(
        any(abs(other.y0 - end) < TOUCH and other.x0 - TOUCH < rule.x0 < other.x1 + TOUCH for other in long_flat)
        for end in (rule.y0, rule.y1))]
    rows = [rule for rule in flat if rule.x1 - rule.x0 >= LONG or all(
        any(abs(other.x0 - end) < TOUCH and other.y0 - TOUCH < rule.y0 < other.y1 + TOUCH for other in columns)
        for end in (rule.x0, rule.x1))]
    return [*rows, *columns]


def _runs(filled: Any, gap: int) -> Iterator[tuple[int, int]]:
    """(first, after last) of the filled stretches of a row or column, gaps up to `gap` bridged."""
    places = np.flatnonzero(filled)
    if not len(places):
        return
    breaks = np.flatnonzero(np.diff(places) > gap)
    starts = np.concatenate(([0], breaks + 1))
    ends = np.concatenate((breaks, [len(places) - 1]))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield int(places[start]), int(places[end]) + 1


def _merged(bands: Sequence[tuple[int, int]], least: float) -> Iterator[tuple[int, int]]:
    """Low bands (the dots of letters, a stroke set apart) joined to the band next to them when it is near."""
    whole: list[tuple[int, int]] = []
    for y0, y1 in bands:
        if whole and (y1 - y0 < least or whole[-1][1] - whole[-1][0] < least) and y0 - whole[-1][1] < least:
            whole[-1] = (whole[-1][0], y1)
        else:
            whole.append((y0, y1))
    return iter(whole)
