"""Tables from what a file draws: cells in flow or at places, with spans, into `Grid`s whose size is held in bounds.

    reader ──Line | Sketch──> settle (layout tables opened) ──> finish (numbered `Paragraph`s and `Grid`s)

A reader makes `Line`s and boxes; everything about spans, layout tables and locators is done here once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from parsers import headings
from parsers.exceptions import TooLarge
from parsers.models import Block, Grid, GridCell, Paragraph
from parsers.records import record

MAX_COLUMNS = 100        # the widest statutory table has 15 columns; ledgers pasted into reports have some 40
MAX_ROWSPAN = 1_000
_LONG_LABEL = 80         # characters: no label of the form is longer
_SHORT_SENTENCE = 20
_ANNEX = re.compile(r"附[件表录注]?\s*\d*\s*[:：]")
_FEWEST_WORDS = 100      # characters of sentences that make a table a sheet with a whole report on it
MAX_CELLS = 100_000      # a whole ministry's report has about 1,000


@record
class Line:
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
        """The words of the cell."""
        return words(self.content)


@record
class Sketch:
    """A table in the making, its cells in reading order; not `aligned`: columns are ranks.

    `size` counts the characters in it and in the tables nested in it.
    """

    cells: Sequence[GridCell]
    aligned: bool = True
    size: int = 0


Part = Line | Sketch


@record
class Flow:
    """A cell that knows its spans but not its place, as HTML writes them; `text` are the words of its content."""

    content: Sequence[Part]
    text: str
    rowspan: int = 1
    colspan: int = 1


def words(content: Sequence[Part]) -> str:
    """The text of a cell: its lines, without the tables in it."""
    if len(content) == 1 and isinstance(content[0], Line):       # nearly every cell
        return content[0].text
    return "\n".join([part.text for part in content if isinstance(part, Line)])


def place(rows: Sequence[Sequence[Flow]], *, aligned: bool = True) -> list[Part]:
    """Cells in flow as parts of the text: each goes to the first column of its row not covered from above."""
    covered: dict[int, int] = {}            # column → first row at which it is free again
    cells: list[GridCell] = []
    for row, flows in enumerate(rows):
        if row in covered.values():
            covered = {column: free for column, free in covered.items() if free > row}
        column = 0
        for flow in flows:
            while column in covered:
                column += 1
            if flow.rowspan == 1 == flow.colspan:          # nearly every cell
                cells.append(GridCell(row, column, flow.text, "", 1, 1))
                column += 1
                continue
            first, last = column, min(column + flow.colspan, MAX_COLUMNS)
            height = min(flow.rowspan, MAX_ROWSPAN, len(rows) - row)
            while column == first or (column < last and column not in covered):     # a span never runs over a hanging cell
                if height > 1:
                    covered[column] = row + height
                column += 1
            cells.append(GridCell(row, first, flow.text, "", height, column - first))
        if column > MAX_COLUMNS:
            raise TooLarge(f"a table row has more than {MAX_COLUMNS} columns; open the file and check its tables")
    return _settled(cells, [flow.content for flows in rows for flow in flows], aligned)


def settle(boxes: Sequence[Box], *, aligned: bool = True) -> list[Part]:
    """Cells at their places as parts of the text."""
    cells = [GridCell(box.row, box.column, words(box.content), "", box.rowspan, box.colspan) for box in boxes]
    return _settled(cells, [box.content for box in boxes], aligned)


def _settled(cells: Sequence[GridCell], contents: Sequence[Sequence[Part]], aligned: bool) -> list[Part]:
    """A drawn table: itself followed by the tables nested in it, or its content if it is layout."""
    if len(cells) > MAX_CELLS:
        raise TooLarge(f"a table has more than {MAX_CELLS:,} cells; split the file to read it")
    texts = [cell.text for cell in cells]
    more = [content for text, content in zip(texts, contents, strict=True) if len(content) > 1 or not text]     # nearly none
    nested = [part for content in more for part in content if isinstance(part, Sketch)]
    columns = {cell.column for cell in cells}
    size, inside, longest = sum(map(len, texts)), sum([sketch.size for sketch in nested]), max(map(len, texts), default=0)
    if len(columns) <= 1 or _is_layout(size, inside, longest, max(map(len, contents))):
        return list(_rejoined([part for content in contents for part in content]))
    if not nested and _may_speak("".join(texts), longest):
        held = zip(cells, contents, strict=True)
        if spoken := spoken_rows([(cell.row, cell.rowspan, cell.text) for cell, content in held if content]):
            return list(_parted(cells, contents, spoken, aligned))
    return [Sketch(_narrowed(cells, columns), aligned, size + inside), *nested]


def spoken_rows(cells: Sequence[tuple[int, int, str]]) -> frozenset[int]:
    """The rows of a sheet that are its text: `cells` are (row, rowspan, text) of a table in which a report stands whole.

    They come in runs of rows with a single cell each, from one sentence or heading of the form to another; the first run
    begins with the title, the last ends with the signature.
    """
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


def _may_speak(text: str, longest: int) -> bool:
    """Whether any cell may be a sentence (see `_is_sentence`): nearly no table has one."""
    return longest > _LONG_LABEL or "。" in text or "附" in text


def _is_sentence(text: str) -> bool:
    return len(text) > _LONG_LABEL or (len(text) > _SHORT_SENTENCE and "。" in text) or _ANNEX.match(text) is not None


def _parted(cells: Sequence[GridCell], contents: Sequence[Sequence[Part]], spoken: frozenset[int],
            aligned: bool) -> Iterator[Part]:
    """The spoken rows as paragraphs, and the tables between them."""
    for speaks, run in groupby(zip(cells, contents, strict=True), lambda held: held[0].row in spoken):
        held = list(run)
        if speaks:
            yield from (piece for _, content in held for piece in content)
        elif any(content for _, content in held):
            part = [replace(cell, row=cell.row - held[0][0].row) for cell, _ in held]
            yield Sketch(_narrowed(part, {cell.column for cell in part}), aligned, sum([len(cell.text) for cell in part]))


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
    for single, run in groupby(parts, lambda part: isinstance(part, Sketch) and all(cell.row == 0 for cell in part.cells)):
        rows = list(run)
        if single and len(rows) > 1:
            tables = [part for part in rows if isinstance(part, Sketch)]
            widths = {max(cell.column + cell.colspan for cell in table.cells) for table in tables}
            cells = [replace(cell, row=number) for number, table in enumerate(tables) for cell in table.cells]
            yield Sketch(cells, len(widths) == 1, sum(table.size for table in tables))
        else:
            yield from rows


def _grid(sketch: Sketch, where: str) -> Grid:
    rows = [f"{where} row {row}" for row in range(1, sketch.cells[-1].row + 2)]
    cells = [replace(cell) for cell in sketch.cells] if sketch.cells[0].where else sketch.cells    # a table in a repeated cell
    for cell in cells:
        cell.where = rows[cell.row]  # type: ignore[misc]  # known only now, and nobody else holds the cell
    return Grid(tuple(cells), where, sketch.aligned)


def _is_layout(size: int, nested: int, longest: int, most: int) -> bool:
    """Tables that only arrange: nothing in them, or most of their words in the tables nested in them.

    `size` and `nested` count the characters of all cells and of the tables in them, `longest` those of one cell; `most` are
    the parts of one cell.
    """
    return most == 0 or most > 40 or longest > 3_000 or (nested > 0 and (most > 12 or nested > size))   # an article is no cell


def _narrowed(cells: Sequence[GridCell], begun: Set[int]) -> Sequence[GridCell]:
    """Without the columns at which no cell begins: rounding of widths makes them, and spans past the edge."""
    width = max([cell.column + cell.colspan for cell in cells])
    if width <= len(begun):                               # nothing to drop
        return cells
    columns = sorted(begun)
    moved = [bisect_left(columns, edge) for edge in range(width + 1)]     # an edge in a dropped column: to the next kept
    return [GridCell(cell.row, moved[cell.column], cell.text, "", cell.rowspan,
                     max(1, moved[cell.column + cell.colspan] - moved[cell.column])) for cell in cells]
