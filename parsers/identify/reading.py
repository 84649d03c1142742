"""The document as lines for recognising names and dates: simplified characters, full-width folded, numerals as digits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from parsers import gazetteer
from parsers.models import Document, Grid, Paragraph
from parsers.records import record
from parsers.text import folded

_TONED = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")
_LEFTOVERS = re.compile(r"\[bookmark:[^\]]*\]|[\u200b-\u200f\ufeff]|[*_#]{1,6}(?=[\u4e00-\u9fff])"
                        r"|(?<=[\u4e00-\u9fff])[*_]{1,3}")
_INVISIBLE = re.compile(r"[\u200b-\u200f\ufeff]")
_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_YEAR_WORD = re.compile(r"(?<![第十])二[〇○零Oo0][〇○零Oo0一二三四五六七八九]{2}(?=\s*年)|(?<!\d)2[〇○Oo0][〇○Oo0-9]{2}(?=年)")
_YEAR_SIGNS = re.compile("[二〇○Oo]")       # without any of them `_YEAR_WORD` changes nothing
_SMALL = re.compile(r"(?<=[年月])([一二三四五六七八九十]{1,3})(?=[月日])")
_TELLS = re.compile(r"[\u4e00-\u9fff].*[\u4e00-\u9fff]|20\d\d|[二○〇]")   # cells of numbers and blanks say nothing here
_MAX_LINES, _MAX_CHARS = 700, 24_000


@record
class Line:
    """One line of the text. `text` is without spaces, `spaced` with single ones; `block` is its place in the document."""

    text: str
    spaced: str
    where: str
    block: int


def lines(document: Document) -> tuple[Line, ...]:
    """The prose in reading order; of tables only those of two rows or three columns at most, which hold page facts."""
    found: list[Line] = []
    size = 0
    for at, block in enumerate(document.blocks):
        for text in _texts(block):
            if size >= _MAX_CHARS or len(found) >= _MAX_LINES:
                return tuple(found)
            if _TELLS.search(text) and (spaced := normal(text)):
                found.append(Line(spaced.replace(" ", ""), spaced, block.where, at))
                size += len(spaced)
    return tuple(found)


def normal(text: str) -> str:
    """Simplified, half-width, single spaces, year words as digits: 二○一九年 → 2019年, 報(bào)告 → 报告."""
    text = folded(text)
    if not text.isascii():
        if not _traditional().isdisjoint(text):
            text = _TONED.sub("", text.translate(gazetteer.traditional()))
        if "*" in text or "#" in text or "_" in text or "[b" in text or _INVISIBLE.search(text):
            text = _LEFTOVERS.sub("", text)
        if _YEAR_SIGNS.search(text):
            text = _YEAR_WORD.sub(lambda m: m[0].replace("二", "2").translate(_DIGITS), text)
        text = _SMALL.sub(lambda m: str(_small(m[1])), text)
    return " ".join(text.split())


@cache
def _traditional() -> frozenset[str]:
    return frozenset(map(chr, gazetteer.traditional()))


def squeezed(text: str) -> str:
    """`normal` without any space."""
    return normal(text).replace(" ", "")


def _texts(block: Paragraph | Grid) -> Iterable[str]:
    if isinstance(block, Paragraph):
        return block.text.splitlines()
    if len(block.cells) <= 40 and block.height <= 8:
        return [" ".join(cell.text for cell in row) for row in block.rows() if row]
    return ()


def _small(word: str) -> int:
    """一 … 三十一 as a number."""
    tens, ten, ones = word.rpartition("十")
    units = int(ones.translate(_DIGITS) or 0)
    return (int(tens.translate(_DIGITS) or 1) * 10 if ten else 0) + units
