"""Spreadsheets, XLS and XLSX: each sheet a grid, merged ranges as spans, numbers as they would print."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from parsers.exceptions import Damaged, Empty, Encrypted, TooLarge
from parsers.models import Document, Grid, GridCell, Paragraph
from parsers.sniff import media_type

MOST_CELLS = 200_000           # the largest honest annex has a few thousand
Value = int | float | str | bool | time | date | datetime | timedelta


def read(data: bytes) -> Document:
    """Read every sheet that holds anything; its name stands above it as a paragraph when there are several."""
    book = _open(data)
    sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    grids = [(name, grid) for name, sheet in sheets if (grid := _grid(name, sheet)).cells]
    if not grids:
        raise Empty("the workbook has no filled cell; fetch it again or look at it by hand")
    blocks = [block for name, grid in grids for block in ((Paragraph(name, name), grid) if len(grids) > 1 else (grid,))]
    return Document(media_type(data), "sheet", tuple(blocks), pages=len(grids))


def _open(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise Encrypted("the workbook is locked with a password; ask the publisher for an open copy") from error
    except CalamineError as error:
        raise Damaged(f"the workbook cannot be opened ({error}); fetch it again") from error


def _grid(name: str, sheet: Any) -> Grid:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise TooLarge(f"sheet {name} has {sheet.total_height} × {sheet.total_width} places, more than {MOST_CELLS:,}")
    spans = {start: (end[0] - start[0] + 1, end[1] - start[1] + 1) for start, end in sheet.merged_cell_ranges or ()}
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
