"""The sample portals on loopback: static files, and the little that real portals do beyond them.

TRS answers 501 to a file asked for without a referrer; Hanweb pages its lists by `dataproxy.jsp` and redirects downloads.
Every answer has an ETag and a date that never change, so a second crawl is told 304.
"""

from __future__ import annotations

import errno
import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

S = TypeVar("S", bound=ThreadingHTTPServer)

SITE = Path(__file__).parent / "site"
HOSTS = {"ningguo": "127.0.0.2", "dingxi": "127.0.0.3"}      # addresses of their own, so that captures keep their urls
PORT = 8765
MODIFIED = "Mon, 31 Mar 2025 02:00:00 GMT"
TYPES = {".html": "text/html", ".xml": "text/html", ".txt": "text/plain", ".pdf": "application/pdf",
         ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
NO_MORE = b"<datastore><recordset></recordset></datastore>"
GONE = "<html><head><title>404</title></head><body>页面不存在</body></html>".encode()


@contextmanager
def serve(port: int = PORT) -> Iterator[dict[str, str]]:
    """Both portals while the context lasts: name → base address. A port that is taken is replaced by a free one."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(_running(name, host, port)) for name, host in HOSTS.items()}


@contextmanager
def _running(name: str, host: str, port: int) -> Iterator[str]:
    server = listen(host, port, partial(_Handler, _files(name)), ThreadingHTTPServer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{server.server_address[0]!s}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def listen(host: str, port: int, handler: Any, kind: type[S]) -> S:
    """A listening server: at the wished place, else at a free port, else on 127.0.0.1 where a system has only that."""
    for place in ((host, port), (host, 0), ("127.0.0.1", 0)):
        try:
            return kind(place, handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL):
                raise
    raise OSError(errno.EADDRNOTAVAIL, "no free port on loopback")


def _files(name: str) -> dict[str, bytes]:
    """Every file of a portal by the path that asks for it; a folder answers with its index."""
    root = SITE / name
    files = {f"/{path.relative_to(root).as_posix()}": path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return files | {path.removesuffix("index.html"): data for path, data in files.items() if path.endswith("/index.html")}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, files: Mapping[str, bytes], *args: Any) -> None:
        self.files = files
        super().__init__(*args)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path.endswith("/downfile.jsp"):
            self._answer(302, {"Location": f"/attach/0/{query.get('filename', '')}"})
        elif parts.path.endswith("/dataproxy.jsp"):
            self._send(f"{parts.path}/{query.get('page', '')}.xml", NO_MORE)
        elif parts.path.rsplit("/", 1)[-1].startswith("P0") and not self.headers.get("Referer"):
            self._answer(501, {})
        else:
            self._send(parts.path, None)

    def _send(self, path: str, otherwise: bytes | None) -> None:
        body = self.files.get(path, otherwise)
        if body is None:
            self._answer(404, {"Content-Type": "text/html; charset=utf-8"}, GONE)
            return
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        kept = {"ETag": tag, "Last-Modified": MODIFIED}
        if tag == self.headers.get("If-None-Match"):
            self._answer(304, kept)
        else:
            self._answer(200, kept | {"Content-Type": TYPES.get(Path(path).suffix, "text/html")}, body)

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr: the ledger of the crawl is the log."""
