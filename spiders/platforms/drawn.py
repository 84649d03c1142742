"""Use where a page shows no list until its scripts have run: the list as a browser drew it, all its pages one after the other.

Nothing to recognise: a page found to hold nothing but scripts leads here by itself, a declaration may name it.
"""

from __future__ import annotations

from dataclasses import replace

from spiders import listing, pagers, walks
from spiders.models import DRAWN_END, RENDER, Progress, Target
from spiders.page import Page
from spiders.walks import Walk


def recognise(page: Page) -> float:
    return 0.0


def walk(page: Page, target: Target) -> Walk:
    """The rows of all pages of a list that a browser turned."""
    found = [replace(link, place=link.place.replace(" section. ", " ")) for link in listing.links(page)]
    rows = listing.rows(found)
    if target.method != RENDER:
        return Walk((), Progress(refusal="needs-browser"))
    said = pagers.declared_rows(page)
    told = Progress(declared=said if said and said >= len(rows) else None, end_proof=_header(page, DRAWN_END))
    return walks.assemble(page, target, rows, found, (), told)


def _header(page: Page, name: str) -> str:
    return next((value for key, value in page.headers if key.lower() == name.lower()), "")
