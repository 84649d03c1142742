"""What is drawn on a page: straight strokes and bars become rules, images pictures, texts are counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, pairwise, repeat
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
        steps = list(zip(xs, ys, map(_step, segments), map(_closes, segments), strict=True))
        ends = pairwise(accumulate((count for _, count in kept), initial=0))
        for (start, end), matrix in zip(ends, _matrices([path for path, _ in kept], outer), strict=True):
            self.rules += _edges(steps[start:end], matrix, self.frame)


def _boxes(things: Sequence[Handle], frame: Frame, outer: Matrix) -> list[Box]:
    bounds = zip(*calls.answers(_bounds, len(things), things, of="ffff", apart=True), strict=True)
    return [frame.placed(edges, outer) for edges in bounds]


def _matrices(things: Sequence[Handle], outer: Matrix) -> list[Matrix]:
    return [times(inner, outer) for inner in zip(*calls.answers(_matrix, len(things), things, of="ffffff"), strict=True)]


def _edges(steps: Sequence[tuple[float, float, int, int]], matrix: Matrix, frame: Frame) -> Iterator[Rule]:
    """The straight edges of an outline, its segments given as (x, y, kind, whether it closes)."""
    if (corners := _rectangle(steps)) is not None:
        yield from _sides(frame.box(*_upright(apply(matrix, *corners[0]), apply(matrix, *corners[1]))))
        return
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


def _rectangle(steps: Sequence[tuple[float, float, int, int]]) -> tuple[Point, Point] | None:
    """Two opposite corners of an outline that is a rectangle along the axes; None for any other."""
    if len(steps) not in (4, 5) or [kind for _, _, kind, _ in steps[1:]].count(raw.FPDF_SEGMENT_LINETO) != len(steps) - 1:
        return None
    (ax, ay, _, _), (bx, by, _, _), (cx, cy, _, _), (dx, dy, _, closes) = steps[:4]
    closed = closes if len(steps) == 4 else steps[4][:2] == (ax, ay)
    square = (ax == dx and bx == cx and ay == by and cy == dy) or (ax == bx and cx == dx and ay == dy and by == cy)
    return ((ax, ay), (cx, cy)) if closed and square else None


def _upright(a: Point, b: Point) -> tuple[float, float, float, float]:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _sides(box: Box) -> Iterator[Rule]:
    x0, y0, x1, y1 = box
    if x1 - x0 >= SHORT:
        yield from (Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1))
    if y1 - y0 >= SHORT:
        yield from (Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1))


def _edge(a: Point, b: Point, frame: Frame) -> Iterator[Rule]:
    if abs(a[0] - b[0]) > 0.5 and abs(a[1] - b[1]) > 0.5:
        return                                          # a slant is no wall
    rule = rule_of(*frame.box(*_upright(a, b)))
    if rule is not None:
        yield rule
