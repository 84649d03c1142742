"""Word 97–2003 files (.doc, and .wps of the same structure), read as they print.

    OLE streams ──_File (pieces, property runs)──> paragraphs ──_Story (tables)──> Lines ──grids.finish──> Document

Kept: field results, notes and text boxes (after the text). Dropped: hidden and deleted text, field codes, pictures,
headers and footers. Automatic numbers are written out as Word counts them.
Source: [MS-DOC] Word (.doc) Binary File Format.
"""

from __future__ import annotations

import io
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import error as StructError
from struct import unpack_from

import olefile

from parsers import grids
from parsers.exceptions import Damaged, Empty, Encrypted, TooLarge
from parsers.grids import Line, Part
from parsers.models import Document, Issue
from parsers.readers import doclists, office
from parsers.readers.lists import Counters
from parsers.readers.rtf import _boxes as boxes
from parsers.readers.rtf import _CellShape as CellShape
from parsers.readers.rtf import _Shape as RowShape
from parsers.text import raised

_WORD_97 = 0x00C1
_MAX_CHARACTERS = 5_000_000    # a long report has 50,000
_MAX_PROPERTIES = 10_000_000   # bytes of paragraph properties looked at
_MAX_DEPTH = 50                # of tables in tables
_BTE_CHPX, _BTE_PAPX, _CLX = 12, 13, 33               # places in the table of (fc, lcb) pairs
_STORIES = (0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64)  # FIB: lengths of text, notes, headers, macros, comments, endnotes, boxes
_PRINTED = (0x4C, 0x50, 0x60, 0x64)

_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_HUGE, _OLD_HUGE, _TABS, _OUTLINE, _LIST, _LEVEL_OF_LIST = 0x6646, 0x6645, 0xC615, 0x2640, 0x460B, 0x260A
_MOST_LISTED = 0x7FE           # a list number beyond says that the paragraph has none
_TABLE, _MERGE, _DOWN = 0xD608, 0x5624, 0xD62B
_HIDDEN, _DELETED, _SYMBOL, _SCRIPT, _RISE = 0x083C, 0x0800, 0x6A09, 0x2A48, 0x4845
_GONE, _RAISED = 1, 2
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)                     # bytes of an operand by the top bits of its code; 0: it says itself

_PARAGRAPH = re.compile(r"[^\r\x07\x0c]*[\r\x07\x0c]?")
_SIGNS = str.maketrans({"\x0b": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " ", "\t": "\t"}
                       | {chr(c): None for c in range(32) if chr(c) not in "\t\n\x0b\x0e\x1e"})


def read(data: bytes) -> Document:
    """A binary Word file as blocks.

    Word 95 and before is left to LibreOffice. Raises `NeedsTool` without it, `Encrypted`, `Damaged`, `TooLarge`, and
    `Empty` when it shows no words.
    """
    try:
        main, table, extra, title = _streams(data)
    except _Older:
        return office.read(data)
    try:
        file = _File(main, table, extra)
        parts, story = [], _Story(file)
        for start, end in file.stories():
            parts += story.parts(start, end)
    except (StructError, IndexError, OverflowError) as error:
        raise Damaged("the structures of this Word file lead nowhere; it is incomplete, fetch it again") from error
    blocks = grids.finish(parts)
    if not blocks:
        raise Empty("the Word file shows no words; its text may be a picture, open it to see")
    return Document("application/msword", "doc", blocks, title=title, issues=tuple(story.issues()))


class _Older(Exception):
    """The file is of Word 95 or before."""


def _streams(data: bytes) -> tuple[bytes, bytes, bytes, str]:
    """The text, table and data streams and the title. Raises as `read` does."""
    if not data.startswith(olefile.MAGIC):
        raise _Older
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            main = ole.openstream("WordDocument").read()
            table = _table_name(main)
            found = [ole.openstream(name).read() if ole.exists(name) else b"" for name in (table, "Data")]
            title = ole.get_metadata().title if ole.exists("\x05SummaryInformation") else b""
            page = ole.get_metadata().codepage if title else 0
    except (Encrypted, _Older, Damaged):
        raise
    except Exception as error:      # olefile lets struct, index and unicode errors out of broken files
        raise Damaged(f"this Word file cannot be opened ({error}); it is incomplete, fetch it again") from error
    if not found[0]:
        raise Damaged("the Word file has lost the stream that orders its text; fetch it again")
    return main, found[0], found[1], _title(title, page)


def _table_name(main: bytes) -> str:
    """The stream that holds the tables of the file `main` belongs to, after a look at whether it can be read at all."""
    if len(main) < 0x1AA:
        raise Damaged("the Word file ends within its head; fetch it again")
    mark, version = unpack_from("<HH", main)
    flags = unpack_from("<H", main, 0x0A)[0]
    if flags & 0x0100:
        raise Encrypted("this Word file is locked with a password; ask the publisher for an open copy")
    if version < _WORD_97:
        raise _Older
    if mark != 0xA5EC:
        raise Damaged("this is no Word file inside; open it by hand to see what it is")
    return "1Table" if flags & 0x0200 else "0Table"


def _title(title: bytes | str | None, page: int | None) -> str:
    if not isinstance(title, bytes):
        return (title or "").strip()
    codec = {65001: "utf-8", -535: "utf-8", 936: "gb18030", 950: "big5hkscs", 1252: "cp1252"}.get(page or 0, "gb18030")
    return title.decode(codec, "replace").strip("\0 \r\n")


# ---------------------------------------------------------------- the structures


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """What the properties of one paragraph say: heading level, depth in tables, what its mark ends."""

    heading: int = 0
    depth: int = 0
    ends_cell: bool = False        # of a nested table; cells of outer tables have a mark of their own
    ends_row: bool = False
    style: int = 0
    number: str = ""               # its list, "" for none
    level: int | None = None
    shape: RowShape = field(default_factory=RowShape)


class _File:
    """Characters by position (CP) and properties by place in the text stream (FC)."""

    def __init__(self, main: bytes, table: bytes, extra: bytes) -> None:
        self._main, self._table, self._extra = main, table, extra
        self._budget = _MAX_PROPERTIES
        self.truncated = False
        self._starts: list[int] = []           # per piece: first CP, first FC, bytes per character
        self._places: list[tuple[int, int]] = []
        self.text = "".join(self._pieces())
        self._runs = sorted(self._pages(_BTE_PAPX, 13), key=lambda run: run[0])
        self._firsts = [run[0] for run in self._runs]
        self._known: dict[int, _Paragraph] = {}
        self._styles = doclists.styles(main, table)
        self.lists = doclists.lists(main, table)
        self.gone = self._gone()

    def stories(self) -> Iterator[tuple[int, int]]:
        """First and last CP of the text and of what else prints in the body: notes, then text boxes."""
        start = 0
        for place in _STORIES:
            length = max(unpack_from("<i", self._main, place)[0], 0)
            if place in _PRINTED and length:
                yield start, min(start + length, len(self.text))
            start += length

    def paragraph(self, cp: int) -> _Paragraph:
        """The properties of the paragraph that holds the character at `cp`."""
        piece = bisect_right(self._starts, cp) - 1
        place, width = self._places[piece]
        run = bisect_right(self._firsts, place + (cp - self._starts[piece]) * width) - 1
        if run not in self._known:
            self._known[run] = self._properties(self._runs[run][2]) if run >= 0 else _Paragraph()
        return self._known[run]

    def _part(self, index: int) -> bytes:
        place, length = unpack_from("<II", self._main, 0x9A + 8 * index)
        return self._table[place:place + length]

    def _pieces(self) -> Iterator[str]:
        clx, place = self._part(_CLX), 0
        while place < len(clx) and clx[place] == 1:
            place += 3 + unpack_from("<H", clx, place + 1)[0]
        if place >= len(clx) or clx[place] != 2:
            raise Damaged("the Word file has lost the order of its text; fetch it again")
        plc = clx[place + 5:place + 5 + unpack_from("<I", clx, place + 1)[0]]
        count = (len(plc) - 4) // 12
        cps = unpack_from(f"<{count + 1}I", plc)
        if cps[-1] > _MAX_CHARACTERS:
            raise TooLarge(f"the Word file claims more than {_MAX_CHARACTERS:,} characters; split it to read it")
        position = 0
        for n in range(count):
            fc = unpack_from("<I", plc, 4 * (count + 1) + 8 * n + 2)[0]
            width, fc = (1, (fc & 0x3FFFFFFF) // 2) if fc & 0x40000000 else (2, fc & 0x3FFFFFFF)
            data = self._main[fc:fc + (cps[n + 1] - position) * width]
            if cps[n] != position or cps[n + 1] < position or len(data) < (cps[n + 1] - position) * width:
                self.truncated = True
                data = data[:len(data) // width * width] if cps[n] == position <= cps[n + 1] else b""
            self._starts.append(position)
            self._places.append((fc, width))
            position += len(data) // width
            yield data.decode("cp1252", "replace") if width == 1 else "".join(map(chr, array("H", data)))
            if self.truncated:
                return

    def _pages(self, index: int, step: int) -> Iterator[tuple[int, int, bytes]]:
        """(first FC, last FC, properties) of every run on the formatted pages; `step` bytes lead to each properties."""
        plc = self._part(index)
        count = max((len(plc) - 4) // 8, 0)
        for number in sorted({n & 0x3FFFFF for n in unpack_from(f"<{count}I", plc, 4 * (count + 1))} if count else ()):
            page = self._main[number * 512:number * 512 + 512]
            if len(page) < 512:
                self.truncated = True
                continue
            runs = page[511]
            if 4 * (runs + 1) + step * runs > 511:
                continue
            fcs = unpack_from(f"<{runs + 1}I", page)
            for n in range(runs):
                yield fcs[n], fcs[n + 1], _held(page, page[4 * (runs + 1) + step * n] * 2, words=step == 13)

    def _gone(self) -> bytearray:
        """For every character whether it does not print (hidden, deleted, of a symbol font) or stands raised."""
        gone = bytearray(len(self.text))
        runs = sorted((first, last, mark) for first, last, held in self._pages(_BTE_CHPX, 1)
                      if first < last and (mark := _mark(held)))
        lasts = [last for _, last, _ in runs]
        ends = [*self._starts[1:], len(self.text)]
        for start, end, (place, width) in zip(self._starts, ends, self._places, strict=True):
            for first, last, mark in runs[bisect_right(lasts, place):]:
                if first >= place + (end - start) * width:
                    break
                a = start + max(first - place, 0) // width
                b = min(start + (last - place) // width, end)
                gone[a:b] = bytes([mark]) * max(b - a, 0)
        return gone

    def _properties(self, held: bytes) -> _Paragraph:
        if len(held) < 2:
            return _Paragraph()
        style = unpack_from("<H", held)[0]
        found = dict[int, bytes]()
        merges: list[tuple[int, bytes]] = []
        for code, operand in (sprm for laid in (*self._styles.get(style, ()), held[2:]) for sprm in self._all(laid)):
            found[code] = operand
            merges += [(code, operand)] if code in (_MERGE, _DOWN) else []
        flags = {code for code, operand in found.items() if operand[:1] not in (b"", b"\0")}
        depth = int.from_bytes(found.get(_DEPTH, b""), "little") or int(_IN_TABLE in flags)
        outline = found[_OUTLINE][0] + 1 if found.get(_OUTLINE) else style
        number = int.from_bytes(found.get(_LIST, b""), "little")
        level = found.get(_LEVEL_OF_LIST)
        return _Paragraph(outline if 1 <= outline <= 9 else 0, min(depth, _MAX_DEPTH), _INNER_CELL in flags,
                          bool({_ROW_END, _INNER_ROW_END} & flags), style,
                          str(number) if 0 < number <= _MOST_LISTED else "", level[0] if level else None,
                          _shape(found.get(_TABLE, b""), merges))

    def _all(self, held: bytes) -> Iterator[tuple[int, bytes]]:
        """The properties in `held`, with those that were too many for their page and lie in the data stream."""
        for code, operand in self._counted(held):
            if code in (_HUGE, _OLD_HUGE) and len(operand) == 4:
                place = unpack_from("<I", operand)[0]
                size = int.from_bytes(self._extra[place:place + 2], "little")
                yield from self._counted(self._extra[place + 2:place + 2 + size])
            else:
                yield code, operand

    def _counted(self, held: bytes) -> Iterator[tuple[int, bytes]]:
        self._budget -= len(held)
        if self._budget < 0:
            raise TooLarge("the Word file has more properties than words; save it again in Word to read it")
        return _sprms(held)


def _held(page: bytes, place: int, *, words: bool) -> bytes:
    """The properties at `place` of a formatted page, whose length is counted in bytes or in words."""
    if not place or place >= 511:
        return b""
    if not words:
        return page[place + 1:place + 1 + page[place]]
    if page[place]:
        return page[place + 1:place + 2 * page[place]]
    return page[place + 2:place + 2 + 2 * page[place + 1]]


def _sprms(held: bytes) -> Iterator[tuple[int, bytes]]:
    """(code, operand) of every property; operands that say their own length come without it."""
    place = 0
    while place + 2 < len(held):
        code = unpack_from("<H", held, place)[0]
        place += 2
        size = _SIZES[code >> 13]
        if code == _TABLE:
            size = int.from_bytes(held[place:place + 2], "little") - 1
            place += 2
        elif code == _TABS and held[place] == 255:
            return                             # a list of tabs too long to say its length; nothing of use follows it
        elif not size:
            size = held[place]
            place += 1
        if size < 0:
            return
        yield code, held[place:place + size]
        place += size


def _mark(held: bytes) -> int:
    found = dict(_sprms(held))
    if _SYMBOL in found or any(found.get(code, b"")[:1] in (b"\1", b"\x81") for code in (_HIDDEN, _DELETED)):
        return _GONE
    rise = int.from_bytes(found.get(_RISE, b""), "little", signed=True)
    return _RAISED if found.get(_SCRIPT) == b"\1" or rise > 0 else 0


def _shape(table: bytes, merges: list[tuple[int, bytes]]) -> RowShape:
    """A row definition: edges in twips and merges of its cells."""
    count = min(table[0], grids.MAX_COLUMNS) if table else 0
    if not count or len(table) < 1 + 2 * (table[0] + 1):
        return RowShape()
    edges = unpack_from(f"<{count + 1}h", table, 1)
    flags = [int.from_bytes(table[place:place + 2], "little")
             for place in range(3 + 2 * table[0], 3 + 2 * table[0] + 20 * count, 20)]
    for code, operand in merges:
        _merge(flags, code, operand)
    cells = [CellShape(edge, "restart" if flag & 1 else "continue" if flag & 2 else "",
                       "restart" if flag & 0x40 else "continue" if flag & 0x20 else "")
             for edge, flag in zip(edges[1:], flags, strict=True)]
    return RowShape(edges[0], cells)


def _merge(flags: list[int], code: int, operand: bytes) -> None:
    """Merges said after the row definition: across from one cell to before another, or down from one cell."""
    if len(operand) < 2:
        return
    if code == _DOWN and operand[0] < len(flags):
        flags[operand[0]] = flags[operand[0]] & ~0x60 | (operand[1] & 3) << 5
    elif code == _MERGE:
        for cell in range(operand[0], min(operand[1], len(flags))):
            flags[cell] = flags[cell] & ~3 | (1 if cell == operand[0] else 2)


# ---------------------------------------------------------------- the text


@dataclass(slots=True)
class _Level:
    """A table being read at one depth: finished rows, cells of the open row, parts of the open cell."""

    rows: list[tuple[RowShape, list[list[Part]]]] = field(default_factory=list)
    cells: list[list[Part]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


class _Story:
    """Walks the paragraphs of a story; fields may span them."""

    def __init__(self, file: _File) -> None:
        self._file = file
        self._levels = [_Level()]
        self._fields: list[bool] = []          # one per open field: True while in its code, not yet in its result
        self._pictures = 0
        self._numbers = Counters(lambda: file.lists)

    def parts(self, start: int, end: int) -> list[Part]:
        """The parts between two positions."""
        self._levels, self._fields = [_Level()], []
        carried = ""
        for found in _PARAGRAPH.finditer(self._file.text, start, max(start, end)):
            if not found[0]:
                continue
            last = found.end() - 1
            paragraph = self._file.paragraph(last)
            text = self._printed(found.start(), found.end())
            hidden = not text.strip() and _GONE in self._file.gone[found.start():last]     # it takes no number either
            if paragraph.number and not paragraph.ends_row and not hidden:
                number = self._numbers.number(paragraph.number, paragraph.level, str(paragraph.style))
                text = number + text.lstrip() if number else text
            carried += text
            if not (found[0][-1] == "\r" and self._file.gone[last] == _GONE) or paragraph.depth > 1:
                self._end(carried, found[0][-1], paragraph)
                carried = ""
        self._end(carried, "\r", _Paragraph())
        self._close(0)
        return self._levels[0].parts

    def issues(self) -> Iterator[Issue]:
        if self._file.truncated:
            yield Issue("truncated", "the file is cut off or broken; its end may be missing")
        if self._pictures:
            yield Issue("picture", f"{self._pictures} picture(s) in the text are not read; look whether they show tables")
        for form in sorted(self._numbers.unknown):
            yield Issue("numbering", f"automatic numbers of the form {form} were written as plain digits")

    def _printed(self, start: int, end: int) -> str:
        text, gone = self._file.text[start:end], self._file.gone[start:end]
        if any(gone):          # field marks stay, for hidden fields end too
            text = "".join(raised(c) if mark == _RAISED else c for c, mark in zip(text, gone, strict=True)
                           if mark != _GONE or c in "\x13\x14\x15")
        if self._fields or "\x13" in text:
            text = "".join(self._outside(text))
        self._pictures += text.count("\x01")
        text = text.translate(_SIGNS)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _outside(self, text: str) -> Iterator[str]:
        """The characters of `text` outside field codes."""
        for c in text:
            if c == "\x13":
                self._fields.append(True)
            elif c == "\x14" and self._fields:
                self._fields[-1] = False
            elif c == "\x15" and self._fields:
                self._fields.pop()
            elif not any(self._fields):
                yield c

    def _end(self, text: str, mark: str, paragraph: _Paragraph) -> None:
        self._fields = [code for code in self._fields[-_MAX_DEPTH:] if not code]   # a code without end swallows no more
        depth = max(paragraph.depth, int(mark == "\x07"))
        lines = [Line(line.strip(), paragraph.heading) for line in text.split("\n") if line.strip()]
        if lines or depth or mark != "\r":
            self._close(depth)
            self._level(depth).parts += lines
        if paragraph.ends_row and depth and (mark == "\x07" or depth > 1):
            self._row(depth, paragraph.shape)
        elif mark == "\x07" or (paragraph.ends_cell and depth > 1):
            level = self._level(depth)
            level.cells.append(level.parts)
            level.parts = []

    def _row(self, depth: int, shape: RowShape) -> None:
        level = self._level(depth)
        if level.parts:                        # words after the last cell mark
            level.cells.append(level.parts)
            level.parts = []
        if level.cells:
            level.rows.append((shape, level.cells))
        level.cells = []

    def _level(self, depth: int) -> _Level:
        while len(self._levels) <= depth:
            self._levels.append(_Level())
        return self._levels[depth]

    def _close(self, depth: int) -> None:
        """End the tables deeper than `depth`, each into the cell around it."""
        while len(self._levels) > depth + 1:
            level = self._levels.pop()
            self._levels[-1].parts += grids.settle(boxes(level.rows))
            for cell in [*level.cells, level.parts]:             # a row that never ended keeps its words
                self._levels[-1].parts += cell
