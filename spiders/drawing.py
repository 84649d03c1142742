"""Whether a page shows its reader what only its scripts put there. Asked of pages that were found to hold nothing."""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from spiders.page import Page, words

_TEMPLATE = re.compile(r"\{\{.{1,80}?\}\}|<%.{1,80}?%>|v-for=|v-if=|ng-repeat=|ms-for=|ms-repeat=", re.S)
_FETCHES = re.compile(r"XMLHttpRequest|\bfetch\s*\(|\$\.(?:ajax|get|post|getJSON)\b|\baxios\b|\.load\s*\(\s*['\"]")
_APP = re.compile(r"^(?:app|root|main-app|__next|__nuxt)$", re.I)
_LISTING = re.compile(r"list|news|data|content|con\b|items?|rows", re.I)
_CHINESE = re.compile(r"[一-鿿]|\\u[4-9][0-9a-fA-F]{3}")     # as it is, or escaped in a script that holds the article
_FEW = 1000           # visible characters; a page with more is no shell for its templates alone
_NO_TEXT = 200        # visible characters of an article that is none


def by_script(page: Page) -> bool:
    """Whether a column page without a list draws it by script: templates, an app, or an empty list and code to fill it."""
    if _has_app(page) or (_TEMPLATE.search(page.text) and len(page.visible) < _FEW):
        return True
    return _runs(page) and _has_empty_list(page)


def has_templates(page: Page) -> bool:
    """Whether a page is written for a framework to fill in."""
    return bool(_TEMPLATE.search(page.text))


def article_by_script(page: Page) -> bool:
    """Whether an article page without words draws its text by script."""
    drawn = _has_app(page) or _TEMPLATE.search(page.text) or _FETCHES.search(page.scripts)
    return bool(drawn) and len(page.visible) < _NO_TEXT and len(_CHINESE.findall(page.text)) < _NO_TEXT


def _has_app(page: Page) -> bool:
    """An element that a framework fills, and nothing in it yet."""
    apps = (element for element in page.tree.iter("div") if _APP.match(element.get("id") or ""))
    return any(_is_empty(element) for element in apps) and len(page.visible) < _NO_TEXT


def _runs(page: Page) -> bool:
    return bool(_FETCHES.search(page.scripts)) or any(script.get("src") for script in page.tree.iter("script"))


def _has_empty_list(page: Page) -> bool:
    blocks = (element for tag in ("ul", "ol", "dl", "tbody", "table", "div") for element in page.tree.iter(tag))
    return any(_is_empty(block) for block in blocks if block.tag in ("ul", "ol", "tbody") or _LISTING.search(_name(block)))


def _name(element: Element) -> str:
    return f"{element.get('id') or ''} {element.get('class') or ''}"


def _is_empty(element: Element) -> bool:
    return not words(element) and element.find(".//a") is None and element.find(".//img") is None
