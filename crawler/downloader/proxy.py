"""The browser's only way out: a proxy on loopback that connects to addresses that were checked, and to no others.

A browser resolves names itself, and again for every connection; so ours may not. It asks this proxy, which resolves with
Scrapy's guarded resolver and connects to the very address that passed. Redirects, frames, scripts and sockets go the same
way, so a page cannot reach what a crawl may not fetch. Bytes per connection are bounded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

HEAD = 64 << 10          # bytes of a request's head
WAIT = 20.0              # seconds for a connection
CHUNK = 64 << 10

#: (host, port) → an address that may be connected to; raises OSError or IgnoreRequest when there is none
Resolve = Callable[[str, int], Awaitable[str]]


class Proxy:
    """An HTTP proxy for one browser, listening on a free port of 127.0.0.1 from `start` to `close`."""

    def __init__(self, resolve: Resolve, most_bytes: int) -> None:
        self.resolve = resolve
        self.most = most_bytes
        self.refused: list[str] = []                 # hosts that were asked for and not connected to
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Listen; returns the proxy's address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._pass(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, asyncio.CancelledError):
            pass                                     # a browser that hangs up, or a server that does: nothing is owed
        finally:
            self._open.discard(task)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        port = parts.port or (443 if method == "CONNECT" else 80)
        try:
            address = await self.resolve(parts.hostname or "", port)
            up, down = await asyncio.wait_for(asyncio.open_connection(address, port), WAIT)
        except Exception as error:  # noqa: BLE001 - refused, unresolved or unreachable: the browser is told one thing
            self.refused.append(parts.hostname or "")
            log.debug("not connected to %s: %s", parts.netloc, error)
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                down.write(_direct(head))
            await self._both(reader, writer, up, down)
        finally:
            down.close()

    async def _both(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
                    up: asyncio.StreamReader, down: asyncio.StreamWriter) -> None:
        sending = asyncio.ensure_future(_copy(reader, down, self.most))
        try:
            await _copy(up, writer, self.most)       # the answer's end ends the connection
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await sending


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter, most: int) -> None:
    passed = 0
    while passed <= most and (data := await source.read(CHUNK)):
        passed += len(data)
        sink.write(data)
        await sink.drain()


def _direct(head: bytes) -> bytes:
    """A request as the server wants it, not as a proxy does: the path alone, one request to a connection."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    method, target, version = first.split(b" ", 2)
    parts = urlsplit(target.decode("latin-1"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [line for line in lines if not line.lower().startswith((b"proxy-", b"connection:"))]
    return b"\r\n".join([b" ".join((method, path.encode("latin-1"), version)), *kept, b"Connection: close", b"", b""])
