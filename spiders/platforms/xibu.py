"""Use where a list is `/zfxxgk/zfxxgknb/1.html`, articles are numbers of 15 digits and more, and the source says
`maxPage = parseInt('7')`: the central system (集约化) of 陕西, 青海 and their neighbours.

Page N of a list is `N.html` in the column's folder. Rows stand in the page; a report may be a PDF in a frame.
"""

from __future__ import annotations

import re

from spiders import walks
from spiders.models import Target
from spiders.page import Page
from spiders.walks import Walk

_SIGNS = {r"\bmaxPage\s*=\s*parseInt\(": 0.6, r"/\d{15,}\.html": 0.25, r"m-txt-article|xzdllj": 0.2}


def recognise(page: Page) -> float:
    return min(0.85, sum(weight for sign, weight in _SIGNS.items() if re.search(sign, page.text)))


def walk(page: Page, target: Target) -> Walk:
    """One page of a list."""
    return walks.static(page, target, "xibu")
