"""How a list in pages goes on to its next page, and what proves its end.

Files named by a pager call are asked for by number. Classic sites call page two `index_1`, others `index_2`, and the call
does not tell which: `index_1` is asked first; a page of its own means 0-based; missing, a stub or page one again means
1-based. One request at most is wasted. Otherwise the page's own control for the next page is followed, page by page.
A page that says there is more, in a way that cannot be followed, is `needs-adapter`, never the end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from spiders import addresses, following, listing, pagers, titles
from spiders.following import Step
from spiders.listing import Link
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.pagers import Pager, mark

MOST_PAGES = 500             # beyond this a pager is lying or the column is no column of reports

_EXTENSIONS = ("html", "shtml", "htm")
_NUMBERED = re.compile(r"^(?P<name>.*?)[_\-](?P<number>\d+)\.(?P<ext>\w+)$")
_PAGE_SIZES = range(5, 101, 5)
_MOST_GUESSES = 2            # extensions tried where the call names no file, each in both numberings


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


# ---------------------------------------------------------------- page one


def _first(page: Page, target: Target, rows: list[Link], platform: str) -> Turn:
    pager, step = pagers.find(page), following.find(page)
    told = Progress(declared=_plausible(pager, page, len(rows)), declared_pages=pager.pages if pager else None)
    if (pager and pager.pages == 1) or (step and step.within) or (not step and listing.hides_rows(page, rows)):
        return Turn((), replace(told, end_proof="single-page"))
    state: dict[str, Any] = {"platform": platform, "first": mark(rows), "named": page.metas.get("columnname", ""),
                             "like": listing.likeness(rows)}
    if pager and pager.pages and pager.files and (not step or (pager := _taught(pager, page, step)).offset is not None):
        return _by_number(target, page, rows, pager, state, told)
    if step:
        state |= {"page": 2, "chain": True, "seen": [mark(rows)], "pages": told.declared_pages}
        return Turn((_stepped(target, page, step, state),), told)
    more = (told.declared_pages or 1) > 1 or following.most(page) > 1 or following.goes_on(page)
    return Turn((), replace(told, refusal="needs-adapter" if more and rows else "", end_proof="" if more else "single-page"))


def _by_number(target: Target, page: Page, rows: list[Link], pager: Pager, state: dict[str, Any], told: Progress) -> Turn:
    tries = [[pager.template, pager.offset or 0]] if pager.offset is not None else _tries(pager, rows)
    state |= {"pages": min(pager.pages or 1, MOST_PAGES), "root": page.url, "tries": tries}
    if len(tries) == 1:
        return Turn(_rest(target, state, 2), told)
    return Turn((_numbered_target(target, state | {"page": 2, "probe": True}),), told)


def _tries(pager: Pager, rows: list[Link]) -> list[list[Any]]:
    """File names and numberings to try for page two, the likeliest first: number of the file of page one, less likely next."""
    used = [addresses.extension(row.url) for row in rows]
    likely = sorted(_EXTENSIONS, key=lambda ext: -used.count(ext))
    names = [pager.template] if pager.template else [f"index_{{n}}.{ext}" for ext in likely[:_MOST_GUESSES]]
    western = pager.form == "maxPage" and any(addresses.dialect(row.url) == "long_number" for row in rows)
    bare = [[f"{{n}}.{likely[0]}", 1]] if western and not pager.template else []
    return bare + [[name, offset] for name in names for offset in (0, 1)]


def _taught(pager: Pager, page: Page, step: Step) -> Pager:
    """The numbering as the page's own control for page two shows it; no offset where the two do not fit together."""
    match = _NUMBERED.match(step.url.rpartition("/")[2])
    if pager.offset is not None or not match or addresses.folder(step.url) != addresses.folder(page.url):
        return pager
    template, offset = f"{match['name']}_{{n}}.{match['ext']}", int(match["number"]) - 1
    return replace(pager, template=template, offset=offset) if offset in (0, 1) and pager.template in ("", template) else pager


def _plausible(pager: Pager | None, page: Page, size: int) -> int | None:
    """The declared number of rows; None where the number given is rather the size of a page of `size` rows."""
    rows = pager.rows if pager else pagers.declared_rows(page)
    if rows is None or not size:
        return rows if pager else None
    if pager and pager.pages == 1:
        return None if rows in _PAGE_SIZES and rows > size else rows
    return rows if rows > size else None


# ---------------------------------------------------------------- further pages


def _further(page: Page, target: Target, rows: list[Link]) -> Turn:
    state = dict(target.state)
    dead = _dead(page, rows, state)
    if state.get("chain"):
        return _chain_on(page, target, rows, dead)
    if state.get("probe"):
        return _probed(page, target, dead, state)
    if not dead:
        last = state["page"] >= state["pages"]
        return Turn((), Progress(end_proof="last-page" if last else ""))
    return Turn((), Progress(refusal=_why(page, dead)), counts=False)


def _dead(page: Page, rows: list[Link], state: Mapping[str, Any]) -> str:
    """Why a page is no page of the list (the proof of an end), "" for a living one."""
    if page.status >= 400:
        return "404-after-last"
    if page.refresh and not rows:
        return "meta-refresh"
    if titles.soft_404(page.visible):
        return "soft-404"
    if not rows:
        return "empty-page"
    named = page.metas.get("columnname", "")
    if named and state.get("named") and named != state["named"]:
        return "another-column"
    return "repeat" if mark(rows) == state["first"] else ""


def _why(page: Page, dead: str) -> str:
    """The refusal by which a page is missing that should be there."""
    if page.status >= 400:
        return "server-error" if page.status >= 500 else "gone"
    return "needs-adapter" if dead in ("repeat", "another-column") else "soft-404"


def _chain_on(page: Page, target: Target, rows: list[Link], dead: str) -> Turn:
    state = dict(target.state)
    due = state["page"] <= (state["pages"] or 0)
    if not dead and mark(rows) in state["seen"]:
        dead = "repeat"
    if dead:
        missing = due or dead == "another-column" or (dead == "repeat" and state["page"] == 2)
        return Turn((), Progress(refusal=_why(page, dead)) if missing else Progress(end_proof=dead), counts=False)
    step = following.find(page, state["page"])
    if not step or step.within:
        short = state["page"] < (state["pages"] or 0)
        return Turn((), Progress(refusal="needs-adapter") if short else Progress(end_proof="last-page"))
    if state["page"] >= MOST_PAGES:
        return Turn((), Progress(refusal="cap"))
    state |= {"page": state["page"] + 1, "seen": [*state["seen"], mark(rows)]}
    return Turn((_stepped(target, page, step, state),), Progress())


def _probed(page: Page, target: Target, dead: str, state: dict[str, Any]) -> Turn:
    """The page asked for as number two: is it that, and if not, what is next to try. What is left at last is not probed."""
    known = {key: value for key, value in state.items() if key != "probe"}
    if not dead:
        return Turn(_rest(target, known, 3), Progress(end_proof="last-page" if state["pages"] <= 2 else ""))
    left = state["tries"][1:]
    if len(left) > 1:
        return Turn((_numbered_target(target, state | {"tries": left}),), Progress(probe=True), counts=False)
    return Turn(_rest(target, known | {"tries": left}, 2), Progress(probe=True), counts=False)


def _stepped(target: Target, page: Page, step: Step, state: Mapping[str, Any]) -> Target:
    beyond = {"beyond": True} if state["pages"] and state["page"] > state["pages"] else {}
    return step.applied(pagers.further_page(target, step.url, {**state, **beyond}, page.url))


def _rest(target: Target, state: Mapping[str, Any], start: int) -> tuple[Target, ...]:
    return tuple(_numbered_target(target, {**state, "page": number}) for number in range(start, state["pages"] + 1))


def _numbered_target(target: Target, state: Mapping[str, Any]) -> Target:
    template, offset = state["tries"][0]
    file = template.replace("{n}", str(state["page"] - 1 + offset))
    return pagers.further_page(target, urljoin(state["root"], file), state, state["root"])
