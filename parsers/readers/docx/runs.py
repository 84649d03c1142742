"""The words of one paragraph: its runs, without what is hidden, deleted or only the code of a field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MappingProxyType

from parsers.grids import Part
from parsers.readers.docx.markup import NAMES, VAL, Element, Properties, W, alternative, holds, properties
from parsers.readers.docx.styles import Styles
from parsers.readers.pictures import PICTURE, SEAL
from parsers.text import raised

_MARKS = MappingProxyType({"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"})
#: private-use code points of symbol fonts that reports print (boxes ticked or not, dots are left out as list bullets are)
_SYMBOLS = MappingProxyType({0x52: "☑", 0xFE: "☑", 0xFC: "√", 0xA8: "□", 0x6F: "□", 0xA3: "□", 0x2A: "□", 0xFB: "×"})
_DRAWINGS = frozenset({"drawing", "pict", "object"})
_EMU = 360_000                 # the measure of drawings, in a centimetre
_BOX = f"{W}txbxContent"


@dataclass(slots=True)
class Words:
    """What one paragraph shows: its characters, the text boxes anchored in it, and whether anything in it is hidden."""

    text: list[str] = field(default_factory=list)
    boxes: list[Part] = field(default_factory=list)
    hidden: bool = False


class Runs:
    """Reads the runs of paragraphs. Fields may span paragraphs, so their state lives here."""

    def __init__(self, styles: Styles, story: Callable[[Element], list[Part]]) -> None:
        self.pictures = 0
        self._styles = styles
        self._story = story                   # reads what a text box holds
        self._fields: list[bool] = []         # one per open field: True while in its code, not yet in its result

    @property
    def in_field(self) -> bool:
        """Whether a field that began in an earlier paragraph is still open."""
        return bool(self._fields)

    def words(self, paragraph: Element, hidden: bool) -> Words:
        """What a paragraph shows, `hidden` by its style or not."""
        words = Words()
        self._inline(paragraph, words, hidden)
        if self._fields:
            self._fields = [code for code in self._fields if not code]     # a code that never ends must not swallow the rest
        return words

    def _inline(self, container: Element, words: Words, hidden: bool) -> None:
        for child in container:
            name = NAMES[child.tag]
            if name == "r":
                self._run(child, words, hidden)
            elif name == "AlternateContent":
                self._inline(alternative(child), words, hidden)
            elif holds(name, child):
                self._inline(child, words, hidden)
            elif name in _DRAWINGS:
                self._drawing(child, words)
            elif name in ("oMath", "oMathPara"):
                words.text += [node.text or "" for node in child.iter("{*}t")]

    def _run(self, run: Element, words: Words, hidden: bool) -> None:
        high = False
        for child in run:
            name = NAMES[child.tag]
            if name == "t" and not self._fields:
                _show(child.text, words, hidden, high)
            elif name != "rPr":
                self._other(child, name, words, hidden, high)
            elif len(child):                  # the first of a run, by the schema
                settings = properties(child)
                hidden, high = self._styles.is_hidden(settings, hidden), _is_raised(settings)

    def _other(self, child: Element, name: str, words: Words, hidden: bool, high: bool) -> None:
        """A part of a run that is no plain text."""
        if name == "fldChar":
            self._field(child)
        elif name == "AlternateContent":
            self._run(alternative(child), words, hidden)
        elif name in _DRAWINGS:
            if not hidden:
                self._drawing(child, words)
        elif not any(self._fields):
            if name == "ruby":
                self._inline(child, words, hidden)
            else:
                _show(_printed(child, name), words, hidden, high)

    def _field(self, mark: Element) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _drawing(self, drawing: Element, words: Words) -> None:
        """Text boxes become parts of their own after the paragraph; pictures are counted."""
        for box in drawing.iter(_BOX):
            if next(box.iterancestors(_BOX, drawing.tag)) is not drawing:
                continue                      # a box inside a box is read by its own drawing
            fields, self._fields = self._fields, []
            words.boxes += self._story(box)
            self._fields = fields
        if drawing.find(".//{*}blip") is not None or drawing.find(".//{*}imagedata") is not None:
            sizes = [int(extent.get("cy") or 0) for extent in drawing.iter("{*}extent") if (extent.get("cy") or "").isdigit()]
            is_small = bool(sizes) and max(sizes) < SEAL * _EMU
            self.pictures += not is_small
            if is_small or _is_in_line(drawing):
                words.text.append(PICTURE)


def _is_in_line(drawing: Element) -> bool:
    """Whether a drawing stands in its line like a letter, not beside it."""
    return drawing.find("{*}anchor") is None and not any(
        "position:absolute" in (shape.get("style") or "").replace(" ", "") for shape in drawing.iter("{*}shape"))


def _show(text: str | None, words: Words, hidden: bool, high: bool) -> None:
    if text and not hidden:
        words.text.append(raised(text) if high else text)
    elif text:
        words.hidden = True


def _is_raised(settings: Properties) -> bool:
    align = settings.get("vertAlign")
    return align is not None and align.get(VAL) == "superscript"


def _printed(child: Element, name: str) -> str:
    if name == "t":
        return child.text or ""
    if name == "sym":
        code = int(re.sub("[^0-9A-Fa-f]", "", child.get(f"{W}char") or "") or "0", 16)
        return _SYMBOLS.get(code & 0xFF, "") if 0xF000 <= code <= 0xF0FF else chr(code) if 31 < code < 0x11_0000 else ""
    return _MARKS.get(name, "")
