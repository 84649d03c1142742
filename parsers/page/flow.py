"""The text of an HTML element in reading order: one walk, no recursion, tables with their spans, list numbers written out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from parsers import grids
from parsers.grids import Flow, Line, Part
from parsers.numbering import numeral, suffix
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
_PARAGRAPHS = frozenset({"p", "div", "br", "center"})
_DEPTH = 8                         # of paragraphs in paragraphs of a cell
_WHITE = re.compile(r"[ \t\r\n\f]+")
_UNSEEN = re.compile("[\u200b-\u200d\ufeff\xad]")
_CELLS = frozenset({"td", "th"})
_ORNAMENT = re.compile(r"spacer|blank|transparent|pixel|icon|logo|dot|line", re.I)
_FEW_CELLS = 3                     # a row of fewer may be layout, its picture an ornament
NOT_LEGIBLE = "\ufffd"            # what stands there cannot be read
_REMEMBERED = 4096
_LONGEST_REMEMBERED = 60       # characters: the labels and zeros of tables come again and again, paragraphs do not

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


def clean(text: str) -> str:
    """Text as a browser shows it: white space of the source collapsed, no-break spaces as spaces, ends bare."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _cleaned(text)


def _cleaned(text: str) -> str:
    return _WHITE.sub(" ", _UNSEEN.sub("", text.replace("\xa0", " "))).strip()


_remembered = lru_cache(maxsize=_REMEMBERED)(_cleaned)


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
        self.rows[-1].append(_spanning(cell, Flow(content, grids.words(content))))


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
        flows = _plain(row)
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


def _plain(row: Element) -> list[Flow] | None:
    """The cells of a row that holds cells of words alone, at most in paragraphs; None for any other."""
    flows = []
    for cell in row[:]:  # type: ignore[index]  # slices, quicker than iterating, are missing from the stubs
        if cell.tag not in _CELLS or ((tail := cell.tail) and not tail.isspace()):
            return None
        flow = _paragraphs(cell) if len(cell) else _SAID[cell.text]
        if flow is None:
            return None
        flows.append(_spanning(cell, flow) if cell.keys() else flow)
    return flows if _is_white(row.text) else None


def _is_white(text: str | None) -> bool:
    return not text or text.isspace()


def _paragraphs(cell: Element) -> Flow | None:
    """What the paragraphs of a cell say, and what stands between them; None if it holds anything but paragraphs of words."""
    pieces: list[str | None] = []
    if not _is_said(cell, pieces, _DEPTH):
        return None
    lines = [piece for piece in pieces if piece and not piece.isspace()]
    return _saying([clean(line) for line in lines]) if len(lines) > 1 else _SAID[lines[0] if lines else None]


def _is_said(element: Element, pieces: list[str | None], depth: int) -> bool:
    """Whether an element holds paragraphs of words alone, not deeper than `depth`; the words are put into `pieces`."""
    pieces.append(element.text)
    for child in element[:]:  # type: ignore[index]
        if child.tag not in _PARAGRAPHS or not depth or not _is_said(child, pieces, depth - 1):
            return False
        pieces.append(child.tail)
    return True


def _saying(lines: Iterable[str]) -> Flow:
    content = tuple([Line(line) for line in lines if line])
    return Flow(content, content[0].text if len(content) == 1 else grids.words(content))


class _Said(dict[str | None, Flow]):
    """Cells that hold but these few words, each made once: labels and zeros come again and again."""

    def __missing__(self, text: str | None) -> Flow:
        flow = _saying([_cleaned(text or "")])
        if len(self) < _REMEMBERED and len(text or "") <= _LONGEST_REMEMBERED:
            self[text] = flow
        return flow


_SAID = _Said()


def _spanning(cell: Element, flow: Flow) -> Flow:
    """What is in a cell, with the spans of the cell."""
    tall, wide = cell.get("rowspan"), cell.get("colspan")
    if tall is None and wide is None:
        return flow
    return Flow(flow.content, flow.text, _span(tall or "1", grids.MAX_ROWSPAN), _span(wide or "1", 1))


def _counter(node: Element) -> _Counter | None:
    """How an ordered list counts; None where its style shows no numbers."""
    style = _LIST_STYLE.search(str(node.get("style") or ""))
    kind = style[1] if style else str(node.get("type") or "1")
    kind = {"A": "upper-alpha", "I": "upper-roman"}.get(kind, kind.lower())
    form = _LISTS.get(kind)
    start = str(node.get("start") or "")
    return None if form is None else _Counter(*form, int(start) - 1 if start.isdecimal() and len(start) < 6 else 0)


@lru_cache(maxsize=256)
def _span(written: str, zero: int) -> int:
    """A span as a browser takes it: 1 for nonsense, `zero` for 0, held in bounds."""
    digits = re.match(r"\s*(\d{1,9})", written)
    return min(int(digits[1]), grids.MAX_ROWSPAN) or zero if digits else 1


def shown(element: Element) -> str:
    """The words of an element as one line, those of its scripts included; for short elements only."""
    return clean(text(element) if len(element) else element.text or "")


def text(element: Element) -> str:
    """All the words in an element, those of its scripts included."""
    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)
