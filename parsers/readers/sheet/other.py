"""Workbooks of other kinds (Excel 95 and before, XLSB): their values as calamine gives them, formats and hiding unknown.

Calamine lays a sheet out in full, from its first filled cell to its last, and ends the process when that does not fit: the
places are counted before it is asked.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from parsers.exceptions import Damaged, Encrypted
from parsers.readers.sheet import formats
from parsers.readers.sheet.layout import Sheet, bounded


def sheets(data: bytes) -> Iterator[tuple[Sheet, bool]]:
    """Every sheet of cells, and whether it shows. Raises `Damaged`, `Encrypted`, `TooLarge`."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for known in book.sheets_metadata:
            yield _sheet(known.name, book.get_sheet_by_name(known.name)), known.visible == SheetVisibleEnum.Visible
    except PasswordError as error:
        raise Encrypted("the workbook is locked with a password; ask the publisher for an open copy") from error
    except CalamineError as error:
        raise Damaged(f"the workbook cannot be read ({error}); fetch it again") from error


def _sheet(name: str, sheet: Any) -> Sheet:
    bounded(name, sheet.total_height * sheet.total_width)
    made = Sheet(name)
    for start, end in sheet.merged_cell_ranges or ():
        made.merged[start] = end[0] - start[0] + 1, end[1] - start[1] + 1
    for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
        made.texts |= {(row, column): text for column, value in enumerate(values) if (text := _printed(value))}
    return made


def _printed(value: object) -> str:
    """A whole number without the point that the format gives every number, a day without its hour."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return formats.plain(value)
    return str(value.date()) if isinstance(value, datetime) and value.time() == time() else str(value)
