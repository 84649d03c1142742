"""The text of an OpenDocument file in reading order: paragraphs with their numbers, notes, text boxes, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from parsers import grids
from parsers.grids import Box, Part
from parsers.models import Issue
from parsers.readers.odt.lists import List, following
from parsers.readers.odt.names import DRAW, STYLE, SVG, TABLE, TEXT, XML, Element, whole
from parsers.readers.pictures import PICTURE, SEAL, lines, marked
from parsers.text import raised
from parsers.xml import local

_MARKS = MappingProxyType({"tab": "\t", "line-break": "\n"})
#: elements whose text does not print where it stands
_SILENT = frozenset({"tracked-changes", "annotation", "annotation-end", "hidden-text", "hidden-paragraph", "ruby-text",
                     "variable-decls", "sequence-decls", "user-field-decls", "dde-connection-decls", "forms", "bookmark",
                     "note-citation", "object", "object-ole", "image", "desc", "title", "script", "index-title-template",
                     "table-of-content-source", "soft-page-break"})
_RAISED = re.compile(r"super|[1-9]\d*%")
_HEIGHT = re.compile(r"(\d+(?:\.\d+)?)(cm|mm|in|pt)")
_CENTIMETRES = MappingProxyType({"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72})
_REPEATS = 200                 # equal cells or rows written once; spreadsheets pasted into texts repeat thousands of blanks
_WHITE = re.compile(r"[ \t\r\n]+")


class Reader:
    """Walks the text of a file whose styles are in `roots`; `notes` gathers the notes met on the way."""

    def __init__(self, roots: list[Element]) -> None:
        self.notes: list[Part] = []
        self._lists: dict[str, Element] = {}
        self._hidden: set[str] = set()
        self._high: set[str] = set()
        self._outline: Element | None = None
        for root in roots:
            self._learn(root)
        self._by_id: dict[str, List] = {}
        self._last: dict[str, List] = {}
        self._headings = List("")
        self._pictures = 0

    def _learn(self, root: Element) -> None:
        for style in root.iter(f"{TEXT}list-style"):
            self._lists[style.get(f"{STYLE}name") or ""] = style
        for style in root.iter(f"{TEXT}outline-style"):
            self._outline = style
        for properties in root.iter(f"{STYLE}text-properties"):
            if _is_unseen(properties) and (parent := properties.getparent()) is not None:
                self._hidden.add(parent.get(f"{STYLE}name") or "")
            if _RAISED.match(properties.get(f"{STYLE}text-position") or "") and (parent := properties.getparent()) is not None:
                self._high.add(parent.get(f"{STYLE}name") or "")

    def is_unseen(self, style: str) -> bool:
        """Whether what has that style is hidden or struck out."""
        return style in self._hidden

    def issues(self) -> Iterator[Issue]:
        if self._pictures:
            yield Issue("picture", f"{self._pictures} picture(s) in the text are not read; look whether they show tables")

    def parts(self, container: Iterable[Element], number: str = "") -> Iterator[Part]:
        """The parts of a body, section, cell or text box; `number` stands before the first paragraph."""
        for child in container:
            name = local(child.tag)
            if name in ("p", "h"):
                yield from self._paragraph(child, number)
                number = ""
            elif name == "list":
                yield from self._list(child, None, 0)
            elif name == "table":
                yield from self._table(child)
            elif name in ("frame", "text-box", "custom-shape", "g"):
                yield from self._frame(child)
            elif name not in _SILENT and child.get(f"{TEXT}display") != "none":
                yield from self.parts(child)

    def _paragraph(self, element: Element, number: str) -> Iterator[Part]:
        text: list[str] = []
        frames: list[Part] = []
        if (element.get(f"{TEXT}style-name") or "") not in self._hidden:
            self._inline(element, text, frames)
        level = element.get(f"{TEXT}outline-level") if local(element.tag) == "h" else None
        heading = min(int(level), 9) if level and level.isdecimal() and len(level) < 4 else int(local(element.tag) == "h")
        if heading and not number and self._outline is not None and element.get(f"{TEXT}is-list-header") != "true":
            number = following(self._outline, self._headings.counters, heading - 1, None)
        words = number + "".join(text).strip()
        yield from lines(words, heading)
        yield from frames

    def _inline(self, element: Element, text: list[str], frames: list[Part]) -> None:
        if element.text:
            text.append(_WHITE.sub(" ", element.text))
        for child in element:
            name = local(child.tag)
            if name == "s":
                count = child.get(f"{TEXT}c") or "1"
                text.append(" " * (min(int(count), 200) if count.isdecimal() and len(count) < 6 else 1))
            elif name in _MARKS:
                text.append(_MARKS[name])
            elif name == "note":
                for body in child.iter(f"{TEXT}note-body"):
                    self.notes += self.parts(body)
            elif name in ("frame", "text-box", "custom-shape", "g"):
                frames += self._frame(child)
                text += [PICTURE] if _is_in_line(child) else []
            elif name and name not in _SILENT and (child.get(f"{TEXT}style-name") or "") not in self._hidden:
                first = len(text)
                self._inline(child, text, frames)
                if child.get(f"{TEXT}style-name") in self._high:
                    text[first:] = map(raised, text[first:])
            if child.tail:
                text.append(_WHITE.sub(" ", child.tail))

    def _frame(self, frame: Element) -> Iterator[Part]:
        """A drawing's text box, or a table in it; pictures are counted."""
        boxes = list(frame.iter("{*}text-box"))
        if local(frame.tag) in ("custom-shape", "g") and not boxes:
            yield from self.parts(frame)
        for box in boxes:
            if not any(above in boxes for above in box.iterancestors("{*}text-box")):
                yield from self.parts(box)
        self._pictures += not boxes and frame.find("{*}image") is not None

    # ------------------------------------------------------------ lists

    def _list(self, element: Element, outer: List | None, depth: int) -> Iterator[Part]:
        current = outer or self._opened(element)
        for item in element:
            name = local(item.tag)
            if name not in ("list-item", "list-header"):
                continue
            number = ""
            first = next(iter(item), None)      # an item that opens with a deeper list takes no number itself
            if name == "list-item" and first is not None and local(first.tag) != "list":
                shape = self._lists.get(current.style)
                start = item.get(f"{TEXT}start-value")
                number = following(shape, current.counters, depth, start) if shape is not None else ""
            for child in item:
                if local(child.tag) == "list":
                    yield from self._list(child, current, depth + 1)
                elif local(child.tag) in ("p", "h"):
                    yield from self._paragraph(child, number)
                    number = ""
                else:
                    yield from self.parts([child])

    def _opened(self, element: Element) -> List:
        """A list at its outermost level: a new one, or one that goes on with the counters of an earlier."""
        style = element.get(f"{TEXT}style-name") or ""
        known = self._by_id.get(element.get(f"{TEXT}continue-list") or "-")
        if known is None and element.get(f"{TEXT}continue-numbering") == "true":
            known = self._last.get(style)
        made = List(style, known.counters if known is not None else {})
        self._by_id[element.get(f"{XML}id") or ""] = self._last[style] = made
        return made

    # ------------------------------------------------------------ tables

    def _table(self, table: Element) -> Iterator[Part]:
        boxes: list[Box] = []
        row = 0
        for element in _rows(table):
            repeats = _repeats(element, "number-rows-repeated")
            first = len(boxes)
            self._row(element, row, boxes)
            made = boxes[first:]
            if any(box.text for box in made):
                boxes += [box._replace(row=row + n) for n in range(1, repeats) for box in made]
                row += repeats
            else:
                row += 1                       # blank rows in hundreds are leftovers of a spreadsheet
        yield from grids.settle(marked(_clipped(boxes, row)))

    def _row(self, element: Element, row: int, boxes: list[Box]) -> None:
        column = 0
        for cell in element:
            name = local(cell.tag)
            if name not in ("table-cell", "covered-table-cell"):
                continue
            repeats = _repeats(cell, "number-columns-repeated")
            content = list(self.parts(cell)) if name == "table-cell" else []
            down, across = _span(cell, "number-rows-spanned"), _span(cell, "number-columns-spanned")
            for place in range(column, min(column + repeats, grids.MAX_COLUMNS)) if name == "table-cell" else ():
                boxes.append(Box(row, place, down, across, content))
            column += repeats


def _is_unseen(properties: Element) -> bool:
    """Whether text with these properties is hidden or struck out."""
    return properties.get(f"{TEXT}display") == "none" or any(
        (properties.get(f"{STYLE}text-line-through-{line}") or "none") != "none" for line in ("style", "type"))


def _is_in_line(frame: Element) -> bool:
    """Whether a drawing is a picture in the line, or one beside it that is smaller than a seal."""
    if frame.find(f"{DRAW}image") is None or frame.find(f"{DRAW}text-box") is not None:
        return False
    height = _HEIGHT.match(frame.get(f"{SVG}height") or "")
    return frame.get(f"{TEXT}anchor-type") == "as-char" or (
        height is not None and float(height[1]) * _CENTIMETRES[height[2]] < SEAL)


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        name = local(child.tag)
        if name == "table-row":
            if child.get(f"{TABLE}visibility") not in ("collapse", "filter"):
                yield child
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(child)


def _clipped(boxes: list[Box], height: int) -> list[Box]:
    """Boxes with spans that end with the table."""
    return [box._replace(rowspan=min(box.rowspan, height - box.row), colspan=min(box.colspan, grids.MAX_COLUMNS - box.column))
            for box in boxes]


def _repeats(element: Element, name: str) -> int:
    return min(whole(element.get(f"{TABLE}{name}"), 1), _REPEATS)


def _span(cell: Element, name: str) -> int:
    return min(whole(cell.get(f"{TABLE}{name}"), 1), grids.MAX_ROWSPAN)
