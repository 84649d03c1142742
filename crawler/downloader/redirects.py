"""Redirects that keep the referrer and the distance: attachments behind one still ask on which page their link stood."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from crawler.downloader.manners import Manners


class Redirects(RedirectMiddleware):
    """Scrapy's redirects, except that the Referer header stays (it only ever names a public page of a portal), and that the
    answer which redirects is an answer: the host's delay counts from it."""

    def process_response(  # type: ignore[override]  # Scrapy's has a deprecated parameter more
            self, request: Request, response: Response) -> Request | Response:
        if manners := self.crawler.get_downloader_middleware(Manners):
            manners.answered(request.url)
        return super().process_response(request, response)

    def handle_referer(self, request: Request, response: Response) -> None:
        """Leave the header as it is."""

    def _engine_started(self) -> None:
        """Scrapy looks for its referrer middleware here and warns; we have none on purpose."""
