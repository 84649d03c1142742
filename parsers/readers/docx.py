"""Word files in XML: .docx (transitional and strict), flat OPC and Word 2003 XML, read as they print.

    package ──Parts──> styles, numbering ──Reader──> Lines and Sketches ──grids.finish──> Document

Kept: insertions, moved-to text, field results, text boxes once, content controls, automatic numbers written out.
Dropped: deletions, moved-from text, hidden text, field codes, bookmarks, comments, headers and footers.
Source: ECMA-376 Part 1 (WordprocessingML); for Word 2003 the WordprocessingML schema of Office 2003.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from parsers import grids, xml
from parsers.exceptions import Damaged, Empty
from parsers.grids import Box, Line, Part
from parsers.models import Document, Issue
from parsers.readers import DOCX
from parsers.readers.wordstyles import Numbers, Styles
from parsers.text import raised
from parsers.xml import local
from parsers.zipped import Zipped

Element = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORDML = "application/x-wordml"

#: namespaces of other editions → the transitional one, changed in the bytes, so that the rest knows one spelling
_EDITIONS = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://schemas.microsoft.com/office/word/2003/wordml",
     b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
)
_HOLDERS = frozenset({"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir",
                      "bdo", "sect", "sub-section", "subDoc", "body", "ruby", "rubyBase",
                      "annotation", "content", "AlternateContent", "Choice", "Fallback"})
_MARKS = MappingProxyType({"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"})
#: private-use code points of symbol fonts that reports print (boxes ticked or not, dots are left out as list bullets are)
_SYMBOLS = MappingProxyType({0x52: "☑", 0xFE: "☑", 0xFC: "√", 0xA8: "□", 0x6F: "□", 0xA3: "□", 0x2A: "□", 0xFB: "×"})
_PICTURE = 1_000_000           # EMU, about 2.8 cm: what is smaller is a seal, a logo or a line
_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


def read(data: bytes) -> Document:
    """A Word file as blocks. Raises `Damaged`, `Encrypted`, `TooLarge`, and `Empty` when it shows no words."""
    parts = _flat(data) if data.lstrip()[:1] in (b"<", b"\xef", b"\xff", b"\xfe") else _zipped(data)
    reader = _Reader(Styles(parts.styles), Numbers(parts.numbering))
    content = list(reader.story(parts.body))
    for root in parts.notes:
        content += reader.notes(root)
    blocks = grids.finish(content)
    if not blocks:
        raise Empty("the Word file shows no words; its text may be a picture, open it to see")
    return Document(parts.media_type, "docx", blocks, title=parts.title, issues=tuple(reader.issues()))


# ---------------------------------------------------------------- the package


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a Word file that say something about its words."""

    media_type: str
    body: Element
    styles: Element | None
    numbering: Element | None
    notes: tuple[Element, ...]
    title: str


def _zipped(data: bytes) -> _Parts:
    package = Zipped(data)

    def part(name: str) -> Element | None:
        return _edition(package.read(name), name) if name in package else None

    return _parts(part, DOCX)


def _parts(part: Callable[[str], Element | None], media_type: str) -> _Parts:
    main = _target(part("_rels/.rels"), "/officeDocument", "") or "word/document.xml"
    root = part(main)
    if root is None:
        raise Damaged("the Word file has no main document; it is incomplete, fetch it again")
    folder, name = posixpath.split(main)
    rels = part(f"{folder}/_rels/{name}.rels")

    def beside(kind: str, usual: str) -> Element | None:
        return part(_target(rels, f"/{kind}", folder) or posixpath.join(folder, usual))

    notes = (beside("footnotes", "footnotes.xml"), beside("endnotes", "endnotes.xml"))
    body = root.find(f"{W}body")
    if body is None:
        raise Damaged("the Word file has no text body; it is incomplete, fetch it again")
    return _Parts(media_type, body, beside("styles", "styles.xml"), beside("numbering", "numbering.xml"),
                  tuple(root for root in notes if root is not None), _title(part("docProps/core.xml")))


def _flat(data: bytes) -> _Parts:
    """A Word file in one XML document: flat OPC carries its parts by name, Word 2003 all in one tree."""
    root = _edition(data, "the Word XML file")
    if root.tag == f"{_FLAT}package":
        named = {str(part.get(f"{_FLAT}name")).lstrip("/"): next(iter(child), None) for part in root
                 for child in part if child.tag == f"{_FLAT}xmlData"}
        return _parts(named.get, _WORDML)
    body = root.find(f"{W}body")
    if body is None:
        raise Damaged("the Word XML file has no text body; it is incomplete, fetch it again")
    title = next((str(node.text or "") for node in root.iter("{*}Title")), "")
    return _Parts(_WORDML, body, root.find(f"{W}styles"), root.find(f"{W}lists"), (), title.strip())


def _edition(data: bytes, name: str) -> Element:
    for other, usual in _EDITIONS:
        data = data.replace(other, usual)
    return xml.parse(data, name)


def _target(rels: Element | None, kind: str, folder: str) -> str:
    """The part a relationship of `kind` leads to, as a path from the root of the package; "" without one."""
    for rel in rels if rels is not None else ():
        if str(rel.get("Type", "")).endswith(kind) and rel.get("TargetMode") != "External":
            target = str(rel.get("Target", ""))
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return ""


def _title(core: Element | None) -> str:
    found = core.find("{http://purl.org/dc/elements/1.1/}title") if core is not None else None
    return (found.text or "").strip() if found is not None else ""


# ---------------------------------------------------------------- the text


@dataclass(slots=True)
class _Words:
    """What one paragraph shows: its characters, the text boxes anchored in it, and whether anything in it is hidden."""

    text: list[str] = field(default_factory=list)
    boxes: list[Part] = field(default_factory=list)
    hidden: bool = False


class _Reader:
    """Walks a story once, in reading order. Fields may span paragraphs, so their state lives here."""

    def __init__(self, styles: Styles, numbers: Numbers) -> None:
        self._styles = styles
        self._numbers = numbers
        self._fields: list[bool] = []         # one per open field: True while in its code, not yet in its result
        self._carried = ""                    # words of a paragraph whose mark was deleted: they join the next
        self._pictures = 0
        self._foreign = 0

    def story(self, container: Element) -> Iterator[Part]:
        """The parts of a body, cell, note or text box, complete with what a last deleted paragraph mark left over."""
        outer, self._carried = self._carried, ""
        yield from self._parts(container)
        yield from (Line(line) for line in [self._carried.strip()] if line)
        self._carried = outer

    def _parts(self, container: Element) -> Iterator[Part]:
        for child in container:
            name = local(child.tag)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._table(child)
            elif name == "AlternateContent":
                yield from self._parts(_alternative(child))
            elif name == "altChunk":
                self._foreign += 1
            elif name in _HOLDERS and not _is_gone(child):
                yield from self._parts(child)

    def notes(self, root: Element) -> Iterator[Part]:
        """Footnotes or endnotes, without the separators Word keeps among them."""
        for note in root:
            if note.get(f"{W}type") in (None, "normal"):
                yield from self.story(note)

    def issues(self) -> Iterator[Issue]:
        if self._pictures:
            yield Issue("picture", f"{self._pictures} picture(s) in the text are not read; look whether they show tables")
        if self._foreign:
            yield Issue("foreign-part", f"{self._foreign} part(s) in another format inside the Word file are not read")
        for form in sorted(self._numbers.unknown):
            yield Issue("numbering", f"automatic numbers of the form {form} were written as plain digits")

    def _paragraph(self, paragraph: Element) -> Iterator[Part]:
        properties = paragraph.find(f"{W}pPr")
        style = self._styles.paragraph(properties)
        words = _Words()
        self._inline(paragraph, words, style.hidden)
        self._fields = [code for code in self._fields if not code]     # a code that never ends must not swallow the rest
        text = "".join(words.text)
        if not (words.hidden and not text):      # a paragraph wholly hidden takes no number either
            number = self._numbers.next(properties, style)
            text = number + text.lstrip() if number else text
        text, self._carried = self._carried + text, ""
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self._carried = text
        else:
            yield from (Line(line.strip(), style.heading) for line in text.split("\n") if line.strip())
        yield from words.boxes

    def _inline(self, container: Element, words: _Words, hidden: bool) -> None:
        for child in container:
            name = local(child.tag)
            if name == "r":
                self._run(child, words, hidden)
            elif name == "AlternateContent":
                self._inline(_alternative(child), words, hidden)
            elif name in _HOLDERS and not _is_gone(child):
                self._inline(child, words, hidden)
            elif name in ("pict", "drawing", "object"):
                self._drawing(child, words)
            elif name in ("oMath", "oMathPara"):
                words.text += [node.text or "" for node in child.iter("{*}t")]

    def _run(self, run: Element, words: _Words, hidden: bool) -> None:
        properties = run.find(f"{W}rPr")
        hidden = self._styles.is_hidden(properties, hidden)
        high = _is_raised(properties)
        for child in run:
            name = local(child.tag)
            if name == "fldChar":
                self._field(child)
            elif name == "AlternateContent":
                self._run(_alternative(child), words, hidden)
            elif name in ("drawing", "pict", "object"):
                if not hidden:
                    self._drawing(child, words)
            elif any(self._fields):
                continue
            elif name == "ruby":
                self._inline(child, words, hidden)
            elif text := _printed(child, name):
                words.hidden |= hidden
                words.text += [] if hidden else [raised(text) if high else text]

    def _field(self, mark: Element) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _drawing(self, drawing: Element, words: _Words) -> None:
        """Text boxes become parts of their own after the paragraph; pictures are counted."""
        for box in drawing.iter(f"{W}txbxContent"):
            if next(box.iterancestors(f"{W}txbxContent", drawing.tag)) is not drawing:
                continue                      # a box inside a box is read by its own drawing
            fields, self._fields = self._fields, []
            words.boxes += self.story(box)
            self._fields = fields
        if drawing.find(".//{*}blip") is not None or drawing.find(".//{*}imagedata") is not None:
            sizes = [int(extent.get("cy") or 0) for extent in drawing.iter("{*}extent") if (extent.get("cy") or "").isdigit()]
            self._pictures += not sizes or max(sizes) >= _PICTURE

    # ------------------------------------------------------------ tables

    def _table(self, table: Element) -> Iterator[Part]:
        boxes: list[Box] = []
        merges: dict[int, int] = {}           # column → index of the box that is growing downwards there
        for row, element in enumerate(_rows(table)):
            self._row(element, row, boxes, merges)
        yield from grids.settle(boxes)

    def _row(self, element: Element, row: int, boxes: list[Box], merges: dict[int, int]) -> None:
        column = _count(element.find(f"{W}trPr/{W}gridBefore"), 0)
        held: set[int] = set()
        for cell in _cells(element):
            properties = cell.find(f"{W}tcPr")
            span = _count(_property(properties, "gridSpan"), 1)
            if column + span > grids.MAX_COLUMNS:
                span = max(1, grids.MAX_COLUMNS - column)
            if _merge(properties, "hMerge") == "continue" and boxes and boxes[-1].row == row:
                boxes[-1] = boxes[-1]._replace(colspan=boxes[-1].colspan + span)
            elif _merge(properties, "vMerge") == "continue" and column in merges:
                above = boxes[merges[column]]
                boxes[merges[column]] = above._replace(rowspan=row - above.row + 1)
                held.add(column)
            else:
                boxes.append(Box(row, min(column, grids.MAX_COLUMNS - 1), 1, span, list(self.story(cell))))
                merges.pop(column, None)
                if _merge(properties, "vMerge") == "restart":
                    merges[column] = len(boxes) - 1
                    held.add(column)
            column += span
        for ended in set(merges) - held:
            del merges[ended]


def _is_raised(properties: Element | None) -> bool:
    align = _property(properties, "vertAlign")
    return align is not None and align.get(f"{W}val") == "superscript"


def _printed(child: Element, name: str) -> str:
    if name == "t":
        return child.text or ""
    if name == "sym":
        code = int(re.sub("[^0-9A-Fa-f]", "", child.get(f"{W}char") or "") or "0", 16)
        return _SYMBOLS.get(code & 0xFF, "") if 0xF000 <= code <= 0xF0FF else chr(code) if 31 < code < 0x11_0000 else ""
    return _MARKS.get(name, "")


def _alternative(element: Element) -> Element:
    """The one branch of mc:AlternateContent to read: the first choice, which every modern program can draw."""
    return next((child for child in element if len(child)), element[0] if len(element) else element)


def _is_gone(element: Element) -> bool:
    """A deletion in Word 2003 XML, or the properties part of a content control."""
    return any(local(name) == "type" and str(value).endswith("Deletion") for name, value in element.attrib.items())


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        name = local(child.tag)
        if name == "tr":
            properties = child.find(f"{W}trPr")
            if properties is None or all(properties.find(f"{W}{gone}") is None for gone in ("del", "hidden")):
                yield child
        elif name in _HOLDERS and not _is_gone(child):
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        name = local(child.tag)
        if name == "tc":
            if child.find(f"{W}tcPr/{W}cellDel") is None:
                yield child
        elif name in _HOLDERS and not _is_gone(child):
            yield from _cells(child)


def _property(properties: Element | None, name: str) -> Element | None:
    return None if properties is None else properties.find(f"{W}{name}")


def _merge(properties: Element | None, name: str) -> str:
    """"restart", "continue" or "" for an hMerge or vMerge; Word 2003 writes the names in small letters."""
    element = _property(properties, name)
    if element is None:
        element = _property(properties, name.lower())
    return "" if element is None else element.get(f"{W}val") or "continue"


def _count(element: Element | None, default: int) -> int:
    """A whole number held in bounds: spans of millions are either mistakes or attacks."""
    value = (element.get(f"{W}val") or "") if element is not None else ""
    if not value.isdecimal() or not value.strip("0"):
        return default
    return int(value) if len(value) < 4 else grids.MAX_COLUMNS
