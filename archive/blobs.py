"""The bytes by SHA-256 in blobs.db: how they are coded, where they lie, how they are checked and copied. Never changed.

A row holds its bytes itself, or, when its codec ends in `-file`, they lie in `objects/` beside blobs.db (archive.spill).
Who reads a row with `row_of` need not know.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import zstandard

from archive.exceptions import ArchiveDamaged, ArchiveError

GROUP = 200                  # blobs per commit

#: already compressed, or verified byte by byte elsewhere: stored as they are
_RAW = ("application/pdf", "application/zip", "image/", "application/vnd.openxmlformats", "application/vnd.rar",
        "application/ofd", "application/vnd.oasis")

FOLDER = "objects"           # beside blobs.db, the files of spilled blobs
FILED = "-file"              # ends the codec of a row whose data lies in a file

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


def checked(digest: str, row: Row) -> bytes | None:
    """The bytes behind a row of `blob`, hashed anew; None when they are not those that were archived."""
    body = decoded(row)
    return body if body is not None and hashlib.sha256(body).hexdigest() == digest else None


def row_of(db: sqlite3.Connection, digest: str) -> Row | None:
    """What is held for a digest, wherever its data lies. Raises `ArchiveDamaged` when its file is missing."""
    row = _row(db, digest)
    if row is None or not row[0].endswith(FILED):
        return row
    try:
        return _filed(db, digest, row)
    except FileNotFoundError as error:
        row = _row(db, digest)                   # taken back into the database since we looked
        if row is None or row[0].endswith(FILED):
            raise ArchiveDamaged(f"the bytes of {digest} are missing: there is no file {error.filename}") from None
        return row


def _row(db: sqlite3.Connection, digest: str) -> Row | None:
    row: Row | None = db.execute("select codec, size, data from blob where digest = ?", (digest,)).fetchone()
    return row


def _filed(db: sqlite3.Connection, digest: str, row: Row) -> Row:
    codec = row[0].removesuffix(FILED)
    path = file_of(folder_of(db), digest, codec)
    try:
        return codec, row[1], path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ArchiveError(f"cannot read {path}: {error.strerror}") from error


def folder_of(db: sqlite3.Connection) -> Path:
    """The folder in which an opened blobs.db lies."""
    return next(Path(path).parent for _, name, path in db.execute("pragma database_list") if name == "main")


def file_of(folder: Path, digest: str, codec: str) -> Path:
    """Where the data of a digest lies once it is spilled: as it is, or as a .zst that any zstd unpacks."""
    return folder / FOLDER / digest[:2] / (digest + (".zst" if codec == "zstd" else ""))


def write_file(path: Path, data: bytes) -> None:
    """A file that is whole and on the disk once it has its name; the folder's entry is the caller's to sync."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def is_full(error: OSError) -> bool:
    """Whether a disk, a quota or a limit on files has no room."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_good(digest: str, row: Row) -> bool:
    """Whether the bytes are those that were archived, hashed anew."""
    return checked(digest, row) is not None


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
