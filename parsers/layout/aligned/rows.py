"""Printed lines in their pieces: which hold figures, which words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.layout.ink import Box
from parsers.layout.lines import Line, segments
from parsers.layout.once import once

APART = 0.45          # characters: pieces of neighbouring cells stand at least this far apart
WIDE = 1.2            # characters: no gap inside a sentence is this wide
TYPE = 1.15           # times the type of the table: a line set larger is a heading
LONGEST = 16          # characters of a figure
COUNTED = 3           # lines that begin with 1, 2, 3: no figures do by chance
WRAP = 1.45           # characters from line to line inside a cell; rows stand further apart

_VALUE = re.compile(rf"[-+－＋—–/／\\()（）减增↓↑无零〇件次万亿元%％.,，．、\s\d０-９⁰¹²³⁴-⁹]{{1,{LONGEST}}}")
_FIGURE = re.compile(r"[\d０-９]|^[-－—–/／\\无零〇\s]+$")
ENUMERATOR = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]")


@dataclass(eq=False)
class Row:
    """One printed line in its pieces. `values` and `words` part them by what they hold; `serial` is the number of the row."""

    line: Line
    pieces: list[Line]
    values: list[Line]
    words: list[Line]
    serial: Line | None = None

    @once
    def y(self) -> float:
        pieces = self.values or self.words
        return (min([piece.y0 for piece in pieces]) + max([piece.y1 for piece in pieces])) / 2


def row_of(line: Line) -> Row:
    row = Row(line, segments(line, APART * em_of(line) / line.height), [], [])
    for piece in row.pieces:
        (row.values if is_value(piece.text) else row.words).append(piece)
    return row


def take_serials(rows: Sequence[Row]) -> None:
    """Where lines are counted before their labels (序号: 1, 2, 3 …) these numbers are no figures of the table."""
    counted = [index for index, row in enumerate(rows) if len(row.values) > 1 and row.words and row.pieces[1] is row.words[0]
               and row.pieces[0].text.isdecimal()]
    for run in _runs(rows, counted):
        left, right = min(rows[at].pieces[0].x0 for at in run), max(rows[at].pieces[0].x1 for at in run)
        for row in rows[run[0]:run[-1] + 1]:
            if row.values and row.values[0] is row.pieces[0] and overlap(row.pieces[0], (left, right)):
                row.serial = row.values.pop(0)
                row.pieces.pop(0)


def _runs(rows: Sequence[Row], counted: Sequence[int]) -> Iterator[list[int]]:
    """Of the lines that begin with a number those that count on by no more than the lines between them; at least three."""
    run: list[int] = []
    for at in counted:
        if run and not 1 <= int(rows[at].pieces[0].text) - int(rows[run[-1]].pieces[0].text) <= at - run[-1]:
            if len(run) >= COUNTED:
                yield run
            run = []
        run.append(at)
    if len(run) >= COUNTED:
        yield run


def em_of(line: Line) -> float:
    return line.em or 0.8 * line.size


def is_value(text: str) -> bool:
    if text.isdecimal():
        return len(text) <= LONGEST
    return _VALUE.fullmatch(text) is not None and _FIGURE.search(text) is not None


def is_anchor(row: Row) -> bool:
    """Figures standing well apart from what is before them."""
    wide = WIDE * em_of(row.line)
    return any(b in row.values and b.x0 - a.x1 >= wide for a, b in pairwise(row.pieces))


def other_type(line: Line, table: Line) -> bool:
    """Is a line set larger or smaller than the table? Width and height must say so, fonts alone change one of them."""
    taller = line.size / table.size
    if not line.em or not table.em:
        return not 0.7 < taller < 1.4
    return not 1 / TYPE < line.em / table.em < TYPE and not 1 / TYPE < taller < TYPE


def is_tail(row: Row, above: Sequence[Row], em: float) -> bool:
    """Words broken off from figures (the 件 of 12件): each right below one of them."""
    values = [value for other in above for value in other.values if row.y - value.middle < WRAP * em]
    return not row.values and all(any(overlap(word, (value.x0, value.x1)) for value in values) for word in row.words)


def overlap(piece: Line, column: tuple[float, float]) -> bool:
    return piece.x0 < column[1] and piece.x1 > column[0]


def widened(columns: list[tuple[float, float]], piece: Line) -> list[tuple[float, float]]:
    """The columns with one more piece: it widens those it overlaps into one, or is a column of its own."""
    left, right = piece.x0, piece.x1
    same = [column for column in columns if left < column[1] and right > column[0]]
    if len(same) == 1 and same[0][0] <= left and right <= same[0][1]:
        return columns
    x0, x1 = min([left, *(a for a, _ in same)]), max([right, *(b for _, b in same)])
    return sorted([column for column in columns if column not in same] + [(x0, x1)])


def left_of(piece: Line) -> float:
    return piece.x0


def around(pieces: Sequence[Line]) -> Box:
    if len(pieces) == 1:
        return pieces[0].box
    return Box(min([p.x0 for p in pieces]), min([p.y0 for p in pieces]),
               max([p.x1 for p in pieces]), max([p.y1 for p in pieces]))
