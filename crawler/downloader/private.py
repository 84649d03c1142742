"""Private, loopback and link-local addresses are never fetched unless allowed by network.

Checked on literal addresses before the request and on every resolved address, after each redirect again: a name that
resolves to 127.0.0.1, now or on the second look-up, gets nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.downloader.exceptions import PrivateAddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def refuse(address: str, allowed: Sequence[Network]) -> None:
    """Raise `PrivateAddress` for an address that is not public and in no allowed network."""
    ip = ipaddress.ip_address(address)
    ip = ip.ipv4_mapped or ip if isinstance(ip, ipaddress.IPv6Address) else ip
    if (not ip.is_global or ip.is_multicast) and not any(ip in network for network in allowed):
        raise PrivateAddress(f"{address} is a private address; --allow-private {address} would let it be fetched")


def networks(settings: Any) -> list[Network]:
    """The networks of the setting NIANBAO_ALLOW_PRIVATE, a list of CIDR strings."""
    return [ipaddress.ip_network(cidr, strict=False) for cidr in settings.getlist("NIANBAO_ALLOW_PRIVATE")]


@lru_cache(maxsize=1000)
def literal(host: str) -> Address | None:
    """The address that a host name is, if it is one."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_own(host: str) -> bool:
    """Whether a host that was let through is the operator's own: private by number, or by what its name led to."""
    from twisted.internet import reactor

    found: Any = reactor
    number = literal(host)
    return not number.is_global if number else host in getattr(found.nameResolver, "own", ())


class PrivateAddresses:
    """Refuses literal addresses before anything is sent."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self.allowed = allowed
        self.good: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PrivateAddresses:
        return cls(networks(crawler.settings))

    def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).hostname or ""
        if host not in self.good and literal(host):
            refuse(host, self.allowed)
            self.good.add(host)


@implementer(IResolutionReceiver)
class _Sieve:
    """Passes on the public addresses of a name and remembers one it did not."""

    def __init__(self, receiver: Any, name: str, guard: GuardedResolver) -> None:
        self.receiver = receiver
        self.name = name
        self.guard = guard

    def resolutionBegan(self, resolution: Any) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        try:
            refuse(address.host, self.guard.allowed)
        except PrivateAddress:
            self.guard.refused[self.name] = address.host
        else:
            if not ipaddress.ip_address(address.host).is_global:
                self.guard.own.add(self.name)
            self.receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()


@implementer(IResolutionReceiver)
class Receiver:
    """Collects the addresses of a name for whoever awaits `found`."""

    def __init__(self) -> None:
        self.found: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._addresses: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:
        """Nothing is cancelled, so nothing is kept."""

    def addressResolved(self, address: Any) -> None:
        self._addresses.append(address.host)

    def resolutionComplete(self) -> None:
        if not self.found.done():
            self.found.set_result(self._addresses)


class GuardedResolver(CachingHostnameResolver):
    """Scrapy's resolver for IPv4 and IPv6; private addresses never leave it unless allowed.

    `refused`: name → an address kept back. `own`: names that led to an allowed private address.
    """

    allowed: Sequence[Network] = ()

    def __init__(self, reactor: Any, cache_size: int) -> None:
        super().__init__(reactor, cache_size)
        self.refused: dict[str, str] = {}
        self.own: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = networks(crawler.settings)
        return resolver

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *args: Any, **more: Any) -> Any:
        sieve: Any = _Sieve(resolutionReceiver, hostName, self)
        return super().resolveHostName(sieve, hostName, *args, **more)
