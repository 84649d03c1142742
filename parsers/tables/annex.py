"""The annexes before 2019: 政府信息公开情况统计表 (2014, 58 indicators) and the local lists with codes 01–35.

Rows are found by label. A provincial row that the national form lacks is kept as `local:<label>`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby, pairwise, takewhile
from typing import Any

from parsers import labels, schema
from parsers.models import Cell, Issue
from parsers.tables.candidates import Candidates
from parsers.tables.slots import Line, Slot
from parsers.text import squeeze
from parsers.values import COUNT, YUAN, Field, cell

_FIELDS = {f["id"]: f for f in schema.load("tables")["stat2014_fields"]}
_FORMS = {f: Field.of(form["unit"], form["type"]) for f, form in _FIELDS.items()}
_CODES = {f["code"]: f for f in schema.load("tables")["local_pre2014_fields"]}
_OF_YEAR = re.compile(r"value of\s*(20\d\d)\s*年?度?(?:数|数据|统计数)?")
_CODE = re.compile(r"^0?\d{1,2}$")
_UNIT = re.compile(r"^\(?(?:单位:)?(条|件|次|篇|个|人|人次|万元|元|份|项|场|期|家|部|页|千元)\)?$")
_TWO_FIGURES = re.compile(r"\d\D*\d")
_LAST_REMARK = re.compile(r"\(([^()]*)\)$")
_LONGEST_LABEL = 60    # characters: a longer "label" is several rows that ran together
_APPLICANTS = 3        # columns of applicants: no annex has as many
_ALIKE = 0.6           # a local list may give a code to another indicator


@dataclass(slots=True)
class _State:
    found: Candidates[Cell] = field(default_factory=Candidates)
    head: dict[str, Slot] = field(default_factory=dict)
    values: list[tuple[str, Slot]] = field(default_factory=list)
    grid: int = -1
    aligned: bool = False
    after: int = 0
    pending: Line | None = None
    coded: bool = False                 # whether the codes of the table are those of the old local lists
    code_behind: bool = False           # whether they stand behind the labels, among the values
    foreign: int = -1                   # the grid that is another table's
    headless: int = -1                  # the grid without a head that was looked at for codes


def find(lines: Sequence[Line]) -> Candidates[Cell]:
    """Every reading of an annex in the lines of a document."""
    state = _State()
    if not heads(lines) and not any(labels.indicator(_label(line)) for line in lines if line.words):
        return state.found
    lines = _below_each_other(lines)
    for at, line in enumerate(lines):
        if line.grid == state.foreign or is_of_requests(line):
            state.head, state.foreign = {}, line.grid
        elif is_head(line):
            _set_head(line, state)
            state.coded = _is_coded(lines[at + 1:], line.grid)
            state.code_behind |= state.coded and "code" not in state.head
        elif state.head or labels.indicator(_label(line)):
            _look_for_codes(lines[at:], line.grid, state)
            _take(line, state)
    return state.found


def _look_for_codes(lines: Sequence[Line], grid: int, state: _State) -> None:
    """A list of the old kind whose head is lost is told by its codes, as one that has a head."""
    if not state.head and state.headless != grid:
        state.headless = grid
        state.coded = state.code_behind = _is_coded(lines, grid)


def version(fields: Mapping[str, Cell]) -> str:
    """`f2014` or `f2008s`, whichever most known fields belong to."""
    old = sum(f.startswith("loc_") for f in fields)
    new = sum(f.startswith("s14_") for f in fields)
    return "f2008s" if old > new else "f2014" if new else ""


def _below_each_other(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines, those of a table printed in two or more columns of rows one after the other."""
    if not heads(lines):
        return lines
    found: list[Line] = []
    for _, run in groupby(lines, lambda line: line.grid):
        rows = list(run)
        edges = next((edges for row in rows if is_head(row) and len(edges := _halves(row)) > 1), [])
        if not edges:
            found += rows
            continue
        for left, right in pairwise([-1, *edges[1:], math.inf]):
            parts = [replace(row, slots=slots) for row in rows
                     if (slots := tuple(slot for slot in row.slots if left <= slot.left < right))]
            found += parts
    return found


def _halves(head: Line) -> list[int]:
    """Where each column of rows begins: the head says the same names as often as there are such columns."""
    names = [labels.lookup("stat_columns", slot.text) for slot in head.words]
    count = names.count("label")
    size, rest = divmod(len(names), count)
    again = not rest and all(names[at] == names[at % size] for at in range(len(names)))
    return [head.words[at].left for at in range(0, len(names), size)] if again else []


def _is_coded(lines: Sequence[Line], grid: int) -> bool:
    """Whether most rows of the table carry the codes of the old local lists beside the words of those."""
    rows = [line for line in takewhile(lambda line: line.grid == grid or not is_head(line), lines)
            if line.words and any(slot.filled for slot in _tail(line))]
    numbered = [line for line in rows if any(_CODE.match(slot.text.strip()) for slot in line.slots)]
    known = sum(_of_list(_label(line), [slot.text for slot in line.slots]) is not None for line in numbered)
    newer = sum(labels.indicator(_label(line)) is not None for line in numbered)       # a number is no code of another form
    return known * 2 > len(numbered) and known > newer


def is_of_requests(line: Line) -> bool:
    """Whether a line is the head of section 三, whose corner may be called 指标名称 too."""
    return _applicants(line.said) >= _APPLICANTS


@lru_cache(4096)
def _applicants(said: tuple[str, ...]) -> int:
    return sum(labels.request_column(word) is not None for word in said)


def heads(lines: Sequence[Line]) -> list[Line]:
    """The lines that are heads of an annex."""
    return [line for line in lines if line.wordy and _heads(line.said)]


def is_head(line: Line) -> bool:
    """Whether a line is the head of an annex: 统计指标 beside a unit or a figure's name."""
    return line.wordy and _heads(line.said)


@lru_cache(4096)
def _heads(said: tuple[str, ...]) -> bool:
    names = {labels.lookup("stat_columns", word) for word in said if labels.known("stat_columns", word)}
    return "label" in names and bool(names & {"value", "total", "unit"})


def _set_head(line: Line, state: _State) -> None:
    named = _dated([(labels.lookup("stat_columns", slot.text) or "value of " + slot.text, slot) for slot in line.words])
    state.head = dict(reversed(named))
    skipped = {"label", "unit", "code"}
    state.values = [(name, slot) for name, slot in named if name not in skipped and slot is not named[0][1]]
    if state.grid == -1 or not state.found.all:
        state.after = 0
    state.grid, state.aligned, state.pending = line.grid, line.aligned, None
    places = [name for name, _ in named]
    state.code_behind = "code" in places[places.index("label"):]


def _dated(named: list[tuple[str, Slot]]) -> list[tuple[str, Slot]]:
    """The heads of an annex that shows two years or more, 2016年 | 2017年: the last year's is the value."""
    years = {name: int(found[1]) for name, _ in named if (found := _OF_YEAR.fullmatch(name))}
    if len(set(years.values())) < 2 or any(name in ("value", "total") for name, _ in named):
        return named
    latest = max(years, key=lambda name: years[name])
    return [("value" if name == latest else name, slot) for name, slot in named]


def _take(line: Line, state: _State) -> None:
    if line.bare:
        if state.pending is not None and line.printed:
            _put(state.pending, line.slots, state)
        state.pending = None
        return
    tail = _tail(line)
    if _values_in(tail, state):
        _put(line, tail, state)
        state.pending = None
    elif labels.indicator(_label(line), state.after):
        state.pending = line


def _tail(line: Line) -> tuple[Slot, ...]:
    named = [at for at, slot in enumerate(line.slots) if slot.label and not _unit(slot.text)]
    return line.slots[named[-1] + 1:] if named else ()


def _label(line: Line) -> str:
    return _last_label(line.said)


@lru_cache(4096)
def _last_label(said: tuple[str, ...]) -> str:
    return next((word for word in reversed(said) if not _unit(word)), "")


@lru_cache(4096)
def _unit(text: str) -> str | None:
    """The unit that a cell is, and nothing else."""
    found = _UNIT.match(squeeze(text))
    return found[1] if found else None


def _values_in(tail: Sequence[Slot], state: _State) -> list[Slot]:
    """The slots that may hold the value: neither unit nor code."""
    rest = [slot for slot in tail if not slot.filled or not _unit(slot.text)]
    if state.code_behind:
        filled = [slot for slot in rest if slot.filled]
        code = next((slot for slot in filled if _CODE.match(slot.text)), None)
        rest = [slot for slot in rest if slot is not code]
    return rest


def _put(line: Line, tail: Sequence[Slot], state: _State) -> None:
    label = _label(line)
    found, form = _identified(line, label, tail, state)
    if found is None:
        return
    slot, doubt = _value(line, _values_in(tail, state), state)
    if found.startswith("local:") and not (slot and slot.filled):
        return
    read = cell(slot.text, form, slot.where) if slot else Cell("", None, "blank", where=line.where)
    issues = []
    if doubt:
        shown = " ".join(s.text for s in _values_in(tail, state) if s.filled)
        read = Cell(shown, None, "position_lost", where=line.where)
        issues.append(Issue("position-lost", f"{label}: several value columns and none is the total", line.where))
    state.found.add(line.grid, {found: read}, issues)


def _identified(
    line: Line, label: str, tail: Sequence[Slot], state: _State,
) -> tuple[str | None, Field]:
    unit = next(filter(None, [_unit(slot.text) for slot in tail]), None) or _unit_in(label)
    if state.coded:
        return _coded(label, [s.text for s in line.slots], unit)
    found = labels.indicator(label, state.after)
    if found is None:
        ran_together = _TWO_FIGURES.search(labels.ENUMERATOR.sub("", squeeze(label)))
        local = _within(state) and len(label) <= _LONGEST_LABEL and not ran_together
        return (f"local:{label}", COUNT.measured_in(unit)) if local else (None, COUNT)
    state.after = max(state.after, _FIELDS[found]["order"])
    form = _FORMS[found]
    return found, form.measured_in(unit, "header") if unit in YUAN and unit != form.unit else form


@lru_cache(4096)
def _unit_in(label: str) -> str | None:
    """The unit that a label carries at its end: 依申请公开信息收取的费用（元）."""
    found = _LAST_REMARK.search(squeeze(label))
    unit = _UNIT.match(found[1]) if found else None
    return unit[1] if unit else None


def _within(state: _State) -> bool:
    """A row that the form lacks is only of the annex once some of its own rows were met."""
    return bool(state.found.all)


def _coded(label: str, texts: Sequence[str], unit: str | None) -> tuple[str | None, Field]:
    form = _of_list(label, texts)
    if form is not None:
        return form["id"], COUNT.measured_in(unit or form["unit"])
    return f"local:{label}", COUNT.measured_in(unit)


def _of_list(label: str, texts: Sequence[str]) -> Mapping[str, Any] | None:
    """The field of the old local lists that has the code and about the words of this row."""
    code = next((text.strip().zfill(2) for text in texts if _CODE.match(text.strip())), "")
    return _CODES[code] if code in _CODES and _alike(label, code) else None


@lru_cache(4096)
def _alike(label: str, code: str) -> bool:
    """Whether a label has about the words that the old local lists give to a code."""
    return SequenceMatcher(None, labels.bare(label), labels.bare(_CODES[code]["label"])).ratio() >= _ALIKE


def _value(line: Line, slots: Sequence[Slot], state: _State) -> tuple[Slot | None, bool]:
    """The value slot: the only one, else the one under the total; with several columns and no total nobody can tell."""
    filled = [slot for slot in slots if slot.filled]
    if len(state.values) < 2:
        return (filled[0] if filled else None), len(filled) > 1
    under = next((slot for name, slot in state.values if name == "total"), None) or (
        state.head.get("value") if sum(name == "value" for name, _ in state.values) == 1 else None)
    if under is None:
        return None, bool(filled)
    if line.grid == state.grid and line.aligned:
        return next((s for s in slots if s.left < under.right and under.left < s.right), None), False
    if len(filled) == len(state.values):
        return filled[[slot for _, slot in state.values].index(under)], False
    return None, bool(filled)
