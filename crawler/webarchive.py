"""WARC and WACZ files as captures: what others archived before we looked."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.reports import FORMATS
from archive.store import Observation
from crawler import pipeline
from spiders.models import Target

_ENDINGS = (".warc", ".warc.gz", ".wacz")
_LARGEST = 200 << 20            # bytes of one body
_DOCUMENTS = (*FORMATS, "application/rtf", "application/ofd", "application/zip", "application/vnd.", "text/plain")


def is_one(path: Path) -> bool:
    """Whether a file is a web archive, by its name."""
    return path.name.lower().endswith(_ENDINGS)


def observations(run_id: str, path: Path) -> Iterator[Observation | str]:
    """Every response and revisit of a WARC or WACZ file as an observation; a sentence for what cannot be taken."""
    try:
        if path.suffix.lower() == ".wacz":
            with zipfile.ZipFile(path) as package:
                titles = _titles(package)
                for name in sorted(n for n in package.namelist() if n.startswith("archive/") and n.endswith(_ENDINGS[:2])):
                    with package.open(name) as stream:
                        yield from _records(run_id, stream, titles)
        else:
            with path.open("rb") as stream:
                yield from _records(run_id, stream, {})
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:      # runtime: encrypted
        yield f"{path}: not a whole web archive ({error}); what came before the fault is taken"


def _titles(package: zipfile.ZipFile) -> Mapping[str, str]:
    """The title of a page by its address, from pages.jsonl."""
    if "pages/pages.jsonl" not in package.namelist():
        return {}
    with package.open("pages/pages.jsonl") as lines:
        pages = [_page(line) for line in io.BytesIO(lines.read(_LARGEST))]
    return {str(page["url"]): str(page.get("title") or "") for page in pages if "url" in page}


def _is_address(url: str) -> bool:
    try:
        return url.startswith(("http://", "https://")) and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _page(line: bytes) -> Mapping[str, Any]:
    """A line of pages.jsonl; nothing where it is none: a title is worth no archive."""
    try:
        page = json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return page if isinstance(page, dict) else {}


def _records(run_id: str, stream: IO[bytes], titles: Mapping[str, str]) -> Iterator[Observation]:
    digests: dict[str, str] = {}
    for record in _iterated(stream):
        told = record.rec_headers
        url, at = told["WARC-Target-URI"] or "", told["WARC-Date"] or ""
        if not _is_address(url):
            continue
        if record.rec_type == "response" and record.http_headers:
            body = record.content_stream().read(_LARGEST + 1)
            if 0 < len(body) <= _LARGEST:
                digests[url + at] = digests[told["WARC-Payload-Digest"] or ""] = hashlib.sha256(body).hexdigest()
                yield _seen(run_id, url, at, record, titles.get(url, ""), body=body)
        elif record.rec_type == "revisit" and (held := _held(told, digests)):
            yield _seen(run_id, url, at, record, titles.get(url, ""), digest=held)
        elif record.rec_type == "metadata" and told["Content-Type"] == "application/json":
            yield from _failed(run_id, url, at, record.content_stream().read(10_000))


def _seen(run_id: str, url: str, at: str, record: Any, title: str, body: bytes | None = None,
          digest: str | None = None) -> Observation:
    kind = pipeline.media_type_of(body) if body else ""
    told = record.http_headers.headers if record.http_headers else ()
    headers = [(name, value) for name, value in told if name.lower() not in _CODED]
    unchanged = (record.rec_headers["WARC-Profile"] or "").endswith("/server-not-modified")
    status = 304 if unchanged else _status(record)
    role = "article" if kind.startswith(_DOCUMENTS) and status == 200 else "list"
    outcome = "not_modified" if status == 304 else "ok"
    return Observation(run_id, Target(url).uid, role, url, at, status, outcome, body, digest, media_type=kind, link_text=title,
                       headers=json.dumps(headers, ensure_ascii=False))


def _status(record: Any) -> int:
    said = record.http_headers.get_statuscode() if record.http_headers else ""
    return int(said) if said and said.isdecimal() and len(said) == 3 else 0


_CODED = frozenset({"content-length", "content-encoding", "transfer-encoding"})      # bodies are kept decoded


def _failed(run_id: str, url: str, at: str, said: bytes) -> Iterator[Observation]:
    """A look that brought no bytes, as `nianbao export --format wacz` writes it."""
    try:
        told = json.loads(said)
        status, outcome, error = int(told["status"]), str(told["outcome"]), str(told["error"])
        yield Observation(run_id, Target(url).uid, "list", url, at, status, outcome, error=error)
    except (ValueError, KeyError, TypeError):
        return                                  # somebody else's metadata says nothing about a look


def _held(told: Any, digests: Mapping[str, str]) -> str | None:
    """The digest of the bytes a revisit points at, if they came before it in this file."""
    named = told["WARC-Payload-Digest"]
    referred = f"{told['WARC-Refers-To-Target-URI']}{told['WARC-Refers-To-Date']}"
    return digests.get(referred) or (digests.get(named) if named else None)


def _iterated(stream: IO[bytes]) -> Iterator[Any]:
    """The records of a WARC. Raises `EOFError` where it is broken."""
    try:
        yield from ArchiveIterator(stream)
    except (ArchiveLoadFailed, AttributeError, ValueError) as error:      # warcio trips over records without an address
        raise EOFError(str(error)) from error
