"""Rows and cells of a Word table with their spans: widths counted in grid columns, merges written cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from parsers import grids
from parsers.grids import Box, Part
from parsers.readers.docx.markup import NAMES, VAL, Element, Properties, W, holds, leading, properties

_CELL_PROPERTIES = f"{W}tcPr"
Story = Callable[[Element], list[Part]]


def boxes(table: Element, story: Story) -> list[Box]:
    """The cells of a table at their places; `story` reads what a cell holds."""
    found: list[Box] = []
    merges: dict[int, int] = {}           # column → index of the box that is growing downwards there
    for row, (element, settings) in enumerate(_rows(table)):
        _row(element, settings, row, found, merges, story)
    return found


def _row(element: Element, settings: Properties, row: int, found: list[Box], merges: dict[int, int], story: Story) -> None:
    column = _count(settings.get("gridBefore"), 0)
    held: set[int] = set()
    for cell, own in _cells(element):
        span = min(_count(own.get("gridSpan"), 1), max(1, grids.MAX_COLUMNS - column)) if own else 1
        down = _merge(own, "vMerge") if own else ""
        if own and _merge(own, "hMerge") == "continue" and found and found[-1].row == row:
            found[-1] = found[-1]._replace(colspan=found[-1].colspan + span)
        elif down == "continue" and column in merges:
            above = found[merges[column]]
            found[merges[column]] = above._replace(rowspan=row - above.row + 1)
            held.add(column)
        else:
            found.append(Box(row, min(column, grids.MAX_COLUMNS - 1), 1, span, story(cell)))
            merges.pop(column, None)
            if down == "restart":
                merges[column] = len(found) - 1
                held.add(column)
        column += span
    for ended in set(merges) - held:
        del merges[ended]


def _rows(table: Element) -> Iterator[tuple[Element, Properties]]:
    """The rows that print, with their settings."""
    for child in table:
        name = NAMES[child.tag]
        if name == "tr":
            settings = properties(child.find(f"{W}trPr"))
            if "del" not in settings and "hidden" not in settings:
                yield child, settings
        elif holds(name, child):
            yield from _rows(child)


def _cells(row: Element) -> Iterator[tuple[Element, Properties]]:
    """The cells that print, with their settings."""
    for child in row:
        name = NAMES[child.tag]
        if name == "tc":
            settings = leading(child, _CELL_PROPERTIES)
            if "cellDel" not in settings:
                yield child, settings
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
