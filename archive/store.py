"""The archive on disk: what is written, in which order, and what may be relied on.

    DIR/archive.db    the catalogue: what was seen and what was understood (archive.migrations)
    DIR/blobs.db      the bytes by SHA-256, zstd where it helps, never changed, never deleted (archive.blobs)
    DIR/objects/      large blobs as files, once they are spilled (archive.spill)
    DIR/lock          held by the one writer

Bytes are committed first: a blob without a capture is harmless, a capture without its blob would be corruption. Then one
catalogue transaction stores captures, documents, links, new frontier rows and what is done. Both databases are
WAL with synchronous=FULL; group commit makes that cheap (measured: 640–790 objects/s against 125 with a sync each).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from archive import blobs, migrations, seals
from archive.database import Database
from archive.exceptions import ArchiveDamaged, ArchiveError, ArchiveFull, ArchiveLocked, NoArchive, NotFound

CACHE = -65_536             # KiB the writer may keep of the catalogue: twice as fast at 600,000 rows (bench.growth)

#: new work for a run: (run_id, uid, host, target, seal)
ADD = "insert or ignore into frontier(run_id, uid, host, state, target, seal) values (?,?,?,'todo',?,?)"


@dataclass(frozen=True, slots=True)
class Link:
    """A link found on a page, ready for the frontier; `target` is the request as JSON.

    A link that is not `due` is kept as seen, and not followed in this run.
    """

    uid: str
    host: str
    target: str
    due: bool = True


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at one address, as the catalogue keeps it. `body` is None when nothing usable came back.

    `digest` is given instead of a body when the server says the bytes are those we hold (304).
    """

    run_id: str
    uid: str
    role: str
    url: str
    captured_at: str
    status: int
    outcome: str
    body: bytes | None = None
    digest: str | None = None
    media_type: str = ""
    portal: str = ""
    column_url: str = ""
    final_url: str = ""
    referrer: str = ""
    link_text: str = ""
    published_on: str = ""
    agency: str = ""
    division_code: str = ""
    headers: str = "[]"
    error: str = ""
    links: tuple[Link, ...] = ()
    progress: str = ""

    @property
    def capture_id(self) -> str:
        return hashlib.sha256(f"{self.run_id}\n{self.uid}\n{self.captured_at}".encode()).hexdigest()[:32]


class Archive:
    """An archive folder, opened for reading, or as its one writer. A context manager.

    Raises `NoArchive` when opened for reading where there is none, `ArchiveLocked` when another process writes.
    """

    def __init__(self, folder: Path, *, write: bool = True) -> None:
        self.folder = Path(folder)
        self.write = write
        self._lock: int | None = None
        if write:
            self._take_lock()
        elif not (self.folder / "archive.db").exists():
            raise NoArchive(f"there is no archive in {self.folder}; `nianbao crawl` or `nianbao add` makes one")
        else:
            self._lock = _held_still(self.folder)
        with explained(self.folder):
            self.db = self.connect("archive.db")
            self.blobs = self.connect("blobs.db")
            if write:
                migrations.catalogue.apply(Database(self.db))
                migrations.blobs.apply(Database(self.blobs))
                seals.keep(self.db, self.blobs)

    def _take_lock(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ArchiveError(f"cannot write to {self.folder}: {error.strerror}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(self._lock, 20).decode(errors="replace").strip() or "unknown"
            os.close(self._lock)
            raise ArchiveLocked(f"{self.folder} is being written by process {owner}; wait for it or stop it") from None
        with suppress(OSError):                      # the number is a courtesy, the lock is what counts
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, str(os.getpid()).encode(), 0)

    def connect(self, name: str) -> sqlite3.Connection:
        """A connection of its own to one of the two databases, usable from one thread at a time."""
        path = self.folder / name
        if self.write:
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rwc", uri=True, timeout=60, check_same_thread=False)
            db.execute("pragma page_size = 16384") if name == "blobs.db" else None
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = full")
            db.execute(f"pragma cache_size = {CACHE}") if name == "archive.db" else None
            seals.register(db)
        else:
            still = "&immutable=1" if self._lock is not None else ""
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{still}", uri=True, timeout=60, check_same_thread=False)
        db.execute("pragma foreign_keys = on")
        return db

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close both databases and give the lock back."""
        self.db.close()
        self.blobs.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # ---------------------------------------------------------------- bytes

    def bytes(self, digest: str) -> bytes:
        """The bytes of a document. Raises `NotFound`, or `ArchiveDamaged` when they are not what they were."""
        with explained(self.folder):
            row = blobs.row_of(self.blobs, digest)
        if row is None:
            raise NotFound(f"no bytes for {digest} in {self.folder}")
        body = blobs.checked(digest, row)
        if body is None:
            raise ArchiveDamaged(f"the bytes of {digest} in {self.folder} are damaged; `nianbao verify` lists all such")
        return body

    def _put_bytes(self, observations: Sequence[Observation]) -> list[str | None]:
        digests = [o.digest if o.body is None else hashlib.sha256(o.body).hexdigest() for o in observations]
        with explained(self.folder), self.blobs:
            for digest, o in zip(digests, observations, strict=True):
                if o.body is None or self.blobs.execute("select 1 from blob where digest = ?", (digest,)).fetchone():
                    continue
                codec, data = blobs.encoded(o.body, o.media_type)
                self.blobs.execute("insert into blob values (?,?,?,?)", (digest, codec, len(o.body), data))
        return digests

    # ---------------------------------------------------------------- captures

    def put(self, observations: Sequence[Observation]) -> list[str | None]:
        """Store a group of observations for good and return their digests; storing one again changes nothing."""
        digests = self._put_bytes(observations)
        with explained(self.folder), self.db:
            for digest, o in zip(digests, observations, strict=True):
                self._put_capture(digest, o)
        return digests

    def _put_capture(self, digest: str | None, o: Observation) -> None:
        if o.body is not None:
            self.db.execute(
                "insert into document values (?,?,?,?,null) on conflict(digest) do update set first_captured_at ="
                " excluded.first_captured_at, seal = null where excluded.first_captured_at < first_captured_at",
                (digest, len(o.body), o.media_type, o.captured_at))
        final_url = "" if digest is not None and o.final_url == o.url else o.final_url
        self.db.execute("insert into capture values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,null) on conflict do nothing", (
            o.capture_id, o.run_id, o.uid, o.portal, o.column_url, o.role, o.url, final_url, o.captured_at, o.status,
            o.outcome, digest, o.referrer, o.link_text, o.published_on, o.agency, o.division_code, o.headers, o.error,
            o.progress))
        if digest is not None:
            self.db.executemany("insert into link values (?,?,?,?,?,?,?) on conflict do nothing", (
                seals.sealed(o.uid, digest, n, link.uid, link.host, link.target) for n, link in enumerate(o.links)))
        self._put_frontier(o)

    def _put_frontier(self, o: Observation) -> None:
        """New work from this page, and the page itself done."""
        self.db.executemany(ADD, (seals.sealed(o.run_id, k.uid, k.host, k.target) for k in o.links if k.due))
        self.db.execute("update frontier set state = 'done' where run_id = ? and uid = ?", (o.run_id, o.uid))


def _held_still(folder: Path) -> int | None:
    """The shared lock of a folder we cannot write to, where SQLite reads only what nobody changes; None where it may change."""
    if os.access(folder, os.W_OK) or any((folder / f"{name}.db-wal").exists() for name in ("archive", "blobs")):
        return None
    lock = None
    try:
        lock = os.open(folder / "lock", os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        if lock is not None:
            os.close(lock)
        return None
    return lock


def is_written(folder: Path) -> bool:
    """Whether somebody holds the archive's lock at this moment."""
    try:
        lock = os.open(folder / "lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except OSError:
        return True
    finally:
        os.close(lock)


@contextmanager
def explained(folder: Path | str) -> Iterator[None]:
    """SQLite's errors as sentences for a person; the transaction they broke is rolled back, nothing committed is lost."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = str(error)
        # a quota or file-size limit shows as a failed write, not as a full disk
        if "disk is full" in said or getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_WRITE:
            raise ArchiveFull(f"the disk of {folder} is full; free some space and run the command again") from error
        if "locked" in said:
            raise ArchiveLocked(f"{folder} is being written by another process; wait for it or stop it") from error
        if "malformed" in said or "not a database" in said or said.startswith("Could not decode"):
            said = said.split(" with text ")[0]
            raise ArchiveDamaged(f"{folder} is damaged ({said}); `nianbao verify` says where") from error
        if isinstance(error, sqlite3.OperationalError) and ("readonly" in said or "unable to open" in said
                                                            or "disk I/O" in said):
            raise ArchiveError(f"cannot use {folder}: {said}") from error
        raise
