"""Use where a page's own script fetches its rows (`$.get`, `$.post`, `$.ajax`, `fetch`) and nobody knows the system.

The request is made as the script writes it out, page by page; the answer may be JSON or a fragment of markup. What brings
no report is no list: then the next request of the page is tried, and at last a browser. That a guessed
request brings nothing never proves that a column is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from spiders import answers, following, listing, pagers, services, walks
from spiders.listing import Link
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.services import Service
from spiders.walks import Walk

MOST_SERVICES = 3       # requests of one page that are tried


def recognise(page: Page) -> float:
    return 0.05 if services.found(page) else 0.0        # below every system that is known by its name


def walk(page: Page, target: Target) -> Walk:
    """The shell of a list, or one answer."""
    return _answer(page, target) if target.state.get("way") else _column(page, target)


def _column(page: Page, target: Target) -> Walk:
    known = services.found(page)[:MOST_SERVICES]
    if not known:
        return Walk()
    tried = [[each.url, each.method, dict(each.data), each.as_json, each.turns] for each in known]
    state = {"platform": "ajax", "number": 1, "seen": [], "way": tried, "root": page.url}
    return Walk((_request(target, state),), Progress())


def beyond(page: Page, target: Target, rows: Sequence[Target]) -> Target | None:
    """Page two of a list whose first page stands in the page and whose next ones its script fetches (加载更多)."""
    known = [each for each in services.found(page) if each.turns][:1]
    if not known:
        return None
    tried = [[each.url, each.method, dict(each.data), each.as_json, each.turns] for each in known]
    seen = [answers.mark(Link(row.url, row.link_text)) for row in rows]
    return _request(target, {"platform": "ajax", "number": 2, "seen": seen, "way": tried, "root": page.url})


def _request(target: Target, state: dict[str, Any]) -> Target:
    service = Service(*state["way"][0])
    url, body, headers = service.asked(state["number"])
    return replace(pagers.further_page(target, url, state, state["root"]), method=service.method, body=body, headers=headers)


def _answer(page: Page, target: Target) -> Walk:
    state, answer = dict(target.state), answers.loaded(page)
    here = Page(state["root"], page.body, page.status)
    rows = answers.rows(here, answer) if answer is not None else listing.rows(listing.links(here), state.get("like"))
    if answer is not None and not rows and (markup := answers.markup(answer)):
        here = Page(state["root"], markup.encode(), page.status)
        rows = listing.rows(listing.links(here), state.get("like"))
    if not state["seen"] and not any(walks.judge(row, here).kind == "report" for row in rows):
        if not rows and not state.get("zero") and state["way"][0][4]:          # some count their pages from zero
            return Walk((_request(target, state | {"number": 0, "zero": True}),), Progress(probe=True))
        left = state["way"][1:]
        further = (_request(target, state | {"way": left, "number": 1, "zero": False}),) if left else ()
        return Walk(further, Progress(probe=True) if left else Progress(refusal="needs-browser"))
    state["like"] = state.get("like") or (listing.likeness(rows) if answer is None else None)
    pager, total = pagers.find(here), answers.total(answer)
    whole = not state["way"][0][4] and (total or 0) <= len(rows) and not pager and not following.goes_on(here)
    return answers.turn(page, replace(target, state=state), rows, lambda next_: _request(target, next_), declared=total,
                        pages=pager.pages if pager else None, proof="single-page" if whole else "")
