"""Rows and cells that hold nothing but words, as nearly all do: read in one step, and as the walk of `flow` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from lxml import etree

from parsers import grids
from parsers.grids import Flow, Line
from parsers.page.wording import LONGEST_REMEMBERED, REMEMBERED, clean, cleaned

Element = etree._Element

_CELLS = frozenset({"td", "th"})
_PARAGRAPHS = frozenset({"p", "div", "br", "center"})
_DEPTH = 8                     # of paragraphs in paragraphs of a cell


def cells(row: Element) -> list[Flow] | None:
    """The cells of a row that holds cells of words alone, at most in paragraphs; None for any other."""
    flows = []
    for cell in row[:]:  # type: ignore[index]  # slices, quicker than iterating, are missing from the stubs
        if cell.tag not in _CELLS or ((tail := cell.tail) and not tail.isspace()):
            return None
        flow = _paragraphs(cell) if len(cell) else _SAID[cell.text]
        if flow is None:
            return None
        flows.append(spanning(cell, flow) if cell.keys() else flow)
    return flows if _is_white(row.text) else None


def _is_white(text: str | None) -> bool:
    return not text or text.isspace()


def _paragraphs(cell: Element) -> Flow | None:
    """What the paragraphs of a cell say, and what stands between them; None if it holds anything but paragraphs of words."""
    pieces: list[str | None] = []
    if not _is_said(cell, pieces, _DEPTH):
        return None
    lines = [piece for piece in pieces if piece and not piece.isspace()]
    return _saying([clean(line) for line in lines]) if len(lines) > 1 else _SAID[lines[0] if lines else None]


def _is_said(element: Element, pieces: list[str | None], depth: int) -> bool:
    """Whether an element holds paragraphs of words alone, not deeper than `depth`; the words are put into `pieces`."""
    pieces.append(element.text)
    for child in element[:]:  # type: ignore[index]
        if child.tag not in _PARAGRAPHS or not depth or not _is_said(child, pieces, depth - 1):
            return False
        pieces.append(child.tail)
    return True


def _saying(lines: Iterable[str]) -> Flow:
    content = tuple([Line(line) for line in lines if line])
    return Flow(content, content[0].text if len(content) == 1 else grids.words(content))


class _Said(dict[str | None, Flow]):
    """Cells that hold but these few words, each made once: labels and zeros come again and again."""

    def __missing__(self, text: str | None) -> Flow:
        flow = _saying([cleaned(text or "")])
        if len(self) < REMEMBERED and len(text or "") <= LONGEST_REMEMBERED:
            self[text] = flow
        return flow


_SAID = _Said()


def spanning(cell: Element, flow: Flow) -> Flow:
    """What is in a cell, with the spans of the cell."""
    tall, wide = cell.get("rowspan"), cell.get("colspan")
    if tall is None and wide is None:
        return flow
    return Flow(flow.content, flow.text, _span(tall or "1", grids.MAX_ROWSPAN), _span(wide or "1", 1))


@lru_cache(maxsize=256)
def _span(written: str, zero: int) -> int:
    """A span as a browser takes it: 1 for nonsense, `zero` for 0, held in bounds."""
    digits = re.match(r"\s*(\d{1,9})", written)
    return min(int(digits[1]), grids.MAX_ROWSPAN) or zero if digits else 1
