"""Section 四: one row of fifteen numbers under two or three lines of heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from parsers import labels, schema
from parsers.models import Cell, Issue, Number
from parsers.tables.candidates import Candidates
from parsers.tables.place import Column, Head, place, read
from parsers.tables.slots import Line, Slot
from parsers.values import COUNT, cell

_FIELDS = {f["id"]: f for f in schema.load("tables")["remedy_fields"]}
_FORMS = dict.fromkeys(_FIELDS, COUNT)
_GROUPS = ("review", "suit_direct", "suit_after_review")
_RESULTS = ("upheld", "corrected", "other", "pending", "total")
_WEAK = frozenset({"total"})
_OTHER = frozenset({"其他", "其它"})


@dataclass(slots=True)
class _State:
    kept: bool
    found: Candidates[Cell] = field(default_factory=Candidates)
    heading: list[Line] = field(default_factory=list)
    group: str | None = None            # of the fields listed below each other
    result: str | None = None           # of the last of them


def find(lines: Sequence[Line], kept: bool) -> Candidates[Cell]:
    """Every reading of the table in the lines of a document."""
    state = _State(kept)
    for line in map(_in_full, lines):
        if _is_listed(line, state):
            _list(line, state)
        elif _is_head(line, state):
            state.heading = [*state.heading, line]
        elif state.heading:
            _take(line, state)
    return state.found


def _in_full(line: Line) -> Line:
    """其他 among the results is 其他结果; alone it may stand in any table."""
    if not _names_results(line.said):
        return line
    slots = tuple(slot.saying("其他结果") if labels.core(slot.text) in _OTHER else slot for slot in line.slots)
    return replace(line, slots=slots)


@lru_cache(4096)
def _names_results(said: tuple[str, ...]) -> bool:
    return any(labels.lookup("remedy_results", word) == "corrected" for word in said)


def _is_head(line: Line, state: _State) -> bool:
    return line.wordy and (_goes_on if state.heading else _begins)(line.said)


@lru_cache(4096)
def _begins(said: tuple[str, ...]) -> bool:
    """Whether words begin a head."""
    return any(group or result not in (None, *_WEAK) for group, result in map(labels.remedy, said))


@lru_cache(4096)
def _goes_on(said: tuple[str, ...]) -> bool:
    """Whether words below a head are of it."""
    named = [labels.remedy(word) for word in said]
    return any(map(any, named)) and all(group or result for group, result in named[1:])


def _is_listed(line: Line, state: _State) -> bool:
    """Whether a line is one field with its value: 行政复议 | 结果维持 | 3, or 结果纠正 | 0 below it."""
    lists, grouped = _lists(_said(line, state))
    if not lists or state.heading or not (grouped or state.group is not None):
        return False
    tail = _unspared(line)
    return bool(tail) and not any(slot.filled and not slot.label for slot in tail[1:])


@lru_cache(4096)
def _lists(said: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether words name one result, at their end, and whether they name its group."""
    named = [labels.remedy(word) for word in said]
    one = sum(result is not None for _, result in named) == 1 and bool(named[-1][1])
    return one, any(group in _GROUPS for group, _ in named)


def _said(line: Line, state: _State) -> tuple[str, ...]:
    """The words of a line; 其他 below 结果纠正 is 其他结果."""
    other = state.result == "corrected" and len(line.said) == 1 and labels.core(line.said[0]) in _OTHER
    return ("其他结果",) if other else line.said


def _unspared(line: Line) -> tuple[Slot, ...]:
    """What stands behind the names, without the columns that the grid leaves blank from top to bottom."""
    tail = _tail(line)
    return tuple(slot for slot in tail if slot.left not in line.spare) or tail


def _list(line: Line, state: _State) -> None:
    named = [labels.remedy(word) for word in _said(line, state)]
    state.group = next((group for group, _ in reversed(named) if group in _GROUPS), state.group)
    state.result = named[-1][1]
    name, value = f"{state.group}_{state.result}", _unspared(line)[0]
    state.found.add(line.grid, {name: cell(value.text, where=value.where)}, [])


def _tail(line: Line) -> tuple[Slot, ...]:
    named = [at for at, slot in enumerate(line.slots) if slot.label and any(labels.remedy(slot.text))]
    if line.words and not named and not line.slots[0].label:
        return line.slots                       # words behind the figures only: a remark
    return line.slots[named[-1] + 1 if named else line.slots.index(line.words[-1]) + 1:] if line.words else line.slots


def _take(line: Line, state: _State) -> None:
    """A row of numbers; anything else after the head ends the table, a caption or a blank row does not."""
    group, result = labels.remedy(line.words[-1].text) if line.words else (None, None)
    if any(labels.remedy(slot.text)[1] for heading in state.heading for slot in heading.words):
        result = None                      # the results are columns: 合计 in front of the row is only its name
    tail = _tail(line)
    columns = _of_result(state.heading, result) if result else _columns(state.heading, group)
    if not any(slot.filled for slot in tail):
        if line.bare and len(tail) == len(columns):
            _put(line, tail, columns, state)
        return
    values = tail if line.aligned else [slot for slot in tail if slot.filled]
    full = len(values) >= len(columns) >= len(_RESULTS) and not any(slot.filled for slot in values[len(columns):])
    if not line.words or group is not None or result is not None or full:
        _put(line, tail, columns, state)
        state.heading = state.heading if group or result else []
    else:
        state.heading = []


def _put(line: Line, tail: Sequence[Slot], columns: Sequence[Column], state: _State) -> None:
    columns = columns if len(columns) == len(_FIELDS) else _of_the_form(tail, state.heading) or columns
    if len(columns) not in (len(_GROUPS), len(_RESULTS), 2 * len(_RESULTS), len(_FIELDS)):
        return
    printed = [slot for slot in tail if slot.filled]
    near = next((h for h in reversed(state.heading) if h.grid == line.grid), None)
    head = Head(tuple(columns), near.grid if near else -1, len(near.slots) if near else 0)
    sums = None if len(columns) == len(_GROUPS) else _sums
    placed = place(line, tail, head, state.kept, sums)
    cells = read(placed, _FORMS, printed, line.where)
    issues = [Issue(placed.oddity, _ODD[placed.oddity], line.where)] if placed.oddity else []
    if line.cut or line.grid != state.heading[-1].grid:
        issues.append(Issue("page-split", "the table of remedies is cut by a page", line.where))
    state.found.add(line.grid, cells, issues)


def _of_the_form(tail: Sequence[Slot], heading: Sequence[Line]) -> list[Column]:
    """All fields in the order of the form, where the head names each but is drawn awry, and the sums of all three agree."""
    printed = [slot for slot in tail if slot.filled]
    results = tuple(result for _, _, result in _results(heading))
    if len(printed) != len(_FIELDS) or results != _RESULTS * len(_GROUPS) or _suits_first(heading):
        return []
    row = {name: cell(slot.text) for name, slot in zip(_FIELDS, printed, strict=True)}
    figures = {name: found.value or 0 for name, found in row.items() if found.value is not None or found.status == "na_mark"}
    whole = len(figures) == len(_FIELDS) and any(figures.values()) and _sums(figures)
    return [Column(name) for name in _FIELDS] if whole else []


def _columns(heading: Sequence[Line], group: str | None) -> list[Column]:
    """Field ids in reading order: by the extents of the heads above, else by runs of results that do not repeat."""
    last = [line for line in heading if line.grid == heading[-1].grid]
    if len(last) < len(heading) and (alone := _columns(last, group)):
        return alone
    named = [(slot, *labels.remedy(slot.text)) for line in heading for slot in line.words]
    results = _results(heading)
    if group in _GROUPS:
        return [Column(f"{group}_{result}", slot.left, slot.right) for slot, _, result in results[:len(_RESULTS)]]
    if results and all(over in _GROUPS for _, over, _ in results):
        return _whole([Column(f"{over}_{result}", slot.left, slot.right) for slot, over, result in results])
    groups = [(slot, over) for slot, over, result in named if over in _GROUPS and over and not result]
    if heading and heading[0].aligned and len(last) == len(heading) and (spanned := _spanned(groups, results)):
        return spanned
    return _in_runs([over for _, over in groups], [(slot, result) for slot, _, result in results], _suits_first(heading))


def _results(heading: Sequence[Line]) -> list[tuple[Slot, str | None, str]]:
    """The heads that are results; one line that names all of them is believed alone, above it they may stand repeated."""
    rows = [[(slot, over, result) for slot in line.words for over, result in [labels.remedy(slot.text)] if result]
            for line in heading]
    whole = next((row for row in rows if len(row) == len(_FIELDS)), None)
    return whole or [found for row in rows for found in row]


def _of_result(heading: Sequence[Line], result: str) -> list[Column]:
    """The fields of a row that is a result, under heads that are the groups."""
    named = [(labels.remedy(slot.text)[0], slot) for line in heading for slot in line.words]
    columns = {group: Column(f"{group}_{result}", slot.left, slot.right) for group, slot in reversed(named) if group in _GROUPS}
    found = list(reversed(columns.values()))
    if all(line.aligned for line in heading):
        return sorted(found, key=lambda column: column.left)
    return [] if _suits_first(heading) else found


def _suits_first(heading: Sequence[Line]) -> bool:
    """Whether 行政诉讼 stands before 行政复议: without places nobody can tell then whose figures come first."""
    named = [labels.remedy(slot.text)[0] for line in heading for slot in line.words]
    return "suit" in named and "review" in named[named.index("suit"):] and "review" not in named[:named.index("suit")]


def _spanned(groups: Sequence[tuple[Slot, str]], results: Sequence[tuple[Slot, str | None, str]]) -> list[Column]:
    found: dict[str, Column] = {}             # a head printed again for every row it spans is one
    for slot, _, result in results:
        above = {group for head, group in groups if head.left <= slot.left and slot.right <= head.right}
        if len(above) != 1:
            return []
        name = f"{above.pop()}_{result}"
        found.setdefault(name, Column(name, slot.left, slot.right))
    return _whole(sorted(found.values(), key=lambda column: column.left))


def _whole(columns: list[Column]) -> list[Column]:
    """The columns when they are all those of the groups they belong to, each once; else none."""
    names = {column.id for column in columns}
    groups = [group for group in _GROUPS if any(f"{group}_{result}" in names for result in _RESULTS)]
    return columns if len(names) == len(columns) == len(groups) * len(_RESULTS) else []


def _in_runs(named: Sequence[str], results: Sequence[tuple[Slot, str]], suits_first: bool) -> list[Column]:
    groups = list(dict.fromkeys(named)) or list(_GROUPS)
    runs: list[list[tuple[Slot, str]]] = []
    for slot, result in results:
        if not runs or result in [r for _, r in runs[-1]]:
            runs.append([])
        runs[-1].append((slot, result))
    if len(runs) == len(_GROUPS) != len(groups):
        groups = list(_GROUPS)
    if len(runs) != len(groups) or suits_first:
        return []
    return _whole([Column(f"{group}_{result}", slot.left, slot.right)
                   for group, run in zip(groups, runs, strict=True) for slot, result in run])


def _sums(row: Mapping[str, Number]) -> bool:
    """A04–A06: four results make up each total."""
    groups = [g for g in _GROUPS if f"{g}_total" in row]
    return bool(groups) and all(
        sum(row.get(f"{g}_{r}", 0) for r in _RESULTS[:-1]) == row[f"{g}_total"] for g in groups)


_ODD = {
    "position-lost": "table of remedies: the file keeps the numbers but not their columns",
    "surplus-values": "table of remedies: more values than columns",
    "glued": "table of remedies: the digits of several columns are printed without a space",
}


def tidied(fields: Mapping[str, Cell]) -> dict[str, Cell]:
    """The fields in the order of the form."""
    return {name: fields[name] for name in _FIELDS if name in fields}
