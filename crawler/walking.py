"""Walking a page in bounded time: a page made to be slow costs itself and its host, never the crawl.

Nearly every page is walked at once, in a hundredth of a second. One that takes longer than a moment, and from then on
every page of its host, is walked in a child process under limits on time and memory, while the crawl goes on; so is a
page of several megabytes. What even the child cannot walk is kept, and its column says `too-large`; its host goes on in
a child for hosts of that kind alone, so that they wait for each other and nobody waits for them.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType

from crawler import targets
from crawler.workers import Child, Lost
from spiders.column import ColumnSpider
from spiders.models import Capture, Target
from spiders.page import Page
from spiders.sights import Sight, is_binary

MEMORY = 4 << 30         # bytes of address space of a child
LARGE = 2 << 20          # bytes of a page that is not even tried here; a list of 5,000 reports has half as many


class Endless(Exception):
    """A page that cannot be walked within the limits."""


class _Moment(BaseException):
    """The moment is over. No `Exception`, so that nothing within a walk takes it for its own."""


class Walking:
    """Asks a spider for the captures of pages: here if it takes no longer than `moment`, else in a child for `seconds`."""

    def __init__(self, spider: ColumnSpider, moment: float, seconds: float) -> None:
        self.spider = spider
        self.moment = moment
        self.seconds = seconds
        self.slow: set[str] = set()                   # hosts that had their moment
        self.late: set[str] = set()                   # hosts of whose pages one could not be walked in time even there
        self._lanes = {False: _Lane(), True: _Lane()}
        self._ringing = False

    async def capture(self, target: Target, page: Page, outcome: str) -> Capture:
        """The capture of a target from what came back. Raises `Endless`, or what makes the spider trip."""
        return self.spider.capture_of(target, page, outcome, await self._see(target, page, outcome))

    async def _see(self, target: Target, page: Page, outcome: str) -> Sight:
        host = targets.host(target.url)
        if is_binary(page.body) or (len(page.body) <= LARGE and host not in self.slow):
            try:
                return self._see_here(target, page, outcome)
            except _Moment:
                self.slow.add(host)
        return await self._see_there(host, target, page, outcome)

    async def _see_there(self, host: str, target: Target, page: Page, outcome: str) -> Sight:
        portal = self.spider.portals.get(target.portal)
        bare = Page(page.url, page.body, page.status, page.headers)          # without what was made of it here
        try:
            seen = await self._lanes[host in self.late].ask(self.seconds, portal, target, bare, outcome)
        except Lost as lost:
            self.late.add(host)
            why = f"took more than {self.seconds:g} s" if lost.late else "brought its process down"
            raise Endless(f"walking this page {why}") from lost
        if isinstance(seen, str):
            raise RuntimeError(seen)
        return seen

    def _see_here(self, target: Target, page: Page, outcome: str) -> Sight:
        """Raises `_Moment` when it takes longer; only the main thread can be interrupted so."""
        if threading.current_thread() is not threading.main_thread():
            return self.spider.see(target, page, outcome)
        signal.signal(signal.SIGALRM, self._ring)                  # and never restored: a late bell must find it
        try:
            try:
                self._ringing = True
                signal.setitimer(signal.ITIMER_REAL, self.moment, 1)      # again: it may ring where nothing can be raised
                return self.spider.see(target, page, outcome)
            finally:
                self._ringing = False
        finally:                                                   # also when it rang in the line above
            self._ringing = False
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if self._ringing:
            raise _Moment

    def close(self) -> None:
        for lane in self._lanes.values():
            lane.close()


class _Lane:
    """A child process, begun when first asked, in which pages are walked one after the other."""

    def __init__(self) -> None:
        self.child: Child | None = None
        self.turn = asyncio.Lock()

    async def ask(self, seconds: float, *given: object) -> Sight | str:
        """What `_seen` says to `given`. Raises `Lost`; the next page is walked by another child."""
        async with self.turn:
            return await asyncio.to_thread(self._ask, seconds, *given)

    def _ask(self, seconds: float, *given: object) -> Sight | str:
        self.child = self.child or Child(_seen, MEMORY)
        try:
            seen: Sight | str = self.child.ask(seconds, *given)
        except Lost:
            self.child = None
            raise
        return seen

    def close(self) -> None:
        if self.child is not None:
            self.child.stop()


def _seen(portal: object, target: Target, page: Page, outcome: str) -> Sight | str:
    """In the child: what a page is, or the sentence of what made the spider trip."""
    try:
        return ColumnSpider(portals=[portal] if portal else []).see(target, page, outcome)      # type: ignore[list-item]
    except Exception as error:  # noqa: BLE001 - told to the crawl, which keeps the page
        return f"{type(error).__name__}: {error}"
