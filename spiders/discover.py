"""From a portal's home to its annual-report column, by the names links carry and never by guessed paths."""

from __future__ import annotations

from dataclasses import replace

from spiders import addresses, listing, titles
from spiders.listing import Link
from spiders.models import Target
from spiders.page import Page

MOST_STEPS = 3          # home → 政务公开 → 政府信息公开 → 年报
MOST_LANDINGS = 3       # of the pages a home may lead to, the nearest to the column by their names


def columns(page: Page) -> list[Link]:
    """Links that name an annual-report column, fullest name first."""
    found = [link for link in listing.links(page) if _names_column(link)]
    own = [link for link in found if link.url != page.url and not addresses.is_file(link.url)]
    return sorted(own, key=lambda link: -len(titles.normal(link.text)))


def _names_column(link: Link) -> bool:
    """Whether a link is a column by its whole name, or bears a report's name, leads to a folder and has no date."""
    kind = titles.judge(link.text).kind
    return not link.day and (kind == "column" or (kind == "report" and addresses.is_front(link.url)))


def landings(page: Page) -> list[Link]:
    """Links to the disclosure platform, where a home page does not name the column itself; the nearest to it first."""
    ranked = [(titles.landing_rank(link.text), link) for link in listing.links(page) if link.url != page.url]
    near = sorted(((rank, link) for rank, link in ranked if rank), key=lambda each: (each[0], -len(each[1].text)))
    return [link for _, link in near if not addresses.is_file(link.url)][:MOST_LANDINGS]


def names_column(page: Page) -> bool:
    """Whether the page says of itself that it is an annual-report column: its metas, else its title."""
    metas = [page.metas.get(name, "") for name in ("columntype", "columnname")]
    own = page.title.replace("-", "_").replace("|", "_").split("_")
    return any(titles.is_column_name(text) for text in (*metas, *own) if text)


def onward(page: Page, target: Target) -> tuple[Target, ...]:
    """What to fetch next from a home or landing page: the columns it names, else the landing pages, three steps at most."""
    if found := columns(page):
        return tuple(Target(link.url, "column", referrer=page.url, link_text=link.text, portal=target.portal,
                            column=link.url, state=_state(target)) for link in found)
    step = int(target.state.get("step", 0)) + 1
    if step > MOST_STEPS:
        return ()
    next_ = replace(target, role="home", method="GET", body=b"", referrer=page.url, published_on="")
    state = {**_state(target), "step": step}
    return tuple(replace(next_, url=link.url, link_text=link.text, state=state) for link in landings(page))


def _state(target: Target) -> dict[str, object]:
    return {key: value for key, value in target.state.items() if key in ("agency", "code")}
