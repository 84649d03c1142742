"""Spreadsheets, XLS, XLSX and ODS: each sheet a grid, merged ranges as spans, numbers as they would print.

Calamine lays a sheet out in full, from its first filled cell to its last, and ends the process when that does not fit: the
places are counted before it is asked.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from parsers.exceptions import Damaged, Empty, Encrypted, TooLarge
from parsers.grids import spoken_rows
from parsers.models import Block, Document, Grid, GridCell, Paragraph
from parsers.readers import XLSX
from parsers.sniff import ODS, media_type
from parsers.zipped import Zipped

MOST_CELLS = 200_000           # the largest honest annex has a few thousand
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})", re.I)
Value = int | float | str | bool | time | date | datetime | timedelta


def read(data: bytes) -> Document:
    """Read every sheet that holds anything and is not hidden; its name stands above it when there are several."""
    kind = media_type(data)
    if kind == XLSX:
        _look_inside(Zipped(data))
    elif kind == ODS:
        _look_inside_ods(Zipped(data))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        grids = [(name, grid) for name in shown or book.sheet_names
                 if (grid := _grid(name, book.get_sheet_by_name(name))).cells]
    except PasswordError as error:
        raise Encrypted("the workbook is locked with a password; ask the publisher for an open copy") from error
    except CalamineError as error:
        raise Damaged(f"the workbook cannot be read ({error}); fetch it again") from error
    if not grids:
        raise Empty("the workbook has no filled cell; fetch it again or look at it by hand")
    blocks = [block for name, grid in grids
              for block in ((Paragraph(name, name), *_parted(grid)) if len(grids) > 1 else _parted(grid))]
    return Document(kind, "sheet", tuple(blocks), pages=len(grids))


def _parted(grid: Grid) -> Iterator[Block]:
    """A sheet as it is, or, where a whole report stands on it, its text as paragraphs and the tables between."""
    spoken = spoken_rows([(cell.row, cell.rowspan, cell.text) for cell in grid.cells])
    for words, run in groupby(grid.cells, lambda cell: cell.row in spoken):
        part = list(run)
        if words:
            yield from (Paragraph(cell.text.strip(), cell.where) for cell in part if cell.text.strip())
        elif any(cell.text.strip() for cell in part):
            yield Grid(tuple(_narrowed([replace(cell, row=cell.row - part[0].row) for cell in part])), grid.where)


def _look_inside(inside: Zipped) -> None:
    """Read every member within the limits of a zip, and refuse a sheet whose filled cells lie beyond all measure apart."""
    for name in inside.names:
        if b"sheetData" in inside.read(name):
            rows = inside.xml(name).iter("{*}row")
            _bounded(name, _extent([_place(name, cell, n) for row in rows for n, cell in enumerate(row) if len(cell)]))


def _look_inside_ods(inside: Zipped) -> None:
    """Refuse an OpenDocument workbook that is locked, or a sheet whose repeated cells reach beyond all measure."""
    if "META-INF/manifest.xml" in inside and b"encryption-data" in inside.read("META-INF/manifest.xml"):
        raise Encrypted("the workbook is locked with a password; ask the publisher for an open copy")
    for table in inside.xml("content.xml").iter(f"{_TABLE}table"):
        row = last_row = last_column = 0
        for line in table.iter(f"{_TABLE}table-row"):
            row += _repeats(line, "rows")
            column = 0
            for cell in line:
                column += _repeats(cell, "columns")
                if len(cell):
                    last_row, last_column = row, max(last_column, column)
        _bounded(str(table.get(f"{_TABLE}name")), last_row * last_column)


def _repeats(element: etree._Element, of: str) -> int:
    count = str(element.get(f"{_TABLE}number-{of}-repeated") or 1)
    return int(count) if count.isdecimal() and len(count) < 9 else 1


def _place(name: str, cell: etree._Element, column: int) -> tuple[int, int]:
    """Row and column of a cell, its own or where its row puts it. Raises `Damaged` for a place no sheet has."""
    row = cell.getparent()
    said = str(cell.get("r") or "")
    if not said:
        number = str(row.get("r") or 0) if row is not None else "0"
        return int(number) if number.isdecimal() and len(number) < 8 else 0, column
    place = _PLACE.fullmatch(said)
    if place is None:
        raise Damaged(f"{name} has a cell at {said[:20]}, where no sheet has one; fetch the workbook again")
    return int(place[2]), _column(place[1])


def _extent(places: Sequence[tuple[int, int]]) -> int:
    """The places of the rectangle around all these."""
    rows, columns = [row for row, _ in places] or [0], [column for _, column in places] or [0]
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


def _bounded(name: str, places: int) -> None:
    if places > MOST_CELLS:
        raise TooLarge(f"sheet {name} has {places:,} places, more than {MOST_CELLS:,}; open it and look what it holds")


def _grid(name: str, sheet: Any) -> Grid:
    _bounded(name, sheet.total_height * sheet.total_width)
    spans = {start: (end[0] - start[0] + 1, end[1] - start[1] + 1) for start, end in sheet.merged_cell_ranges or ()}
    _bounded(name, sum(height * width for height, width in spans.values()))
    covered = set(_covered(spans))
    cells = [_cell(name, row, column, value, spans) for row, values in enumerate(sheet.to_python(skip_empty_area=False))
             for column, value in enumerate(values) if (row, column) not in covered]
    return Grid(tuple(_narrowed(cells)), name) if any(cell.text for cell in cells) else Grid(())


def _narrowed(cells: Sequence[GridCell]) -> Iterator[GridCell]:
    """Without the columns in which nothing begins: pages pasted into a sheet are cut into dozens of them."""
    kept = sorted({cell.column for cell in cells if cell.text.strip()})
    columns = {column: number for number, column in enumerate(kept)}
    for cell in cells:
        if cell.column in columns:
            across = bisect_left(kept, cell.column + cell.colspan) - columns[cell.column]
            yield replace(cell, column=columns[cell.column], colspan=max(1, across))


def _covered(spans: Mapping[tuple[int, int], tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for (row, column), (height, width) in spans.items():
        yield from ((row + down, column + right) for down in range(height) for right in range(width) if down or right)


def _cell(name: str, row: int, column: int, value: Value, spans: Mapping[tuple[int, int], tuple[int, int]]) -> GridCell:
    height, width = spans.get((row, column), (1, 1))
    return GridCell(row, column, _printed(value), f"{name} row {row + 1} column {column + 1}", height, width)


def _printed(value: Value) -> str:
    """A whole number without the point that the format gives every number, a day without its hour; a blank stays blank."""
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
