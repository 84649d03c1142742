"""The letters of a page, as people mean them: radicals folded, halves joined, blanks "", U+FFFD for what has no meaning."""

from __future__ import annotations

import ctypes
import struct
import unicodedata
from typing import Any

import pypdfium2.raw as raw

HYPHEN = 0xFFFE            # how the text of a page marks one at the end of a line


def letters(text: Any, count: int) -> list[str]:
    """The letter of every character; "" for blanks and for the first half of a rare one, whose box its second half has too."""
    buffer = ctypes.create_string_buffer(2 * count + 2)
    pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    if raw.FPDFText_GetText(text, 0, count, pointer) == count + 1:                  # else it left some out
        codes = struct.unpack_from(f"<{count}H", buffer)
    else:
        codes = tuple(raw.FPDFText_GetUnicode(text, index) for index in range(count))
    found = list(map(_LETTERS.__getitem__, codes))
    if HYPHEN in codes:
        for index in [index for index, code in enumerate(codes) if code == HYPHEN and raw.FPDFText_IsHyphen(text, index) == 1]:
            found[index] = "-"
    for index, code in enumerate(codes if max(codes, default=0) >= 0xD800 else ()):
        if 0xDC00 <= code < 0xE000 and index and 0xD800 <= codes[index - 1] < 0xDC00:
            found[index] = chr(0x10000 + ((codes[index - 1] - 0xD800) << 10) + (code - 0xDC00))
    return found


class _Letters(dict[int, str]):
    """The letter of a code, made at its first use."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = _letter(code)
        return letter


def _letter(code: int) -> str:
    if 0xD800 <= code < 0xDC00 or code in _SPACES:
        return ""
    if code == 2:                                       # how pdfium marks a hyphen at the end of a line
        return "-"
    if code < 32 or code in (0xFFFE, 0xFFFF) or 0xDC00 <= code < 0xE000:
        return "\ufffd"                                 # a character without meaning is never taken for a blank
    return _RADICALS.get(code) or chr(code)


_LETTERS = _Letters()
_SPACES = frozenset((9, 10, 11, 12, 13, 32, 0x85, 0xA0, 0xAD, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029,
                     0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF))

#: Radicals that fonts give in place of the same-looking letters (producers map glyphs back to the first code they find).
#: Kangxi radicals fold by NFKC, save three that mainland fonts draw in their modern form; the supplement has no folding.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | dict(zip(
    map(ord, "⼾⾭⿈⺁⺇⺌⺒⺓⺛⺝⺟⺠⺫⺬⺮⺶⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳"),
    "户青黄厂几小巳幺旡月母民目示竹羊虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟", strict=True))
