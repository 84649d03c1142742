"""The files that belong to an article, wherever its page hides them: in and after the body, in viewers, in scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from lxml.etree import _Element as Element

from spiders import addresses, leads, listing, names, titles
from spiders.listing import Link
from spiders.models import Target
from spiders.page import Page, words
from spiders.walks import judge, may_be_report, report
from spiders.writes import unescape

_VIEWER = re.compile(r"(?:viewer|pdfview\w*|preview\w*|onlineview\w*)\.\w+", re.I)
_SHOWN = re.compile(r"show\w{0,40}Iframe\(\s*[\"']([^\"']+)[\"']", re.I)
_IN_SCRIPT = re.compile(
    r"[\"']((?:https?:)?(?:\\?/|\.{1,2}/|\w)[^\"'<>\s]{0,300}\.(?:pdf|docx?|wps|ofd|xlsx?)(?:\?[^\"'<>\s]*)?)[\"']", re.I)
_EMBEDS = {"iframe": ("src",), "embed": ("src",), "object": ("data",), "frame": ("src",), "source": ()}
_FILE_ATTRIBUTES = ("pdfsrc", "data-pdf", "data-file", "sudyfile-attr-src")
_NAMED_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|ofd|rtf|zip|rar)\s*$", re.I)
_CALLED = re.compile(r"附件\s*[\d一二三四五六七八九十]{0,2}\s*[:：、.【（(]*$")
_BLOCK = re.compile(r"attach|annex|appendix|enclosure|fujian|\bfj\b|accessor", re.I)
_NEAR = 4              # elements around a link that may call it an attachment
_TYPED = re.compile(r"pdf|msword|officedocument", re.I)
_PARAMS = ("src", "filename", "url", "data", "movie")
_PICTURE = re.compile(r"\.(?:jpe?g|png|bmp|tiff?|webp)(?:\?|$)", re.I)
_PICTURE_SOURCES = ("data-original", "data-src", "_src", "src")
_ICON = re.compile(r"/(?:images?|img|static|css|skin|themes?|template|common|public|icons?|assets)/|icon|logo|blank|loading|qr"
                   r"|code|ewm|beian|weixin|wechat|weibo|dangzheng|jiucuo|banner|_bg", re.I)
_ASIDE = re.compile(r"foot|head|nav|logo|side|share|code|banner|friend|menu|copyright|search", re.I)
_SMALL = 120           # pixels; a page of a report is larger
_FEW_WORDS = 300       # characters of a page that says next to nothing
_MOST_PICTURES = 60
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
    for element in dict.fromkeys((*page.tree.iter("a"), *leads.clickable(page))):
        url = unwrapped(page, leads.address(page, element))
        spare = page.absolute(element.get("oldsrc") or "")
        if not url and spare and element.get("appendix"):
            url, spare = spare, ""
        if url and (addresses.is_file(url) or _says_file(element, url) or _called_file(element, url)):
            yield Found(url, _name(element, url), _spares(page, url, spare))


def _says_file(element: Element, url: str) -> bool:
    """A link without a file's address that calls itself a file."""
    text = (element.get("title") or "") + " " + words(element)
    declared = element.get("appendix") or element.get("download") or element.get("data-appendix")
    return bool(declared or _NAMED_FILE.search(text)) and not addresses.dialect(url)


def _called_file(element: Element, url: str) -> bool:
    """A link to no page of known kind that the words just before it, or the block around it, call an attachment."""
    last = addresses.split(url)[1].partition("?")[0].rpartition("/")[2]
    if element.tag != "a" or not last or "." in last:
        return False
    before, parent = element.getprevious(), element.getparent()
    said = ((before.tail if before is not None else parent.text if parent is not None else "") or "").strip()
    return _within(element, _BLOCK, _NEAR) or (bool(_CALLED.search(said)) and not addresses.dialect(url))


def _name(element: Element, url: str) -> str:
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
        if "?" in inner[0]:                          # an address with a query of its own, not escaped: all of it is meant
            inner = [unquote(re.split(r"(?:^|&)(?:file|pdf)=", parts.query, maxsplit=1)[1])]
        # a viewer resolves a relative file against its own place
        url = replace(page, url=url, body=b"").absolute(inner[0])
    return url


def _embedded(page: Page) -> Iterator[Found]:
    for tag, attributes in _EMBEDS.items():
        for element in page.tree.iter(tag):
            for value in (element.get(name) or "" for name in (*attributes, *_FILE_ATTRIBUTES)):
                raw = page.absolute(value)
                url = unwrapped(page, raw)
                if url and (addresses.is_file(url) or url != raw or _TYPED.search(element.get("type") or "")):
                    yield Found(url, names.from_address(url), _spares(page, url, ""))
    for element in page.tree.iter("param"):
        url = page.absolute(element.get("value") or "")
        if (element.get("name") or "").lower() in _PARAMS and url and addresses.is_file(url):
            yield Found(url, names.from_address(url), _spares(page, url, ""))
    for element in page.having(*_FILE_ATTRIBUTES):
        for name in _FILE_ATTRIBUTES:
            if url := page.absolute(element.get(name) or ""):
                yield Found(url, names.from_address(url))


def _scripted(page: Page) -> Iterator[Found]:
    shown = [match[1] for match in _SHOWN.finditer(page.scripts)] if "iframe(" in page.scripts.lower() else []
    for address in (*shown, *(match[1] for match in _IN_SCRIPT.finditer(page.scripts))):
        url = unwrapped(page, page.absolute(unescape(address)))
        if url and "{" not in address and "+" not in address and addresses.is_file(url):
            yield Found(url, names.from_address(url))


def pictures(page: Page) -> list[Found]:
    """The pictures of a page that says next to nothing in words: its report is what they show."""
    if len(page.visible) > _FEW_WORDS:
        return []
    found: dict[str, Found] = {}
    for element in page.tree.iter("img"):
        url = page.absolute(next((value for name in _PICTURE_SOURCES if (value := element.get(name))), ""))
        furniture = _ICON.search(addresses.split(url)[1]) or _small(element) or _within(element, _ASIDE)
        if _PICTURE.search(url) and not furniture:
            found.setdefault(url, Found(url, names.from_address(url)))
    return list(found.values())[:_MOST_PICTURES]


def _within(element: Element, named: re.Pattern[str], most: int | None = None) -> bool:
    """Whether a block around an element has such a class or id."""
    around = islice(element.iterancestors(), most)
    return any(named.search(f"{each.get('class') or ''} {each.get('id') or ''}") for each in around)


def _small(element: Element) -> bool:
    sizes = [re.match(r"\d+", element.get(name) or "") for name in ("width", "height")]
    return any(size and int(size[0]) < _SMALL for size in sizes)


def targets(page: Page, target: Target) -> tuple[Target, ...]:
    """The files of an article as leaves of the walk."""
    return tuple(Target(found.url, "attachment", referrer=page.url, link_text=found.name, published_on=target.published_on,
                        portal=target.portal, column=target.column, state=_kept(target) | _spare_state(found))
                 for found in find(page) or pictures(page))


def _kept(target: Target) -> dict[str, object]:
    return {key: value for key, value in target.state.items() if key in ("agency", "code")}


def _spare_state(found: Found) -> dict[str, object]:
    return {"spare": list(found.spare)} if found.spare else {}


def collected(page: Page, target: Target) -> tuple[Target, ...]:
    """The reports that a collecting article (年报汇总) links to; none where an article links to fewer than three."""
    if target.state.get("collection"):
        return ()
    rows = [link for link in listing.links(page, wanted=may_be_report) if _is_report_link(link, page)]
    found = [report(link, page, target) for link in rows if link.url != page.url]
    marked = [replace(each, state={**each.state, "collection": True}) for each in found]
    only_says_where = 0 < len(marked) < MANY and len(page.visible) <= _FEW_WORDS
    return tuple(marked) if len(marked) >= MANY or only_says_where else ()


def _is_report_link(link: Link, page: Page) -> bool:
    return judge(link, page).kind == "report" and link.is_row and not addresses.is_folder(link.url)
