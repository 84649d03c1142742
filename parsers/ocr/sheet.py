"""A page from its picture: rules by their shape, then every cell and every line of text cut out and recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

from parsers import layout
from parsers.layout import cells, ruled
from parsers.layout.ink import Box, Glyph, Rule
from parsers.layout.lines import ems
from parsers.models import Issue
from parsers.ocr import Reading, flatten, marks, pixels, recogniser, walls, wording
from parsers.ocr.recogniser import Words
from parsers.ocr.strips import Line, Spots

SURE_FIGURE = 0.95         # a figure less sure than this is looked at again, and doubtful if that does not help
UNLIKELY = 0.02            # the same where the first saw a letter that looks like a figure
LIKELY = 0.2               # less sure than this, the second look has not seen a figure
SURE = 0.80                # a letter less sure than this makes its cell doubtful
SENSE = 0.85               # mean sureness of the letters of a page that stands upright (measured 0.92 to 0.98)
WORDY = 1.7                # letters in a strip, of a page that stands upright (measured 2.9 and more)
SURE_TEXT = 0.40           # the same for a line outside the tables
DIRT = 1.5                 # points: a spot this large in an empty cell may be a figure
WIDE = 1.35                # heights of a figure: the width of a Chinese character of its type
ENOUGH = 6                 # letters of a line tell the size of its type
DOT = 0.55                 # of the highest line in its cell: the same
SMALL = 0.33               # of a letter: a line this small beside others in a cell is dirt
TINY = 3.5                 # points: what is lower and narrower and says nothing is nothing

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")


class Strip(NamedTuple):
    """One line of text cut out: its grey pixels, its box in points, the cell it stands in and that one's box (None outside)."""

    image: Any
    box: Box
    where: str = ""
    cell: Box | None = None


def read(picture: Any, page: layout.Page, left: float, top: float, check: Callable[[], None]) -> Reading:
    """Recognise a page, or a picture whose corner is at (`left`, `top`) of it.

    Its glyphs are whole lines of text; doubtful ones are issues that name their place. A page that makes little sense
    is tried turned by quarters, for landscape tables are scanned upright. `check` is called before every piece of work.
    """
    grey = pixels.grey(picture)
    seal = pixels.seals(picture)
    best = _read(grey, seal, page, left, top, check)
    for quarters in () if best.makes_sense else (1, 3, 2):
        width, height = (page.height, page.width) if quarters % 2 else (page.width, page.height)
        stamp = None if seal is None else pixels.turned(seal, quarters)
        other = _read(pixels.turned(grey, quarters), stamp, layout.Page(page.number, width, height), left, top, check)
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

    def take(self, pieces: Sequence[Piece]) -> None:
        """Put down what a cell or a line says."""
        for strip, (text, sure) in pieces:
            self.page.glyphs += [Glyph(text, *_room(strip, text))] if text else []
            self.certain, self.letters = self.certain + sure * len(text), self.letters + len(text)

    def doubt(self, text: str, where: str) -> None:
        self.issues.append(Issue("ocr-doubtful", f"OCR read {text!r} and is not sure; look at the picture", where))


Piece = tuple[Strip, Words]


def _read(grey: Any, seal: Any, page: layout.Page, left: float, top: float, check: Callable[[], None]) -> _Attempt:
    check()
    sheet = _Sheet(flatten.flatten(grey, grey.shape[1] / page.width), seal, page, left, top)
    notice = Issue("ocr", f"page {page.number} was read by OCR; compare it with the picture", f"page {page.number}")
    attempt = _Attempt(layout.Page(page.number, page.width, page.height, rules=sheet.rules, origin=sheet.origin), [notice])
    inside, outside = _sorted(_words(list(_checked(sheet.strips(), check)), check))
    wide = wording.full_width((text, strip.box.x1 - strip.box.x0, strip.box.y1 - strip.box.y0)
                              for cell in inside.values() for strip, (text, _) in cell)
    for where, cell in inside.items():
        pieces = [(strip, wording.figure(words, wide)) for strip, words in cell]
        pieces = _mended(pieces)
        attempt.take(pieces)
        text = "".join(words.text for _, words in pieces)
        least = SURE_FIGURE if wording.is_figure(text) else SURE
        if min((words.sure for _, words in pieces), default=1.0) < least and not wording.known(text):
            attempt.doubt(text, where)
    for where in sheet.dirty - {where for where, cell in inside.items() if any(words.text for _, words in cell)}:
        attempt.doubt("", where)
    for strip, words in outside:
        if len(words.text) > 1 or words.sure >= SURE_TEXT:         # else it is dirt, or the edge of the paper
            attempt.take([(strip, words)])
        if words.text and words.sure < SURE_TEXT:
            attempt.doubt(words.text, f"page {page.number} {sheet.origin(strip.box)}")
    return attempt


def _sorted(pieces: Iterable[Piece]) -> tuple[dict[str, list[Piece]], list[Piece]]:
    """The pieces by cell, and those outside the tables; what is tiny and says nothing is dropped, unless its cell is empty."""
    inside: dict[str, list[Piece]] = {}
    outside: list[Piece] = []
    for strip, words in pieces:
        tiny = max(_sides(strip.box)) < TINY
        if strip.where:
            cell = inside.setdefault(strip.where, [])
            if not tiny or words.text or not cell:
                cell.append((strip, words))
        elif words.text and not tiny:
            outside.append((strip, words))
    spoken = {where: [(strip, words) for strip, words in cell if words.text or max(_sides(strip.box)) >= TINY]
              for where, cell in inside.items()}
    return {where: spoken[where] or cell for where, cell in inside.items()}, outside


def _sides(box: Box) -> tuple[float, float]:
    return box.x1 - box.x0, box.y1 - box.y0


def _mended(pieces: list[Piece]) -> list[Piece]:
    """A cell whose words are nearly a label of a form says that label, on one line."""
    text, sure = "".join(words.text for _, words in pieces), min((words.sure for _, words in pieces), default=1.0)
    if (label := wording.label(text, sure, SURE)) == text:
        return pieces
    boxes = [strip.box for strip, _ in pieces]
    around = Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))
    return [(pieces[0][0]._replace(box=around), Words(label, 1.0))]


def _room(strip: Strip, text: str) -> Box:
    """The box of a strip, its middle inside its cell as the net has it.

    A line of text is as high as its letters are wide, for its ink may lean. A lone figure may take the room of a wide
    letter, which tells whether one below it broke off.
    """
    x0, y0, x1, y1 = _within(strip.box, strip.cell)
    if strip.cell is None and len(text) >= ENOUGH:
        size, middle = (x1 - x0) / ems(text), (y0 + y1) / 2
        return Box(x0, middle - size / 2, x1, middle + size / 2)
    grow = (WIDE * (y1 - y0) - (x1 - x0)) / 2
    if strip.cell is None or grow <= 0 or len(text) > 1 or not text.isdecimal():
        return Box(x0, y0, x1, y1)
    return Box(max(x0 - grow, min(x0, strip.cell.x0 + 1)), y0, min(x1 + grow, max(x1, strip.cell.x1 - 1)), y1)


def _within(box: Box, cell: Box | None) -> Box:
    """The box moved until its middle is in the cell."""
    if cell is None:
        return box
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    right, down = min(max(x, cell.x0 + 1), cell.x1 - 1) - x, min(max(y, cell.y0 + 1), cell.y1 - 1) - y
    return Box(box.x0 + right, box.y0 + down, box.x1 + right, box.y1 + down)


def _checked(strips: Iterable[Strip], check: Callable[[], None]) -> Iterator[Strip]:
    """The strips, as long as there is time to look for them."""
    for strip in strips:
        check()
        yield strip


def _words(strips: Sequence[Strip], check: Callable[[], None]) -> Iterator[Piece]:
    """What each strip says: the recogniser's word, save where the shape is a mark that it takes for a letter."""
    found = [marks.told(strip.image, words) if len(words.text) < 2 or words.sure < SURE else words
             for strip, words in zip(strips, recogniser.recognise([strip.image for strip in strips], check), strict=True)]
    again = [index for index, (strip, words) in enumerate(zip(strips, found, strict=True))
             if strip.where and words.sure < SURE_FIGURE and wording.maybe_figure(words.text)]
    for index, words in zip(again, recogniser.closely([strips[index].image for index in again], check), strict=True):
        likely = LIKELY if found[index].text not in wording.LIKE_FIGURES else UNLIKELY
        if words.sure > likely and (words.sure > found[index].sure or not wording.is_figure(found[index].text)):
            found[index] = words
    return zip(strips, found, strict=True)


class _Sheet:
    """The level grey page with its ink and rules; `scale` is pixels per point, `left` and `top` its place in points."""

    def __init__(self, flat_page: flatten.Flat, seal: Any, page: layout.Page, left: float, top: float) -> None:
        self.flat, self.image = flat_page, flat_page.image
        self.number, self.seal = page.number, seal
        self.dirty: set[str] = set()           # empty cells whose dirt is large enough to be a figure, or under a seal
        self.left, self.top = left, top
        self.scale = self.image.shape[1] / page.width
        ink = pixels.ink(self.image)
        flat, upright = walls.Strokes(ink, self.scale, True), walls.Strokes(ink, self.scale, False)
        rows, columns = walls.standing(flat, upright)
        self.rules = [*(self._rule(stroke, True) for stroke in rows), *(self._rule(stroke, False) for stroke in columns)]
        ruled_out = cv2.dilate(cv2.bitwise_or(flat.mask(rows), upright.mask(columns)), np.ones((3, 3), np.uint8))
        self.text = cv2.bitwise_and(ink, cv2.bitwise_not(ruled_out))

    def _rule(self, stroke: walls.Stroke, flat: bool) -> Rule:
        along, across = (self.left, self.top) if flat else (self.top, self.left)
        start, end, at = (place + of / self.scale for place, of in (
            (along, stroke.start), (along, stroke.end), (across, stroke.at)))
        return Rule(start, at, end, at) if flat else Rule(at, start, at, end)

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A place in pixels as one in points of the page."""
        return Box(self.left + float(x0) / self.scale, self.top + float(y0) / self.scale,
                   self.left + float(x1) / self.scale, self.top + float(y1) / self.scale)

    def strips(self) -> Iterator[Strip]:
        """The lines of text in every cell, then those outside the tables."""
        nets = ruled.nets(self.rules)
        spots = Spots(self.text, self.scale)
        outside = np.ones(len(spots.x), bool)
        for net in nets:
            usual = spots.letter(spots.inside(*self._corners(net.box)))
            for span in net.spans:
                where = cells.locator(self.number, span.row, span.column, self.origin(span.box))
                corners = self._corners(self._inner(span.box))
                found = spots.off_walls(spots.inside(*corners), *corners)
                clean = spots.clean(found)
                lines = list(spots.lines(clean, 1.0, usual))
                tall = max((line.y1 - line.y0 for line in lines), default=0)
                large = [line for line in lines if max(line.x1 - line.x0, line.y1 - line.y0) >= max(SMALL * usual, DOT * tall)]
                yield from (self._strip(spots, line, where, span.box) for line in large)
                if not large and (spots.largest(found) >= DIRT or self._stamped(span.box)):
                    self.dirty.add(where)
            outside[spots.inside(*self._corners(Box(net.box.x0 - 3, net.box.y0 - 3, net.box.x1 + 3, net.box.y1 + 3)))] = False
        outside[0] = False
        text = spots.clean(np.flatnonzero(outside))
        least = SMALL * spots.letter(text)
        yield from (self._strip(spots, line) for line in spots.lines(text, 1.6)
                    if max(line.x1 - line.x0, line.y1 - line.y0) > least)

    def _stamped(self, box: Box) -> bool:
        """Does a seal lie over this place? Figures may have gone with it."""
        if self.seal is None:
            return False
        finer = self.seal.shape[1] / self.image.shape[1]
        x0, y0, x1, y1 = (max(0, round(finer * edge)) for edge in self._corners(self.origin(box)))
        return bool(self.seal[y0:y1, x0:x1].any())

    def _inner(self, box: Box) -> Box:
        """The room of a cell between the very rules around it: the net puts near rules of different rows at one place."""
        wide, high = box.x1 - box.x0, box.y1 - box.y0
        xs = [r.x0 for r in self.rules if r.x0 == r.x1 and min(r.y1, box.y1) - max(r.y0, box.y0) > 0.5 * high]
        ys = [r.y0 for r in self.rules if r.y0 == r.y1 and min(r.x1, box.x1) - max(r.x0, box.x0) > 0.5 * wide]
        left, right, top, bottom = ([at for at in places if abs(at - edge) < ruled.MESH] for places, edge in (
            (xs, box.x0), (xs, box.x1), (ys, box.y0), (ys, box.y1)))
        return Box(max(left, default=box.x0), max(top, default=box.y0), min(right, default=box.x1), min(bottom, default=box.y1))

    def _strip(self, spots: Spots, line: Line, where: str = "", cell: Box | None = None) -> Strip:
        return Strip(spots.strip(self.image, line), self._box(*line[:4]), where, cell)

    def origin(self, box: Box) -> Box:
        """Where a box of the straightened page was in the picture."""
        x, y = zip(*(self.flat.origin((x - self.left) * self.scale, (y - self.top) * self.scale)
                     for x in (box.x0, box.x1) for y in (box.y0, box.y1)), strict=True)
        return self._box(min(x), min(y), max(x), max(y))

    def _corners(self, box: Box) -> tuple[float, float, float, float]:
        return ((box.x0 - self.left) * self.scale, (box.y0 - self.top) * self.scale,
                (box.x1 - self.left) * self.scale, (box.y1 - self.top) * self.scale)
