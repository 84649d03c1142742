"""Simulated portals: small servers that behave like a family of content systems, each with what a walk must find.

A module of this package has `portal() -> Simulation`. All hosts of a simulation are served on one loopback port; the
walker below connects there whatever the host's name, so that cross-host links stay what they are.
"""

from __future__ import annotations

import hashlib
import pkgutil
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from scrapy.http import HtmlResponse

from crawler.downloader import refusals
from crawler.downloader.private import GuardedResolver
from spiders.column import ColumnSpider
from spiders.models import RENDER, Capture, Target
from spiders.page import Page

NOT_PORTALS = {"content", "families", "nested", "varied"}        # modules that make pages or many portals
REDIRECTS = (301, 302, 303, 307, 308)


def names() -> list[str]:
    """Every simulated portal, by its module."""
    return sorted({module.name for module in pkgutil.iter_modules(__path__)} - NOT_PORTALS)


@dataclass(frozen=True)
class Asked:
    """A request as a simulated portal sees it."""

    host: str
    path: str
    query: str
    method: str
    body: bytes
    headers: Mapping[str, str]

    def parameters(self) -> dict[str, str]:
        """Query and form parameters, the last of a name."""
        given = parse_qs(self.query + "&" + self.body.decode("latin-1"), keep_blank_values=True)
        return {name: values[-1] for name, values in given.items()}


@dataclass(frozen=True)
class Reply:
    """What a simulated portal answers."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "text/html; charset=utf-8"

    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True)
class Hit:
    """One request as it was answered."""

    method: str
    url: str
    status: int
    data: bytes


Route = Reply | Callable[[Asked], Reply]
MISSING = Reply("<html><head><title>404</title></head><body>404</body></html>", 404)


@dataclass
class Expected:
    """What the walk of one column must find: report addresses, refused titles, and how its end is proved."""

    reports: set[str]
    rejected: dict[str, str] = field(default_factory=dict)        # address → beginning of the reason
    end_proof: str = ""
    rows: int | None = None
    declared: int | None = None
    refusal: str = ""
    outcome: str = "complete"                                     # of the column in the ledger of a run


@dataclass
class Simulation:
    """Routes by address without scheme, columns to walk by address, and the files that must be fetched."""

    routes: dict[str, Route]
    columns: dict[str, Expected]
    files: dict[str, bytes] = field(default_factory=dict)         # address → bytes that a fetch must bring
    names: dict[str, str] = field(default_factory=dict)           # address → name of the file
    wasted: int = 0                                               # requests for pages of lists that may bring nothing
    seeds: tuple[str, ...] = ()                                   # where the walk begins, if not at every column

    def answer(self, asked: Asked) -> Reply:
        """The reply to one request; a route with its query wins over one without. By bare address the first host answers."""
        host = next(iter(self.routes)).partition("/")[0] if asked.host == "127.0.0.1" else asked.host
        for key in (f"{host}{asked.path}?{asked.query}", f"{host}{asked.path}"):
            if (route := self.routes.get(key)) is not None:
                return route(asked) if callable(route) else route
        return MISSING


class Resolver(GuardedResolver):
    """Finds every simulated host on loopback, as Scrapy asks."""

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *args: Any, **more: Any) -> Any:
        found = "127.0.0.1" if hostName.endswith(".sim") else hostName
        return super().resolveHostName(resolutionReceiver, found, *args, **more)


@contextmanager
def served(simulation: Simulation, ported: bool = False, hits: list[Hit] | None = None) -> Iterator[int]:
    """Serve a simulation on a free loopback port; `ported`: its pages name the port in every address of its hosts.

    What stands still has an ETag, and is not sent again to one who has it. `hits` takes note of every request.
    """
    hosts = sorted({key.partition("/")[0] for key in simulation.routes if key.partition("/")[0].endswith(".sim")})

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value.replace(f":{server.server_port}", "") if ported else value
                       for name, value in self.headers.items()}
            host = headers.get("host", "").partition(":")[0]
            asked = Asked(host, parts.path, parts.query, self.command, self.rfile.read(size), headers)
            reply = simulation.answer(asked)
            data = reply.data()
            for name in hosts if ported and reply.media_type.startswith("text/") else ():
                data = data.replace(f"//{name}/".encode(), f"//{name}:{server.server_port}/".encode())
            tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
            if self.command == "GET" and reply.status == 200:
                reply = replace(reply, headers={**reply.headers, "ETag": tag})
                if headers.get("if-none-match") == tag:
                    reply, data = Reply("", 304, reply.headers), b""
            if hits is not None:
                hits.append(Hit(self.command, f"http://{host}{self.path}", reply.status, data))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(data)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Ledger:
    """What a walk found."""

    captures: list[Capture] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def of(self, column: str) -> list[Capture]:
        return [capture for capture in self.captures if capture.target.column == column and capture.progress]

    def total(self, column: str, name: str) -> int:
        return sum(getattr(capture.progress, name) for capture in self.of(column))

    def said(self, column: str, name: str) -> list[object]:
        return [value for capture in self.of(column) if (value := getattr(capture.progress, name))]

    def rejected(self, column: str) -> dict[str, str]:
        return {each.url: each.reason for capture in self.of(column) if capture.progress for each in capture.progress.rejected}

    def reports(self, column: str | None = None) -> set[str]:
        """Addresses linked as reports from pages of the column, or of any."""
        pages = [c for c in self.captures if c.progress and column in (None, c.target.column)]
        linked = {link.url for page in pages for link in page.links
                  if link.role == "article" or (link.role == "attachment" and link.referrer == page.final_url)}
        return linked | {page.target.url for page in pages if page.target.role == "article"}

    def file(self, url: str) -> Capture:
        return next(c for c in self.captures if c.target.url == url and c.outcome == "ok")


def walk(simulation: Simulation, spider: ColumnSpider) -> Ledger:
    """Walk the spider's seeds over real HTTP until nothing is left, each target once."""
    with served(simulation) as port:
        return _walked(spider, lambda target: fetch(target, port))


def _walked(spider: ColumnSpider, get: Callable[[Target], Page]) -> Ledger:
    ledger, queue, known = Ledger(), deque(spider.seeds()), set[str]()
    while queue:
        target = queue.popleft()
        if target.uid in known:
            continue
        known.add(target.uid)
        ledger.asked[target.role] += 1
        if target.method == RENDER:
            capture = spider.unseen(target, "needs-browser", "this walker has none")
        else:
            page = get(target)
            capture = spider.capture(target, page, _outcome(page))
        ledger.captures.append(capture)
        queue.extend(capture.links)
    return ledger


def _outcome(page: Page) -> str:
    return refusals.outcome(HtmlResponse(page.url, page.status, dict(page.headers), page.body))


def fetch(target: Target, port: int) -> Page:
    """One target over HTTP, redirects followed, whatever its host from 127.0.0.1:`port`."""
    url = target.url
    for _ in range(5):
        parts = urlsplit(url)
        connection = HTTPConnection("127.0.0.1", port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, **target.headers} | ({"Referer": target.referrer} if target.referrer else {})
        connection.request(target.method, path, body=target.body or None, headers=headers)
        answer = connection.getresponse()
        page = Page(url, answer.read(), answer.status, tuple(answer.getheaders()))
        connection.close()
        if answer.status not in REDIRECTS:
            return page
        url = urljoin(url, answer.getheader("Location") or "")
    return page
