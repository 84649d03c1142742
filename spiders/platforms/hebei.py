"""Use where addresses read `/columns/<uuid>/index.html` and articles `/columns/<uuid>/202401/26/<uuid>.html`: 河北.

The rows of a list are a block of a template; its pages come as fragments from
`/columns/<uuid>/templates/<uuid>/blocks/<uuid>?page=N&fix=0`. Page one may stand in the column's page already.
"""

from __future__ import annotations

import re
from typing import Any

from spiders import addresses, answers, emptiness, listing, pagers, titles, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_BLOCK = re.compile(rf"(?:https?://[^\s\"'/]+)?/columns/{_UUID}/templates/{_UUID}/blocks/{_UUID}")


def recognise(page: Page) -> float:
    return 0.92 if _BLOCK.search(page.text) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """The page of a column, or one fragment of its rows."""
    return _fragment(page, target) if target.state.get("way") else _column(page, target)


def _column(page: Page, target: Target) -> Walk:
    found = listing.links(page)
    rows = [row for row in listing.rows(found) if walks.judge(row, page).kind in ("report", "look-alike")]
    ways = list(dict.fromkeys(page.absolute(way) for way in _BLOCK.findall(page.text)))
    if not ways:                                # declared, and no longer made that way
        return walks.assemble(page, target, rows, found, (), Progress())
    state = {"platform": "hebei", "number": 1, "seen": [], "way": ways[0], "others": ways[1:], "root": page.url}
    if not any(titles.judge(row.text).kind == "report" for row in rows):
        return walks.assemble(page, target, [], found, (_request(target, state),), Progress())
    walk = _turned(page, pagers.further_page(target, page.url, state), listing.rows(found))
    below = walks.sub_columns(found, page, target)
    return Walk((*walk.links, *below), walk.progress)


def _request(target: Target, state: dict[str, Any]) -> Target:
    url = addresses.with_parameters(state["way"], page=state["number"], fix=0)
    return pagers.further_page(target, url, state, state["root"])


def _fragment(page: Page, target: Target) -> Walk:
    """One fragment; the first that holds no report is a menu, and the next block is asked."""
    here = Page(target.state["root"], page.body, page.status)
    rows, state = listing.rows(listing.links(here)), dict(target.state)
    told = any(titles.judge(row.text).kind in ("report", "look-alike") for row in rows)
    if state["number"] < 2 and not state["seen"] and not told:
        if state["others"]:
            following = _request(target, state | {"way": state["others"][0], "others": state["others"][1:]})
            return Walk((following,), Progress(probe=True))
        if emptiness.said(here) and state.get("zero"):
            return Walk((), Progress(end_proof="empty-marker"))
    return _turned(here, target, rows)


def _turned(page: Page, target: Target, rows: list[listing.Link]) -> Walk:
    pager = pagers.find(page)
    return answers.turn(page, target, rows, lambda state: _request(target, state), pages=pager.pages if pager else None,
                        declared=pager.rows if pager and pager.rows and pager.rows > len(rows) else None)
