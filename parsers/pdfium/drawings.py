"""What is drawn on a page: straight strokes and bars become rules, images pictures, texts are counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Any

import pypdfium2.raw as raw

from parsers.layout.ink import SHORT, THICK, Box, Rule, rule_of
from parsers.pdfium import calls
from parsers.pdfium.calls import Address, Whole
from parsers.pdfium.frame import PLAIN, Frame, Matrix, apply, times

MAX_OBJECTS = 60_000       # per page, forms included; a page of statutory tables has about 600
MAX_SEGMENTS = 4_000       # per path
MAX_DEPTH = 8              # of forms in forms
RECTANGLE = range(5)       # the segments of one: back where it began
STRAIGHT = (raw.FPDF_SEGMENT_LINETO,) * 4
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
Corners = tuple[float, float, float, float]  # left, bottom, right, top


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
        bounds = calls.answers(_bounds, len(paths), paths, of="ffff", apart=True)
        outlined = []
        for path, fill, stroke, *edges in zip(paths, fills, strokes, *bounds, strict=True):
            if (rule := self._rule(edges, outer)) is None:
                count = _count_segments(path) if fill or stroke else 0
                outlined += [(path, min(count, MAX_SEGMENTS))] if stroke or count > BACKGROUND else []
                self.shapes += 1
            elif fill or stroke:
                self.rules.append(rule)
        boxes, rest = _rectangles([path for path, count in outlined if count == len(RECTANGLE)], outer)
        self.rules += _sides([self.frame.box(*box) for box in boxes])
        for path, count in [(path, len(RECTANGLE)) for path in rest] + [kept for kept in outlined if kept[1] != len(RECTANGLE)]:
            self.rules += _edges(path, count, outer, self.frame)


    def _rule(self, edges: Sequence[float], outer: Matrix) -> Rule | None:
        """The rule that a path with these bounds is; None for any that is not thin."""
        left, bottom, right, top = edges
        if outer is PLAIN and right - left > THICK and top - bottom > THICK:
            return None
        return rule_of(*self.frame.placed((left, bottom, right, top), outer))


def _boxes(things: Sequence[Handle], frame: Frame, outer: Matrix) -> list[Box]:
    bounds = zip(*calls.answers(_bounds, len(things), things, of="ffff", apart=True), strict=True)
    return [frame.placed(edges, outer) for edges in bounds]


def _matrices(things: Sequence[Handle], outer: Matrix) -> list[Matrix]:
    inner = zip(*calls.answers(_matrix, len(things), things, of="ffffff"), strict=True)
    return list(inner) if outer is PLAIN else [times(matrix, outer) for matrix in inner]


def _rectangles(paths: Sequence[Handle], outer: Matrix) -> tuple[list[Corners], list[Handle]]:
    """Those paths of five segments that are rectangles along the axes, as (left, bottom, right, top), and all others.

    Nearly every cell border is one; they are looked at together, segment by segment.
    """
    segments = [list(map(_segment, paths, repeat(place))) for place in RECTANGLE]
    points = [zip(*calls.answers(_point, len(paths), column, of="ff", apart=True), strict=True) for column in segments]
    bends = zip(*[map(_step, column) for column in segments[1:]], strict=True)
    boxes, rest = [], []
    for path, matrix, bent, (ax, ay), (bx, by), (cx, cy), (dx, dy), end in zip(
            paths, _matrices(paths, outer), bends, *points, strict=True):
        if end == (ax, ay) and bent == STRAIGHT and (
                (ax == dx and bx == cx and ay == by and cy == dy) or (ax == bx and cx == dx and ay == dy and by == cy)):
            (x, y), (u, v) = ((ax, ay), (cx, cy)) if matrix == PLAIN else (apply(matrix, ax, ay), apply(matrix, cx, cy))
            boxes.append((x if x < u else u, y if y < v else v, u if x < u else x, v if y < v else y))
        else:
            rest.append(path)
    return boxes, rest


def _sides(boxes: Sequence[Box]) -> Iterator[Rule]:
    """The four sides of every box, save those too short for a rule."""
    wide = [box for box in boxes if box[2] - box[0] >= SHORT]
    high = [box for box in boxes if box[3] - box[1] >= SHORT]
    rows = chain(((x0, y, x1, y) for x0, y0, x1, y1 in wide for y in (y0, y1)),
                 ((x, y0, x, y1) for x0, y0, x1, y1 in high for x in (x0, x1)))
    return map(tuple.__new__, repeat(Rule), rows)


def _edges(path: Handle, count: int, outer: Matrix, frame: Frame) -> Iterator[Rule]:
    """The straight edges of any path."""
    segments = list(map(_segment, repeat(path), range(count)))
    points = zip(*calls.answers(_point, count, segments, of="ff", apart=True), strict=True)
    [matrix] = _matrices([path], outer)
    start = last = (0.0, 0.0)
    for segment, (x, y) in zip(segments, points, strict=True):
        kind, point = _step(segment), apply(matrix, x, y)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _edge(last, point, frame)
        last = point
        if _closes(segment):
            yield from _edge(last, start, frame)
            last = start


def _edge(a: Point, b: Point, frame: Frame) -> Iterator[Rule]:
    if abs(a[0] - b[0]) > 0.5 and abs(a[1] - b[1]) > 0.5:
        return                                          # a slant is no wall
    rule = rule_of(*frame.box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))
    if rule is not None:
        yield rule
