"""Lists of links on any page, by what links are and not by how a template marks them.

A row is a link to an article or a file, or one with a date beside it. Rows that stand alike in the tree form a
group; the list is the group(s) holding reports, else the one with most dated rows. Everything else is furniture.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders import addresses, dates, titles
from spiders.page import CODE, DATA_ADDRESS, Page, having, parse, spaced, squeeze, words

_QUOTED = re.compile(r"""
    ['"]\s*( (?:https?:)?/[^'"\s]*  |  \.{0,2}/[^'"\s]+  |  [^'"\s()]+\.(?:s?html?|jsp|aspx?|pdf|docx?|wps)[^'"\s]* )\s*['"]
""", re.X)
_ADDRESSED = (*CODE, *DATA_ADDRESS)
_OPTIONS = XPath("descendant::option[contains(@value, '/') or contains(@value, '.') or contains(@value, '?')]")
_HIDDEN = cast("Callable[[HtmlElement], list[HtmlElement]]", XPath(
    "descendant::*[self::li or self::tr or self::dl or self::div][contains(translate(@style, ' ', ''), 'display:none')]"))
_ROWS = {"li", "tr", "dd", "dl", "article"}
_VARIES = re.compile(r"\d+|\b(?:odd|even|first|last|cur|current|on|active|hover|bg|line)\b")
MOST_LINKS = 20_000    # of one page that are looked at; the longest honest list has a tenth of them
LONGEST_CODE = 4_000   # characters of what a click does that are looked at
_MOST_OF_ONE = 20      # links of one page to one address that are looked at
_MOST_WITHIN = 1_000   # characters and elements within a link that are looked at for a date of their own
_MOST_BESIDE = 50      # elements beside a link that only says 更多, of which one is its heading
_LONGEST_DAY = 20      # characters of an element that holds a date and nothing more
_LONGEST_HEADING = 20
_NEIGHBOURS = 20       # elements after a row among which its date may stand
_SEVERAL = ""          # in place of an address: more than one
_CLIMB = 5             # levels from a lone link up to where its date may stand


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


def links(page: Page, root: HtmlElement | None = None, wanted: Callable[[str], bool] | None = None) -> list[Link]:
    """Every followable link of the page in reading order, one per address; `root` limits it to a part of the page.

    `wanted`: only the addresses that a link with such a title leads to; most pages are menus for the most part.
    """
    anchors = _anchors(page, root)
    texts = [_title(element) for element, _ in anchors]
    asked = {url for (_, url), text in zip(anchors, texts, strict=True) if wanted is None or wanted(text)}
    found: dict[str, Link] = {}
    places: dict[HtmlElement, str] = {}
    for (element, url), text, row in zip(anchors, texts, _row_elements(anchors), strict=True) if asked else ():
        if url not in asked:
            continue
        link = Link(url, text, _day(element, row), _place(row, places))
        found[url] = _merge(found[url], link) if url in found else link
    return list(found.values())


def _anchors(page: Page, root: HtmlElement | None) -> list[tuple[HtmlElement, str]]:
    times = Counter[str]()
    found = []
    for element in _clickable(page, root)[:MOST_LINKS]:
        if (url := address(page, element)) and times[url] < _MOST_OF_ONE:
            times[url] += 1
            found.append((element, url))
    return found


def crowded(page: Page) -> bool:
    """Whether a page has more links than are looked at."""
    return len(_clickable(page)) > MOST_LINKS


def _clickable(page: Page, root: HtmlElement | None = None) -> list[HtmlElement]:
    elements = clickable(page) if root is None else having(root, *_ADDRESSED)
    return [*elements, *cast("list[HtmlElement]", _OPTIONS(page.tree if root is None else root))]


def clickable(page: Page) -> list[HtmlElement]:
    """Every element of a page that may lead somewhere, in reading order."""
    return page.having(*_ADDRESSED)


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


def address(page: Page, element: HtmlElement) -> str:
    """Where a click on `element` leads, "" when nowhere: href, else data attributes, else an address in its script."""
    leads = page.leads
    url = leads.get(element)
    if url is None:
        url = leads[element] = _address(page, element)
    return url


def _address(page: Page, element: HtmlElement) -> str:
    tag = element.tag
    if not isinstance(tag, str) or tag == "link":
        return ""
    names = element.keys()
    href = element.get("href", "") if "href" in names and tag in ("a", "area") else ""
    if url := page.absolute(unescape(href)):
        return "" if url.partition("#")[0] == page.url and href.strip().startswith("#") else url
    if tag == "option":
        return page.absolute(element.get("value") or "")
    if tag in ("script", "img", "input", "form", "body", "select"):
        return ""
    for name in DATA_ADDRESS:
        if name in names and (value := element.get(name)) and (url := page.absolute(value)) and "{" not in value:
            return url
    code = " ".join(element.get(name) or "" for name in CODE if name in names)[:LONGEST_CODE]
    quoted = _QUOTED.search(code) if "'" in code or '"' in code else None
    return page.absolute(quoted[1]) if quoted else ""


def _title(element: HtmlElement) -> str:
    """The full title: the title attribute where it says more than the (often cut) text, dates left out."""
    shown = _without_dates(element)
    hint = (element.get("title") or "").strip() or ("" if shown else _pictured(element))
    if not hint:
        hint = next((child.get("title", "").strip() for child in element.iterdescendants() if child.get("title")), "")
    if not hint and titles.judge(shown).kind == "nav":
        return _headed(element) or shown
    stem = squeeze(shown).rstrip(".… ")
    return dates.strip(hint) if hint and (squeeze(hint).startswith(stem) or len(hint) > len(shown)) else shown


def _pictured(element: HtmlElement) -> str:
    """What a picture says in words where a link is nothing but a picture, or an area of one."""
    alts = ((each.get("alt") or "").strip() for each in (element, *element.iterdescendants("img")))
    return next((alt for alt in alts if alt), "")


def _headed(element: HtmlElement) -> str:
    """The heading beside a link that only says 更多: short words in the element around it."""
    for parent in itertools.islice(element.iterancestors(), 2):
        heading = _around(parent, element).strip() if len(parent) <= _MOST_BESIDE else ""
        if heading or len(parent) > _MOST_BESIDE:
            return heading if len(squeeze(heading)) <= _LONGEST_HEADING else ""
    return ""


def _without_dates(element: HtmlElement) -> str:
    text = words(element)
    whole = squeeze(text)
    for child, part in _within(element):
        if part and len(squeeze(part)) <= _LONGEST_DAY and squeeze(part) != whole and dates.find(spaced(child)):
            text = text.replace(part, " ")
    return dates.strip(" ".join(text.split()))


def _within(element: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The elements within a link and their words, as far as a link reaches that is one."""
    looked = 0
    for child in element.iterdescendants():
        if isinstance(child.tag, str) and looked <= _MOST_WITHIN:
            part = words(child)
            looked += len(part) + 1
            yield child, part


def _row_elements(anchors: list[tuple[HtmlElement, str]]) -> list[HtmlElement]:
    """For each link the largest element around it that holds no other address."""
    held: dict[HtmlElement, str] = {}
    for element, url in anchors:
        for node in _upward(element):
            if held.setdefault(node, url) != url:
                if held[node] == _SEVERAL:
                    break                                # then so do all around it
                held[node] = _SEVERAL
    return [_row(element, held) for element, _ in anchors]


def _row(element: HtmlElement, held: dict[HtmlElement, str]) -> HtmlElement:
    for _ in range(_CLIMB):
        parent = element.getparent()
        if parent is None or element.tag in _ROWS or parent.tag in ("body", "html") or held[parent] == _SEVERAL:
            return element
        element = parent
    return element


def _day(element: HtmlElement, row: HtmlElement) -> str:
    """The date nearest to a link: within it, then in its row, then in the loose text beside it."""
    if found := _day_within(element):
        return found
    node = element
    while node is not row:
        parent = node.getparent()
        if parent is None:
            break
        node = parent
        if dates.may_hold(said := spaced(node)) and (found := dates.find(said.replace(spaced(element), " ", 1))):
            return found
    return dates.find(_beside(row)) if row.tag not in _ROWS else ""


def _day_within(element: HtmlElement) -> str:
    for child, part in _within(element):
        if len(squeeze(part)) <= _LONGEST_DAY and (found := dates.find(spaced(child))):
            return found
    text = words(element)
    stripped = dates.strip(text)
    return dates.find(text.replace(stripped, " ")) if stripped != text else ""


def _around(node: HtmlElement, element: HtmlElement) -> str:
    """The text of `node` without the words of the link itself."""
    return spaced(node).replace(spaced(element), " ", 1)


def _beside(row: HtmlElement) -> str:
    """The loose text after a row up to the next link."""
    text = row.tail or ""
    for sibling in itertools.islice(row.itersiblings(), _NEIGHBOURS):
        if not isinstance(sibling.tag, str) or sibling.find(".//a") is not None:
            break
        if sibling.tag in ("a", *_ROWS) and (row.tag, sibling.tag) != ("dt", "dd"):
            break
        text += " " + words(sibling) + " " + (sibling.tail or "")
    return text


def _place(row: HtmlElement, known: dict[HtmlElement, str]) -> str:
    """How a row stands in the tree: tags and classes from the row up, without what differs from row to row.

    `known` keeps what was said of elements around other rows.
    """
    place = known.get(row)
    if place is None:
        parent = row.getparent()
        place = known[row] = _sign(row) if parent is None else f"{_sign(row)} {_place(parent, known)}"
    return place


def _upward(row: HtmlElement) -> Iterator[HtmlElement]:
    yield row
    yield from row.iterancestors()


def _sign(node: HtmlElement) -> str:
    if node.tag in _ROWS | {"a", "td", "tbody"}:
        return str(node.tag)
    return f"{node.tag}.{_VARIES.sub('', node.get('class') or '').strip()}"


def _merge(first: Link, second: Link) -> Link:
    """One row may link twice (picture and text): the fuller title and the date that is there."""
    better, row = max(first, second, key=_fullness), first if first.is_row else second
    return replace(better, day=first.day or second.day, place=row.place)


def _fullness(link: Link) -> tuple[bool, bool, int]:
    return titles.judge(link.text).kind != "nav", not titles.cut(link.text), len(link.text)
