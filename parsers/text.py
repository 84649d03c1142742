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
_SPACES = re.compile(r"\s+")
_BETWEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_REMEMBERED = 1_000        # characters: labels and paragraphs are asked for ten times each, whole texts once


def raised(text: str) -> str:
    """The text of a superscript: its figures as raised ones, so that a footnote mark never runs into a number."""
    return text.translate(_RAISED)


def squeeze(text: str) -> str:
    """Full-width forms folded (NFKC), all white space and signs without width removed: how labels and headings are compared."""
    return _remembered(text) if len(text) <= _REMEMBERED else _squeezed(text)


def _squeezed(text: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text))


_remembered = lru_cache(maxsize=4096)(_squeezed)


def plain_text(document: Document) -> str:
    """The text in reading order, one paragraph or table row per line, cells joined by tabs."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            lines += ["\t".join(_SPACES.sub(" ", cell.text).strip() for cell in row) for row in block.rows() if row]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def canonical_text(document: Document, outline: Outline) -> str:
    """The words after the title, squeezed: equal for the HTML, PDF and Word copies of one report."""
    words: list[str] = []
    for block in document.blocks[outline.body:]:
        words += [c.text for c in block.cells] if isinstance(block, Grid) else [block.text]
    return squeeze("".join(words))
