"""The bytes of an RTF file as characters: code pages of the file and of its fonts."""

from __future__ import annotations

import re
from types import MappingProxyType

_CHARSETS = MappingProxyType({128: "shift_jis", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 204: "cp1251", 2: "symbol"})
_PAGES = MappingProxyType({936: "gb18030", 54936: "gb18030", 950: "big5hkscs", 932: "shift_jis", 949: "cp949", 65001: "utf-8"})
_WESTERN = (1250, 1251, 1252, 437, 850)


class Characters:
    """Gathers bytes of one code page until something else comes, for a character may be cut in two by a line's end."""

    def __init__(self) -> None:
        self.default_font = -1
        self._codec = "gb18030"
        self._fonts: dict[int, str] = {}
        self._raw = bytearray()

    def page(self, number: int) -> None:
        """The code page of the file."""
        self._codec = _PAGES.get(number, f"cp{number}" if number in _WESTERN else self._codec)

    def charset(self, font: int, number: int) -> None:
        """The character set of a font, which says more than the page of the file."""
        self._fonts[font] = _CHARSETS.get(number, "")

    def take(self, data: bytes) -> None:
        self._raw += data

    def text(self, font: int) -> str:
        """What was gathered, in the code page of that font (-1: of the usual one); signs of symbol fonts are no words."""
        if not self._raw:
            return ""
        data, self._raw = bytes(self._raw), bytearray()
        codec = self._fonts.get(font if font >= 0 else self.default_font) or self._codec
        if codec == "symbol":
            return data.decode("ascii") if data.isascii() else ""
        return data.decode(codec, "replace")


def whole(text: str) -> str:
    """Text with its surrogate pairs joined."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if re.search("[\ud800-\udfff]", text) else text
