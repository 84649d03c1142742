"""Use where the source asks `/module/xxgk/search.jsp` or shows `/module/xxgk/tree.jsp?area=`: Hanweb's disclosure module.

Rows come as a fragment for a POST with `infotypeId` (the catalogue's code of 年报), `area` and `jdid` (the department),
turned by `currpage`. Without an infotypeId the answer is everything the whole city published, so then nothing is asked.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from spiders import addresses, answers, emptiness, listing, pagers, titles, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

_SEARCH = re.compile(r"[\"']([^\"'\s]{0,300}/module/xxgk/search\.jsp[^\"'\s]{0,300})[\"']")
_MODULE = re.compile(r"/module/xxgk/(?:tree|search|subjectinfo|index)\.jsp")
_NAMES = ("infotypeId", "jdid", "area", "divid", "texttype", "fbtime", "sortfield", "standardXxgk", "isAllList")
_SAID = {name: re.compile(rf"\b{name}['\"]?\s*[:=]\s*['\"]([^'\"]*)['\"]") for name in _NAMES}
_CODE = re.compile(r"infotypeId=([\w-]+)|['\"]([A-Z]\d{2,})['\"]")
_PAGES = re.compile(r"共\s*(?:<[^>]+>)?\s*(\d+)\s*(?:<[^>]+>)?\s*页")
_DEFAULTS = {"texttype": "", "fbtime": "-1", "sortfield": ",createdatetime:0", "standardXxgk": "1", "isAllList": "1"}


def recognise(page: Page) -> float:
    if _MODULE.search(page.url) or _MODULE.search(page.scripts):
        return 0.93
    return 0.35 if _MODULE.search(page.text) else 0.0          # a mere link to the module, as menus have it


def walk(page: Page, target: Target) -> Walk:
    """The page of a department or of the tree of departments, or one fragment of rows."""
    return _fragment(page, target) if target.state.get("way") else _column(page, target)


def _column(page: Page, target: Target) -> Walk:
    found, facts = listing.links(page), _facts(page, target)
    departments = tuple(_department(link, page, target, facts) for link in found
                        if addresses.parameters(link.url).get("area") and titles.judge(link.text).kind in ("agency", "group")
                        and walks.may_descend(link.url, page, target))
    if not facts.get("infotypeId"):
        return Walk(departments, Progress(end_proof="sub-columns") if departments else Progress())
    search = _SEARCH.search(page.text)
    way = page.absolute(search[1].partition("?")[0] if search else "/module/xxgk/search.jsp")
    state = {"platform": "xxgk", "number": 1, "seen": [], "way": way, "facts": facts, "root": page.url}
    return Walk((*departments, _request(target, state)), Progress())


def _facts(page: Page, target: Target) -> dict[str, str]:
    """What the search wants, from the column above, the page's scripts, forms and search address, and its own address."""
    search = _SEARCH.search(page.text)
    said = {name: match[1] for name, pattern in _SAID.items() if (match := pattern.search(page.scripts))}
    fields = {field.get("name", ""): field.get("value", "") for field in page.tree.iter("input")}
    asked = addresses.parameters(search[1].replace("&amp;", "&")) if search else {}
    given = (dict(target.state.get("facts", {})), said, fields, asked, addresses.parameters(page.url), _catalogue(page))
    facts = dict(_DEFAULTS)
    for each in given:
        facts |= {name: str(each[name]) for name in _NAMES if each.get(name)}
    return facts


def _catalogue(page: Page) -> dict[str, str]:
    """The catalogue's code of 年报, where the page shows the catalogue as links."""
    for anchor in page.tree.iter("a"):
        if titles.judge("".join(map(str, anchor.itertext()))).kind == "column":
            code = _CODE.search((anchor.get("href") or "") + " " + (anchor.get("onclick") or ""))
            if code:
                return {"infotypeId": code[1] or code[2]}
    return {}


def _department(link: listing.Link, page: Page, target: Target, facts: dict[str, str]) -> Target:
    column = walks.column(link, page, target)
    known = facts | {"area": addresses.parameters(link.url)["area"]}
    return replace(column, state={**column.state, "facts": {key: value for key, value in known.items() if key != "jdid"}})


def _request(target: Target, state: dict[str, Any]) -> Target:
    url = addresses.with_parameters(state["way"], currpage=state["number"])
    body = urlencode(state["facts"]).encode()
    return replace(pagers.further_page(target, url, state, state["root"]), method="POST", body=body,
                   headers={"Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": "XMLHttpRequest"})


def _fragment(page: Page, target: Target) -> Walk:
    rows = listing.rows(listing.links(Page(target.state["root"], page.body)))
    pages = _PAGES.search(page.text)
    empty = "empty-marker" if not rows and emptiness.said(page) else ""
    return answers.turn(page, target, rows, lambda state: _request(target, state), proof=empty,
                        pages=int(pages[1]) if pages else None)
