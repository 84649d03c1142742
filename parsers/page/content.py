"""Which element of a page is the article: by marks of the publishing system where they hold, else by where the words are.

Nothing here knows a site. The evidence is the same everywhere: numbered headings, tables of data, words outside links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from itertools import chain, groupby, islice
from typing import NamedTuple, cast

from lxml import etree

from parsers.page.flow import SILENT
from parsers.page.furniture import is_furniture
from parsers.page.survey import Survey
from parsers.page.tree import MARK
from parsers.page.wording import shown, text
from parsers.page.words import CONTENT_TAGS

Element = etree._Element

#: 一、 3、 第二部分, sought by their marks, which are rare
_NUMBERED = re.compile(r"、(?:(?<=[一二三四五六七八九十]、)|(?:(?<=(?<!\d)\d、)|(?<=(?<!\d)\d\d、))(?=[\u4e00-\u9fff]))")
_PARTED = re.compile(r"部分(?<=[一二三四五六七八九十]部分)")
_CHINESE = bytes(range(0x4e, 0xa0))
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
_RUNS = frozenset({"span", "a", "font", "b", "strong", "i", "em", "label"})
_CELLS = frozenset({"td", "th"})
_FEW_CELLS = 2                 # of a row that is no row of data
_NEVER = frozenset({"body", "html", "td", "tr"})

#: parts of a text that are never a whole article
_INSIDE = frozenset({"p", "span", "font", "b", "strong", "li", "ul", "ol", "a", *(f"h{level}" for level in range(1, 7))})

_TEXT = etree.XPath("normalize-space(.)")
_LINKS = etree.XPath("descendant::a/descendant::text()", smart_strings=False)


class Evidence(NamedTuple):
    """What speaks for an element being the article."""

    headings: int
    rows: int
    words: int

    @property
    def weight(self) -> int:
        return self.words + _HEADING * self.headings + _ROW * self.rows


def sweep(root: Element, page: Survey, more: Iterable[Element]) -> None:
    """Take out of the tree what no reader of the page sees as text: scripts, hidden parts, furniture, and `more`."""
    for entry in root.iter("input", "textarea"):
        _say(entry)
    etree.strip_elements(root, *SILENT, with_tail=False)
    furniture = list(_furniture(root, page))
    for element in (*page.hidden, *root.iter("nav", "footer", "aside"), *furniture, *more):
        _remove(element)


def _furniture(root: Element, page: Survey) -> Iterator[Element]:
    """The elements of a page that are furniture: by their names, and small in themselves and beside the words of all."""
    named = [element for element in page.named["furniture"] if element.tag not in _NEVER]
    whole = _words(root, text(root)) if named else 0
    for above, run in groupby(named, etree._Element.getparent):
        entries = list(run)
        if above is not None and len(entries) > _MENU and _is_menu(above, entries, whole):
            yield from entries
        else:
            yield from (element for element in entries if _is_small(element, text(element), whole))


def _is_menu(element: Element, entries: Iterable[Element], whole: int) -> bool:
    """Whether an element is so small that every entry of it is, and without a mark that could begin a heading in an entry."""
    said = text(element)
    return "、" not in said and "部分" not in said and _is_small(element, said, whole) and all(
        entry.tag != "a" for entry in entries)


def _is_small(element: Element, said: str, whole: int) -> bool:
    """Whether an element, whose text is given, is small in itself and beside the words of the page, and has no data."""
    return (_is_little(len(said), whole) or _is_little(_chinese(said), whole) or _is_little(_words(element, said), whole)) and (
        not _headings(said) and not _data(element))


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
    data = _data(body)
    whole = _evidence(body, data)
    marked = _marked(body, page, whole, data)
    if marked is not None:
        return marked[0], marked[1].weight
    article, found = _heaviest(body, whole, data)
    if whole.words >= _WORDLESS and _remove_menus(article, data):
        found = _evidence(article, _data(article))
    return article, found.weight


def caption(article: Element) -> list[str]:
    """The emphasised lines right above an article whose page declares no title: where old pages print it."""
    lines: list[str] = []
    for node in (article, *islice(article.iterancestors(), _NEAR)):
        if node.tag in ("body", "html"):
            break
        for above in node.itersiblings(preceding=True):
            line = shown(above)
            if not line or is_furniture(line):
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


def _remove_menus(article: Element, data: Set[Element]) -> bool:
    """Take out of an article that no mark sets apart the lists that are nothing but links; whether there were any."""
    removed = False
    for element in list(article.iter("ul", "ol", "dl", "div")):
        if next(islice(element.iter("a"), _MENU - 1, None), None) is not None:
            found = _evidence(element, data)
            if not found.headings and not found.rows and found.words * 10 <= _chinese(text(element)):
                _remove(element)
                removed = True
    return removed


def _remove(element: Element) -> None:
    """Leave nothing of an element but the break it made in the text."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # newer than the stubs
    element.tag = "span" if element.tag in _RUNS else "br"


def _marked(body: Element, page: Survey, whole: Evidence, data: Set[Element]) -> tuple[Element, Evidence] | None:
    """The smallest marked element that holds what evidence the page shows; None when the marks do not hold it."""
    held = [(element, _evidence(element, data)) for element in _candidates(body, page)]
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
    for element in page.named["content"]:
        if element.tag != "html" and body in element.iterancestors():
            yield element                      # still on the page: what the sweep took out has no body above it


def _common(first: Element, last: Element) -> Element:
    above = [first, *first.iterancestors()]
    return next(element for element in last.iterancestors() if element in above)


def _evidence(element: Element, data: Set[Element]) -> Evidence:
    """What speaks for an element, `data` being the rows of data of the page."""
    said = text(element)
    rows = sum([row in data for row in element.iter("tr")]) if data else 0
    return Evidence(_headings(said), rows, _words(element, said))


def _headings(said: str) -> int:
    """Numbers as headings have them: 一、 第二部分 3、."""
    return len(_NUMBERED.findall(said)) + len(_PARTED.findall(said))


def _data(element: Element) -> Set[Element]:
    """The rows of data: of more than two cells, and no table in any."""
    if not any(map(len, element)):                         # cells lie two levels down
        return frozenset()
    arranging = {row for table in element.iter("table") for row in table.iterancestors("tr")}
    return {row for row in element.iter("tr") if len(row) > _FEW_CELLS and row not in arranging
            and sum([cell.tag in _CELLS for cell in row[:]]) > _FEW_CELLS}  # type: ignore[index]  # slices are quicker


def _words(element: Element, said: str) -> int:
    """How many Chinese characters of an element, whose text is given, stand outside links."""
    words = _chinese(said)
    linked = "".join(cast("list[str]", _LINKS(element))) if words and _has(element, "a") else ""
    return max(words - _chinese(linked), 0)


def _has(element: Element, tag: str) -> bool:
    return next(element.iterdescendants(tag), None) is not None


def _chinese(text: str) -> int:
    """How many Chinese characters (U+4E00 to U+9FFF): the dates and counters around an article are none."""
    upper = text.encode("utf-16-be")[::2]                 # the upper halves of the characters
    return len(upper) - len(upper.translate(None, _CHINESE))


def _heaviest(element: Element, whole: Evidence, data: Set[Element]) -> tuple[Element, Evidence]:
    """The smallest element that holds nearly all the evidence: down from the body while one child holds it."""
    held = whole
    while True:
        inner, found = _heavy(element, whole, data)
        if inner is not None and inner.tag == "table":           # only a cell of a layout table can be an article
            inner, found = _first_heavy(inner.iter("td"), whole, data)
        if inner is None or _speaks_outside(element, inner):
            return element, held
        element, held = inner, found


def _heavy(element: Element, whole: Evidence, data: Set[Element]) -> tuple[Element | None, Evidence]:
    return _first_heavy((child for child in element if len(child) and child.tag not in _INSIDE), whole, data)


def _first_heavy(elements: Iterable[Element], whole: Evidence,
                 data: Set[Element]) -> tuple[Element | None, Evidence]:
    for element in elements:
        found = _evidence(element, data)
        if found.weight >= _SHARE * whole.weight:
            return element, found
    return None, whole


def _speaks_outside(element: Element, inner: Element) -> bool:
    """Whether sentences of the article stand in `element` outside `inner`: furniture says little, and in boxes of its own."""
    holder = next(child for child in element if child is inner or inner in child.iterdescendants())
    loose = [element.text or "", *(child.tail or "" for child in element)]
    for child in element:
        if child is not holder:
            said = str(_TEXT(child))
            boxed = bool(child.get("class") or child.get("id")) and len(said) < _NOTICE
            loose.append("" if boxed else said)
    return any("。" in said for said in loose)


def _is_little(words: int, whole: int) -> bool:
    return words < _SMALL and words * 2 <= whole


def breadcrumb(root: Element, page: Survey) -> str:
    """The path of columns above the page, "首页>政府信息公开>年报"; "" without one."""
    for element in chain(page.named["breadcrumb"], _placed(root) if "位置" in page.text else ()):
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
