"""Redirects that keep the referrer: attachments behind one still ask on which page their link stood."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response


class Redirects(RedirectMiddleware):
    """Scrapy's redirects, except that the Referer header stays; it only ever names a public page of a portal."""

    def handle_referer(self, request: Request, response: Response) -> None:
        """Leave the header as it is."""

    def _engine_started(self) -> None:
        """Scrapy looks for its referrer middleware here and warns; we have none on purpose."""
