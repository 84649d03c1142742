"""Where a click leads: by href, by data attribute, by what a script does with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from lxml.etree import _Element as Element

from spiders.page import CODE, DATA_ADDRESS, Page

_QUOTED = re.compile(r"""
    ['"]\s*( (?:https?:)?/[^'"\s]*  |  \.{0,2}/[^'"\s]+  |  [^'"\s()]+\.(?:s?html?|jsp|aspx?|pdf|docx?|wps)[^'"\s]* )\s*['"]
""", re.X)
_SILENT = ("script", "img", "input", "form", "body", "select")      # a click on them leads nowhere
#: attributes that may hold an address
ADDRESSED = (*CODE, *DATA_ADDRESS)
LONGEST_CODE = 4_000   # characters of what a click does that are looked at


def clickable(page: Page) -> list[Element]:
    """Every element of a page that may lead somewhere, in reading order."""
    return page.having(*ADDRESSED)


def address(page: Page, element: Element) -> str:
    """Where a click on `element` leads, "" when nowhere: href, else data attributes, else an address in its script."""
    leads = page.leads
    url = leads.get(element)
    if url is None:
        url = leads[element] = _address(page, element)
    return url


def _address(page: Page, element: Element) -> str:
    tag = element.tag
    if not isinstance(tag, str) or tag == "link":
        return ""
    names = element.keys()
    href = element.get("href", "") if "href" in names and tag in ("a", "area") else ""
    if url := page.absolute(unescape(href)):
        return "" if url.partition("#")[0] == page.url and href.strip().startswith("#") else url
    if tag == "option":
        return page.absolute(element.get("value") or "")
    return "" if tag in _SILENT else _in_data(page, element, names) or _in_code(page, element, names)


def _in_data(page: Page, element: Element, names: Sequence[str | bytes]) -> str:
    for name in DATA_ADDRESS:
        if name in names and (value := element.get(name)) and (url := page.absolute(value)) and "{" not in value:
            return url
    return ""


def _in_code(page: Page, element: Element, names: Sequence[str | bytes]) -> str:
    code = " ".join(element.get(name) or "" for name in CODE if name in names)[:LONGEST_CODE]
    quoted = _QUOTED.search(code) if "'" in code or '"' in code else None
    return page.absolute(quoted[1]) if quoted else ""
