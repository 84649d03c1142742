"""The strings of a binary workbook, with the fonts of their letters.

Source: [MS-XLS] 2.4.265 (SST), 2.5.293 (XLUnicodeRichExtendedString), 2.4.58 (Continue).
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import unpack_from
from typing import NamedTuple

_WIDE, _EXTENDED, _RICH = 1, 4, 8


class Piece(NamedTuple):
    """Letters in one font; None: in that of the cell."""

    text: str
    font: int | None = None


def strings(segments: Sequence[bytes]) -> list[list[Piece]]:
    """The shared strings: `segments` are their record and those that continue it. What is cut off is missing."""
    source = _Source(segments)
    found: list[list[Piece]] = []
    try:
        while not source.is_spent:
            found.append(_string(source))
    except IndexError:
        pass
    return found


def unicode(held: bytes, place: int, length: int) -> str:
    """The letters behind the mark at `place` that says whether they have one byte each or two."""
    is_wide = held[place] & _WIDE
    letters = held[place + 1:place + 1 + length * (1 + is_wide)]
    return letters.decode("utf-16-le", "replace") if is_wide else letters.decode("latin-1")


def _string(source: _Source) -> list[Piece]:
    length, flags = unpack_from("<HB", source.take(3))
    count = unpack_from("<H", source.take(2))[0] if flags & _RICH else 0
    extra = unpack_from("<I", source.take(4))[0] if flags & _EXTENDED else 0
    text = source.letters(length, flags & _WIDE)
    runs: list[tuple[int, int | None]] = [(0, None), *(unpack_from("<HH", source.take(4)) for _ in range(count))]
    source.take(extra)
    ends = [start for start, _ in runs[1:]] + [length]
    return [Piece(text[start:end], font) for (start, font), end in zip(runs, ends, strict=True) if text[start:end]]


class _Source:
    """Reads over the seams of a record that is continued in others; raises `IndexError` behind the last."""

    def __init__(self, segments: Sequence[bytes]) -> None:
        self._segments = segments
        self._at = 0
        self._place = 8                        # behind the two counts

    @property
    def is_spent(self) -> bool:
        return self._at + 1 == len(self._segments) and self._place >= len(self._segments[self._at])

    def take(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            if self._place >= len(self._segments[self._at]):
                self._at, self._place = self._at + 1, 0
            found += self._piece(size - len(found))
        return found

    def letters(self, count: int, is_wide: int) -> str:
        """The next letters; a segment that goes on with them says anew how wide they are."""
        text = ""
        while len(text) < count:
            if self._place >= len(self._segments[self._at]):
                self._at, self._place = self._at + 1, 1
                is_wide = self._segments[self._at][0] & _WIDE
            piece = self._piece((count - len(text)) * (1 + is_wide))
            text += piece.decode("utf-16-le", "replace") if is_wide else piece.decode("latin-1")
        return text

    def _piece(self, size: int) -> bytes:
        """At most `size` bytes of one segment."""
        piece = self._segments[self._at][self._place:self._place + size]
        self._place += max(len(piece), 1)
        return piece
