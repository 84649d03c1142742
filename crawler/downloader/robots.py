"""robots.txt, with refusal told from absence.

2xx text: obeyed, Crawl-delay too. 404, 410 and other 4xx: no rules. An HTML page in its place: no rules to read, common on
these sites. 401, 403, 429, 5xx, a file broken off or beyond measure, and no answer at all: permission unknown, the host is
left alone (RFC 9309, 2.3.1.4), and what stood before the file is what the archive says of its pages.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.downloader import refusals
from crawler.downloader.exceptions import RobotsRefused
from crawler.downloader.manners import HARMLESS, Stopping

LARGEST = 500 << 10        # bytes that are read of it (RFC 9309, 2.5)
MOST_RULES = 1_000_000     # agents times lines; the longest honest file has a thousandth
LONGEST_DELAY = 3600.0     # seconds between two requests; a host that asks for more does not want to be crawled
_AGENT = re.compile(r"^\s*user.?agent", re.I | re.M)
_UNKNOWN = (401, 403, 429)
_DOORS = ("geo", "challenge")          # a door before the whole host, of which robots.txt is only the first to meet it


class Robots:
    """Fetches each host's robots.txt first, once per run."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent = crawler.settings["USER_AGENT"]
        self.rules: dict[str, Protego | RobotsRefused] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if not request.meta.get("robots"):
            request.meta["crawl_delay"] = await self.ask(request.url)

    def knows(self, url: str) -> bool:
        """Whether the rules of an address's host are known by now."""
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" in self.rules

    async def ask(self, url: str) -> float:
        """The Crawl-delay of an address in seconds. Raises `RobotsRefused` when it may not be fetched."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self.rules:
            self.rules[site] = await self._fetch(site)
        rules = self.rules[site]
        if isinstance(rules, RobotsRefused):
            raise RobotsRefused(str(rules), rules.outcome)
        if not rules.can_fetch(url, self.agent):
            raise RobotsRefused(f"robots.txt of {site} disallows {parts.path}")
        delay = float(rules.crawl_delay(self.agent) or 0)
        if delay > LONGEST_DELAY:
            raise RobotsRefused(f"robots.txt of {site} asks for {delay:,.0f} s between requests: the host is left alone")
        return delay

    async def _fetch(self, site: str) -> Protego | RobotsRefused:
        request = Request(f"{site}/robots.txt", meta={"robots": True}, priority=1000)
        engine: Any = self.crawler.engine
        try:
            response: Response = await engine.download_async(request)
        except Stopping:
            raise
        except HARMLESS as error:
            return RobotsRefused(f"robots.txt of {site} cannot be read: {error}: permission unknown, the host is left alone")
        except Exception as error:  # noqa: BLE001 - whatever kept robots.txt from us would keep the page from us too
            return RobotsRefused(f"robots.txt of {site} could not be had: {error or type(error).__name__}",
                                 refusals.failure(error))
        return rules_of(response, site)


def rules_of(response: Response, site: str) -> Protego | RobotsRefused:
    """What a robots.txt response means, by status and body."""
    if response.status in _UNKNOWN or response.status >= 500:
        told = refusals.outcome(response)
        return RobotsRefused(f"robots.txt of {site} answers {response.status}: permission unknown, the host is left alone",
                             told if told in _DOORS else "robots")
    body = response.body.lstrip()
    if response.status >= 300 or body[:1] == b"<":
        return Protego.parse("")
    text = body[:LARGEST].decode("utf-8", "replace")
    if len(_AGENT.findall(text)) * text.count("\n") > MOST_RULES:
        return RobotsRefused(f"robots.txt of {site} has rules without measure: the host is left alone")
    return Protego.parse(text)
