"""Use where addresses read `/public/column/6615904?type=4&catId=…` or `/content/column/6806161`: Lonsun (龙讯), all of 安徽.

The page of a column is a shell; its rows come as a fragment from `/site/label/8888`, whose `length` cuts titles short and is
therefore raised. Each department and town has an organId of its own. 暂无相关信息 is a true empty list.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode, urljoin

from spiders import addresses, answers, emptiness, listing, literals, pagers, titles, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

PAGE_SIZE = 15          # what the system's own pages ask for
TITLE_LENGTH = 500      # characters of a title before the server cuts it

_COLUMN = re.compile(r"/public/column/(\d+)")
_NEWS = re.compile(r"/content/column/\d+")
_LABEL = re.compile(r"[\"']([^\"'\s]{0,300}/site/label/\d+[^\"'\s]{0,300})[\"']")
_PAGES = re.compile(r"pageCount['\"]?\s*[:=]\s*['\"]?(\d+)")
_TOTAL = re.compile(r"(?:\btotal|totalCount|recordCount)['\"]?\s*[:=]\s*['\"]?(\d+)")
_DEFAULTS = {"labelName": "publicInfoList", "type": "4", "action": "list", "isDate": "true", "dateFormat": "yyyy-MM-dd",
             "file": "/xxgk/publicInfoList_newest2020", "result": "暂无相关信息"}
_OF_LIST = ("siteId", "organId", "catId", "cId", "type", "file", "labelName", "isDate", "dateFormat", "action", "result",
            "sortType")
_SIGNS = ("Ls.", "/site/label/", "lonsun")


def recognise(page: Page) -> float:
    own = _COLUMN.search(page.url) or _NEWS.search(page.url)
    if own:
        return 0.9 if "siteid" in page.metas or any(sign in page.text for sign in _SIGNS) else 0.6
    return 0.9 if _LABEL.search(page.scripts) and "publicInfoList" in page.scripts else 0.0


def walk(page: Page, target: Target) -> Walk:
    """The shell of a column, a fragment of its rows, or a page of a news column."""
    if target.state.get("way"):
        return _fragment(page, target)
    return _news(page, target) if _NEWS.search(page.url) else _column(page, target)


def _column(page: Page, target: Target) -> Walk:
    found = listing.links(page)
    rows = [row for row in listing.rows(found) if titles.judge(row.text).kind == "report"]
    if rows:
        return walks.static(page, target, "lonsun")
    state = {"platform": "lonsun", "number": 1, "seen": [], "way": _way(page), "root": page.url}
    return walks.assemble(page, target, [], [], (*_agencies(found, page, target), _request(target, state)), Progress())


def _agencies(found: list[listing.Link], page: Page, target: Target) -> tuple[Target, ...]:
    """The same catalogue of the other departments and towns in the tree beside the list."""
    own = addresses.parameters(page.url)
    same = (link for link in found if _COLUMN.search(link.url) and titles.judge(link.text).kind in ("agency", "group")
            and addresses.parameters(link.url).get("type") == own.get("type"))
    return tuple(walks.column(link, page, target) for link in same if walks.may_descend(link.url, page, target))


def _way(page: Page) -> str:
    """The address of the fragments, from what the page's script says, its address and its metas."""
    label = _LABEL.search(page.scripts)
    said = literals.value_after(page.scripts, r"(?=\{[^{}]*labelName)") or {}
    organ = _COLUMN.search(page.url)
    facts = _DEFAULTS | {"siteId": page.metas.get("siteid", ""), "organId": organ[1] if organ else ""}
    for given in (addresses.parameters(page.url), addresses.parameters(page.absolute(label[1])) if label else {}, said):
        facts |= {name: str(value) for name, value in given.items() if name in _OF_LIST and value not in (None, "")}
    path = label[1].partition("?")[0] if label else "/site/label/8888"
    return str(urljoin(page.url, path)) + "?" + urlencode({name: value for name, value in facts.items() if value})


def _request(target: Target, state: dict[str, Any]) -> Target:
    url = addresses.with_parameters(state["way"], pageSize=PAGE_SIZE, length=TITLE_LENGTH, pageIndex=state["number"])
    return pagers.further_page(target, url, state, state["root"])


def _fragment(page: Page, target: Target) -> Walk:
    rows = listing.rows(listing.links(Page(target.state["root"], page.body)))
    pages, total = _PAGES.search(page.text), _TOTAL.search(page.text)
    empty = "empty-marker" if not rows and emptiness.said(page) else ""
    return answers.turn(page, target, rows, lambda state: _request(target, state), proof=empty,
                        pages=int(pages[1]) if pages else None, declared=int(total[1]) or None if total else None)


def _news(page: Page, target: Target) -> Walk:
    """An ordinary column: rows in the page, further pages by `pageIndex`."""
    found = listing.links(page)
    rows, pages = listing.rows(found), _PAGES.search(page.scripts)
    state = {"platform": "lonsun", "number": 1, "seen": [], "way": page.url, "root": page.url}
    if not pages:
        return walks.static(page, target, "lonsun")
    here = pagers.further_page(target, page.url, state)
    return answers.turn(page, here, rows, lambda next_: _request(target, next_), pages=int(pages[1]))
