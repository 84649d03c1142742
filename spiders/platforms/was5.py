"""Use where the address reads `/was5/web/search?channelid=…`: the WAS search of TRS used as a list (民航局 and others).

Every page is an answer of the search; further ones are `page=N` with the same channel. Where the page has no control that
can be followed, the number of pages it states is asked for.
"""

from __future__ import annotations

from typing import Any

from spiders import addresses, answers, following, listing, pagers, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk


def recognise(page: Page) -> float:
    return 0.95 if "/was5/web/" in page.url else 0.0


def walk(page: Page, target: Target) -> Walk:
    """One page of the search."""
    if not target.state.get("way") and (target.state.get("page") or following.find(page)):
        return walks.static(page, target, "was5")
    found = listing.links(page)
    rows, pager = listing.rows(found), pagers.find(page)
    total = pagers.declared_rows(page)
    state: dict[str, Any] = {"platform": "was5", "number": 1, "seen": [], "way": page.url, **target.state}
    if state["number"] == 1 and not rows:
        return walks.assemble(page, target, [], found, (), Progress(end_proof="single-page"))
    more = (pager and (pager.pages or 0) > 1) or (total and total > len(rows))
    return answers.turn(page, pagers.further_page(target, target.url, state), rows, lambda next_: _request(target, next_),
                        declared=total, pages=pager.pages if pager else None if more else 1)


def _request(target: Target, state: dict[str, Any]) -> Target:
    return pagers.further_page(target, addresses.with_parameters(state["way"], page=state["number"]), state, state["way"])
