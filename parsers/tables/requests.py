"""Section 三: seven applicant columns by 23 (2019) or 25 (2021) rows, each found by its label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from parsers import labels, schema
from parsers.models import Cell, Issue, Number
from parsers.tables import annex
from parsers.tables.candidates import Candidate, Candidates
from parsers.tables.lines import Line, Slot
from parsers.tables.place import Column, Head, Placed, place, read
from parsers.values import Field

Row = Mapping[str, Cell]

_ORDER = tuple(c["id"] for c in schema.load("tables")["request_columns"])
_ORGANISATIONS = frozenset(c["id"] for c in schema.load("tables")["request_columns"] if c["group"])
_FIELDS = {row["id"]: row for row in schema.load("tables")["request_rows"]}
_FORMS = {row: dict.fromkeys(_ORDER, Field.of(form["unit"], form["type"])) for row, form in _FIELDS.items()}
_STATUTORY = Head(tuple(map(Column, _ORDER)))
_TOTAL_FIRST = Head((_STATUTORY.columns[-1], *_STATUTORY.columns[:-1]))
_WEAK = frozenset({"other_org", "total"})
_MOST_ROWS = 2         # rows that one line may name: its group and itself
_FAR = 4               # so many times as many broken sums show that a reading is the wrong one
_GLUED = re.compile(r"^(.*[^\d\s.,])\s*(\d+)$", re.S)
_2021 = frozenset({"other_no_correction", "other_fee_unpaid", "other_misc"})
_AMBIGUOUS = frozenset({"total_handled", "other_misc"})
_REMEMBERED = 4096     # lines of labels: the same stand in every report


@dataclass(slots=True)
class _State:
    kept: bool
    total_first: bool = False      # how an unsettled head is read
    unsettled: bool = False        # whether there was one: 总计 and 自然人 in lines of one cell each
    assumed: bool = False          # whether a row had no head that could be read, and took the order of the form
    found: Candidates[Row] = field(default_factory=Candidates)
    heading: list[Line] = field(default_factory=list)
    head: Head = field(default_factory=lambda: Head(()))
    group: str | None = None
    pending: str | None = None
    grid: int = -1


def find(lines: Sequence[Line], kept: bool) -> Candidates[Row]:
    """Every reading of the table in the lines of a document.

    Where every cell has a line of its own, 总计 between 申请人情况 and 自然人 may be the first of the columns or hang down
    beside them all: the sums of the rows tell, and where they do not, nobody can. Where the head is lost, the order of the
    form is taken unless the sums speak against it.
    """
    last = _walked(lines, _State(kept))
    if not last.unsettled and not (last.assumed and _broken(last.found)):
        return last.found
    return _proved(last.found, _walked(lines, _State(kept, total_first=True)).found)


def _walked(lines: Sequence[Line], state: _State) -> _State:
    annexes = {line.grid for line in annex.heads(lines)}
    annexes -= {line.grid for line in lines if line.grid in annexes and annex.is_of_requests(line)}
    for line in lines:
        if line.grid in annexes:
            continue
        if _is_head(line, state):
            _extend_head(line, state)
        else:
            _take(line, state)
    for candidate in state.found.all:
        _without_subtotal(candidate)
    return state


def _without_subtotal(candidate: Candidate[Row]) -> None:
    """（六）其他处理 has no figures of its own where its three rows have theirs: a subtotal, or a row that lost its name."""
    figures = [cell for cell in candidate.rows.get("other_handled", {}).values() if cell.raw]
    if figures and _2021 & candidate.rows.keys():
        del candidate.rows["other_handled"]
        message = "figures beside （六）其他处理 that belong to none of its rows were left out"
        candidate.issues.append(Issue("unknown-row", message, figures[0].where))


def _proved(last: Candidates[Row], first: Candidates[Row]) -> Candidates[Row]:
    """Of two readings the one whose sums agree where those of the other do not; else what both say."""
    broken, others = _broken(last), _broken(first)
    if _FAR * min(broken, others) < max(broken, others):
        return last if broken < others else first
    for candidate, other in zip(last.all, first.all, strict=False):
        candidate.rows = {row: cells if _said(cells) == _said(other.rows.get(row, {})) else _unplaced(cells)
                          for row, cells in candidate.rows.items()}
    return last


def _broken(found: Candidates[Row]) -> int:
    """How many full rows do not make up their total."""
    rows = [{column: cell.value for column, cell in cells.items() if cell.value is not None}
            for candidate in found.all for cells in candidate.rows.values()]
    return sum(len(row) == len(_ORDER) and not _sums(row) for row in rows)


def _said(cells: Row) -> dict[str, str]:
    return {column: cell.raw for column, cell in cells.items()}


def _unplaced(cells: Row) -> Row:
    raw = " ".join(cells[column].raw for column in _ORDER if column in cells)
    return {column: Cell(raw, None, "position_lost", None, cell.where) for column, cell in cells.items()}


def version(rows: Mapping[str, Row]) -> str:
    """`f2021` when （六） has its three rows, `f2019` when it is one row, "" when neither is there."""
    return "f2021" if _2021 & rows.keys() else "f2019" if "other_handled" in rows else ""


def tidied(rows: Mapping[str, Row]) -> dict[str, Row]:
    """The rows in the order of the form; a blank （六） over its three rows is a caption, not a row."""
    caption = _2021 & rows.keys() and all(not c.raw for c in rows.get("other_handled", {}).values())
    kept = {row: rows[row] for row in _FIELDS if row in rows and not (caption and row == "other_handled")}
    return kept if _totals_proved(kept) else {row: _without_zero_total(cells) for row, cells in kept.items()}


def _totals_proved(rows: Mapping[str, Row]) -> bool:
    """Where places are lost, `0 0` is an applicant and the total only if all such rows have two values."""
    lost = [cell for cells in rows.values() for cell in cells.values() if cell.status == "position_lost"]
    return {len(cell.raw.split()) for cell in lost} <= {2}


def _without_zero_total(cells: Row) -> Row:
    lost = next((cell for cell in cells.values() if cell.status == "position_lost"), None)
    certain = lost is None or "total" not in cells or cells["total"].value != 0 or len(lost.raw.split()) > len(_ORDER)
    return cells if certain or lost is None else {**cells, "total": lost}


# ---------------------------------------------------------------- head


def _is_head(line: Line, state: _State) -> bool:
    if not line.wordy:
        return False
    names, could = _columns_named(line.said)
    return (names or (could and bool(state.heading))) and _labelled(line, state.group)[0] not in _FIELDS.keys() - _AMBIGUOUS


@lru_cache(_REMEMBERED)
def _columns_named(said: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether words are of the head of this table, and whether they could be of any."""
    columns = {labels.request_column(word) for word in said}
    groups = {labels.lookup("request_column_groups", word) for word in said} - {None, "corner"}
    return bool(groups or columns - _WEAK - {None}), columns <= _WEAK


def _extend_head(line: Line, state: _State) -> None:
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
        order.sort(key=lambda column: _ORDER.index(column.id))
        order = order[-1:] + order[:-1] if _total_first(heading) else order
    partial = len(order) < len(_ORDER)
    reading = tuple(_unfolded(heading, total_first))
    if placed and reading == _ORDER != tuple(column.id for column in order):
        return _STATUTORY                  # a row put in between moved the cells of the head
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
    whole = next((row for row in rows if set(_ORDER) <= set(row)), None)
    if whole:
        return list(dict.fromkeys(name for name in whole if name in _ORDER))
    names = [name for row in rows for name in row]
    order = [name for name in names if name in _ORDER or name == "organisations"]
    if "organisations" in names:
        at = order.index("organisations")
        kinds = [name for name in order if name in _ORGANISATIONS]
        order = [n for n in order[:at] if n not in kinds] + kinds + [n for n in order[at + 1:] if n not in kinds]
    beside = any({"natural_person", "total"} <= set(row) for row in rows) or (total_first and _is_unsettled(heading))
    if "applicants" in names and "total" in order and not beside:
        order.append(order.pop(order.index("total")))          # 总计 beside 申请人情况: it comes after all that it covers
    return list(dict.fromkeys(name for name in order if name != "organisations"))


def _name(text: str) -> str:
    return labels.request_column(text) or labels.lookup("request_column_groups", text) or ""


# ---------------------------------------------------------------- rows


def _take(line: Line, state: _State) -> None:
    if line.bare:
        _take_loose(line, state)
        return
    if _rows_named(line.said) > _MOST_ROWS:
        return                                     # the head of a table on its side, too short to be turned
    row, group, tail = _labelled(line, state.group)
    if (row is None and group == state.group) or (row in _AMBIGUOUS and (state.group is None or len(line.words) > 3)):
        _unknown(line, state)
        state.pending = state.pending if line.wordy else None      # figures that come after these are not the label's
        return
    state.heading = []
    state.group = _FIELDS[row]["group"] if row else group
    state.pending = None
    if row is None:
        _unknown(line, state)
        return
    if not any(slot.filled for slot in tail) and not (line.aligned and tail):      # blank cells of a drawn row are its own
        state.pending = row
    if tail or row != "other_handled":             # （六）其他处理 alone on its line may be the caption of its three rows
        _put(row, line, tail, state)


@lru_cache(_REMEMBERED)
def _rows_named(said: tuple[str, ...]) -> int:
    return len({row for word in said if (row := labels.request_row(word, None)[0])})


def _take_loose(line: Line, state: _State) -> None:
    """Values without a label: those of the label just above, if that had none."""
    if state.pending and line.printed:
        if state.found.all:
            state.found.all[-1].rows.pop(state.pending, None)
        _put(state.pending, line, line.slots, state)
        state.pending = None
    elif line.printed and state.grid == line.grid and not state.heading:
        state.found.note(Issue("unknown-row", "numbers without a label in the table of requests were left out", line.where))


def _unknown(line: Line, state: _State) -> None:
    words = "".join(slot.text for slot in line.words)
    inside = state.grid == line.grid and len(line.printed) > len(line.words) and not state.heading
    if inside and not labels.known("request_column_groups", words):
        state.found.note(Issue("unknown-row", f"no row of the form is called {words}; its values were left out", line.where))


def _put(row: str, line: Line, tail: Sequence[Slot], state: _State) -> None:
    printed = [slot for slot in tail if slot.filled and not labels.is_unit(slot.text)]
    head = _usable(state.head, {len(printed), len(tail) if line.aligned else 0})
    if head is _STATUTORY and not _is_whole(state.head):
        state.assumed = True
        head = _TOTAL_FIRST if state.total_first else head
    if head is None:
        state.found.note(Issue("header-missing", "the columns of the table of requests cannot be told", line.where))
        return
    placed = place(line, tail, head, state.kept, _sums)
    cells = read(placed, _FORMS[row], printed, line.where)
    state.found.add(line.grid, {row: cells}, _issues(row, line, placed, state))
    state.grid = line.grid


def _usable(head: Head, counts: set[int]) -> Head | None:
    """The head as read; the statutory order where it was read only in part, or a row of that many places shows that it was."""
    whole, in_order = _of_form(tuple([column.id for column in head.columns]))
    if in_order and (not whole or (len(_ORDER) in counts and len(head.columns) != len(_ORDER))):
        return _STATUTORY
    return head if whole else None


def _is_whole(head: Head) -> bool:
    return _of_form(tuple([column.id for column in head.columns]))[0]


@lru_cache(_REMEMBERED)
def _of_form(columns: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether columns are enough to be a head, and whether they stand in the order of the form."""
    whole = {"natural_person", "total"} <= set(columns) and len(columns) > 2
    return whole, columns == tuple(column for column in _ORDER if column in columns)


def _issues(row: str, line: Line, placed: Placed, state: _State) -> list[Issue]:
    issues = []
    if placed.oddity:
        issues.append(Issue(placed.oddity, _ODD[placed.oddity].format(row=row), line.where))
    rows = state.found.all[-1].rows if state.found.all else {}
    broken = state.grid not in (-1, line.grid) and row not in rows and bool(rows) and not _own_head(line, state)
    if line.cut or broken:
        issues.append(Issue("page-split", f"the table of requests is cut before or in row {row}", line.where))
    return issues


def _own_head(line: Line, state: _State) -> bool:
    return state.head.grid == line.grid


_ODD = {
    "position-lost": "row {row}: the file keeps the numbers but not their columns",
    "surplus-values": "row {row}: more values than columns",
    "glued": "row {row}: the digits of several columns are printed without a space",
}


def _labelled(line: Line, group: str | None) -> tuple[str | None, str | None, tuple[Slot, ...]]:
    """(row, group, slots after the label): the last slot that names a row or a group; else all words read as one."""
    slots = _unglued(line, group)
    if slots is not line.slots or line.said.count(line.said[0]) > 1:
        slots = _unrepeated(slots, group)
    said = line.said if slots is line.slots else tuple([slot.text for slot in slots if slot.label])
    row, inner, count = _named_by(said, group)
    if not count:
        return _as_one(line, group)
    last = line.words[count - 1] if slots is line.slots else [slot for slot in slots if slot.label][count - 1]
    tail = slots[[slot is last for slot in slots].index(True) + 1:]
    behind = next((slot for slot in tail if slot.filled), None) if row == "other_handled" else None
    if behind and behind.label and not labels.is_unit(behind.text):
        row = None                       # a row of the group whose name is not known: a page broke it
    return row, inner, tail


@lru_cache(_REMEMBERED)
def _named_by(said: tuple[str, ...], group: str | None) -> tuple[str | None, str | None, int]:
    """(row, group, how many of the labels of a line say so)."""
    row, count, inner = None, 0, group
    for at, text in enumerate(said, 1):
        named, within = labels.request_row(text, inner)
        if named is not None or within != inner or labels.known("request_groups", text):
            row, inner, count = named, within, at
    return row, inner, count


def _unrepeated(slots: tuple[Slot, ...], group: str | None) -> tuple[Slot, ...]:
    """Without a label met again among its figures, as a table on its side has it whose head is printed twice."""
    labelled = [slot for slot in slots if slot.label]
    if len(labelled) < 2 or slots[-1] is labelled[-1]:
        return slots
    twice = {slot for slot in labelled[1:] if slot.text == labelled[0].text and labels.request_row(slot.text, group)[0]}
    return tuple(slot for slot in slots if slot not in twice) if twice else slots


def _unglued(line: Line, group: str | None) -> tuple[Slot, ...]:
    """The slots, a label with digits at its end as a label and a value."""
    slots, label = line.slots, line.words[-1]
    glued = _GLUED.match(label.text) if label.text[-1].isdigit() else None
    if glued is None or labels.request_row(glued[1], group)[0] is None:
        return slots
    last = max(at for at, slot in enumerate(slots) if slot.label)
    return (*slots[:last], label.saying(glued[1]), replace(label.saying(glued[2]), glued=True), *slots[last + 1:])


def _as_one(line: Line, group: str | None) -> tuple[str | None, str | None, tuple[Slot, ...]]:
    end = line.slots.index(line.words[-1])
    row, inner = labels.request_row("".join(line.said), group)
    return (row, inner, line.slots[end + 1:]) if row is not None else (None, group, ())


def _sums(row: Mapping[str, Number]) -> bool:
    """A01: the applicants make up the total."""
    return "total" in row and sum(value for column, value in row.items() if column != "total") == row["total"]
