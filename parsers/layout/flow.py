"""Pages into blocks: headers, footers and page numbers dropped, lines joined into paragraphs, tables in their places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, repeat
from statistics import median

from parsers.layout import aligned, cells, lines, ruled
from parsers.layout.ink import Box, Page
from parsers.layout.lines import Line
from parsers.models import Block, Grid, Paragraph

MARGIN = 0.12            # of the page height, where headers and footers stand
EDGE_LINES = 3           # headers and footers are at most this many lines
SAME_PLACE = 6.0         # points
OFTEN = 0.4              # of all pages: odd and even pages may have headers of their own
INDENT = 1.2             # characters: a first line starts this far right of the margin
SHORT = 0.6              # of the width of the page: no text area is narrower
RAGGED = 2.2             # characters: a full line may end this early, punctuation may not begin the next one
LOOSE = 1.5              # times the usual distance of lines: a new paragraph
FAR = 3.0                # characters: lines of one paragraph are never further apart

OTHER_SIZE = 0.7         # of the other line: no setting of one size is this much narrower
SAME_SIZE = 0.85         # of the other line: text is set in one size, titles in one a quarter larger

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-—–－―·•~～_|\s]*(第?\s*\d{1,4}\s*页?|page\s*\d{1,4}|[ivxIVX]{1,5})"
    r"(\s*([/／|,，]|共|of)\s*(共|总)?\s*\d{1,4}\s*页?)?[-—–－―·•~～_|\s]*", re.IGNORECASE)
_MARKED = re.compile(r"[一二三四五六七八九十]{1,3}、\S|（[一二三四五六七八九十]{1,3}）\S|\d{1,2}、[^\d\s]")
_STOP = tuple("。；：！？;:!?")


@dataclass(slots=True)
class Sheet:
    """A page taken apart: the lines of its text and its tables."""

    page: Page
    lines: list[Line]
    nets: list[ruled.Net]

    @property
    def number(self) -> int:
        return self.page.number


Placed = tuple[int, float, Line | Grid]      # (page, y from the top, what stands there)


def arrange(pages: Iterable[Page]) -> tuple[Block, ...]:
    """The paragraphs and grids of the pages in reading order. A table cut by a page break stays one grid per page."""
    sheets = [_sheet(page) for page in _through_one_window(list(pages))]
    _drop_furniture(sheets)
    measures = _measures(sheets)
    _bring_heads(sheets, measures)
    placed = [item for sheet in sheets for item in _placed(sheet, measures.get(sheet.number))]
    return tuple(_all_cut(_blocks(placed, measures)))


def _through_one_window(pages: list[Page]) -> list[Page]:
    """A browser prints all pages through windows of one width, but only what sticks out of one tells of it."""
    found = {(page.width, window.x0, window.x1) for page in pages for window in page.windows}
    for page in pages:
        page.windows += [Box(x0, 0.0, x1, page.height) for width, x0, x1 in sorted(found)
                         if width == page.width and not any((x0, x1) == (w.x0, w.x1) for w in page.windows)]
    return pages


def _all_cut(blocks: Iterable[Block]) -> Iterator[Block]:
    """A print that cut off one table may have cut off any other."""
    blocks = list(blocks)
    cut = any(isinstance(block, Grid) and block.cut for block in blocks)
    return (replace(block, cut=True) if cut and isinstance(block, Grid) else block for block in blocks)


def _sheet(page: Page) -> Sheet:
    """Tables whose rules part no columns, or no rows, are read by the places of their words instead."""
    nets = ruled.nets(page.rules)
    outside = cells.sort_out(page.glyphs, nets) if nets else page.glyphs
    weak = [net for net in nets if _unparted(net)]
    if weak:
        nets = [net for net in nets if net not in weak]
        for net in nets:
            net.glyphs.clear()
            net.lines.clear()
        outside = cells.sort_out(page.glyphs, nets)
    text = lines.lines(outside)
    for net in nets:
        text = [line for line in text if not cells.pushed_out(line, net, page.height)]
    return Sheet(page, text, nets)


def _placed(sheet: Sheet, measure: Measure | None) -> list[Placed]:
    """Lines and tables of a page from top to bottom."""
    placed: list[Placed] = [
        (sheet.number, net.ys[0], cells.grid(net, sheet.page))
        for net in sheet.nets]
    if measure is not None and sheet.lines:
        left = min(measure.left, *(line.x0 for line in sheet.lines))
        found = aligned.find(sheet.lines, sheet.page, left, measure.right)
        placed += [(sheet.number, y, item) for y, item in found]
    return sorted(placed, key=lambda item: item[1])


def _unparted(net: ruled.Net) -> bool:
    """Do the rules leave columns or rows unparted: figures beside words in one cell, or several figures in every cell?"""
    found = [cells.lines_of(net, index) for index, glyphs in net.glyphs.items() if len(glyphs) > 1]
    piled = [cell for cell in found if len(cell) > 1]
    if 2 * sum(map(aligned.tabular, piled)) > len(net.glyphs):
        return True
    stacked = sum(all(cells.numeral(line.text) for line in cell) for cell in piled)
    return stacked > 2 and not any(
        len(cell) == 1 and cells.numeral(cell[0].text) for cell in map(cells.lines_of, repeat(net), net.glyphs))


def _bring_heads(sheets: Sequence[Sheet], measures: dict[int, Measure]) -> None:
    """The head of a table without rules goes to the page of its figures, just above them."""
    for sheet, after in pairwise(sheets):
        if not sheet.lines or not after.lines or sheet.page.width != after.page.width:
            continue
        measure = measures[after.number]
        count = aligned.head_left_behind(sheet.lines, after.lines, measure.left, measure.right)
        if count:
            lift = sheet.lines[-1].y1 + 0.5 * sheet.lines[-1].size - after.lines[0].y0
            after.lines[:0] = [line.moved(-lift) for line in sheet.lines[-count:]]
            del sheet.lines[-count:]


# ---------------------------------------------------------------- headers, footers, page numbers


def _drop_furniture(sheets: Sequence[Sheet]) -> None:
    """Take out what stands in the margin of the pages: page numbers, and words repeated at the same place."""
    edges = [(sheet, line) for sheet in sheets for line in _edge_lines(sheet)]
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    for sheet, line in edges:
        for step in (0, 1):
            seen[_DIGITS.sub("#", line.text), round(line.middle / SAME_PLACE) + step].add(sheet.number)
    for sheet, line in edges:
        words = line.text
        pages = max(len(seen[_DIGITS.sub("#", words), round(line.middle / SAME_PLACE) + step]) for step in (0, 1))
        if _is_page_number(words, sheet.number) or (pages >= max(2, OFTEN * len(sheets)) and not words.isdecimal()):
            sheet.lines.remove(line)


def _edge_lines(sheet: Sheet) -> list[Line]:
    """The lines in the top and bottom margin that no table stands outside of."""
    top, bottom = MARGIN * sheet.page.height, (1 - MARGIN) * sheet.page.height
    first = min((net.ys[0] for net in sheet.nets), default=sheet.page.height)
    last = max((net.ys[-1] for net in sheet.nets), default=0.0)
    above = [line for line in sheet.lines[:EDGE_LINES] if line.y1 < min(top, first)]
    below = [line for line in sheet.lines[-EDGE_LINES:] if line.y0 > max(bottom, last)]
    return above + [line for line in below if line not in above]


def _is_page_number(words: str, page: int) -> bool:
    """A number dressed as a page number, or the bare number of this very page."""
    if words.isdecimal():
        return int(words) == page
    return _PAGE_NUMBER.fullmatch(words) is not None


# ---------------------------------------------------------------- paragraphs


@dataclass(frozen=True, slots=True)
class Measure:
    """The text area of a page: its left and right edge, and the usual distance of its lines."""

    left: float
    right: float
    pitch: float


def _measures(sheets: Sequence[Sheet]) -> dict[int, Measure]:
    """The text area of every page; pages with little text take that of the pages as wide as they are."""
    groups: dict[int, list[Line]] = defaultdict(list)
    for sheet in sheets:
        groups[round(sheet.page.width)] += sheet.lines
    return {sheet.number: _measure(sheet.lines, groups[round(sheet.page.width)], sheet.page.width)
            for sheet in sheets if sheet.lines}


def _measure(own: Sequence[Line], group: Sequence[Line], width: float) -> Measure:
    if len(own) < 6:
        own = group
    pitches = [lower.middle - upper.middle for upper, lower in pairwise(own) if lower.y0 > upper.y0]
    starts = sorted(line.x0 for line in own)
    left = next((a for a, b in pairwise(starts) if b - a < 2.0), starts[0])
    right = max(line.x1 for line in own)
    if right - left < SHORT * width:                    # no line is full: take the margins for equal
        right = max(right, width - left)
    return Measure(left, right, median(pitches) if pitches else 0.0)


def _blocks(placed: Sequence[Placed], measures: dict[int, Measure]) -> Iterator[Block]:
    """Lines joined while they belong together; a grid ends what stands before it."""
    words, where, last = "", "", None
    for page, _, item in placed:
        if isinstance(item, Grid):
            if words:
                yield Paragraph(words, where)
            yield item
            words, last = "", None
        elif last is not None and _continues(last[1], item, measures[page], measures[last[0]], last[0] == page):
            words, last = lines.join(words, item.text), (page, item)
        else:
            if words:
                yield Paragraph(words, where)
            words, where, last = item.text, f"page {page}", (page, item)
    if words:
        yield Paragraph(words, where)


def _continues(upper: Line, lower: Line, here: Measure, before: Measure, same_page: bool) -> bool:
    """Is `lower` the next line of the paragraph that `upper` stands in?"""
    size = upper.em or lower.em or upper.height
    if _other_type(upper, lower) or lower.x0 > here.left + INDENT * size:
        return False
    if same_page and lower.middle - upper.middle > min(LOOSE * max(here.pitch, size), FAR * size):
        return False
    if _MARKED.match(lower.text) and upper.text.endswith(_STOP):
        return False
    return upper.x1 > before.right - RAGGED * size - _first_word(lower)


def _other_type(upper: Line, lower: Line) -> bool:
    """Are two lines set in different sizes? Width and height must both say so, or the width by far."""
    wider = (lower.em or 1.0) / (upper.em or 1.0) if upper.em and lower.em else 1.0
    if not OTHER_SIZE < wider < 1 / OTHER_SIZE:
        return True
    return not SAME_SIZE < wider < 1 / SAME_SIZE and not SAME_SIZE < lower.size / upper.size < 1 / SAME_SIZE


def _first_word(line: Line) -> float:
    """The width of the Latin word or number a line begins with: it could not be broken to fill the line above."""
    end = line.x0
    for glyph in line.glyphs:
        if not glyph.text.isascii() or glyph.x0 - end > 0.2 * line.height:
            break
        end = glyph.x1
    return end - line.x0
