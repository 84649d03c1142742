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

from spiders import answers, following, listing, literals, pagers, titles, walks
from spiders.models import Progress, Target
from spiders.page import Page, parse, words
from spiders.walks import Walk

PAGE_SIZE = 15          # where a fragment does not say its own

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
    units = [_request(target, state | {"way": way, "root": page.url}) for way in _units(page)]
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
    markup = _markup(answers.loaded(page))
    here = Page(target.state["root"], markup.encode())
    found = listing.links(here)
    rows = [row for row in listing.rows(found) if row.is_row]
    size, count = _SIZE.search(markup), _COUNT.search(markup)
    state = dict(target.state) | {"size": int(size[1]) if size else len(rows) or PAGE_SIZE}
    if target.state["number"] == 1 and not any(walks.judge(row, here).kind in ("report", "look-alike") for row in rows):
        return _other_unit(here, target, markup)
    pager = pagers.find(here)
    more = size or count or (pager and (pager.pages or 0) > 1) or following.goes_on(here)
    walk = answers.turn(page, replace(target, state=state), rows, lambda next_: _request(target, next_),
                        declared=int(count[1]) if count else None, pages=pager.pages if pager else None,
                        proof="" if more or state["number"] > 1 else "single-page")
    below = walks.sub_columns(found, here, target)
    return replace(walk, links=tuple({link.uid: link for link in (*walk.links, *below)}.values()))


def _other_unit(here: Page, target: Target, markup: str) -> Walk:
    """A menu, a footer, an overview of sub-columns, or an empty list that says so."""
    below = walks.sub_columns(listing.links(here), here, target)
    if below:
        return Walk(below, Progress(end_proof="sub-columns"))
    empty = titles.empty_marker(words(parse(markup)))
    return Walk((), Progress(end_proof="empty-marker") if empty else Progress(probe=True))


def _markup(answer: Any) -> str:
    """The fragment within an answer (`data.html`), "" where there is none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    markup = data.get("html") if isinstance(data, dict) else data
    return markup if isinstance(markup, str) else ""
