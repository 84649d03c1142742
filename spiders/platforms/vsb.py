"""Use where addresses read `/info/1001/123.htm` or hold `wbtreeid=`, and the source `vsb_content` or `_jsq_`: 博达 VSB.

Page two of `/nb.htm` is `/nb/4.htm`, the last is `/nb/1.htm`: numbers descend, and every address means another page as soon
as an item is added. So the page's own link 下页 is followed, and page one is read again at the end for what came in between.
"""

from __future__ import annotations

import re
from dataclasses import replace

from spiders import listing, pagers, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

_SIGNS = {r"wbtreeid=|wbnewsid=": 0.5, r"/info/\d+/\d+\.html?": 0.4, r"vsb_content|v_news_content": 0.5, r"_jsq_\(": 0.5,
          r"/system/resource/": 0.3, r"ainfolist\d+[tpc]=": 0.5, r"class=[\"']?p_(?:next|no|t)\b": 0.3}
_AGAIN = "#again"        # the same page is another target, since a target is fetched once


def recognise(page: Page) -> float:
    return min(0.88, sum(weight for sign, weight in _SIGNS.items() if re.search(sign, page.text)))


def walk(page: Page, target: Target) -> Walk:
    """One page of a list, or page one once more."""
    if target.url.endswith(_AGAIN):
        return _again(page, target)
    walk = walks.static(page, target, "vsb")
    if target.state.get("chain") and walk.progress.end_proof:
        again = pagers.further_page(target, target.column + _AGAIN, {"platform": "vsb"}, page.url)
        return replace(walk, links=(*walk.links, again))
    return walk


def _again(page: Page, target: Target) -> Walk:
    """What stands on page one now; rows seen before are not new to anyone, so nothing is counted twice."""
    found = walks.sort_rows(listing.rows(listing.links(page)), page, target)
    return Walk(found.reports, Progress(probe=True))
