"""Tables from their rules: crossing rules make a net, its meshes are joined across missing walls into cells with spans."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.layout.ink import Box, Glyph, Rule
from parsers.layout.lines import Line

SNAP = 4.5          # points, less than any row of text: double rules and cells set a little apart have one wall
MESH = 6.0          # points: no row or column of text is narrower
REACH = 3.5         # points: a rule that ends this near to another one touches it
STUB = 6.0          # points: shorter rules are ticks and corners
MAX_RULES = 2_000   # per page and direction, after joining; a statutory table needs about 40
MAX_MESHES = 40_000


@dataclass(frozen=True, slots=True)
class Span:
    """A cell of the net: its place, its spans and its box."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box


@dataclass(slots=True)
class Net:
    """A ruled table: the places of its walls and its cells; `glyphs` and their `lines` are filled in by cell index."""

    xs: list[float]
    ys: list[float]
    spans: list[Span]
    owners: dict[tuple[int, int], int]
    glyphs: dict[int, list[Glyph]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[int, list[Line]] = field(default_factory=dict)

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cell_at(self, x: float, y: float) -> int | None:
        """The index in `spans` of the cell under a point; None outside the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        return self.owners[self.row_at(y), self.column_at(x)]

    def row_at(self, y: float) -> int:
        """The row at a height inside the table."""
        return min(bisect_right(self.ys, y), len(self.ys) - 1) - 1

    def column_at(self, x: float) -> int:
        return min(bisect_right(self.xs, x), len(self.xs) - 1) - 1


@dataclass(slots=True)
class Wall:
    """Collinear rules joined: where the wall stands and from where to where it runs."""

    at: float
    start: float
    end: float


def nets(rules: Iterable[Rule]) -> list[Net]:
    """The tables of a page, smallest first, so that the innermost of nested ones owns its text."""
    rules = list(rules)
    flat = _walls((r.y0, r.x0, r.x1) for r in rules if r.y0 == r.y1)
    upright = _walls((r.x0, r.y0, r.y1) for r in rules if r.x0 == r.x1)
    if not upright or max(len(flat), len(upright)) > MAX_RULES:
        return []
    found = [net for group in _groups(flat, upright) if (net := _net(*group)) is not None]
    return sorted(found, key=lambda net: (net.box.x1 - net.box.x0) * (net.box.y1 - net.box.y0))


def _walls(rules: Iterable[tuple[float, float, float]]) -> list[Wall]:
    """Rules (place, start, end) at one place joined end to end; a wall stands where its own rules do on the average."""
    walls: list[Wall] = []
    for group in _snapped(rules):
        run: list[tuple[float, float, float]] = []
        reach = 0.0
        for start, end, at in sorted((start, end, at) for at, start, end in group):
            if run and start > reach + REACH:
                walls.append(_wall(run))
                run = []
            reach = max(reach, end) if run else end
            run.append((start, end, at))
        walls.append(_wall(run))
    return [wall for wall in walls if wall.end - wall.start >= STUB]


def _wall(run: Sequence[tuple[float, float, float]]) -> Wall:
    return Wall(sum(at for _, _, at in run) / len(run), run[0][0], max(end for _, end, _ in run))


def _snapped(rules: Iterable[tuple[float, float, float]]) -> Iterable[list[tuple[float, float, float]]]:
    """Rules grouped by place, each group no wider than SNAP. Those of another table on the page may stand among them."""
    group: list[tuple[float, float, float]] = []
    for rule in sorted(rules):
        if group and rule[0] - group[0][0] > SNAP:
            yield group
            group = []
        group.append(rule)
    if group:
        yield group


def _groups(flat: Sequence[Wall], upright: Sequence[Wall]) -> list[tuple[list[Wall], list[Wall]]]:
    """Walls that touch one another, as (horizontal, vertical) per table."""
    parent = list(range(len(flat) + len(upright)))
    for i, h in enumerate(flat):
        for j, v in enumerate(upright, len(flat)):
            if (h.start - REACH <= v.at <= h.end + REACH) and (v.start - REACH <= h.at <= v.end + REACH):
                parent[_root(parent, i)] = _root(parent, j)
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


def _cells(xs: list[float], ys: list[float], flat: list[Wall], upright: list[Wall]
           ) -> tuple[list[Span], dict[tuple[int, int], int]]:
    """Meshes joined across missing walls; a joined shape that is no rectangle is cut into rows again."""
    across, down = _closed(xs, ys, upright), _closed(ys, xs, flat)
    height, width = len(ys) - 1, len(xs) - 1
    parent = list(range(height * width))
    for row in range(height):
        for column in range(width):
            here = row * width + column
            if column + 1 < width and (column + 1, row) not in across:
                parent[_root(parent, here)] = _root(parent, here + 1)
            if row + 1 < height and (row + 1, column) not in down:
                parent[_root(parent, here)] = _root(parent, here + width)
    shapes: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index in range(height * width):
        shapes[_root(parent, index)].append(divmod(index, width))
    blocks = sorted(block for shape in shapes.values() for block in _rectangles(shape))
    spans = [Span(r, c, rs, cs, Box(xs[c], ys[r], xs[c + cs], ys[r + rs])) for r, c, rs, cs in blocks]
    owners = {(r, c): i for i, s in enumerate(spans)
              for r in range(s.row, s.row + s.rowspan) for c in range(s.column, s.column + s.colspan)}
    return spans, owners


def _closed(places: list[float], steps: list[float], walls: list[Wall]) -> set[tuple[int, int]]:
    """(place, step) pairs where a wall stands along at least half of the step."""
    closed: set[tuple[int, int]] = set()
    for wall in walls:
        index = min(range(len(places)), key=lambda i, at=wall.at: abs(places[i] - at))  # type: ignore[misc]
        for step, (start, end) in enumerate(itertools.pairwise(steps)):
            if min(end, wall.end) - max(start, wall.start) >= 0.5 * (end - start):
                closed.add((index, step))
    return closed


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
