"""Use where `#pages` holds a run of Base64 and a script calls `window.atob`: 云南, whose pager is hidden that way.

`Page.tree` holds what was hidden, as a browser's does; the rest is a static list.
"""

from __future__ import annotations

import re

from spiders import walks
from spiders.models import Target
from spiders.page import Page
from spiders.walks import Walk

_HIDDEN = re.compile(r"(?:window\.)?atob\s*\(")


def recognise(page: Page) -> float:
    return 0.86 if _HIDDEN.search(page.scripts) and re.search(r"id\s*=\s*['\"]?pages?\b", page.text) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """One page of a list."""
    return walks.static(page, target, "yunnan")
