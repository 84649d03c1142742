"""When a page proves that its list is empty: it says so where a reader sees it, and nothing on it could still fill the list.

The words are data (`spiders/data/titles.json`). The same words in a hidden block, a side box or a page whose script fetches
its rows are furniture and prove nothing.
"""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from spiders import drawing, services, titles
from spiders.page import Page, squeeze, words

_ASIDE = re.compile(r"side|foot|hot|search|comment|nav|menu|recommend|relat|login|banner|weather|notice|rank|link", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_CLASS = re.compile(r"(?:^|\s)(?:hide|hidden|d-none|layui-hide|none)(?:\s|$)", re.I)
_EMPHASIS = {"b", "strong", "em", "i", "font", "br", "span"}
_LONGEST = 60           # characters of an element that says only this


def proved(page: Page) -> str:
    """The words by which a page proves that its list is empty, else ""."""
    if drawing.has_templates(page) or drawing.by_script(page) or titles.soft_404(page.visible) or services.found(page):
        return ""
    return said(page)


def said(page: Page) -> str:
    """The words for an empty list that stand where a list would stand, else ""; for the answer of a list's own service."""
    for element in page.tree.iter():
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "noscript", "template", "option"):
            own = squeeze(_own_words(element))
            if own and (marker := titles.empty_marker(own)) and len(squeeze(words(element))) <= _LONGEST and _shown(element):
                return marker
    return ""


def _own_words(element: Element) -> str:
    """The words of an element itself; with those of plain emphasis within it, but of no other element."""
    inner = list(element.iterdescendants())
    if all(isinstance(each.tag, str) and each.tag in _EMPHASIS and not each.get("style") for each in inner):
        return words(element)
    return " ".join([element.text or "", *(child.tail or "" for child in element)])


def _shown(element: Element) -> bool:
    for each in (element, *element.iterancestors()):
        signs = f"{each.get('class') or ''} {each.get('id') or ''}"
        hidden = _HIDDEN.search(each.get("style") or "") or _HIDDEN_CLASS.search(each.get("class") or "")
        if hidden or each.get("hidden") is not None or (each.tag not in ("body", "html") and _ASIDE.search(signs)):
            return False
    return True
