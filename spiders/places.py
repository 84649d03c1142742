"""The row that a link stands in, and how the row stands in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

#: elements that are a row wherever they stand
ROWS = {"li", "tr", "dd", "dl", "article"}
_VARIES = re.compile(r"\d+|\b(?:odd|even|first|last|cur|current|on|active|hover|bg|line)\b")
_SEVERAL = ""          # in place of an address: more than one
_CLIMB = 5             # levels from a lone link up to where its date may stand


def rows(anchors: list[tuple[Element, str]]) -> list[Element]:
    """For each link the largest element around it that holds no other address."""
    held: dict[Element, str] = {}
    for element, url in anchors:
        for node in _upward(element):
            if held.setdefault(node, url) != url:
                if held[node] == _SEVERAL:
                    break                                # then so do all around it
                held[node] = _SEVERAL
    return [_row(element, held) for element, _ in anchors]


def _row(element: Element, held: dict[Element, str]) -> Element:
    for _ in range(_CLIMB):
        parent = element.getparent()
        if parent is None or element.tag in ROWS or parent.tag in ("body", "html") or held[parent] == _SEVERAL:
            return element
        element = parent
    return element


def place(row: Element, known: dict[Element, str]) -> str:
    """How a row stands in the tree: tags and classes from the row up, without what differs from row to row.

    `known` keeps what was said of elements around other rows.
    """
    said = known.get(row)
    if said is None:
        parent = row.getparent()
        said = known[row] = _sign(row) if parent is None else f"{_sign(row)} {place(parent, known)}"
    return said


def _upward(row: Element) -> Iterator[Element]:
    yield row
    yield from row.iterancestors()


def _sign(node: Element) -> str:
    if node.tag in ROWS | {"a", "td", "tbody"}:
        return str(node.tag)
    return f"{node.tag}.{_VARIES.sub('', node.get('class') or '').strip()}"
