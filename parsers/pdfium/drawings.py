"""What is drawn on a page: straight strokes and bars become rules, images pictures, texts are counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any

import pypdfium2.raw as raw

from parsers.layout.ink import SHORT, Box, Rule, rule_of
from parsers.pdfium import calls
from parsers.pdfium.calls import Address, Whole
from parsers.pdfium.frame import PLAIN, Frame, Matrix, apply, times

MAX_OBJECTS = 60_000       # per page, forms included; a page of statutory tables has about 600
MAX_SEGMENTS = 4_000       # per path
MAX_DEPTH = 8              # of forms in forms
BACKGROUND = 5             # segments: a filled box with no more is a background, its edges are no walls

_on_page = calls.function("FPDFPage_GetObject", Address, Whole, result=Address)
_in_form = calls.function("FPDFFormObj_GetObject", Address, Whole, result=Address)
_count_on_page = calls.function("FPDFPage_CountObjects", Address)
_count_in_form = calls.function("FPDFFormObj_CountObjects", Address)
_kind = calls.function("FPDFPageObj_GetType", Address)
_bounds = calls.function("FPDFPageObj_GetBounds", Address, *[Address] * 4)
_draw_mode = calls.function("FPDFPath_GetDrawMode", Address, Address, Address)
_matrix = calls.function("FPDFPageObj_GetMatrix", Address, Address)
_count_segments = calls.function("FPDFPath_CountSegments", Address)
_segment = calls.function("FPDFPath_GetPathSegment", Address, Whole, result=Address)
_point = calls.function("FPDFPathSegment_GetPoint", Address, Address, Address)
_step = calls.function("FPDFPathSegment_GetType", Address)
_closes = calls.function("FPDFPathSegment_GetClose", Address)

Handle = int
Point = tuple[float, float]
Corners = tuple[float, float, float, float]  # two opposite ones, x and y of each


class Drawings:
    """The drawn objects of a page, walked once: `rules`, `pictures` (box, handle), `texts`, and the number of other shapes."""

    def __init__(self, page: Any, frame: Frame) -> None:
        self.frame = frame
        self.rules: list[Rule] = []
        self.pictures: list[tuple[Box, Handle]] = []
        self.texts: list[Handle] = []
        self.own_texts: list[Handle] = []      # those that stand in no form
        self.covered = 0           # texts drawn before the last picture
        self.shapes = 0            # paths that are no thin bars
        self.cut = False           # there were more than the limit
        self._left = MAX_OBJECTS
        self._take(_on_page, calls.address(page), _count_on_page, PLAIN, 0)

    def _take(self, child: calls.Call, parent: Handle, count: calls.Call, outer: Matrix, depth: int) -> None:
        """The objects of a page or form, in the order they are drawn; `outer` moves them to the page."""
        number = count(parent)
        self.cut |= number > self._left
        things = list(map(child, repeat(parent), range(min(number, self._left))))
        self._left -= len(things)
        kinds = list(map(_kind, things))
        self._paths([thing for thing, kind in zip(things, kinds, strict=True) if kind == raw.FPDF_PAGEOBJ_PATH], outer)
        if depth == 0:
            self.own_texts = [thing for thing, kind in zip(things, kinds, strict=True) if kind == raw.FPDF_PAGEOBJ_TEXT]
        for thing, kind in zip(things, kinds, strict=True):
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self.texts.append(thing)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self.pictures += [(box, thing) for box in _boxes([thing], self.frame, outer)]
                self.covered = len(self.texts)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                [inner] = _matrices([thing], outer)
                self._take(_in_form, thing, _count_in_form, inner, depth + 1)

    def _paths(self, paths: Sequence[Handle], outer: Matrix) -> None:
        """A thin path is its box; of any other only the straight edges are taken, unless it is a filled background."""
        fills, strokes = calls.answers(_draw_mode, len(paths), paths, of="ii", apart=True)
        outlined = []
        for path, box, fill, stroke in zip(paths, _boxes(paths, self.frame, outer), fills, strokes, strict=True):
            if (rule := rule_of(*box)) is None:
                count = _count_segments(path) if fill or stroke else 0
                outlined += [(path, min(count, MAX_SEGMENTS))] if stroke or count > BACKGROUND else []
                self.shapes += 1
            elif fill or stroke:
                self.rules.append(rule)
        self._outlines(outlined, outer)

    def _outlines(self, kept: Sequence[tuple[Handle, int]], outer: Matrix) -> None:
        """The straight edges of paths, each with the number of its segments to look at."""
        segments = list(chain.from_iterable(map(_segment, repeat(path), range(count)) for path, count in kept))
        xs, ys = calls.answers(_point, len(segments), segments, of="ff", apart=True)
        kinds = list(map(_step, segments))
        boxes: list[Box] = []
        start = 0
        for (_, count), matrix in zip(kept, _matrices([path for path, _ in kept], outer), strict=True):
            part = slice(start, start + count)
            start += count
            if 3 < count < 6 and (corners := _rectangle(xs[part], ys[part], kinds[part], segments[part])) is not None:
                boxes.append(self.frame.box(*_moved(corners, matrix)))
            else:
                steps = zip(xs[part], ys[part], kinds[part], map(_closes, segments[part]), strict=True)
                self.rules += _edges(steps, matrix, self.frame)
        self.rules += _sides(boxes)


def _boxes(things: Sequence[Handle], frame: Frame, outer: Matrix) -> list[Box]:
    bounds = zip(*calls.answers(_bounds, len(things), things, of="ffff", apart=True), strict=True)
    return [frame.placed(edges, outer) for edges in bounds]


def _matrices(things: Sequence[Handle], outer: Matrix) -> list[Matrix]:
    return [times(inner, outer) for inner in zip(*calls.answers(_matrix, len(things), things, of="ffffff"), strict=True)]


def _rectangle(xs: Sequence[float], ys: Sequence[float], kinds: Sequence[int], segments: Sequence[Handle]) -> Corners | None:
    """The opposite corners of an outline of four or five segments that is a rectangle along the axes; None for any other."""
    ax, bx, cx, dx = xs[:4]
    ay, by, cy, dy = ys[:4]
    square = (ax == dx and bx == cx and ay == by and cy == dy) or (ax == bx and cx == dx and ay == dy and by == cy)
    if not square or kinds[1:].count(raw.FPDF_SEGMENT_LINETO) < len(kinds) - 1:
        return None
    closed = _closes(segments[3]) if len(xs) == 4 else xs[4] == ax and ys[4] == ay
    return (ax, ay, cx, cy) if closed else None


def _moved(corners: Corners, matrix: Matrix) -> Corners:
    """A box with corners moved so, as left, bottom, right, top."""
    (ax, ay), (cx, cy) = apply(matrix, *corners[:2]), apply(matrix, *corners[2:])
    return min(ax, cx), min(ay, cy), max(ax, cx), max(ay, cy)


def _sides(boxes: Sequence[Box]) -> Iterator[Rule]:
    """The four sides of every box, save those too short for a rule."""
    wide = [box for box in boxes if box[2] - box[0] >= SHORT]
    high = [box for box in boxes if box[3] - box[1] >= SHORT]
    rows = chain(((x0, y, x1, y) for x0, y0, x1, y1 in wide for y in (y0, y1)),
                 ((x, y0, x, y1) for x0, y0, x1, y1 in high for x in (x0, x1)))
    return map(tuple.__new__, repeat(Rule), rows)


def _edges(steps: Iterable[tuple[float, float, int, int]], matrix: Matrix, frame: Frame) -> Iterator[Rule]:
    """The straight edges of an outline, its segments given as (x, y, kind, whether it closes)."""
    start = last = (0.0, 0.0)
    for x, y, kind, closes in steps:
        point = apply(matrix, x, y)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _edge(last, point, frame)
        last = point
        if closes:
            yield from _edge(last, start, frame)
            last = start


def _edge(a: Point, b: Point, frame: Frame) -> Iterator[Rule]:
    if abs(a[0] - b[0]) > 0.5 and abs(a[1] - b[1]) > 0.5:
        return                                          # a slant is no wall
    rule = rule_of(*frame.box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))
    if rule is not None:
        yield rule
