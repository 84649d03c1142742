"""OpenDocument workbooks: every cell carries the words that it prints, read as in a text.

Source: OASIS OpenDocument 1.3, part 3 (tables, values of cells).
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from parsers.exceptions import Encrypted
from parsers.grids import Line
from parsers.readers.odt.story import Reader
from parsers.readers.pictures import NOT_LEGIBLE
from parsers.readers.sheet import formats
from parsers.readers.sheet.layout import Sheet, bounded
from parsers.xml import local
from parsers.zipped import Zipped

Element = etree._Element
_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _STYLE, _DRAW = (_NAMES % name for name in ("table", "office", "style", "drawing"))
_MONEY_OR_COUNT = ("float", "currency")


def sheets(inside: Zipped) -> Iterator[tuple[Sheet, bool]]:
    """Every sheet, and whether it shows. Raises `Damaged`, `Encrypted`, `TooLarge`."""
    if "META-INF/manifest.xml" in inside and b"encryption-data" in inside.read("META-INF/manifest.xml"):
        raise Encrypted("the workbook is locked with a password; ask the publisher for an open copy")
    root = inside.xml("content.xml")
    reader = Reader([root])
    unseen = {style.get(f"{_STYLE}name") for style in root.iter(f"{_STYLE}style")
              for looks in style.iter(f"{_STYLE}table-properties") if looks.get(f"{_TABLE}display") == "false"}
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        yield _sheet(table, reader), table.get(f"{_TABLE}style-name") not in unseen


def _sheet(table: Element, reader: Reader) -> Sheet:
    sheet = Sheet(table.get(f"{_TABLE}name") or "")
    column = 0
    for element in table.iter(f"{_TABLE}table-column"):
        repeats = _repeats(element, "columns")
        if _is_hidden(element):
            sheet.hidden_columns.update(range(column, min(column + repeats, 16_384)))
        column += repeats
    row = 0
    for line in table.iter(f"{_TABLE}table-row"):
        repeats = _repeats(line, "rows")
        _row(sheet, line, row, repeats, reader)
        if _is_hidden(line) and any((row, column) in sheet.texts for column in range(len(line))):
            sheet.hidden_rows.update(range(row, row + repeats))
        row += repeats
    return sheet


def _row(sheet: Sheet, line: Element, row: int, repeats: int, reader: Reader) -> None:
    column = 0
    for cell in line:
        across = _repeats(cell, "columns")
        if local(cell.tag) == "table-cell" and (text := _text(sheet, cell, reader)):
            height, width = _span(cell, "rows"), _span(cell, "columns")
            bounded(sheet.name, len(sheet.texts) + repeats * across)
            for place in ((row + down, column + right) for down in range(repeats) for right in range(across)):
                sheet.texts[place] = text
                if height > 1 or width > 1:
                    sheet.merged[place] = height, width
        column += across


def _text(sheet: Sheet, cell: Element, reader: Reader) -> str:
    """What a cell prints; a zero that prints as a stroke is a zero still."""
    kind, value = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_OFFICE}value") or ""
    if reader.is_unseen(cell.get(f"{_TABLE}style-name") or ""):
        return ""
    text = "\n".join(part.text for part in reader.parts(cell) if isinstance(part, Line)) if len(cell) else ""
    if not text and kind is None and cell.get(f"{_TABLE}formula"):
        sheet.unknown += 1
        return NOT_LEGIBLE
    if not text.strip() and next(cell.iter(f"{_DRAW}image"), None) is not None:
        return NOT_LEGIBLE
    if kind in _MONEY_OR_COUNT and (kind == "currency" or not any(c.isdigit() for c in text)):
        try:
            return formats.plain(float(value))
        except (ValueError, ArithmeticError):
            return text
    return text


def _is_hidden(element: Element) -> bool:
    return element.get(f"{_TABLE}visibility") in ("collapse", "filter")


def _repeats(element: Element, of: str) -> int:
    return _whole(element.get(f"{_TABLE}number-{of}-repeated"))


def _span(cell: Element, of: str) -> int:
    return _whole(cell.get(f"{_TABLE}number-{of}-spanned"))


def _whole(count: str | None) -> int:
    return max(int(count), 1) if count and count.isdecimal() and len(count) < 9 else 1
