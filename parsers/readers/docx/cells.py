"""Rows and cells of a Word table with their spans: widths counted in grid columns, merges written cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from parsers import grids
from parsers.grids import Box, Part
from parsers.readers.docx.markup import NAMES, VAL, Element, Properties, W, holds, leading, properties
from parsers.readers.docx.plain import Cell, Row

_CELL_PROPERTIES = f"{W}tcPr"


def boxes(rows: Iterable[Row], read: Callable[[Element], list[Part]]) -> list[Box]:
    """The cells of a table at their places; `read` takes what a cell holds where its words are not known yet."""
    found: list[Box] = []
    merges: dict[int, int] = {}           # column → index of the box that is growing downwards there
    for row, (before, cells) in enumerate(rows):
        _row(before, cells, row, found, merges, read)
    return found


def _row(column: int, cells: Iterable[Cell], row: int, found: list[Box], merges: dict[int, int],
         read: Callable[[Element], list[Part]]) -> None:
    held: set[int] = set()
    for settings, content in cells:
        if not settings and isinstance(content, list):       # nearly every cell
            found.append(Box(row, min(column, grids.MAX_COLUMNS - 1), 1, 1, content))
            column += 1
            continue
        span = min(_count(settings.get("gridSpan"), 1), max(1, grids.MAX_COLUMNS - column))
        down = _merge(settings, "vMerge")
        if _merge(settings, "hMerge") == "continue" and found and found[-1].row == row:
            found[-1] = found[-1]._replace(colspan=found[-1].colspan + span)
        elif down == "continue" and column in merges:
            above = found[merges[column]]
            found[merges[column]] = above._replace(rowspan=row - above.row + 1)
            held.add(column)
        else:
            parts = content if isinstance(content, list) else read(content)
            found.append(Box(row, min(column, grids.MAX_COLUMNS - 1), 1, span, parts))
            if down == "restart":
                merges[column] = len(found) - 1
                held.add(column)
        column += span
    for ended in [column for column in merges if column not in held]:
        del merges[ended]


def rows(table: Element) -> Iterator[Row]:
    """The rows that print: how many columns each leaves free before its cells, and these."""
    for child in table:
        name = NAMES[child.tag]
        if name == "tr":
            settings = properties(child.find(f"{W}trPr"))
            if "del" not in settings and "hidden" not in settings:
                yield _count(settings.get("gridBefore"), 0), _cells(child)
        elif holds(name, child):
            yield from rows(child)


def _cells(row: Element) -> Iterator[Cell]:
    """The cells that print, with their settings."""
    for child in row:
        name = NAMES[child.tag]
        if name == "tc":
            settings = leading(child, _CELL_PROPERTIES)
            if "cellDel" not in settings:
                yield settings, child
        elif holds(name, child):
            yield from _cells(child)


def _merge(settings: Properties, name: str) -> str:
    """"restart", "continue" or "" for an hMerge or vMerge; Word 2003 writes the names in small letters."""
    element = settings.get(name)
    if element is None:
        element = settings.get(name.lower())
    return "" if element is None else element.get(VAL) or "continue"


def _count(element: Element | None, default: int) -> int:
    """A whole number held in bounds: spans of millions are either mistakes or attacks."""
    value = (element.get(VAL) or "") if element is not None else ""
    if not value.isdecimal() or not value.strip("0"):
        return default
    return int(value) if len(value) < 4 else grids.MAX_COLUMNS
