"""Use where the source holds all rows as data in a script and code draws some of them: no link stands in the page itself.

山东人社 slices 470 nodes into pages, 湖州 keeps a `dataList`, others a tree (`zNodes`, `d.add(…)`) of agencies. The page once
read is the whole list; what a browser shows is less.
"""

from __future__ import annotations

from spiders import listing, pagers, scripted, titles, walks
from spiders.models import Progress, Target
from spiders.page import Page
from spiders.walks import Walk

FEWEST = 2              # reports or agencies in scripts that make a list


def recognise(page: Page) -> float:
    told = [link for link in scripted.links(page) if titles.judge(link.text).kind in ("report", "agency", "year")]
    lone = [link for link in told if titles.judge(link.text).kind == "report" and link.is_row]
    if len(told) < FEWEST and not lone:
        return 0.0
    shown = {link.url for link in listing.links(page)}
    return 0.7 if any(link.url not in shown for link in told) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """The whole list, or the whole tree, of a page."""
    shown, told = listing.links(page), scripted.links(page)
    found = list({link.url: link for link in (*told, *shown)}.values())
    rows = [link for link in told if titles.judge(link.text).kind in ("report", "look-alike")]
    declared = pagers.declared_rows(page)
    progress = Progress(declared=declared if declared and declared > len(rows) else None, end_proof="single-page")
    return walks.assemble(page, target, rows, found, (), progress)
