"""Simulated portals on loopback: all hosts of one at a single port, or every host of many at an address of its own.

What stands still has an ETag, and is not sent again to one who has it. `Log` is what the servers saw.
"""

from __future__ import annotations

import hashlib
import re
import selectors
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from crawler.demo.handshakes import spoken
from crawler.demo.server import listen
from crawler.demo.simulation import Asked, Hit, Reply, Simulation

_TEXT = re.compile(r"^text/|json|xml|javascript")
_LINGER_NOT = struct.pack("ii", 1, 0)           # closing sends a reset


@dataclass
class Log:
    """Every request in the order answered, and per server the most connections open at one time."""

    hits: list[Hit] = field(default_factory=list)
    most_open: Counter[str] = field(default_factory=Counter)
    _open: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def opened(self, host: str) -> None:
        with self._lock:
            self._open[host] += 1
            self.most_open[host] = max(self.most_open[host], self._open[host])

    def closed(self, host: str) -> None:
        with self._lock:
            self._open[host] -= 1


@dataclass(frozen=True)
class Names:
    """How the hosts of a simulation are called outside: name → host and port shown in its place."""

    shown: Mapping[str, str]

    @cached_property
    def _named(self) -> re.Pattern[bytes]:
        names = b"|".join(re.escape(name.encode()) for name in sorted(self.shown, key=len, reverse=True))
        return re.compile(rb"(?<=/)(" + names + rb")(?=[/:\"'?#\\\s<&)]|$)" if names else rb"(?!)")

    def outward(self, data: bytes) -> bytes:
        """A page with every address in it as it is outside."""
        return self._named.sub(lambda found: self.shown[found[1].decode()].encode(), data)

    def inward(self, text: str) -> str:
        """An address, or a header, in the names of the simulation."""
        for name, shown in self.shown.items():
            text = re.sub(rf"(?<![\w.]){re.escape(shown)}(?!\d)", name, text)
        return text


class _Server(ThreadingHTTPServer):
    """Answers for one simulation; `stopping` ends what hangs."""

    daemon_threads = True
    request_queue_size = 128
    simulation: Simulation
    names: Names
    log: Log
    stopping: threading.Event
    host: str = ""

    @property
    def place(self) -> str:
        """Its address: number and port."""
        return f"{self.server_address[0]!s}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asks may go away midway."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def setup(self) -> None:
        self.request = spoken(self.request, self.server.simulation.tls.get(self.server.host, "none"))
        self.server.log.opened(self.server.place)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.server.log.closed(self.server.place)

    def do_GET(self) -> None:
        began = time.monotonic()
        asked = self._asked()
        reply = self.server.simulation.answer(asked)
        data, headers = self._outside(reply)
        if asked.method == "GET" and reply.status == 200 and not reply.fault:
            tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
            headers["ETag"] = tag
            if asked.headers.get("if-none-match") == tag:
                reply, data = replace(reply, status=304), b""
        self._send(reply, headers, data)
        url = f"http://{asked.host}{self.path}"
        self.server.log.hits.append(Hit(asked.method, url, reply.status, data, began, time.monotonic(), self.server.place))

    do_POST = do_GET

    def _asked(self) -> Asked:
        parts = urlsplit(self.path)
        headers = {name.lower(): self.server.names.inward(value) for name, value in self.headers.items()}
        host = self.server.host or headers.get("host", "").partition(":")[0]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return Asked(host, parts.path, parts.query, self.command, body, headers)

    def _outside(self, reply: Reply) -> tuple[bytes, dict[str, str]]:
        data = reply.data()
        headers = {name: self.server.names.outward(value.encode("latin-1")).decode("latin-1")
                   for name, value in reply.headers.items()}
        return (self.server.names.outward(data) if _TEXT.search(reply.media_type) else data), headers

    def _send(self, reply: Reply, headers: Mapping[str, str], data: bytes) -> None:
        while reply.fault == "hang" and not self._left() and not self.server.stopping.wait(0.05):
            pass
        if reply.fault in ("hang", "reset"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self.connection.close()
            return
        self.send_response(reply.status)
        for name, value in {"Content-Type": reply.media_type, "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[:len(data) // 2] if reply.fault == "cut" else data)

    def _left(self) -> bool:
        """Whether whoever asked has gone away."""
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr: `Log` is the log."""


@contextmanager
def served(simulation: Simulation, ported: bool = False, hits: list[Hit] | None = None) -> Iterator[int]:
    """Serve a simulation on a free loopback port; `ported`: its pages name the port in every address of its hosts."""
    with _running([("127.0.0.1", 0, "", simulation)], Log([] if hits is None else hits)) as (server,):
        port = server.server_port
        server.names = Names({host: f"{host}:{port}" for host in simulation.hosts()} if ported else {})
        yield port


@dataclass(frozen=True)
class Place:
    """Where a simulation is served: its addresses from without and from within."""

    simulation: Simulation
    names: Names

    def outside(self, url: str) -> str:
        return self.names.outward(url.encode()).decode()

    def inside(self, url: str) -> str:
        """An address in the names of the simulation; unchanged when it is none of its own."""
        parts = urlsplit(url)
        name = self._names.get(parts.netloc)
        return parts._replace(netloc=name).geturl() if name else url

    @cached_property
    def _names(self) -> dict[str, str]:
        return {shown: name for name, shown in self.names.shown.items()}

    def netlocs(self) -> list[str]:
        """Host and port of every host."""
        return list(self.names.shown.values())


@contextmanager
def hosted(simulations: Sequence[Simulation], port: int = 0, log: Log | None = None) -> Iterator[list[Place]]:
    """Serve many simulations, every host at a loopback address of its own: 127.x.y.z:`port`, or any free port."""
    wanted = [(f"127.{10 + number // 200}.{number % 200}.{place}", port, host, each)
              for number, each in enumerate(simulations) for place, host in enumerate(each.hosts(), 1)]
    with _running(wanted, log or Log()) as servers:
        places = []
        for each in simulations:
            own = [server for server in servers if server.simulation is each]
            names = Names({server.host: server.place for server in own})
            for server in own:
                server.names = names
            places.append(Place(each, names))
        yield places


@contextmanager
def _running(wanted: Sequence[tuple[str, int, str, Simulation]], log: Log) -> Iterator[list[_Server]]:
    """Servers that one thread listens for; each connection is answered by a thread of its own."""
    stopping = threading.Event()
    with ExitStack() as stack:
        servers = []
        for address, port, host, simulation in wanted:
            server = stack.enter_context(listen(address, port, _Handler, _Server))
            server.simulation, server.host, server.log, server.stopping = simulation, host, log, stopping
            server.names, server.timeout = Names({}), 0
            servers.append(server)
        thread = threading.Thread(target=_listen, args=(servers, stopping), daemon=True)
        thread.start()
        try:
            yield servers
        finally:
            stopping.set()
            thread.join()


def _listen(servers: Sequence[_Server], stopping: threading.Event) -> None:
    with selectors.DefaultSelector() as selector:
        for server in servers:
            selector.register(server, selectors.EVENT_READ, server)
        while not stopping.is_set():
            for key, _ in selector.select(0.02):
                key.data.handle_request()
