"""Which element of a page is the article: by marks of the publishing system where they hold, else by where the words are.

Nothing here knows a site. The evidence is the same everywhere: numbered headings, tables of data, words outside links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple, cast

from lxml import etree

from parsers.page.flow import SILENT, shown
from parsers.page.furniture import is_furniture as is_line
from parsers.page.tree import MARK
from parsers.page.unseen import hiding_classes, is_aside, is_faint, is_hidden
from parsers.page.words import BREADCRUMB, CONTENT_CLASSES, CONTENT_IDS, CONTENT_TAGS, FURNITURE, FURNITURE_PARTS, names

Element = etree._Element

_CHAPTER = re.compile(r"[一二三四五六七八九十](?:、|部分)")
_FIGURE = re.compile(r"、(?:(?<=(?<!\d)\d、)|(?<=(?<!\d)\d\d、))(?=[\u4e00-\u9fff])")     # sought by its mark, which is rare
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_POSITION = re.compile(r"(?:(?<!\s)\s+)?(?:您|你)?(?:当前|现在|目前)?(?:所在|所处)?(?:的)?位置\s*(?:是)?\s*[：:]?")
_ARROW = re.compile(r"[>＞»›→]+|\s[/|-]\s|-->?")
_SHARE = 0.9                   # of a page's evidence that the article must hold
_HEADING = 200                 # what a numbered heading weighs, in characters
_ROW = 50                      # what a row of data weighs: a short table must not be cut off from a long text
_SMALL = 300                   # characters an element may hold and still be furniture by its name
_FIELD = 40                    # characters of a form's field that can be a cell's figure or label
_NOTICE = 60                   # characters of a notice that a page may print in a box beside the article
_NEAR = 8                      # levels up from the article at which its title may stand: three layout tables
_LONGEST_TITLE = 120
_STRONG = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "big", "center"})
_MENU = 5                      # links that make a list a menu, if it holds next to nothing else
_WORDLESS = 20                 # characters below which a page is its links: an index of reports keeps them
_HIDING = frozenset({"style", "hidden", "color"})
_NEVER = frozenset({"body", "html", "td", "tr"})

#: parts of a text that are never a whole article
_INSIDE = frozenset({"p", "span", "font", "b", "strong", "li", "ul", "ol", "a", *(f"h{level}" for level in range(1, 7))})

_TEXT = etree.XPath("normalize-space(.)")
_LINKS = etree.XPath("descendant::a/descendant::text()", smart_strings=False)
_ROWS = etree.XPath("count(descendant::tr[count(td) + count(th) > 2 and not(descendant::table)])")


class Evidence(NamedTuple):
    """What speaks for an element being the article."""

    headings: int
    rows: int
    words: int

    @property
    def weight(self) -> int:
        return self.words + _HEADING * self.headings + _ROW * self.rows


class Named(NamedTuple):
    """An element that has a class or an id, with both; the styles of pasted Word text left out."""

    element: Element
    classes: str
    identity: str


class Survey(NamedTuple):
    """What one walk over a page finds: its named elements and its hidden ones."""

    named: list[Named]
    hidden: list[Element]


def survey(root: Element) -> Survey:
    """Walk a page once for everything that goes by names and styles."""
    found, hiding = Survey([], []), hiding_classes(root)
    for element in root.iter():
        attributes = element.keys()
        if not attributes:
            continue
        if "class" in attributes or "id" in attributes:
            classes, identity = element.get("class", ""), element.get("id", "")
            if (classes or identity) and not classes.startswith("Mso"):
                found.named.append(Named(element, classes, identity))
            if hiding and is_aside(element, hiding):
                found.hidden.append(element)
        if not _HIDING.isdisjoint(attributes) and (is_hidden(element) or is_faint(element)):
            found.hidden.append(element)
    return found


def unfolded(page: Survey) -> Survey:
    """The survey with every hidden panel as shown, of which another with the same class stands open beside it."""
    hidden = set(page.hidden)
    return page._replace(hidden=[element for element in page.hidden if not _is_panel(element, hidden)])


def _is_panel(element: Element, hidden: set[Element]) -> bool:
    classes = set((element.get("class") or "").split())
    beside = chain(element.itersiblings(), element.itersiblings(preceding=True))
    return any(classes.intersection((other.get("class") or "").split()) for other in beside if other not in hidden)


def sweep(root: Element, page: Survey, more: Iterable[Element]) -> None:
    """Take out of the tree what no reader of the page sees as text: scripts, hidden parts, furniture, and `more`."""
    for entry in root.iter("input", "textarea"):
        _say(entry)
    etree.strip_elements(root, *SILENT, with_tail=False)
    whole = _words(root, _text(root))
    furniture = [named.element for named in page.named if is_furniture(named, whole)]
    for element in (*page.hidden, *root.iter("nav", "footer", "aside"), *furniture, *more):
        _remove(element)


def _say(entry: Element) -> None:
    """What a form shows in a field of a table's cell is the text of the cell."""
    cell = entry.getparent()
    shown = entry.get("value") if entry.tag == "input" and entry.get("type") in (None, "text", "number") else entry.text
    if cell is not None and cell.tag in ("td", "th") and shown and len(shown) < _FIELD:
        entry.tail = shown + (entry.tail or "")


def find(root: Element, page: Survey) -> tuple[Element, int]:
    """The element that holds the article of a swept page, and the weight of what speaks for it."""
    body = root.find("body")
    body = root if body is None else body
    whole = _evidence(body)
    marked = _marked(body, page, whole)
    if marked is not None:
        return marked[0], marked[1].weight
    article = _heaviest(body, whole)
    if whole.words >= _WORDLESS:
        _remove_menus(article)
    return article, _evidence(article).weight


def caption(article: Element) -> list[str]:
    """The emphasised lines right above an article whose page declares no title: where old pages print it."""
    lines: list[str] = []
    for node in (article, *islice(article.iterancestors(), _NEAR)):
        if node.tag in ("body", "html"):
            break
        for above in node.itersiblings(preceding=True):
            line = shown(above)
            if not line or is_line(line):
                continue
            if len(line) > _LONGEST_TITLE or "。" in line or not _is_emphasised(above):
                return lines
            lines.insert(0, line)
        if lines:
            break
    return lines


def _is_emphasised(element: Element) -> bool:
    return any(node.tag in _STRONG or node.get("align") == "center" or "center" in (node.get("style") or "")
               for node in element.iter())


def _remove_menus(article: Element) -> None:
    """Take out of an article that no mark sets apart the lists that are nothing but links."""
    for element in list(article.iter("ul", "ol", "dl", "div")):
        if next(islice(element.iter("a"), _MENU - 1, None), None) is not None:
            found = _evidence(element)
            if not found.headings and not found.rows and found.words * 10 <= _chinese(_text(element)):
                _remove(element)


def _remove(element: Element) -> None:
    """Leave nothing of an element but the break it made in the text."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # newer than the stubs
    element.tag = "span" if element.tag in ("span", "a", "font", "b", "strong", "i", "em", "label") else "br"


def _marked(body: Element, page: Survey, whole: Evidence) -> tuple[Element, Evidence] | None:
    """The smallest marked element that holds what evidence the page shows; None when the marks do not hold it."""
    held = [(element, _evidence(element)) for element in _candidates(body, page)]
    if not held:
        return None
    if whole.headings or whole.rows:
        held = [(element, found) for element, found in held
                if found.headings >= _SHARE * whole.headings and found.rows >= _SHARE * whole.rows]
        return min(held, key=lambda pair: pair[1].words) if held else None
    return max(held, key=lambda pair: pair[1].words)


def _candidates(body: Element, page: Survey) -> Iterator[Element]:
    marks = list(body.iter(MARK))
    if len(marks) == 2:
        yield _common(marks[0], marks[1])
    yield from body.iter(*CONTENT_TAGS)
    for element, classes, identity in page.named:
        if element.tag != "html" and _names_content(classes, identity) and body in element.iterancestors():
            yield element                      # still on the page: what the sweep took out has no body above it


@lru_cache(maxsize=4096)
def _names_content(classes: str, identity: str) -> bool:
    return identity.strip().lower() in CONTENT_IDS or not CONTENT_CLASSES.isdisjoint(classes.lower().split())


def _common(first: Element, last: Element) -> Element:
    above = [first, *first.iterancestors()]
    return next(element for element in last.iterancestors() if element in above)


def _evidence(element: Element) -> Evidence:
    text = _text(element)
    return Evidence(_headings(text), _rows(element), _words(element, text))


def _text(element: Element) -> str:
    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)


def _headings(text: str) -> int:
    """Numbers as headings have them: 一、 第二部分 3、."""
    return len(_CHAPTER.findall(text)) + len(_FIGURE.findall(text))


def _rows(element: Element) -> int:
    """Rows of data."""
    return int(cast("float", _ROWS(element))) if _has(element, "tr") else 0


def _words(element: Element, text: str) -> int:
    """How many Chinese characters of an element, whose text is given, stand outside links."""
    words = _chinese(text)
    linked = "".join(cast("list[str]", _LINKS(element))) if words and _has(element, "a") else ""
    return max(words - _chinese(linked), 0)


def _has(element: Element, tag: str) -> bool:
    return next(element.iterdescendants(tag), None) is not None


def _chinese(text: str) -> int:
    """How many Chinese characters: the dates and counters around an article are none."""
    return sum(map(len, _CHINESE.findall(text)))


def _heaviest(element: Element, whole: Evidence) -> Element:
    """The smallest element that holds nearly all the evidence: down from the body while one child holds it."""
    while True:
        inner = _heavy(element, whole)
        if inner is not None and inner.tag == "table":           # only a cell of a layout table can be an article
            inner = next((cell for cell in inner.iter("td") if _evidence(cell).weight >= _SHARE * whole.weight), None)
        if inner is None or _speaks_outside(element, inner):
            return element
        element = inner


def _heavy(element: Element, whole: Evidence) -> Element | None:
    inner = (child for child in element if len(child) and child.tag not in _INSIDE)
    return next((child for child in inner if _evidence(child).weight >= _SHARE * whole.weight), None)


def _speaks_outside(element: Element, inner: Element) -> bool:
    """Whether sentences of the article stand in `element` outside `inner`: furniture says little, and in boxes of its own."""
    holder = next(child for child in element if child is inner or inner in child.iterdescendants())
    loose = [element.text or "", *(child.tail or "" for child in element)]
    for child in element:
        if child is not holder:
            text = str(_TEXT(child))
            boxed = bool(child.get("class") or child.get("id")) and len(text) < _NOTICE
            loose.append("" if boxed else text)
    return any("。" in text for text in loose)


@lru_cache(maxsize=4096)
def _names_furniture(classes: str, identity: str) -> bool:
    whole = f"{classes} {identity}".lower().split()
    return not FURNITURE.isdisjoint(whole) or not FURNITURE_PARTS.isdisjoint(_named(classes, identity))


@lru_cache(maxsize=4096)
def _named(classes: str, identity: str) -> frozenset[str]:
    return frozenset(names(f"{classes} {identity}"))


def is_furniture(named: Named, whole: int) -> bool:
    """Whether an element is by its names furniture of a page, and small in itself and beside the words of the whole page."""
    if not _names_furniture(named.classes, named.identity) or named.element.tag in _NEVER:
        return False
    text = _text(named.element)
    if not (_is_little(_chinese(text), whole) or _is_little(_words(named.element, text), whole)):
        return False
    return not _headings(text) and not _rows(named.element)


def _is_little(words: int, whole: int) -> bool:
    return words < _SMALL and words * 2 <= whole


def breadcrumb(root: Element, page: Survey) -> str:
    """The path of columns above the page, "首页>政府信息公开>年报"; "" without one."""
    named = (element for element, classes, identity in page.named if not _named(classes, identity).isdisjoint(BREADCRUMB))
    for element in chain(named, _placed(root)):
        path = _path("".join(map(str, element.itertext())))
        if path:
            return path
    return ""


def _placed(root: Element) -> Iterator[Element]:
    for element in root.iter("div", "p", "ul", "span", "td", "h2", "h3", "h4", "section"):
        if element.text and _POSITION.match(element.text):
            yield element


def _path(text: str) -> str:
    text = _POSITION.sub("", text.strip())
    if len(text) > 400 or not _ARROW.search(text):
        return ""
    steps = [step for part in _ARROW.split(text) if (step := " ".join(part.split()))]
    return ">".join(steps) if len(steps) > 1 and all(len(step) < 60 for step in steps) else ""
