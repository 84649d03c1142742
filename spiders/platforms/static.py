"""Use for any list whose links stand in the page: nothing to recognise, the last resort before `needs-adapter`.

Pages follow each other by a known pager call or by the page's own link 下一页.
"""

from __future__ import annotations

from spiders import walks
from spiders.models import Target
from spiders.page import Page
from spiders.walks import Walk


def recognise(page: Page) -> float:
    return 0.1


def walk(page: Page, target: Target) -> Walk:
    """One page of a list of links."""
    return walks.static(page, target, "static")
