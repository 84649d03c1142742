"""A page from its picture: rules by their shape, then every cell and every line of text cut out and recognised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from parsers import layout
from parsers.layout import cells, ruled
from parsers.layout.ink import Box, Glyph, Rule
from parsers.models import Issue
from parsers.ocr import Reading, marks, pixels, recogniser

SURE = 0.80                # a letter less sure than this makes its cell doubtful
FLAT_RULE = 22.0           # points: no stroke of a letter is longer level
UPRIGHT_RULE = 15.0        # points: nor upright
SPECK = 0.6                # points: smaller spots are dirt
PAD = 0.18                 # of the height of a line, around a strip

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")


class Strip(NamedTuple):
    """One line of text cut out: its grey pixels, its box in points, the cell it stands in ("" outside tables)."""

    image: Any
    box: Box
    where: str


def read(picture: Any, page: layout.Page) -> Reading:
    """Recognise a page. Its glyphs are whole lines of text; doubtful ones are issues that name their place."""
    sheet = _Sheet(pixels.level(pixels.grey(picture)), page)
    read_page = layout.Page(page.number, page.width, page.height, rules=sheet.rules)
    strips = list(sheet.strips())
    certain = [marks.mark(strip.image) for strip in strips]
    unread = [index for index, mark in enumerate(certain) if mark is None]
    words = dict(zip(unread, recogniser.recognise([strips[index].image for index in unread]), strict=True))
    issues = [Issue("ocr", f"page {page.number} was read by OCR; compare it with the picture", f"page {page.number}")]
    for index, strip in enumerate(strips):
        text, sure = words.get(index) or recogniser.Words(certain[index] or "", 1.0)
        if text:
            read_page.glyphs.append(Glyph(text, *strip.box))
        if sure < SURE:
            where = strip.where or f"page {page.number} {strip.box}"
            issues.append(Issue("ocr-doubtful", f"OCR read {text!r} and is not sure; look at the picture", where))
    return Reading(read_page, tuple(issues))


class _Sheet:
    """The level grey page with its ink and rules; `scale` is pixels per point."""

    def __init__(self, image: Any, page: layout.Page) -> None:
        self.image = image
        self.number = page.number
        self.scale = image.shape[1] / page.width
        self.ink = pixels.ink(image)
        flat = self._long(FLAT_RULE, True)
        upright = self._long(UPRIGHT_RULE, False)
        self.rules = [*self._rules(flat, True), *self._rules(upright, False)]
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
            middle_x, middle_y = float(centres[index][0]) / self.scale, float(centres[index][1]) / self.scale
            if flat:
                yield Rule(x / self.scale, middle_y, (x + width) / self.scale, middle_y)
            else:
                yield Rule(middle_x, y / self.scale, middle_x, (y + height) / self.scale)

    def strips(self) -> Iterator[Strip]:
        """The lines of text in every cell, then those outside the tables."""
        nets = ruled.nets(self.rules)
        rest = self.text.copy()
        for net in nets:
            for span in net.spans:
                where = cells.locator(self.number, span.row, span.column, span.box)
                yield from self._lines(self.text, span.box, where, 1.0)
            left, top, right, bottom = self._corners(net.box)
            rest[top:bottom, left:right] = 0
        height, width = self.image.shape
        yield from self._lines(rest, Box(0, 0, width / self.scale, height / self.scale), "", 1.6)

    def _corners(self, box: Box) -> tuple[int, int, int, int]:
        height, width = self.image.shape
        x0, y0, x1, y1 = (round(value * self.scale) for value in box)
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
        """Without specks."""
        least = max(2, round((SPECK * self.scale) ** 2))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        keep = np.zeros(count, np.uint8)
        keep[1:] = 255 * (stats[1:, cv2.CC_STAT_AREA] >= least)
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
        box = Box(x0 / self.scale, y0 / self.scale, x1 / self.scale, y1 / self.scale)
        return Strip(image, box, where)

    @property
    def _ruled(self) -> Any:
        """Where rules were taken out."""
        return cv2.bitwise_and(self.ink, cv2.bitwise_not(self.text))


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
