"""Characters and rules at their places on pages → paragraphs and grids, whatever file drew them.

    reader ──Page(glyphs, rules)──> arrange ──> (Paragraph | Grid)*

`ink` what a page holds · `lines` characters into lines · `ruled` tables from their rules · `aligned` tables without rules ·
`flow` page furniture dropped, lines joined into paragraphs.
"""

from __future__ import annotations

from parsers.layout.flow import arrange
from parsers.layout.ink import Glyph, Page, Rule

__all__ = ["Glyph", "Page", "Rule", "arrange"]
