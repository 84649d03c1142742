"""Which printed value belongs to which column.

Order decides when there is a value for every column, the extents of the head when blanks are kept, arithmetic when a
row has too many values or too few. What none of them settles is lost: no value is ever put into a place by guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Literal

from parsers import labels
from parsers.models import Cell, Number
from parsers.records import record
from parsers.tables.slots import Line, Slot
from parsers.values import Field, cell, number

_MOST_SURPLUS = 4      # values: beyond, the row is another table's
_GROUPED = re.compile(r"[1-9]\d{0,2} \d{3}(?!\d)")     # two figures, or one of thousands

Place = Slot | None | Literal["lost"]
Sums = Callable[[Mapping[str, Number]], bool] | None      # None: nothing binds the columns of the table


@record
class Column:
    """A column of the head: its id, its extent in the grid it was read from, the unit it prints."""

    id: str
    left: int = -1
    right: int = -1
    unit: str | None = None


@record
class Head:
    """The columns in their order; `grid` and `length` tell the lines whose extents may be compared with theirs.

    A head is `partial` when it lacks columns of the form: left out by the office, or named by words that nobody knows.
    """

    columns: tuple[Column, ...]
    grid: int = -1
    length: int = 0
    partial: bool = False

    def bounds(self, line: Line) -> bool:
        return self.grid == line.grid and (line.aligned or len(line.slots) == self.length)


@record
class Placed:
    """The slot of every column (None: printed blank, "lost": its place cannot be told) and what was odd about the row."""

    slots: Mapping[str, Place]
    oddity: str = ""


def place(line: Line, tail: Sequence[Slot], head: Head, kept: bool, sums: Sums) -> Placed:
    """The values after the label of `line` in the columns of `head`; `kept`: blanks of flattened text are in place."""
    placed = _placed(line, tail, head, kept, sums)
    return _settled(placed, sums) if line.cut else placed


def _placed(line: Line, tail: Sequence[Slot], head: Head, kept: bool, sums: Sums) -> Placed:
    first = next((at for at, slot in enumerate(tail) if slot.filled), 0)
    tail = tail[first + 1:] if tail and labels.is_unit(tail[first].text) else tail      # 件 between a label and its figures
    columns, tail = head.columns, _unspared(line, _unremarked(tail, len(head.columns)), len(head.columns))
    printed = [slot for slot in tail if slot.filled]
    in_place = line.aligned or kept
    if not printed:
        cut = not tail if not line.aligned else head.bounds(line) and not (tail and _reaches(columns, tail))
        return _lost(columns, "position-lost" if line.aligned else "") if cut else _in_order(columns, [None] * len(columns))
    if len(tail) == len(columns) and in_place:
        return _in_order(columns, tail)
    if in_place and head.bounds(line):
        if any(not _over(columns, slot) for slot in printed if columns[0].left < slot.left < columns[-1].left):
            return _lost(columns, "position-lost")         # a column whose head could not be read
        if (found := _below_heads(columns, tail)) and (_reaches(columns, tail) or _hold(found, sums)):
            return found
    if line.open:
        return _lost(columns, "position-lost")             # neither order nor sums prove anything where values are missing
    for settle in (_every, _unglued):
        if (found := settle(columns, printed, sums)) and (not head.partial or _proved(found, sums)):
            return found
    if in_place and head.bounds(line) and _reaches(columns, tail) and (found := _below_heads(columns, tail)):
        return found
    if len(printed) > len(columns):
        return _surplus(columns, printed, sums)
    if in_place and len(tail) > len(columns) and tail[-1].filled and not any(s.filled for s in tail[:-len(columns)]):
        found = _in_order(columns, tail[-len(columns):])
        if line.aligned or _hold(found, sums):
            return found
    return _deficit(columns, printed, sums)


def _unremarked(tail: Sequence[Slot], count: int) -> Sequence[Slot]:
    """Without the words that an office adds behind a full row of figures."""
    full = len(tail) > count and not any(slot.label for slot in tail[:count]) and all(slot.filled for slot in tail[:count])
    rest = tail[count:]
    said = any(slot.label for slot in rest) and all(slot.label or not slot.filled for slot in rest)
    return tail[:count] if full and said else tail


def _unspared(line: Line, tail: Sequence[Slot], count: int) -> Sequence[Slot]:
    """Without the columns that the grid leaves blank from top to bottom, where that leaves a slot for every column."""
    kept = [slot for slot in tail if slot.left not in line.spare] if len(tail) > count else tail
    return kept if len(kept) == count else tail


def read(placed: Placed, fields: Mapping[str, Field], printed: Sequence[Slot], where: str) -> dict[str, Cell]:
    """The cells of a row by column. A lost place keeps the whole row as printed."""
    return {column: cell(slot.text, fields[column], slot.where) if isinstance(slot, Slot)
            else _lost_cell(placed, printed, where) if slot else Cell("", None, "blank", None, where)
            for column, slot in placed.slots.items()}


def _lost_cell(placed: Placed, printed: Sequence[Slot], where: str) -> Cell:
    status = "glued" if placed.oddity == "glued" else "position_lost"
    return Cell(" ".join([slot.text for slot in printed]), None, status, None, where)


def _settled(placed: Placed, sums: Sums) -> Placed:
    """A row with numbers put together from two pages: believed when its sums agree, else those numbers are lost."""
    doubtful = {column for column, slot in placed.slots.items() if isinstance(slot, Slot) and slot.doubtful}
    if not doubtful or (_hold(placed, sums) and len(numbers(placed.slots)) == len(placed.slots)):
        return placed
    return Placed({c: "lost" if c in doubtful else s for c, s in placed.slots.items()}, "position-lost")


def numbers(slots: Mapping[str, Place]) -> dict[str, Number]:
    """The columns that hold a plain number."""
    return {column: value for column, slot in slots.items()
            if isinstance(slot, Slot) and (value := number(slot.text)) is not None}


def _in_order(columns: Sequence[Column], slots: Sequence[Place], oddity: str = "") -> Placed:
    return Placed({column.id: slot for column, slot in zip(columns, slots, strict=True)}, oddity)


def _every(columns: Sequence[Column], printed: Sequence[Slot], _: Sums) -> Placed | None:
    return _in_order(columns, printed) if len(printed) == len(columns) else None


def _unglued(columns: Sequence[Column], printed: Sequence[Slot], sums: Sums) -> Placed | None:
    """`规章000`, `0000000`: as many digits as columns, and the sums agree.

    Where no sums bind the columns, the digits must stick to their label or begin as no number does, with a zero.
    """
    text = printed[0].text
    if len(printed) > 1 or len(columns) < 2 or len(text) < len(columns) or not re.fullmatch("[0-9]+", text):
        return None
    if len(text) == len(columns):
        placed = _in_order(columns, [printed[0].saying(digit) for digit in text], "glued")
        if _hold(placed, sums) or (sums is None and (printed[0].glued or text[0] == "0")):
            return placed
    return _lost(columns, "glued") if printed[0].glued or text[0] == "0" else None


def _hold(placed: Placed, sums: Sums) -> bool:
    return sums is not None and sums(numbers(placed.slots))


def _proved(placed: Placed, sums: Sums) -> bool:
    """Whether the sums agree and prove something: where all are zero, any of them may be another column's."""
    return _hold(placed, sums) and any(numbers(placed.slots).values())


def _below_heads(columns: Sequence[Column], tail: Sequence[Slot]) -> Placed | None:
    """Every printed value under one column, no column with two."""
    found: dict[str, Place] = {column.id: None for column in columns}
    for slot in tail:
        if not slot.filled:
            continue
        over = _over(columns, slot)
        if len(over) != 1 or found[over[0].id] is not None:
            return None
        found[over[0].id] = slot
    return Placed(found)


def _reaches(columns: Sequence[Column], tail: Sequence[Slot]) -> bool:
    """Whether a row goes as far as its head: one that ends before has lost a cell, and nobody knows where."""
    return tail[-1].right >= columns[-1].right


def _over(columns: Sequence[Column], slot: Slot) -> list[Column]:
    return [c for c in columns if min(c.right, slot.right) > max(c.left, slot.left)]


def _surplus(columns: Sequence[Column], printed: Sequence[Slot], sums: Sums) -> Placed:
    """More values than columns: certain is what every choice of them gives, or every choice whose sums agree."""
    if len(printed) - len(columns) > _MOST_SURPLUS or any(_GROUPED.match(f"{a.text} {b.text}") for a, b in pairwise(printed)):
        return _lost(columns, "surplus-values")
    choices = {tuple(s.text for s in chosen): chosen for chosen in combinations(printed, len(columns))}
    if len(choices) > 1:
        choices = {k: c for k, c in choices.items() if _full(columns, c) and _hold(_in_order(columns, c), sums)}
    if not choices:
        return _lost(columns, "surplus-values")
    first = next(iter(choices.values()))
    agreed = [len(set(texts)) == 1 for texts in zip(*choices, strict=True)]
    return _in_order(columns, [s if same else "lost" for s, same in zip(first, agreed, strict=True)], "surplus-values")


def _full(columns: Sequence[Column], chosen: Sequence[Slot]) -> bool:
    return len(numbers(_in_order(columns, chosen).slots)) == len(columns)


def _deficit(columns: Sequence[Column], printed: Sequence[Slot], sums: Sums) -> Placed:
    """Fewer values than columns and no places: only a total that is the sum of the others is certain.

    Where all are zero the sum proves nothing, since the total itself may be the blank one; two zeros are a body and the total.
    """
    lost = _lost(columns, "position-lost")
    if columns[-1].id != "total" or len(printed) < 2:
        return lost
    shown = numbers(_in_order([Column(str(at)) for at in range(len(printed) - 1)] + [columns[-1]], printed).slots)
    proves = any(shown.values()) or len(printed) == 2
    if proves and len(shown) == len(printed) and sum(v for c, v in shown.items() if c != "total") == shown["total"]:
        return Placed({**lost.slots, "total": printed[-1]}, "position-lost")
    return lost


def _lost(columns: Sequence[Column], oddity: str) -> Placed:
    return Placed({column.id: "lost" for column in columns}, oddity)
