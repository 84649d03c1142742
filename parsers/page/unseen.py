"""What a page carries and no reader sees: hidden elements, letters of no size, struck out, white on white."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple, cast

from lxml import etree

Element = etree._Element

_HIDDEN = re.compile(r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|"
                     r"text-decoration(?:-line)?\s*:\s*line-through|(?:left|text-indent)\s*:\s*-\d{3,}|"
                     r"(?:font-size|opacity)\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:[;!]|$))", re.I)
_HINTS = ("line-t", ":-", ": -", "isp", "isi", "hide", "e:0", "e: 0", "y:0", "y: 0", "ISP", "ISI", "E:0", "E: 0")
_FAINT = re.compile(r"(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white|rgba?\(\s*255\s*,\s*255\s*,\s*255)", re.I)
_GROUND = re.compile(r"background(?:-color|-image)?\s*:\s*([^;]+)", re.I)
_NO_GROUND = re.compile(r"#fff(?:fff)?\b|white|transparent|none|inherit|initial|rgba?\(\s*255\s*,\s*255\s*,\s*255", re.I)
_TEXTS = etree.XPath("descendant::text()")
_HIDING = re.compile(r"(?:^|[}\s,])\.([\w-]+)\s*\{[^{}]*display\s*:\s*none", re.I)
_ASIDES = frozenset({"span", "font", "em", "i", "b", "small", "label", "sup", "sub", "strong", "u"})
_WHITES = ("#fff", "#ffffff", "white")
_LONGEST_REMEMBERED = 300      # characters
_NEVER = frozenset({"table", "tbody", "tr", "th", "td", "body", "h1", "h2", "h3", "h4", "h5", "h6"})


def is_hidden(element: Element) -> bool:
    """Whether a page's own markup hides the element."""
    return _look(element.get("style", "")).hides or element.get("hidden") is not None


def is_unseen(element: Element, attributes: Collection[str | bytes]) -> bool:
    """Whether an element with these attributes is hidden or faint."""
    if "style" in attributes and (look := _look(element.get("style", ""))) is not _PLAIN and (
            look.hides or (look.is_white and is_faint(element))):
        return True
    return "hidden" in attributes or ("color" in attributes and is_faint(element))


class _Look(NamedTuple):
    """What a style does to the text in it."""

    hides: bool
    is_white: bool


_PLAIN = _Look(hides=False, is_white=False)


def _look(style: str) -> _Look:
    return _remembered(style) if len(style) <= _LONGEST_REMEMBERED else _looked(style)


def _looked(style: str) -> _Look:
    look = _Look(any(hint in style for hint in _HINTS) and _HIDDEN.search(style) is not None,
                 ("olor" in style or "OLOR" in style) and _FAINT.search(style) is not None)
    return look if any(look) else _PLAIN


_remembered = lru_cache(maxsize=4096)(_looked)     # pasted Word text has a style on every element, and few different ones


def hiding_classes(root: Element) -> frozenset[str]:
    """The classes that a page's own style sheet hides whatever the screen."""
    sheets = ["".join(map(str, node.itertext())) for node in root.iter("style")]
    return frozenset(name for sheet in sheets if "@media" not in sheet for name in _HIDING.findall(sheet))


def is_aside(element: Element, hiding: frozenset[str]) -> bool:
    """Whether an inline element has a class that hides it; larger parts are often shown again by scripts."""
    return element.tag in _ASIDES and not hiding.isdisjoint((element.get("class") or "").split())


def is_faint(element: Element) -> bool:
    """Whether an element writes white on a ground that is white as far as the page itself says.

    White heads on coloured rows are common, and often only a style sheet knows the colour: so what stands alone counts only
    in cells to which no class may give a ground.
    """
    if not _paints_white(element) or element.tag in _NEVER:
        return False
    holder, classed = None, False
    for node in (element, *element.iterancestors()):
        if _has_ground(node):
            return False
        if holder is None and node.tag in ("td", "th", "p", "li", "div", "body"):
            holder = node
        classed |= node.tag in ("td", "th", "tr", "thead", "tbody", "table") and node.get("class") is not None
    if holder is None or holder is element:
        return False
    if holder.tag in ("td", "th") and not classed:
        return True
    return any(text.strip() and not _white_above(text, holder) for text in cast("list[Any]", _TEXTS(holder)))


def _white_above(text: Any, holder: Element) -> bool:
    node = text.getparent().getparent() if text.is_tail else text.getparent()
    while node is not None and node is not holder:
        if _paints_white(node):
            return True
        node = node.getparent()
    return False


def _paints_white(element: Element) -> bool:
    return _look(element.get("style", "")).is_white or element.get("color", "").strip().lower() in _WHITES


def _has_ground(element: Element) -> bool:
    ground = (element.get("bgcolor") or "").strip().lower()
    style = _GROUND.search(element.get("style") or "")
    return bool(ground and ground not in _WHITES) or element.get("background") is not None or bool(
        style and not _NO_GROUND.search(style[1]))
