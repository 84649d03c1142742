"""Use where scripts named `unitbuild.js` carry `queryData="{'parseType':…}"`: Hanweb's newer, central edition (集约化).

The page is a shell of several such units (menu, list, footer); each is asked from `…/front/page/build/unit`, and the one
whose fragment holds the rows is the list. Pages are turned by `paramJson` alone: anything else in the address is ignored,
and page one comes again. Wants the column page as Referer.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from spiders import answers, emptiness, following, listing, literals, pagers, titles, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

PAGE_SIZE = 15          # where a fragment does not say its own
FEW = 4                 # rows of a list that is whole without a pager; after more, its second page is asked for to see

_SIZE, _COUNT = re.compile(r"""\brows=\\?["']?(\d+)"""), re.compile(r"""\bcount=\\?["']?(\d+)""")


def recognise(page: Page) -> float:
    return 0.95 if _units(page) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """The shell with its units, or the fragment of one unit."""
    return _unit(page, target) if target.state.get("way") else _column(page, target)


def _column(page: Page, target: Target) -> Walk:
    found = listing.links(page)
    rows = listing.rows(found)
    state = {"platform": "jpaas", "number": 1, "seen": []}
    ways = _units(page)
    units = [_request(target, state | {"way": ways[0], "units": ways[1:], "root": page.url, "told": []})] if ways else []
    if units and not any(titles.judge(row.text).kind == "report" for row in rows):
        rows = []
    progress = Progress() if units else Progress(end_proof="single-page")
    return walks.assemble(page, target, rows, found, units, progress)


def _units(page: Page) -> list[str]:
    """The address of every unit, its parameters as the page gives them."""
    ways = []
    for script in page.tree.iter("script"):
        data = literals.value_after(script.get("querydata") or "", r"^\s*(?=\{)")
        url = page.absolute(script.get("url") or "")
        if url and isinstance(data, dict):
            ways.append(f"{url}{'&' if '?' in url else '?'}{urlencode(data)}")
    return list(dict.fromkeys(ways))


def _request(target: Target, state: dict[str, Any]) -> Target:
    url = state["way"]
    if state["number"] > 1:
        asked = json.dumps({"pageNo": state["number"], "pageSize": state["size"]}, separators=(",", ":"))
        url += "&" + urlencode({"paramJson": asked})
    further = pagers.further_page(target, url, state, state["root"])
    return replace(further, headers={"X-Requested-With": "XMLHttpRequest"})


def _unit(page: Page, target: Target) -> Walk:
    """The fragment of one unit, and after its first page the next unit; the last one says what came of all."""
    answer = answers.loaded(page)
    markup, state = _markup(answer), dict(target.state)
    here = Page(state["root"], markup.encode())
    found = listing.links(here)
    rows, below = [row for row in listing.rows(found) if row.is_row], walks.sub_columns(found, here, target)
    if state["number"] > 1 or any(walks.judge(row, here).kind in ("report", "look-alike") for row in rows):
        walk = _list(page, here, target, rows, markup)
        walk = replace(walk, links=tuple({link.uid: link for link in (*walk.links, *below)}.values()))
        return walk if state["number"] > 1 else _and_next(target, walk, "list")
    if below:
        return _and_next(target, Walk(below, Progress(end_proof="sub-columns")), "list")
    failed = page.status >= 400 or answer is None or answers.failed(answer)
    told = "failed" if failed else "empty" if emptiness.said(here) else "other"
    return _and_next(target, Walk((), Progress(probe=True)), told)


def _list(page: Page, here: Page, target: Target, rows: list[listing.Link], markup: str) -> Walk:
    """One page of the list that a unit holds."""
    size, count, pager = _SIZE.search(markup), _COUNT.search(markup), pagers.find(here)
    state = dict(target.state) | {"size": int(size[1]) if size else target.state.get("size") or len(rows) or PAGE_SIZE}
    state["from_one"] = True
    said = int(count[1]) if count else pagers.declared_rows(here)
    more = size or said or (pager and (pager.pages or 0) > 1) or following.goes_on(here) or len(rows) > FEW
    return answers.turn(page, replace(target, state=state), rows, lambda next_: _request(target, next_),
                        declared=said, pages=pager.pages if pager else None,
                        proof="" if more or state["number"] > 1 else "single-page")


def _and_next(target: Target, walk: Walk, told: str) -> Walk:
    """The walk of one unit with the next one to ask; after the last, a column without list is empty or not understood."""
    state = dict(target.state)
    state["told"] = [*state["told"], told]
    if state["units"]:
        following_ = _request(target, state | {"number": 1, "seen": [], "way": state["units"][0], "units": state["units"][1:]})
        return replace(walk, links=(*walk.links, following_))
    if "list" in state["told"]:
        return walk
    empty = "empty" in state["told"] and "failed" not in state["told"]
    return replace(walk, progress=Progress(end_proof="empty-marker") if empty else Progress(refusal="needs-adapter"))


def _markup(answer: Any) -> str:
    """The fragment within an answer (`data.html`), "" where there is none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    markup = data.get("html") if isinstance(data, dict) else data
    return markup if isinstance(markup, str) else ""
