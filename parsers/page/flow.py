"""The text of an HTML element in reading order: one walk, no recursion, tables with their spans, list numbers written out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from parsers import grids
from parsers.grids import Flow, Line, Part
from parsers.numbering import numeral, suffix
from parsers.page import plain
from parsers.page.wording import clean
from parsers.text import raised

Element = etree._Element

LOOSE = "data-loose"           # on a table whose cells have ranks, not columns: one drawn without <table>
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset({"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div",
                     "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li",
                     "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "tbody", "tfoot", "thead", "ul", "br",
                     "ucapcontent", *HEADINGS})
SILENT = frozenset({"script", "style", "noscript", "template", "head", "title", "meta", "link", "xml", "select", "option",
                    "button", "input", "textarea", "object", "embed", "iframe", "svg", "canvas", "audio", "video", "map",
                    "del", "s", "strike", "frameset", "frame", "noframes", "datalist", "col", "colgroup"})
_INLINE = ("span", "font", "b", "strong", "i", "em", "u", "a", "ins", "o:p", "small", "big", "sub", "sup", "label",
           "bdo", "bdi", "code", "tt", "nobr", "wbr", "cite", "q", "mark", "abbr", "acronym", "time", "content-mark")
_ORNAMENT = re.compile(r"spacer|blank|transparent|pixel|icon|logo|dot|line", re.I)
_FEW_CELLS = 3                     # a row of fewer may be layout, its picture an ornament
NOT_LEGIBLE = "\ufffd"            # what stands there cannot be read

#: `type` or list-style-type → the number's form and the mark after it
_LISTS = {"1": ("decimal", "."), "decimal": ("decimal", "."), "a": ("lowerLetter", "."), "lower-alpha": ("lowerLetter", "."),
          "lower-latin": ("lowerLetter", "."), "upper-alpha": ("upperLetter", "."), "upper-latin": ("upperLetter", "."),
          "i": ("lowerRoman", "."), "lower-roman": ("lowerRoman", "."), "upper-roman": ("upperRoman", "."),
          "cjk-ideographic": ("chineseCountingThousand", "、"), "simp-chinese-informal": ("chineseCountingThousand", "、"),
          "trad-chinese-informal": ("chineseCountingThousand", "、"), "decimal-leading-zero": ("decimalZero", "."),
          "cjk-decimal": ("ideographDigital", "、"), "cjk-heavenly-stem": ("ideographTraditional", "、")}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.I)


def parts(element: Element) -> list[Part]:
    """The lines and tables of an element. What must not be read is out of the tree already; inline tags go here."""
    for mark in element.iter("sup", "sub"):
        _raise(mark)
    for cell in _pictured(element):
        _mark_unread(cell)
    etree.strip_tags(element, *_INLINE)
    writer = _Writer()
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        tag = node.tag
        if event == "start":
            if tag == "tr" and writer.plain_row(node):
                walk.skip_subtree()
                continue
            writer.start(node, tag)
            if text := node.text:
                writer.say(text)
        else:
            writer.end(node, tag)
            if (tail := node.tail) and node is not element:
                writer.say(tail)
    return writer.done()


def _pictured(element: Element) -> set[Element]:
    """The cells that hold a picture which may be a word, each once however many it holds."""
    shown = (image for image in element.iter("img") if image.get("src") and not _ORNAMENT.search(image.get("src", "")))
    return {cell for image in shown if (cell := next(image.iterancestors("td", "th"), None)) is not None}


def _mark_unread(cell: Element) -> None:
    """A cell among others of its row that shows a picture and no word is not legible; it is no blank."""
    row = cell.getparent()
    if row is not None and len(row) >= _FEW_CELLS and not clean("".join(map(str, cell.itertext()))):
        cell.text = NOT_LEGIBLE


def _raise(mark: Element) -> None:
    for node in mark.iter():
        node.text = raised(node.text) if node.text else None
        if node is not mark and node.tail:
            node.tail = raised(node.tail)


@dataclass(slots=True)
class _Table:
    """An open table: its rows so far and the cell being filled, if any."""

    rows: list[list[Flow]] = field(default_factory=list)
    before: list[Part] = field(default_factory=list)      # words of the table outside its cells, shown before it
    outer: list[Part] = field(default_factory=list)
    cell: Element | None = None
    aligned: bool = True

    def take(self, cell: Element, content: list[Part]) -> None:
        """Put a filled cell at the end of the last row."""
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(plain.spanning(cell, Flow(content, grids.words(content))))


@dataclass(slots=True)
class _Counter:
    """An open ordered list."""

    form: str
    mark: str
    value: int


class _Writer:
    """Turns starts, texts and ends into parts."""

    def __init__(self) -> None:
        self._pieces: list[str] = []       # of the line being written
        self._parts: list[Part] = []
        self._tables: list[_Table] = []
        self._lists: list[_Counter | None] = []
        self._heading = 0
        self._number = ""

    def say(self, text: str) -> None:
        """Go on with the line being written; no line begins with white space."""
        if self._pieces or not text.isspace():
            self._pieces.append(text)

    def plain_row(self, row: Element) -> bool:
        """Take a row whose cells hold nothing but words, as nearly all do, in one step; False for any other."""
        if not self._tables or self._tables[-1].cell is not None or self._number or self._heading:
            return False
        flows = plain.cells(row)
        if flows is not None:
            self._flush()
            self._tables[-1].rows.append(flows)
        return flows is not None

    def start(self, node: Element, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
            if tag in HEADINGS:
                self._heading = HEADINGS[tag]
            elif tag in ("ol", "ul", "li"):
                self._list(node, tag)
        elif tag in ("table", "tr", "td", "th"):
            self._open(node, tag)

    def end(self, node: Element, tag: str) -> None:
        if tag == "tr":
            self._flush()
        elif tag in _BLOCKS:
            self._flush()
            if tag in HEADINGS:
                self._heading = 0
            elif tag in ("ol", "ul") and self._lists:
                self._lists.pop()
            elif tag == "li":
                self._number = ""
        elif tag == "table" or (tag in ("td", "th") and self._tables and self._tables[-1].cell is node):
            self._close(tag)

    def _flush(self) -> None:
        """End the line being written."""
        if not self._pieces:
            return
        text = clean("".join(self._pieces))
        self._pieces.clear()
        if text:
            self._parts.append(Line(self._number + text, self._heading))
            self._number = ""

    def done(self) -> list[Part]:
        self._flush()
        while self._tables:                   # the element was itself part of a table
            self._close("table")
        return self._parts

    def _open(self, node: Element, tag: str) -> None:
        self._flush()
        if tag == "table":
            self._tables.append(_Table(outer=self._parts, aligned=node.get(LOOSE) is None))
            self._parts = self._tables[-1].before
        elif self._tables and self._tables[-1].cell is None:
            table = self._tables[-1]
            if tag == "tr" or not table.rows:
                table.rows.append([])
            if tag != "tr":
                table.cell = node
                self._parts = []

    def _close(self, tag: str) -> None:
        self._flush()
        if not self._tables:
            return
        table = self._tables[-1]
        if table.cell is not None:
            cell, table.cell = table.cell, None
            table.take(cell, self._parts)
            self._parts = table.before
        if tag == "table":
            self._tables.pop()
            self._parts = table.outer
            self._parts += table.before
            self._parts += grids.place(table.rows, aligned=table.aligned)

    def _list(self, node: Element, tag: str) -> None:
        if tag == "ol":
            self._lists.append(_counter(node))
        elif tag == "ul":
            self._lists.append(None)
        elif self._lists and (counter := self._lists[-1]) is not None:
            value = str(node.get("value") or "")
            counter.value = int(value) if value.isdecimal() and len(value) < 6 else counter.value + 1
            number = (numeral(counter.value, counter.form) or "") + counter.mark
            self._number = number + suffix(number)


def _counter(node: Element) -> _Counter | None:
    """How an ordered list counts; None where its style shows no numbers."""
    style = _LIST_STYLE.search(str(node.get("style") or ""))
    kind = style[1] if style else str(node.get("type") or "1")
    kind = {"A": "upper-alpha", "I": "upper-roman"}.get(kind, kind.lower())
    form = _LISTS.get(kind)
    start = str(node.get("start") or "")
    return None if form is None else _Counter(*form, int(start) - 1 if start.isdecimal() and len(start) < 6 else 0)
