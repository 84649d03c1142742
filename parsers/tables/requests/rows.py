"""The rows of the table: a label, its figures, each put below its column of the head."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from parsers import labels
from parsers.models import Issue
from parsers.tables.place import Placed, place, read
from parsers.tables.requests import parted
from parsers.tables.requests.form import AMBIGUOUS, FIELDS, FORMS, REMEMBERED, STATUTORY, TOTAL_FIRST, sums
from parsers.tables.requests.head import is_whole, usable
from parsers.tables.requests.labelled import labelled
from parsers.tables.requests.state import State
from parsers.tables.slots import Line, Slot

_MOST_ROWS = 2         # rows that one line may name: its group and itself
_ODD = {
    "position-lost": "row {row}: the file keeps the numbers but not their columns",
    "surplus-values": "row {row}: more values than columns",
    "glued": "row {row}: the digits of several columns are printed without a space",
}


def take(line: Line, state: State) -> None:
    """Put the figures of a line into the row that its labels name; what has no row is noted."""
    if line.bare:
        _take_loose(line, state)
        return
    if _rows_named(line.said) > _MOST_ROWS:
        return                                     # the head of a table on its side, too short to be turned
    row, group, tail = labelled(line, state.group)
    if (row is None and group == state.group) or (row in AMBIGUOUS and (state.group is None or len(line.words) > 3)):
        parted.forsake(state)
        _unknown(line, state)
        state.pending = state.pending if line.wordy else None      # figures that come after these are not the label's
        return
    whole = parted.rejoined(line, tail, state) if row else None
    parted.forsake(state)
    state.heading = []
    state.group = FIELDS[row]["group"] if row else group
    state.pending = None
    if row is None:
        _unknown(line, state)
    elif whole:
        _put_parted(row, whole, line.grid, state)
    else:
        _put_own(row, line, tail, state)


def _put_own(row: str, line: Line, tail: Sequence[Slot], state: State) -> None:
    """A row that stands on one line, or whose figures may follow below."""
    if not any(slot.filled for slot in tail) and not (line.aligned and tail):      # blank cells of a drawn row are its own
        state.pending = row
    if tail or row != "other_handled":             # （六）其他处理 alone on its line may be the caption of its three rows
        _put(row, line, tail, state)


@lru_cache(REMEMBERED)
def _rows_named(said: tuple[str, ...]) -> int:
    return len({row for word in said if (row := labels.request_row(word, None)[0])})


def _take_loose(line: Line, state: State) -> None:
    """Values without a label: those of the label just above, if that had none."""
    if state.pending and line.printed:
        if state.found.all:
            state.found.all[-1].rows.pop(state.pending, None)
        _put(state.pending, line, line.slots, state)
        state.pending = None
    elif line.printed:
        parted.keep(line, state)


def _unknown(line: Line, state: State) -> None:
    words = "".join(slot.text for slot in line.words)
    inside = state.grid == line.grid and len(line.printed) > len(line.words) and not state.heading
    if inside and not labels.known("request_column_groups", words):
        state.found.note(Issue("unknown-row", f"no row of the form is called {words}; its values were left out", line.where))


def _put_parted(row: str, whole: Line, grid: int, state: State) -> None:
    """A row whose figures stand on the page before its label, which is in `grid`."""
    _put(row, whole, whole.slots[1:], state)
    if state.found.all and row in state.found.all[-1].rows:
        state.parted[row] = state.found.all[-1].rows[row]
    state.grid = grid


def _put(row: str, line: Line, tail: Sequence[Slot], state: State) -> None:
    printed = [slot for slot in tail if slot.filled and not labels.is_unit(slot.text)]
    head = usable(state.head, {len(printed), len(tail) if line.aligned else 0})
    if head is STATUTORY and not is_whole(state.head):
        state.assumed = True
        head = TOTAL_FIRST if state.total_first else head
    if head is None:
        state.found.note(Issue("header-missing", "the columns of the table of requests cannot be told", line.where))
        return
    placed = place(line, tail, head, state.kept, sums)
    cells = read(placed, FORMS[row], printed, line.where)
    state.found.add(line.grid, {row: cells}, _issues(row, line, placed, state))
    state.grid = line.grid


def _issues(row: str, line: Line, placed: Placed, state: State) -> list[Issue]:
    issues = []
    if placed.oddity:
        issues.append(Issue(placed.oddity, _ODD[placed.oddity].format(row=row), line.where))
    rows = state.found.all[-1].rows if state.found.all else {}
    broken = state.grid not in (-1, line.grid) and row not in rows and bool(rows) and not _own_head(line, state)
    if line.cut or broken:
        issues.append(Issue("page-split", f"the table of requests is cut before or in row {row}", line.where))
    return issues


def _own_head(line: Line, state: State) -> bool:
    return state.head.grid == line.grid
