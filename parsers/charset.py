"""Bytes to text for pages and plain files whose declared encoding is a rumour.

Order: byte order mark > strict UTF-8 (a cut tail allowed) > declared Big5 > GB18030. Where more than one reading is
possible the one with more everyday characters wins. Headers and metas are believed only when the bytes agree.
"""

from __future__ import annotations

import codecs
import re

from bs4.dammit import EncodingDetector

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
          (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

#: names found in declarations → codecs worth trying; what is missing here (iso-8859-1, cp949 …) is never believed
_KNOWN = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "big5hkscs": "big5hkscs", "x-x-big5": "big5hkscs"}

# The most frequent characters of official prose, simplified and traditional: mojibake hardly ever hits them.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全"
    "表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象"
    "员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据"
    "处府务信息申请告市县局镇街道办厅复议诉讼规范性许可处罚收费支报网站依他予不"
    "國為個時來們對會發動這過說產種後經進電兩體機當點從業開還無間樣與關應實現義處務請縣規範許罰費議訴訟報總統"
    "，。、：；（）《》“”　！？％"
)
_TAIL = 3                      # bytes: the most a UTF-8 character can lack at its end
_BLANK = (("\ue5e5", "\u3000"), ("\x00", ""), ("\ufeff", ""))   # GBK A3A0 is how old systems write U+3000
_PROSE = 0.25                  # the least score of Chinese prose; other readings of the same bytes are far below
_ENOUGH = 3_000                # bytes beyond ASCII, and their lines, to judge a reading by


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`; `declared` is an encoding named outside it (HTTP header, mail part), which may be wrong.

    Never fails: bytes that fit nothing become U+FFFD.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _bare(data[len(mark):].decode(name, "replace"))
    return _bare(_utf16(data) or _utf8(data) or _best(data, declared))


def score(text: str) -> float:
    """How much like Chinese prose a reading looks: everyday characters, less the lost ones, per character beyond ASCII."""
    beyond = [c for c in text if c > "\x7f"]
    if not beyond:
        return 0.0
    return (sum(c in _COMMON for c in beyond) - 5 * sum(_is_odd(c) for c in beyond)) / len(beyond)


def _bare(text: str) -> str:
    for odd, usual in _BLANK:
        text = text.replace(odd, usual)
    return text


def _declared(data: bytes) -> str:
    return EncodingDetector.find_declared_encoding(data, is_html=True, search_entire_document=False) or ""


def _utf16(data: bytes) -> str:
    """UTF-16 without a mark shows in the zero bytes of its ASCII; where they are few, its words must be prose too."""
    head = data[:2_000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        many = zeros * 10 > len(head) and others * 10 < zeros
        if many or (zeros > 1 and not others and score(head.decode(name, "replace")) > _PROSE):
            return data.decode(name, "replace")
    return ""


def _utf8(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or error.start < len(data) - _TAIL or not error.start:
            return ""
        text = data[:error.start].decode()
    # two or three GBK words can pass for UTF-8; longer text cannot
    return _better(text, data) if len(data) - len(text) < 32 and not text.isascii() else text


def _better(text: str, data: bytes) -> str:
    try:
        other = data.decode("gb18030")
    except UnicodeDecodeError:
        return text
    return other if score(other) > max(score(text), 0.0) else text


def _best(data: bytes, declared: str) -> str:
    """The likeliest of the readings that bytes in no clean UTF-8 allow; the first wins a tie."""
    names = [codec for name in (declared, _declared(data)) if (codec := _KNOWN.get(name.strip().lower()))]
    sample = data if len(data) < _ENOUGH else _sampled(data)
    name = max([*names, "gb18030", "utf-8"], key=lambda codec: score(sample.decode(codec, "replace")))
    return data.decode(name, "replace")


def _sampled(data: bytes) -> bytes:
    """The lines with bytes beyond ASCII, enough of them to judge by; cut at line ends, so no character is split."""
    lines, size = [], 0
    for found in re.finditer(rb"[^\n]*[\x80-\xff][^\n]*\n?", data):
        lines.append(found.group())
        size += len(lines[-1])
        if size > _ENOUGH:
            break
    return b"".join(lines)


def _is_odd(character: str) -> bool:
    """Characters no page prints: lost, private use (but for U+E5E5, see `_BLANK`), C1 controls."""
    return character == "\ufffd" or "\x80" <= character <= "\x9f" or (
        "\ue000" <= character <= "\uf8ff" and character != "\ue5e5")
