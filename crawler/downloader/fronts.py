"""Hosts that answer every path with their front page and 200: the page is told from its host's front page by its words.

What a host shows at its root, or in place of robots.txt, stands for nothing deeper in the site. Where neither was seen
and two addresses in a row say the very same, the root is asked for, once per host.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from crawler.downloader.refusals import is_root
from spiders import drawing
from spiders.page import Page

_NO_WORDS = re.compile(rb"<(script|style)\b[^<]*+(?:<(?!/\1>)[^<]*+)*+(?:</\1>|\Z)|<[^<>]+>", re.I)     # one pass, tag by tag
_SHORTEST = 500          # bytes of words; the shell of an application is shorter, stands for every path and is no refusal
_LONGEST = 1_000_000     # bytes of a page; no front page is longer


class Fronts:
    """Marks responses that are their host's front page in another's place (`meta["front"]`); `refusals` names them soft-404."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.fronts: dict[str, set[str]] = defaultdict(set)
        self.last: dict[str, tuple[str, str]] = {}
        self.asked: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Fronts:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        words = digest(response)
        if not words:
            return response
        parts = urlsplit(response.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if request.meta.get("robots") or (is_root(parts.path) and not parts.query):
            self.fronts[site].add(words)
        elif request.meta.get("target") is not None and request.meta["target"].role != "home":
            request.meta["front"] = await self._is_front(site, response.url, words) and not _is_application(response)
        return response

    async def _is_front(self, site: str, url: str, words: str) -> bool:
        last, self.last[site] = self.last.get(site), (words, url)
        if last and last[0] == words and last[1] != url and site not in self.asked and words not in self.fronts[site]:
            self.asked.add(site)
            await self._ask(site)
        return words in self.fronts[site]

    async def _ask(self, site: str) -> None:
        """Fetch the root of a host; its answer comes by here like any other."""
        engine: Any = self.crawler.engine
        with contextlib.suppress(Exception):          # without a front page to compare with, the page is what it says
            await engine.download_async(Request(f"{site}/"))


def _is_application(response: Response) -> bool:
    """Whether the page is a framework's, which shows the same shell at every path and fills it by the path."""
    return drawing.has_templates(Page.of(response))


def digest(response: Response) -> str:
    """What a page says, as a digest; "" for what is no page of some length."""
    if response.status != 200 or not isinstance(response, TextResponse) or not _SHORTEST <= len(response.body) <= _LONGEST:
        return ""
    words = b"".join(_NO_WORDS.sub(b"", response.body).split())
    return hashlib.sha256(words).hexdigest() if len(words) >= _SHORTEST else ""
