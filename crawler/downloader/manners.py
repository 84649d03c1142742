"""Patience per host: delays, Retry-After, slowing down when asked or when the server is slow, leaving a dead host alone."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response

from crawler.downloader.private import is_own
from crawler.downloader.transport import Oversized, Truncated

log = logging.getLogger(__name__)

TRIES = 3            # the first and two more
HANGS = 2            # tries of what does not answer at all: its silence costs the most time
SLOW = (429, 503)
AGAIN = (500, 502, 504, 408, 522, 524)
LONGEST = 300.0      # seconds of Retry-After that are waited for; a host that asks for more is left alone for this run
SLOWEST = 60.0       # seconds between requests, however slow the server
HARMLESS = (Truncated, Oversized, DownloadCancelledError)      # these say something of a file, nothing of its host


class HostGivenUp(IgnoreRequest):
    """Too many failures in a row, or asked to stay away: the host is left alone for the rest of the run."""


class Stopping(IgnoreRequest):
    """The crawl is being stopped while this request waited for its turn."""


@dataclass
class Host:
    """What is known of a host in this run: seconds between requests, the last one's time, its usual latency."""

    delay: float = 0.0
    last: float = 0.0
    latency: float = 0.0
    failures: int = 0
    closed: str = ""
    because: Exception | None = None

    @property
    def distance(self) -> float:
        """Seconds to the next request: the delay, more where the server is slow; never less than the delay."""
        return max(self.delay, min(self.latency, SLOWEST) if self.delay else 0.0)


class Manners:
    """Keeps the distance between requests to a host, retries what may pass, halves the rate when a server says so."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.least = crawler.settings.getfloat("NIANBAO_DELAY")
        self.pause = crawler.settings.getfloat("NIANBAO_RETRY_PAUSE")
        self.patience = crawler.settings.getint("NIANBAO_BREAK_AFTER")
        self.delays: dict[str, Any] = crawler.settings.getdict("NIANBAO_DELAYS")
        self.hosts: dict[str, Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Manners:
        return cls(crawler)

    def host(self, url: str, crawl_delay: float = 0.0) -> Host:
        """What is known of the host of an address, its delay raised to what somebody asks for."""
        parts = urlsplit(url)
        host = self.hosts.setdefault(parts.netloc, Host())
        declared = float(self.delays.get(parts.netloc, 0.0))
        least = 0.0 if is_own(parts.hostname or "") else self.least
        host.delay = max(host.delay, least, declared, crawl_delay)
        return host

    async def process_request(self, request: Request) -> None:
        request.meta["download_slot"] = urlsplit(request.url).netloc
        await self.turn(request.url, request.meta.get("crawl_delay", 0.0))

    async def turn(self, url: str, crawl_delay: float = 0.0) -> None:
        """Wait until the host of an address may be asked again. Raises `HostGivenUp`, `Stopping`."""
        host = self.host(url, crawl_delay)
        if host.closed:
            raise HostGivenUp(f"{host.closed}; the host is left alone for this run") from host.because
        turn = max(host.last + host.distance, time.monotonic())
        host.last = turn                              # taken before sleeping, so that two waiting requests keep their distance
        while (left := turn - time.monotonic()) > 0:
            await asyncio.sleep(min(left, 1.0))
            if not self._running():
                raise Stopping

    def answered(self, url: str) -> Host:
        """Count the host's delay from now, when its answer is there: no server sees less than the delay."""
        host = self.host(url)
        host.last = max(host.last, time.monotonic())
        return host

    def _running(self) -> bool:
        engine: Any = self.crawler.engine
        return bool(engine.running)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        host = self.answered(request.url)
        host.latency = (host.latency + request.meta.get("download_latency", 0.0)) / 2
        if response.status not in SLOW + AGAIN:
            host.failures = 0
            return response
        if response.status in SLOW:
            host.delay = max(2 * host.distance, 1.0)
            log.warning("%s answers %s: now one request per %.0f s", request.url, response.status, host.delay)
        else:
            self._failed(host)
        return self._again(request, host, wait_asked(response)) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, IgnoreRequest | Oversized | DownloadCancelledError):
            return None
        host = self.host(request.url)
        if not isinstance(exception, HARMLESS):
            host.because = exception
            self._failed(host)
        return self._again(request, host, None, HANGS if isinstance(exception, DownloadTimeoutError) else TRIES)

    def _failed(self, host: Host) -> None:
        host.failures += 1
        if host.failures >= self.patience:
            host.closed = f"{host.failures} failures in a row"

    def _again(self, request: Request, host: Host, asked: float | None, tries: int = TRIES) -> Request | None:
        """The request once more, after the time asked for; None when it has had its tries. The wait holds for the host."""
        tried = request.meta.get("tried", 1)
        pause = self.pause * 2 ** (tried - 1) if asked is None else asked
        if pause > LONGEST:
            host.closed = f"asked to come back in {pause:,.0f} s"
        host.last = max(host.last, time.monotonic() + pause - host.distance)
        if tried >= tries or host.closed:
            return None
        return request.replace(meta=request.meta | {"tried": tried + 1}, dont_filter=True)


def wait_asked(response: Response) -> float | None:
    """Seconds of Retry-After, given as a number or a date; None when the server does not say."""
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None
