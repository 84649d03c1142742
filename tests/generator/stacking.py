"""Tables redrawn as careless tools draw them: several stacked into one, spans that do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from random import Random

from tests.generator.model import Box, Line, Script, Table


def stack(script: Script) -> list[Line | Table]:
    """Neighbouring tables joined, rows below rows, as one table of their common width."""
    stacked: list[Line | Table] = []
    for tables, parts in groupby(script, key=lambda part: isinstance(part, Table)):
        members = list(parts)
        if not tables:
            stacked += members
            continue
        rows = tuple(row for table in members if isinstance(table, Table) for row in table.rows)
        stacked.append(Table(rows, "stack"))
    return stacked


def respan(table: Table, random: Random) -> Table:
    """Spans that a browser forgives: too wide captions, row spans past the end, a note whose span ends a row early."""
    rows = [tuple(_wrong(box, random) for box in row) for row in table.rows]
    if table.part == "requests":
        note = table.rows[0][0]
        rows[0] = (replace(note, rows=2), *rows[0][1:])
        rows[2] = (Box("", 1, note.columns, True), *rows[2])
    return Table(tuple(rows), table.part)


def _wrong(box: Box, random: Random) -> Box:
    if box.text.startswith("第二十条"):
        return replace(box, columns=random.choice((box.columns, 20)))
    if box.text.startswith("三、本年度"):
        return replace(box, rows=box.rows + random.choice((0, 1)))
    return box


def rows_of(table: Table) -> Iterator[list[tuple[Box, bool]]]:
    """Each row as (box, continued) over all places, left to right; `continued` marks a place covered from above."""
    open_boxes: dict[int, tuple[Box, int]] = {}
    for row in table.rows:
        fresh = iter(row)
        places: list[tuple[Box, bool]] = []
        column = 0
        while column < table.width:
            if column in open_boxes:
                box, left = open_boxes.pop(column)
                places.append((box, True))
            else:
                box = next(fresh)
                left = box.rows
                places.append((box, False))
            if left > 1:
                open_boxes[column] = (box, left - 1)
            column += box.columns
        yield places
