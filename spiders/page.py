"""A fetched page, decoded and parsed once, and asked by everything that walks."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree
from lxml.etree import XPath
from lxml.etree import _Element as Element
from scrapy.http import Response
from w3lib.url import safe_url_string

from spiders import writes

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NO_ADDRESS = ("javascript:", "mailto:", "tel:", "data:", "about:")
_PACKINGS = ("br", "zstd", "compress", "dcb", "dcz")
_SILENT = {"script", "style", "noscript", "template", "textarea", "select"}
_APART = {"br", "td", "li", "p", "div"}               # what stands in them stands apart from what is before
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LINE_COMMENT = r"(?<![:\"'\\\w])//[^\n]*"
_COMMENT, _ONLY_LINES = re.compile(rf"/\*|{_LINE_COMMENT}"), re.compile(_LINE_COMMENT)
_REFRESH = re.compile(r"url\s*=\s*['\"]?\s*([^'\"\s>]+)", re.I)
_LOCATION = re.compile(
    r"location(?<!\wlocation)(?:\.href)?\s*(?:=|\.replace\s*\(|\.assign\s*\()\s*(['\"])(.*?)\1")     # begins with letters: fast
_HANDLER = re.compile(r"""\bon[a-z]+\s*=\s*\\?["'][^"'<>]*$""")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_SHELL = 200          # visible characters; a real page of any kind has more
_LONGEST_ADDRESS = 4_000      # characters; what is longer is no address a server would understand


def decode(body: bytes) -> str:
    """Text of a Chinese page whatever its headers claim: a BOM, else UTF-8, else GB18030, whichever reads with fewer scars."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, errors="replace")
    try:
        return body.decode("utf-8")                     # without a scar: no need to try the other
    except UnicodeDecodeError:
        tries = [body.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")]
        return min(tries, key=lambda text: text.count("�"))


#: where elements hold code, or an address that code follows
CODE = ("onclick", "href", "ondblclick", "onmousedown")
DATA_ADDRESS = ("data-href", "data-url", "data-link", "_href", "url")
_HAVING_ANY = XPath("descendant-or-self::*[@*]")


def having(root: Element, *attributes: str) -> list[Element]:
    """The elements with one of these attributes, in reading order; a page has thousands of elements, few of them can act."""
    return _having(_attributed(root), attributes)


def _attributed(root: Element) -> list[tuple[Element, Sequence[str | bytes]]]:
    return [(element, element.keys()) for element in cast("list[Element]", _HAVING_ANY(root))]


def _having(attributed: list[tuple[Element, Sequence[str | bytes]]], attributes: Iterable[str]) -> list[Element]:
    wanted = frozenset(attributes)
    return [element for element, names in attributed if not wanted.isdisjoint(names)]


def squeeze(text: str) -> str:
    """All white space removed; names on portals are broken over lines at will."""
    return "".join(text.replace("​", "").split())


def words(element: Element) -> str:
    """The text a reader sees in `element`, white space collapsed, without scripts and form controls."""
    return " ".join("".join(_strings(element)).split())


def spaced(element: Element) -> str:
    """The same text with a blank between any two elements: a day and its month may be neighbours without one."""
    return " ".join(" ".join(_strings(element)).split())


def _strings(element: Element) -> list[str]:
    found: list[str] = []
    if element.tag not in _SILENT and isinstance(element.tag, str):
        _gather(element, found)
    return found


def _gather(element: Element, found: list[str]) -> None:
    """Append the strings of an element that speaks, in their order."""
    if element.text:
        found.append(element.text)
    for child in element:
        tag = child.tag
        if tag in _APART:
            found.append(" ")
        if tag not in _SILENT and isinstance(tag, str):
            _gather(child, found)
        if child.tail:
            found.append(child.tail)


@dataclass(frozen=True)
class Page:
    """What came back for a target: final address, status, headers (values as latin-1 text, no byte lost) and bytes."""

    url: str
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, response: Response) -> Page:
        headers = tuple((name.decode("latin-1"), value.decode("latin-1"))
                        for name, values in response.headers.items() for value in values)
        return cls(response.url, response.body, response.status, headers)

    @property
    def packed(self) -> bool:
        """Whether the bytes are still packed in a way that was not asked for; what they hold nobody knows."""
        return any(name.lower() == "content-encoding" and value.strip().lower() in _PACKINGS for name, value in self.headers)

    @cached_property
    def text(self) -> str:
        """The whole source as text."""
        return decode(self.body).replace("\x00", "")

    @cached_property
    def tree(self) -> Element:
        """The document without comments, with what its inline scripts write into it put where a browser puts it."""
        tree = parse(self.text)
        for script in list(tree.iter("script")):
            written = writes.written(script.text or "") if "document.write" in (script.text or "") else ""
            if "<" in written:
                _insert_after(script, written)
        if "atob" in self.text:
            _uncover(tree)
        return tree

    @cached_property
    def base(self) -> str:
        """What relative addresses are relative to."""
        found = self.tree.find(".//base[@href]")
        return urljoin(self.url, found.get("href", "").strip()) if found is not None else self.url

    def absolute(self, address: str) -> str:
        """`address` as a full, properly escaped URL without fragment; "" when it is none (javascript:, mailto:, broken)."""
        address = address.strip()
        if not 0 < len(address) <= _LONGEST_ADDRESS or address[0] == "#" or address[:11].lower().startswith(_NO_ADDRESS):
            return ""
        address = address.replace("&amp;", "&").replace("\\", "/")
        of_the_host = address.startswith("/") and not address.startswith("//")
        try:
            return _joined(self._root if of_the_host else self.base, address)
        except ValueError:
            return ""

    @cached_property
    def _root(self) -> str:
        """What addresses that begin with a slash are relative to: the same for all pages of a host, with all their menus."""
        return urljoin(self.base, "/")

    @cached_property
    def _attributed(self) -> list[tuple[Element, Sequence[str | bytes]]]:
        return _attributed(self.tree)

    def having(self, *attributes: str) -> list[Element]:
        """The elements with one of these attributes, in reading order; the tree is looked through once for all questions."""
        return _having(self._attributed, attributes)

    @cached_property
    def leads(self) -> dict[Element, str]:
        """Where elements lead that were asked so far; filled by `leads.address`."""
        return {}

    @cached_property
    def metas(self) -> dict[str, str]:
        """Named facts of the head, names lower-cased (SiteName → sitename); the first of a name wins."""
        found: dict[str, str] = {}
        for meta in self.tree.iter("meta"):
            name, content = meta.get("name") or meta.get("property"), meta.get("content")
            if name and content:
                found.setdefault(name.strip().lower(), content.strip())
        return found

    @cached_property
    def title(self) -> str:
        found = self.tree.find(".//title")
        return words(found) if found is not None else ""

    @cached_property
    def scripts(self) -> str:
        """All inline code without its comments; a pager in a comment is a pager of the past."""
        return "\n".join(_without_comments(script.text or "") for script in self.tree.iter("script"))

    @cached_property
    def visible(self) -> str:
        """All text a reader sees."""
        body = self.tree.find(".//body")
        return words(body if body is not None else self.tree)

    @cached_property
    def refresh(self) -> str:
        """Where a meta refresh leads, "" when there is none (a page that only reloads itself leads to itself)."""
        for meta in self.tree.iter("meta"):
            if (meta.get("http-equiv") or "").lower() == "refresh":
                found = _REFRESH.search(meta.get("content") or "")
                return self.absolute(found[1]) if found else ""
        return ""

    @cached_property
    def onward(self) -> str:
        """Where a page without content of its own sends its reader (meta refresh or a script), "" for a real page."""
        sent = next((found[2] for found in _LOCATION.finditer(self.scripts) if _at_once(found)), "")
        onward = self.refresh or (self.absolute(sent) if sent else "")
        return onward if onward != self.url and onward and len(self.visible) <= _SHELL else ""


def _at_once(found: re.Match[str]) -> bool:
    """Whether a script itself goes to an address: not what a click on markup in it would do, nor an unfilled template."""
    return "${" not in found[2] and not _HANDLER.search(found.string, max(0, found.start() - 80), found.start())


@lru_cache(maxsize=16_384)
def _joined(base: str, address: str) -> str:
    url = safe_url_string(urljoin(base, address))
    bare, _, fragment = url.partition("#")
    kept = f"#{fragment}" if fragment.isdigit() and "/gkmlpt/" in bare else ""              # there a fragment names a column
    return bare + kept if urlsplit(url).hostname else ""


def _without_comments(script: str) -> str:
    """A script with a blank for each comment; where a `/*` is not closed, no later one is looked for either."""
    if "//" not in script and "/*" not in script:
        return script
    comment, kept, start, at = _COMMENT, list[str](), 0, 0
    while found := comment.search(script, at):
        end = found.end() if found[0] != "/*" else script.find("*/", found.end()) + 2
        if end < 2:
            comment, at = _ONLY_LINES, found.start()
        else:
            kept.append(script[start:found.start()])
            start = at = end
    return " ".join((*kept, script[start:]))


def parse(source: str) -> Element:
    """A document tree of any text, comments dropped; the empty text gives an empty document."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    clean = _XML_DECLARATION.sub("", source)
    try:
        found = etree.fromstring(clean.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        found = None
    return etree.fromstring("<html><body></body></html>", parser) if found is None else found


def _uncover(tree: Element) -> None:
    """Put the markup that elements hold as Base64 (of percent-encoded text) in its place, as `window.atob` does."""
    for element in list(tree.iter("div", "span", "p", "input", "textarea", "ul", "td")):
        held = squeeze(element.text or element.get("value") or "") if not len(element) else ""
        if len(held) >= 24 and _BASE64.fullmatch(held) and "<" in (markup := _unhidden(held)):
            found = parse(f"<div>{markup}</div>").find(".//div")
            parent = element.getparent()
            if found is not None and parent is not None:
                found.tail, element.tail = element.tail, None
                parent.replace(element, found)


def _unhidden(held: str) -> str:
    try:
        return unquote(decode(base64.b64decode(held + "=" * (-len(held) % 4))))
    except ValueError:
        return ""


def _insert_after(script: Element, markup: str) -> None:
    parent, written = script.getparent(), parse(f"<div>{markup}</div>").find(".//div")
    if parent is None or written is None:
        return
    pieces = list(written)
    place = parent.index(script) + 1
    tail, script.tail = script.tail, written.text
    for offset, piece in enumerate(pieces):
        parent.insert(place + offset, piece)
    last = pieces[-1] if pieces else script
    last.tail = (last.tail or "") + (tail or "")
