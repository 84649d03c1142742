"""The captures as one WACZ file: WARC/1.1 records, index, pages and description, for replay in any web archive.

A capture with new bytes is a `response`, one with bytes seen before a `revisit` that points straight at the first record
holding them (never a chain), one without bytes a `metadata` record with its outcome. Bodies are kept decoded, so headers that
describe their coding on the wire are left out; those of a 304 too, for replayers would answer with them. Record ids are made
from what was seen: the same captures, the same file.

Sources: ISO 28500:2017 (WARC 1.1), the WACZ 1.1.1 specification of webrecorder.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import string
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders

from archive import blobs
from archive.exceptions import ArchiveError
from archive.export import surt, whole
from archive.warc import Writer

_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"})
_WARC, _CDXJ, _PAGES = "archive/nianbao.warc.gz", "indexes/index.cdxj", "pages/pages.jsonl"
_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
_OURS = uuid.UUID("9d3c5c0e-6a86-5c0f-9f0a-2b1f6a0f7c11")


class _Capture(NamedTuple):
    capture_id: str
    url: str
    at: str
    status: int
    outcome: str
    digest: str | None
    headers: str
    title: str
    error: str
    media_type: str


def write(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """Write archive.wacz into `folder`; returns what was written. In memory is one capture at a time, however many there are.

    Raises `ArchiveError` when bytes are missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "archive.wacz"
    with (whole(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as package,
          closing(sqlite3.connect("")) as notes):          # a database without a name is a file that nobody sees
        notes.execute("create table line(file text, words text)")
        notes.execute("create table held(digest text primary key, url text, at text) without rowid")
        members = [_member(package, _WARC, lambda out: _records(db, out, notes)),
                   _member(package, _CDXJ, lambda out: _copied(notes, out, "index", "words")),
                   _member(package, _PAGES, lambda out: _copied(notes, out, "pages", "rowid"))]
        for name, data in _described(members).items():
            package.writestr(zipfile.ZipInfo(name), data)
    return [path]


class _Out:
    """A member of the package while it is written: counts and hashes what goes by."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.size = 0
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self.hash.update(data)
        return self.stream.write(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _member(package: zipfile.ZipFile, name: str, write: Callable[[_Out], None]) -> dict[str, Any]:
    """Write one member; returns its line of the description."""
    with package.open(zipfile.ZipInfo(name), "w", force_zip64=True) as stream:
        out = _Out(stream)
        write(out)
    return {"name": Path(name).name, "path": name, "bytes": out.size, "hash": f"sha256:{out.hash.hexdigest()}"}


def _copied(notes: sqlite3.Connection, out: _Out, file: str, order: str) -> None:
    for (words,) in notes.execute(f"select words from line where file = ? order by {order}", (file,)):
        out.write(words.encode())


def _records(db: sqlite3.Connection, out: _Out, notes: sqlite3.Connection) -> None:
    """The records; on the way the lines of the index and of pages.jsonl are noted."""
    writer = Writer(out, gzip=True, warc_version="1.1")
    note = "insert into line values (?,?)"
    notes.execute(note, ("pages", '{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n'))
    for capture, body in _captures(db):
        start = out.size
        held = notes.execute("select url, at from held where digest = ?", (capture.digest,)).fetchone()
        writer.write_record(_record(writer, capture, body, held))
        if not capture.digest:
            continue
        notes.execute(note, ("index", _line(capture, start, out.size - start, held is not None)))
        if held is None:
            notes.execute("insert into held values (?,?,?)", (capture.digest, capture.url, _seconds(capture.at)))
            if capture.media_type == "text/html":
                page = {"id": str(_id(capture)), "url": capture.url, "ts": _seconds(capture.at), "title": capture.title}
                notes.execute(note, ("pages", json.dumps(page, ensure_ascii=False) + "\n"))


def _captures(db: sqlite3.Connection) -> Iterator[tuple[_Capture, bytes]]:
    """Every capture in the order of time, with its bytes."""
    path = next(row[2] for row in db.execute("pragma database_list") if row[1] == "main")
    store = sqlite3.connect(f"{Path(path).with_name('blobs.db').as_uri()}?mode=ro", uri=True)
    rows = db.execute("""select capture_id, url, captured_at, status, outcome, c.digest, headers, link_text, error,
                                coalesce(d.media_type, '')
                           from capture c left join document d using (digest)
                          order by substr(captured_at, 1, 19), c.url, c.digest, capture_id""")
    try:
        for row in rows:
            capture = _Capture(row[0], _uri(row[1]), *row[2:])
            yield capture, _bytes(store, capture.digest) if capture.digest else b""
    finally:
        store.close()


def _bytes(store: sqlite3.Connection, digest: str) -> bytes:
    row = blobs.row_of(store, digest)
    body = blobs.checked(digest, row) if row else None
    if body is None:
        raise ArchiveError(f"no good bytes for {digest}; `nianbao verify` says what else is wrong")
    return body


def _record(writer: Writer, capture: _Capture, body: bytes, held: tuple[str, str] | None) -> Any:
    """The record of a capture; `held` is where and when its bytes were first seen."""
    told = {"WARC-Record-ID": f"<urn:uuid:{_id(capture)}>", "WARC-Date": _seconds(capture.at)}
    if not capture.digest:
        said = {"outcome": capture.outcome, "status": capture.status, "error": capture.error}
        return writer.create_warc_record(capture.url, "metadata", payload=io.BytesIO(json.dumps(said).encode()),
                                         warc_headers_dict=told, warc_content_type="application/json")
    http = StatusAndHeaders(f"{_status(capture)} OK", _kept(capture, body), protocol="HTTP/1.1")
    told["WARC-Payload-Digest"] = f"sha256:{capture.digest}"
    if held is None:
        return writer.create_warc_record(capture.url, "response", payload=io.BytesIO(body), http_headers=http,
                                         warc_headers_dict=told)
    told |= {"WARC-Refers-To-Target-URI": held[0], "WARC-Refers-To-Date": held[1], "WARC-Profile": _PROFILES + (
        "server-not-modified" if capture.status == 304 else "identical-payload-digest")}
    return writer.create_warc_record(capture.url, "revisit", http_headers=None if capture.status == 304 else http,
                                     warc_headers_dict=told)


def _id(capture: _Capture) -> uuid.UUID:
    """Made from what was seen, not from the run that saw it: an import exports the same records again."""
    return uuid.uuid5(_OURS, f"{capture.url} {_seconds(capture.at)} {capture.digest or capture.outcome}")


def _kept(capture: _Capture, body: bytes) -> list[tuple[str, str]]:
    told = [(name, value) for name, value in json.loads(capture.headers) if name.lower() not in _WIRE]
    return [*told, ("Content-Length", str(len(body)))]


def _line(capture: _Capture, offset: int, length: int, revisit: bool) -> str:
    """One CDXJ line: reversed host and path, 14 digits of time, JSON."""
    mime = "warc/revisit" if revisit else capture.media_type
    told = {"url": capture.url, "mime": mime, "status": str(_status(capture)), "digest": f"sha256:{capture.digest}",
            "offset": str(offset), "length": str(length), "filename": Path(_WARC).name}
    return f"{surt.key(capture.url)} {''.join(c for c in _seconds(capture.at) if c.isdigit())} {json.dumps(told)}\n"


def _status(capture: _Capture) -> int:
    """What a replayer answers: a 304 stands for the page we hold, to be shown with the headers it came with."""
    return 200 if capture.status in (0, 304) else capture.status


def _uri(url: str) -> str:
    """The address as WARC wants it: escaped where it is not ASCII."""
    return quote(url, safe="%" + string.punctuation)


def _seconds(at: str) -> str:
    return at[:19] + "Z"


def _described(members: list[dict[str, Any]]) -> dict[str, bytes]:
    """datapackage.json and the digest of it."""
    package = json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "title": "nianbao", "resources": members},
                         indent=1).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
    return {"datapackage.json": package, "datapackage-digest.json": json.dumps(digest).encode()}
