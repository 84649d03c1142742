"""Several readings of one table, of which the report keeps one.

A page may show a table twice, or an older one beside it: a row met again with other values opens a new candidate, the
first that is about as full as any wins, in its own section before elsewhere, and the others are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from parsers.models import Issue

T = TypeVar("T")
_FULL = 0.75       # of the rows of the fullest: rows that an office left out do not make a table the lesser one


@dataclass(slots=True)
class Candidate(Generic[T]):
    """Rows (or fields) of one reading of a table, where it begins, and what was odd about it."""

    grid: int
    rows: dict[str, T] = field(default_factory=dict)
    origins: dict[str, int] = field(default_factory=dict)      # row → the grid that it stands in
    issues: list[Issue] = field(default_factory=list)


class Candidates(Generic[T]):
    """The readings of one table in the order met."""

    def __init__(self) -> None:
        self.all: list[Candidate[T]] = []

    def add(self, grid: int, rows: Mapping[str, T], issues: Sequence[Issue]) -> None:
        """Put rows into the current candidate, or into a new one when any of them is there with another content."""
        current = self.all[-1] if self.all else None
        if current is None or any(_differ(current.rows[row], cells) for row, cells in rows.items() if row in current.rows):
            current = _begun(current, grid)
            self.all.append(current)
        for row, cells in rows.items():
            if row not in current.rows:
                current.rows[row], current.origins[row] = cells, grid
        current.issues += issues

    def note(self, issue: Issue) -> None:
        """An oddity of the current candidate; before the first row nobody can tell whose it is."""
        if self.all:
            self.all[-1].issues.append(issue)

    def best(self, inside: range, table: str, older: Callable[[int], bool] = lambda grid: False) -> Candidate[T] | None:
        """The first that is about as full as any, those inside the section's own blocks before others.

        `older` tells whether the table at a block is another year's, shown for comparison: it stands back behind any other.
        """
        if not self.all:
            return None
        best, *others = self.all
        if others:
            own = [candidate for candidate in self.all if not older(candidate.grid)] or self.all
            full = [c for c in own if len(c.rows) >= _FULL * max(len(other.rows) for other in own)]
            best = max(full, key=lambda c: (c.grid in inside, -c.grid))
            best.issues.append(Issue("duplicate-table", f"{len(self.all)} tables look like the {table} table; the one "
                                                        f"with {len(best.rows)} rows was taken, compare them in the original"))
        return best


def _begun(before: Candidate[T] | None, grid: int) -> Candidate[T]:
    """A new candidate, with the rows above in its grid that the one before lacked and so seemed to go on with."""
    new = Candidate[T](grid)
    if before is not None and before.grid != grid:
        for row in [row for row in before.rows if before.origins[row] == grid]:
            new.rows[row], new.origins[row] = before.rows.pop(row), before.origins.pop(row)
    return new


def _differ(one: object, other: object) -> bool:
    return _prints(one) != _prints(other)


def _prints(cells: object) -> object:
    if isinstance(cells, Mapping):
        return {column: _prints(cell) for column, cell in cells.items()}
    return getattr(cells, "raw", cells)
