"""Which element of a page is the article: by marks of the publishing system where they hold, else by where the words are.

Nothing here knows a site. The evidence is the same everywhere: numbered headings, tables of data, words outside links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from lxml import etree

from parsers.page.flow import SILENT, is_hidden
from parsers.page.tree import MARK
from parsers.page.words import BREADCRUMB, CONTENT_CLASSES, CONTENT_IDS, CONTENT_TAGS, FURNITURE, FURNITURE_PARTS, names

Element = etree._Element

_NUMBERED = re.compile(r"(?:^|[\s>　])(?:第?[一二三四五六七八九十]{1,3}(?:、|部分))")
_POSITION = re.compile(r"\s*(?:您|你)?(?:当前|现在|目前)?(?:所在|所处)?(?:的)?位置\s*(?:是)?\s*[：:]?")
_ARROW = re.compile(r"[>＞»›→]+|\s[/|-]\s|-->?")
_SHARE = 0.9                   # of a page's evidence that the article must hold
_HEADING = 200                 # what a numbered heading weighs, in characters
_TABLE = 500                   # what a table of data weighs: a short table must not be cut off from a long text
_SMALL = 300                   # characters an element may hold and still be furniture by its name


def find(root: Element) -> tuple[Element, bool]:
    """The element that holds the article, and whether a publishing system's own mark says so."""
    body = root.find("body")
    body = root if body is None else body
    marked = _marked(body)
    if marked is not None:
        return marked, True
    return _heaviest(body), False


def _marked(body: Element) -> Element | None:
    """The smallest marked element that holds what evidence the page shows; None when the marks do not hold it."""
    candidates = list(_candidates(body))
    if not candidates:
        return None
    whole = _evidence(body)
    held = [(element, _evidence(element)) for element in candidates]
    if whole[0] or whole[1]:
        held = [(e, found) for e, found in held if found[0] >= _SHARE * whole[0] and found[1] >= _SHARE * whole[1]]
        return min(held, key=lambda pair: pair[1][2])[0] if held else None
    return max(held, key=lambda pair: pair[1][2])[0] if any(found[2] for _, found in held) else candidates[0]


def _candidates(body: Element) -> Iterable[Element]:
    marks = list(body.iter(MARK))
    if len(marks) == 2:
        yield _common(marks[0], marks[1])
    for tag in CONTENT_TAGS:
        yield from body.iter(tag)
    for element in body.iterfind(".//*[@id]"):
        if str(element.get("id")).strip().lower() in CONTENT_IDS:
            yield element
    for element in body.iterfind(".//*[@class]"):
        if not CONTENT_CLASSES.isdisjoint(str(element.get("class")).lower().split()):
            yield element


def _common(first: Element, last: Element) -> Element:
    above = [first, *first.iterancestors()]
    return next(element for element in last.iterancestors() if element in above)


def _evidence(element: Element) -> tuple[int, int, int]:
    """Numbered headings, rows of data tables, and characters of words outside links."""
    text = "".join(_words(element))
    rows = sum(1 for row in element.iter("tr") if row.find(".//table") is None and len(row) > 2)
    return len(_NUMBERED.findall(text)), rows, len(text)


@lru_cache(maxsize=4096)
def _names_furniture(classes: str, identity: str) -> bool:
    whole = f"{classes} {identity}".lower().split()
    return not FURNITURE.isdisjoint(whole) or not FURNITURE_PARTS.isdisjoint(_named(classes, identity))


@lru_cache(maxsize=4096)
def _named(classes: str, identity: str) -> frozenset[str]:
    return frozenset(names(f"{classes} {identity}"))


def _words(element: Element) -> Iterable[str]:
    """Visible words outside links, each run with a space before it."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if event == "end":
            if node is not element and node.tail and (tail := node.tail.strip()):
                yield " " + tail
        elif node.tag in SILENT or node.tag == "a" or is_hidden(node):
            walk.skip_subtree()
        elif node.text and (text := node.text.strip()):
            yield " " + text


def _heaviest(body: Element) -> Element:
    """The smallest element that holds nearly all the evidence."""
    weights: list[tuple[int, Element]] = []
    stack = [0]
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, node in walk:
        if event == "start":
            stack.append(_weight(node.text) if node.text else 0)
            if node.tag in SILENT or node.tag == "a" or is_hidden(node) or is_furniture(node):
                stack[-1] = 0
                walk.skip_subtree()
        else:
            weight = stack.pop()
            if node.tag == "table" and weight and len(node.findall(".//tr")) > 2 and node.find(".//table") is None:
                weight += _TABLE
            weights.append((weight, node))
            stack[-1] += weight + (_weight(node.tail) if node.tail else 0)
    total = weights[-1][0]
    return next((node for weight, node in weights if weight >= _SHARE * total and node.tag not in _INSIDE), body)


#: parts of a text that are never a whole article
_INSIDE = frozenset({"p", "span", "tr", "td", "th", "tbody", "thead", "table", "font", "b", "strong", "li", "ul", "ol", "a",
                     *(f"h{level}" for level in range(1, 7))})


def _weight(text: str) -> int:
    text = text.strip()
    return len(text) + (_HEADING if text and _NUMBERED.match(text) else 0)


def is_furniture(element: Element) -> bool:
    """Whether an element is by its tag or names furniture of a page, and small or nothing but links."""
    if element.tag in ("nav", "footer", "aside"):
        return True
    attributes = element.attrib
    if not attributes:
        return False
    if element.tag in ("body", "html", "td", "tr") \
            or not _names_furniture(str(attributes.get("class") or ""), str(attributes.get("id") or "")):
        return False
    text = "".join(_words(element))
    return len(text) < _SMALL and not _NUMBERED.search(text) and element.find(".//table") is None


def breadcrumb(root: Element) -> str:
    """The path of columns above the page, "首页>政府信息公开>年报"; "" without one."""
    for element in root.iter("div", "p", "ul", "ol", "nav", "span", "td", "h2", "h3", "h4", "section", "dl"):
        if _may_be_path(element):
            path = _path("".join(map(str, element.itertext())))
            if path:
                return path
    return ""


def _may_be_path(element: Element) -> bool:
    attributes = element.attrib
    if attributes and not _named(str(attributes.get("class") or ""), str(attributes.get("id") or "")).isdisjoint(BREADCRUMB):
        return True
    return _POSITION.match(element.text or "") is not None


def _path(text: str) -> str:
    text = _POSITION.sub("", text.strip())
    if len(text) > 400 or not _ARROW.search(text):
        return ""
    steps = [step for part in _ARROW.split(text) if (step := " ".join(part.split()))]
    return ">".join(steps) if len(steps) > 1 and all(len(step) < 60 for step in steps) else ""
