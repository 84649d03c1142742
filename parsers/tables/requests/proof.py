"""Of two readings of the table the one that its sums prove; what neither proves has no place."""

from __future__ import annotations

from parsers.models import Cell
from parsers.tables.candidates import Candidates
from parsers.tables.requests.form import ORDER, Row, sums

_FAR = 4               # so many times as many broken sums show that a reading is the wrong one


def proved(last: Candidates[Row], first: Candidates[Row]) -> Candidates[Row]:
    """Of two readings the one whose sums agree where those of the other do not; else what both say."""
    broken, others = broken_sums(last), broken_sums(first)
    if _FAR * min(broken, others) < max(broken, others):
        return last if broken < others else first
    for candidate, other in zip(last.all, first.all, strict=False):
        candidate.rows = {row: cells if _said(cells) == _said(other.rows.get(row, {})) else unplaced(cells)
                          for row, cells in candidate.rows.items()}
    return last


def broken_sums(found: Candidates[Row]) -> int:
    """How many full rows do not make up their total."""
    rows = [{column: cell.value for column, cell in cells.items() if cell.value is not None}
            for candidate in found.all for cells in candidate.rows.values()]
    return sum(len(row) == len(ORDER) and not sums(row) for row in rows)


def _said(cells: Row) -> dict[str, str]:
    return {column: cell.raw for column, cell in cells.items()}


def unplaced(cells: Row) -> Row:
    raw = " ".join(cells[column].raw for column in ORDER if column in cells)
    return {column: Cell(raw, None, "position_lost", None, cell.where) for column, cell in cells.items()}
