"""Walks over simulated portals for tests: a walker that connects to loopback whatever a host's name, and what it found.

All hosts of a simulation are served on one port, so that cross-host links stay what they are.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import HtmlResponse

from crawler.demo.hosting import served
from crawler.demo.simulation import REDIRECTS, Simulation
from crawler.downloader import refusals
from crawler.downloader.private import GuardedResolver
from spiders.column import ColumnSpider
from spiders.models import RENDER, Capture, Target
from spiders.page import Page


class Resolver(GuardedResolver):
    """Finds every simulated host on loopback, as Scrapy asks."""

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *args: Any, **more: Any) -> Any:
        found = "127.0.0.1" if hostName.endswith(".sim") else hostName
        return super().resolveHostName(resolutionReceiver, found, *args, **more)


@dataclass
class Ledger:
    """What a walk found."""

    captures: list[Capture] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def of(self, column: str) -> list[Capture]:
        return [capture for capture in self.captures if capture.target.column == column and capture.progress]

    def total(self, column: str, name: str) -> int:
        return sum(getattr(capture.progress, name) for capture in self.of(column))

    def said(self, column: str, name: str) -> list[object]:
        return [value for capture in self.of(column) if (value := getattr(capture.progress, name))]

    def rejected(self, column: str) -> dict[str, str]:
        return {each.url: each.reason for capture in self.of(column) if capture.progress for each in capture.progress.rejected}

    def reports(self, column: str | None = None) -> set[str]:
        """Addresses linked as reports from pages of the column, or of any."""
        pages = [c for c in self.captures if c.progress and column in (None, c.target.column)]
        linked = {link.url for page in pages for link in page.links
                  if link.role == "article" or (link.role == "attachment" and link.referrer == page.final_url)}
        return linked | {page.target.url for page in pages if page.target.role == "article"}

    def file(self, url: str) -> Capture:
        return next(c for c in self.captures if c.target.url == url and c.outcome == "ok")


def walk(simulation: Simulation, spider: ColumnSpider) -> Ledger:
    """Walk the spider's seeds over real HTTP until nothing is left, each target once."""
    with served(simulation) as port:
        return _walked(spider, lambda target: fetch(target, port))


def _walked(spider: ColumnSpider, get: Callable[[Target], Page]) -> Ledger:
    ledger, queue, known = Ledger(), deque(spider.seeds()), set[str]()
    while queue:
        target = queue.popleft()
        if target.uid in known:
            continue
        known.add(target.uid)
        ledger.asked[target.role] += 1
        if target.method == RENDER:
            capture = spider.unseen(target, "needs-browser", "this walker has none")
        else:
            page = get(target)
            capture = spider.capture(target, page, _outcome(page))
        ledger.captures.append(capture)
        queue.extend(capture.links)
    return ledger


def _outcome(page: Page) -> str:
    return refusals.outcome(HtmlResponse(page.url, page.status, dict(page.headers), page.body))


def fetch(target: Target, port: int) -> Page:
    """One target over HTTP, redirects followed, whatever its host from 127.0.0.1:`port`."""
    url = target.url
    for _ in range(5):
        parts = urlsplit(url)
        connection = HTTPConnection("127.0.0.1", port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, **target.headers} | ({"Referer": target.referrer} if target.referrer else {})
        connection.request(target.method, path, body=target.body or None, headers=headers)
        answer = connection.getresponse()
        page = Page(url, answer.read(), answer.status, tuple(answer.getheaders()))
        connection.close()
        if answer.status not in REDIRECTS:
            return page
        url = urljoin(url, answer.getheader("Location") or "")
    return page
