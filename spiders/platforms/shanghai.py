"""Use where a list is `/nw12344/index.html` and articles are `/nw12344/20230331/<32 hex digits>.html`: 上海.

Pages are `index_2.html`, counted from one; the last pages that a pager names may be gone. Comments hold old copies of the
list, which no reader sees. Years past are pages of their own.
"""

from __future__ import annotations

import re

from spiders import walks
from spiders.models import Target
from spiders.page import Page
from spiders.walks import Walk

_SIGNS = {r"/nw\d+/": 0.5, r"/\d{8}/[0-9a-f]{32}\.html": 0.35, r"ivs_content": 0.3}


def recognise(page: Page) -> float:
    return min(0.88, sum(weight for sign, weight in _SIGNS.items() if re.search(sign, page.url + " " + page.text)))


def walk(page: Page, target: Target) -> Walk:
    """One page of a list."""
    return walks.static(page, target, "shanghai")
