"""Use where pages turn by `javascript:page('2')` and a form holds a field `cpage`: gtapp (省自然资源厅 of several provinces).

A further page is the same address asked by POST with `cpage=N`. The form's other fields go along, so the page's own form
is sent as a browser would send it.
"""

from __future__ import annotations

import re

from spiders import walks
from spiders.models import Target
from spiders.page import Page
from spiders.walks import Walk

_TURNS = re.compile(r"javascript:\s*page\(\s*['\"]?\d+")
_FIELD = re.compile(r"\bcpage\b")


def recognise(page: Page) -> float:
    return 0.86 if _TURNS.search(page.text) and _FIELD.search(page.text) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """One page of a list."""
    return walks.static(page, target, "gtapp")
