"""A site in a process of its own, as cheap as can be, so that whoever asks it is what is measured.

Every answer is one write of bytes made beforehand, on a connection without delay: head and body written apart make the asking
side wait 40 ms for an acknowledgement, and a server within the asking process takes its time away.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Self

Files = Mapping[str, tuple[str, bytes]]               # path → (media type, bytes)


class Server:
    """Serves `files` at `base` until it is closed. A context manager."""

    def __init__(self, files: Files) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(dict(files), theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.base = f"http://127.0.0.1:{self._pipe.recv()}"

    def asked(self, since: int = 0) -> list[str]:
        """The paths of the site that were asked for, in their order, from that one on."""
        self._pipe.send(since)
        paths: list[str] = self._pipe.recv()
        return paths

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _serve(files: Files, pipe: Connection) -> None:
    """The process: answer over HTTP, and over the pipe with what was asked for."""
    answers = {path.encode(): _answer("200 OK", kind, body) for path, (kind, body) in files.items()}
    asked: list[bytes] = []
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: _Connection(answers, asked), "127.0.0.1", 0))
    pipe.send(server.sockets[0].getsockname()[1])

    def tell() -> None:
        try:
            pipe.send([path.decode() for path in asked[pipe.recv():]])
        except EOFError:
            loop.stop()

    loop.add_reader(pipe.fileno(), tell)
    loop.run_forever()


def _answer(status: str, kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


NOT_FOUND = _answer("404 Not Found", "text/plain", b"")


class _Connection(asyncio.Protocol):
    """One visitor, who may ask again and again."""

    def __init__(self, answers: Mapping[bytes, bytes], asked: list[bytes]) -> None:
        self.answers = answers
        self.asked = asked
        self.heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport            # asyncio has set TCP_NODELAY

    def data_received(self, data: bytes) -> None:
        *requests, self.heard = (self.heard + data).split(b"\r\n\r\n")
        for request in requests:
            path = request.split(b" ", 2)[1]
            answer = self.answers.get(path)
            if answer is not None:
                self.asked.append(path)
            self.transport.write(answer or NOT_FOUND)
