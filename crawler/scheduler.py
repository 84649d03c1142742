"""The archive's frontier as Scrapy's scheduler: requests come from SQLite and are done only when their capture is committed."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from twisted.python.failure import Failure

from archive.exceptions import ArchiveError
from archive.frontier import Frontier
from archive.store import Archive
from archive.views import LIE
from crawler import conditional, targets
from crawler.conditional import Known, Trust
from crawler.downloader.manners import Stopping
from crawler.revisit import Revisits
from crawler.seasons import BUDGET
from crawler.shards import WHOLE, Shard
from crawler.walking import Endless, Walking
from crawler.writer import Writer
from spiders.column import ColumnSpider, now
from spiders.models import Capture, Progress, Target
from spiders.page import Page

log = logging.getLogger(__name__)


class Run:
    """What the engine's parts share during one run; `crawler.crawl` makes it and hands it to Scrapy in the settings."""

    def __init__(self, run_id: str, view: Archive, writer: Writer, limit: int = 0, refresh: bool = False,
                 watch: bool = False, budgets: Mapping[str, int] | None = None, shard: Shard = WHOLE) -> None:
        self.run_id = run_id
        self.view = view                              # read by the engine's thread only
        self.shard = shard
        self.frontier = Frontier(view.db, run_id, ours=shard.holds)
        self.trust = Trust.of(view.db, run_id, now())
        self.writer = writer
        self.limit = limit
        self.refresh = refresh
        self.due: Callable[[Target], bool] = Revisits(view.db, now()).due if watch else lambda link: True
        self.budgets = budgets
        self.spent: Counter[str] = Counter()
        self.in_flight: Counter[str] = Counter()       # asked for and not yet fetched, per host
        self.undone = 0                                # asked for and not yet durable: what a kill costs
        self.waiting = 0                               # of these, fetched and waiting for their commit
        self.at_once = 1                               # how many may be undone
        self.handed_out = 0
        self._durable: deque[int] = deque()
        self.call_engine: Callable[[], None] | None = None
        self.bug: Exception | None = None
        self.interrupted = False

    def __deepcopy__(self, memo: object) -> Run:
        """Scrapy copies its settings; a run is one thing."""
        return self

    @property
    def broken(self) -> bool:
        """Whether nothing more can be stored: the crawl stops, and goes on with the next one."""
        return self.bug is not None or self.writer.failure is not None

    def committed(self, captures: int) -> None:
        """From the writer's thread: so many captures are durable now, or none when the writer failed."""
        self._durable.append(captures)
        if self.call_engine is not None:
            self.call_engine()

    def take_durable(self) -> None:
        """Only what is durable makes room for more, so that a kill costs no more than was allowed at once."""
        while self._durable:
            durable = self._durable.popleft()
            self.waiting -= durable
            self.undone -= durable

    def asked(self, host: str) -> None:
        """A target of this host is on its way."""
        self.in_flight[host] += 1
        self.undone += 1
        self.handed_out += 1

    def fetched(self, host: str) -> None:
        """A capture was handed to the writer; it commits at once when nothing is on its way, or soon nothing more may be."""
        self._landed(host)
        self.waiting += 1
        if not self.in_flight or 2 * self.waiting >= self.at_once:
            self.writer.hurry()

    def let_go(self, host: str) -> None:
        """A target of this host was not asked for after all."""
        self._landed(host)
        self.undone -= 1

    def pass_on(self, target: Target) -> None:
        """A target that leads to a host of another shard: it stays to be done by whoever crawls the rest."""
        host = targets.host(target.url)
        self.frontier.passed_on.setdefault(host, set()).add(target.uid)
        self.let_go(host)

    def _landed(self, host: str) -> None:
        self.in_flight[host] -= 1
        if self.in_flight[host] <= 0:
            del self.in_flight[host]


class FrontierScheduler(BaseScheduler):
    """Hands out one target per host at a time; redirects and retries keep their place."""

    def __init__(self, crawler: Crawler) -> None:
        self.run: Run = crawler.settings["NIANBAO_RUN"]
        self.most = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.run.at_once = crawler.settings.getint("CONCURRENT_REQUESTS")
        self.moment = crawler.settings.getfloat("NIANBAO_MOMENT")
        self.walk_seconds = crawler.settings.getfloat("NIANBAO_WALK_SECONDS")
        self.engine: Any = crawler
        self.again: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        from twisted.internet import reactor

        self.spider: Any = spider
        self.walking = Walking(cast(ColumnSpider, spider), self.moment, self.walk_seconds)
        call: Any = reactor
        self.run.call_engine = lambda: call.callFromThread(self._woken)

    def close(self, reason: str) -> None:
        self.walking.close()
        self.run.call_engine = None
        self.run.interrupted = reason == "shutdown"

    def _woken(self) -> None:
        self.run.take_durable()
        self.run.frontier.find_hosts()
        slot = getattr(self.engine.engine, "_slot", None)
        if slot is not None:
            slot.nextcall.schedule()

    def has_pending_requests(self) -> bool:
        if self.run.broken:
            return False
        if self.again or self.run.in_flight or self.run.writer.unsettled:
            return True
        return not self._limited() and self.run.frontier.left()

    def enqueue_request(self, request: Request) -> bool:
        """Redirects and retries."""
        if not self.run.shard.holds(targets.host(request.url)):
            self.run.pass_on(request.meta["target"])
            return False
        self.again.append(request)
        return True

    def next_request(self) -> Request | None:
        if self.again:
            return self.again.popleft()
        if self._limited() or self.run.broken or self.run.writer.full or self.run.undone >= self.run.at_once:
            return None
        busy = {host for host, flying in self.run.in_flight.items() if flying >= self.most}
        work = self.run.frontier.next(busy)
        if work is None:
            return None
        self.run.asked(work.host)
        self._spend(work.host)
        return self._request(work.target)

    def _spend(self, host: str) -> None:
        if self.run.budgets is None:
            return
        self.run.spent[host] += 1
        if self.run.spent[host] >= self.run.budgets.get(host.partition(":")[0], BUDGET):
            log.warning("%s has had its %s requests; what is left waits for the next look", host, self.run.spent[host])
            self.run.frontier.close(host)

    def _limited(self) -> bool:
        return bool(self.run.limit) and self.run.handed_out >= self.run.limit

    def _request(self, text: str) -> Request:
        target = targets.from_json(text)
        try:
            request: Request = self.spider.request(target)
        except ValueError as error:
            request = self.spider.request(Target(NOWHERE, method=target.method))
            request.meta["target"], request.meta["no_address"] = target, str(error)
        request.callback, request.errback = self._seen, self._failed
        self._ask_conditionally(request, target)
        return request

    def _ask_conditionally(self, request: Request, target: Target) -> None:
        if self.run.refresh or target.method != "GET" or targets.host(target.url) in self.run.trust.liars:
            return
        if known := conditional.last_good(self.run.view.db, target.uid):
            request.meta["known"] = known
            request.headers.update(known.validators())

    # ---------------------------------------------------------------- a spider that trips costs one page, not the crawl

    async def _seen(self, response: Response) -> AsyncIterator[Capture | Request]:
        if response.status == 304 and (known := response.meta.get("known")):
            yield await self._unchanged(response, known)
        else:
            yield self._tested(await self._walked(response, Page.of(response)), response)

    async def _walked(self, response: Response, page: Page, outcome: str = "") -> Capture:
        """The capture of a page; the bytes of one that is not understood are kept, and its column says so."""
        target: Target = response.meta["target"]
        try:
            return await self.walking.capture(target, page, outcome or self.spider.outcome(response))
        except Endless as error:
            log.warning("%s: %s; its bytes are kept", page.url, error)
            return _not_understood(target, page, error, "too-large")
        except Exception as error:
            log.exception("the spider cannot read %s", page.url)
            return _not_understood(target, page, error)

    # ---------------------------------------------------------------- 304: the bytes we hold, walked as if they had come now

    async def _unchanged(self, response: Response, known: Known) -> Capture | Request:
        """The capture of a page we hold, its links found anew by today's spider; or the whole asked for, when in doubt."""
        target: Target = response.meta["target"]
        try:
            if self.run.trust.doubts(targets.host(target.url), target.uid):
                return self._whole(response)
            page = Page.of(response) if known.role == "attachment" else known.page(self.run.view.bytes(known.digest))
        except ArchiveError as error:
            log.error("%s", error)
            return self._whole(response)
        capture = await self._walked(response, page, "not_modified" if known.role == "attachment" else "ok")
        now_said = Page.of(response).headers
        return replace(capture, status=304, outcome="not_modified", headers=now_said, body=None)

    def _whole(self, response: Response) -> Request:
        """The same request without validators; it keeps its place in the queue."""
        request = cast(Request, response.request)
        headers = Headers(request.headers)
        for name in ("If-None-Match", "If-Modified-Since"):
            headers.pop(name, None)
        meta = {name: request.meta[name] for name in ("target",)} | {"tested": response.meta["known"]}
        return request.replace(headers=headers, meta=meta, dont_filter=True)

    def _tested(self, capture: Capture, response: Response) -> Capture:
        """The capture, with the lie in it when the server had just called other bytes unchanged."""
        known: Known | None = response.meta.get("tested")
        if known is None:
            return capture
        try:
            lied = conditional.told_lie(capture, self.run.view.bytes(known.digest))
        except ArchiveError:
            return capture
        if lied:
            host = targets.host(capture.target.url)
            self.run.trust.liars.add(host)
            log.warning("%s called %s unchanged and it is not: nothing is asked conditionally there for a year", host,
                        capture.target.url)
        return replace(capture, error=LIE) if lied else capture

    def _failed(self, failure: Failure) -> Iterator[Capture]:
        target: Target = failure.request.meta["target"]        # type: ignore[attr-defined]  # Scrapy puts it there
        if isinstance(failure.value, Stopping):
            self.run.let_go(targets.host(target.url))         # not asked, so nothing is known: still to do
        elif reason := failure.request.meta.get("no_address"):   # type: ignore[attr-defined]
            yield self.spider.unseen(target, "error", f"this is no address: {reason}")
        else:
            yield from self.spider.failed(failure)


#: what is asked for in place of an address that is none; never leaves this process, see crawler.downloader.private
NOWHERE = "http://0.0.0.0/"


def _not_understood(target: Target, page: Page, error: Exception, refusal: str = "needs-adapter") -> Capture:
    """The capture of a page that made the spider trip."""
    progress = Progress(refusal=refusal) if target.role in ("home", "column", "list") else None
    return Capture(target, now(), page.status, "ok" if page.status == 200 else "error", page.url, page.headers, page.body,
                   error=str(error) if isinstance(error, Endless) else f"{type(error).__name__}: {error}", progress=progress,
                   agency=target.state.get("agency", ""), division_code=target.state.get("code", ""))
