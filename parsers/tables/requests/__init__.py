"""Section 三: seven applicant columns by 23 (2019) or 25 (2021) rows, each found by its label.

    head: which columns ──> rows: label and figures ──> proof: of two readings the one whose sums agree
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parsers.models import Issue
from parsers.tables import annex
from parsers.tables.candidates import Candidate, Candidates
from parsers.tables.requests import parted
from parsers.tables.requests.form import ADDED_2021, FIELDS, ORDER, Row
from parsers.tables.requests.head import extend_head, is_head
from parsers.tables.requests.proof import broken_sums, proved
from parsers.tables.requests.rows import take
from parsers.tables.requests.state import State
from parsers.tables.slots import Line


def find(lines: Sequence[Line], kept: bool) -> Candidates[Row]:
    """Every reading of the table in the lines of a document.

    Where every cell has a line of its own, 总计 between 申请人情况 and 自然人 may be the first of the columns or hang down
    beside them all: the sums of the rows tell, and where they do not, nobody can. Where the head is lost, the order of the
    form is taken unless the sums speak against it.
    """
    last = _walked(lines, State(kept))
    if not last.unsettled and not (last.assumed and broken_sums(last.found)):
        return last.found
    return proved(last.found, _walked(lines, State(kept, total_first=True)).found)


def _walked(lines: Sequence[Line], state: State) -> State:
    annexes = {line.grid for line in annex.heads(lines)}
    annexes -= {line.grid for line in lines if line.grid in annexes and annex.is_of_requests(line)}
    for line in lines:
        if line.grid in annexes:
            continue
        if is_head(line, state):
            extend_head(line, state)
        else:
            take(line, state)
    parted.forsake(state)
    for candidate in state.found.all:
        _without_subtotal(candidate)
        parted.settle(candidate, state.parted)
    return state


def _without_subtotal(candidate: Candidate[Row]) -> None:
    """（六）其他处理 has no figures of its own where its three rows have theirs: a subtotal, or a row that lost its name."""
    figures = [cell for cell in candidate.rows.get("other_handled", {}).values() if cell.raw]
    if figures and ADDED_2021 & candidate.rows.keys():
        del candidate.rows["other_handled"]
        message = "figures beside （六）其他处理 that belong to none of its rows were left out"
        candidate.issues.append(Issue("unknown-row", message, figures[0].where))


def version(rows: Mapping[str, Row]) -> str:
    """`f2021` when （六） has its three rows, `f2019` when it is one row, "" when neither is there."""
    return "f2021" if ADDED_2021 & rows.keys() else "f2019" if "other_handled" in rows else ""


def tidied(rows: Mapping[str, Row]) -> dict[str, Row]:
    """The rows in the order of the form; a blank （六） over its three rows is a caption, not a row."""
    caption = ADDED_2021 & rows.keys() and all(not c.raw for c in rows.get("other_handled", {}).values())
    kept = {row: rows[row] for row in FIELDS if row in rows and not (caption and row == "other_handled")}
    return kept if _totals_proved(kept) else {row: _without_zero_total(cells) for row, cells in kept.items()}


def _totals_proved(rows: Mapping[str, Row]) -> bool:
    """Where places are lost, `0 0` is an applicant and the total only if all such rows have two values."""
    lost = [cell for cells in rows.values() for cell in cells.values() if cell.status == "position_lost"]
    return {len(cell.raw.split()) for cell in lost} <= {2}


def _without_zero_total(cells: Row) -> Row:
    lost = next((cell for cell in cells.values() if cell.status == "position_lost"), None)
    certain = lost is None or "total" not in cells or cells["total"].value != 0 or len(lost.raw.split()) > len(ORDER)
    return cells if certain or lost is None else {**cells, "total": lost}
