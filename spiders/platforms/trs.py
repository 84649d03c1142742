"""Use where article addresses end in `tYYYYMMDD_number.html`, files are named `P0…pdf`, or the page calls `createPageHTML(`.

TRS WCM (拓尔思) publishes static files: a column is a folder, its pages are `index.html`, `index_1.html` (or `index_2`), …
The largest family: ministries and most provinces. Lists may be written by inline scripts; `Page.tree` already holds those.
"""

from __future__ import annotations

import re

from spiders import walks
from spiders.models import Target
from spiders.page import Page
from spiders.walks import Walk

_SIGNS = {
    r"/t\d{8}_\d+\.s?html?": 0.6,
    r"createPageHTML\s*\(": 0.5,
    r"TRS_Editor|TRS_UEDITOR|trs_editor_view|CurrChnlCls": 0.4,
    r"/[PW]0\d{15,}\.\w+": 0.4,
    r"\bcountPage\s*=": 0.4,
}


def recognise(page: Page) -> float:
    return min(0.9, sum(weight for sign, weight in _SIGNS.items() if re.search(sign, page.text)))


def walk(page: Page, target: Target) -> Walk:
    """One page of a static TRS list."""
    return walks.static(page, target, "trs")
