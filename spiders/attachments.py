"""The files that belong to an article, wherever its page hides them: in and after the body, in viewers, in scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit, urlunsplit

from lxml.html import HtmlElement

from spiders import addresses, listing, names, titles
from spiders.listing import Link
from spiders.models import Target
from spiders.page import Page, having, words
from spiders.walks import judge, report
from spiders.writes import unescape

_VIEWER = re.compile(r"(?:viewer|pdfview\w*|preview\w*|onlineview\w*)\.\w+", re.I)
_SHOWN = re.compile(r"show\w*Iframe\(\s*[\"']([^\"']+)[\"']", re.I)
_IN_SCRIPT = re.compile(
    r"[\"']((?:https?:)?(?:\\?/|\.{1,2}/|\w)[^\"'<>\s]{0,300}\.(?:pdf|docx?|wps|ofd|xlsx?)(?:\?[^\"'<>\s]*)?)[\"']", re.I)
_EMBEDS = {"iframe": ("src",), "embed": ("src",), "object": ("data",), "frame": ("src",), "source": ()}
_FILE_ATTRIBUTES = ("pdfsrc", "data-pdf", "data-file", "sudyfile-attr-src")
_WITH_FILE = having(*_FILE_ATTRIBUTES)
_NAMED_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|ofd|rtf|zip|rar)\s*$", re.I)
MANY = 3               # report links in one article that make it a collection


@dataclass(frozen=True, slots=True)
class Found:
    """A file a page offers: address, best name, and other addresses to try when the first is gone."""

    url: str
    name: str
    spare: tuple[str, ...] = ()


def find(page: Page) -> list[Found]:
    """Every file the page offers, in reading order, one per address; application forms and the like left out."""
    found: dict[str, Found] = {}
    for each in (*_anchors(page), *_embedded(page), *_scripted(page)):
        if each.url != page.url and not titles.is_noise(each.name):
            found.setdefault(each.url, each)
    return list(found.values())


def _anchors(page: Page) -> Iterator[Found]:
    for element in page.tree.iter("a"):
        url = unwrapped(page, listing.address(page, element))
        spare = page.absolute(element.get("oldsrc") or "")
        if not url and spare and element.get("appendix"):
            url, spare = spare, ""
        if url and (addresses.is_file(url) or _says_file(element, url)):
            yield Found(url, _name(element, url), _spares(page, url, spare))


def _says_file(element: HtmlElement, url: str) -> bool:
    """A link without a file's address that calls itself a file."""
    text = (element.get("title") or "") + " " + words(element)
    declared = element.get("appendix") or element.get("download") or element.get("data-appendix")
    return bool(declared or _NAMED_FILE.search(words(element)) or _NAMED_FILE.search(text)) and not addresses.dialect(url)


def _name(element: HtmlElement, url: str) -> str:
    return names.best([element.get("title") or "", element.get("download") or "", words(element)], url)


def _spares(page: Page, url: str, old: str) -> tuple[str, ...]:
    """Where else the file may be: the same path on the page's own host, and last the editor's internal address."""
    here, there = urlsplit(page.url), urlsplit(url)
    same = urlunsplit((here.scheme, here.netloc, there.path, there.query, "")) if here.netloc != there.netloc else ""
    return tuple(each for each in (same, old) if each and each != url)


def unwrapped(page: Page, url: str) -> str:
    """The file behind a viewer's address (`viewer.html?file=…`), else the address itself."""
    for _ in range(2 if "?" in url else 0):
        parts = urlsplit(url)
        inner = parse_qs(parts.query, errors="replace").get("file") or parse_qs(parts.query, errors="replace").get("pdf")
        if not inner or not (_VIEWER.search(parts.path) or addresses.is_file(inner[0])):
            break
        # a viewer resolves a relative file against its own place
        url = replace(page, url=url, body=b"").absolute(inner[0])
    return url


def _embedded(page: Page) -> Iterator[Found]:
    for tag, attributes in _EMBEDS.items():
        for element in page.tree.iter(tag):
            for value in (element.get(name) or "" for name in (*attributes, *_FILE_ATTRIBUTES)):
                url = unwrapped(page, page.absolute(value))
                if url and addresses.is_file(url):
                    yield Found(url, names.from_address(url), _spares(page, url, ""))
    for element in _WITH_FILE(page.tree):
        for name in _FILE_ATTRIBUTES:
            if (value := element.get(name)) and (url := page.absolute(value)):
                yield Found(url, names.from_address(url))


def _scripted(page: Page) -> Iterator[Found]:
    shown = [match[1] for match in _SHOWN.finditer(page.scripts)]
    for address in (*shown, *(match[1] for match in _IN_SCRIPT.finditer(page.scripts))):
        url = unwrapped(page, page.absolute(unescape(address)))
        if url and "{" not in address and "+" not in address and addresses.is_file(url):
            yield Found(url, names.from_address(url))


def targets(page: Page, target: Target) -> tuple[Target, ...]:
    """The files of an article as leaves of the walk."""
    return tuple(Target(found.url, "attachment", referrer=page.url, link_text=found.name, published_on=target.published_on,
                        portal=target.portal, column=target.column, state=_kept(target) | _spare_state(found))
                 for found in find(page))


def _kept(target: Target) -> dict[str, object]:
    return {key: value for key, value in target.state.items() if key in ("agency", "code")}


def _spare_state(found: Found) -> dict[str, object]:
    return {"spare": list(found.spare)} if found.spare else {}


def collected(page: Page, target: Target) -> tuple[Target, ...]:
    """The reports that a collecting article (年报汇总) links to; none where an article links to fewer than three."""
    if target.state.get("collection"):
        return ()
    rows = [link for link in listing.links(page) if _is_report_link(link, page)]
    found = [report(link, page, target) for link in rows if link.url != page.url]
    marked = [replace(each, state={**each.state, "collection": True}) for each in found]
    return tuple(marked) if len(marked) >= MANY else ()


def _is_report_link(link: Link, page: Page) -> bool:
    return link.is_row and judge(link, page).kind == "report" and not addresses.is_folder(link.url)
