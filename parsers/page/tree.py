"""Page bytes to a tree, and the pages that hide in pages: mail archives, scripts, text areas."""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Iterable, Iterator
from email.errors import CloseBoundaryNotFoundDefect
from typing import cast
from urllib.parse import unquote

from lxml import etree

from parsers import charset
from parsers.exceptions import Empty, TooLarge
from parsers.page.quotes import literals
from parsers.page.words import CONTENT_COMMENTS

Element = etree._Element

MARK = "content-mark"          # the element put in place of a comment that marks the content
_MAIL = re.compile(rb"\s*(?:from|mime-version|subject|date|content-type|message-id|snapshot-content-location|x-[\w-]+):", re.I)
_CONTROL = bytes((*range(9), 0x0b, *range(0x0e, 0x20), 0x7f))
_NO_CHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")         # U+FFFE and U+FFFF
_PAGES = ("text/html", "application/xhtml+xml")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_TAG = re.compile(r"<(?:p|div|table|span|br|h[1-6]|td|section|strong)\b", re.I)
_WRITE = re.compile(r"document\.write(?:ln)?\s*\(", re.I)
_COMMENT = re.compile("<!--")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n|.))", re.S)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": "", "0": "", "\n": "", "\r\n": ""}
_LONG_ATTRIBUTES = etree.XPath("//@*[string-length() > 400 and contains(., '<')]", smart_strings=False)
_LETTER = 400                  # Chinese characters a covering letter may have
_LEAST = 40                    # Chinese characters below which a script's string is a label, not an article


def text(data: bytes) -> str:
    """The HTML text of a page, of the page inside a mail archive (.mht), or of an HTML file under another name."""
    if not is_mail(data):
        return charset.decode(data)
    pages = _pages(data)
    if any(page.strip() for page in pages):
        return max(pages, key=_words)                   # a frameset or a cover letter says less
    if email.message_from_bytes(data).is_multipart():
        raise Empty("the web archive (.mht) holds no page; save the page again as HTML")
    return charset.decode(data)


def _pages(data: bytes) -> list[str]:
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    return [charset.decode(payload, str(part.get_content_charset() or "")) for part in message.walk()
            if part.get_content_type() in _PAGES and isinstance(payload := part.get_payload(decode=True), bytes)]


def _words(page: str) -> int:
    return sum(1 for _ in _CJK.finditer(page))


def is_cut(data: bytes) -> bool:
    """Whether a web archive ends before its last boundary."""
    message = email.message_from_bytes(data, policy=email.policy.compat32) if is_mail(data) else None
    return message is not None and any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects)


def attached(data: bytes) -> list[tuple[str, bytes]]:
    """The files attached to a letter that says next to nothing itself, by name."""
    if not is_mail(data) or any(_words(page) > _LETTER for page in _pages(data)):
        return []
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = [(str(part.get_filename() or "attachment"), part.get_payload(decode=True)) for part in message.walk()
             if part.get_content_disposition() == "attachment"]
    return [(name, payload) for name, payload in parts if isinstance(payload, bytes) and payload]


def is_mail(data: bytes) -> bool:
    """Whether a page comes wrapped as a mail message, as browsers save web archives."""
    return _MAIL.match(data[:200]) is not None


def parse(source: str) -> Element:
    """The tree of an HTML text, comments that mark the content turned into elements. Raises `Empty` and `TooLarge`."""
    data = _marked(source).encode("utf-8", "replace").translate(None, _CONTROL)
    if _NO_CHARACTERS.search(data):
        data = _NO_CHARACTERS.sub(b"", data)
    for huge in (False, True):                 # 256 levels are plenty for honest pages; unclosed <font>s need more
        parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=huge)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            root = None
        if not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            if root is None:
                raise Empty("the page has no elements; fetch it again")
            return root
    raise TooLarge("the page is nested beyond all measure; it cannot be an honest document")


def _marked(source: str) -> str:
    comments = [found.start() for found in _COMMENT.finditer(source)]
    for begin, end in CONTENT_COMMENTS if comments else ():
        first = next(filter(None, (begin.match(source, at) for at in comments)), None)
        last = end.search(source, first.end()) if first else None
        if first and last:
            return (source[:first.start()] + f"<{MARK}></{MARK}>" + source[first.end():last.start()]
                    + f"<{MARK}></{MARK}>" + source[last.end():])
    return source


def carriers(root: Element) -> list[tuple[str, str]]:
    """What may carry a text unseen by the eye, as (tag, text): scripts, text areas, listings, frames, long attributes."""
    texts = [(str(node.tag), "".join(map(str, node.itertext()))) for node in root.iter("script", "textarea", "xmp")]
    texts += [(_carrier(value), value) for value in map(str, cast("list[str]", _LONG_ATTRIBUTES(root)))]
    return [(tag, text) for tag, text in texts if len(text) > _LEAST]


def _carrier(value: str) -> str:
    """An attribute with a page in it is read as one (`srcdoc`), one with data (`data-page`) as a script is."""
    return "script" if value.lstrip().startswith(("{", "[")) else "attribute"


def fragments(carried: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Pieces of HTML carried as text: strings of scripts, `document.write`, CDATA of data islands, text areas."""
    for tag, content in carried:
        for piece in _strings(content) if tag == "script" else [content]:
            if "<" not in piece:
                piece = unquote(piece) if "%3C" in piece else html.unescape(piece) if "&lt;" in piece else piece
            if _TAG.search(piece) and sum(1 for _ in _CJK.finditer(piece)) >= _LEAST:
                yield piece


def _strings(script: str) -> list[str]:
    islands = _CDATA.findall(script, 0, script.rfind("]]>") + 3)      # after the last end there is no island to look for
    if islands:
        return ["".join(islands)]
    strings = [unescape(found) for found in literals(script) if found]
    if _WRITE.search(script):
        return ["".join(strings)]
    return [string for string in strings if len(string) > _LEAST]


def unescape(string: str) -> str:
    """A JavaScript string literal's value, quotes already off."""
    if "\\" not in string:
        return string
    value = _ESCAPE.sub(_character, string)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    return _PLAIN.get(found[4], found[4])
