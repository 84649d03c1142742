"""A row parted by a page: its figures end one page without a label, its label begins the next without a figure.

The blanks beside the label are not the row's. The figures are, where the rows around them are its neighbours in the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.models import Issue
from parsers.tables.candidates import Candidate
from parsers.tables.requests.form import ADDED_2021, FIELDS, ORDER, Row, sums
from parsers.tables.requests.proof import unplaced
from parsers.tables.requests.state import State
from parsers.tables.slots import Line, Slot

_FORMS = [[row for row, form in FIELDS.items() if version in form["versions"]] for version in ("f2019", "f2021")]
_UNLIKE = "row {row}: the page before ends with figures that may be its own, but other rows stand around them"


def keep(line: Line, state: State) -> None:
    """Remember figures without a label, within the table or right below its head: a label may follow on the next page."""
    forsake(state)
    if (state.head.grid if state.heading else state.grid) == line.grid:
        state.loose = line


def forsake(state: State) -> None:
    """No label followed: the figures are nobody's."""
    if state.loose and state.loose.grid == state.grid:
        message = "numbers without a label in the table of requests were left out"
        state.found.note(Issue("unknown-row", message, state.loose.where))
    state.loose = None


def rejoined(line: Line, tail: Sequence[Slot], state: State) -> Line | None:
    """The figures that the page before ends with beside the label that this line is, if it is nothing more."""
    figures, only = state.loose, bool(tail) and not any(slot.filled for slot in tail)
    if figures is None or not only or not (figures.aligned and line.aligned) or figures.grid == line.grid:
        return None
    state.loose = None
    return replace(figures, slots=(line.words[-1], *_beside(figures, len(tail))), cut=True)


def _beside(figures: Line, count: int) -> Sequence[Slot]:
    """The places beside the label: as many as there; the printed alone where those are not all among them."""
    places = figures.slots[-count:]
    return places if set(figures.printed) <= set(places) else figures.printed


def settle(candidate: Candidate[Row], parted: dict[str, Row]) -> None:
    """Believe a row put together from two pages only where its neighbours in the form stand around it."""
    for row, cells in parted.items():
        if candidate.rows.get(row) is cells and not _in_its_place(row, candidate.rows):
            candidate.rows[row] = unplaced(cells)
            candidate.issues.append(Issue("position-lost", _UNLIKE.format(row=row), next(iter(cells.values())).where))


def _in_its_place(row: str, rows: dict[str, Row]) -> bool:
    """Whether the rows before and behind are those of either form.

    The figures may be of the row before, where that is blank; where there is none before, only the sums tell them from numbers
    of columns.
    """
    read = [other for other in rows if other != "other_handled" or not ADDED_2021 & rows.keys()]
    around = _around(row, read)
    proved = _is_filled(rows[around[0]]) if around[0] else _adds_up(rows[row])
    return proved and any(row in form and _around(row, form) == around for form in _FORMS)


def _around(row: str, rows: Sequence[str]) -> tuple[str, str]:
    """The rows before and behind one, "" at the ends."""
    at = rows.index(row)
    return rows[at - 1] if at else "", rows[at + 1] if at + 1 < len(rows) else ""


def _is_filled(cells: Row) -> bool:
    return any(cell.raw for cell in cells.values())


def _adds_up(cells: Row) -> bool:
    values = {column: cell.value for column, cell in cells.items() if cell.value is not None}
    return len(values) == len(ORDER) and sums(values)
