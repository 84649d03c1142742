"""Use where a script of the column page asks `messageController/getMessage.do` for its rows.

A cousin of Hanweb's jpage (南通): the answer is JSONP around the same records. It wants the column page as Referer, and
gives nothing when more rows are asked for at once than the site allows, so 50, 20 and 10 are tried in turn.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from spiders import listing, pagers, walks
from spiders.answers import mark
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.platforms import jpage
from spiders.walks import Walk
from spiders.writes import unescape

AT_ONCE = (50, 20, 10)

_WAY = re.compile(r"[\"']([^\"'\s]{0,300}messageController/getMessage\.do[^\"'\s]{0,300})[\"']")
_ASKED = re.compile(r"\{([^{}]*\bcolumnId\b[^{}]*)\}", re.I)
_OWN = ("startrecord", "endrecord", "perpage", "callback")
_WRAPPED = re.compile(r"^\s*[\w$.]+\s*\(\s*(.*?)\s*\)\s*;?\s*$", re.S)


def recognise(page: Page) -> float:
    return 0.92 if _WAY.search(page.scripts) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """The column page, which holds no rows, or one answer of the service."""
    return _answer(page, target) if target.state.get("way") else _column(page, target)


def _column(page: Page, target: Target) -> Walk:
    way = _WAY.search(page.scripts)
    if not way:
        return Walk()
    asked = _ASKED.search(page.scripts, way.start()) or _ASKED.search(page.scripts)
    pairs = [(name, a or b or c) for name, a, b, c in jpage.PAIR.findall(asked[1] if asked else "")]
    extra = "".join(f"&{name}={quote(value)}" for name, value in pairs if name not in _OWN)
    state = {"platform": "truecms", "way": page.absolute(way[1]), "extra": extra, "per": AT_ONCE[0], "seen": []}
    found = listing.links(page)
    told = Progress(declared=_total(page.scripts))
    return walks.assemble(page, target, [], found, (_request(target, state, page.url),), told)


def _request(target: Target, state: dict[str, Any], referrer: str) -> Target:
    start = len(state["seen"]) + 1
    joint = "&" if "?" in state["way"] else "?"
    url = (f"{state['way']}{joint}startrecord={start}&endrecord={start + state['per'] - 1}&perpage={state['per']}"
           f"{state['extra']}&callback=cb")
    return pagers.further_page(target, url, state, referrer)


def _answer(page: Page, target: Target) -> Walk:
    state, source = dict(target.state), unwrap(page.text)
    rows = jpage.records(page, source) or listing.rows(listing.fragment(page, source))
    new = [row for row in rows if mark(row) not in state["seen"]]
    state["seen"] = [*state["seen"], *dict.fromkeys(mark(row) for row in new)]
    if not rows and not target.state["seen"]:
        return _fewer(target, state, page.status)
    kept = walks.sort_rows(new, page, target)
    total = _total(source)
    done = "declared-total" if total is not None and len(state["seen"]) >= total else "" if new else "empty-datastore"
    further = () if done or page.status >= 400 else (_request(target, state, target.referrer),)
    progress = Progress(declared=total, rows=len(new), accepted=len(kept.reports), rejected=kept.rejected,
                        end_proof="" if page.status >= 400 else done, refusal="gone" if page.status >= 400 else "")
    return Walk((*kept.reports, *kept.columns, *further), progress)


def _fewer(target: Target, state: dict[str, Any], status: int) -> Walk:
    """Nothing came of the first request: ask for fewer rows at once."""
    smaller = [per for per in AT_ONCE if per < state["per"]]
    if smaller:
        return Walk((_request(target, state | {"per": smaller[0]}, target.referrer),), Progress(probe=True))
    return Walk((), replace(Progress(), refusal="gone" if status >= 400 else "needs-adapter"))


def unwrap(text: str) -> str:
    """The markup inside a JSONP answer: bare, as a quoted text, or as the texts of an object."""
    inner = match[1] if (match := _WRAPPED.match(text)) else text.strip()
    if inner[:1] in "\"'" and inner[-1:] == inner[:1] and inner:
        return unescape(inner[1:-1])
    try:
        return "\n".join(_texts(json.loads(inner)))
    except ValueError:
        return inner


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


def _total(source: str) -> int | None:
    match = re.search(r"(?:<totalrecord>|\btotalRecord['\"]?\s*:\s*['\"]?)\s*(\d+)", source, re.I)
    return int(match[1]) if match else None
