"""Lists of links on any page, by what links are and not by how a template marks them.

A row is a link to an article or a file, or one with a date beside it. Rows that stand alike in the tree form a
group; the list is the group(s) holding reports, else the one with most dated rows. Everything else is furniture.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from lxml.etree import XPath
from lxml.etree import _Element as Element

from spiders import addresses, captions, leads, places, titles
from spiders.page import Page, having, parse

_OPTIONS = XPath("descendant::option[contains(@value, '/') or contains(@value, '.') or contains(@value, '?')]")
_HIDDEN = cast("Callable[[Element], list[Element]]", XPath(
    "descendant::*[self::li or self::tr or self::dl or self::div][contains(translate(@style, ' ', ''), 'display:none')]"))
MOST_LINKS = 20_000    # of one page that are looked at; the longest honest list has a tenth of them
_MOST_OF_ONE = 20      # links of one page to one address that are looked at


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a reader sees it. `day` is the date printed beside it, `place` how it stands in the tree."""

    url: str
    text: str
    day: str = ""
    place: str = ""

    @property
    def is_row(self) -> bool:
        return bool(self.day or addresses.is_file(self.url) or addresses.dialect(self.url))


def links(page: Page, root: Element | None = None, wanted: Callable[[str], bool] | None = None) -> list[Link]:
    """Every followable link of the page in reading order, one per address; `root` limits it to a part of the page.

    `wanted`: only the addresses that a link with such a title leads to; most pages are menus for the most part.
    """
    anchors = _anchors(page, root)
    texts = [captions.title(element) for element, _ in anchors]
    asked = {url for (_, url), text in zip(anchors, texts, strict=True) if wanted is None or wanted(text)}
    found: dict[str, Link] = {}
    known: dict[Element, str] = {}
    for (element, url), text, row in zip(anchors, texts, places.rows(anchors), strict=True) if asked else ():
        if url not in asked:
            continue
        link = Link(url, text, captions.day(element, row), places.place(row, known))
        found[url] = _merge(found[url], link) if url in found else link
    return list(found.values())


def _anchors(page: Page, root: Element | None) -> list[tuple[Element, str]]:
    times = Counter[str]()
    found = []
    for element in _clickable(page, root)[:MOST_LINKS]:
        if (url := leads.address(page, element)) and times[url] < _MOST_OF_ONE:
            times[url] += 1
            found.append((element, url))
    return found


def crowded(page: Page) -> bool:
    """Whether a page has more links than are looked at."""
    return len(_clickable(page)) > MOST_LINKS


def _clickable(page: Page, root: Element | None = None) -> list[Element]:
    elements = leads.clickable(page) if root is None else having(root, *leads.ADDRESSED)
    return [*elements, *cast("list[Element]", _OPTIONS(page.tree if root is None else root))]


def fragment(page: Page, markup: str) -> list[Link]:
    """The links of a piece of markup that stands in a script or a JSON answer, relative to `page`."""
    return links(page, parse(f"<div>{markup}</div>"))


def rows(found: list[Link], like: Mapping[str, list[str]] | None = None) -> list[Link]:
    """The rows of the list on a page: the groups of like rows that hold reports or agencies, else the largest dated.

    Beside a report a link without date whose address nobody knows is a row too, if its title says what it is or its address
    is written like that of the report. `like`: the likeness of the rows of page one, for a page that goes on with its list.
    """
    if like and (known := [link for link in found if _alike(link, like)]):
        return known
    alike: dict[str, list[Link]] = defaultdict(list)
    for link in found:
        if _kind(link) != "nav":
            alike[link.place].append(link)
    holding = [[link for link in group if link.is_row or _kind(link) in ("report", "look-alike") or shape(link.url) in shapes]
               for group in alike.values() if (shapes := {shape(link.url) for link in group if _is_report(link)})]
    groups = {place: rows for place, group in alike.items() if (rows := [link for link in group if link.is_row])}
    holding = holding or [group for group in groups.values() if _mostly_agencies(group)]
    if holding:
        return [link for group in holding for link in group]
    return max(groups.values(), key=lambda group: (sum(bool(link.day) for link in group), len(group)), default=[])


def likeness(rows: list[Link]) -> dict[str, list[str]]:
    """How the rows of a list stand and how their addresses are written, so that its next page is known again."""
    return {"places": sorted({_hashed(row.place) for row in rows}), "shapes": sorted({_hashed(shape(row.url)) for row in rows})}


def _alike(link: Link, like: Mapping[str, list[str]]) -> bool:
    if _hashed(link.place) not in like["places"] or _kind(link) == "nav":
        return False
    return link.is_row or _kind(link) in ("report", "look-alike") or _hashed(shape(link.url)) in like["shapes"]


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def hides_rows(page: Page, rows: list[Link]) -> bool:
    """Whether the page holds rows that it does not show yet: then it holds all of them, and its pages are its script's."""
    urls = {row.url for row in rows}
    held = (anchor for element in _HIDDEN(page.tree) for anchor in element.iter("a"))
    return any(page.absolute(anchor.get("href") or "") in urls for anchor in held)


def shape(url: str) -> str:
    """How an address is written, without what differs from article to article."""
    return re.sub(r"\d+|[0-9a-f]{8,}(?:-[0-9a-f]+)*", "#", url)


def _is_report(link: Link) -> bool:
    return _kind(link) == "report" and (link.is_row or not addresses.is_folder(link.url))


def _mostly_agencies(group: list[Link]) -> bool:
    return 2 * sum(_kind(link) in ("agency", "year") for link in group) > len(group)


def _kind(link: Link) -> str:
    return titles.judge(link.text).kind


def _merge(first: Link, second: Link) -> Link:
    """One row may link twice (picture and text): the fuller title and the date that is there."""
    better, row = max(first, second, key=_fullness), first if first.is_row else second
    return replace(better, day=first.day or second.day, place=row.place)


def _fullness(link: Link) -> tuple[bool, bool, int]:
    return titles.judge(link.text).kind != "nav", not titles.cut(link.text), len(link.text)
