"""Websites on loopback for tests: real HTTP, every request noted, and whatever a bad server may do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = "text/html; charset=utf-8"


@dataclass
class Answer:
    """What a path answers. `cut` bytes only are sent, and the connection closed; `pause` seconds before anything."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": HTML})
    cut: int | None = None
    pause: float = 0.0
    length: bool = True                       # send a Content-Length
    stream: Callable[[], Iterator[bytes]] | None = None    # instead of a body: what comes, for as long as somebody reads
    raw: bool = False                         # the stream brings its own status line and headers, if any


@dataclass(frozen=True)
class Hit:
    """One request as the server saw it."""

    at: float
    path: str
    headers: Mapping[str, str]


Route = Answer | Callable[[Hit], Answer]


class Site:
    """A server under construction: `routes` by path, `hits` in order. A context manager."""

    def __init__(self, routes: Mapping[str, Route] | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.hits: list[Hit] = []
        self.open = self.most_open = 0
        self.host = host
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((host, port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def url(self, path: str = "/", host: str = "") -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        return [hit.path for hit in self.hits if hit.path != "/robots.txt"]

    def __enter__(self) -> Site:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, hit: Hit) -> Answer:
        route = self.routes.get(hit.path, Answer(b"<html>not here</html>", 404))
        return route if isinstance(route, Answer) else route(hit)

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self._lock:
            self.open += 1
            self.most_open = max(self.most_open, self.open)
        yield
        with self._lock:
            self.open -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                hit = Hit(time.monotonic(), self.path, dict(self.headers.items()))
                site.hits.append(hit)
                with site.counted():              # until the answer goes out: from then on the next request may come
                    answer = site.answer(hit)
                    time.sleep(answer.pause)
                self._send(answer)

            do_POST = do_GET

            def _send(self, answer: Answer) -> None:
                if answer.raw:
                    self._pour(answer)
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.length and answer.stream is None:
                    self.send_header("Content-Length", str(len(answer.body)))
                else:
                    self.send_header("Connection", "close")
                self.end_headers()
                if answer.stream is not None:
                    self._pour(answer)
                    return
                try:
                    self.wfile.write(answer.body if answer.cut is None else answer.body[:answer.cut])
                except OSError:
                    self.close_connection = True
                if answer.cut is not None or not answer.length:
                    self.close_connection = True

            def _pour(self, answer: Answer) -> None:
                self.close_connection = True
                try:
                    for piece in answer.stream() if answer.stream else ():
                        self.wfile.write(piece)
                except OSError:
                    return                        # the reader has had enough

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing on stderr: `hits` is the log."""

        return Handler


def page(title: str, body: str, encoding: str = "utf-8", charset: str = HTML) -> Answer:
    """An HTML page; `charset` is what its header claims."""
    return Answer(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode(encoding),
                  headers={"Content-Type": charset})


def report(n: int, extra: str = "") -> Answer:
    """An article that looks like an annual report, long enough to be nothing else."""
    title = f"神池县第{n}局2019年政府信息公开工作年度报告"
    return page(title, f"<h1>{title}</h1>" + f"<p>本年度收到政府信息公开申请 {n} 件，均已答复。</p>" * 20 + extra)


def column(paths: Mapping[str, str]) -> Answer:
    """A 年报 column on one page: address → link text."""
    rows = "".join(f'<li><a href="{path}">{text}</a><span>2020-01-20</span></li>' for path, text in paths.items())
    return page("政府信息公开年报", f"<h2>政府信息公开年报</h2><ul class='list'>{rows}</ul>")


def portal(reports: int, host: str = "127.0.0.1", pause: float = 0.0) -> Site:
    """A column of `reports` articles, not yet started; each answer after `pause` seconds."""
    site = Site({f"/nb/t{n}.html": Answer(report(n).body, pause=pause) for n in range(reports)}, host)
    site.routes["/nb/"] = column({f"/nb/t{n}.html": f"神池县第{n}局2019年政府信息公开工作年度报告" for n in range(reports)})
    return site
