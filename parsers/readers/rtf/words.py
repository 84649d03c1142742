"""The groups and control words of an RTF file: what prints goes to the story, what only orders it does not.

Source: Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from parsers import grids
from parsers.grids import Part
from parsers.models import Issue
from parsers.readers.pictures import PICTURE
from parsers.readers.rows import CellShape, RowShape
from parsers.readers.rtf.characters import Characters
from parsers.readers.rtf.story import Story
from parsers.text import raised

_TOKEN = re.compile(rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.S)
_SIGNS = MappingProxyType({"tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
                           "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " "})
#: destinations whose text does not print, or prints in the margin
_SKIPPED = frozenset({"fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer",
                      "footerl", "footerr", "footerf", "fldinst", "objdata", "listtable", "listoverridetable", "revtbl",
                      "shprslt", "nonshppict",
                      "nonesttables", "xe", "tc", "annotation", "atnid", "atnauthor", "themedata", "datastore",
                      "bkmkstart", "bkmkend", "generator", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
                      "pgptbl", "rsidtbl", "filetbl", "template", "private", "pntxta", "pntxtb", "sn", "sv", "sp"})
_STORIES = frozenset({"footnote", "shptxt"})
_MAX_DEPTH = 50                # of tables in tables


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits: where its text goes, and how its bytes are to be understood."""

    destination: str = ""
    skipped: bool = False
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    high: bool = False
    font: int = -1
    fallback: int = 1          # \\uc: how many characters stand in for one \\u


@dataclass(slots=True)
class _Row:
    """A row definition in the making."""

    left: int = 0
    cells: list[CellShape] = field(default_factory=list)
    across: str = ""
    down: str = ""


class Reader:
    def __init__(self, data: bytes) -> None:
        self.title = ""
        self._data = data
        self._state = _State()
        self._stack: list[_State] = []
        self._characters = Characters()
        self._story = Story()
        self._styles: dict[int, int] = {}      # style → outline level of its paragraphs
        self._named = 0                        # the font or style that a table of them is just naming
        self._rows = {False: _Row(), True: _Row()}            # definitions of outer and of nested rows
        self._ignore = 0
        self._star = False
        self._pictures = 0

    def run(self) -> list[Part]:
        """All parts of the text, notes last."""
        position = 0
        while position < len(self._data) and (found := _TOKEN.match(self._data, position)):
            position = found.end()
            code, word, number, symbol, brace, text = found.groups()
            if brace:
                self._brace(brace)
                if not self._stack:
                    break
            elif word is not None:
                value = int(number) if number else None
                if word == b"bin":
                    position += max(value or 0, 0)
                else:
                    self._word(word.decode().lower() if word.isupper() else word.decode(), value)
            elif code:
                self._bytes(bytes([int(code, 16)]))
            elif text:
                self._bytes(text)
            elif symbol:
                self._symbol(symbol)
        self._decode()
        return self._story.parts()

    def issues(self) -> Iterator[Issue]:
        if self._stack:
            yield Issue("truncated", "the file ends before its last group is closed; its end may be missing")
        if self._pictures:
            yield Issue("picture", f"{self._pictures} picture(s) in the text are not read; look whether they show tables")

    # ------------------------------------------------------------ groups and words

    def _brace(self, brace: bytes) -> None:
        self._decode()
        self._star = False
        self._ignore = 0
        if brace == b"{":
            self._stack.append(self._state)
            return
        ended, self._state = self._state, self._stack.pop()
        if ended.destination in _STORIES and self._state.destination != ended.destination:
            self._story.resume(note=ended.destination == "footnote")

    def _word(self, word: str, value: int | None) -> None:
        self._decode()
        starred, self._star = self._star, False
        if word in _SKIPPED or word in _DESTINATIONS or starred:
            self._enter(word, starred)
        if word == "u" and value is not None:
            self._unicode(value)
        elif self._state.skipped:
            self._note(word, value)
        elif word in _SIGNS:
            self._say(_SIGNS[word])
        elif word in _WORDS:
            _WORDS[word](self, 0 if value is None else value, value)

    def _enter(self, word: str, starred: bool) -> None:
        if word in _DESTINATIONS:
            if word in _STORIES:
                self._story.interrupt()
            skipped = self._state.skipped and word not in ("shptxt", "nesttableprops", "title")
            self._state = replace(self._state, destination=word, skipped=skipped)
        else:
            if word == "pict" and not self._state.skipped:
                self._pictures += 1
                self._say(PICTURE)
            self._state = replace(self._state, destination=word, skipped=True)

    def _note(self, word: str, value: int | None) -> None:
        """What skipped tables say about the text: fonts and their code pages, styles and their outline levels."""
        number = value or 0
        if self._state.destination == "fonttbl":
            if word == "f":
                self._named = number
            elif word == "fcharset":
                self._characters.charset(self._named, number)
        elif self._state.destination == "stylesheet":
            if word == "s":
                self._named = number
            elif word == "outlinelevel" and number < 9:
                self._styles[self._named] = number + 1

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._star = True
        elif symbol in b"\r\n":
            self._end_paragraph()
        elif symbol in b"\\{}":
            self._bytes(symbol)
        elif symbol in b"~_":
            self._decode()
            self._say(" " if symbol == b"~" else "-")

    # ------------------------------------------------------------ characters

    def _bytes(self, data: bytes) -> None:
        if self._ignore:
            taken = min(self._ignore, len(data))
            self._ignore -= taken
            data = data[taken:]
        if not self._state.skipped or self._state.destination == "title":
            self._characters.take(data)

    def _unicode(self, value: int) -> None:
        self._say(chr(value & 0xFFFF))
        self._ignore = self._state.fallback

    def _decode(self) -> None:
        if text := self._characters.text(self._state.font):
            self._say(text)

    def _say(self, text: str) -> None:
        state = self._state
        if state.destination == "title":
            self.title += text
        elif state.skipped or state.hidden or state.deleted or state.struck:
            return
        elif state.destination in ("listtext", "pntext"):
            self._story.now.number.append(text)
        else:
            self._story.now.text.append(raised(text) if state.high else text)

    def _end_paragraph(self) -> None:
        self._decode()
        self._story.end_paragraph()

    # ------------------------------------------------------------ what the words do

    def _pard(self, value: int, given: int | None) -> None:
        self._story.now.depth = self._story.now.heading = 0

    def _intbl(self, value: int, given: int | None) -> None:
        self._story.now.depth = max(self._story.now.depth, 1)

    def _itap(self, value: int, given: int | None) -> None:
        self._story.now.depth = min(max(value, 0), _MAX_DEPTH)

    def _trowd(self, value: int, given: int | None) -> None:
        self._rows[self._is_nested()] = _Row()

    def _trleft(self, value: int, given: int | None) -> None:
        self._rows[self._is_nested()].left = value

    def _cellx(self, value: int, given: int | None) -> None:
        row = self._rows[self._is_nested()]
        if len(row.cells) < grids.MAX_COLUMNS:
            row.cells.append(CellShape(value, row.across, row.down))
        row.across = row.down = ""

    def _merge(self, name: str, how: str) -> None:
        setattr(self._rows[self._is_nested()], name, how)

    def _is_nested(self) -> bool:
        return self._state.destination == "nesttableprops"

    def _set(self, **changes: bool | int) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]  # names and types of _State

    def _plain(self, value: int, given: int | None) -> None:
        self._set(hidden=False, deleted=False, struck=False, high=False, font=-1)

    def _page(self, value: int, given: int | None) -> None:
        self._characters.page(value)

    def _deff(self, value: int, given: int | None) -> None:
        self._characters.default_font = value

    def _cell(self, depth: int) -> None:
        self._story.end_cell(depth)

    def _row(self, depth: int) -> None:
        made = self._rows[depth > 1]
        self._story.end_row(depth, RowShape(made.left, tuple(made.cells)))

    def _style(self, value: int, given: int | None) -> None:
        self._story.now.heading = self._styles.get(value, 0)

    def _outline(self, value: int, given: int | None) -> None:
        self._story.now.heading = value + 1 if value < 9 else 0


#: destinations with words to keep, or with row properties
_DESTINATIONS = frozenset({"footnote", "shptxt", "shppict", "listtext", "pntext", "fldrslt", "title", "nesttableprops",
                           "result"})

_WORDS: MappingProxyType[str, Callable[[Reader, int, int | None], None]] = MappingProxyType({
    "par": lambda r, v, g: r._end_paragraph(),
    "sect": lambda r, v, g: r._end_paragraph(),
    "page": lambda r, v, g: r._end_paragraph(),
    "pard": Reader._pard,
    "plain": Reader._plain,
    "intbl": Reader._intbl,
    "itap": Reader._itap,
    "trowd": Reader._trowd,
    "trleft": Reader._trleft,
    "cellx": Reader._cellx,
    "clmgf": lambda r, v, g: r._merge("across", "restart"),
    "clmrg": lambda r, v, g: r._merge("across", "continue"),
    "clvmgf": lambda r, v, g: r._merge("down", "restart"),
    "clvmrg": lambda r, v, g: r._merge("down", "continue"),
    "cell": lambda r, v, g: r._cell(1),
    "nestcell": lambda r, v, g: r._cell(max(r._story.now.depth, 2)),
    "row": lambda r, v, g: r._row(1),
    "nestrow": lambda r, v, g: r._row(max(r._story.now.depth, 2)),
    "v": lambda r, v, g: r._set(hidden=g != 0),
    "deleted": lambda r, v, g: r._set(deleted=g != 0),
    "strike": lambda r, v, g: r._set(struck=g != 0),
    "striked": lambda r, v, g: r._set(struck=g != 0),
    "super": lambda r, v, g: r._set(high=g != 0),
    "sub": lambda r, v, g: r._set(high=False),
    "nosupersub": lambda r, v, g: r._set(high=False),
    "f": lambda r, v, g: r._set(font=v),
    "uc": lambda r, v, g: r._set(fallback=min(max(v, 0), 8)),
    "ansicpg": Reader._page,
    "deff": Reader._deff,
    "s": Reader._style,
    "outlinelevel": Reader._outline,
})
