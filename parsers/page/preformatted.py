"""Text whose line breaks a page shows as they stand: `<pre>`, `white-space: pre`, Markdown with tables in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from parsers.models import Grid, Paragraph
from parsers.page.flow import LOOSE
from parsers.readers import text

Element = etree._Element

_FEWEST_LINES = 4
_PRE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_STYLED = etree.XPath("//*[contains(@style, 'white-space') or contains(@style, 'WHITE-SPACE')]")
_MARKUP = re.compile(r"<(?:!doctype|html|body|p)\b", re.I)
_INLINE = frozenset({"span", "font", "b", "strong", "i", "em", "u", "a", "code", "sup", "sub"})


def redraw(root: Element, source: str) -> None:
    """Turn preformatted text into paragraphs and tables of the tree, read as a text file would be."""
    styled = cast("list[Element]", _STYLED(root)) if "white-space" in source or "WHITE-SPACE" in source else []
    for element in [*root.iter("pre"), *(e for e in styled if _PRE.search(str(e.get("style"))))]:
        if element.getparent() is not None and all(child.tag in _INLINE for child in element.iterdescendants()):
            _write(element)
    body = root.find("body")
    if body is not None and all(child.tag in ("table", "p") for child in body) and not _MARKUP.search(source):
        _without_markup(body)


def _without_markup(body: Element) -> None:
    """Nothing but tables is marked up: the words between them keep their lines."""
    if body.text and body.text.strip():
        first = etree.Element("div")
        first.text, body.text = body.text, None
        body.insert(0, first)
    for child in list(body):
        if child.tail and child.tail.strip():
            between = etree.Element("div")
            between.text, child.tail = child.tail, None
            child.addnext(between)
        if child.tag == "p" and not len(child):          # the parser's own, around words that no element holds
            child.tag = "div"
    for element in list(body.iterchildren("div")):
        _write(element, 1)


def _write(element: Element, fewest: int = _FEWEST_LINES) -> None:
    words = "".join(map(str, element.itertext()))
    if words.strip().count("\n") + 1 >= fewest:
        tail = element.tail
        element.clear()
        element.tag, element.tail = "div", tail
        element.extend(_elements(words))


def _elements(words: str) -> Iterator[Element]:
    for block in text.blocks(words):
        if isinstance(block, Grid):
            yield _table(block)
        else:
            yield _line(block)


def _line(paragraph: Paragraph) -> Element:
    line = etree.Element(f"h{paragraph.heading}" if paragraph.heading else "p")
    line.text = paragraph.text
    return line


def _table(grid: Grid) -> Element:
    table = etree.Element("table", {LOOSE: ""})
    for cells in grid.rows():
        row = etree.SubElement(table, "tr")
        for cell in cells:
            etree.SubElement(row, "td").text = cell.text
    return table
