"""Section 二: five little tables, each with its own head; a field is its row and its column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from parsers import labels, schema
from parsers.models import Cell, Issue
from parsers.tables.candidates import Candidates
from parsers.tables.place import Column, Head, place, read
from parsers.tables.slots import Line, Slot
from parsers.values import Field, cell

FIELDS: Mapping[str, Mapping[str, Any]] = {f["id"]: f for f in schema.load("tables")["proactive_fields"]}
_FORMS = {f: Field.of(form["unit"], form["type"]) for f, form in FIELDS.items()}
_ARTICLE = re.compile(r"条\s*第?.{0,6}项")
_GLUED = re.compile(r"^(.*[^\d\s.,])\s*(\d+)$", re.S)


@dataclass(slots=True)
class _State:
    kept: bool
    found: Candidates[Cell] = field(default_factory=Candidates)
    heading: list[Line] = field(default_factory=list)
    head: Head = field(default_factory=lambda: Head(()))
    before: Head = field(default_factory=lambda: Head(()))      # the head that a page pushed aside by printing an older one
    fresh: bool = False
    pending: str | None = None
    listed: str | None = None           # the row whose figures are listed below each other


def find(lines: Sequence[Line], kept: bool) -> Candidates[Cell]:
    """Every reading of the tables in the lines of a document."""
    state = _State(kept)
    for line in lines:
        if line.words and (named := _listed(line, state)):
            _list(*named, line, state)
        elif _is_head(line):
            _extend_head(line, state)
        else:
            if line.words and _is_article(line.said[0]):
                state.fresh = False                     # the next head is another sub-table's
            _take(line, state)
    return state.found


@lru_cache(4096)
def _is_article(text: str) -> bool:
    """Whether words name what the next little table is about: 第二十条第（一）项."""
    return _ARTICLE.search(text) is not None


def version(fields: Mapping[str, Cell]) -> str:
    """The form most of the fields belong to; "" when they belong to both."""
    votes = Counter(FIELDS[f]["versions"][0] for f in fields if len(FIELDS[f]["versions"]) == 1)
    return votes.most_common(1)[0][0] if votes else ""


def _listed(line: Line, state: _State) -> tuple[str, Slot] | None:
    """(row, slot of the column's name) of a line with one figure: 规章 | 本年制发件数 | 3, or 本年废止件数 | 0 below it."""
    columns, rows = _columns(line.said), _rows(line.said)
    row = rows[0] if rows else state.listed
    if len(columns) != 1 or len(rows) > 1 or row is None or (not rows and len(line.words) > 1 + _has_unit(line)):
        return None
    at, column = columns[0]
    return (row, line.words[at]) if f"{row}_{column}" in FIELDS and len(_figures(line, line.words[at])) < 2 else None


@lru_cache(4096)
def _columns(said: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """(place among the words, id) of each column that words name."""
    return tuple((at, name) for at, word in enumerate(said) if (name := labels.lookup("proactive_columns", word)))


@lru_cache(4096)
def _rows(said: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the rows that words name."""
    return tuple(row for word in said if (row := labels.lookup("proactive_rows", word)))


def _figures(line: Line, name: Slot) -> list[Slot]:
    return [slot for slot in line.slots[line.slots.index(name) + 1:] if slot.filled and not slot.label]


def _has_unit(line: Line) -> bool:
    return any(labels.is_unit(slot.text) for slot in line.words)


def _list(row: str, name: Slot, line: Line, state: _State) -> None:
    state.listed, state.head, state.pending = row, Head(()), None
    column = Column(labels.lookup("proactive_columns", name.text) or "", unit=labels.column_unit(name.text))
    printed = _figures(line, name)
    text, where = (printed[0].text, printed[0].where) if printed else ("", line.where)
    state.found.add(line.grid, {f"{row}_{column.id}": cell(text, _form(row, column), where)}, [])


def _is_head(line: Line) -> bool:
    if not line.wordy:
        return False
    return bool(_columns(line.said)) or (len(line.said) == 1 and labels.known("proactive_corner", line.said[0]))


def _extend_head(line: Line, state: _State) -> None:
    opens = not state.fresh or labels.known("proactive_corner", line.words[0].text)
    state.heading = [line] if opens else [*state.heading, line]
    state.fresh, state.pending, state.listed = True, None, None
    columns = tuple(
        Column(name, slot.left, slot.right, labels.column_unit(slot.text))
        for heading in state.heading for at, name in _columns(heading.said) for slot in (heading.words[at],))
    if line.grid != state.head.grid:
        state.before = state.head
    state.head = Head(columns, line.grid, len(line.slots))


def _take(line: Line, state: _State) -> None:
    if line.bare:
        if state.pending and line.printed:
            _put(state.pending, line, line.slots, state)
        state.pending = None
        return
    row, tail = _labelled(line)
    state.pending = None
    if row is None:
        return
    state.fresh = False
    if tail:
        _put(row, line, tail, state)
    else:
        state.pending = row


def _labelled(line: Line) -> tuple[str | None, tuple[Slot, ...]]:
    for at, slot in enumerate(line.slots[:3] if _rows(line.said) else ()):
        if slot.label and (row := labels.lookup("proactive_rows", slot.text)):
            return row, line.slots[at + 1:]
    first = line.words[0]
    glued = _GLUED.match(first.text) if first.text[-1].isdigit() else None
    row = labels.lookup("proactive_rows", glued[1]) if glued else None
    if glued is None or row is None:
        return None, ()
    return row, (replace(first.saying(glued[2]), glued=True), *line.slots[line.slots.index(first) + 1:])


def _put(row: str, line: Line, tail: Sequence[Slot], state: _State) -> None:
    head = next((head for head in (state.head, state.before) if _fits(row, head)), None)
    if head is None:
        if state.head.columns and any(slot.filled for slot in tail):
            state.found.note(Issue("unknown-row", f"row {row} stands under columns of another table", line.where))
        return
    printed = [slot for slot in tail if slot.filled]
    placed = place(line, tail, head, state.kept, None)
    forms = {column.id: _form(row, column) for column in head.columns}
    cells = {f"{row}_{column}": cell for column, cell in read(placed, forms, printed, line.where).items()}
    issues = [Issue(placed.oddity, f"row {row}: {_ODD[placed.oddity]}", line.where)] if placed.oddity else []
    if line.cut:
        issues.append(Issue("page-split", f"row {row} is cut by a page", line.where))
    state.found.add(line.grid, cells, issues)


def _fits(row: str, head: Head) -> bool:
    return bool(head.columns) and all(f"{row}_{column.id}" in FIELDS for column in head.columns)


def _form(row: str, column: Column) -> Field:
    """The field; a unit printed in the head wins over the form's."""
    form = _FORMS[f"{row}_{column.id}"]
    return form if column.unit in (None, form.unit) else form.measured_in(column.unit, "header")


_ODD = {
    "position-lost": "the file keeps the numbers but not their columns",
    "surplus-values": "more values than columns",
    "glued": "the digits of several columns are printed without a space",
}
