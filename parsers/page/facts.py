"""Facts a page states about itself: metas, the disclosure form's header table, the site code of the footer, its title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice

from lxml import etree

from parsers.page.survey import Survey
from parsers.page.wording import clean, shown
from parsers.page.words import INFO_KEYS, INFO_LABELS
from parsers.text import squeeze

Element = etree._Element

#: the names of the official page standard, however a site spells their case
_STANDARD = {name.lower(): name for name in (
    "SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType", "ArticleTitle",
    "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url")}
_LONGEST = 500                 # characters of a fact; what is longer is text
_MANY = 300                    # elements; what holds more is no header table
_SITE_CODE = re.compile(r"网站标识码\s*+[：:]?+(?:<[^>]{0,200}>|&nbsp;|\s)*+((?:bm|\d\d)[0-9A-Za-z]{8})(?![0-9A-Za-z])", re.I)
_SUFFIX = re.compile(r"\s*(?:[_|｜–—]|\s-\s|-{2,}|-(?=[^\d\s-]+$))\s*")
_LABELLED = re.compile(r"[【\[]?([\u4e00-\u9fff]{2,10}?)[】\]]?[:：](.*)", re.S)


def metas(root: Element) -> dict[str, str]:
    """Named metas with a value, the first of each name; standard names in their standard spelling."""
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        name = str(node.get("name") or node.get("property") or "").strip()
        value = clean(str(node.get("content") or ""))
        if name and value and len(value) <= _LONGEST:
            found.setdefault(_STANDARD.get(name.lower(), name), value)
    return found


def site_code(source: str) -> str:
    """The site code printed in a footer, also where a script writes it; "" without one."""
    found = _SITE_CODE.search(source)
    return found[1] if found else ""


def info(page: Survey) -> tuple[dict[str, str], Element | None]:
    """The header table of a disclosed document (索引号, 发布机构 …) as label → value, and the element that shows it."""
    for label in page.labels:
        for element in chain([label], islice(label.iterancestors(), 6)):
            if element.tag in ("body", "html") or _is_large(element):
                break
            pairs = _pairs(element)
            if len(pairs) > 1 and INFO_KEYS & pairs.keys():
                whole = _grown(element, pairs)
                return {key: value for key, value in _pairs(whole).items() if value}, whole
    return {}, None


def _grown(element: Element, pairs: Mapping[str, str]) -> Element:
    """The largest element around that adds pairs and nothing but pairs."""
    above = element.getparent()
    while above is not None and above.tag not in ("body", "html"):
        more = {} if _is_large(above) else _pairs(above)
        if not more:
            break
        if len(more) > len(pairs):
            element, pairs = above, more
        above = above.getparent()
    return element


def _is_large(element: Element) -> bool:
    """Whether an element is too large for a header table, as are all around it."""
    return next(islice(element.iter(), _MANY, None), None) is not None or next(element.iter("script"), None) is not None


def _pairs(element: Element) -> dict[str, str]:
    """Labels and values in reading order; {} for an element that holds other text too."""
    pairs: dict[str, str] = {}
    label = ""
    for piece in filter(None, map(clean, map(str, element.itertext()))):
        squeezed = squeeze(piece)
        bare = squeezed.strip("：:【】[]|")
        found = _LABELLED.fullmatch(squeezed)
        if bare in INFO_LABELS:
            label = bare
            pairs.setdefault(label, "")
        elif found and (found[1] in INFO_LABELS):
            label = found[1]
            pairs[label] = re.split("[:：]", piece, maxsplit=1)[1].strip() if found[2] else ""
        elif label and _may_follow(squeezed):
            pairs[label] = f"{pairs[label]} {piece}".strip() if pairs[label] else piece.lstrip("：: ")
        elif label == "" and any(name.startswith(bare) or name.endswith(bare) for name in INFO_LABELS):
            continue                           # a label cut into pieces: 索 引 号 in three elements
        else:
            return {}
    return {key: value for key, value in pairs.items() if len(value) <= _LONGEST}


def _may_follow(squeezed: str) -> bool:
    """Whether words can belong to a value: anything but a sentence."""
    return len(squeezed) < 200 and "。" not in squeezed


def title(root: Element, page: Survey, known: Mapping[str, str]) -> tuple[str, str]:
    """The page's title for itself, and the heading by which the page shows it ("" when it shows none)."""
    raw = next((shown(node) for node in root.iter("title")), "")[:1_000]
    declared = known.get("ArticleTitle") or raw
    heading = next((words for words in _headings(root, page) if _agrees(words, declared)), "")
    return known.get("ArticleTitle") or heading or _without_site(raw, known.get("SiteName", "")), heading


def _headings(root: Element, page: Survey) -> Iterator[str]:
    """Headings by tag, then by name, each with words; those of the article itself included."""
    for node in chain(root.iter("h1"), root.iter("h2"), root.iter("h3"), page.named["title"]):
        words = shown(node)
        if 6 <= len(words) <= 120:
            yield words


def _agrees(words: str, declared: str) -> bool:
    """Whether a heading and the declared title say the same, or one most of the other."""
    one, other = squeeze(words), squeeze(declared)
    return one in other or (other in one and len(other) * 2 >= len(one))


def _without_site(raw: str, site: str) -> str:
    """A window title without what follows the article's own title."""
    if site and raw.endswith(site) and raw != site:
        raw = raw[:-len(site)].rstrip(" _-|–—｜")
    parts = _SUFFIX.split(raw)
    return next((part for part in parts if len(part) >= 6), raw).strip() if len(parts) > 1 else raw
