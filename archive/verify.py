"""Whether an archive still is what it was: every file hashed anew, every row's seal, every reference, both databases' pages.

Three verdicts per blob: good, damaged (its bytes hash to something else, or do not decode), missing (a document without
bytes). A blob without a document is no fault: bytes are committed before the row that speaks of them. What this cannot see is
a bit on a page that holds nothing: harmless.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from archive import blobs, seals
from archive.exceptions import ArchiveError
from archive.store import Archive

MOST = 9                # faults told of one table or one check; more of them say nothing new


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the archive that is not as it was written: what (a digest, a table, a file) and one sentence."""

    what: str
    message: str


Found = Iterator[Fault | int]


def verify(archive: Archive) -> Found:
    """Yields the size of each blob as it is found good, and a `Fault` for everything that is not."""
    told: set[Fault] = set()
    for name, look in (("archive.db", _catalogue), ("blobs.db", _blobs), ("archive.db", _missing)):
        for found in _readable(name, archive, look):
            if isinstance(found, int):
                yield found
            elif found not in told:
                told.add(found)
                yield found


def _readable(name: str, archive: Archive, look: Callable[[Archive], Found]) -> Found:
    """What a look finds, and a fault where it comes upon a page that cannot be read."""
    try:
        yield from look(archive)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        yield _unreadable(name, error)


def _unreadable(name: str, error: Exception) -> Fault:
    return Fault(name, f"a part of it cannot be read ({str(error).splitlines()[0]})")


def _catalogue(archive: Archive) -> Found:
    yield from _pages("archive.db", archive.db)
    yield from _unsealed("archive.db", archive)
    dangling = Counter((table, parent) for table, _, parent, _ in archive.db.execute("pragma foreign_key_check"))
    for (table, parent), count in dangling.items():
        yield Fault(table, f"{count:,} of its rows refer to rows of {parent} that do not exist")


def _pages(name: str, db: sqlite3.Connection) -> Iterator[Fault]:
    """What SQLite itself finds wrong with pages, indexes and types."""
    for said, in db.execute(f"pragma integrity_check({MOST})"):
        if said != "ok":
            yield Fault(name, f"SQLite says: {' '.join(said.split())}")


def _unsealed(name: str, archive: Archive) -> Iterator[Fault]:
    """Rows and schema against their seals; an archive from before there were any has none."""
    counts: dict[str, int] = {}
    with closing(archive.connect(name)) as db:
        if not seals.are_installed(db):
            return
        try:
            for table, message in seals.broken(db):
                counts[table] = counts.get(table, 0) + 1
                if counts[table] <= MOST:
                    yield Fault(table, message)
        except sqlite3.DatabaseError as error:
            yield _unreadable(name, error)
    yield from (Fault(table, f"{count:,} such rows in all") for table, count in counts.items() if count > MOST)


def _blobs(archive: Archive) -> Found:
    """One blob in memory at a time; a page that cannot be read costs its blob, not the rest."""
    yield from _pages("blobs.db", archive.blobs)
    yield from _unsealed("blobs.db", archive)
    for digest, in archive.blobs.execute("select digest from blob order by rowid").fetchall():
        yield _blob(archive, digest)


def _blob(archive: Archive, digest: str) -> Fault | int:
    try:
        row = blobs.row_of(archive.blobs, digest) or ("raw", -1, b"")
    except (sqlite3.DatabaseError, UnicodeDecodeError, ArchiveError) as error:
        return Fault(digest, f"its bytes cannot be read: {error}")
    return row[1] if blobs.is_good(digest, row) else Fault(digest, "its bytes are no longer those that were archived")


def _missing(archive: Archive) -> Found:
    for digest, in archive.db.execute("select digest from document"):
        if archive.blobs.execute("select 1 from blob where digest = ?", (digest,)).fetchone() is None:
            yield Fault(digest, "the catalogue knows it, but there are no bytes")
