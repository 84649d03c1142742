"""Rich Text Format, read as it prints: code pages and Unicode, tables with merges and nesting, written list numbers.

    bytes ──tokens──> _Reader (groups, destinations, paragraphs, rows) ──> Lines and Sketches ──grids.finish──> Document

Source: Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from parsers import grids
from parsers.exceptions import Damaged, Empty
from parsers.grids import Box, Line, Part
from parsers.models import Document, Issue
from parsers.text import raised

_TOKEN = re.compile(rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.S)
_CODECS = MappingProxyType({128: "shift_jis", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 204: "cp1251", 2: "symbol"})
_PAGES = MappingProxyType({936: "gb18030", 54936: "gb18030", 950: "big5hkscs", 932: "shift_jis", 949: "cp949", 65001: "utf-8"})
_SIGNS = MappingProxyType({"tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
                           "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " "})
#: destinations whose text does not print, or prints in the margin
_SKIPPED = frozenset({"fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer",
                      "footerl", "footerr", "footerf", "fldinst", "objdata", "listtable", "listoverridetable", "revtbl",
                      "shprslt", "nonesttables", "xe", "tc", "annotation", "atnid", "atnauthor", "themedata", "datastore",
                      "bkmkstart", "bkmkend", "generator", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn",
                      "pgptbl", "rsidtbl", "filetbl", "template", "private", "pntxta", "pntxtb", "sn", "sv", "sp"})
_STORIES = frozenset({"footnote", "shptxt"})
_TOLERANCE = 40                # twips, 0.7 mm: cell edges closer than this are one edge


def read(data: bytes) -> Document:
    """An RTF file as blocks. Raises `Damaged` when it is no RTF, and `Empty` when it prints no words."""
    body = data.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if not body.startswith(b"{\\rtf"):
        raise Damaged("the file does not begin as RTF does; look at its first bytes to see what it is")
    reader = _Reader(body)
    parts = reader.run()
    blocks = grids.finish(parts)
    if not blocks:
        raise Empty("the RTF file prints no words; its text may be a picture, open it to see")
    return Document("application/rtf", "rtf", blocks, title=reader.title.strip(), issues=tuple(reader.issues()))


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits: where its text goes, and how its bytes are to be understood."""

    destination: str = ""
    skipped: bool = False
    hidden: bool = False
    deleted: bool = False
    high: bool = False
    font: int = -1
    fallback: int = 1          # \\uc: how many characters stand in for one \\u


@dataclass(frozen=True, slots=True)
class _CellShape:
    """One cell definition of a row: its right edge in twips and its merges ("restart", "continue", "")."""

    edge: int
    across: str = ""
    down: str = ""


@dataclass(slots=True)
class _Shape:
    """A row definition in the making."""

    left: int = 0
    cells: list[_CellShape] = field(default_factory=list)
    across: str = ""
    down: str = ""


@dataclass(slots=True)
class _Level:
    """A table being read at one depth: finished rows, cells of the open row, parts of the open cell."""

    rows: list[tuple[_Shape, list[list[Part]]]] = field(default_factory=list)
    cells: list[list[Part]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.title = ""
        self._data = data
        self._state = _State()
        self._stack: list[_State] = []
        self._codec = "gb18030"
        self._fonts: dict[int, str] = {}
        self._default_font = -1
        self._styles: dict[int, int] = {}      # style → outline level of its paragraphs
        self._named = 0                        # the font or style that a table of them is just naming
        self._raw = bytearray()                # bytes of one code page, not yet decoded
        self._text: list[str] = []
        self._number: list[str] = []
        self._heading = 0
        self._depth = 0                        # of tables around the paragraph: 0 outside
        self._levels = [_Level()]
        self._shapes = {False: _Shape(), True: _Shape()}      # of outer and of nested rows
        self._notes: list[Part] = []
        self._floats: list[Part] = []          # text boxes anchored in the paragraph being read
        self._aside: list[tuple[list[str], list[str], int, int, list[Part]]] = []   # paragraphs interrupted by one
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
        self._end_paragraph()
        self._close(0)
        return self._levels[0].parts + self._notes

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
        if ended.destination in _STORIES and self._state.destination != ended.destination and self._aside:
            self._resume(self._notes if ended.destination == "footnote" else self._floats)

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
                self._aside.append((self._text, self._number, self._depth, self._heading, []))
                self._text, self._number = [], []
            skipped = self._state.skipped and word not in ("shptxt", "nesttableprops", "title")
            self._state = replace(self._state, destination=word, skipped=skipped)
        else:
            self._pictures += word == "pict" and not self._state.skipped
            self._state = replace(self._state, destination=word, skipped=True)

    def _resume(self, target: list[Part]) -> None:
        """Back from a note or text box to the paragraph it stands in."""
        self._end_paragraph()
        self._text, self._number, self._depth, self._heading, found = self._aside.pop()
        target += found

    def _note(self, word: str, value: int | None) -> None:
        """What skipped tables say about the text: fonts and their code pages, styles and their outline levels."""
        number = value or 0
        if self._state.destination == "fonttbl":
            if word == "f":
                self._named = number
            elif word == "fcharset":
                self._fonts[self._named] = _CODECS.get(number, "")
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
            self._raw += data

    def _unicode(self, value: int) -> None:
        self._say(chr(value & 0xFFFF))
        self._ignore = self._state.fallback

    def _decode(self) -> None:
        if self._raw:
            codec = self._fonts.get(self._state.font if self._state.font >= 0 else self._default_font) or self._codec
            data, self._raw = bytes(self._raw), bytearray()
            self._say("" if codec == "symbol" and not data.isascii() else
                      data.decode("gb18030" if codec == "symbol" else codec, "replace"))

    def _say(self, text: str) -> None:
        state = self._state
        if state.destination == "title":
            self.title += text
        elif state.skipped or state.hidden or state.deleted:
            return
        elif state.destination in ("listtext", "pntext"):
            self._number.append(text)
        else:
            self._text.append(raised(text) if state.high else text)

    # ------------------------------------------------------------ paragraphs and tables

    def _end_paragraph(self) -> None:
        self._decode()
        text = _whole("".join(self._text))
        number = _whole("".join(self._number)).strip()
        self._text, self._number = [], []
        if any(character.isalnum() for character in number):     # a bullet is no word
            text = f"{number} {text.lstrip()}" if number[-1].isascii() and number[-1] not in ")" else number + text.lstrip()
        lines = [Line(line.strip(), self._heading) for line in text.split("\n") if line.strip()]
        if self._aside:
            self._aside[-1][-1].extend(lines)
        elif lines or self._floats:
            self._close(self._depth)
            self._level(self._depth).parts += [*lines, *self._floats]
            self._floats = []

    def _level(self, depth: int) -> _Level:
        while len(self._levels) <= depth:
            self._levels.append(_Level())
        return self._levels[depth]

    def _close(self, depth: int) -> None:
        """End the tables deeper than `depth`, each into the cell around it."""
        while len(self._levels) > depth + 1:
            level = self._levels.pop()
            self._levels[-1].parts += grids.settle(_boxes(level.rows))
            for cell in [*level.cells, level.parts]:             # a row that never ended keeps its words
                self._levels[-1].parts += cell

    def _cell(self, depth: int) -> None:
        if self._aside:                        # tables in text boxes are read as lines
            self._end_paragraph()
            return
        self._depth = depth
        self._end_paragraph()
        self._close(depth)
        level = self._level(depth)
        level.cells.append(level.parts)
        level.parts = []

    def _row(self, depth: int) -> None:
        if self._aside:
            return
        self._end_paragraph()
        self._close(depth)
        level = self._level(depth)
        if level.parts:                        # words after the last cell mark
            level.cells.append(level.parts)
            level.parts = []
        shape = self._shapes[depth > 1]
        if level.cells:
            level.rows.append((replace(shape, cells=list(shape.cells)), level.cells))
        level.cells = []

    # ------------------------------------------------------------ what the words do

    def _pard(self, value: int, given: int | None) -> None:
        self._depth = 0
        self._heading = 0

    def _intbl(self, value: int, given: int | None) -> None:
        self._depth = max(self._depth, 1)

    def _itap(self, value: int, given: int | None) -> None:
        self._depth = min(max(value, 0), 50)

    def _trowd(self, value: int, given: int | None) -> None:
        self._shapes[self._is_nested()] = _Shape()

    def _trleft(self, value: int, given: int | None) -> None:
        self._shapes[self._is_nested()].left = value

    def _cellx(self, value: int, given: int | None) -> None:
        shape = self._shapes[self._is_nested()]
        if len(shape.cells) < grids.MAX_COLUMNS:
            shape.cells.append(_CellShape(value, shape.across, shape.down))
        shape.across = shape.down = ""

    def _merge(self, name: str, how: str) -> None:
        setattr(self._shapes[self._is_nested()], name, how)

    def _is_nested(self) -> bool:
        return self._state.destination == "nesttableprops"

    def _set(self, **changes: bool | int) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]  # names and types of _State

    def _plain(self, value: int, given: int | None) -> None:
        self._set(hidden=False, deleted=False, high=False, font=-1)

    def _page(self, value: int, given: int | None) -> None:
        self._codec = _PAGES.get(value, f"cp{value}" if value in (1250, 1251, 1252, 437, 850) else self._codec)

    def _deff(self, value: int, given: int | None) -> None:
        self._default_font = value


#: destinations with words to keep, or with row properties
_DESTINATIONS = frozenset({"footnote", "shptxt", "listtext", "pntext", "fldrslt", "title", "nesttableprops", "result"})

_WORDS: MappingProxyType[str, Callable[[_Reader, int, int | None], None]] = MappingProxyType({
    "par": lambda r, v, g: r._end_paragraph(),
    "sect": lambda r, v, g: r._end_paragraph(),
    "page": lambda r, v, g: r._end_paragraph(),
    "pard": _Reader._pard,
    "plain": _Reader._plain,
    "intbl": _Reader._intbl,
    "itap": _Reader._itap,
    "trowd": _Reader._trowd,
    "trleft": _Reader._trleft,
    "cellx": _Reader._cellx,
    "clmgf": lambda r, v, g: r._merge("across", "restart"),
    "clmrg": lambda r, v, g: r._merge("across", "continue"),
    "clvmgf": lambda r, v, g: r._merge("down", "restart"),
    "clvmrg": lambda r, v, g: r._merge("down", "continue"),
    "cell": lambda r, v, g: r._cell(1),
    "nestcell": lambda r, v, g: r._cell(max(r._depth, 2)),
    "row": lambda r, v, g: r._row(1),
    "nestrow": lambda r, v, g: r._row(max(r._depth, 2)),
    "v": lambda r, v, g: r._set(hidden=g != 0),
    "deleted": lambda r, v, g: r._set(deleted=g != 0),
    "super": lambda r, v, g: r._set(high=g != 0),
    "sub": lambda r, v, g: r._set(high=False),
    "nosupersub": lambda r, v, g: r._set(high=False),
    "f": lambda r, v, g: r._set(font=v),
    "uc": lambda r, v, g: r._set(fallback=min(max(v, 0), 8)),
    "ansicpg": _Reader._page,
    "deff": _Reader._deff,
    "s": lambda r, v, g: setattr(r, "_heading", r._styles.get(v, 0)),
    "outlinelevel": lambda r, v, g: setattr(r, "_heading", v + 1 if v < 9 else 0),
})


def _whole(text: str) -> str:
    """Text with its surrogate pairs joined."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if re.search("[\ud800-\udfff]", text) else text


def _boxes(rows: list[tuple[_Shape, list[list[Part]]]]) -> list[Box]:
    """Cells at the columns that their edges make, merges joined."""
    edges = _edges(rows)
    boxes: list[Box] = []
    open_above: dict[int, int] = {}            # column → index of the box that may grow downwards
    for row, (shape, cells) in enumerate(rows):
        left, grown = shape.left, dict[int, int]()
        for content, cell in zip(cells, _shapes(shape, len(cells)), strict=True):
            column, right = edges.get(left, 0), edges.get(cell.edge, 0)
            span, left = max(1, right - column), max(cell.edge, left)
            if cell.across == "continue" and boxes and boxes[-1].row == row:
                boxes[-1] = boxes[-1]._replace(colspan=boxes[-1].colspan + span)
                continue
            if cell.down == "continue" and column in open_above:
                above = boxes[open_above[column]]
                boxes[open_above[column]] = above._replace(rowspan=row - above.row + 1)
                grown[column] = open_above[column]
                continue
            boxes.append(Box(row, column, 1, span, content))
            if cell.down == "restart":
                grown[column] = len(boxes) - 1
        open_above = grown
    return boxes


def _shapes(shape: _Shape, count: int) -> list[_CellShape]:
    """As many cell definitions as the row has cells; a row that defines fewer goes on in equal steps."""
    shapes = shape.cells[:count]
    while len(shapes) < min(count, grids.MAX_COLUMNS):
        shapes.append(_CellShape((shapes[-1].edge if shapes else shape.left) + 1_000))
    return shapes + [shapes[-1]] * (count - len(shapes))


def _edges(rows: list[tuple[_Shape, list[list[Part]]]]) -> dict[int, int]:
    """Twips → column, edges nearer than the tolerance taken as one."""
    found = {shape.left for shape, _ in rows}
    for shape, cells in rows:
        found.update(cell.edge for cell in _shapes(shape, len(cells)))
    columns: dict[int, int] = {}
    first, column = None, -1
    for edge in sorted(found):
        if first is None or edge - first > _TOLERANCE:
            first, column = edge, min(column + 1, grids.MAX_COLUMNS - 1)
        columns[edge] = column
    return columns
