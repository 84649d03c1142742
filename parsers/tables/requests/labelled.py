"""Which row of the form the labels of a line name, and where its figures begin."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from parsers import labels
from parsers.tables.requests.form import REMEMBERED
from parsers.tables.slots import Line, Slot

_GLUED = re.compile(r"^(.*[^\d\s.,])\s*(\d+)$", re.S)


def labelled(line: Line, group: str | None) -> tuple[str | None, str | None, tuple[Slot, ...]]:
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


@lru_cache(REMEMBERED)
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
