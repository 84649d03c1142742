"""Workbooks of Excel 97 to 2003, and of WPS: the records of each sheet, every cell as it prints.

Source: [MS-XLS] 2.4 (records).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from struct import error as StructError
from struct import iter_unpack, unpack, unpack_from
from types import MappingProxyType

import olefile

from parsers.exceptions import Damaged, Encrypted
from parsers.readers.pictures import NOT_LEGIBLE
from parsers.readers.sheet import formats
from parsers.readers.sheet.layout import Place, Sheet, bounded
from parsers.readers.sheet.strings import Piece, strings, unicode
from parsers.text import raised

_BOF, _EOF, _CONTINUED, _LOCK, _SHEET = 0x809, 0x0A, 0x3C, 0x2F, 0x85
_FORMAT, _LOOK, _FONT, _STRINGS, _SINCE_1904 = 0x41E, 0xE0, 0x31, 0xFC, 0x22
_ROW, _COLUMNS, _MERGES = 0x208, 0x7D, 0xE5
_NUMBER, _RK, _RKS, _SHARED, _LABEL, _CHECK, _FORMULA, _RESULT = 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0x205, 0x06, 0x207
_VERSION = 0x600               # BIFF8
_NO_FONT = 4                   # the font that no workbook has
_LAST_COLUMN = 255
_MOST_SHEETS = 1_000
_ERRORS = MappingProxyType({0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
                            0x2A: "#N/A"})
Record = tuple[int, bytes]


def records(data: bytes) -> bytes:
    """The stream of records of a workbook in an OLE file; b"" where it is older than Excel 97, or none."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            stream = ole.openstream("Workbook").read() if ole.exists("Workbook") else b""
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StructError) as error:      # all that olefile lets out
        raise Damaged(f"the workbook cannot be opened ({error}); it is cut off, fetch it again") from error
    return stream if len(stream) > 8 and unpack_from("<H", stream, 4)[0] == _VERSION else b""


class Workbook:
    """What the sheets of a workbook share. Raises `Damaged`, `Encrypted`, `TooLarge`, as its sheets do."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._codes = dict(formats.BUILT_IN)
        self._looks: list[tuple[int, int]] = []        # font and format
        self._fonts: list[tuple[bool, bool]] = []      # struck out, raised
        self._strings: list[list[Piece]] = []
        self._since_1904 = False
        self._starts: list[tuple[str, int, bool]] = []
        try:
            self._globals()
        except (StructError, IndexError, UnicodeError) as error:
            raise Damaged("the workbook's own records lead nowhere; it is damaged, fetch it again") from error

    def sheets(self) -> Iterator[tuple[Sheet, bool]]:
        """Every sheet of cells, and whether it shows."""
        for name, place, shows in self._starts[:_MOST_SHEETS]:
            sheet = Sheet(name)
            try:
                for kind, held in _one(self._stream, place):
                    self._take(sheet, kind, held)
            except (StructError, IndexError, UnicodeError) as error:
                raise Damaged(f"the records of sheet {name} lead nowhere; the workbook is damaged, fetch it again") from error
            yield sheet, shows

    def _globals(self) -> None:
        shared: list[bytes] = []
        last = 0
        for kind, held in _one(self._stream, 0):
            if kind == _LOCK:
                raise Encrypted("the workbook is locked with a password; ask the publisher for an open copy")
            if kind == _SHEET and held[5] == 0:
                self._starts.append((unicode(held, 7, held[6]), unpack_from("<I", held)[0], held[4] & 3 == 0))
            elif kind == _FORMAT:
                number, length = unpack_from("<HH", held)
                self._codes[number] = unicode(held, 4, length)
            elif kind == _LOOK:
                self._looks.append(unpack_from("<HH", held))
            elif kind == _FONT:
                self._fonts.append((bool(unpack_from("<H", held, 2)[0] & 8), unpack_from("<H", held, 8)[0] == 1))
            elif kind == _SINCE_1904:
                self._since_1904 = held[:1] == b"\1"
            elif kind == _STRINGS or (kind == _CONTINUED and last == _STRINGS):
                shared.append(held)
            last = kind if kind != _CONTINUED else last
        if shared:
            self._strings = strings(shared)

    def _take(self, sheet: Sheet, kind: int, held: bytes) -> None:
        """What one record says of its sheet."""
        if kind == _ROW and unpack_from("<H", held, 12)[0] & 0x20:
            sheet.hidden_rows.add(unpack_from("<H", held)[0])
        elif kind == _COLUMNS:
            first, last, width, _, flags = unpack_from("<5H", held)
            if flags & 1 or not width:
                sheet.hidden_columns.update(range(first, min(last, _LAST_COLUMN) + 1))
        elif kind == _MERGES:
            for top, bottom, left, right in iter_unpack("<4H", held[2:2 + 8 * unpack_from("<H", held)[0]]):
                sheet.merged[top, left] = max(bottom - top, 0) + 1, max(right - left, 0) + 1
        elif kind == _RKS:
            row, column = unpack_from("<HH", held)
            for number, (look, packed) in enumerate(iter_unpack("<HI", held[4:-2])):
                self._put(sheet, (row, column + number), look, self._number(look, _unpacked(packed)))
        elif kind == _RESULT:
            self._result(sheet, held)
        elif kind in (_NUMBER, _RK, _SHARED, _LABEL, _CHECK, _FORMULA):
            row, column, look = unpack_from("<3H", held)
            self._cell(sheet, (row, column), look, kind, held)

    def _cell(self, sheet: Sheet, place: Place, look: int, kind: int, held: bytes) -> None:
        if kind == _NUMBER:
            self._put(sheet, place, look, self._number(look, unpack_from("<d", held, 6)[0]))
        elif kind == _RK:
            self._put(sheet, place, look, self._number(look, _unpacked(unpack_from("<I", held, 6)[0])))
        elif kind == _LABEL:
            self._put(sheet, place, look, unicode(held, 8, unpack_from("<H", held, 6)[0]))
        elif kind == _CHECK:
            self._put(sheet, place, look, _checked(held[6], is_error=bool(held[7])))
        elif kind == _SHARED:
            number = unpack_from("<I", held, 6)[0]
            pieces = self._strings[number] if number < len(self._strings) else []
            text = "".join(self._drawn(piece.text, self._font(look) if piece.font is None else piece.font) for piece in pieces)
            if text:
                sheet.texts[place] = text
        else:
            self._formula(sheet, place, look, held)
        bounded(sheet.name, len(sheet.texts))

    def _formula(self, sheet: Sheet, place: Place, look: int, held: bytes) -> None:
        """The result kept with a formula; words follow in a record of their own."""
        self._waiting = place, look
        if held[12:14] == b"\xff\xff":
            if held[6] in (1, 2):
                self._put(sheet, place, look, _checked(held[8], is_error=held[6] == 2))
            return
        value = unpack_from("<d", held, 6)[0]
        if value == 0 and held[14] & 1:                # to be counted anew on opening: nobody has counted it yet
            sheet.unknown += 1
            sheet.texts[place] = NOT_LEGIBLE
        else:
            self._put(sheet, place, look, self._number(look, value))

    def _result(self, sheet: Sheet, held: bytes) -> None:
        place, look = self._waiting
        self._put(sheet, place, look, unicode(held, 2, unpack_from("<H", held)[0]))

    _waiting: tuple[Place, int] = (0, 0), 0            # the formula whose words come next

    def _put(self, sheet: Sheet, place: Place, look: int, text: str) -> None:
        if shown := self._drawn(text, self._font(look)):
            sheet.texts[place] = shown

    def _number(self, look: int, value: float) -> str:
        code = self._codes.get(self._looks[look][1], "General") if look < len(self._looks) else "General"
        try:
            return formats.printed(value, code, since_1904=self._since_1904)
        except (ValueError, ArithmeticError):          # no number at all
            return NOT_LEGIBLE

    def _font(self, look: int) -> int:
        return self._looks[look][0] if look < len(self._looks) else 0

    def _drawn(self, text: str, font: int) -> str:
        """Words in a font: raised ones raised, struck-out ones left out."""
        font -= font > _NO_FONT
        is_struck, is_raised = self._fonts[font] if font < len(self._fonts) else (False, False)
        return "" if is_struck else raised(text) if is_raised else text


def _one(stream: bytes, place: int) -> Iterator[Record]:
    """The records from one beginning to its end, those of charts within left out. Raises `Damaged` when it has no end."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, place)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth < 1:
            return
        if depth == 1:
            yield kind, stream[place + 4:place + 4 + size]
        place += 4 + size
    raise Damaged("the workbook ends before its sheets do; it is cut off, fetch it again")


def _unpacked(packed: int) -> float:
    """A number in the four bytes of an RK: an integer or the upper half of a float, a hundred times as large or not."""
    number: float = (packed - (1 << 32) if packed >> 31 else packed) >> 2 if packed & 2 else unpack(
        "<d", b"\0\0\0\0" + (packed & ~3).to_bytes(4, "little"))[0]
    return number / 100 if packed & 1 else number


def _checked(value: int, *, is_error: bool) -> str:
    return _ERRORS.get(value, "#N/A") if is_error else str(bool(value)).upper()
