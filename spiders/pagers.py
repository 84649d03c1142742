"""How a static list goes on to its next page: the pager's call, the numbering of its files, the proof of its end.

Classic sites call page two `index_1`, others `index_2`, and the call does not tell which. `index_1` is asked first:
a page of its own means 0-based; missing, a stub or page one again means 1-based. One request at most is wasted.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any
from urllib.parse import urljoin

from lxml.html import HtmlElement

from spiders import addresses, titles
from spiders.listing import Link
from spiders.models import Progress, Target
from spiders.page import Page, squeeze

_DATA: dict[str, Any] = json.loads(files("spiders").joinpath("data/pagers.json").read_text("utf-8"))
_SCRIPTS = [(form["form"], re.compile(form["pattern"])) for form in _DATA["scripts"]]
_TEXT = [(form["form"], re.compile(form["pattern"])) for form in _DATA["text"]]
_ROWS = [re.compile(pattern) for pattern in _DATA["rows"]]
_NEXT, _MORE = re.compile(_DATA["next"], re.I), re.compile(_DATA["more"])
_NUMBERED = re.compile(r"^(?P<name>.*?)[_\-](?P<number>\d+)\.(?P<ext>\w+)$")
_BARE = re.compile(r"^(?P<number>\d{1,4})\.(?P<ext>\w+)$")
_EXTENSIONS = ("html", "shtml", "htm")
_MOST_PAGES = 500            # beyond this a pager is lying or the column is no column of reports
_PAGE_SIZES = range(5, 101, 5)
CARRIED = ("depth", "agency", "code")        # state of a column that every page of it keeps


@dataclass(frozen=True, slots=True)
class Pager:
    """What a page says of its list: number of pages, rows in all, and the file name of page {n}."""

    form: str
    pages: int | None = None
    rows: int | None = None
    template: str = ""            # "" when the call names no file
    offset: int | None = None     # file number of page p is p - 1 + offset; None: to be probed


def find(page: Page) -> Pager | None:
    """The pager of a page, None when it shows none."""
    for forms, source in ((_SCRIPTS, page.scripts), (_TEXT, page.visible)):
        for form, pattern in forms:
            if (match := pattern.search(source)) and (pager := _pager(page, form, match.groupdict())):
                return pager
    return None


def _pager(page: Page, form: str, said: dict[str, str | None]) -> Pager | None:
    pages = int(said["pages"] or 0)
    if not pages:
        return None
    name, ext = said.get("name") or "", said.get("ext") or ""
    template = f"{name}_{{n}}.{ext}" if name and ext else ""
    rows = int(said.get("rows") or 0) or declared_rows(page)
    return _numbered(page, Pager(form, pages, rows, template))


def declared_rows(page: Page) -> int | None:
    """The number of rows a page claims in words or in its scripts (共55条, recordCount: '55')."""
    found = (pattern.search(source) for pattern in _ROWS for source in (page.visible, page.scripts))
    return next((int(match["rows"]) for match in found if match), None)


def _numbered(page: Page, pager: Pager) -> Pager:
    """The pager with file name and numbering completed from the numbered links the page itself shows."""
    own = page.url.partition("?")[0].rpartition("/")[2]
    if not pager.template and (bare := _BARE.match(own)):
        return replace(pager, template=f"{{n}}.{bare['ext']}", offset=1)
    stem, _, ext = own.rpartition(".")
    for text, file in _numbered_links(page):
        match = _NUMBERED.match(file)
        if match and text.isdigit() and 2 <= int(text) <= (pager.pages or 0) and (
                pager.template in ("", f"{match['name']}_{{n}}.{match['ext']}")):
            offset = int(match["number"]) - int(text) + 1
            if offset in (0, 1):
                return replace(pager, template=pager.template or f"{match['name']}_{{n}}.{match['ext']}", offset=offset)
    if not pager.template and stem and ext:
        return replace(pager, template=f"{stem}_{{n}}.{ext}")
    return pager


def _numbered_links(page: Page) -> Iterable[tuple[str, str]]:
    for anchor in page.tree.iter("a"):
        href = page.absolute(anchor.get("href") or "")
        if href and addresses.folder(href) == addresses.folder(page.url):
            yield squeeze("".join(anchor.itertext())), href.partition("?")[0].rpartition("/")[2]


def next_link(page: Page) -> str:
    """Where the page's own link 下一页 leads, "" when it has none or it leads nowhere."""
    for anchor in page.tree.iter("a"):
        name = squeeze("".join(anchor.itertext())) or squeeze(anchor.get("title") or "")
        if _NEXT.match(name):
            url = page.absolute(anchor.get("href") or "")
            if url and url != page.url:
                return url
    return ""


def mark(rows: Iterable[Link]) -> str:
    """Sixteen hex digits that tell one page's rows from another's, whatever their order; "" for no rows."""
    urls = sorted({row.url for row in rows})
    return hashlib.sha256("\n".join(urls).encode()).hexdigest()[:16] if urls else ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What turning a page gave: further page targets, whether this page's rows count, and the progress without them."""

    targets: tuple[Target, ...]
    progress: Progress
    counts: bool = True


def turn(page: Page, target: Target, rows: list[Link], platform: str) -> Turn:
    """Go on from one page of a static list; the state needed on the way lies in `target.state`."""
    if target.state.get("page"):
        return _further(page, target, rows)
    return _first(page, target, rows, platform)


def _first(page: Page, target: Target, rows: list[Link], platform: str) -> Turn:
    pager, following = find(page), next_link(page)
    pager = _taught(pager, page, following) if pager and following else pager
    if pager is None or ((pager.pages or 0) > 1 and following and pager.offset is None):
        return _chain_start(page, target, rows, platform, following, pager)
    told = Progress(declared=_plausible(pager, len(rows)), declared_pages=pager.pages)
    if pager.pages == 1:
        return Turn((), replace(told, end_proof="single-page"))
    state = {"platform": platform, "first": mark(rows), "pages": min(pager.pages or 1, _MOST_PAGES), "root": page.url,
             "templates": [pager.template] if pager.template else _guesses(rows)}
    if pager.offset is None:
        return Turn((_numbered_target(target, state | {"page": 2, "offset": 0, "probe": True}),), told)
    return Turn(_rest(target, state | {"offset": pager.offset}, 2), told)


def _taught(pager: Pager, page: Page, following: str) -> Pager:
    """The numbering as the page's own link to page two shows it."""
    match = _NUMBERED.match(following.rpartition("/")[2])
    if pager.offset is not None or not match or addresses.folder(following) != addresses.folder(page.url):
        return pager
    template, offset = f"{match['name']}_{{n}}.{match['ext']}", int(match["number"]) - 1
    return replace(pager, template=template, offset=offset) if offset in (0, 1) and pager.template in ("", template) else pager


def _guesses(rows: list[Link]) -> list[str]:
    """File names to try where the call names none, the extension of the articles first."""
    used = [addresses.extension(row.url) for row in rows]
    return [f"index_{{n}}.{ext}" for ext in sorted(_EXTENSIONS, key=lambda ext: -used.count(ext))]


def _chain_start(page: Page, target: Target, rows: list[Link], platform: str, following: str, pager: Pager | None) -> Turn:
    total = pager.rows if pager else declared_rows(page) if following else None
    told = Progress(declared=total if total and total > len(rows) else None, declared_pages=pager.pages if pager else None)
    if following:
        state = {"platform": platform, "first": mark(rows), "page": 2, "chain": True, "seen": [mark(rows)]}
        return Turn((further_page(target, following, state, page.url),), told)
    return Turn((), told if _goes_on(page) else replace(told, end_proof="single-page"))


def _goes_on(page: Page) -> bool:
    """Whether the page offers 下一页 or 尾页 through a script we cannot follow; a dead link of that name is no offer."""
    return any(_MORE.search(squeeze("".join(anchor.itertext()))) and _live(anchor) for anchor in page.tree.iter("a"))


def _live(anchor: HtmlElement) -> bool:
    code = squeeze((anchor.get("href") or "").lower()).removeprefix("javascript:").strip(";")
    return bool(code not in ("", "#", "void(0)") or anchor.get("onclick")) and "disabled" not in (anchor.get("class") or "")


def _plausible(pager: Pager, size: int) -> int | None:
    """The declared number of rows; None where the number given is rather the size of a page of `size` rows."""
    rows = pager.rows
    if rows is None or not size:
        return rows
    if pager.pages == 1:
        return None if rows in _PAGE_SIZES and rows > size else rows
    return rows if rows > size else None


def _further(page: Page, target: Target, rows: list[Link]) -> Turn:
    state = dict(target.state)
    dead = _dead(page, rows, state)
    if state.get("chain"):
        return _chain_on(page, target, rows, dead)
    if state.get("probe"):
        return _probed(target, dead, state)
    if not dead:
        last = state["page"] >= state["pages"]
        return Turn((), Progress(end_proof="last-page" if last else ""))
    return Turn((), Progress(refusal="" if dead == "repeat" else "gone" if page.status >= 400 else "soft-404",
                             end_proof="repeat" if dead == "repeat" else ""), counts=False)


def _dead(page: Page, rows: list[Link], state: dict[str, Any]) -> str:
    """Why a page is no page of the list (the proof of an end), "" for a living one."""
    if page.status in (404, 410):
        return "404-after-last"
    if page.refresh and not rows:
        return "meta-refresh"
    if titles.soft_404(page.visible):
        return "soft-404"
    if not rows:
        return "empty-page"
    return "repeat" if mark(rows) == state["first"] else ""


def _chain_on(page: Page, target: Target, rows: list[Link], dead: str) -> Turn:
    state = dict(target.state)
    if dead or mark(rows) in state["seen"]:
        return Turn((), Progress(end_proof=dead or "repeat"), counts=False)
    following = next_link(page)
    if not following:
        return Turn((), Progress(end_proof="last-page"))
    if state["page"] >= _MOST_PAGES:
        return Turn((), Progress(refusal="cap"))
    state |= {"page": state["page"] + 1, "seen": [*state["seen"], mark(rows)]}
    return Turn((further_page(target, following, state, page.url),), Progress())


def _probed(target: Target, dead: str, state: dict[str, Any]) -> Turn:
    """The page asked for as number two: is it that, and if not, what is next to try."""
    if not dead:
        known = {key: value for key, value in state.items() if key != "probe"}
        end = "last-page" if state["pages"] <= 2 else ""
        return Turn(_rest(target, known, 3), Progress(end_proof=end))
    if state["offset"] == 0:
        retry = {**state, "offset": 1}
        if len(state["templates"]) == 1:
            del retry["probe"]
            return Turn(_rest(target, retry, 2), Progress(probe=True), counts=False)
        return Turn((_numbered_target(target, retry),), Progress(probe=True), counts=False)
    if len(state["templates"]) > 1:
        retry = {**state, "offset": 0, "templates": state["templates"][1:]}
        return Turn((_numbered_target(target, retry),), Progress(probe=True), counts=False)
    return Turn((), Progress(refusal="gone"), counts=False)


def _rest(target: Target, state: dict[str, Any], start: int) -> tuple[Target, ...]:
    return tuple(_numbered_target(target, state | {"page": number}) for number in range(start, state["pages"] + 1))


def _numbered_target(target: Target, state: dict[str, Any]) -> Target:
    file = state["templates"][0].replace("{n}", str(state["page"] - 1 + state["offset"]))
    return further_page(target, urljoin(state["root"], file), state, state["root"])


def further_page(target: Target, url: str, state: Mapping[str, Any], referrer: str = "") -> Target:
    """A further page of the column of `target`; what belongs to the column and not to one page is carried on."""
    carried = {key: value for key, value in target.state.items() if key in CARRIED}
    return Target(url, "list", referrer=referrer or target.url, portal=target.portal, column=target.column or target.url,
                  state=carried | dict(state))
