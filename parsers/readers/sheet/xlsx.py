"""Workbooks of Excel 2007 and later, and of WPS: the sheets that show, each cell as it prints.

Raised figures stay raised and struck-out ones are left out, as in text. A cell that shows only a picture, and a formula
whose result the file does not hold, are not legible: they are no blanks, and no zeros.
Source: ECMA-376 Part 1, 18 (SpreadsheetML).
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from parsers.exceptions import Damaged
from parsers.readers.pictures import FEW_CELLS, NOT_LEGIBLE
from parsers.readers.sheet import formats
from parsers.readers.sheet.layout import Place, Sheet, bounded
from parsers.text import raised
from parsers.xml import local
from parsers.zipped import Zipped

Element = etree._Element
WORKBOOK = "xl/workbook.xml"
_PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})", re.I)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_MOST_COLUMNS = 16_384
_PICTURE = "=DISPIMG("         # how WPS puts a picture into a cell


class Workbook:
    """The parts of a workbook that its sheets share. Raises `Damaged`, `Encrypted`, `TooLarge`, as its sheets do."""

    def __init__(self, inside: Zipped) -> None:
        self._inside = inside
        path = next((path for kind, path in self._related("").values() if kind == "officeDocument"), WORKBOOK)
        self._root = inside.xml(path)
        self._parts = self._related(path)
        self._since_1904 = any(_is_on(node, "date1904") for node in self._root.iter("{*}workbookPr"))
        self._is_stale = any(_is_on(node, "fullCalcOnLoad") for node in self._root.iter("{*}calcPr"))
        self._looks = _looks(self._shared("styles"))
        self._strings = [_words(item) for item in self._shared("sharedStrings")]

    def sheets(self) -> Iterator[tuple[Sheet, bool]]:
        """Every sheet of cells, and whether it shows."""
        for node in self._root.iter("{*}sheet"):
            kind, path = self._parts.get(_id(node), ("", ""))
            if kind == "worksheet":
                yield self._sheet(node.get("name") or "", path), (node.get("state") or "visible") == "visible"

    def _related(self, path: str) -> dict[str, tuple[str, str]]:
        """The parts that one of them (the package: "") leads to: id → (kind, path)."""
        folder, name = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found = {}
        for rel in self._inside.xml(rels) if rels in self._inside else ():
            target = rel.get("Target") or ""
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[rel.get("Id") or ""] = ((rel.get("Type") or "").rpartition("/")[2], path)
        return found

    def _shared(self, kind: str) -> Element:
        """The part of that kind, an empty element where there is none."""
        path = next((path for of, path in self._parts.values() if of == kind and path in self._inside), "")
        return self._inside.xml(path) if path else etree.Element(kind)

    def _sheet(self, name: str, path: str) -> Sheet:
        sheet = Sheet(name)
        root = self._inside.xml(path)
        for columns in root.iter("{*}col"):
            if _is_on(columns, "hidden") or columns.get("width") == "0":
                first, last = _number(columns.get("min"), 1), min(_number(columns.get("max"), 1), _MOST_COLUMNS)
                sheet.hidden_columns.update(range(first - 1, last))
        row = -1
        for line in root.iter("{*}row"):
            row = _number(line.get("r"), row + 2) - 1
            if _is_on(line, "hidden") or line.get("ht") == "0":
                sheet.hidden_rows.add(row)
            self._row(sheet, line, row)
        for merge in root.iter("{*}mergeCell"):
            start, _, end = (merge.get("ref") or "").partition(":")
            (top, left), (bottom, right) = _place(name, start), _place(name, end or start)
            sheet.merged[top, left] = max(bottom - top, 0) + 1, max(right - left, 0) + 1
        self._pictures(sheet, root, path)
        return sheet

    def _row(self, sheet: Sheet, line: Element, row: int) -> None:
        column = -1
        for cell in line.iterchildren("{*}c"):
            said = cell.get("r")
            place = _place(sheet.name, said) if said else (row, column + 1)
            column = place[1]
            if text := self._text(sheet, cell):
                sheet.texts[place] = text
        bounded(sheet.name, len(sheet.texts))

    def _text(self, sheet: Sheet, cell: Element) -> str:
        """What a cell prints."""
        if not len(cell):
            return ""
        code, is_struck = self._looks[look] if (look := _number(cell.get("s"), 0)) < len(self._looks) else ("General", False)
        kind, value = cell.get("t") or "n", cell.findtext("{*}v") or ""
        if is_struck:
            return ""
        if self._is_unknown(cell, kind, value):
            sheet.unknown += 1
            return NOT_LEGIBLE
        if kind == "s":
            return self._strings[int(value)] if value.isdecimal() and int(value) < len(self._strings) else ""
        if kind == "inlineStr":
            return "".join(_words(item) for item in cell.iterchildren("{*}is"))
        if kind == "b":
            return "FALSE" if value == "0" else "TRUE"
        if value.startswith(_PICTURE) or (kind == "e" and cell.get("vm")):
            return NOT_LEGIBLE
        return _figure(value, code, self._since_1904) if kind == "n" else _unescaped(value)

    def _is_unknown(self, cell: Element, kind: str, value: str) -> bool:
        """A formula whose result nobody has written down: none at all, or a zero to be replaced on opening."""
        if kind not in ("n", "b") or cell.find("{*}f") is None:
            return False
        return not value or (self._is_stale and value == "0")

    def _pictures(self, sheet: Sheet, root: Element, path: str) -> None:
        """Blank cells on which a picture lies, beside others in their row, are not legible."""
        drawings = {_id(node) for node in root.iterchildren("{*}drawing")}
        parts = [path for name, (_, path) in self._related(path).items() if name in drawings and path in self._inside]
        beside = Counter(row for (row, _), text in sheet.texts.items() if text.strip()) if parts else Counter[int]()
        for anchor in (anchor for part in parts for anchor in self._inside.xml(part)):
            start, end = (_corner(anchor, name) for name in ("from", "to"))
            if start is None or end is None or next(anchor.iter("{*}pic"), None) is None or sheet.texts.get(start, "").strip():
                continue
            height, width = sheet.merged.get(start, (1, 1))
            if end[0] < start[0] + height and end[1] < start[1] + width and beside[start[0]] + 1 >= FEW_CELLS:
                sheet.texts[start] = NOT_LEGIBLE


def _corner(anchor: Element, name: str) -> Place | None:
    """The cell in which a drawing begins or ends; one that says only where it begins ends there."""
    corner = anchor.find(f"{{*}}{name}")
    corner = anchor.find("{*}from") if corner is None else corner
    if corner is None:
        return None
    return _number(corner.findtext("{*}row"), 0), _number(corner.findtext("{*}col"), 0)


def _looks(styles: Element) -> list[tuple[str, bool]]:
    """Number format and whether it is struck out, of every look that cells name by number."""
    codes: dict[int, str] = dict(formats.BUILT_IN)
    codes |= {_number(node.get("numFmtId"), 0): node.get("formatCode") or "" for node in styles.iter("{*}numFmt")}
    fonts = [any(_is_on(mark, "val", "1") for mark in font.iterchildren("{*}strike"))
             for fonts in styles.iterchildren("{*}fonts") for font in fonts]
    return [(codes.get(_number(look.get("numFmtId"), 0), "General"),
             (font := _number(look.get("fontId"), 0)) < len(fonts) and fonts[font])
            for looks in styles.iterchildren("{*}cellXfs") for look in looks]


def _words(item: Element) -> str:
    """The words of a string, raised figures raised, what is struck out and how it is pronounced left out."""
    words = ""
    for child in item:
        name = local(child.tag)
        if name == "t":
            words += child.text or ""
        elif name == "r" and not any(_is_on(mark, "val", "1") for mark in child.iter("{*}strike")):
            text = child.findtext("{*}t") or ""
            is_high = any(mark.get("val") == "superscript" for mark in child.iter("{*}vertAlign"))
            words += raised(text) if is_high else text
    return _unescaped(words)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] != "000D" else "", text)


def _figure(value: str, code: str, since_1904: bool) -> str:
    try:
        return formats.printed(float(value), code, since_1904=since_1904)
    except (ValueError, OverflowError, ArithmeticError):
        return value


def _place(name: str, said: str) -> Place:
    """Row and column of a cell. Raises `Damaged` for a place no sheet has."""
    found = _PLACE.fullmatch(said)
    if found is None:
        raise Damaged(f"{name} has a cell at {said[:20]}, where no sheet has one; fetch the workbook again")
    column = 0
    for letter in found[1].upper():
        column = 26 * column + ord(letter) - 64
    return max(int(found[2]), 1) - 1, column - 1


def _id(node: Element) -> str:
    return next((str(value) for name, value in node.attrib.items() if str(name).endswith("relationships}id")), "")


def _is_on(node: Element, name: str, default: str = "0") -> bool:
    return (node.get(name) or default) not in ("0", "false")


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else default
