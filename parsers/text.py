"""The words of a document, for people (`plain_text`) and for comparison (`canonical_text`)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from parsers.models import Document, Grid, Outline

#: figures as they stand when raised: kept apart from the number they follow, folded back by NFKC
_RAISED = str.maketrans("0123456789()+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁺⁻")
#: signs without width that editors and converters leave inside words
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
#: what Chinese typing puts instead of plain signs: without them most text needs no folding at all
_WIDE = tuple(zip("，（）：；！？\u3000\xa0", ",():;!?  ", strict=True))
_REMEMBERED = 1_000        # characters: labels and paragraphs are asked for ten times each, whole texts once


def raised(text: str) -> str:
    """The text of a superscript: its figures as raised ones, so that a footnote mark never runs into a number."""
    return text.translate(_RAISED)


def folded(text: str) -> str:
    """The text in NFKC: full-width forms, ligatures and raised figures as plain ones."""
    if not text.isascii():
        for wide, plain in _WIDE:
            text = text.replace(wide, plain)
    return unicodedata.normalize("NFKC", text)


def squeeze(text: str) -> str:
    """Full-width forms folded (NFKC), all white space and signs without width removed: how labels and headings are compared."""
    return _remembered(text) if len(text) <= _REMEMBERED else _squeezed(text)


def _squeezed(text: str) -> str:
    text = "".join(folded(text).split())
    return INVISIBLE.sub("", text) if INVISIBLE.search(text) else text


_remembered = lru_cache(maxsize=4096)(_squeezed)


def plain_text(document: Document) -> str:
    """The text in reading order, one paragraph or table row per line, cells joined by tabs."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            lines += ["\t".join([" ".join(cell.text.split()) for cell in row]) for row in block.rows() if row]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def canonical_text(document: Document, outline: Outline) -> str:
    """The words after the title, squeezed: equal for the HTML, PDF and Word copies of one report."""
    words: list[str] = []
    for block in document.blocks[outline.body:]:
        words += [c.text for c in block.cells] if isinstance(block, Grid) else [block.text]
    return squeeze("".join(words))
