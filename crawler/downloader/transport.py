"""The wire: one download that is whole, unpacked and readable as text, or an error that says what it was.

TLS in three steps, verification always on: as usual; with P-256 as the only curve, which servers need that fail with
BAD_ECPOINT; plain http where nothing listens for https. The step that worked is kept for the host; the last shows in
the final address.
"""

from __future__ import annotations

import zlib
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.contextfactory import _get_creator_context, _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError
from scrapy.http import HtmlResponse, Response, TextResponse

from crawler.downloader.private import PrivateAddress
from parsers.charset import decode

IDLE = 15            # seconds an idle connection is kept: beyond the delay, short of running out of sockets over many hosts


class Truncated(Exception):
    """The file stops before its own end."""


class Oversized(Exception):
    """Unpacked, the body is larger than anything worth having."""


class Page(HtmlResponse):
    """A page whose text is decoded by what its bytes are, not by what its headers say."""

    @cached_property
    def text(self) -> str:
        said = (self.headers.get("Content-Type") or b"").decode("latin-1").partition("charset=")[2]
        return decode(self.body, said.split(";")[0].strip("\"' "))


class NarrowTls(_ScrapyClientContextFactory):
    """Offers P-256 as the only curve."""

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        creator = super().creatorForNetloc(hostname, port)
        _get_creator_context(creator).set_tmp_ecdh(SECP256R1())
        return creator


class Transport(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, with the steps of TLS above and checked results."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._narrow = HTTP11DownloadHandler(crawler)       # its own pool: a connection is never shared between steps
        narrow: Any = NarrowTls.from_crawler(crawler)
        self._narrow._contextFactory = narrow
        self._steps: dict[str, str] = {}
        for pool in (self._pool, self._narrow._pool):
            pool.cachedConnectionTimeout = IDLE

    async def download_request(self, request: Request) -> Response:
        try:
            response = await self._climb(request)
        except CannotResolveHostError as error:
            if kept_back := _kept_back(urlsplit(request.url).hostname or ""):
                raise PrivateAddress(kept_back) from error
            raise
        return readable(whole(unpacked(response, self._default_maxsize)))

    async def _climb(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        if parts.scheme != "https":
            return await super().download_request(request)
        if self._steps.get(parts.netloc) == "http":
            return await super().download_request(_plain(request))
        try:
            if self._steps.get(parts.netloc) == "narrow":
                return await self._narrow.download_request(request)
            return await super().download_request(request)
        except DownloadConnectionRefusedError:
            if parts.port not in (None, 443):
                raise
            response = await super().download_request(_plain(request))
            self._steps[parts.netloc] = "http"
        except DownloadFailedError as error:
            if not is_tls(error) or self._steps.get(parts.netloc):
                raise
            response = await self._narrow.download_request(request)
            self._steps[parts.netloc] = "narrow"
        return response

    async def close(self) -> None:
        await super().close()
        await self._narrow.close()


def _plain(request: Request) -> Request:
    """The same request over http."""
    parts = urlsplit(request.url)
    return request.replace(url=parts._replace(scheme="http", netloc=parts.netloc.removesuffix(":443")).geturl())


def _kept_back(host: str) -> str:
    """Why a name has no address: "" when it truly has none, else the private one that we refused."""
    from twisted.internet import reactor

    found: Any = reactor
    address = getattr(found.nameResolver, "refused", {}).get(host)
    return f"{host} is {address}, a private address; --allow-private {address} would let it be fetched" if address else ""


def causes(error: BaseException) -> list[BaseException]:
    """An error and everything beneath it: Scrapy wraps Twisted's errors, and those carry reasons of their own."""
    found: list[BaseException] = [error]
    for each in found:
        beneath = [each.__cause__, *(reason.value for reason in getattr(each, "reasons", None) or ())]
        found += [inner for inner in beneath if inner is not None and inner not in found]
    return found


def is_tls(error: BaseException) -> bool:
    """Whether a download failed in the TLS handshake or by its certificate."""
    names = {"VerificationError", "CertificateError", "SimpleCertificateError"}      # service_identity, twisted
    return any(isinstance(each, SSL.Error) or type(each).__name__ in names for each in causes(error))


def unpacked(response: Response, most: int) -> Response:
    """The response without its gzip or deflate, at most `most` bytes. Raises `Truncated`, `Oversized`."""
    coding = (response.headers.get("Content-Encoding") or b"").decode("latin-1").strip().lower()
    if coding not in ("gzip", "x-gzip", "deflate") or not response.body:
        return response
    try:
        body = _inflated(response.body, most, 47)               # 47: gzip or zlib, told by the header
    except zlib.error:
        if coding != "deflate":
            return response                                     # said to be gzip and is not: the bytes are the page
        body = _inflated(response.body, most, -15)              # old servers send deflate without its wrapping
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    return _rebuilt(response, type(response), body, headers)


def _inflated(data: bytes, most: int, wbits: int) -> bytes:
    stream = zlib.decompressobj(wbits)
    body = stream.decompress(data, most or 0)
    if not stream.eof:
        if stream.unconsumed_tail:
            raise Oversized(f"unpacks to more than {most:,} bytes")
        raise Truncated("the packed body stops before its end")
    return body


def whole(response: Response) -> Response:
    """The response, unless its file stops early: a PDF without %%EOF after its last object, a zip without its directory."""
    body = response.body
    if body.startswith(b"%PDF") and body.rfind(b"%%EOF") < max(body.rfind(b"endobj"), 0):
        raise Truncated(f"a PDF of {len(body):,} bytes without its end")
    if body.startswith(b"PK\x03\x04") and b"PK\x05\x06" not in body[-66_000:]:
        raise Truncated(f"a zip of {len(body):,} bytes without its directory")
    return response


def readable(response: Response) -> Response:
    """A text response that decodes as its bytes demand."""
    if not isinstance(response, TextResponse):
        return response
    return _rebuilt(response, Page, response.body, response.headers)


def _rebuilt(response: Response, kind: type[Response], body: bytes, headers: Any) -> Response:
    """What `Response.replace` does, without its guess at the encoding, which costs more than the download."""
    return kind(response.url, status=response.status, headers=headers, body=body, flags=response.flags,
                request=response.request, certificate=response.certificate, ip_address=response.ip_address,
                protocol=response.protocol)
