"""Tables from their rules: crossing rules make a net, its meshes are joined across missing walls into cells with spans."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import inf
from typing import NamedTuple

from parsers.layout.ink import Box, Glyph, Rule
from parsers.layout.lines import Line

SNAP = 4.5          # points, less than any row of text: double rules and cells set a little apart have one wall
MESH = 6.0          # points: no row or column of text is narrower
REACH = 3.5         # points: a rule that ends this near to another one touches it
STUB = 6.0          # points: shorter rules are ticks and corners
MAX_RULES = 2_000   # per page and direction, after joining; a statutory table needs about 40
MAX_MESHES = 40_000


class Span(NamedTuple):
    """A cell of the net: its place, its spans and its box."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box


@dataclass(slots=True)
class Net:
    """A ruled table: the places of its walls and its cells; `glyphs` and their `lines` are filled in by cell index.

    `owners` has the index in `spans` of the cell at every row and column.
    """

    xs: list[float]
    ys: list[float]
    spans: list[Span]
    owners: list[list[int]]
    glyphs: dict[int, list[Glyph]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[int, list[Line]] = field(default_factory=dict)

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cell_at(self, x: float, y: float) -> int | None:
        """The index in `spans` of the cell under a point; None outside the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        return self.row_at(y)[min(bisect_right(self.xs, x), len(self.xs) - 1) - 1]

    def row_at(self, y: float) -> list[int]:
        """The owners of the row at a height inside the table."""
        return self.owners[min(bisect_right(self.ys, y), len(self.ys) - 1) - 1]


class Wall(NamedTuple):
    """Collinear rules joined: where the wall stands and from where to where it runs."""

    at: float
    start: float
    end: float


def nets(rules: Iterable[Rule]) -> list[Net]:
    """The tables of a page, smallest first, so that the innermost of nested ones owns its text."""
    rules = list(rules)
    flat = _walls([(y0, x0, x1) for x0, y0, x1, y1 in rules if y0 == y1])
    upright = _walls([(x0, y0, y1) for x0, y0, x1, y1 in rules if x0 == x1])
    if not upright or max(len(flat), len(upright)) > MAX_RULES:
        return []
    found = [net for group in _groups(flat, upright) if (net := _net(*group)) is not None]
    return sorted(found, key=lambda net: (net.box.x1 - net.box.x0) * (net.box.y1 - net.box.y0))


def _walls(rules: list[tuple[float, float, float]]) -> list[Wall]:
    """Rules (place, start, end) at one place joined end to end; a wall stands where its own rules do on the average."""
    walls: list[Wall] = []
    for group in _snapped(rules):
        begin, reach = group[0][:2]
        places: list[float] = []
        for start, end, at in group:
            if start > reach + REACH:
                walls.append(Wall(sum(places) / len(places), begin, reach))
                begin, reach, places = start, end, []
            elif end > reach:
                reach = end
            places.append(at)
        walls.append(Wall(sum(places) / len(places), begin, reach))
    return [wall for wall in walls if wall.end - wall.start >= STUB]


def _snapped(rules: list[tuple[float, float, float]]) -> Iterator[list[tuple[float, float, float]]]:
    """Rules grouped by place as (start, end, place), each group no wider than SNAP. Those of other tables may be among them."""
    rules.sort()
    first = 0
    while first < len(rules):
        after = bisect_right(rules, (rules[first][0] + SNAP, inf, inf), first)
        yield sorted([(start, end, at) for at, start, end in rules[first:after]])
        first = after


def _groups(flat: Sequence[Wall], upright: list[Wall]) -> list[tuple[list[Wall], list[Wall]]]:
    """Walls that touch one another, as (horizontal, vertical) per table."""
    parent = list(range(len(flat) + len(upright)))
    upright.sort()
    for i, (at, start, end) in enumerate(flat):
        low, high = bisect_left(upright, (start - REACH,)), bisect_right(upright, (end + REACH, inf, inf))
        for j in range(low, high):
            if upright[j].start - REACH <= at <= upright[j].end + REACH:
                parent[_root(parent, i)] = _root(parent, len(flat) + j)
    groups: dict[int, tuple[list[Wall], list[Wall]]] = defaultdict(lambda: ([], []))
    for index, wall in enumerate((*flat, *upright)):
        groups[_root(parent, index)][index >= len(flat)].append(wall)
    return list(groups.values())


def _root(parent: list[int], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def _net(flat: list[Wall], upright: list[Wall]) -> Net | None:
    """The cells between touching walls; None where they enclose fewer than two."""
    if not flat or not upright:
        return None
    xs = _places([w.at for w in upright] + [end for w in flat for end in (w.start, w.end)], [w.at for w in upright])
    ys = _places([w.at for w in flat] + [end for w in upright for end in (w.start, w.end)], [w.at for w in flat])
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > MAX_MESHES:
        return None
    spans, owners = _cells(xs, ys, flat, upright)
    return Net(xs, ys, spans, owners) if len(spans) > 1 else None


def _places(reach: list[float], walls: list[float]) -> list[float]:
    """Where walls stand, with the outer edges closed where the rules run on past the last wall (open-sided tables)."""
    places = sorted(set(walls))
    if min(reach) < places[0] - 2 * REACH:
        places.insert(0, min(reach))
    if max(reach) > places[-1] + 2 * REACH:
        places.append(max(reach))
    kept = places[:1]
    for place in places[1:]:
        if place - kept[-1] >= MESH:
            kept.append(place)
    return kept


def _cells(xs: list[float], ys: list[float], flat: list[Wall], upright: list[Wall]) -> tuple[list[Span], list[list[int]]]:
    """Meshes joined across missing walls; a joined shape that is no rectangle is cut into rows again."""
    height, width = len(ys) - 1, len(xs) - 1
    parent = list(range(height * width))
    joined = [(row * width + column, row * width + column - 1) for column, row in _open(xs, ys, upright)]
    joined += [(row * width + column, (row - 1) * width + column) for row, column in _open(ys, xs, flat)]
    for mesh, before in joined:
        parent[_root(parent, before)] = _root(parent, mesh)
    shapes: dict[int, list[tuple[int, int]]] = defaultdict(list)
    several = set(chain(*joined))
    for mesh in several:
        shapes[_root(parent, mesh)].append(divmod(mesh, width))
    blocks = [(*divmod(mesh, width), 1, 1) for mesh in range(height * width) if mesh not in several]
    blocks += [block for shape in shapes.values() for block in _rectangles(shape)]
    spans = [Span(r, c, rs, cs, Box(xs[c], ys[r], xs[c + cs], ys[r + rs])) for r, c, rs, cs in sorted(blocks)]
    owners = [[0] * width for _ in range(height)]
    for index, (row, column, rowspan, colspan, _) in enumerate(spans):
        for owned in owners[row:row + rowspan]:
            owned[column:column + colspan] = [index] * colspan
    return spans, owners


def _open(places: list[float], steps: list[float], walls: list[Wall]) -> Iterator[tuple[int, int]]:
    """(place, step) pairs inside the net where no wall stands along at least half of the step."""
    shut = [bytearray(len(steps) - 1) for _ in places]
    for at, start, end in walls:
        right = min(bisect_left(places, at), len(places) - 1)
        place = right - 1 if right and at - places[right - 1] <= abs(places[right] - at) else right
        for step in range(max(bisect_right(steps, start) - 1, 0), min(bisect_left(steps, end), len(steps) - 1)):
            if min(end, steps[step + 1]) - max(start, steps[step]) >= 0.5 * (steps[step + 1] - steps[step]):
                shut[place][step] = True
    return ((place, step) for place in range(1, len(places) - 1) for step, wall in enumerate(shut[place]) if not wall)


def _rectangles(shape: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """A joined shape as (row, column, rowspan, colspan): itself when it is a rectangle, else runs of equal rows."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, column in shape:
        rows[row].append(column)
    blocks: list[tuple[int, int, int, int]] = []
    open_runs: dict[tuple[int, int], tuple[int, int]] = {}        # (first, last column) → (first row, rows)
    for row in sorted(rows):
        runs = _runs(sorted(rows[row]))
        for run in [run for run in open_runs if run not in runs]:
            first, count = open_runs.pop(run)
            blocks.append((first, run[0], count, run[1] - run[0] + 1))
        for run in runs:
            first, count = open_runs.get(run, (row, 0))
            open_runs[run] = (first, count + 1)
    blocks += [(first, run[0], count, run[1] - run[0] + 1) for run, (first, count) in open_runs.items()]
    return blocks


def _runs(columns: list[int]) -> list[tuple[int, int]]:
    """Sorted columns as (first, last) of each unbroken run."""
    runs = [(columns[0], columns[0])]
    for column in columns[1:]:
        first, last = runs[-1]
        if column == last + 1:
            runs[-1] = (first, column)
        else:
            runs.append((column, column))
    return runs
