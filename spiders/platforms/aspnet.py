"""Use where the address ends in `.aspx`, pages turn by `__doPostBack(…)` and a form hides `__VIEWSTATE`: ASP.NET WebForms.

A further page is the form posted back with what it hid and the event of the control that was clicked, so pages can only
be asked one after the other.
"""

from __future__ import annotations

from spiders import walks
from spiders.models import Target
from spiders.page import Page
from spiders.walks import Walk


def recognise(page: Page) -> float:
    return 0.86 if "__VIEWSTATE" in page.text and "__doPostBack(" in page.text else 0.0


def walk(page: Page, target: Target) -> Walk:
    """One page of a list."""
    return walks.static(page, target, "aspnet")
