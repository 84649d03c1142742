"""One table: its header lines and rows, where its label columns part and where its figures stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from parsers.layout.aligned.recut import recut
from parsers.layout.aligned.regions import CLOSE
from parsers.layout.aligned.rows import APART, WIDE, WRAP, Row, em_of, is_anchor, is_tail, left_of, overlap, widened
from parsers.layout.lines import Line
from parsers.layout.once import once


@dataclass
class Table:
    """Consecutive lines of one table: `head` before the first figures, `body` from there on; `em` its size of type."""

    head: list[Row]
    body: list[Row]
    em: float
    columns: list[tuple[float, float]] = field(default_factory=list)

    @once
    def anchors(self) -> list[Row]:
        """The rows with figures. Lines closer than one line of text are one row: its cells break at different heights."""
        merged: list[Row] = []
        for row in self.body:
            if merged and (is_tail(row, merged[-1:], self.em) or (
                    row.values and row.y - merged[-1].values[-1].middle < CLOSE * self.em)):
                serial = row.serial or merged[-1].serial
                merged[-1] = Row(row.line, [], merged[-1].values + row.values, merged[-1].words + row.words, serial)
            elif row.values:
                merged.append(row)
        return [Row(row.line, row.pieces, sorted(row.values, key=left_of), row.words, row.serial) for row in merged]

    @once
    def _bounds(self) -> tuple[list[float], float]:
        """Where the label columns part, and where they end. The labels are the column with the most words;
        what stands right of it (units, remarks) is a column like those of the figures."""
        figures = min(value.x0 for row in self.anchors for value in row.values)
        labels = [word for row in self.body for word in row.words if word.x1 <= figures]
        if not labels:
            return [], -1.0
        gutters = gutters_of(labels, self.em)
        ends = [*gutters, max(word.x1 for word in labels)]
        weight = [sum(len(word.glyphs) for word in labels if low < word.x1 <= high)
                  for low, high in pairwise([-1.0, *ends])]
        main = weight.index(max(weight))
        return gutters[:main], ends[main]

    @property
    def gutters(self) -> list[float]:
        return self._bounds[0]

    @property
    def labels_end(self) -> float:
        return self._bounds[1]


def tables(rows: Sequence[Row]) -> Iterator[Table]:
    """A new table begins where words stand above the columns of figures again."""
    em = median(em_of(row.line) for row in rows if row.line.em) if any(row.line.em for row in rows) else em_of(rows[0].line)
    head: list[Row] = []
    body: list[Row] = []
    for index, row in enumerate(rows):
        goes_on = bool(body) and (_is_label(row, body, rows[index + 1:]) or is_tail(row, body[-3:], em))
        if goes_on or (row.values and (body or is_anchor(row))):
            body.append(row)
        elif body:
            yield _table(head, body, em)
            head, body = [row], []
        else:
            head.append(row)
    if body:
        yield _table(head, body, em)


def _is_label(row: Row, body: Sequence[Row], later: Sequence[Row]) -> bool:
    """Words in the columns of the labels only, as the rows around them have them."""
    figures = [at for at, other in enumerate(later[:6]) if other.values][:2]
    near = [*body[-6:], *later[:figures[-1] + 1 if figures else 0]]
    valued = [r for r in near if r.values] or [r for r in body if r.values]
    beside = [r for r in valued if r.words]            # none where all figures stand in the middle of labels of two lines
    first = min(r.values[0].x0 for r in beside or valued)
    end = max((word.x1 for r in near for word in r.words if word.x1 <= first), default=first)
    return all(word.x0 < end and word.x1 < first for word in row.words)


def _table(head: list[Row], body: list[Row], em: float) -> Table:
    """The first row's label may begin above its figures."""
    recut(body)
    table = Table(head, body, em)
    first = min(piece.x0 for row in table.anchors for piece in right_of_label(row, table))
    begun = len(head)
    while begun and (head[begun:] or body)[0].y - head[begun - 1].y < WRAP * em and all(
            word.x1 <= first for word in head[begun - 1].words):
        begun -= 1
    if begun < len(head):
        table = Table(head[:begun], [*head[begun:], *body], em)
    table.columns = columns_of(table)
    return table


def right_of_label(anchor: Row, table: Table) -> list[Line]:
    return [*anchor.values, *(word for word in anchor.words if word.x0 >= table.labels_end)]


def is_leaf(word: Line, table: Table) -> bool:
    """Does a word stand in the last label column?"""
    return word.x0 < table.labels_end and word.x1 > (table.gutters[-1] if table.gutters else -1.0)


def label_span(words: Sequence[Line], gutters: Sequence[float]) -> tuple[int, int]:
    """A label spans the label columns it runs through."""
    start = min(word.x0 for word in words)
    return sum(start > x for x in gutters), len(gutters)


# ---------------------------------------------------------------- columns


def columns_of(table: Table) -> list[tuple[float, float]]:
    """The extents of the value columns: figures that stand below each other, then lowest header words beside them."""
    found: list[tuple[float, float]] = []
    for row in table.anchors:
        for piece in right_of_label(row, table):
            found = widened(found, piece)
    words = [(row.y, word) for row in table.head if len(row.pieces) > 1 for word in row.pieces if word.x0 > table.labels_end]
    lowest = sorted((word for y, word in words if not any(
        below > y and overlap(word, (other.x0, other.x1)) for below, other in words)), key=left_of)
    if len(lowest) == len(found):                       # head and figures set to different sides of their columns
        return [(min(word.x0, x0), max(word.x1, x1)) for word, (x0, x1) in zip(lowest, found, strict=True)]
    for word in lowest:
        if sum(overlap(word, column) for column in found) < 2:
            found = widened(found, word)
    return found


def column_of(piece: Line, columns: Sequence[tuple[float, float]]) -> int:
    """The column a piece stands in or nearest to."""
    middle = (piece.x0 + piece.x1) / 2
    for index, (x0, x1) in enumerate(columns):
        if x0 <= middle <= x1:
            return index
    return min(range(len(columns)), key=lambda index: abs(sum(columns[index]) / 2 - middle))


def gutters_of(labels: Sequence[Line], em: float) -> list[float]:
    """Where label columns part: between words side by side, crossed by the fewer labels."""
    least = min(label.x1 for label in labels) + APART * em
    right = [label for label in labels if label.x0 > least]
    gaps = [(a.x1, b.x0) for a in labels for b in right if b.x0 - a.x1 > APART * em and a.y1 > b.y0 and b.y1 > a.y0]
    found: list[list[tuple[float, float]]] = []
    for gap in sorted(gaps, key=lambda gap: gap[1] - gap[0]):
        same = next((g for g in found if all(gap[0] < high and gap[1] > low for low, high in g)), None)
        if same is None:
            found.append([gap])
        else:
            same.append(gap)
    middles = [(max(low for low, _ in g) + min(high for _, high in g)) / 2 for g in found
               if len(g) > 2 or g[0][1] - g[0][0] > WIDE * em]
    return sorted(x for x in middles if sum(word.x0 < x < word.x1 for word in labels) <= len(labels) / 2)
