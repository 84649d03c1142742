"""The captures as one WACZ file: WARC/1.1 records, index, pages and description, for replay in any web archive.

A capture with new bytes is a `response`, one with bytes seen before a `revisit` that points straight at the first record
holding them (never a chain), one without bytes a `metadata` record with its outcome. Bodies are kept decoded, so headers that
describe their coding on the wire are left out. Record ids are made from what was seen: the same captures, the same file.

Sources: ISO 28500:2017 (WARC 1.1), the WACZ 1.1.1 specification of webrecorder.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from warcio.statusandheaders import StatusAndHeaders

from archive import blobs
from archive.exceptions import ArchiveError
from archive.export import whole
from archive.warc import Writer

_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"})
_WARC, _CDXJ, _PAGES = "archive/nianbao.warc.gz", "indexes/index.cdxj", "pages/pages.jsonl"
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
    """Write archive.wacz into `folder`; returns what was written.

    Raises `ArchiveError` when bytes are missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "archive.wacz"
    warc, index, pages = _warc(db)
    files = {_WARC: warc, _CDXJ: "".join(sorted(index)).encode(), _PAGES: "".join(pages).encode()}
    with whole(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as package:
        for name, data in {**files, **_described(files)}.items():
            package.writestr(zipfile.ZipInfo(name), data)
    return [path]


def _warc(db: sqlite3.Connection) -> tuple[bytes, list[str], list[str]]:
    """The records, the CDXJ lines, and the lines of pages.jsonl."""
    stream = io.BytesIO()
    writer = Writer(stream, gzip=True, warc_version="1.1")
    index: list[str] = []
    pages = ['{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n']
    first: dict[str, _Capture] = {}
    for capture, body in _captures(db):
        start = stream.tell()
        writer.write_record(_record(writer, capture, body, first))
        if capture.digest:
            index.append(_line(capture, start, stream.tell() - start, capture.digest in first))
            if first.setdefault(capture.digest, capture) is capture and capture.media_type == "text/html":
                pages.append(json.dumps({"id": str(_id(capture)), "url": capture.url, "ts": _seconds(capture.at),
                                         "title": capture.title}, ensure_ascii=False) + "\n")
    return stream.getvalue(), index, pages


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
            capture = _Capture(*row)
            yield capture, _bytes(store, capture.digest) if capture.digest else b""
    finally:
        store.close()


def _bytes(store: sqlite3.Connection, digest: str) -> bytes:
    row = blobs.row_of(store, digest)
    body = blobs.decoded(row) if row else None
    if body is None:
        raise ArchiveError(f"no good bytes for {digest}; `nianbao verify` says what else is wrong")
    return body


def _record(writer: Writer, capture: _Capture, body: bytes, first: dict[str, _Capture]) -> Any:
    told = {"WARC-Record-ID": f"<urn:uuid:{_id(capture)}>", "WARC-Date": _seconds(capture.at)}
    if not capture.digest:
        said = {"outcome": capture.outcome, "status": capture.status, "error": capture.error}
        return writer.create_warc_record(capture.url, "metadata", payload=io.BytesIO(json.dumps(said).encode()),
                                         warc_headers_dict=told, warc_content_type="application/json")
    status = f"{capture.status or 200} {'Not Modified' if capture.status == 304 else 'OK'}"
    http = StatusAndHeaders(status, _kept(capture, body), protocol="HTTP/1.1")
    told["WARC-Payload-Digest"] = f"sha256:{capture.digest}"
    held = first.get(capture.digest)
    if held is None:
        return writer.create_warc_record(capture.url, "response", payload=io.BytesIO(body), http_headers=http,
                                         warc_headers_dict=told)
    told |= {"WARC-Refers-To-Target-URI": held.url, "WARC-Refers-To-Date": _seconds(held.at),
             "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"}
    return writer.create_warc_record(capture.url, "revisit", http_headers=http, warc_headers_dict=told)


def _id(capture: _Capture) -> uuid.UUID:
    """Made from what was seen, not from the run that saw it: an import exports the same records again."""
    return uuid.uuid5(_OURS, f"{capture.url} {_seconds(capture.at)} {capture.digest or capture.outcome}")


def _kept(capture: _Capture, body: bytes) -> list[tuple[str, str]]:
    told = [(name, value) for name, value in json.loads(capture.headers) if name.lower() not in _WIRE]
    return [*told, ("Content-Length", str(len(body)))]


def _line(capture: _Capture, offset: int, length: int, revisit: bool) -> str:
    """One CDXJ line: reversed host and path, 14 digits of time, JSON."""
    mime = "warc/revisit" if revisit else capture.media_type
    told = {"url": capture.url, "mime": mime, "status": str(capture.status), "digest": f"sha256:{capture.digest}",
            "offset": str(offset), "length": str(length), "filename": Path(_WARC).name}
    return f"{_key(capture.url)} {''.join(c for c in _seconds(capture.at) if c.isdigit())} {json.dumps(told)}\n"


def _key(url: str) -> str:
    """SURT: com,example)/path, as index readers expect it."""
    rest = url.partition("://")[2].lower()
    host, slash, path = rest.partition("/")
    name, colon, port = host.removeprefix("www.").partition(":")
    turned = name if name.replace(".", "").isdigit() else ",".join(reversed(name.split(".")))
    return f"{turned}{colon}{port}){slash or '/'}{path}"


def _seconds(at: str) -> str:
    return at[:19] + "Z"


def _described(files: dict[str, bytes]) -> dict[str, bytes]:
    """datapackage.json and the digest of it."""
    resources = [{"name": Path(name).name, "path": name, "bytes": len(data),
                  "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"} for name, data in files.items()]
    package = json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "title": "nianbao", "resources": resources},
                         indent=1).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
    return {"datapackage.json": package, "datapackage-digest.json": json.dumps(digest).encode()}
