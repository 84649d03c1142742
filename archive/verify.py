"""Whether an archive still is what it was: every blob hashed anew, every reference followed, both files checked.

Three verdicts per blob: good, damaged (its bytes hash to something else, or do not decode), missing (a document without
bytes). A blob without a document is no fault: bytes are committed before the row that speaks of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive import blobs
from archive.exceptions import ArchiveError
from archive.store import Archive


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the archive that is not as it was written: what (a digest, a table, a file) and one sentence."""

    what: str
    message: str


def verify(archive: Archive) -> Iterator[Fault | int]:
    """Yields the size of each blob as it is found good, and a `Fault` for everything that is not."""
    yield from _files(archive)
    yield from _references(archive.db)
    yield from _blobs(archive)
    yield from _missing(archive)


def _files(archive: Archive) -> Iterator[Fault]:
    for name, db in (("archive.db", archive.db), ("blobs.db", archive.blobs)):
        try:
            said = [row[0] for row in db.execute("pragma integrity_check(9)")]
        except sqlite3.DatabaseError as error:
            said = [str(error)]
        yield from (Fault(name, line) for line in said if line != "ok")


def _references(db: sqlite3.Connection) -> Iterator[Fault]:
    try:
        for table, _, parent, _ in db.execute("pragma foreign_key_check"):
            yield Fault(table, f"a row of {table} refers to a row of {parent} that does not exist")
    except sqlite3.DatabaseError as error:
        yield Fault("archive.db", str(error))


def _blobs(archive: Archive) -> Iterator[Fault | int]:
    """One blob in memory at a time; a page that cannot be read costs its blob, not the rest."""
    try:
        digests = [row[0] for row in archive.blobs.execute("select digest from blob order by rowid")]
    except sqlite3.DatabaseError as error:
        yield Fault("blobs.db", str(error))
        return
    for digest in digests:
        yield _blob(archive, digest)


def _blob(archive: Archive, digest: str) -> Fault | int:
    try:
        row = blobs.row_of(archive.blobs, digest) or ("raw", -1, b"")
    except (sqlite3.DatabaseError, ArchiveError) as error:
        return Fault(digest, f"its bytes cannot be read: {error}")
    return row[1] if blobs.is_good(digest, row) else Fault(digest, "its bytes are no longer those that were archived")


def _missing(archive: Archive) -> Iterator[Fault]:
    try:
        for (digest,) in archive.db.execute("select digest from document"):
            if archive.blobs.execute("select 1 from blob where digest = ?", (digest,)).fetchone() is None:
                yield Fault(digest, "the catalogue knows it, but there are no bytes")
    except sqlite3.DatabaseError as error:
        yield Fault("archive.db", str(error))
