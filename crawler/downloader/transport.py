"""The wire: one download that is whole, unpacked and readable as text, or an error that says what it was.

https is climbed down in steps, verification always on, and the step that worked is kept for the host: as usual; with P-256 as
the only curve, which servers need that fail with BAD_ECPOINT; with the handshake of old servers where the declaration says
`tls = "legacy"`; plain http, also where https answers 403 to everyone and http does not. Any step but the first is noted in
the response as `X-Nianbao-Transport`.
"""

from __future__ import annotations

import logging
import zlib
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.contextfactory import _get_creator_context, _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError
from scrapy.http import HtmlResponse, Response, TextResponse

from crawler.downloader.exceptions import PrivateAddress
from parsers.charset import decode

log = logging.getLogger(__name__)

IDLE = 15            # seconds an idle connection is kept: beyond the delay, short of running out of sockets over many hosts
TRANSPORT = "X-Nianbao-Transport"                  # how a response came, where that was not the usual way
PACKINGS = ("gzip", "x-gzip", "deflate")           # what we ask for and can open
MOST_PACKINGS = 3                                  # one inside the other; honest servers need one
MOST_MEMBERS = 1000                                # one after the other; each costs a copy of all that follows
GZIP = b"\x1f\x8b"
SHUT = (401, 403)                                  # what https answers where only http is served
_NO_TLS = ("wrong version number", "packet length too long", "http request", "record layer failure", "unknown protocol")


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


class LegacyTls(_ScrapyClientContextFactory):
    """Speaks with servers that know no secure renegotiation and with keys as short as 1024 bits. Only where declared."""

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        creator = super().creatorForNetloc(hostname, port)
        context = _get_creator_context(creator)
        context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
        context.set_cipher_list(b"DEFAULT:@SECLEVEL=1")
        return creator


class Transport(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, with the steps above and checked results."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._others = {"tls-p256": _handler(crawler, NarrowTls), "tls-legacy": _handler(crawler, LegacyTls)}
        self._declared: dict[str, Any] = crawler.settings.getdict("NIANBAO_TLS")
        self._known: dict[str, str] = {}                    # netloc → the step that worked
        for handler in (self, *self._others.values()):
            handler._pool.cachedConnectionTimeout = IDLE

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
        if known := self._known.get(parts.netloc):
            return await self._by(known, request)
        first: Exception | None = None
        for step in ("tls", "tls-p256", "tls-legacy", "http"):
            if not self._is_worth(step, parts, first):
                continue
            try:
                response = await self._by(step, request)
            except (DownloadConnectionRefusedError, DownloadFailedError) as error:
                first = first or error
                continue
            if step == "http" and _leads_back(response):
                break
            return await self._settled(step, request, response, first)
        assert first is not None
        raise first

    def _is_worth(self, step: str, parts: SplitResult, error: Exception | None) -> bool:
        """Whether a step may cure what went wrong so far."""
        if error is None:
            return step == "tls"
        if step == "http":
            return _other_port(parts, error)
        return is_tls(error) and not is_certificate(error) and (
            step == "tls-p256" or self._declared.get(parts.netloc) == "legacy")

    async def _settled(self, step: str, request: Request, response: Response, error: Exception | None) -> Response:
        """The response of the step to keep for this host; where https is shut, plain http may be open."""
        parts = urlsplit(request.url)
        shut = step != "http" and response.status in SHUT and _default_port(parts)
        if shut and (plain := await self._opened(request)) is not None:
            step, response = "http", plain
        if step == "http":
            log.warning("%s is fetched by plain http: https gives %s", parts.netloc, error or response.status)
        self._known[parts.netloc] = step
        return response

    async def _opened(self, request: Request) -> Response | None:
        try:
            plain = await self._by("http", request)
        except (DownloadConnectionRefusedError, DownloadFailedError):
            return None
        return plain if plain.status < 300 else None

    async def _by(self, step: str, request: Request) -> Response:
        if step == "http":
            response = await super().download_request(_plain(request))
        elif step == "tls":
            return await super().download_request(request)
        else:
            response = await self._others[step].download_request(request)
        response.headers[TRANSPORT] = step
        return response

    async def close(self) -> None:
        await super().close()
        for handler in self._others.values():
            await handler.close()


def _handler(crawler: Crawler, tls: type[_ScrapyClientContextFactory]) -> HTTP11DownloadHandler:
    """A handler with a context and a pool of its own: a connection is never shared between steps."""
    handler = HTTP11DownloadHandler(crawler)
    factory: Any = tls.from_crawler(crawler)
    handler._contextFactory = factory
    return handler


def _default_port(parts: SplitResult) -> bool:
    return parts.port in (None, 443)


def _other_port(parts: SplitResult, error: Exception) -> bool:
    """Whether plain http may be served: on its own port, or on this one when what answers there speaks no TLS."""
    return _default_port(parts) or any(words in str(each) for each in causes(error) for words in _NO_TLS)


def _leads_back(response: Response) -> bool:
    """Whether http only sends its reader to https, which is where we come from."""
    return 300 <= response.status < 400 and (response.headers.get("Location") or b"").lower().startswith(b"https:")


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
    return is_certificate(error) or any(isinstance(each, SSL.Error) for each in causes(error))


def is_certificate(error: BaseException) -> bool:
    """Whether a server showed a certificate that is not its own, or that nobody vouches for."""
    names = {"VerificationError", "CertificateError", "SimpleCertificateError"}      # service_identity, twisted
    return any(type(each).__name__ in names or (isinstance(each, SSL.Error) and "certificate verify failed" in str(each))
               for each in causes(error))


def unpacked(response: Response, most: int) -> Response:
    """The response without its gzip or deflate, at most `most` bytes. Raises `Truncated`, `Oversized`."""
    said = (response.headers.get("Content-Encoding") or b"").decode("latin-1").lower()
    codings = [coding for each in said.split(",") if (coding := each.strip()) in PACKINGS]
    if not codings or not response.body:
        return response
    if len(codings) > MOST_PACKINGS:
        raise Oversized(f"packed {len(codings)} times over, more than {MOST_PACKINGS}")
    body = response.body
    for coding in reversed(codings):
        body = _opened(body, coding, most)
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    return _rebuilt(response, type(response), body, headers)


def _opened(data: bytes, coding: str, most: int) -> bytes:
    """The bytes without one packing; as they are when they only claim to be packed."""
    try:
        return _inflated(data, most, 47)                        # 47: gzip or zlib, told by the header
    except zlib.error as error:
        if data.startswith(GZIP):
            raise Truncated(f"the packed body is broken: {error}") from error
        if coding != "deflate":
            return data                                         # said to be gzip and is not: the bytes are the page
    try:
        return _inflated(data, most, -15)                       # old servers send deflate without its wrapping
    except zlib.error:
        return data


def _inflated(data: bytes, most: int, wbits: int) -> bytes:
    """All members of a packed body, which may be several one after the other; what else follows is padding."""
    body = bytearray()
    for _ in range(MOST_MEMBERS):
        stream = zlib.decompressobj(wbits)
        body += stream.decompress(data, max(most - len(body), 0) + 1 if most else 0)
        if most and len(body) > most:
            raise Oversized(f"unpacks to more than {most:,} bytes")
        if not stream.eof:
            raise Truncated("the packed body stops before its end")
        if not stream.unused_data.startswith(GZIP):
            return bytes(body)
        data = stream.unused_data
    raise Oversized(f"packed in more than {MOST_MEMBERS:,} members")


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
