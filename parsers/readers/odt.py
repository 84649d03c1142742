"""OpenDocument text, packed or in one flat XML file, read as it prints.

Repeated and covered cells are laid out, tracked deletions dropped, list numbers written out.

Source: OASIS OpenDocument 1.3, part 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from parsers import grids, xml
from parsers.exceptions import Damaged, Empty, Encrypted
from parsers.grids import Box, Part
from parsers.models import Document, Issue
from parsers.numbering import numeral, suffix
from parsers.readers.pictures import PICTURE, SEAL, dropped, lines, marked
from parsers.text import raised
from parsers.xml import local
from parsers.zipped import Zipped

Element = etree._Element

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_XML = "{http://www.w3.org/XML/1998/namespace}"

_MARKS = MappingProxyType({"tab": "\t", "line-break": "\n"})
#: elements whose text does not print where it stands
_SILENT = frozenset({"tracked-changes", "annotation", "annotation-end", "hidden-text", "hidden-paragraph", "ruby-text",
                     "variable-decls", "sequence-decls", "user-field-decls", "dde-connection-decls", "forms", "bookmark",
                     "note-citation", "object", "object-ole", "image", "desc", "title", "script", "index-title-template",
                     "table-of-content-source", "soft-page-break"})
#: first sign of a number format → its form
_FORMS = MappingProxyType({"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
                           "一": "chineseCountingThousand", "壹": "chineseLegalSimplified", "①": "decimalEnclosedCircle",
                           "甲": "ideographTraditional", "子": "ideographZodiac", "１": "decimalFullWidth", "": "none"})
_RAISED = re.compile(r"super|[1-9]\d*%")
_HEIGHT = re.compile(r"(\d+(?:\.\d+)?)(cm|mm|in|pt)")
_CENTIMETRES = MappingProxyType({"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72})
_REPEATS = 200                 # equal cells or rows written once; spreadsheets pasted into texts repeat thousands of blanks


def read(data: bytes) -> Document:
    """An OpenDocument text as blocks. Raises `Damaged`, `Encrypted`, `TooLarge`, and `Empty` when it shows no words."""
    if data.lstrip()[:1] in (b"<", b"\xef"):
        flat = xml.parse(data, "the flat OpenDocument file")
        return _document(flat, [flat], _title_of(flat))
    package = Zipped(data)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise Encrypted("the OpenDocument file is locked with a password; ask the publisher for an open copy")
    content = package.xml("content.xml")
    styles = package.xml("styles.xml") if "styles.xml" in package else None
    title = _title_of(package.xml("meta.xml")) if "meta.xml" in package else ""
    return _document(content, [root for root in (styles, content) if root is not None], title)


def _document(content: Element, roots: list[Element], title: str) -> Document:
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise Damaged("the OpenDocument file holds no text; it may be a spreadsheet or be cut off")
    reader = Reader(roots)
    blocks = grids.finish(dropped([*reader.parts(body), *reader.notes]))
    if not blocks:
        raise Empty("the OpenDocument file shows no words; its text may be a picture, open it to see")
    return Document("application/vnd.oasis.opendocument.text", "odt", blocks, title=title, issues=tuple(reader.issues()))


def _title_of(root: Element) -> str:
    found = root.find(".//{http://purl.org/dc/elements/1.1/}title")
    return (found.text or "").strip() if found is not None else ""


@dataclass(slots=True)
class _List:
    """An open list: its style, its depth, and the counters it shares with the lists it continues."""

    style: str
    counters: dict[int, int] = field(default_factory=dict)


class Reader:
    def __init__(self, roots: list[Element]) -> None:
        self.notes: list[Part] = []
        self._lists: dict[str, Element] = {}
        self._hidden: set[str] = set()
        self._high: set[str] = set()
        self._outline: Element | None = None
        for root in roots:
            self._learn(root)
        self._by_id: dict[str, _List] = {}
        self._last: dict[str, _List] = {}
        self._headings = _List("")
        self._pictures = 0

    def _learn(self, root: Element) -> None:
        for style in root.iter(f"{_TEXT}list-style"):
            self._lists[style.get(f"{_STYLE}name") or ""] = style
        for style in root.iter(f"{_TEXT}outline-style"):
            self._outline = style
        for properties in root.iter(f"{_STYLE}text-properties"):
            if _is_unseen(properties) and (parent := properties.getparent()) is not None:
                self._hidden.add(parent.get(f"{_STYLE}name") or "")
            if _RAISED.match(properties.get(f"{_STYLE}text-position") or "") and (parent := properties.getparent()) is not None:
                self._high.add(parent.get(f"{_STYLE}name") or "")

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
            elif name not in _SILENT and child.get(f"{_TEXT}display") != "none":
                yield from self.parts(child)

    def _paragraph(self, element: Element, number: str) -> Iterator[Part]:
        text: list[str] = []
        frames: list[Part] = []
        if (element.get(f"{_TEXT}style-name") or "") not in self._hidden:
            self._inline(element, text, frames)
        level = element.get(f"{_TEXT}outline-level") if local(element.tag) == "h" else None
        heading = min(int(level), 9) if level and level.isdecimal() and len(level) < 4 else int(local(element.tag) == "h")
        if heading and not number and self._outline is not None and element.get(f"{_TEXT}is-list-header") != "true":
            number = _next(self._outline, self._headings.counters, heading - 1, None)
        words = number + "".join(text).strip()
        yield from lines(words, heading)
        yield from frames

    def _inline(self, element: Element, text: list[str], frames: list[Part]) -> None:
        if element.text:
            text.append(_WHITE.sub(" ", element.text))
        for child in element:
            name = local(child.tag)
            if name == "s":
                count = child.get(f"{_TEXT}c") or "1"
                text.append(" " * (min(int(count), 200) if count.isdecimal() and len(count) < 6 else 1))
            elif name in _MARKS:
                text.append(_MARKS[name])
            elif name == "note":
                for body in child.iter(f"{_TEXT}note-body"):
                    self.notes += self.parts(body)
            elif name in ("frame", "text-box", "custom-shape", "g"):
                frames += self._frame(child)
                text += [PICTURE] if _is_in_line(child) else []
            elif name and name not in _SILENT and (child.get(f"{_TEXT}style-name") or "") not in self._hidden:
                first = len(text)
                self._inline(child, text, frames)
                if child.get(f"{_TEXT}style-name") in self._high:
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

    def _list(self, element: Element, outer: _List | None, depth: int) -> Iterator[Part]:
        current = outer or self._opened(element)
        for item in element:
            name = local(item.tag)
            if name not in ("list-item", "list-header"):
                continue
            number = ""
            first = next(iter(item), None)      # an item that opens with a deeper list takes no number itself
            if name == "list-item" and first is not None and local(first.tag) != "list":
                shape = self._lists.get(current.style)
                start = item.get(f"{_TEXT}start-value")
                number = _next(shape, current.counters, depth, start) if shape is not None else ""
            for child in item:
                if local(child.tag) == "list":
                    yield from self._list(child, current, depth + 1)
                elif local(child.tag) in ("p", "h"):
                    yield from self._paragraph(child, number)
                    number = ""
                else:
                    yield from self.parts([child])

    def _opened(self, element: Element) -> _List:
        """A list at its outermost level: a new one, or one that goes on with the counters of an earlier."""
        style = element.get(f"{_TEXT}style-name") or ""
        known = self._by_id.get(element.get(f"{_TEXT}continue-list") or "-")
        if known is None and element.get(f"{_TEXT}continue-numbering") == "true":
            known = self._last.get(style)
        made = _List(style, known.counters if known is not None else {})
        self._by_id[element.get(f"{_XML}id") or ""] = self._last[style] = made
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


_WHITE = re.compile(r"[ \t\r\n]+")


def _is_unseen(properties: Element) -> bool:
    """Whether text with these properties is hidden or struck out."""
    return properties.get(f"{_TEXT}display") == "none" or any(
        (properties.get(f"{_STYLE}text-line-through-{line}") or "none") != "none" for line in ("style", "type"))


def _is_in_line(frame: Element) -> bool:
    """Whether a drawing is a picture in the line, or one beside it that is smaller than a seal."""
    if frame.find(f"{_DRAW}image") is None or frame.find(f"{_DRAW}text-box") is not None:
        return False
    height = _HEIGHT.match(frame.get(f"{_SVG}height") or "")
    return frame.get(f"{_TEXT}anchor-type") == "as-char" or (
        height is not None and float(height[1]) * _CENTIMETRES[height[2]] < SEAL)


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        name = local(child.tag)
        if name == "table-row":
            if child.get(f"{_TABLE}visibility") not in ("collapse", "filter"):
                yield child
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(child)


def _clipped(boxes: list[Box], height: int) -> list[Box]:
    """Boxes with spans that end with the table."""
    return [box._replace(rowspan=min(box.rowspan, height - box.row), colspan=min(box.colspan, grids.MAX_COLUMNS - box.column))
            for box in boxes]


def _repeats(element: Element, name: str) -> int:
    return min(_whole(element.get(f"{_TABLE}{name}"), 1), _REPEATS)


def _span(cell: Element, name: str) -> int:
    return min(_whole(cell.get(f"{_TABLE}{name}"), 1), grids.MAX_ROWSPAN)


def _whole(value: str | None, default: int) -> int:
    """A positive whole number, capped where it is absurd."""
    if not value or not value.isdecimal() or not value.strip("0"):
        return default
    return int(value) if len(value) < 7 else 10**6


def _next(style: Element, counters: dict[int, int], depth: int, start: str | None) -> str:
    """The next number of a list at `depth` (0-based), its space included; "" for bullets and unnumbered levels."""
    shapes = {_whole(shape.get(f"{_TEXT}level"), 1) - 1: shape for shape in style}
    shape = shapes.get(depth)
    if shape is None:
        return ""
    first = _whole(shape.get(f"{_TEXT}start-value"), 1)
    counters[depth] = _whole(start, first) if start else counters.get(depth, first - 1) + 1
    for lower in [level for level in counters if level > depth]:
        del counters[lower]
    form = shape.get(f"{_STYLE}num-format")
    if not form or "bullet" in local(shape.tag):
        return ""
    signs = {level: _sign(shapes.get(level), counters) for level in range(depth + 1)}
    template = shape.get(f"{_LOEXT}num-list-format")
    if template:
        text = re.sub(r"%(\d)%", lambda found: signs.get(int(found[1]) - 1, ""), template)
    else:
        shown = _whole(shape.get(f"{_TEXT}display-levels"), 1)
        inner = ".".join(signs[level] for level in range(max(0, depth + 1 - shown), depth + 1))
        text = (shape.get(f"{_STYLE}num-prefix") or "") + inner + (shape.get(f"{_STYLE}num-suffix") or "")
    return text + suffix(text)


def _sign(shape: Element | None, counters: dict[int, int]) -> str:
    if shape is None:
        return ""
    level = _whole(shape.get(f"{_TEXT}level"), 1) - 1
    value = counters.get(level, _whole(shape.get(f"{_TEXT}start-value"), 1))
    form = (shape.get(f"{_STYLE}num-format") or "")[:1]
    return numeral(value, _FORMS.get(form, "decimal")) or ""
