"""The one spider: a response for a target becomes one capture, whose links are further targets.

It stores nothing and never yields a follow-up request; whoever runs it puts `Capture.links` into its frontier and comes
back with `request(target)`. Every status is an observation: a 404 may be the proof that a list has ended, so
`Capture.progress`, where it is set, speaks for a page of a column and `Capture.outcome` only for the wire.

A column page that is itself the report (the same address, a new report each year) is captured with role `article`:
it is read like any article, and its progress still counts for its column.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders import addresses, discover, listing, platforms, portals, sights, titles, unlisted
from spiders.models import RENDER, Capture, Progress, Rejection, Target
from spiders.page import Page
from spiders.portals import Portal
from spiders.sights import Sight, is_binary

MOST_LINKED = 100_000                           # links of one column over all its pages; the longest honest one has a tenth
DEAD = ("gone", "soft-404", "dns")               # outcomes of addresses behind which there is nothing any more
PASSED_ON = (400, 404, 405, 410, 501)           # statuses by which lists say that they have ended or want another method
_STATUSES = {304: "not_modified", 401: "waf", 403: "waf", 404: "gone", 410: "gone", 412: "challenge", 521: "challenge"}

Outcome = Callable[[Response], str]
FailureOutcome = Callable[[BaseException], str]


class ColumnSpider(scrapy.Spider):
    """Walks declared portals, and columns or home pages given by address.

    `portals`: Portal values or names, a comma-separated text of names too; `urls`: addresses without a declaration.
    `year` keeps only reports whose title names that year or none; `limit` is the number of reports to link at most.
    `outcome` and `failure` say what a response or an exception amounts to (docs/ARCHITECTURE.md, names of outcomes).
    `seeded`: the frontier holds `seeds()` already, start with nothing.
    """

    name = "column"

    def __init__(self, portals: Iterable[Portal | str] | str = (), urls: Iterable[str] | str = (),
                 year: int | str | None = None, limit: int | str | None = None, seeded: bool = False,
                 outcome: Outcome | None = None, failure: FailureOutcome | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.portals = {portal.slug: portal for portal in _portals(portals)}
        self.urls = tuple(urls.split(",") if isinstance(urls, str) else urls)
        self.year = int(year) if year else None
        self.limit = int(limit) if limit else None
        self.outcome = outcome or (lambda response: _STATUSES.get(response.status, _by_class(response.status)))
        self.failure = failure or (lambda error: "error")
        self.seeded = seeded
        self.linked = 0

    # ---------------------------------------------------------------- Scrapy's side

    async def start(self) -> AsyncIterator[Request]:
        for target in () if self.seeded else self.seeds():
            yield self.request(target)

    def seeds(self) -> tuple[Target, ...]:
        """Where the walk begins: declared columns, homes of portals that declare none, and the given addresses."""
        given = [Target(url, "home" if _is_home(url) else "column", column=url) for url in self.urls if url]
        declared = [target for portal in self.portals.values() for target in portal.targets()]
        return tuple(declared + given)

    def request(self, target: Target) -> Request:
        """The request for a target, with the page on which its link stood as referrer."""
        headers = dict(target.headers) | ({"Referer": target.referrer} if target.referrer else {})
        return Request(target.url, method=target.method, body=target.body, headers=headers, dont_filter=True,
                       callback=self.parse, errback=self.failed, meta={"target": target})

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Capture]:
        yield self.capture(response.meta["target"], Page.of(response), self.outcome(response))

    def failed(self, failure: Failure) -> Iterator[Capture]:
        """A request that brought no response at all is an observation too."""
        target: Target = failure.request.meta["target"]       # type: ignore[attr-defined]  # Scrapy puts it there
        error = failure.value or RuntimeError("no reason given")
        yield self.unseen(target, self.failure(error), f"{type(error).__name__}: {error}")

    # ---------------------------------------------------------------- pure

    def unseen(self, target: Target, outcome: str, error: str) -> Capture:
        """The capture of a target that answered nothing."""
        progress = _refused(target, outcome) if target.role in ("home", "column", "list") else None
        return Capture(target, now(), 0, outcome, error=error, links=sights.spare(target), progress=progress,
                       agency=target.state.get("agency", ""), division_code=target.state.get("code", ""))

    def capture(self, target: Target, page: Page, outcome: str = "ok") -> Capture:
        """The capture of a target from what came back."""
        return self.capture_of(target, page, outcome, self.see(target, page, outcome))

    def capture_of(self, target: Target, page: Page, outcome: str, seen: Sight) -> Capture:
        """The capture of a target from what came back and what `see` made of it, here or in another process."""
        sight = self._within(seen, target, page)
        return Capture(replace(target, role=sight.role), now(), page.status, outcome, page.url, page.headers, page.body,
                       links=sight.links, progress=sight.progress,
                       agency=target.state.get("agency", ""), division_code=target.state.get("code", ""))

    def see(self, target: Target, page: Page, outcome: str) -> Sight:
        """What a page is and what follows from it, before hosts, year and limit are looked at."""
        if target.role in ("article", "attachment"):
            return sights.leaf(target, page, outcome)
        if outcome == "not_modified":
            return Sight(target.role)
        if outcome != "ok" and not (target.state.get("platform") and _may_tell(target, page, outcome)):
            return Sight(target.role, progress=_refused(target, outcome))
        if page.packed:
            return Sight(target.role, progress=Progress(refusal="needs-adapter"))
        if page.status == 200 and is_binary(page.body):
            return Sight("attachment", progress=Progress(rows=1, accepted=1, end_proof="single-page"))
        return _bounded(self._home(target, page) if target.role == "home" else self._column(target, page), target, page)

    def _home(self, target: Target, page: Page) -> Sight:
        """A home or landing page: the columns it names, else the reports it lists itself and the pages that may name them."""
        if links := sights.onward(target, page, "home"):
            return Sight("home", links, Progress())
        if discover.names_column(page):
            return self._column(target, page)
        links = discover.onward(page, target)
        if any(link.role == "column" for link in links):
            return Sight("home", links, Progress(end_proof="sub-columns"))
        return unlisted.led_on(target, self._column(target, page), (*links, *sights.frames(target, page, "home")))

    def _column(self, target: Target, page: Page) -> Sight:
        name = self._platform(target, page)
        walk = platforms.named(name).walk(page, target)
        if not target.state.get("platform") and not (unlisted.has_list(walk) and unlisted.holds(walk)):
            name, walk = unlisted.otherwise(page, target, name, walk)
        walk = unlisted.fetched_further(page, target, walk)
        if unlisted.has_list(walk) or (target.state.get("page") and walk.progress.end_proof):
            sight = Sight(target.role, walk.links, walk.progress)
        elif page.status == 200:
            sight = unlisted.without_list(target, page, walk)
        else:
            sight = Sight(target.role, walk.links, walk.progress)
        return sights.drawn(replace(sight, progress=replace(sight.progress or walk.progress, platform=name)), target, page)

    def _platform(self, target: Target, page: Page) -> str:
        if target.method == RENDER:
            return "drawn"
        return target.state.get("platform") or self._declared(target) or platforms.recognise(page)

    def _declared(self, target: Target) -> str:
        portal = self.portals.get(target.portal)
        return portal.platform if portal and target.role != "home" else ""

    # ---------------------------------------------------------------- hosts, year, limit

    def _within(self, sight: Sight, target: Target, page: Page) -> Sight:
        """The sight without links that lead off the portal, to other years or beyond the limit, each with its reason."""
        kept, rejected = [], []
        for link in sight.links:
            reason = self._reason_against(link, target, page)
            if reason:
                rejected.append(Rejection(link.url, link.link_text, reason))
            else:
                kept.append(link)
                self.linked += _is_report(link, target)
        return replace(sight, links=tuple(kept), progress=_less(sight.progress, rejected, sight.links))

    def _reason_against(self, link: Target, target: Target, page: Page) -> str:
        portal = self.portals.get(target.portal)
        own = {addresses.split(url)[0] for url in (page.url, target.url, target.column, target.referrer) if url}
        hosts = own | set(portal.own_hosts() if portal else ())
        if not addresses.allowed(link.url, hosts, attachment=link.role == "attachment"):
            return "off-site"
        if self.year and link.role != "list" and _other_year(link, self.year):
            return "other year"
        return "limit" if self._enough() and (_is_report(link, target) or link.role in ("list", "column")) else ""

    def _enough(self) -> bool:
        return self.limit is not None and self.linked >= self.limit


def now() -> str:
    """The time of a capture: UTC, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _portals(given: Iterable[Portal | str] | str) -> list[Portal]:
    names = given.split(",") if isinstance(given, str) else given
    return [portals.find(each) if isinstance(each, str) else each for each in names if each]


def _by_class(status: int) -> str:
    return "server-error" if status >= 500 else "error" if status >= 300 else "ok"


def _is_home(url: str) -> bool:
    path = addresses.split(url)[1]
    return path in ("", "/") or bool(re.fullmatch(r"/(?:index|default|main)\.\w+", path))


def _refused(target: Target, outcome: str) -> Progress:
    """The ledger of a page that is none. That a landing page to which only a name led is dead says nothing of the column."""
    guessed = target.role == "home" and target.state.get("step") and outcome in DEAD
    return Progress(probe=True) if guessed else Progress(refusal=outcome)


def _may_tell(target: Target, page: Page, outcome: str) -> bool:
    """Whether a page that is none may yet tell its platform something: that a list has ended, or is numbered otherwise."""
    tried = bool(page.status) and (target.state.get("probe") or target.state.get("beyond"))
    ran_out = page.status == 200 and not page.body.strip() and target.state.get("seen")     # how some services say: no more
    return bool(tried or ran_out or page.status in PASSED_ON or outcome == "soft-404")


# ---------------------------------------------------------------- lists without measure


def _bounded(sight: Sight, target: Target, page: Page) -> Sight:
    """The sight with no more links than a page and a column may have; where that cuts, the column is told `too-large`."""
    links = sight.links[:listing.MOST_LINKS]
    linked = int(target.state.get("linked", 0)) + len(links)
    further = linked <= MOST_LINKED
    kept = tuple(replace(link, state={**link.state, "linked": linked}) if link.role == "list" else link
                 for link in links if further or link.role != "list")
    if len(kept) == len(sight.links) and not listing.crowded(page):
        return replace(sight, links=kept)
    return replace(sight, links=kept, progress=replace(sight.progress or Progress(), refusal="too-large"))


# ---------------------------------------------------------------- what is left out


def _is_report(link: Target, target: Target) -> bool:
    return link.role in ("article", "attachment") and target.role not in ("article", "attachment")


def _other_year(link: Target, year: int) -> bool:
    named = titles.years(link.link_text)
    if link.role in ("home", "column"):        # a folder's year is when its reports were published, or what they are about
        return bool(named) and all(abs(each - year) > 1 for each in named)
    return bool(named) and year not in named


def _less(progress: Progress | None, rejected: list[Rejection], links: tuple[Target, ...]) -> Progress | None:
    """The ledger with what was left out moved from accepted to rejected."""
    if progress is None or not rejected:
        return progress
    dropped = {each.url for each in rejected}
    reports = sum(link.url in dropped and link.role in ("article", "attachment") for link in links)
    return replace(progress, accepted=max(0, progress.accepted - reports), rejected=(*progress.rejected, *rejected))
