"""A real browser, for what nothing else can draw: the one place where Playwright is used.

`Chrome` knows how to draw a page, to pass a door that opens by itself for browsers, and to fetch bytes with the cookies it
then has; when to do so is decided in crawler.downloader.browsing. Each use has a context of its own that is closed after it,
pages are drawn two at a time, and the process is started anew after a hundred: memory stays bounded. The network is
reached through crawler.downloader.proxy only, request by request, after asking `Gate`.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    Frame,
    Page,
    Playwright,
    Request,
    Response,
    Route,
    async_playwright,
)
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError

from crawler.downloader import refusals
from crawler.downloader.exceptions import NeedsBrowser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--disable-dev-shm-usage", "--disable-gpu", "--renderer-process-limit=2", "--js-flags=--max-old-space-size=512",
         "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--disable-features=HttpsUpgrades,OptimizationHints",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
UNSEEN = frozenset(["image", "media", "font", "stylesheet", "ping", "websocket", "eventsource", "manifest"])
AT_ONCE = 2              # pages drawn at the same time, over all hosts
LIFE = 100               # contexts of one browser process
MOST_PAGES = 100         # pages of one list that are turned
MOST_SECONDS = 240.0     # for one page and all the pages after it
STILL = 0.6              # seconds without a request or a change, after which a page is taken as drawn
PATIENCE = 20.0          # seconds to wait for that, beyond what the requests themselves take
LONGEST = 45.0           # seconds one request of a page may keep the next waiting

_TURN, _MARK = (files(__package__).joinpath(name).read_text("utf-8") for name in ("turn.js", "mark.js"))
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.S | re.I)
_VISIBLE = "() => document.body ? document.body.innerText.trim().length : 0"


class Gate(Protocol):
    """What every request of a page is asked of, before it leaves."""

    async def admit(self, url: str, page: str, kind: str) -> bool:
        """Wait for the host's turn; False when the request may not be made."""

    def answered(self, url: str) -> None:
        """The answer is there: from now the host's next turn is counted."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as a browser shows it: all pages of its list one after the other, and how their end was found."""

    url: str
    status: int
    html: str
    pages: int = 1
    end: str = ""            # single-page, last-page, repeat; "" when the end was not reached
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetched:
    """Bytes fetched with a browser's cookies."""

    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


def executable(playwright: Playwright) -> str:
    """Playwright's own Chromium, else one of the system. Raises `NeedsBrowser` when there is none."""
    places = [os.environ.get("NIANBAO_CHROMIUM", ""), playwright.chromium.executable_path, *map(shutil.which, NAMES)]
    found = next((place for place in places if place and Path(place).exists()), None)
    if found is None:
        raise NeedsBrowser("no browser is installed; `playwright install chromium` or the system's package chromium brings one")
    return found


class Chrome:
    """One browser, started when first needed. `proxy` is its way out, `agent` the name it gives."""

    def __init__(self, agent: str, proxy: str, gate: Gate, patience: float) -> None:
        self.agent, self.proxy, self.gate, self.patience = agent, proxy, gate, patience
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._lanes: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._flying: dict[Any, asyncio.Event] = {}
        self._used = self._in_use = 0

    # ---------------------------------------------------------------- what it can do

    async def draw(self, url: str, referrer: str = "") -> Drawn:
        """The page with what its scripts put there, and the pages of its list after it."""
        async with self._seats, self._context() as context, asyncio.timeout(MOST_SECONDS + 4 * self.patience + LONGEST):
            page = await context.new_page()
            seen = _Seen(page)
            await self._open(page, url, referrer)
            await self._still(page, seen)
            if seen.status >= 400 or await self._barred(page, seen):
                await self._cleared(page, seen)
                await self._still(page, seen)
            return await self._turned(page, seen)

    async def clear(self, url: str) -> list[Mapping[str, Any]]:
        """The cookies a host gives to a browser that waited at its door; none when the door stayed shut."""
        async with self._seats, self._context() as context, asyncio.timeout(4 * self.patience + LONGEST):
            page = await context.new_page()
            seen = _Seen(page)
            await self._open(page, url, "")
            return [dict(cookie) for cookie in await context.cookies()] if await self._cleared(page, seen) else []

    async def fetch(self, url: str, headers: Mapping[str, str], cookies: Sequence[Mapping[str, Any]]) -> Fetched:
        """Bytes, by the browser's own way of asking and with its cookies; redirects are answers."""
        async with self._context() as context:
            given: Any = list(cookies)
            await context.add_cookies(given)
            answer = await context.request.get(url, headers=dict(headers), max_redirects=0, timeout=self.patience * 1000)
            told = [(each["name"], each["value"]) for each in answer.headers_array]
            return Fetched(answer.url, answer.status, told, await answer.body())

    async def ready(self) -> None:
        """See to it that a browser runs. Raises `NeedsBrowser` when none will."""
        await self._started()

    async def close(self) -> None:
        if self._browser is not None:
            with suppress(Error):
                await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()
        self._browser = self._playwright = None

    # ---------------------------------------------------------------- the process and its contexts

    @asynccontextmanager
    async def _context(self) -> AsyncIterator[BrowserContext]:
        browser = await self._started()
        self._in_use += 1
        context = None
        try:
            with _as_downloads():
                context = await browser.new_context(user_agent=self.agent, locale="zh-CN", accept_downloads=False,
                                                    service_workers="block")
                await context.route("**/*", self._routed)
                context.on("requestfinished", self._landed)
                context.on("requestfailed", self._landed)
                yield context
        finally:
            self._in_use -= 1
            if not browser.is_connected():
                for landed in self._flying.values():
                    landed.set()                     # nothing will land any more
            if context is not None:
                with suppress(Error):
                    await context.close()

    async def _started(self) -> Browser:
        async with self._starting:
            if self._browser is not None and (not self._browser.is_connected() or (self._used >= LIFE and not self._in_use)):
                with suppress(Error):
                    await self._browser.close()
                self._browser = None
            if self._browser is None:
                self._playwright = self._playwright or await async_playwright().start()
                self._browser, self._used = await _launched(self._playwright, self.proxy), 0
            self._used += 1
            return self._browser

    # ---------------------------------------------------------------- every request of a page

    async def _routed(self, route: Route, request: Request) -> None:
        with suppress(Error):                        # the page may be gone before its requests
            if request.resource_type in UNSEEN:
                await route.abort()
                return
            async with self._lanes[urlsplit(request.url).netloc]:      # one at a time to a host
                if not await self.gate.admit(request.url, _top(request), request.resource_type):
                    await route.abort("blockedbyclient")
                    return
                landed = self._flying[request._impl_obj] = asyncio.Event()
                try:
                    await route.continue_()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(landed.wait(), LONGEST)
                finally:
                    self._flying.pop(request._impl_obj, None)      # what never lands is waited for no longer
                self.gate.answered(request.url)

    def _landed(self, request: Request) -> None:
        if event := self._flying.pop(request._impl_obj, None):
            event.set()

    # ---------------------------------------------------------------- a page

    async def _open(self, page: Page, url: str, referrer: str) -> None:
        more = {"referer": referrer} if referrer else {}
        await page.goto(url, wait_until="domcontentloaded", timeout=(self.patience + 2 * LONGEST) * 1000, **more)

    async def _still(self, page: Page, seen: _Seen) -> None:
        """Wait until nothing is asked for and nothing changes any more. Raises `Error` when the browser died."""
        last, since, until = "", time.monotonic(), time.monotonic() + PATIENCE
        while time.monotonic() < until:
            seen.must_live()
            now = await _asked(page, _MARK, "")
            if now != last or self._flying:
                last, since = now, time.monotonic()
            elif time.monotonic() - since >= STILL:
                return
            if self._flying:
                until = max(until, time.monotonic() + PATIENCE / 2)
            await asyncio.sleep(0.1)

    async def _barred(self, page: Page, seen: _Seen) -> bool:
        return refusals.of_page(page.url, seen.status, await _content(page)) == "challenge"

    async def _cleared(self, page: Page, seen: _Seen) -> bool:
        """Wait at a door until a page with words comes; no CAPTCHA is waited for."""
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            html = await _content(page)
            shown = seen.status >= 400 or await _asked(page, _VISIBLE, 0)
            if seen.status and shown and not self._flying and refusals.of_page(page.url, seen.status, html) != "challenge":
                return True
            if refusals.is_captcha(html):
                return False
            await asyncio.sleep(0.3)
        return False

    async def _turned(self, page: Page, seen: _Seen) -> Drawn:
        """The page, and its list's next pages as long as there is something to click that brings others."""
        until = time.monotonic() + MOST_SECONDS
        shots, marks, end = [await _content(page)], [await _asked(page, _MARK, "")], ""
        while len(shots) < MOST_PAGES and time.monotonic() < until:
            turned = await _asked(page, _TURN, None, len(shots) + 1)      # None: on its way already, or not to be asked
            if turned is False:
                end = "single-page" if len(shots) == 1 else "last-page"
                break
            await asyncio.sleep(0.1)
            await self._still(page, seen)
            mark = await _asked(page, _MARK, "")
            if mark in marks:
                end = "repeat" if turned and mark else ""
                break
            marks.append(mark)
            shots.append(await _content(page))
        seen.must_live()                             # a dead browser has nothing more to click either
        return Drawn(page.url, seen.status or 200, _joined(shots), len(shots), end, seen.headers)


class _Seen:
    """The status and headers of the last document a page was given, and whether the page is still there."""

    def __init__(self, page: Page) -> None:
        self.status, self.headers, self._gone = 0, dict[str, str](), False
        page.on("crash", self._died)
        page.on("close", self._died)
        self._main = page.main_frame
        page.on("response", self._answered)

    def _died(self, _: Page) -> None:
        self._gone = True

    def must_live(self) -> None:
        """Raises `Error` when the page crashed or its browser is gone."""
        if self._gone:
            raise Error("the browser died with this page")

    def _answered(self, response: Response) -> None:
        with suppress(Error):
            if response.request.is_navigation_request() and response.frame == self._main and not 300 <= response.status < 400:
                self.status, self.headers = response.status, response.headers


async def _launched(playwright: Playwright, proxy: str) -> Browser:
    """A running browser. Raises `NeedsBrowser` when none will start."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)      # Chromium has no sandbox for root
    try:
        return await playwright.chromium.launch(executable_path=executable(playwright), args=flags, proxy={"server": proxy})
    except Error as error:
        raise NeedsBrowser(f"the browser does not start: {str(error).splitlines()[0]}") from error


@contextmanager
def _as_downloads() -> Iterator[None]:
    """What goes wrong in a browser, as Scrapy's downloader would say it."""
    try:
        yield
    except TimeoutError as error:
        raise DownloadTimeoutError("the browser did not come to an end with this page") from error
    except Error as error:
        said = str(error).splitlines()[0]
        if "Timeout" in said or "TIMED_OUT" in said:
            raise DownloadTimeoutError(said) from error
        raise (CannotResolveHostError if "NAME_NOT_RESOLVED" in said else DownloadFailedError)(said) from error


def _top(request: Request) -> str:
    """The address of the page a request is made for; "" for the page's own."""
    try:
        frame: Frame | None = request.frame
    except Error:
        return ""
    while frame is not None and frame.parent_frame is not None:
        frame = frame.parent_frame
    return frame.url if frame is not None and not request.is_navigation_request() else ""


async def _content(page: Page) -> str:
    """The source of a page and of its frames as they stand now."""
    shown = ""
    for frame in page.frames:
        with suppress(Error):                        # on its way to the next page, or gone
            html = await frame.content()
            inner = _BODY.search(html)
            shown = shown + (inner[1] if inner else html) if shown else html
    return shown


async def _asked(page: Page, code: str, otherwise: Any, *given: Any) -> Any:
    try:
        return await page.evaluate(code, *given)
    except Error:                                    # on its way to the next page
        return otherwise


def _joined(shots: Sequence[str]) -> str:
    """One document of all pages: the first as it is, the bodies of the others after it."""
    first, *others = shots
    bodies = [match[1] if (match := _BODY.search(shot)) else shot for shot in others]
    sections = "".join(f'<section data-page="{number}">{body}</section>' for number, body in enumerate(bodies, 2))
    head, end, tail = first.rpartition("</body>")
    return f"{head}{sections}{end}{tail}" if end else first + sections
