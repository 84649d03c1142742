"""Consistent repairs: which cells, printed otherwise, would make every sum of section 三 hold. Listed, never applied.

Two kinds only, since more would explain anything: one row is wrong (in one column, or in a column and the total alike), or a
number was copied through a column and is wrong wherever it stands. Where blanks broke the sums, only a blank is filled.
Section 四 has one equation per five cells: any of them would do, so nothing is suggested there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsers.checks import rules, sums
from parsers.checks.sums import EMPTY
from parsers.checks.words import name, place, shown
from parsers.models import Issue, Number, Tables

MENDED = ("A01_row_sum", "A02_results_sum", "A03_identity")
_MOST = 3               # beyond, the sums tell nothing about the cause
TOTAL = "total"

Place = tuple[str, str]
Grid = Mapping[Place, Number]
Change = dict[Place, Number]


@dataclass(frozen=True, slots=True)
class Repair:
    """Cells by `row.column` with the value each would need, and the sums that this would mend."""

    cells: Mapping[str, Number]
    mends: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class _Sum:
    """One equation over places of section 三: what stands left minus what stands right must be zero."""

    title: str
    plus: tuple[Place, ...]
    minus: tuple[Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return self.plus + self.minus

    def off(self, grid: Grid) -> Number:
        return sum((grid[p] for p in self.plus), 0) - sum((grid[p] for p in self.minus), 0)


def repairs(tables: Tables) -> tuple[Repair, ...]:
    """The ways to mend section 三, the smallest first; () when nothing fails, or too little or too much would explain it."""
    equations = list(_equations(tables))
    cells = {(row, column): cell for row, columns in tables.requests.items() for column, cell in columns.items()}
    grid = {spot: cell.value or 0 for spot, cell in cells.items()}
    failed = [equation for equation in equations if equation.off(grid)]
    if not failed:
        return ()
    blanks = {spot for spot, cell in cells.items() if cell.status in EMPTY}
    broken_by_blanks = any(blanks.intersection(equation.places) for equation in failed)
    changes = _fills(failed[0], grid, blanks) if broken_by_blanks else _edits(failed, grid)
    through = _through(equations)
    found = {tuple(sorted(change.items())): change for change in changes if _mends(change, failed, through, grid)}
    if len(found) > _MOST:
        return ()
    mended = tuple(equation.title for equation in failed)
    return tuple(_repair(change, mended, grid, blanks) for change in sorted(found.values(), key=len))


def candidates(tables: Tables) -> tuple[Issue, ...]:
    """The repairs as issues of a report, each at the first cell it would change."""
    return tuple(Issue("repair-candidate", repair.message, _where(tables, repair)) for repair in repairs(tables))


def _equations(tables: Tables) -> Iterator[_Sum]:
    """The sums of section 三 that can be worked out."""
    for rule_id in MENDED:
        for row in sums.laid(rules.rules()[rule_id], tables):
            if sums.judged(row).verdict != "not_assessable":
                left, right = (tuple(_place(row.prefix.format(term)) for term in side)
                               for side in (row.equation.left, row.equation.right))
                yield _Sum(f"{rule_id} {row.title}", left, right)


@lru_cache(4096)
def _place(cell_id: str) -> Place:
    row, _, column = cell_id.partition(".")
    return row, column


def _fills(equation: _Sum, grid: Grid, blanks: set[Place]) -> Iterator[Change]:
    """One blank filled so that the sum holds."""
    return ({spot: value} for spot, value in _solutions(equation, grid) if spot in blanks)


def _edits(failed: Sequence[_Sum], grid: Grid) -> Iterator[Change]:
    """One row changed so that the first failing sum holds, or one number struck out wherever it was copied to."""
    for (row, column), value in _solutions(failed[0], grid):
        yield {(row, column): value}
        partners = [TOTAL] if column != TOTAL else sorted({c for r, c in grid if r == row and c != TOTAL})
        step = value - grid[row, column]
        yield from ({(row, column): value, (row, other): grid[row, other] + step} for other in partners)
    for column in sorted({column for equation in failed for _, column in equation.places if column != TOTAL}):
        yield from _struck_out(column, grid)


def _solutions(equation: _Sum, grid: Grid) -> Iterator[tuple[Place, Number]]:
    """For every cell of a sum, the value that alone would make it hold."""
    off = equation.off(grid)
    yield from ((spot, grid[spot] - off) for spot in equation.plus)
    yield from ((spot, grid[spot] + off) for spot in equation.minus)


def _struck_out(column: str, grid: Grid) -> Iterator[Change]:
    """A number that stands in several rows of a column and of the total alike, set to zero in all of them."""
    for value in sorted({number for (_, c), number in grid.items() if c == column and number}):
        rows = [row for row, c in grid if c == column and grid[row, c] == value]
        if len(rows) > 1 and all(grid.get((row, TOTAL)) == value for row in rows):
            yield {(row, c): 0 for row in rows for c in (column, TOTAL)}


def _through(equations: Iterable[_Sum]) -> Mapping[Place, list[_Sum]]:
    """The sums that run through each cell."""
    found: dict[Place, list[_Sum]] = {}
    for equation in equations:
        for spot in equation.places:
            found.setdefault(spot, []).append(equation)
    return found


def _mends(change: Change, failed: Sequence[_Sum], through: Mapping[Place, list[_Sum]], grid: Grid) -> bool:
    """Whether every sum holds after the change, and no count falls below zero."""
    touched = {equation.title: equation for spot in change for equation in through.get(spot, ())}
    if min(change.values()) < 0 or any(equation.title not in touched for equation in failed):
        return False
    changed = {**grid, **change}
    return not any(equation.off(changed) for equation in touched.values())


def _repair(change: Change, mends: tuple[str, ...], grid: Grid, blanks: set[Place]) -> Repair:
    printed = {spot: "空白" if spot in blanks else shown(grid[spot]) for spot in change}
    words = "、".join(f"{name(spot[0])}·{name(spot[1])} {printed[spot]} 改为 {shown(value)}" for spot, value in change.items())
    return Repair({f"{row}.{column}": value for (row, column), value in change.items()}, mends,
                  f"若{words}，则 {len(mends)} 处不符的勾稽关系全部成立；原值未改")


def _where(tables: Tables, repair: Repair) -> str:
    first = next(iter(repair.cells))
    row, column = _place(first)
    return place(first, tables.requests[row][column])
