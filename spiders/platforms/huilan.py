"""Use where addresses read `/eportal/ui?pageId=302275` and pages turn by `javascript:next(2)`: Huilan eportal (慧兰).

A further page is the same address with `currentPage=N`, the `moduleId` of the list and `staticRequest=yes`.
"""

from __future__ import annotations

import re
from typing import Any

from spiders import addresses, answers, listing, pagers, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

_NEXT = re.compile(r"\b(?:next|goto|gotoPage|jump)\(\s*['\"]?(\d+)['\"]?\s*[,)]")
_MODULE = re.compile(r"module_?Id['\"]?\s*[:=]\s*['\"]?([0-9a-f]{32})", re.I)
_PAGES = re.compile(r"共\s*(?:<[^>]+>)?\s*(\d+)\s*(?:<[^>]+>)?\s*页")


def recognise(page: Page) -> float:
    return 0.9 if "/eportal/" in page.url or ("/eportal/ui?" in page.text and "uiFramework" in page.text) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """One page of a list."""
    found = listing.links(page)
    rows, module, pages = listing.rows(found), _module(page, target), _pages(page)
    state = {"platform": "huilan", "number": 1, "seen": [], "way": page.url, "module": module, **target.state}
    here = pagers.further_page(target, target.url, state)
    if not rows and state["number"] == 1:
        return walks.assemble(page, target, [], found, (), Progress(end_proof="single-page"))
    walk = answers.turn(page, here, rows, lambda next_: _request(target, next_), pages=pages)
    below = walks.sub_columns(found, page, target)
    return Walk((*walk.links, *below), walk.progress)


def _request(target: Target, state: dict[str, Any]) -> Target:
    url = addresses.with_parameters(state["way"], currentPage=state["number"], staticRequest="yes")
    if state["module"]:
        url = addresses.with_parameters(url, moduleId=state["module"])
    return pagers.further_page(target, url, state, state["way"])


def _module(page: Page, target: Target) -> str:
    found = _MODULE.search(page.text)
    return str(target.state.get("module") or (found[1] if found else ""))


def _pages(page: Page) -> int:
    """The number of pages: said in words, else the highest number a pager link leads to, else one."""
    said = _PAGES.search(page.text)
    linked = [int(number) for anchor in page.tree.iter("a") for number in
              _NEXT.findall((anchor.get("href") or "") + (anchor.get("onclick") or ""))]
    return int(said[1]) if said else max(linked, default=1)
