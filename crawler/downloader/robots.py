"""robots.txt, with refusal told from absence.

2xx text: obeyed, Crawl-delay too. 404, 410 and other 4xx: no rules. 401, 403 and 5xx: permission unknown, the host is
left alone and says so. An HTML page in its place, or no answer: no rules to read; the first is common on these sites.
"""

from __future__ import annotations

from typing import Any

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached


class RobotsRefused(IgnoreRequest):
    """robots.txt forbids this, or nobody knows whether it would."""


class Robots:
    """Fetches each host's robots.txt first, once per run."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent = crawler.settings["USER_AGENT"]
        self.rules: dict[str, Protego | str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("robots"):
            return
        parts = urlparse_cached(request)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self.rules:
            self.rules[site] = await self._fetch(site)
        rules = self.rules[site]
        if isinstance(rules, str):
            raise RobotsRefused(rules)
        if not rules.can_fetch(request.url, self.agent):
            raise RobotsRefused(f"robots.txt of {site} disallows {parts.path}")
        request.meta["crawl_delay"] = float(rules.crawl_delay(self.agent) or 0)

    async def _fetch(self, site: str) -> Protego | str:
        """The rules, or the sentence that says why they are unknown."""
        request = Request(f"{site}/robots.txt", meta={"robots": True}, priority=1000)
        engine: Any = self.crawler.engine
        try:
            response: Response = await engine.download_async(request)
        except IgnoreRequest:
            raise
        except Exception:  # noqa: BLE001 - no answer here will be no answer for the page, which classifies it
            return Protego.parse("")
        return rules_of(response, site)


def rules_of(response: Response, site: str) -> Protego | str:
    """What a robots.txt response means, by status and body."""
    if response.status in (401, 403, 429) or response.status >= 500:
        return f"robots.txt of {site} answers {response.status}: permission unknown, the host is left alone"
    body = response.body.lstrip()
    if response.status >= 300 or body[:1] == b"<":
        return Protego.parse("")
    return Protego.parse(body.decode("utf-8", "replace"))
