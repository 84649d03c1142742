"""Use where addresses read `/c100186/list.shtml` and `/202609/<32 hex digits>.shtml`: UCAP (开普云).

Lists stand in the page and go on as `list_2.shtml`, or `ul#list` is empty and rows come as JSON from `/search/<32 hex digits>`
(`/searchList/…`, `/common/search/…`) with `_isJson=true&page=N`. Some sites want a token only their script can make: then the
service answers no JSON, and a browser is needed.
"""

from __future__ import annotations

import re
from typing import Any

from spiders import addresses, answers, listing, pagers, titles, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

PAGE_SIZE = 20          # what the system's own script asks for

_ARTICLE = re.compile(r"/\d{6}/[0-9a-f]{32}\.s?html?")
_COLUMN = re.compile(r"/c\d{5,}[a-z]?/|/(?:common_)?list\w*\.shtml|zfxxgk_gk\w+\.shtml")
_SEARCH = re.compile(r"[\"']([^\"'\s]{0,300}/(?:common/search|searchList|search)/(?:[0-9a-f]{32}|\d{4,})[^\"'\s]{0,300})[\"']")
_CHANNEL = re.compile(r"channel_?Id['\"]?\s*[:=,]\s*['\"]([0-9a-f]{32})['\"]", re.I)
_ASKED = {"_isAgg": "true", "_isJson": "true", "_pageSize": PAGE_SIZE, "_template": "index", "_rangeTimeGte": "",
          "_channelName": ""}


def recognise(page: Page) -> float:
    if _SEARCH.search(page.scripts):
        return 0.85
    signs = (_COLUMN.search(page.url), _ARTICLE.search(page.text), "page_div" in page.scripts, "ucap" in page.text.lower())
    return min(0.9, 0.3 * sum(bool(sign) for sign in signs))


def walk(page: Page, target: Target) -> Walk:
    """A page of a static list, the shell of a list that comes as JSON, or one such answer."""
    return _answer(page, target) if target.state.get("way") else _column(page, target)


def _column(page: Page, target: Target) -> Walk:
    found = listing.links(page)
    rows = [row for row in listing.rows(found) if titles.judge(row.text).kind in ("report", "look-alike")]
    way = "" if rows or target.state.get("page") else _way(page)
    if not way:
        return walks.static(page, target, "ucap")
    state = {"platform": "ucap", "number": 1, "seen": [], "way": way, "root": page.url}
    return walks.assemble(page, target, [], found, (_request(target, state),), Progress())


def _way(page: Page) -> str:
    """Where the rows come from: the search named in a script, or the search of the channel the page names."""
    channel = page.metas.get("channelid") or (match[1] if (match := _CHANNEL.search(page.scripts)) else "")
    if search := _SEARCH.search(page.scripts):
        return page.absolute(search[1])
    return page.absolute(f"/search/{channel}") if re.fullmatch(r"[0-9a-f]{32}", channel) else ""


def _request(target: Target, state: dict[str, Any]) -> Target:
    missing = {name: value for name, value in _ASKED.items() if f"{name}=" not in state["way"]}
    url = addresses.with_parameters(state["way"], **missing, page=state["number"])
    return pagers.further_page(target, url, state, state["root"])


def _answer(page: Page, target: Target) -> Walk:
    answer = answers.loaded(page)
    if answer is None and target.state["number"] == 1:
        return Walk((), Progress(refusal="needs-browser"))
    total = answers.total(answer)
    return answers.turn(page, target, answers.rows(page, answer), lambda state: _request(target, state), declared=total,
                        proof=answers.empty(answer))
