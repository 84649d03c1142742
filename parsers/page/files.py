"""Files a page offers: attachments, embedded viewers, scripts that open one. Addresses as printed, names the best there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from parsers.models import Link
from parsers.page.tree import unescape
from parsers.page.wording import clean, shown
from parsers.page.words import names

Element = etree._Element

EXTENSION = r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|odt|zip|rar|7z|mht)"
_FILE = re.compile(EXTENSION + r"(?=$|[?#&;])", re.I)
_NAME = re.compile(EXTENSION + r"\s*$", re.I)
_ENDPOINT = re.compile(r"download\.jsp|downfile\.jsp|downloadfile|download\.aspx|virtual_attach_file|downloadattach|"
                       r"wbfileid=|"
                       r"/attach(?:ment)?s?/|/filemanager/|/articlefiledir/|downloadAction|fileDownload", re.I)
_LEADS = re.compile(f"{_FILE.pattern}|{_ENDPOINT.pattern}", re.I)
_LIKELY = re.compile(rf"{EXTENSION}(?=[\"'?#&])", re.I)         # sought by its point, which is quick
_ADDRESS = re.compile(rf"[^\s<>{{}}()]+{EXTENSION}(?:[?#][^\s<>]*)?", re.I)
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|bmp|svg|webp|ico)(?=$|[?#&])", re.I)
_VIEWED = etree.XPath("descendant::*/@pdfsrc/..")
_QUOTED = re.compile(r"[\"']([^\"'\n]{1,2000}?)[\"']")
_VSB = re.compile(r"showVsbpdfIframe\s*\(\s*[\"']([^\"']+)[\"']", re.I)
_FRAME = frozenset({"nav", "navbar", "menu", "footer", "foot", "bottom", "banner", "copyright"})
_JSON = re.compile(r"\{[^{}]{0,4000}?\}")
_PAIR = re.compile(r"[\"']?(name|title|url|mime|type)[\"']?\s*:\s*([\"'])((?:\\.|(?!\2)[^\\])*)\2", re.I)
_DATA = re.compile(r"[=:(,]\s*[\"'](?:data:application/pdf;base64,)?(JVBERi0[A-Za-z0-9+/=\\n]{200,})[\"']")
_NO_NAME = re.compile(r"(?:点击|点此|单击|请)*(?:下载|查看|浏览|打开|阅读)?"
                      r"(?:附件|全文|原文|详情|文件)?(?:下载|查看)?[\d：:。]*")


def links(root: Element) -> list[tuple[Element, Link]]:
    """The files a page offers, each with the element that offers it; those of its head, menus and foot left out."""
    return [(node, link) for node, link in _links(root) if node.tag != "a" or not _in_frame(node)]


def ordered(found: Iterable[tuple[Element, Link]], first: set[Element]) -> tuple[Link, ...]:
    """Each address once, with its best name; those offered by the elements of `first` (the article's) come first."""
    kept: dict[str, Link] = {}
    for _, link in sorted(found, key=lambda pair: pair[0] not in first):
        if not kept.get(link.url, Link("")).name:
            kept[link.url] = link
    return tuple(kept.values())


def is_file(element: Element) -> bool:
    """Whether an anchor leads to a file."""
    href = (element.get("href") or "").strip()
    if not href or href.startswith("#") or href.lower().startswith(("javascript:", "mailto:")):
        return False
    if element.get("download") is not None or element.get("appendix") is not None:
        return True
    return (_LEADS.search(href) is not None or has_file_name(element)) and not _IMAGE.search(href)


def has_file_name(element: Element) -> bool:
    """Whether an anchor's own words are a file's name, which no other copy of the text would print."""
    words = "".join(map(str, element.itertext())) if len(element) else element.text or ""
    return "." in words and _NAME.search(words) is not None


def _links(root: Element) -> Iterator[tuple[Element, Link]]:
    for node in root.iter("a", "iframe", "embed", "object", "script", "frame", "source", "area"):
        tag = node.tag
        if tag == "a" and (node.get("href") or "#").startswith("#") and not node.get("onclick"):
            continue                                       # leads nowhere at first sight, as the hundreds in menus
        for link in _anchor(node) if tag == "a" else _script(node.text or "") if tag == "script" else _frame(node):
            yield node, link
    for node in cast("list[Element]", _VIEWED(root)):
        yield node, Link(str(node.get("pdfsrc")), clean(str(node.get("title") or node.get("sudyfile-attr") or "")))


def _frame(node: Element) -> Iterator[Link]:
    address = (node.get("src") or node.get("data") or node.get("href") or "").strip()
    if _FILE.search(address) or "file=" in address or _ENDPOINT.search(address):
        yield Link(_target(address), clean(node.get("title") or ""))


def _in_frame(node: Element) -> bool:
    """Whether an element stands in the head, menu or foot of the page, whose files belong to the site."""
    for above in node.iterancestors():
        named = names(f"{above.get('class') or ''} {above.get('id') or ''}") if above.attrib else set()
        if above.tag in ("nav", "footer") or not _FRAME.isdisjoint(named):
            return True
    return False


def _anchor(node: Element) -> Iterator[Link]:
    href = (node.get("href") or "").strip()
    if is_file(node):
        yield Link(_target(href), _best_name(node, href))
        return
    script = node.get("onclick") or (href if href.lower().startswith("javascript:") else "")
    for address in _QUOTED.findall(script) if script else ():
        if _FILE.search(address):
            yield Link(_target(address), _best_name(node, address))


def _best_name(node: Element, href: str) -> str:
    """Title, download and showname first; the anchor's words unless they only say "download"; then nothing."""
    query = parse_qs(urlsplit(_safe(href)).query)
    text = shown(node)
    offers = [str(node.get("download") or ""), str(node.get("title") or ""), *query.get("showname", []), text,
              *query.get("fText", []), *query.get("fileName", [])]
    offers = [clean(offer) for offer in offers if clean(offer) and not _NO_NAME.fullmatch(clean(offer))]
    named = next((offer for offer in offers if _NAME.search(offer)), "")
    return re.sub(rf"({EXTENSION})\1+$", r"\1", named or next(iter(offers), ""), flags=re.I)


def _target(address: str) -> str:
    """The file behind a viewer's address, else the address itself."""
    address = address.strip()
    query = parse_qs(urlsplit(_safe(address)).query)
    for name in ("file", "fileurl", "pdfurl", "src"):
        behind = query.get(name, [""])[0]
        if "viewer" in address.lower() and (_FILE.search(behind) or _ENDPOINT.search(behind)):
            return unquote(behind) if "%2F" in behind else behind
    return address


def _safe(address: str) -> str:
    """An address `urlsplit` cannot choke on (brackets of broken IPv6 hosts)."""
    return address.replace("[", "%5B").replace("]", "%5D")


def _script(script: str) -> Iterator[Link]:
    if not script or len(script) > 20_000_000:
        return
    small = script.lower()                     # words before patterns: most scripts are long and name no file
    for address in _VSB.findall(script) if "vsbpdf" in small else ():
        yield Link(address)
    for data in _DATA.findall(script) if "JVBERi0" in script else ():
        yield Link("data:application/pdf;base64," + data.replace("\\n", ""))
    if not (_LIKELY.search(script) or "attachment/" in small or "attachment\\/" in small):
        return
    named: set[str] = set()
    for found in _JSON.findall(script):
        values = {key.lower(): unescape(value) for key, _, value in _PAIR.findall(found)}
        if "url" in values and "name" in values and (_FILE.search(values["url"]) or _ENDPOINT.search(values["url"])):
            named.add(values["url"])
            yield Link(values["url"], clean(values["name"]))
    for address in map(unescape, _QUOTED.findall(script)):
        if address not in named and "/" in address and _ADDRESS.fullmatch(address):
            yield Link(_target(address))
