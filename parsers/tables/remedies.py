"""Section 四: one row of fifteen numbers under two or three lines of heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parsers import labels, schema
from parsers.models import Cell, Issue, Number
from parsers.tables.candidates import Candidates
from parsers.tables.lines import Line, Slot
from parsers.tables.place import Column, Head, place, read, settled

_FIELDS = {f["id"]: f for f in schema.load("tables")["remedy_fields"]}
_GROUPS = ("review", "suit_direct", "suit_after_review")
_RESULTS = ("upheld", "corrected", "other", "pending", "total")
_WEAK = frozenset({"total"})


@dataclass(slots=True)
class _State:
    kept: bool
    found: Candidates[Cell] = field(default_factory=Candidates)
    heading: list[Line] = field(default_factory=list)
    row: str | None = None


def find(lines: Sequence[Line], kept: bool) -> Candidates[Cell]:
    """Every reading of the table in the lines of a document."""
    state = _State(kept)
    for line in lines:
        if _is_head(line, state):
            state.heading = [*state.heading, line]
        elif state.heading:
            _take(line, state)
    return state.found


def _is_head(line: Line, state: _State) -> bool:
    if not line.words or len(line.words) != len(line.printed):
        return False
    results = {labels.lookup("remedy_results", slot.text) for slot in line.words}
    groups = {labels.lookup("remedy_groups", slot.text) for slot in line.words}
    if state.heading:
        return all(labels.known("remedy_results", s.text) or labels.known("remedy_groups", s.text) for s in line.words)
    return bool((results - _WEAK - {None}) or groups - {None})


def _take(line: Line, state: _State) -> None:
    """The row of numbers; anything else after the head ends the table, a caption or a blank row does not."""
    group = labels.lookup("remedy_groups", line.words[-1].text) if line.words else None
    tail = line.slots[line.slots.index(line.words[-1]) + 1:] if line.words else line.slots
    columns = _columns(state.heading, group)
    if not any(slot.filled for slot in tail):
        if line.bare and len(tail) == len(columns):
            _put(line, tail, columns, state)
        return
    if not line.words or group is not None or len([s for s in tail if s.filled]) == len(columns) > len(_RESULTS):
        _put(line, tail, columns, state)
        state.heading = state.heading if group else []
    else:
        state.heading = []


def _put(line: Line, tail: Sequence[Slot], columns: Sequence[Column], state: _State) -> None:
    if len(columns) < len(_RESULTS):
        return
    printed = [slot for slot in tail if slot.filled]
    near = next((h for h in reversed(state.heading) if h.grid == line.grid), None)
    head = Head(tuple(columns), near.grid if near else -1, len(near.slots) if near else 0)
    placed = settled(place(line, tail, head, state.kept, _sums), _sums)
    cells = {c.id: read(placed, c.id, _FIELDS[c.id], printed, line.where) for c in columns}
    issues = [Issue(placed.oddity, _ODD[placed.oddity], line.where)] if placed.oddity else []
    if line.cut or line.grid != state.heading[-1].grid:
        issues.append(Issue("page-split", "the table of remedies is cut by a page", line.where))
    state.found.add(line.grid, cells, issues)


def _columns(heading: Sequence[Line], group: str | None) -> list[Column]:
    """Field ids in reading order: by the extents of the heads above, else by runs of results that do not repeat."""
    last = [line for line in heading if line.grid == heading[-1].grid]
    if len(last) < len(heading) and (alone := _columns(last, group)):
        return alone
    slots = [slot for line in heading for slot in line.words]
    results = [(slot, name) for slot in slots if (name := labels.lookup("remedy_results", slot.text))]
    if group in _GROUPS:
        return [Column(f"{group}_{name}", s.left, s.right) for s, name in results[:len(_RESULTS)]]
    if heading and heading[0].aligned and len(last) == len(heading) and (spanned := _spanned(slots, results)):
        return spanned
    return _in_runs(slots, results)


def _spanned(slots: Sequence[Slot], results: Sequence[tuple[Slot, str]]) -> list[Column]:
    over = [(s, g) for s in slots if (g := labels.lookup("remedy_groups", s.text)) in _GROUPS and g]
    found = {}
    for slot, name in results:
        above = [g for head, g in over if head.left <= slot.left and slot.right <= head.right]
        if len(above) == 1:
            found[f"{above[0]}_{name}"] = Column(f"{above[0]}_{name}", slot.left, slot.right)
    return sorted(found.values(), key=lambda c: c.left) if len(found) == len(_FIELDS) else []


def _in_runs(slots: Sequence[Slot], results: Sequence[tuple[Slot, str]]) -> list[Column]:
    named = [g for s in slots if (g := labels.lookup("remedy_groups", s.text)) in _GROUPS and g]
    groups = list(dict.fromkeys(named)) if len(set(named)) == len(_GROUPS) else list(_GROUPS)
    runs: list[list[tuple[Slot, str]]] = []
    for slot, name in results:
        if not runs or name in [n for _, n in runs[-1]]:
            runs.append([])
        runs[-1].append((slot, name))
    if len(results) != len(_FIELDS) or len(runs) != len(_GROUPS) or len({len(run) for run in runs}) > 1:
        return []
    return [Column(f"{g}_{name}", s.left, s.right) for g, run in zip(groups, runs, strict=True) for s, name in run]


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
