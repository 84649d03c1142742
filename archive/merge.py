"""Archives made on several machines become one: in any order, any number of times, with the same result.

    merge(archive, other)      adds to the archive what the archive in the folder `other` holds; `other` is only read

Which rule a table follows is read from the schema, so a new table needs no code here when its key is a hash or a stable id:

    part       rows that belong to a reading (a foreign key to it) go with their reading, all or none
    queue      the frontier: what is done anywhere is done; gone once its run is finished anywhere
    derived    made anew from the others by whoever merged (`reports.choose`, the review across reports)
    local      speaks of this machine only
    row        all others: the union by primary key; of two rows with one key the newest wins, whole

The newest is the row with the latest `…_at` columns, the last declared first, then the greatest values: an order without
ties, which is what makes merging commutative, associative and idempotent. Columns `first_…` keep the earliest. A row keeps
the seal it was written with (archive.seals), so what was damaged before is still told afterwards.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from archive import blobs, migrations, reports
from archive.database import Database
from archive.exceptions import ArchiveError
from archive.store import Archive, explained

#: tables made anew from the others after a merge
DERIVED = frozenset({"report", "report_version", "finding", "measure", "succession", "reviewed"})
CACHE = -262_144         # KiB while merging: keys are hashes, so rows fall all over the indexes (measured: twice as fast)

#: tables that speak of this machine only
LOCAL = frozenset({"_sqlite_migrations", "sealed"})
#: what is still to fetch
QUEUE = frozenset({"frontier"})


@dataclass(frozen=True)
class Table:
    """One table of the catalogue as its schema declares it."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    parent: str = ""             # the column that refers to a reading

    @property
    def rule(self) -> str:
        """local, derived, queue, part or row. Raises `ArchiveError` for a table without a key that means something."""
        for names, rule in ((LOCAL, "local"), (DERIVED, "derived"), (QUEUE, "queue")):
            if self.name in names:
                return rule
        if self.parent:
            return "part"
        if not self.key:
            raise ArchiveError(f"table {self.name} has no key that is the same on every machine: archives cannot be merged")
        return "row"

    @cached_property
    def first(self) -> tuple[str, ...]:
        """The columns that keep the earliest value."""
        return tuple(c for c in self.columns if c.startswith("first_") and c not in self.key)

    @cached_property
    def age(self) -> tuple[str, ...]:
        """All other columns, those that decide which row is newer first."""
        rest = [c for c in self.columns if c not in self.key and c not in self.first and c != "seal"]
        times = [c for c in rest if c.endswith("_at")]
        return (*reversed(times), *(c for c in rest if c not in times))

    def newer(self, one: str, other: str) -> str:
        """SQL: whether the row `one` is newer than `other`. NULL is older than anything."""
        return f"({_ranked(one, self.age)}) > ({_ranked(other, self.age)})"


def _ranked(row: str, columns: Sequence[str]) -> str:
    return ", ".join(f"ifnull({row}.{column}, -9e999)" for column in columns)


def tables(db: sqlite3.Connection) -> dict[str, Table]:
    """Every table of the catalogue by name, parents before what refers to them."""
    found: dict[str, Table] = {}
    names = db.execute("select name from main.sqlite_master where type = 'table' and name not like 'sqlite_%' order by rowid")
    for (name,) in names.fetchall():
        info = db.execute(f"pragma main.table_info({name})").fetchall()
        parents = {row[3]: row[2] for row in db.execute(f"pragma main.foreign_key_list({name})")}
        key = tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
        numbered = [row[2].upper() for row in info if row[5]] == ["INTEGER"]
        parent = next((column for column, table in parents.items() if table == "reading"), "")
        found[name] = Table(name, tuple(row[1] for row in info), () if numbered else key, parent)
    return found


@dataclass(frozen=True)
class Merged:
    """What came of it: blobs copied, rows of the other catalogue looked at."""

    blobs: int
    rows: int


def merge(archive: Archive, other: Path) -> Merged:
    """Add everything the archive in `other` holds; one transaction, so that killed at any moment nothing is half there.

    Raises `ArchiveError` when `other` is this archive or was made by a newer version, `NoArchive`, `ArchiveDamaged`.
    """
    if other.resolve() == archive.folder.resolve():
        raise ArchiveError(f"{other} is the archive itself")
    with explained(other), Archive(other, write=False) as source, _catalogue(source, archive) as path:
        archive.db.execute("attach ? as other", (path,))
        (cache,) = archive.db.execute("pragma main.cache_size").fetchone()
        archive.db.execute(f"pragma main.cache_size = {CACHE}")
        try:
            with explained(archive.folder), archive.db:
                archive.db.execute("begin")
                archive.db.execute("select count(*) from other.run").fetchone()     # from here on one moment of the other
                copied = sum(1 for _ in blobs.copy(source.blobs, archive.blobs, other))
                rows = _rows(archive.db)
        finally:
            archive.db.execute("detach other")
            archive.db.execute(f"pragma main.cache_size = {cache}")
    return Merged(copied, rows)


@contextmanager
def _catalogue(source: Archive, archive: Archive) -> Iterator[str]:
    """The other catalogue as an address to attach; an older one as a copy brought up to date."""
    steps = "select name from _sqlite_migrations where migration_set = 'archive'"
    ours, theirs = ({name for name, in db.execute(steps)} for db in (archive.db, source.db))
    if theirs - ours:
        raise ArchiveError(f"{source.folder} was made by a newer nianbao; update this one and merge again")
    if theirs == ours:
        yield f"{(source.folder / 'archive.db').absolute().as_uri()}?mode=ro"
        return
    with tempfile.TemporaryDirectory(dir=archive.folder, prefix="merge-") as folder:
        path = Path(folder) / "archive.db"
        with closing(sqlite3.connect(path)) as copy:
            source.db.backup(copy)
            migrations.catalogue.apply(Database(copy))
        yield f"{path.absolute().as_uri()}?mode=ro"


def _rows(db: sqlite3.Connection) -> int:
    known = tables(db)
    for table in known.values():
        if table.rule == "row" and table.name != "reading":
            db.execute(_union(table))
    _readings(db, known)
    _queue(db)
    reports.choose(db)
    return sum(int(db.execute(f"select count(*) from other.{name}").fetchone()[0])
               for name, table in known.items() if table.rule in ("row", "part", "queue"))


def _union(table: Table) -> str:
    names, key = ", ".join(table.columns), ", ".join(table.key)
    add = f"insert into main.{table.name}({names}) select {names} from other.{table.name} where true on conflict({key}) do"
    newer, first = table.newer("excluded", table.name), table.first
    if not table.age and not first:
        return f"{add} nothing"
    if not first:
        taken = (*table.age, *(c for c in table.columns if c == "seal"))
        return f"{add} update set {', '.join(f'{c} = excluded.{c}' for c in taken)} where {newer}"
    earliest = [f"{c} = min({table.name}.{c}, excluded.{c})" for c in first]
    rest = [f"{c} = iif({newer}, excluded.{c}, {table.name}.{c})" for c in table.age]
    anew = ["seal = null"]                                          # a row of both: its trigger seals it
    earlier = [f"excluded.{c} < {table.name}.{c}" for c in first]
    return f"{add} update set {', '.join(earliest + rest + anew)} where {' or '.join([*earlier, newer] if rest else earlier)}"


def _readings(db: sqlite3.Connection, known: dict[str, Table]) -> None:
    """Readings that are new or newer there replace ours, with everything that belongs to them."""
    reading = known["reading"]
    parts = [table for table in known.values() if table.rule == "part"]
    db.execute("create temp table won(reading_id text primary key) without rowid")
    db.execute(f"""insert into won select o.reading_id from other.reading o left join main.reading m using (reading_id)
                    where m.reading_id is null or {reading.newer('o', 'm')}""")
    for name in ("report_version", "report"):
        db.execute(f"delete from main.{name} where reading_id in (select reading_id from won)")
    for table in parts:
        db.execute(f"delete from main.{table.name} where {table.parent} in (select reading_id from won)")
    db.execute(_union(reading))
    for table in parts:
        names = ", ".join(table.columns)
        db.execute(f"""insert or ignore into main.{table.name}({names}) select {names} from other.{table.name}
                        where {table.parent} is null or {table.parent} in (select reading_id from won)""")
    db.execute("drop table won")


def _queue(db: sqlite3.Connection) -> None:
    db.execute("""insert into main.frontier(run_id, uid, host, state, target, seal)
                  select run_id, uid, host, state, target, seal from other.frontier where true order by seq
                  on conflict(run_id, uid) do update set state = min(state, excluded.state), host = max(host, excluded.host),
                         target = max(target, excluded.target), seal = null
                   where (state, host, target) is not (min(state, excluded.state), max(host, excluded.host),
                          max(target, excluded.target))""")       # done comes before todo
    db.execute("delete from frontier where run_id in (select run_id from run where finished_at is not null)")
