"""Characters into lines, and lines into their words with the gaps between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from operator import eq, itemgetter, sub

from parsers.layout.ink import Box, Glyph
from parsers.layout.once import once
from parsers.text import raised

_LEFT, _EDGES = itemgetter(1), itemgetter(2, 4)
SMALL = 0.78             # of the size of the type: what is smaller and raised is an exponent or the mark of a footnote
LESSER = 0.9             # of the height of what it follows: browsers set raised marks at 0.83 of the text
RAISED = 0.12            # of the height of what it follows: a smaller figure that stands this much higher is raised
USUAL = 0.8              # of the usual height of a line: smaller characters do not count for its height
_EXPONENT = 6            # characters of one
WORD_GAP = 0.32          # of the size of the type: a Latin space; 0.25 is how Word sets figures apart from Chinese
WIDE_STEP = 1.9          # from one Chinese character to the next: justified text is looser than set text
WIDE = "\u2e80"           # from here on characters are as wide as high
_MARK = re.compile(r"[\u2014\u2018-\u201d\u2026\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]")


Band = dict[tuple[float, float], list[Glyph]]      # characters by their top and bottom


@dataclass(eq=False)
class Line:
    """Characters on one line, left to right."""

    glyphs: list[Glyph]
    x0: float
    y0: float
    x1: float
    y1: float

    def moved(self, down: float) -> Line:
        """The same line further down the page."""
        glyphs = [glyph._replace(y0=glyph.y0 + down, y1=glyph.y1 + down) for glyph in self.glyphs]
        return Line(glyphs, self.x0, self.y0 + down, self.x1, self.y1 + down)

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @once
    def text(self) -> str:
        """The characters, one space where a gap is wider than letters of one word leave."""
        if len(self.glyphs) == 1:
            return self.glyphs[0][0]
        letters, wide = [glyph[0] for glyph in self.glyphs], WORD_GAP * self.height
        if self.gap > wide:
            for at, gap in enumerate(self.gaps, 1):
                if gap > wide and _spaced(self.glyphs[at - 1], self.glyphs[at], self.height):
                    letters[at] = " " + letters[at]
        return "".join(letters)

    @once
    def em(self) -> float:
        """The size of the type: the width of a Chinese character, for fonts disagree on their height."""
        wide = sorted([(g[3] - g[1]) / (1 if len(g[0]) == 1 else ems(g[0])) for g in self.glyphs if g[0] >= WIDE])
        return wide[(len(wide) - 1) // 2] if wide else 0.0

    @once
    def size(self) -> float:
        """The height of its usual character; a line made of words at two heights is higher."""
        heights = sorted(glyph.y1 - glyph.y0 for glyph in self.glyphs)
        return heights[len(heights) // 2]

    @once
    def gaps(self) -> list[float]:
        """The gaps between its characters, in points."""
        return list(map(sub, [glyph[1] for glyph in self.glyphs[1:]], [glyph[3] for glyph in self.glyphs]))

    @property
    def gap(self) -> float:
        """The widest gap between its characters, in points."""
        return max(self.gaps) if len(self.glyphs) > 1 else 0.0

    @property
    def box(self) -> Box:
        return Box(self.x0, self.y0, self.x1, self.y1)


def ems(text: str) -> float:
    """How many sizes wide the words of a glyph are that holds more than a character."""
    return sum(1.0 if letter >= WIDE else 0.5 for letter in text)


def lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from top to bottom. Characters are of one line when their middles lie within half a character."""
    levels: Band = {}
    for edges, run in groupby(glyphs, _EDGES):
        levels.setdefault(edges, []).extend(run)
    if len(levels) == 1:
        return [_line(levels)]
    bands: list[Band] = []
    base = tall = 0.0
    for middle, height, _, edges in sorted([((y0 + y1) / 2, y1 - y0, i, (y0, y1)) for i, (y0, y1) in enumerate(levels)]):
        if bands and middle - base < 0.5 * (height if height < tall else tall):
            bands[-1][edges] = levels[edges]
            if height > tall:
                tall = height
        else:
            bands.append({edges: levels[edges]})
            base, tall = middle, height
    return list(map(_line, _with_exponents(bands)))


def _with_exponents(bands: list[Band]) -> list[Band]:
    """Small characters raised behind a word are of its line, though their middles lie far apart."""
    kept: list[Band] = []
    for band in bands:
        if kept and _is_raised(kept[-1], band):
            kept[-1] |= band
        else:
            kept.append(band)
    return kept


def _is_raised(upper: Band, lower: Band) -> bool:
    """Whether all of `upper` is small, reaches down into `lower`, and stands free right behind a character of it."""
    height, top = max([y1 - y0 for y0, y1 in lower]), min(lower)[0]
    if max([y1 - y0 for y0, y1 in upper]) > SMALL * height or min([y1 for _, y1 in upper]) < top + 0.2 * height:
        return False
    small, usual = [*chain(*upper.values())], [*chain(*lower.values())]
    if len(small) >= len(usual) + _EXPONENT:
        return False
    ends = [g[3] for g in (*usual, *small)]
    return all(any(-0.1 * height < glyph[1] - end < 0.5 * height for end in ends) for glyph in small) and not any(
        glyph[1] < other[3] - 0.1 * height and other[1] < glyph[3] - 0.1 * height for glyph in small for other in usual)


def _line(band: Band) -> Line:
    """A line of characters known to stand side by side; it is as high as its usual characters, exponents do not count."""
    row = sorted(chain(*band.values()), key=_LEFT)
    if len(row) == 1:
        return Line(row, *row[0][1:])
    row = _without_overprint(row)
    right = max([glyph[3] for glyph in row])
    if len(band) == 1:
        [(top, bottom)] = band
        return Line(row, row[0][1], top, right, bottom)
    heights = sorted([glyph[4] - glyph[2] for glyph in row])
    if heights[0] < LESSER * heights[-1]:
        row = _exponents(row)
    least = USUAL * heights[len(heights) // 2]
    body = [glyph for glyph in row if glyph[4] - glyph[2] >= least]
    return Line(row, row[0][1], min([g[2] for g in body]), right, max([g[4] for g in body]))


def _exponents(row: list[Glyph]) -> list[Glyph]:
    """Figures set smaller and higher than what they follow (footnote marks, exponents) as the raised figures of Unicode.

    In the width of the others they would read as digits of the number that they stand at.
    """
    found = row[:1]
    for before, glyph in pairwise(row):
        high = before[4] - before[2]
        smaller = glyph[4] - glyph[2] < LESSER * high and glyph[4] < before[4] - RAISED * high
        goes_on = found[-1][0] != before[0] and abs(glyph[4] - before[4]) < RAISED * (glyph[4] - glyph[2])
        found.append(glyph._replace(text=raised(glyph[0])) if smaller or goes_on else glyph)
    return found


def beneath(upper: Line, lower: Line) -> str:
    """The text of a line below another in one cell: figures in much smaller type are a footnote mark that found no room."""
    return raised(lower.text) if lower.size < SMALL * upper.size else lower.text


def segments(line: Line, gap: float) -> list[Line]:
    """The pieces of a line that stand more than `gap` line heights apart."""
    glyphs, wide = line.glyphs, gap * line.height
    cuts = [at for at, step in enumerate(line.gaps, 1) if step > wide]
    if not cuts:
        return [line]
    return [piece_of(glyphs[start:end]) for start, end in pairwise((0, *cuts, len(glyphs)))]


def piece_of(glyphs: list[Glyph]) -> Line:
    """Characters of a line, left to right, as a line of their own."""
    if len(glyphs) == 1:
        return Line(glyphs, *glyphs[0][1:])
    return Line(glyphs, glyphs[0][1], min([g[2] for g in glyphs]), max([g[3] for g in glyphs]), max([g[4] for g in glyphs]))


def join(upper: str, lower: str) -> str:
    """Two lines of one paragraph: Chinese needs nothing between them, Latin words and numbers a space."""
    apart = upper[-1:].isascii() and upper[-1:].isalnum() and lower[:1].isascii() and lower[:1].isalnum()
    return f"{upper} {lower}" if apart else upper + lower


def _spaced(left: Glyph, right: Glyph, height: float) -> bool:
    """Is this gap a space? Wide characters are measured from middle to middle, their ink may fill little of their place."""
    if left.text >= WIDE and right.text >= WIDE:
        return right.x0 + right.x1 - left.x0 - left.x1 > 2 * WIDE_STEP * height
    return not (_MARK.match(left.text) or _MARK.match(right.text)) or right.x0 - left.x1 > WIDE_STEP * height


def _without_overprint(row: list[Glyph]) -> list[Glyph]:
    """The same character printed twice at one place (false bold) counts once."""
    texts = [glyph[0] for glyph in row]
    if not any(map(eq, texts, texts[1:])):
        return row
    kept: list[Glyph] = []
    for glyph in row:
        twin = kept and kept[-1].text == glyph.text and kept[-1].x1 - glyph.x0 > 0.6 * (glyph.x1 - glyph.x0)
        if not twin:
            kept.append(glyph)
    return kept
