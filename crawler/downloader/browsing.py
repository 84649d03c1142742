"""When a browser is used, which is seldom: for pages that only scripts draw, and for doors that open by themselves.

A target with the method RENDER asks for a page as a browser shows it. An answer that is a challenge sends a browser to the
host's door, once; the cookies it is given then serve plain requests, and where those are not enough, bytes are fetched with
the browser's own way of asking. A door that stays shut is not knocked at again in this run. Every request a page makes asks
robots.txt and waits for its host's turn like any other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookiejar import Cookie
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.http.headers import Headers
from scrapy.responsetypes import responsetypes

from crawler.downloader import refusals
from crawler.downloader.cookies import Cookies
from crawler.downloader.exceptions import NeedsBrowser
from crawler.downloader.manners import Manners
from crawler.downloader.private import Receiver, literal, networks, refuse
from crawler.downloader.proxy import Proxy
from crawler.downloader.robots import Robots
from crawler.downloader.transport import TRANSPORT, readable, whole
from spiders import addresses
from spiders.models import DRAWN_END, DRAWN_PAGES, RENDER

if TYPE_CHECKING:
    from crawler.downloader.browser import Chrome

M = TypeVar("M")
log = logging.getLogger(__name__)

_PARTS = ("script", "xhr", "fetch", "document", "other")     # of a page; data and frames only from official places


@dataclass
class Door:
    """What is known of a host that put a challenge before its pages."""

    shut: bool = False
    by_browser: bool = False         # its cookies alone did not do
    cookies: Sequence[Mapping[str, Any]] = ()
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Browsing:
    """Answers RENDER requests, passes challenges, and afterwards fetches through the browser where cookies alone do not do."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.wanted = crawler.settings.getbool("NIANBAO_BROWSER")
        self.allowed = networks(crawler.settings)
        self.doors: dict[str, Door] = {}
        self.welcome: set[str] = set()               # hosts that a page was let ask for
        self._chrome: Chrome | None = None
        self._proxy = Proxy(self._resolve, crawler.settings.getint("DOWNLOAD_MAXSIZE"))
        self._first = asyncio.Lock()
        crawler.signals.connect(self.close, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Browsing:
        return cls(crawler)

    async def close(self) -> None:
        if self._chrome is not None:
            await self._chrome.close()
        await self._proxy.close()

    # ---------------------------------------------------------------- Scrapy's side

    async def process_request(self, request: Request) -> Response | None:
        if request.method == RENDER:
            return await self._drawn(request)
        door = self.doors.get(_host(request.url))
        if door and door.by_browser and request.method == "GET":
            return await self._fetched(request, door)
        return None

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        if request.method == RENDER or not self.wanted or refusals.outcome(response) != "challenge":
            return response
        passed = int(request.meta.get("passed", 0))
        if passed > 1 or not _may_open(response):
            return response
        if not await self._passed(response.url, again=bool(passed)):
            return response
        return request.replace(url=response.url, meta=request.meta | {"passed": passed + 1}, dont_filter=True)

    # ---------------------------------------------------------------- pages drawn by script

    async def _drawn(self, request: Request) -> Response:
        chrome = await self._started()
        referrer = (request.headers.get("Referer") or b"").decode("latin-1")
        drawn = await chrome.draw(request.url, referrer)
        await self._other(Robots).ask(drawn.url)          # where it led to in the end
        told = {"Content-Type": "text/html; charset=utf-8", TRANSPORT: "browser", DRAWN_PAGES: str(drawn.pages),
                DRAWN_END: drawn.end}
        return HtmlResponse(drawn.url, drawn.status, told, drawn.html.encode(), request=request, encoding="utf-8")

    # ---------------------------------------------------------------- doors

    async def _passed(self, url: str, again: bool) -> bool:
        """Whether the host's door is open to us now; the cookies it gave are in Scrapy's jar then."""
        door = self.doors.setdefault(_host(url), Door())
        if again and door.cookies:
            door.by_browser = True
            return True
        async with door.lock:
            if door.shut:
                return False
            door.cookies = await self._cleared(url)
            door.shut = not door.cookies
        jar = self._other(Cookies).jars[None].jar
        for cookie in door.cookies:
            jar.set_cookie(_cookie(cookie))
        log.info("%s: the door %s", urlsplit(url).netloc, "stays shut" if door.shut else "is open")
        return not door.shut

    async def _cleared(self, url: str) -> Sequence[Mapping[str, Any]]:
        try:
            return await (await self._started()).clear(url)
        except (DownloadFailedError, DownloadTimeoutError, CannotResolveHostError, NeedsBrowser) as error:
            log.info("%s: %s", url, error)
            return ()

    async def _fetched(self, request: Request, door: Door) -> Response:
        chrome = await self._started()
        headers = {name.decode("latin-1"): values[-1].decode("latin-1") for name, values in request.headers.items()
                   if name.lower() in (b"referer", b"if-none-match", b"if-modified-since", b"accept-language")}
        got = await chrome.fetch(request.url, headers, door.cookies)
        told = Headers([(name, value) for name, value in got.headers
                        if name.lower() not in ("content-encoding", "transfer-encoding", "content-length")])
        told[TRANSPORT] = "browser"
        kind = responsetypes.from_args(headers=told, url=got.url, body=got.body)
        return readable(whole(kind(got.url, got.status, told, got.body, request=request)))

    # ---------------------------------------------------------------- the browser and its way out

    async def _started(self) -> Chrome:
        if not self.wanted:
            raise NeedsBrowser("a browser is needed and none is wanted (--no-browser)")
        async with self._first:
            if self._chrome is None:
                from crawler.downloader.browser import Chrome  # a tenth of a second, which few crawls need

                patience = self.crawler.settings.getfloat("NIANBAO_BROWSER_PATIENCE")
                agent = self.crawler.settings["USER_AGENT"]
                self._chrome = Chrome(agent, await self._proxy.start(), self, patience)
        try:
            await self._chrome.ready()
        except NeedsBrowser as error:
            if self.wanted:
                log.warning("%s; pages that need one are named needs-browser", error)
            self.wanted = False
            raise
        return self._chrome

    async def admit(self, url: str, page: str, kind: str) -> bool:
        """Whether a page may ask for this, after waiting for the host's turn."""
        if urlsplit(url).scheme not in ("http", "https"):
            return urlsplit(url).scheme in ("data", "blob", "about")
        if kind not in _PARTS or (kind != "script" and page and not _near(url, page)):
            return False
        try:
            delay = 0.0 if self._at_door(url) else await self._other(Robots).ask(url)
            await self._other(Manners).turn(url, delay)
        except IgnoreRequest as error:
            log.debug("%s: %s", url, error)
            return False
        self.welcome.add(addresses.split(url)[0])
        return True

    def answered(self, url: str) -> None:
        self._other(Manners).answered(url)

    def _is_welcome(self, host: str) -> bool:
        """Whether a host is one that pages ask for, and not one that a browser calls on its own account."""
        return host in self.welcome or addresses.is_official(host)

    def _at_door(self, url: str) -> bool:
        """Whether this belongs to a door that stands even before its host's robots.txt."""
        door = self.doors.get(_host(url))
        return door is not None and door.lock.locked() and not self._other(Robots).knows(url)

    async def _resolve(self, host: str, port: int) -> str:
        """The first address of a host that may be connected to, as Scrapy's own resolver gives it."""
        if number := literal(host):
            refuse(str(number), self.allowed)
        if not self._is_welcome(host):
            raise OSError(f"{host} was asked for by no page")
        if number:
            return str(number)
        found = await resolved(host, port)
        if not found:
            raise OSError(f"{host} has no address that may be connected to")
        return found[0]

    def _other(self, kind: type[M]) -> M:
        """One of the other middlewares: they share what is known of hosts."""
        found = self.crawler.get_downloader_middleware(kind)
        assert found is not None
        return found


async def resolved(host: str, port: int) -> list[str]:
    """The addresses that the reactor's resolver, guarded as it is, finds for a name."""
    from twisted.internet import reactor

    receiver, running = Receiver(), cast(Any, reactor)
    running.nameResolver.resolveHostName(receiver, host, port)
    return await receiver.found


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _near(url: str, page: str) -> bool:
    """Whether a page's own data may stand at an address: the same site, or an official one."""
    host, own = addresses.split(url)[0], addresses.split(page)[0]
    return not own or addresses.allowed(url, {own}) or addresses.site(host) == addresses.site(own)


def _may_open(response: Response) -> bool:
    """Whether a challenge is one that browsers pass by themselves: a script, and no CAPTCHA."""
    text = response.body.decode("utf-8", "replace")
    return "<script" in text.lower() and not refusals.is_captcha(text)


def _cookie(given: Mapping[str, Any]) -> Cookie:
    """A browser's cookie as Python's jar keeps it."""
    domain, expires = str(given["domain"]), float(given.get("expires", -1))
    return Cookie(0, given["name"], given["value"], None, False, domain, domain.startswith("."), domain.startswith("."),
                  given.get("path", "/"), True, bool(given.get("secure")), int(expires) if expires > 0 else None,
                  expires <= 0, None, None, {})
