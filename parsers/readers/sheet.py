"""Spreadsheets, XLS and XLSX: each sheet a grid, merged ranges as spans, numbers as they would print.

Calamine lays a sheet out in full, from its first filled cell to its last, and ends the process when that does not fit: the
places are counted before it is asked.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from parsers.exceptions import Damaged, Empty, Encrypted, TooLarge
from parsers.models import Document, Grid, GridCell, Paragraph
from parsers.readers import XLSX
from parsers.sniff import media_type
from parsers.zipped import Zipped

MOST_CELLS = 200_000           # the largest honest annex has a few thousand
_PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})", re.I)
Value = int | float | str | bool | time | date | datetime | timedelta


def read(data: bytes) -> Document:
    """Read every sheet that holds anything; its name stands above it as a paragraph when there are several."""
    kind = media_type(data)
    if kind == XLSX:
        _look_inside(Zipped(data))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = [(name, grid) for name in book.sheet_names if (grid := _grid(name, book.get_sheet_by_name(name))).cells]
    except PasswordError as error:
        raise Encrypted("the workbook is locked with a password; ask the publisher for an open copy") from error
    except CalamineError as error:
        raise Damaged(f"the workbook cannot be read ({error}); fetch it again") from error
    if not grids:
        raise Empty("the workbook has no filled cell; fetch it again or look at it by hand")
    blocks = [block for name, grid in grids for block in ((Paragraph(name, name), grid) if len(grids) > 1 else (grid,))]
    return Document(kind, "sheet", tuple(blocks), pages=len(grids))


def _look_inside(inside: Zipped) -> None:
    """Read every member within the limits of a zip, and refuse a sheet whose filled cells lie beyond all measure apart."""
    for name in inside.names:
        if b"sheetData" in inside.read(name):
            rows = inside.xml(name).iter("{*}row")
            _bounded(name, _extent([_place(name, cell, n) for row in rows for n, cell in enumerate(row) if len(cell)]))


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
    return Grid(tuple(cells), name) if any(cell.text for cell in cells) else Grid(())


def _covered(spans: Mapping[tuple[int, int], tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for (row, column), (height, width) in spans.items():
        yield from ((row + down, column + right) for down in range(height) for right in range(width) if down or right)


def _cell(name: str, row: int, column: int, value: Value, spans: Mapping[tuple[int, int], tuple[int, int]]) -> GridCell:
    height, width = spans.get((row, column), (1, 1))
    return GridCell(row, column, _printed(value), f"{name} row {row + 1} column {column + 1}", height, width)


def _printed(value: Value) -> str:
    """A whole number without the point that the file format gives every number; a blank stays blank."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
