"""The bytes by SHA-256 in blobs.db: how they are coded, checked and copied. Never changed, never deleted."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import zstandard

from archive.exceptions import ArchiveDamaged

GROUP = 200                  # blobs per commit

#: already compressed, or verified byte by byte elsewhere: stored as they are
_RAW = ("application/pdf", "application/zip", "image/", "application/vnd.openxmlformats", "application/vnd.rar",
        "application/ofd", "application/vnd.oasis")

Row = tuple[str, int, bytes]             # codec (raw or zstd), size before coding, data


def encoded(body: bytes, media_type: str) -> tuple[str, bytes]:
    """(codec, data): zstd level 3 where it saves a tenth, else the bytes as they are."""
    if not media_type.startswith(_RAW):
        data = zstandard.compress(body, 3)
        if len(data) < len(body) * 0.9:
            return "zstd", data
    return "raw", body


def decoded(row: Row) -> bytes | None:
    """The bytes behind a row of `blob`; None when they do not decode or have another length."""
    codec, size, data = row
    try:
        body = zstandard.ZstdDecompressor().decompress(data, max_output_size=size) if codec == "zstd" else bytes(data)
    except zstandard.ZstdError:
        return None
    return body if len(body) == size else None


def row_of(db: sqlite3.Connection, digest: str) -> Row | None:
    """What `blob` holds for a digest."""
    row: Row | None = db.execute("select codec, size, data from blob where digest = ?", (digest,)).fetchone()
    return row


def is_good(digest: str, row: Row) -> bool:
    """Whether the bytes are those that were archived, hashed anew."""
    body = decoded(row)
    return body is not None and hashlib.sha256(body).hexdigest() == digest


def copy(source: sqlite3.Connection, into: sqlite3.Connection, folder: Path) -> Iterator[int]:
    """Copy what is not there yet, each blob hashed anew; yields their sizes. Raises `ArchiveDamaged`, naming `folder`."""
    missing = [digest for digest, in source.execute("select digest from blob order by rowid").fetchall()
               if not into.execute("select 1 from blob where digest = ?", (digest,)).fetchone()]
    for start in range(0, len(missing), GROUP):
        with into:
            for digest in missing[start:start + GROUP]:
                row = row_of(source, digest)
                if row is None or not is_good(digest, row):      # what is damaged is never passed on
                    raise ArchiveDamaged(f"the bytes of {digest} in {folder} are damaged; `nianbao verify` lists all such")
                into.execute("insert into blob values (?,?,?,?)", (digest, *row))
                yield row[1]
