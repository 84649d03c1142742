"""Tables that a page draws without `<table>`: divisions in rows, lists of lists, CSS grids. They become tables in the tree.

Told by their structure alone: several rows in a container, short cells in each row, figures among the cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from parsers import flat, labels
from parsers.page.flow import LOOSE
from parsers.page.unseen import is_hidden
from parsers.page.wording import shown

Element = etree._Element

_CONTAINERS = ("div", "ul", "ol", "section", "dl")
_CELLS = frozenset({"div", "span", "li", "p", "dt", "dd", "b", "strong", "em", "i", "label", "a", "font", "section"})
_RUNS = frozenset({"br", "sup", "img", "script", "style"})
_LONGEST = 100                 # characters of a cell: the longest label of the form has 60
_FEWEST_ROWS = 2
_FEWEST_VALUES = 3
_MOST = 3_000                  # children of a container looked at
_GRID = re.compile(r"display\s*:\s*(?:inline-)?grid", re.I)
_REPEAT = re.compile(r"grid-template-columns\s*:\s*repeat\(\s*(\d{1,3})", re.I)
_TRACKS = re.compile(r"grid-template-columns\s*:\s*([^;]+)", re.I)
_SPAN = re.compile(r"grid-(column|row)\s*:\s*span\s*(\d{1,3})", re.I)
_MAY_HOLD_ROWS = etree.XPath("boolean(*/*[2] or */*/*[2])")       # the cheap look first: entries of menus hold one element each
_HEADS = ("proactive_columns", "remedy_results")
_DIGIT = re.compile(r"\d")


def redraw(root: Element) -> None:
    """Turn the drawn tables of a page into tables, outermost first."""
    for element in list(root.iter(*_CONTAINERS)):
        if _FEWEST_ROWS <= len(element) <= _MOST and element.getparent() is not None and not is_hidden(element):
            _redraw(element)


def _redraw(element: Element) -> None:
    if element.tag == "dl":
        _pairs(element)
        return
    style = element.get("style") or ""
    if "grid" in style and _GRID.search(style) and (columns := _columns(style)):
        _grid(element, columns)
        return
    if not _MAY_HOLD_ROWS(element):
        return
    rows = [child for child in element if child.tag != "br"]
    if len(rows) < _FEWEST_ROWS or _spoken(element):
        return
    lines = []
    for row in rows:
        cells = _row(row)
        if not cells and not _is_caption(row):
            return
        if not is_hidden(row):
            lines.append(cells or [row])
    if sum(len(line) > 1 for line in lines) * 2 > len(lines) and _is_table(lines):
        _table(element, lines)


def _cells(row: Element) -> list[Element]:
    """The cells of a row; those of `<li><ul><li>` lie one level deeper."""
    inner = row[0] if len(row) == 1 and len(row[0]) > 1 and not _spoken(row) else row
    return [cell for cell in inner if cell.tag != "br"]


def _row(row: Element) -> list[Element]:
    """The cells of a row; none for anything else."""
    cells = _cells(row)
    if row.tag not in _CELLS or len(cells) < 2 or _spoken(cells[0].getparent()):
        return []
    if not all(cell.tag in _CELLS and len(shown(cell)) <= _LONGEST for cell in cells):
        return []
    return cells if sum(map(_is_leaf, cells)) * 5 >= len(cells) * 3 else []


def _is_leaf(cell: Element) -> bool:
    """A cell, not a row of cells: the runs of its text aside it holds one element at most."""
    return len(cell) < 2 or sum([child.tag not in _RUNS for child in cell]) < 2


def _is_caption(row: Element) -> bool:
    return row.tag in _CELLS and len(shown(row)) <= _LONGEST and not any(child.tag in ("table", "ul") for child in row.iter())


def _spoken(element: Element | None) -> bool:
    """Whether words stand between the children of an element."""
    if element is None:
        return True
    return any(text and not text.isspace() for text in (element.text, *(child.tail for child in element)))


def _is_table(lines: list[list[Element]]) -> bool:
    words = [shown(cell) for line in lines if len(line) > 1 for cell in line]
    filled = [word for word in words if word]
    values = sum(flat.is_value(word) for word in filled)
    known = any(labels.known(name, word) for word in filled for name in _HEADS)
    if known and any(labels.known("proactive_rows", word) for word in filled):
        return True
    if any(sum(labels.known("stat_columns", shown(cell)) for cell in line) > 1 for line in lines):
        return True
    return values * 5 >= len(filled) and values >= (1 if known else _FEWEST_VALUES) and any(map(_DIGIT.search, filled))


def _columns(style: str) -> int:
    repeated = _REPEAT.search(style)
    if repeated:
        return int(repeated[1])
    tracks = _TRACKS.search(style)
    return len(tracks[1].split()) if tracks and "(" not in tracks[1] else 0


def _grid(element: Element, columns: int) -> None:
    """Cells of a CSS grid, placed as a browser places them."""
    cells = [child for child in element if isinstance(child.tag, str)]
    if not all(cell.tag in _CELLS and len(shown(cell)) <= _LONGEST for cell in cells) or _spoken(element):
        return
    lines: list[list[Element]] = []
    taken: set[tuple[int, int]] = set()
    row = column = 0
    for cell in cells:
        spans = {name.lower(): int(count) for name, count in _SPAN.findall(cell.get("style") or "")}
        across, down = min(spans.get("column", 1), columns), spans.get("row", 1)
        while column + across > columns or any((row, column + n) in taken for n in range(across)):
            row, column = (row, column + 1) if column + across < columns else (row + 1, 0)
        taken |= {(row + n, column + m) for n in range(min(down, 50)) for m in range(across)}
        lines += [[] for _ in range(row + 1 - len(lines))]
        lines[row].append(cell)
        cell.set("colspan", str(across))
        cell.set("rowspan", str(down))
        column += across
    if _is_table(lines):
        _table(element, lines)
        del element.attrib[LOOSE]


def _pairs(element: Element) -> None:
    """A list of terms and their figures."""
    lines: list[list[Element]] = []
    for child in element:
        if child.tag == "dt" or not lines:
            lines.append([])
        lines[-1].append(child)
    if all(child.tag in ("dt", "dd") and len(shown(child)) <= _LONGEST for child in element) and _is_table(lines):
        _table(element, lines)


def _table(element: Element, lines: list[list[Element]]) -> None:
    """The element as a table of these cells; its class goes, since a class of lists or menus says nothing of a table."""
    tail = element.tail
    rows = list(_rows(lines))
    element.clear()
    element.tag, element.tail = "table", tail
    element.set(LOOSE, "")
    element.extend(rows)


def _rows(lines: list[list[Element]]) -> Iterator[Element]:
    for line in lines:
        row = etree.Element("tr")
        for cell in line:
            cell.tag, cell.tail = "td", None
            row.append(cell)
        yield row
