"""The head of the table: which columns there are, in what order, and whether enough of it could be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from parsers import labels
from parsers.tables.place import Column, Head
from parsers.tables.requests.form import AMBIGUOUS, FIELDS, ORDER, ORGANISATIONS, REMEMBERED, STATUTORY
from parsers.tables.requests.labelled import labelled
from parsers.tables.requests.state import State
from parsers.tables.slots import Line

_WEAK = frozenset({"other_org", "total"})


def is_head(line: Line, state: State) -> bool:
    """Whether a line is of the head: only words, some of them columns of this table and none a row."""
    if not line.wordy:
        return False
    names, could = _columns_named(line.said)
    return (names or (could and bool(state.heading))) and labelled(line, state.group)[0] not in FIELDS.keys() - AMBIGUOUS


@lru_cache(REMEMBERED)
def _columns_named(said: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether words are of the head of this table, and whether they could be of any."""
    columns = {labels.request_column(word) for word in said}
    groups = {labels.lookup("request_column_groups", word) for word in said} - {None, "corner"}
    return bool(groups or columns - _WEAK - {None}), columns <= _WEAK


def extend_head(line: Line, state: State) -> None:
    """Read the head anew with one more line of it; a page may print it again, whole or in part."""
    state.heading = [*state.heading, line]
    above = [above for above in state.heading if above.grid == line.grid]
    own = _head(above, state.total_first)
    whole = own if len(above) == len(state.heading) else _head(state.heading, state.total_first)
    state.unsettled |= _is_unsettled(state.heading)
    head = own if len(own.columns) >= len(whole.columns) else whole
    if len(head.columns) >= len(state.head.columns) or state.grid != line.grid:
        state.head = head if len(head.columns) > 2 or not state.head.columns else replace(state.head, grid=-1)
    state.pending = None


def _is_unsettled(heading: Sequence[Line]) -> bool:
    """Whether the head has a cell a line, and 总计 right below 申请人情况."""
    names = [_name(slot.text) for line in heading for slot in line.words]
    single = all(len([slot for slot in line.words if _name(slot.text)]) <= 1 for line in heading)
    return single and any(pair == ("applicants", "total") for pair in pairwise(filter(None, names)))


def _head(heading: Sequence[Line], total_first: bool) -> Head:
    slots = [slot for line in heading for slot in line.words]
    named = [(slot, labels.request_column(slot.text)) for slot in slots]
    twice = _twice(heading)
    columns = {name: Column(name, slot.left, slot.right) for slot, name in reversed(named) if name and name not in twice}
    placed = all(line.aligned and line.grid == heading[0].grid for line in heading)
    if placed and not _overlap(columns.values()):
        order = sorted(columns.values(), key=lambda c: c.left)
    else:
        order = [columns[name] for name in _unfolded(heading, total_first) if name in columns]
    one_grid = all(line.grid == heading[0].grid for line in heading) and not (placed and _overlap(columns.values()))
    if not one_grid:                       # a head cut by a page: its pieces stand in no order of their own
        order.sort(key=lambda column: ORDER.index(column.id))
        order = order[-1:] + order[:-1] if _total_first(heading) else order
    partial = len(order) < len(ORDER)
    reading = tuple(_unfolded(heading, total_first))
    if placed and reading == ORDER != tuple(column.id for column in order):
        return STATUTORY                  # a row put in between moved the cells of the head
    return Head(tuple(order), heading[0].grid if one_grid else -1, len(heading[0].slots), partial)


def _twice(heading: Sequence[Line]) -> set[str]:
    """The columns that two cells of one line name: one of them is another column, and nobody can tell which."""
    found = set[str]()
    for line in heading:
        names = [name for slot in line.words if (name := labels.request_column(slot.text))]
        found.update(name for name in names if names.count(name) > 1)
    return found


def _overlap(columns: Iterable[Column]) -> bool:
    """Whether two columns stand in one place: the file lost the cells that hang down from above."""
    edges = sorted((column.left, column.right) for column in columns)
    return any(right > left for (_, right), (left, _) in pairwise(edges))


def _total_first(heading: Sequence[Line]) -> bool:
    """Whether some line of the head names the total before the first of the applicants."""
    rows = [[labels.request_column(slot.text) for slot in line.words] for line in heading]
    return any("total" in row and "natural_person" in row[row.index("total"):] for row in rows)


def _unfolded(heading: Sequence[Line], total_first: bool) -> list[str]:
    """Reading order of the columns where spans are lost: what a caption covers stands where the caption stands."""
    rows = [[_name(slot.text) for slot in line.words] for line in heading]
    whole = next((row for row in rows if set(ORDER) <= set(row)), None)
    if whole:
        return list(dict.fromkeys(name for name in whole if name in ORDER))
    names = [name for row in rows for name in row]
    order = [name for name in names if name in ORDER or name == "organisations"]
    if "organisations" in names:
        at = order.index("organisations")
        kinds = [name for name in order if name in ORGANISATIONS]
        order = [n for n in order[:at] if n not in kinds] + kinds + [n for n in order[at + 1:] if n not in kinds]
    beside = any({"natural_person", "total"} <= set(row) for row in rows) or (total_first and _is_unsettled(heading))
    if "applicants" in names and "total" in order and not beside:
        order.append(order.pop(order.index("total")))          # 总计 beside 申请人情况: it comes after all that it covers
    return list(dict.fromkeys(name for name in order if name != "organisations"))


def _name(text: str) -> str:
    return labels.request_column(text) or labels.lookup("request_column_groups", text) or ""


def usable(head: Head, counts: set[int]) -> Head | None:
    """The head as read; the statutory order where it was read only in part, or a row of that many places shows that it was."""
    whole, in_order = _of_form(tuple([column.id for column in head.columns]))
    if in_order and (not whole or (len(ORDER) in counts and len(head.columns) != len(ORDER))):
        return STATUTORY
    return head if whole else None


def is_whole(head: Head) -> bool:
    """Whether enough columns were read to be a head."""
    return _of_form(tuple([column.id for column in head.columns]))[0]


@lru_cache(REMEMBERED)
def _of_form(columns: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether columns are enough to be a head, and whether they stand in the order of the form."""
    whole = {"natural_person", "total"} <= set(columns) and len(columns) > 2
    return whole, columns == tuple(column for column in ORDER if column in columns)
