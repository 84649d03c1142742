"""A binary Word file by its structures: characters by position (CP), properties by place in the text stream (FC).

Source: [MS-DOC] 2.4.1 (retrieving text), 2.4.6 (applying properties), 2.8 (PLCs), 2.9.33 (formatted pages).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from struct import unpack_from

from parsers.exceptions import Damaged, TooLarge
from parsers.readers.doc import lists
from parsers.readers.doc.properties import HUGE, Paragraph, Property, paragraph, properties
from parsers.readers.doc.properties import mark as mark_of

_MAX_CHARACTERS = 5_000_000    # a long report has 50,000
_MAX_PROPERTIES = 10_000_000   # bytes of paragraph properties looked at
_BTE_CHPX, _BTE_PAPX, _CLX = 12, 13, 33               # places in the table of (fc, lcb) pairs
_STORIES = (0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64)  # FIB: lengths of text, notes, headers, macros, comments, endnotes, boxes
_GBK = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])+")
_HAN = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]")
_FEWEST_HAN = 2                # one pair may be two Western signs
_PRINTED = (0x4C, 0x50, 0x60, 0x64)


class File:
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
        self._known: dict[int, Paragraph] = {}
        self._styles = lists.styles(main, table)
        self.lists = lists.lists(main, table)
        self.gone = self._gone()

    def stories(self) -> Iterator[tuple[int, int]]:
        """First and last CP of the text and of what else prints in the body: notes, then text boxes."""
        start = 0
        for place in _STORIES:
            length = max(unpack_from("<i", self._main, place)[0], 0)
            if place in _PRINTED and length:
                yield start, min(start + length, len(self.text))
            start += length

    def paragraph(self, cp: int) -> Paragraph:
        """The properties of the paragraph that holds the character at `cp`."""
        piece = bisect_right(self._starts, cp) - 1
        place, width = self._places[piece]
        run = bisect_right(self._firsts, place + (cp - self._starts[piece]) * width) - 1
        if run not in self._known:
            self._known[run] = self._properties(self._runs[run][2]) if run >= 0 else Paragraph()
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
        if count < 1:
            raise Damaged("the Word file has lost the order of its text; fetch it again")
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
            yield _narrow(data) if width == 1 else "".join(map(chr, array("H", data)))
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
                      if first < last and (mark := mark_of(held)))
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

    def _properties(self, held: bytes) -> Paragraph:
        if len(held) < 2:
            return Paragraph()
        style = unpack_from("<H", held)[0]
        return paragraph(style, (found for laid in (*self._styles.get(style, ()), held[2:]) for found in self._all(laid)))

    def _all(self, held: bytes) -> Iterator[Property]:
        """The properties in `held`, with those that were too many for their page and lie in the data stream."""
        for code, operand in self._counted(held):
            if code in HUGE and len(operand) == 4:
                place = unpack_from("<I", operand)[0]
                size = int.from_bytes(self._extra[place:place + 2], "little")
                yield from self._counted(self._extra[place + 2:place + 2 + size])
            else:
                yield code, operand

    def _counted(self, held: bytes) -> Iterator[Property]:
        self._budget -= len(held)
        if self._budget < 0:
            raise TooLarge("the Word file has more properties than words; save it again in Word to read it")
        return properties(held)


def _narrow(data: bytes) -> str:
    """Letters of one byte, which are Western by the book; some writers put Chinese ones there, two bytes and places each."""
    if not _GBK.fullmatch(data) or len(_HAN.findall(data)) < _FEWEST_HAN:
        return data.decode("cp1252", "replace")
    return "".join(letter + "\0" * (len(letter.encode("gb18030")) - 1) for letter in data.decode("gb18030", "replace"))


def _held(page: bytes, place: int, *, words: bool) -> bytes:
    """The properties at `place` of a formatted page, whose length is counted in bytes or in words."""
    if not place or place >= 511:
        return b""
    if not words:
        return page[place + 1:place + 1 + page[place]]
    if page[place]:
        return page[place + 1:place + 2 * page[place]]
    return page[place + 2:place + 2 + 2 * page[place + 1]]
