"""Use where a script asks `getFileListByCodeId` for a `channelId`: 国家税务总局 and the sites on its central system.

Addresses read `/chinatax/n810214/c102384r/index.html?tab=gknb`; the number in them is a decoy, the channel stands in the
script. Rows come as JSON for a POST with channel, page and size, titles with markup in them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from spiders import answers, listing, pagers, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

PAGE_SIZE = 20          # rows per answer, what the system's own script asks for

_WAY = re.compile(r"(?<![^\"'\s(])([^\"'\s(]*getFileListByCodeId)\b")      # tried only where an address may begin
_CHANNEL = re.compile(r"channel_?Id['\"]?\s*[:=,]\s*['\"]([\w-]{8,})['\"]", re.I)
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": "XMLHttpRequest"}


def recognise(page: Page) -> float:
    return 0.92 if _WAY.search(page.scripts) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """The shell of a column, or one answer."""
    return _answer(page, target) if target.state.get("way") else _column(page, target)


def _column(page: Page, target: Target) -> Walk:
    way, channel = _WAY.search(page.scripts), _CHANNEL.search(page.scripts)
    named = channel[1] if channel else page.metas.get("channelid", "")
    if not way or not named:
        return Walk()
    state: dict[str, Any] = {"platform": "chinatax", "number": 1, "seen": [], "way": page.absolute(way[1]), "channel": named,
                             "root": page.url}
    return walks.assemble(page, target, [], listing.links(page), (_request(target, state),), Progress())


def _request(target: Target, state: dict[str, Any]) -> Target:
    asked = {"channelId": state["channel"], "page": state["number"], "size": PAGE_SIZE, "relateSubChannels": "true"}
    return replace(pagers.further_page(target, state["way"], state, state["root"]), method="POST",
                   body=urlencode(asked).encode(), headers=_FORM)


def _answer(page: Page, target: Target) -> Walk:
    answer = answers.loaded(page)
    if answer is None and target.state["number"] == 1:
        return Walk((), Progress(refusal="needs-browser"))
    total = answers.total(answer)
    return answers.turn(page, target, answers.rows(page, answer), lambda state: _request(target, state), declared=total,
                        proof=answers.empty(answer))
