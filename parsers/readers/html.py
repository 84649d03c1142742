"""Web pages, pages saved as .doc or .mht: the article's text and tables, the page's facts, the files it offers.

    bytes ──tree──> elements ──content──> the article ──flow──> Lines and Sketches ──grids.finish──> Document
"""

from __future__ import annotations

from lxml import etree

from parsers import grids
from parsers.exceptions import Empty
from parsers.grids import Line, Part
from parsers.models import Document, Issue
from parsers.page import content, facts, files, flow, furniture, tree
from parsers.text import squeeze

Element = etree._Element

_THIN = 200                    # characters of text below which a page is searched for a text carried in its scripts


def read(data: bytes) -> Document:
    """A page as blocks; `title`, `metas` and `links` as the page states them. Raises `Empty` and `TooLarge`."""
    source = tree.text(data)
    root = tree.parse(source)
    metas = facts.metas(root)
    pairs, form = facts.info(root)
    article, parts = _article(root, form)
    title, heading = facts.title(root, metas, article)
    links = files.links(root, article)
    parts = _headed(parts, heading)
    issues = _issues(article, parts)
    if not parts and not links:
        raise Empty("the page shows no text and offers no file; it may need a browser to be drawn")
    _extend(metas, pairs, root, source)
    return Document(_media_type(data), "html", grids.finish(parts), title=title, metas=metas, links=links, issues=issues)


def _article(root: Element, form: Element | None) -> tuple[Element, list[Part]]:
    """The element that holds the article and its parts; a text carried in a script replaces a page without one."""
    article, marked = content.find(root)
    parts = _parts(article, form, marked)
    if flow.words(parts) < _THIN:
        for fragment in tree.fragments(root):
            inner = tree.parse(fragment)
            found = _parts(inner, None, True)
            if flow.words(found) > flow.words(parts):
                article, parts = inner, found
    return article, parts


def _parts(article: Element, form: Element | None, marked: bool) -> list[Part]:
    def drop(node: Element) -> bool:
        if node.tag == "a":
            return files.is_file(node) and files.has_file_name(node)
        return node is form or flow.is_hidden(node) or content.is_furniture(node)

    return furniture.without(flow.parts(article, drop))


def _headed(parts: list[Part], heading: str) -> list[Part]:
    """The article with the heading the page shows above it, unless it begins with its title itself."""
    wanted = squeeze(heading)
    for part in parts[:6]:
        if not isinstance(part, Line) or len(part.text) > 120:
            break
        text = squeeze(part.text)
        if len(text) >= 6 and (text in wanted or wanted in text):
            return parts
    return [Line(heading, 1), *parts] if heading else parts


def _issues(article: Element, parts: list[Part]) -> tuple[Issue, ...]:
    pictures = [image for image in article.iter("img") if _is_picture(image)]
    if pictures:
        return (Issue("picture", f"{len(pictures)} picture(s) in the text are not read; look whether they show tables"),)
    if not parts:
        return (Issue("no-text", "the page shows no text of its own; the report is in a file it offers"),)
    return ()


def _is_picture(image: Element) -> bool:
    """A picture that may carry words: not an icon of a button or file type."""
    source = str(image.get("src") or "").lower()
    size = str(image.get("width") or "").removesuffix("px")
    return bool(source) and not any(word in source for word in ("icon", "logo", "filetype", "spacer", "btn", "ewm", "qr")) \
        and not (size.isdecimal() and len(size) < 6 and int(size) < 100)


def _extend(metas: dict[str, str], pairs: dict[str, str], root: Element, source: str) -> None:
    for key, value in pairs.items():
        metas.setdefault(key, value)
    facts_found = {"breadcrumb": content.breadcrumb(root), "网站标识码": facts.site_code(source)}
    metas.update({key: value for key, value in facts_found.items() if value})
    if "网站标识码" in metas:
        metas.setdefault("SiteIDCode", metas["网站标识码"])


def _media_type(data: bytes) -> str:
    return "multipart/related" if tree.is_mail(data) else "text/html"

