"""Web pages, pages saved as .doc or .mht, letters with a report attached: text and tables, facts, the files offered.

    bytes ──tree──> elements ──content──> the article ──flow──> Lines and Sketches ──grids.finish──> Document
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from parsers import grids
from parsers.exceptions import Empty
from parsers.grids import Line, Part
from parsers.models import Document, Issue, Link
from parsers.page import content, drawn, facts, files, flow, furniture, payload, preformatted, tree
from parsers.page.survey import Survey, survey, unfolded
from parsers.readers import package
from parsers.text import squeeze

Element = etree._Element
Offer = tuple[Element, Link]

_CUT = "the web archive ends before its last part does; fetch it again"
_THIN = 2_000                  # weight (see `page.content`) below which a page's scripts are searched for its text
_MORE = 1.5                    # times: panels that open one at a time belong together when all of them say so much more
_FAR_MORE = 3                  # times: what a page hides is its article only when it outweighs all that it shows


class _Article(NamedTuple):
    """The element that holds the article, its parts, and the weight of what speaks for it."""

    element: Element
    parts: list[Part]
    weight: int


def read(data: bytes) -> Document:
    """A page as blocks; `title`, `metas` and `links` as the page states them. Raises `Empty` and `TooLarge`."""
    if attached := tree.attached(data):
        return package.of_members(attached, [], "multipart/related")
    source = tree.text(data)
    source = payload.page(source) or source
    root = tree.parse(source)
    preformatted.redraw(root, source)
    drawn.redraw(root)
    page = survey(root)
    metas = facts.metas(root)
    pairs, form = facts.info(page)
    title, heading = facts.title(root, page, metas)
    _extend(metas, {**pairs, "breadcrumb": content.breadcrumb(root, page), "网站标识码": facts.site_code(source)})
    offers = files.links(root)
    article = _article(root, page, [] if form is None else [form], offers)
    if article.weight < _THIN:
        whole = tree.parse(source)                         # as it was before its article was taken
        hidden = max(_hidden_articles(whole), key=lambda found: found.weight, default=article)
        opened = _with_panels(whole, source) if page.hidden else article
        if hidden.weight > _FAR_MORE * article.weight:
            article = hidden
        elif opened.weight > _MORE * article.weight:
            article = opened
    links = files.ordered(offers, set(article.element.iter()) if offers else set())
    issues = (*_issues(article), *([Issue("truncated", _CUT)] if tree.is_cut(data) else []))
    caption = [heading] if heading else content.caption(article.element)
    parts = _headed(article.parts, caption)
    if not parts and not links:
        raise Empty("the page shows no text and offers no file; it may need a browser to be drawn")
    media_type = "multipart/related" if tree.is_mail(data) else "text/html"
    title = metas.get("ArticleTitle") or "".join(caption) or title
    return Document(media_type, "html", grids.finish(parts), title=title, metas=metas, links=links, issues=issues)


def _article(root: Element, page: Survey, drop: list[Element], offers: list[Offer]) -> _Article:
    """The article of a page, without the names of attached files."""
    drop += [node for node, _ in offers if node.tag == "a" and files.has_file_name(node)]
    content.sweep(root, page, drop)
    element, weight = content.find(root, page)
    return _Article(element, furniture.without(flow.parts(element)), weight)


def _hidden_articles(page: Element) -> Iterator[_Article]:
    """Articles that a page shows only once its scripts have run."""
    for fragment in tree.fragments(tree.carriers(page)):
        root = tree.parse(fragment)
        drawn.redraw(root)
        yield _article(root, survey(root), [], files.links(root))


def _with_panels(root: Element, source: str) -> _Article:
    """The article with the panels that a page shows one at a time: a section of the report in each."""
    preformatted.redraw(root, source)
    drawn.redraw(root)
    return _article(root, unfolded(survey(root)), [], files.links(root))


def _headed(parts: list[Part], caption: list[str]) -> list[Part]:
    """The article under the heading the page shows above it, unless it begins with its title itself."""
    wanted = squeeze("".join(caption))
    for part in parts[:6]:
        if not isinstance(part, Line) or len(part.text) > 120:
            break
        text = squeeze(part.text)
        if wanted and len(text) >= 6 and (text in wanted or wanted in text):
            return parts
    return [*(Line(line, 1) for line in caption), *parts]


def _issues(article: _Article) -> tuple[Issue, ...]:
    pictures = [image for image in article.element.iter("img") if _is_picture(image)]
    if pictures:
        return (Issue("picture", f"{len(pictures)} picture(s) in the text are not read; look whether they show tables"),)
    if not article.parts:
        return (Issue("no-text", "the page shows no text of its own; the report is in a file it offers"),)
    return ()


def _is_picture(image: Element) -> bool:
    """A picture that may carry words: not an icon of a button or file type."""
    source = str(image.get("src") or "").lower()
    size = str(image.get("width") or "").removesuffix("px")
    return bool(source) and not any(word in source for word in ("icon", "logo", "filetype", "spacer", "btn", "ewm", "qr")) \
        and not (size.isdecimal() and len(size) < 6 and int(size) < 100)


def _extend(metas: dict[str, str], found: dict[str, str]) -> None:
    """Add what the page shows to what it declares; a declaration stays."""
    for key, value in found.items():
        if value:
            metas.setdefault(key, value)
    if "网站标识码" in metas:
        metas.setdefault("SiteIDCode", metas["网站标识码"])
