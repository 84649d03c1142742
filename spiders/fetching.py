"""A minimal polite fetch for looking at a portal before it is crawled: one page at a time, nothing stored.

The crawl itself goes through the engine. What both share is the manner: robots.txt, a delay, an honest name, and no
private address, checked on the resolved address of every hop.
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version
from urllib.parse import urljoin, urlsplit

from protego import Protego

from spiders.exceptions import FetchError
from spiders.models import Target
from spiders.page import Page

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], str]

MOST_BYTES = 10 << 20
MOST_REDIRECTS = 5
TIMEOUT = 30.0           # seconds of silence
_REDIRECTS = (301, 302, 303, 307, 308)


def resolve(host: str, port: int) -> str:
    """The first address of a host; raises FetchError for a name that has none."""
    try:
        return str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
    except OSError as error:
        raise FetchError(f"{host}: no such host") from error


@dataclass
class Fetcher:
    """Fetches targets. `allowed`: private networks that may be fetched; `delay` in seconds between requests to a host."""

    allowed: Sequence[Network] = ()
    delay: float = 2.0
    resolve: Resolve = resolve
    _last: dict[str, float] = field(default_factory=dict)
    _robots: dict[str, Protego | None] = field(default_factory=dict)

    def get(self, target: Target) -> Page:
        """The page behind a target, redirects followed. Raises FetchError when there is none to be had."""
        url, method, body = target.url, target.method, target.body
        for _ in range(MOST_REDIRECTS):
            self._ask_robots(url)
            referer = {"Referer": target.referrer} if target.referrer else {}
            page = self._once(url, method, body, dict(target.headers) | referer)
            onward = next((value for name, value in page.headers if name.lower() == "location"), "")
            if page.status not in _REDIRECTS or not onward:
                return page
            url, method, body = urljoin(url, onward), "GET", b""
        raise FetchError(f"{target.url}: more than {MOST_REDIRECTS} redirects")

    def _ask_robots(self, url: str) -> None:
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._robots:
            page = self._once(f"{root}/robots.txt", "GET", b"", {})
            if page.status in (401, 403) or page.status >= 500:
                raise FetchError(f"{root}: robots.txt answers {page.status}, so nobody knows what may be fetched")
            rules = page.status == 200 and "<html" not in page.text[:500].lower()
            self._robots[root] = Protego.parse(page.text) if rules else None
        known = self._robots[root]
        if known is not None and not known.can_fetch(url, agent()):
            raise FetchError(f"{url}: robots.txt does not allow it")

    def _once(self, url: str, method: str, body: bytes, headers: dict[str, str]) -> Page:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise FetchError(f"{url}: not an http or https address")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self._public(parts.hostname, port)
        self._wait(parts.netloc)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"User-Agent": agent(), "Accept": "*/*", **headers, "Host": parts.netloc}
        try:
            with closing(_connection(parts.scheme, parts.hostname, port, address)) as connection:
                connection.request(method, path, body or None, sent)
                answer = connection.getresponse()
                return Page(url, answer.read(MOST_BYTES), answer.status, tuple(answer.getheaders()))
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(f"{url}: {error or type(error).__name__}") from error

    def _public(self, host: str, port: int) -> str:
        address = self.resolve(host, port)
        ip = ipaddress.ip_address(address.partition("%")[0])
        ip = ip.ipv4_mapped or ip if isinstance(ip, ipaddress.IPv6Address) else ip
        if not ip.is_global and not any(ip in network for network in self.allowed):
            raise FetchError(f"{host} is the private address {address}; --allow-private {address} would let it be fetched")
        return address

    def _wait(self, host: str) -> None:
        due = self._last.get(host, 0.0) + self.delay
        time.sleep(max(0.0, due - time.monotonic()) if host in self._last else 0.0)
        self._last[host] = time.monotonic()


def agent() -> str:
    """The name we give: who we are and how to reach us."""
    contact = os.environ.get("NIANBAO_CONTACT", "https://github.com/nianbao/nianbao; set NIANBAO_CONTACT")
    return f"nianbao/{version('nianbao')} (+{contact})"


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A connection to the address that was checked, not to what the name may resolve to a moment later."""
    connection: http.client.HTTPConnection
    if scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT)
        connection.sock = _secured(socket.create_connection((address, port), TIMEOUT), host)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        connection.sock = socket.create_connection((address, port), TIMEOUT)
    return connection


def _secured(raw: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except OSError:
        raw.close()
        raise
