"""From the archive to what the site serves: `browse.db`, lean, indexed, complete in itself but for the original files.

    publish(folder, words)       builds DIR/browse.db beside the archive and puts it in place in one step

    reports        one row per report, newest last, so that `order by rowid desc` is the newest first
    figures        the same reports, one column per statutory cell; money in yuan. NULL is "no number", never zero
    cells          a tidy view over figures and cell_notes: one row per cell that has a number or a reason why not
    agencies, coverage, checks (failed ones), measures, lineage, columns, portals, versions, captures, documents, issues,
    fields, terms, rules, totals (sums by year, level, province, kind of body)
    search         contentless FTS5 over reports' rowids (archive.fulltext): name, body, and facets as tokens
    detail         everything about a report as `show --json` gives it, zstd
    published      when, from what, row counts

Written as `browse.db.part`, synced, then renamed: readers of the old file keep it, a kill leaves it untouched.
Beside it, for a stock Datasette: browse.inspect.json, browse.metadata.json (0.65), browse.datasette.json (1.0).
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.exceptions import ArchiveError, ArchiveLocked
from archive.publish import build, describe
from archive.publish.source import Catalogue, Source
from archive.store import Archive, explained

#: part of the fingerprint: raise it when the layout of browse.db changes
LAYOUT = "2"


@dataclass(frozen=True, slots=True)
class Words:
    """What reading the archive needs and the archive does not hold: the parsers know it.

    `functions` and `cells` id → Chinese, the cells' names short; `rules` (id, Chinese, English, expression, over, JSON of
    equations); `place` division code → 山西省/忻州市/神池县.
    """

    functions: Mapping[str, str]
    cells: Mapping[str, str]
    rules: Sequence[tuple[str, str, str, str, str, str]]
    place: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Published:
    """The file, how many reports it holds, and whether it was already current."""

    path: Path
    reports: int
    unchanged: bool


def publish(folder: Path, words: Words, *, force: bool = False,
            progress: Callable[[int], None] = lambda count: None) -> Published:
    """Build `browse.db` from the archive in `folder`, unless the one there was made from the same data today.

    `progress` is called with the number of reports so far. Raises `ArchiveError`, `ArchiveLocked` when another publish runs.
    """
    path = folder / "browse.db"
    _bring_up_to_date(folder)
    with Archive(folder, write=False) as archive, _alone(folder):
        stamp = _fingerprint(folder)
        current = published(path)
        if not force and current.get("fingerprint") == stamp:
            return Published(path, int(current["reports"]), True)
        with explained(folder):
            archive.db.execute("begin")              # one snapshot, whatever a crawl commits meanwhile
            count = write(path, Catalogue(archive.db), words, stamp, progress)
    return Published(path, count, False)


def write(path: Path, source: Source, words: Words, stamp: str = "",
          progress: Callable[[int], None] = lambda count: None) -> int:
    """Write `path` from any source of reports, whole or not at all; returns the number of reports."""
    draft = path.with_name(path.name + ".part")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as db:
        count = build.build(db, source, words, progress)
        counts = describe.counts(db)
        facts = {"fingerprint": stamp, "published_at": datetime.now(UTC).isoformat(timespec="seconds"), "reports": str(count),
                 "counts": json.dumps(counts)}
        with db:
            db.executemany("insert into published values (?, ?)", facts.items())
    _sync(draft)
    draft.replace(path)
    describe.write_companions(path, counts)
    return count


def published(path: Path) -> dict[str, str]:
    """What a published file says of itself; {} when there is none or it cannot be read."""
    try:
        with closing(describe.opened(path)) as db:
            return dict(db.execute("select key, value from published"))
    except sqlite3.DatabaseError:
        return {}


def _bring_up_to_date(folder: Path) -> None:
    """An archive of an older version gets today's views; one that is being written has them already."""
    Archive(folder, write=False).close()             # never makes an archive where there is none
    with suppress(ArchiveLocked):
        Archive(folder).close()


def _fingerprint(folder: Path) -> str:
    """Changes whenever the archive's files do; and daily, because what is late or missing depends on the date."""
    parts = [LAYOUT, datetime.now(UTC).date().isoformat()]
    for name in ("archive.db", "archive.db-wal"):
        file = folder / name
        size = file.stat().st_size if file.exists() else 0
        parts.append(f"{name} {size} {file.stat().st_mtime_ns if size else 0}")
    return "; ".join(parts)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One publish at a time; readers and a crawl are not disturbed."""
    try:
        lock = os.open(folder / "browse.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ArchiveError(f"cannot write to {folder}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ArchiveLocked(f"{folder} is being published by another process; wait for it") from None
    finally:
        os.close(lock)
