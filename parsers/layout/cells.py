"""Characters into the cells of ruled tables, and the words of a cell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import compress, pairwise
from operator import ne

from parsers.layout.edges import marked, runs_off
from parsers.layout.ink import Box, Glyph, Page
from parsers.layout.lines import Line, beneath, lines, segments
from parsers.layout.ruled import Net
from parsers.models import Grid, GridCell

OVERHANG = 0.2      # of a character's width past a wall: the text runs over the wall, it does not end at it
AT_END = 0.7        # of the page: a table that ends lower may go on over the page
PADDING = 12.0      # points: the room that word processors leave beside the text of a cell, both sides together

FEW_ROWS = 8        # walls: fewer rows do not show whether they belong together
HALF = 0.6          # of the walls of a row: the rows of one table have more in common

APART = "\n \n"     # between two numbers of one cell that are no broken number

_POINTS = str.maketrans("", "", ",.，．")
UNIT = re.compile(r"[万亿]?[元件条个次人项]?")
Place = tuple[int, int] | None       # (index of the net, index of the cell); None outside all tables
_Row = tuple[list[float], list[tuple[Place, float, float]]]       # the walls, and the cell between each two: left, right edge


def sort_out(glyphs: Sequence[Glyph], nets: Sequence[Net]) -> list[Glyph]:
    """Give every net its characters; returns the characters outside all tables, in their order."""
    if not glyphs:
        return []                                     # a page of nothing but lines
    places, overhanging = _places(glyphs, nets)
    for index in overhanging:
        _keep_together(index, glyphs, places)
    for index in _changes(places):
        if _one_number(glyphs[index], glyphs[index + 1]):
            _keep_together(index, glyphs, places)
    outside: list[Glyph] = []
    first = 0
    for last in (*_changes(places), len(places) - 1):
        place = places[last]
        owned = outside if place is None else nets[place[0]].glyphs[place[1]]
        owned += glyphs[first:last + 1]
        first = last + 1
    return outside


def _changes(places: Sequence[Place]) -> list[int]:
    """The characters after which another cell begins."""
    return list(compress(range(len(places)), map(ne, places, places[1:])))


def _places(glyphs: Sequence[Glyph], nets: Sequence[Net]) -> tuple[list[Place], list[int]]:
    """The cell under the middle of every character, and which characters stick out of theirs.

    Characters of one height lie in one row of each net.
    """
    rows: dict[float, list[_Row]] = {}
    places: list[Place] = []
    overhanging: list[int] = []
    for at, (_, x0, y0, x1, y1) in enumerate(glyphs):
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        if y not in rows:
            rows[y] = [_row(index, net, y) for index, net in enumerate(nets) if net.ys[0] <= y <= net.ys[-1]]
        place = None
        for xs, cells in rows[y]:
            if xs[0] <= x <= xs[-1]:
                place, left, right = cells[bisect_right(xs, x) - 1]
                allowed = OVERHANG * (x1 - x0)
                if left - x0 > allowed or x1 - right > allowed:
                    overhanging.append(at)
                break
        places.append(place)
    return places, overhanging


def _row(index: int, net: Net, y: float) -> _Row:
    """The row of a net at a height; its last wall belongs to the last cell."""
    boxes = [((index, owner), net.spans[owner].box) for owner in net.row_at(y)]
    cells = [(place, box.x0, box.x1) for place, box in boxes]
    return net.xs, [*cells, cells[-1]]


def pushed_out(line: Line, net: Net, height: float) -> bool:
    """Is this line the rest of cells that a page break cut, set below the table's edge? It is then put back into them.

    Browsers do so where a row goes on over the page. Every word stands below a filled cell of the last row.
    """
    if net.ys[-1] < AT_END * height or not -2 < line.y0 - net.ys[-1] < 1.3 * line.size:
        return False
    pieces = segments(line, 0.45)
    owners = [net.cell_at((piece.x0 + piece.x1) / 2, net.ys[-1] - 1) for piece in pieces]
    if len(pieces) < 2 or len(set(owners)) < len(owners) or not all(
            owner is not None and net.glyphs.get(owner) and net.spans[owner].box.x0 <= piece.x0
            and piece.x1 <= net.spans[owner].box.x1 for owner, piece in zip(owners, pieces, strict=True)):
        return False
    for owner, piece in zip(owners, pieces, strict=True):
        net.glyphs[owner if owner is not None else 0] += piece.glyphs
        net.lines.pop(owner if owner is not None else 0, None)
    return True


def grid(net: Net, page: Page) -> Grid:
    """A net as a grid; every cell says its page, row, column and box."""
    texts = [words(net, index) for index in range(len(net.spans))]
    rows: dict[int, list[int]] = defaultdict(list)
    for index, span in enumerate(net.spans):
        if span.rowspan == 1:
            rows[span.row].append(index)
    for row in rows.values():
        for index, text in zip(row, unwrapped([texts[index] for index in row]), strict=True):
            texts[index] = text
    cut = runs_off(net.box, page)
    if cut:
        window = page.window(net.box)
        texts = [marked(text, span.box, net.glyphs.get(index, []), window, page, numeral(text))
                 for index, (span, text) in enumerate(zip(net.spans, texts, strict=True))]
    cells = tuple(
        GridCell(span.row, span.column, text, locator(page.number, span.row, span.column, page.origin(span.box)),
                 span.rowspan, span.colspan)
        for span, text in zip(net.spans, texts, strict=True))
    if rows_apart(net):
        return Grid(_ranked(cells), f"page {page.number}", False, cut)
    return Grid(cells, f"page {page.number}", cut=cut)


def rows_apart(net: Net) -> bool:
    """Is every row a table of its own, with walls of its own and an empty stripe below it? Then its columns are ranks."""
    if len(net.ys) < FEW_ROWS:
        return False
    last = len(net.xs) - 1
    stripes = {span.row for index, span in enumerate(net.spans) if span.colspan == last and not net.glyphs.get(index)}
    walls: dict[int, set[int]] = defaultdict(set)
    for span in net.spans:
        if span.row not in stripes:
            walls[span.row].add(span.column)
    shared = [len(upper & lower) / min(len(upper), len(lower)) for upper, lower in pairwise(walls.values())]
    return 2 * len(stripes) + 2 >= len(net.ys) - 1 and sum(shared) < HALF * len(shared)


def _ranked(cells: Sequence[GridCell]) -> tuple[GridCell, ...]:
    """The rows with something in them, their cells counted."""
    rows: dict[int, list[GridCell]] = defaultdict(list)
    for cell in cells:
        rows[cell.row].append(cell)
    filled = [row for row in rows.values() if any(cell.text for cell in row)]
    return tuple(GridCell(at, rank, cell.text, cell.where) for at, row in enumerate(filled) for rank, cell in enumerate(row))


def unwrapped(row: Sequence[str]) -> list[str]:
    """The cells of a row with numbers broken by narrow columns whole again.

    A number over a number in one cell may be two values of two rows that no rule parts; then all cells of the row have two.
    One number standing alone beside it proves that the row is one.
    """
    proven = any(numeral(text) for text in row)
    return [text.replace("\n", "") if proven and "\n" in text and APART not in text and numeral(text.replace("\n", ""))
            else text for text in row]


def locator(page: int, row: int, column: int, box: Box) -> str:
    """Where a cell stands, rows and columns counted from 1, the box in points from the top left of the page."""
    x0, y0, x1, y1 = box
    return f"page {page} row {row + 1} column {column + 1} [{x0:.0f},{y0:.0f},{x1:.0f},{y1:.0f}]"


def words(net: Net, index: int) -> str:
    """The text of a cell, its lines kept apart by line breaks."""
    stream = net.glyphs.get(index, [])
    if len(stream) < 2:
        return stream[0].text if stream else ""
    found = lines_of(net, index)
    if len(found) == 1:
        return found[0].text
    if len(found) > 2 and all(len(line.glyphs) == 1 for line in found) and _climbs(stream):
        return "".join(glyph.text for glyph in stream)
    return _stacked(found, net.spans[index].box)


def lines_of(net: Net, index: int) -> list[Line]:
    """The lines of text in a cell."""
    if index not in net.lines:
        net.lines[index] = lines(net.glyphs[index])
    return net.lines[index]


def _stacked(found: Sequence[Line], box: Box) -> str:
    """Lines joined by breaks; numbers under numbers that had room on the line above stay apart as two values."""
    text = found[0].text
    for upper, lower in pairwise(found):
        below = beneath(upper, lower)
        text = f"{text}{APART}{below}" if _two_values(upper, lower, box) else stacked(text, below)
    return text


def stacked(upper: str, lower: str) -> str:
    """Two lines of a cell; the unit that a narrow column broke off its number (万元, 件) stands beside it again."""
    broken = upper[-1:].isdecimal() or (len(upper) > 1 and upper[-2].isdecimal())
    return upper + lower if broken and UNIT.fullmatch(lower) else f"{upper}\n{lower}"


def _two_values(upper: Line, lower: Line, box: Box) -> bool:
    """Is the lower number a value of its own? A broken number goes on where it found no room."""
    if not (numeral(upper.text) and numeral(lower.text)):
        return False
    indented = upper.x0 > lower.x0 + 1 and upper.x1 > lower.x1 + 1       # a space, which leaves no ink, took room as well
    room = box.x1 - upper.x1 - PADDING / 2 if indented else box.x1 - box.x0 - (upper.x1 - upper.x0) - PADDING
    return room > lower.x1 - lower.x0


def numeral(text: str) -> bool:
    """A number alone, in whatever width, with its points."""
    return text.translate(_POINTS).isdecimal()


def _climbs(stream: Sequence[Glyph]) -> bool:
    """Does the text run from bottom to top, one character above the other?"""
    return all(lower.y0 > upper.y0 for lower, upper in pairwise(stream))


def _keep_together(index: int, glyphs: Sequence[Glyph], places: list[Place]) -> None:
    """A word that runs over a wall belongs whole to the cell that holds most of it."""
    first = last = index
    while first > 0 and _adjoin(glyphs[first - 1], glyphs[first]):
        first -= 1
    while last + 1 < len(glyphs) and _adjoin(glyphs[last], glyphs[last + 1]):
        last += 1
    run = places[first:last + 1]
    places[first:last + 1] = [max(run, key=lambda place: (run.count(place) if place else 0))] * len(run)


def _one_number(left: Glyph, right: Glyph) -> bool:
    """Do two figures follow each other without a gap, as only figures of one number do?"""
    height = right[4] - right[2]
    return (abs(right[1] - left[3]) < 0.04 * height and abs(left[4] - right[4]) < 0.1 * height
            and left[0][-1:].isdecimal() and right[0][:1].isdecimal())


def _adjoin(left: Glyph, right: Glyph) -> bool:
    height = min(left.y1 - left.y0, right.y1 - right.y0)
    return abs(left.y1 - right.y1) < 0.5 * height and -0.5 * height < right.x0 - left.x1 < 0.15 * height
