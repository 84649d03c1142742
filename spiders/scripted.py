"""Links that stand only in scripts: trees of agencies, lists of titles and addresses kept as data and drawn by code."""

from __future__ import annotations

import json
import re

from spiders import addresses, answers, dates, titles
from spiders.listing import Link
from spiders.page import Page, parse, words
from spiders.quotes import Quotes
from spiders.writes import unescape

_ADDRESS = re.compile(r"(?:https?:)?/{1,2}[^\s<>{}]+|\.{1,2}/[^\s<>{}]*|\?\w+=\S+"
                      r"|[\w%./-]+\.(?:s?html?|jsp|aspx?|php|pdf|docx?)(?:\?\S*)?")
_NEAR = 6             # quoted texts between a title and its address or its day, at most
_LONGEST = 200        # characters of a title
_NAMED = ("report", "look-alike", "agency", "group", "year", "column")
_OTHERS = re.compile(r"\.(?:js|css|png|jpe?g|gif|svg|ico)(?:\?|$)", re.I)


def links(page: Page) -> list[Link]:
    """Title and address wherever they stand close together as quoted texts of one script, one per address."""
    found: dict[str, Link] = {}
    for script in page.tree.iter("script"):
        held = [unescape(text).strip() for text in Quotes(script.text or "").texts()]
        for place, text in enumerate(held):
            link = _link(page, held, place, text)
            if link and link.url not in found:
                found[link.url] = link
            for each in _from_json(page, text):
                found.setdefault(each.url, each)
    return list(found.values())


def _from_json(page: Page, text: str) -> list[Link]:
    """The rows of a list that a script keeps as JSON in a text."""
    if text[:1] not in ("[", "{") or '"' not in text:
        return []
    try:
        return answers.rows(page, json.loads(text))
    except ValueError:
        return []


def _link(page: Page, held: list[str], place: int, text: str) -> Link | None:
    title = words(parse(f"<div>{text}</div>")) if "<" in text else text
    if not 2 <= len(title) <= _LONGEST or not re.search(r"[一-鿿]|\d{4}", title) or titles.judge(title).kind not in _NAMED:
        return None
    after, before = held[place + 1:place + 1 + _NEAR], held[max(0, place - _NEAR):place][::-1]
    url = next((url for near in (_until(after), _until(before)) for each in near if (url := _address(page, each))), "")
    day = next((found for each in _until(after) if len(each) < 25 and (found := dates.find(each))), "")
    return Link(url, title, day, "script") if url else None


def _until(texts: list[str]) -> list[str]:
    """The texts up to the next title."""
    stop = next((n for n, each in enumerate(texts) if titles.judge(each).kind in _NAMED and re.search(r"[一-鿿]", each)), None)
    return texts[:stop]


def _address(page: Page, text: str) -> str:
    if not _ADDRESS.fullmatch(text) or _OTHERS.search(text) or dates.find(text) == text:
        return ""
    url = page.absolute(text)
    return "" if url == page.url or not addresses.split(url)[0] else url
