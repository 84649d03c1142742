"""Patience per host: delays, Retry-After, slowing down when asked, and leaving a dead host alone."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

log = logging.getLogger(__name__)

TRIES = 3            # the first and two more
BREAK_AFTER = 6      # failures in a row, after which a host is left alone for this run
SLOW = (429, 503)
AGAIN = (500, 502, 504, 408, 522, 524)
LONGEST = 300.0      # seconds of Retry-After that are waited for; more ends the target for this run


class HostGivenUp(IgnoreRequest):
    """Too many failures in a row: the host is left alone for the rest of the run."""


@dataclass
class Host:
    """What is known of a host in this run."""

    delay: float = 0.0
    last: float = 0.0
    failures: int = 0


class Manners:
    """Keeps the delay between requests to a host, retries what may pass, halves the rate when a server says so."""

    def __init__(self, crawler: Crawler) -> None:
        self.least = crawler.settings.getfloat("NIANBAO_DELAY")
        self.pause = crawler.settings.getfloat("NIANBAO_RETRY_PAUSE", 2.0)
        self.delays: dict[str, Any] = crawler.settings.getdict("NIANBAO_DELAYS")
        self.hosts: dict[str, Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Manners:
        return cls(crawler)

    def host(self, request: Request) -> Host:
        name = urlparse_cached(request).netloc
        if name not in self.hosts:
            self.hosts[name] = Host(float(self.delays.get(name, self.least)))
        return self.hosts[name]

    async def process_request(self, request: Request) -> None:
        host = self.host(request)
        if host.failures >= BREAK_AFTER:
            raise HostGivenUp(f"{BREAK_AFTER} failures in a row, host left alone for this run")
        host.delay = max(host.delay, request.meta.get("crawl_delay", 0.0))
        request.meta["download_slot"] = urlparse_cached(request).netloc
        turn = max(host.last + host.delay, time.monotonic())
        host.last = turn                              # taken before sleeping, so that two waiting requests keep their distance
        await asyncio.sleep(turn - time.monotonic())

    def process_response(self, request: Request, response: Response) -> Response | Request:
        host = self.host(request)
        if response.status in SLOW:
            host.delay = max(2 * host.delay, 1.0)
            log.warning("%s answers %s: now one request per %.0f s", request.url, response.status, host.delay)
        if response.status in SLOW + AGAIN:
            host.failures += response.status not in SLOW
            again = self._again(request, wait_asked(response))
            return again or response
        host.failures = 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, IgnoreRequest):
            return None
        self.host(request).failures += 1
        return self._again(request, None)

    def _again(self, request: Request, wait: float | None) -> Request | None:
        tried = request.meta.get("tried", 1)
        pause = wait if wait is not None else self.pause * 2 ** (tried - 1)
        if request.meta.get("dont_retry") or tried >= TRIES or pause > LONGEST:
            return None
        host = self.host(request)
        host.last = max(host.last, time.monotonic() + pause - host.delay)
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
