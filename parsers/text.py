"""The words of a document, for people (`plain_text`) and for comparison (`canonical_text`)."""

from __future__ import annotations

import re
import unicodedata

from parsers.models import Document, Grid, Outline

_SPACES = re.compile(r"\s+")


def squeeze(text: str) -> str:
    """Full-width forms folded (NFKC) and all white space removed: how labels and headings are compared."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


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
