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
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders import addresses, attachments, discover, drawing, emptiness, listing, platforms, portals, titles
from spiders.models import RENDER, Capture, Progress, Rejection, Role, Target
from spiders.page import Page
from spiders.pagers import CARRIED
from spiders.platforms import ajax
from spiders.portals import Portal
from spiders.walks import Walk

LAST = ("inline", "ajax")                       # how lists are drawn by scripts, whoever made them: tried when no list is found
MOST_LINKED = 100_000                           # links of one column over all its pages; the longest honest one has a tenth
MOST_HOPS = 3                                   # shells and frames between a link and its page
DEAD = ("gone", "soft-404", "dns")               # outcomes of addresses behind which there is nothing any more
PASSED_ON = (400, 404, 405, 410, 501)           # statuses by which lists say that they have ended or want another method
_FRAME_OF_OTHERS = re.compile(r"login|share|count|stat|map|weather|video|player|search|ad[sv]?\b", re.I)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"Rar!", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_STATUSES = {304: "not_modified", 401: "waf", 403: "waf", 404: "gone", 410: "gone", 412: "challenge", 521: "challenge"}

Outcome = Callable[[Response], str]
FailureOutcome = Callable[[BaseException], str]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page is and what follows from it: the role it turned out to have, its links, its share of the column's ledger."""

    role: Role
    links: tuple[Target, ...] = ()
    progress: Progress | None = None


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
        return Capture(target, now(), 0, outcome, error=error, links=_spare(target), progress=progress,
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
            return _leaf(target, page, outcome)
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
        if links := _onward(target, page, "home"):
            return Sight("home", links, Progress())
        if discover.names_column(page):
            return self._column(target, page)
        links = discover.onward(page, target)
        if any(link.role == "column" for link in links):
            return Sight("home", links, Progress(end_proof="sub-columns"))
        return _led_on(target, self._column(target, page), (*links, *_frames(target, page, "home")))

    def _column(self, target: Target, page: Page) -> Sight:
        name = self._platform(target, page)
        walk = platforms.named(name).walk(page, target)
        if not target.state.get("platform") and not (_has_list(walk) and _holds(walk)):
            name, walk = _otherwise(page, target, name, walk)
        walk = _fetched_further(page, target, walk)
        if _has_list(walk) or (target.state.get("page") and walk.progress.end_proof):
            sight = Sight(target.role, walk.links, walk.progress)
        elif page.status == 200:
            sight = _without_list(target, page, walk)
        else:
            sight = Sight(target.role, walk.links, walk.progress)
        return _drawn(replace(sight, progress=replace(sight.progress or walk.progress, platform=name)), target, page)

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


def is_binary(body: bytes) -> bool:
    """Whether the bytes are a file and no page."""
    return body.lstrip()[:8].startswith(_BINARY) or b"\x00" in body[:512]


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


# ---------------------------------------------------------------- leaves


def _leaf(target: Target, page: Page, outcome: str) -> Sight:
    if outcome == "not_modified":
        return Sight(target.role)
    if outcome != "ok":
        spare = _spare(target)
        return Sight(target.role, spare, Progress(probe=True) if spare else None)
    if is_binary(page.body):
        return Sight("attachment")
    if target.role == "attachment":
        return Sight("attachment", _spare(target) if titles.soft_404(page.visible) else ())
    if links := _onward(target, page, "article"):
        return Sight("article", links)
    links = (*attachments.targets(page, target), *attachments.collected(page, target))
    if not links and target.method != RENDER and drawing.article_by_script(page):
        links = (_by_browser(target, page.url),)
    return Sight("article", links)


def _spare(target: Target) -> tuple[Target, ...]:
    """Where else a file may be that was not to be had where its link pointed."""
    spare = list(target.state.get("spare", ())) if target.role == "attachment" else []
    return (replace(target, url=spare[0], state={**target.state, "spare": spare[1:]}),) if spare else ()


def _onward(target: Target, page: Page, role: Role) -> tuple[Target, ...]:
    """The page behind a shell that only sends its reader on, with role `role`."""
    hops = int(target.state.get("hops", 0)) + 1
    if not page.onward or hops > MOST_HOPS:
        return ()
    return (replace(target, url=page.onward, role=role, method="GET", body=b"", referrer=page.url,
                    state={**target.state, "hops": hops}),)


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


# ---------------------------------------------------------------- pages that show no list


def _holds(walk: Walk) -> bool:
    """Whether a walk found more than further pages of furniture."""
    told = walk.progress
    further = any(link.role != "list" or link.state.get("way") for link in walk.links)
    return bool(told.accepted or told.refusal or told.probe or further
                or any(each.reason.startswith("look-alike") for each in told.rejected))


def _otherwise(page: Page, target: Target, name: str, walk: Walk) -> tuple[str, Walk]:
    """A list that the page's scripts draw or fetch, where its platform found none; but not on a page that is a report."""
    if page.status != 200 or titles.is_report_body(page.visible) or page.onward:
        return name, walk
    for other in LAST:
        if platforms.named(other).recognise(page) and _has_list(found := platforms.named(other).walk(page, target)):
            return other, found
    return name, walk


def _fetched_further(page: Page, target: Target, walk: Walk) -> Walk:
    """A list that goes on in a way nothing follows, with the page after it that the page's own script would fetch."""
    reports = [link for link in walk.links if link.role in ("article", "attachment")]
    if walk.progress.refusal != "needs-adapter" or not reports or target.state.get("page") or target.state.get("way"):
        return walk
    further = ajax.beyond(page, target, reports)
    return Walk((*walk.links, further), replace(walk.progress, refusal="")) if further else walk


def _has_list(walk: Walk) -> bool:
    """Whether a walk found a list, even one that holds only look-alikes; rows of any other kind are furniture."""
    told = walk.progress
    if told.accepted or walk.links or told.refusal or told.probe:
        return True
    return bool(told.rows) and any(each.reason.startswith("look-alike") for each in told.rejected)


def _without_list(target: Target, page: Page, walk: Walk) -> Sight:
    """A page of a column without a list: the report itself, a shell, truly empty, a step on the way, or not understood."""
    own = titles.is_report_body(page.visible)
    files = attachments.targets(page, target) if own else _report_files(target, page)
    if own or files:
        return Sight("article", files, Progress(rows=1, accepted=1, end_proof="single-page"))
    if links := _onward(target, page, "list") or _frames(target, page):
        return Sight(target.role, links, Progress())
    if emptiness.said(page) if target.method == RENDER else emptiness.proved(page):
        return Sight(target.role, progress=Progress(end_proof="empty-marker", rejected=walk.progress.rejected))
    if target.state.get("page") or target.state.get("way"):
        return Sight(target.role, walk.links, walk.progress)
    if links := _discovered(target, page):
        return Sight(target.role, links, Progress(end_proof="sub-columns"))
    by_hand = target.role == "column" and not target.referrer and not target.portal
    why = _why_nothing(target, page)
    if by_hand and (links := discover.onward(page, target)):          # the home page of a part of a site
        return Sight("home", links, Progress(refusal=why if why == "needs-browser" else ""))
    return Sight(target.role, progress=replace(walk.progress, refusal=why, end_proof="", rows=0))


def _report_files(target: Target, page: Page) -> tuple[Target, ...]:
    """The files of a page that is a report by its name and has no other body than files."""
    own = (page.metas.get("articletitle", ""), page.title.replace("-", "_").split("_")[0], target.link_text)
    if target.state.get("page") or not any(titles.judge(name).kind == "report" for name in own if name):
        return ()
    return attachments.targets(page, target)


def _led_on(target: Target, own: Sight, onward: tuple[Target, ...]) -> Sight:
    """A home page that names no column: what it holds itself, kept as `own` if that is reports, and where it leads.

    A home page is never empty and its news are no rows: without a report or a column it proves nothing.
    """
    told = own.progress or Progress()
    if own.role != "home" or told.accepted:
        return replace(own, links=_unique(*own.links, *onward), progress=told)
    first = not target.state.get("step")
    own_ways = [link for link in own.links if (link.role == "list" and link.state.get("way")) or link.method == RENDER
                or (link.role == "column" and not (first and onward))]
    links = _unique(*own_ways, *onward)
    proof = "sub-columns" if any(link.role == "column" for link in links) else ""
    refusal = "" if links or (target.referrer and told.refusal == "needs-adapter") else told.refusal or "needs-adapter"
    look_alikes = tuple(each for each in told.rejected if each.reason.startswith("look-alike"))
    return Sight("home", links, Progress(rejected=look_alikes, end_proof=proof, refusal=refusal, platform=told.platform))


def _unique(*links: Target) -> tuple[Target, ...]:
    """Each request once; the later one speaks for it."""
    return tuple({link.uid: link for link in links}.values())


def _frames(target: Target, page: Page, role: Role = "list") -> tuple[Target, ...]:
    """Frames of the same site that may hold the list, or with role `home` the menu."""
    hops = int(target.state.get("hops", 0)) + 1
    sources = [page.absolute(frame.get("src") or "") for tag in ("iframe", "frame") for frame in page.tree.iter(tag)]
    own = addresses.site(addresses.split(page.url)[0])
    inner = [url for url in dict.fromkeys(sources) if url and url != page.url and not addresses.is_file(url)
             and addresses.site(addresses.split(url)[0]) == own and not _FRAME_OF_OTHERS.search(addresses.split(url)[1])]
    return tuple(replace(target, url=url, role=role, method="GET", body=b"", referrer=page.url,
                         state={**target.state, "hops": hops}) for url in inner) if hops <= MOST_HOPS else ()


def _discovered(target: Target, page: Page) -> tuple[Target, ...]:
    """Columns that a page given as a column only leads to; one step, since a column does not lead to others."""
    if int(target.state.get("step", 0)):
        return ()
    kept = {"step": 1, "depth": int(target.state.get("depth", 0)) + 1}
    found = (link for link in discover.onward(page, target) if link.role == "column")
    return tuple(replace(link, state={**link.state, **kept}) for link in found)


def _why_nothing(target: Target, page: Page) -> str:
    if titles.soft_404(page.visible):
        return "soft-404"
    return "needs-browser" if target.method != RENDER and drawing.by_script(page) else "needs-adapter"


def _drawn(sight: Sight, target: Target, page: Page) -> Sight:
    """A page that needs a browser leads to itself, or to the column it serves, as a browser draws it."""
    told = sight.progress
    if told is None or told.refusal != "needs-browser":
        return sight
    link = _by_browser(target, target.state.get("root") or page.url)
    return replace(sight, links=(*sight.links, link), progress=replace(told, refusal=""))


def _by_browser(target: Target, url: str) -> Target:
    kept = {key: value for key, value in target.state.items() if key in (*CARRIED, "step")}
    role: Role = target.role if target.role in ("home", "article") else "list"
    return replace(target, url=url, role=role, method=RENDER, body=b"", headers={}, state=kept)


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
