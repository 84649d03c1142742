"""A server that lies, never ends or leads astray costs one capture with the right name, and nothing else of the crawl."""

from __future__ import annotations

import gzip
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import zstandard

from archive.store import Archive
from tests.crawling import captures, crawl
from tests.loopback import HTML, Answer, Hit, Route, Site, column, report

TITLE = "神池县司法局2019年政府信息公开工作年度报告"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
GOOD = report(1).body
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n" + b"2 0 obj\n<<>>\nendobj\n" * 100 + b"%%EOF\n"
LARGEST = 2_000_000
PATIENCE = 1.5
FOREVER = 40                   # times as long, or as much, as a crawl will take: what is meant to be cut off


def poured(pieces: Callable[[], Iterator[bytes]], *, raw: bool = False, **headers: str) -> Answer:
    return Answer(headers={"Content-Type": HTML} | {k.replace("_", "-"): v for k, v in headers.items()}, stream=pieces, raw=raw)


def much(piece: bytes) -> Iterator[bytes]:
    return itertools.repeat(piece, FOREVER * LARGEST // len(piece))


def slowly(text: bytes, step: float = 0.2) -> Iterator[bytes]:
    """One byte at a time, for longer than anybody should wait."""
    for _, byte in zip(range(int(FOREVER * PATIENCE / step)), itertools.cycle(text), strict=False):
        yield bytes([byte])
        time.sleep(step)


def claims(length: int, body: bytes) -> Answer:
    """A body with a Content-Length that is not its own."""
    return poured(lambda: iter([HEAD + f"Content-Length: {length}\r\n\r\n".encode() + body]), raw=True)


def packed(body: bytes, coding: str) -> Answer:
    return Answer(body, headers={"Content-Type": HTML, "Content-Encoding": coding})


def bomb(times: int) -> bytes:
    """Thirty times more nothing than is allowed, in gzip, packed so many times."""
    body = bytes(30 * LARGEST)
    for _ in range(times):
        body = gzip.compress(body)
    return body


def further(hit: Hit) -> Answer:
    """A redirect to an address that was never seen before."""
    return Answer(b"", 302, {"Location": hit.path + "x", "Content-Type": HTML})


def leads(address: str) -> Answer:
    return Answer(b"", 302, {"Location": address, "Content-Type": HTML})


def flipped(body: bytes) -> bytes:
    return body[:len(body) // 2] + bytes([body[len(body) // 2] ^ 0xFF]) + body[len(body) // 2 + 1:]


#: name → (route, outcome, the bytes that are stored)
ZOO: dict[str, tuple[Route, str, bytes | None]] = {
    "endless": (poured(lambda: much(b"<p>" + b"x" * 65_533)), "too-large", None),
    "endless-line": (poured(lambda: much(b"x" * 65_536)), "too-large", None),
    "endless-headers": (poured(lambda: itertools.chain([HEAD], much(b"X-A: " + b"y" * 9_000 + b"\r\n")), raw=True),
                        "server-error", None),
    "endless-chunks": (poured(lambda: itertools.chain([HEAD + b"Transfer-Encoding: chunked\r\n\r\n"],
                                                      much(b"800\r\n" + b"x" * 0x800 + b"\r\n")), raw=True), "too-large", None),
    "slow-body": (poured(lambda: slowly(GOOD)), "timeout", None),
    "slow-headers": (poured(lambda: slowly(HEAD), raw=True), "timeout", None),
    "slow-chunks": (poured(lambda: itertools.chain([HEAD + b"Transfer-Encoding: chunked\r\n\r\n"],
                                                   slowly(b"1\r\nx\r\n")), raw=True), "timeout", None),
    "silence": (poured(lambda: iter(()), raw=True), "server-error", None),
    "nonsense": (poured(lambda: iter([b"\0\xff\r\n\r\n" * 9]), raw=True), "server-error", None),
    "claims-more": (claims(len(GOOD) + 900, GOOD), "truncated", None),
    "claims-terabytes": (claims(1 << 40, GOOD), "too-large", None),
    "claims-less-than-nothing": (claims(-5, GOOD), "server-error", None),
    "claims-less-than-there-is": (claims(900, GOOD), "ok", GOOD[:900]),         # HTML has no end of its own to check
    "claims-less-of-a-pdf": (claims(900, PDF), "truncated", None),
    "packed-as-never-asked": (packed(zstandard.compress(GOOD), "zstd"), "ok", zstandard.compress(GOOD)),
    "says-br": (packed(b"\x0b\x02\x80" + b"\xa5" * 900, "br"), "ok", b"\x0b\x02\x80" + b"\xa5" * 900),
    "says-gzip-and-is-not": (packed(GOOD, "gzip"), "ok", GOOD),
    "says-a-charset": (packed(GOOD, "utf-8"), "ok", GOOD),
    "gzip-twice": (packed(gzip.compress(gzip.compress(GOOD)), "gzip, gzip"), "ok", GOOD),
    "gzip-in-members": (packed(gzip.compress(GOOD[:900]) + gzip.compress(GOOD[900:]), "gzip"), "ok", GOOD),
    "gzip-in-a-million-members": (packed(gzip.compress(b"") * 90_000, "gzip"), "too-large", None),
    "gzip-and-rubbish": (packed(gzip.compress(GOOD) + b"\0" * 50, "gzip"), "ok", GOOD),
    "gzip-cut": (packed(gzip.compress(GOOD)[:-20], "gzip"), "truncated", None),
    "gzip-broken": (packed(flipped(gzip.compress(GOOD)), "gzip"), "truncated", None),
    "gzip-bomb": (packed(bomb(1), "gzip"), "too-large", None),
    "gzip-bomb-twice": (packed(bomb(2), "gzip, gzip"), "too-large", None),
    "gzip-matryoshka": (packed(bomb(2), "gzip" + ", gzip" * 900), "too-large", None),
    "redirects-in-a-circle": (leads("/a/redirects-there"), "error", None),
    "redirects-there": (leads("/a/redirects-in-a-circle"), "error", None),
    "redirects-forever": (further, "error", None),
    "to-a-file": (leads("file:///etc/passwd"), "error", None),
    "to-ftp": (leads("ftp://127.0.0.1/x"), "error", None),
    "to-data": (leads("data:text/html,%3Cp%3Ex"), "error", None),
    "to-nowhere": (leads("http://[::1"), "error", None),
    "good": (report(2), "ok", report(2).body),
}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("hostile")
    routes = {f"/a/{name}": route for name, (route, _, _) in ZOO.items()}
    routes |= {f"/a/redirects-forever{'x' * n}": further for n in range(1, 60)}
    with ExitStack() as open_sites:                        # a host each for the slow ones: they are waited for together
        sites = [open_sites.enter_context(Site(routes, host=f"127.0.0.{n + 1}")) for n in range(4)]
        slow = [name for name in ZOO if name.startswith("slow")]
        columns = [[name for name in ZOO if name not in slow], *([name] for name in slow)]
        for site, names in zip(sites, columns, strict=True):
            site.routes["/nb/"] = column({f"/a/{name}": TITLE for name in names})
        outcome = crawl(folder, [site.url("/nb/") for site in sites], DOWNLOAD_TIMEOUT=PATIENCE, DOWNLOAD_MAXSIZE=LARGEST,
                        NIANBAO_BREAK_AFTER=1000, NIANBAO_RETRY_PAUSE=0.01)
    return folder, outcome


@pytest.mark.parametrize("name", ZOO)
def test_every_trick_gets_its_name_and_only_true_bytes_are_kept(zoo: tuple[Path, dict[str, Any]], name: str) -> None:
    folder, _ = zoo
    _, verdict, body = ZOO[name]
    (found,) = [each for each in captures(folder) if each["url"].endswith(f"/a/{name}")]
    assert found["outcome"] == verdict, found
    with Archive(folder, write=False) as archive:
        assert (archive.bytes(found["digest"]) if found["digest"] else None) == body


def test_the_rest_of_the_column_is_had_and_the_tricks_are_in_the_ledger(zoo: tuple[Path, dict[str, Any]]) -> None:
    _, outcome = zoo
    lines = outcome["columns"]
    assert {line["outcome"] for line in lines} == {"partial"}
    assert sum(line["rows"] for line in lines) == len(ZOO)
    assert sum(sum(line["missed"].values()) for line in lines) == sum(verdict != "ok" for _, verdict, _ in ZOO.values())
    assert "Traceback" not in outcome["stderr"], outcome["stderr"]
