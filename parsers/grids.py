"""Tables from what a file draws: cells in flow or at places, with spans, into `Grid`s whose size is held in bounds.

    reader ──Line | Sketch──> settle (layout tables opened) ──> finish (numbered `Paragraph`s and `Grid`s)

A reader makes `Line`s and boxes; everything about spans, layout tables and locators is done here once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from parsers import headings
from parsers.exceptions import TooLarge
from parsers.models import Block, Grid, GridCell, Paragraph

MAX_COLUMNS = 100        # the widest statutory table has 15 columns; ledgers pasted into reports have some 40
MAX_ROWSPAN = 1_000
_LONG_LABEL = 80         # characters: no label of the form is longer
_SHORT_SENTENCE = 20
_ANNEX = re.compile(r"附[件表录注]?\s*\d*\s*[:：]")
_FEWEST_WORDS = 100      # characters of sentences that make a table a sheet with a whole report on it
MAX_CELLS = 100_000      # a whole ministry's report has about 1,000


class Line(NamedTuple):
    """A paragraph in the making: its words and the heading level the file claims for it."""

    text: str
    heading: int = 0


class Box(NamedTuple):
    """A cell in the making, at its place."""

    row: int
    column: int
    rowspan: int
    colspan: int
    content: Sequence[Line | Sketch]

    @property
    def text(self) -> str:
        if len(self.content) == 1 and isinstance(self.content[0], Line):       # nearly every cell
            return self.content[0].text
        return "\n".join(part.text for part in self.content if isinstance(part, Line))


class Sketch(NamedTuple):
    """A table in the making; not `aligned`: columns are ranks."""

    boxes: tuple[Box, ...]
    aligned: bool = True


Part = Line | Sketch


class Flow(NamedTuple):
    """A cell that knows its spans but not its place, as HTML writes them."""

    content: Sequence[Part]
    rowspan: int = 1
    colspan: int = 1


def place(rows: Iterable[Sequence[Flow]]) -> list[Box]:
    """Cells in flow at their places: each goes to the first column of its row not covered from above."""
    rows = list(rows)
    covered: dict[int, int] = {}            # column → first row at which it is free again
    boxes: list[Box] = []
    for row, flows in enumerate(rows):
        column = 0
        for content, rowspan, colspan in flows:
            while covered.get(column, 0) > row:
                column += 1
            if column >= MAX_COLUMNS:
                raise TooLarge(f"a table row has more than {MAX_COLUMNS} columns; open the file and check its tables")
            if rowspan != 1 or colspan != 1:
                rowspan = max(1, min(rowspan, MAX_ROWSPAN, len(rows) - row))
                colspan = _free(range(column, min(column + max(1, colspan), MAX_COLUMNS)), row, covered)
                covered.update(dict.fromkeys(range(column, column + colspan), row + rowspan))
            boxes.append(Box(row, column, rowspan, colspan, content))
            column += colspan
    return boxes


def _free(columns: range, row: int, covered: Mapping[int, int]) -> int:
    """How many of the columns a span may take: it never runs over a cell hanging from above."""
    return next((n for n, column in enumerate(columns) if n and covered.get(column, 0) > row), len(columns))


def settle(boxes: Sequence[Box], *, aligned: bool = True) -> list[Part]:
    """A drawn table as parts of the text: itself followed by the tables nested in it, or its content if it is layout."""
    if len(boxes) > MAX_CELLS:
        raise TooLarge(f"a table has more than {MAX_CELLS:,} cells; split the file to read it")
    nested = [part for box in boxes for part in box.content if isinstance(part, Sketch)]
    if _is_layout(boxes, nested):
        return list(_rejoined([part for box in boxes for part in box.content]))
    if not nested and (spoken := spoken_rows([(box.row, box.rowspan, box.text) for box in boxes if box.content])):
        return list(_parted(boxes, spoken, aligned))
    return [Sketch(tuple(_narrowed(boxes)), aligned), *nested]


def spoken_rows(cells: Sequence[tuple[int, int, str]]) -> frozenset[int]:
    """The rows of a sheet that are its text: `cells` are (row, rowspan, text) of a table in which a report stands whole.

    They come in runs of rows with a single cell each, from one sentence or heading of the form to another; the first run
    begins with the title, the last ends with the signature.
    """
    if sum(len(text) for _, _, text in cells if _is_sentence(text)) < _FEWEST_WORDS:       # as nearly always
        return frozenset()
    rows = dict[int, list[str]]()
    tall = set[int]()
    for row, rowspan, text in cells:
        if text.strip():
            rows.setdefault(row, []).append(text.strip())
            tall.update(range(row, row + rowspan) if rowspan > 1 else ())
    single = {row: texts[0] for row, texts in rows.items() if len(texts) == 1 and row not in tall}
    if sum(len(text) for text in single.values() if _is_sentence(text)) < _FEWEST_WORDS:
        return frozenset()
    runs = groupby(sorted(rows), lambda row: row in single)
    return frozenset(row for alone, run in runs if alone for row in _spoken(list(run), single, min(rows), max(rows)))


def _spoken(run: list[int], texts: Mapping[int, str], first: int, last: int) -> list[int]:
    said = [at for at, row in enumerate(run) if _is_sentence(texts[row]) or headings.statutory(texts[row])]
    if not said:
        return []
    start, end = 0 if run[0] == first else said[0], len(run) if run[-1] == last else said[-1] + 1
    return run[start:end]


def _is_sentence(text: str) -> bool:
    return len(text) > _LONG_LABEL or (len(text) > _SHORT_SENTENCE and "。" in text) or _ANNEX.match(text) is not None


def _parted(boxes: Sequence[Box], spoken: frozenset[int], aligned: bool) -> Iterator[Part]:
    """The spoken rows as paragraphs, and the tables between them."""
    for words, run in groupby(boxes, lambda box: box.row in spoken):
        part = list(run)
        if words:
            yield from (piece for box in part for piece in box.content)
        elif any(box.content for box in part):
            yield Sketch(tuple(_narrowed([box._replace(row=box.row - part[0].row) for box in part])), aligned)


def finish(parts: Iterable[Part]) -> tuple[Block, ...]:
    """The blocks of a document: `where` is "p N" for the N-th block and "table N row R" for the cells of the N-th table."""
    blocks: list[Block] = []
    tables = 0
    for part in parts:
        if isinstance(part, Sketch):
            tables += 1
            blocks.append(_grid(part, f"table {tables}"))
        else:
            blocks += [Paragraph(text, f"p {len(blocks) + 1}", part.heading)
                       for text in filter(None, [part.text.strip()])]
    return tuple(blocks)


def _rejoined(parts: Sequence[Part]) -> Iterator[Part]:
    """Tables of one row each, one below the other in a layout table, are the rows of one table."""
    for single, run in groupby(parts, lambda part: isinstance(part, Sketch) and all(box.row == 0 for box in part.boxes)):
        rows = list(run)
        if single and len(rows) > 1:
            tables = [part for part in rows if isinstance(part, Sketch)]
            widths = {max(box.column + box.colspan for box in table.boxes) for table in tables}
            yield Sketch(tuple(box._replace(row=number) for number, table in enumerate(tables) for box in table.boxes),
                         len(widths) == 1)
        else:
            yield from rows


def _grid(sketch: Sketch, where: str) -> Grid:
    boxes = sorted(sketch.boxes, key=itemgetter(0, 1))
    rows = {row: f"{where} row {row + 1}" for row in {box.row for box in boxes}}
    cells = [GridCell(box.row, box.column, box.text, rows[box.row], box.rowspan, box.colspan) for box in boxes]
    return Grid(tuple(cells), where, sketch.aligned)


def _is_layout(boxes: Sequence[Box], sketches: Sequence[Sketch]) -> bool:
    """Tables that only arrange: one column, or most of their words in the tables nested in them."""
    if len({box.column for box in boxes}) <= 1 or not any(box.content for box in boxes):
        return True
    sizes = [len(box.text) for box in boxes]
    nested = sum(len(box.text) for sketch in sketches for box in _all(sketch))
    longest = max(len(box.content) for box in boxes)
    return nested > sum(sizes) or (nested > 0 and longest > 12) or longest > 40 or max(sizes) > 3_000   # an article is no cell


def _all(sketch: Sketch) -> Iterator[Box]:
    """The boxes of a table and of all tables nested in it."""
    for box in sketch.boxes:
        yield box
        for part in box.content:
            if isinstance(part, Sketch):
                yield from _all(part)


def _narrowed(boxes: Sequence[Box]) -> Sequence[Box]:
    """Without the columns and rows at which no cell begins: rounding of widths makes them, and spans past the edge."""
    columns = {column: n for n, column in enumerate(sorted({box.column for box in boxes}))}
    last = len(columns)
    if max(box.column + box.colspan for box in boxes) <= last:        # as nearly always: nothing to drop
        return boxes
    edges = [columns.get(column, -1) for column in range(MAX_COLUMNS + 1)]
    for column in range(MAX_COLUMNS - 1, -1, -1):         # an edge inside a dropped column moves to the next kept one
        edges[column] = edges[column] if edges[column] >= 0 else edges[column + 1]
    edges = [edge if edge >= 0 else last for edge in edges]
    return [box._replace(column=columns[box.column],
                         colspan=max(1, edges[min(box.column + box.colspan, MAX_COLUMNS)] - columns[box.column]))
            for box in boxes]
