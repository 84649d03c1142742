"""A seal on everything the catalogue says: a checksum written with it, so that damage inside a cell is found.

SQLite's own check sees broken pages and indexes; it does not see that a digit became another. So every row carries the CRC-32
of its values (column `seal`), set by a trigger whoever writes it, and a reading's seal covers all rows that belong to the
reading. Seals travel with their rows when archives merge: what was damaged before is still told afterwards. The schema and
the list of migrations are sealed by name in the table `sealed`. CRC-32 misses no burst of up to 32 bits, and one in four
billion of all other damage; it is no defence against a person.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

#: what may change in a row without being news
LOOSE = {"frontier": {"seq", "state"}}
#: without a seal of their own: SQLite's, the migrations' and the seals' tables; blobs have their digest
UNSEALED = ("_sqlite_migrations", "sealed", "blob")
#: a reading is sealed as one thing, with the rows of these tables
WHOLE, PARTS = "reading", ("tag", "cell", "section", "verdict", "issue")

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=repr).encode


class Sealed(NamedTuple):
    """A table whose rows carry a seal: its key, and the columns that are sealed."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


def seal_of(*values: object) -> int:
    """The checksum of a row's values in their order."""
    return zlib.crc32(_encode(values).encode("utf-8", "surrogatepass"))


def seal_of_rows(rows: Sequence[Sequence[object]]) -> int:
    """The checksum of rows that begin with a text, as if each were sealed upon the one before.

    Between two rows stands `], ["`, which no value can hold: within a text a quote has a backslash before it.
    """
    return zlib.crc32(_encode(rows)[1:-1].replace('], ["', ']["').encode("utf-8", "surrogatepass"))


def sealed(*values: object) -> tuple[object, ...]:
    """A row with its seal, for where triggers would be slow; the values must be those SQLite will give back."""
    return (*values, seal_of(*values))


def register(db: sqlite3.Connection) -> None:
    """Teach a connection that writes what the triggers call."""
    db.create_function("seal_of", -1, seal_of, deterministic=True)


def tables(db: sqlite3.Connection) -> dict[str, Sealed]:
    """Every table as the schema has it that is sealed, or whose rows are sealed with those of another."""
    found = {}
    for name, in db.execute("select name from main.sqlite_master where type = 'table' and name not like 'sqlite_%'").fetchall():
        if name not in UNSEALED:
            info = db.execute(f"pragma main.table_info({name})").fetchall()
            key = tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
            found[name] = Sealed(name, key, tuple(row[1] for row in info if row[1] not in {*LOOSE.get(name, ()), "seal"}))
    return found


# ---------------------------------------------------------------- sealing


def install(db: sqlite3.Connection) -> None:
    """Give every table that has none its seals and the triggers that keep them, then seal the schema. In a transaction."""
    register(db)
    db.execute("create table if not exists sealed(name text primary key, seal integer not null) strict")
    known = tables(db)
    for table in known.values():
        if table.name not in PARTS:
            _install(db, table)
    if WHOLE in known:
        seal_readings(db, [row[0] for row in db.execute(f"select reading_id from {WHOLE} where seal is null").fetchall()])
    db.execute("delete from sealed")
    db.executemany("insert into sealed values (?, ?)", schema(db).items())


def keep(*databases: sqlite3.Connection) -> None:
    """Seal what migrations made since the seals were installed."""
    for db in databases:
        known = {name for name, in db.execute("select name from sealed where name like 'migration %'")}
        if known != {name for name in schema(db) if name.startswith("migration ")}:
            with db:
                install(db)


def are_installed(db: sqlite3.Connection) -> bool:
    """Whether this database was ever sealed; told twice, so that damage cannot say no."""
    return bool(db.execute("select 1 from sqlite_master where name = 'sealed' union all select 1 from _sqlite_migrations"
                           " where name in ('seals', 'sealed_schema')").fetchone())


def _install(db: sqlite3.Connection, table: Sealed) -> None:
    if "seal" not in (row[1] for row in db.execute(f"pragma table_info({table.name})")):
        db.execute(f"alter table {table.name} add column seal integer")
    if table.name == WHOLE:
        return
    new = f"seal_of({', '.join(f'new.{c}' for c in table.columns)})"
    this = " and ".join(f"{c} = new.{c}" for c in table.key)
    seal = f"begin update {table.name} set seal = {new} where {this}"
    changed = f"update of {', '.join(table.columns)}, seal on {table.name} when new.seal is null or new.seal is old.seal"
    for name, rule in (("written", f"insert on {table.name} when new.seal is null {seal}; end"),
                       ("changed", f"{changed} {seal} and seal is not {new}; end")):
        db.execute(f"drop trigger if exists {table.name}_{name}")
        db.execute(f"create trigger {table.name}_{name} after {rule}")
    db.execute(f"update {table.name} set seal = seal_of({', '.join(table.columns)}) where seal is null")


def seal_readings(db: sqlite3.Connection, reading_ids: Sequence[str]) -> None:
    """Seal readings and all that belongs to them; the caller has written them and owns the transaction."""
    known = tables(db)
    db.executemany(f"update {WHOLE} set seal = ? where reading_id = ?", [
        (_reading_seal(db, known, reading_id), reading_id) for reading_id in reading_ids])


def _reading_seal(db: sqlite3.Connection, known: dict[str, Sealed], reading_id: str) -> int:
    rows: list[tuple[object, ...]] = []
    for name in (WHOLE, *PARTS):
        table = known[name]
        rows += db.execute(f"select {', '.join(table.columns)} from {name} where reading_id = ?"
                           f" order by {', '.join(table.key)}", (reading_id,))
    return seal_of_rows(rows)


def schema(db: sqlite3.Connection) -> dict[str, int]:
    """A checksum of every table, index, view and trigger, and of every migration that was applied, by name."""
    found = {f"{kind} {name}": seal_of(kind, name, table, sql) for kind, name, table, sql in db.execute(
        "select type, name, tbl_name, sql from main.sqlite_master where name not like 'sqlite_%'")}
    if "table _sqlite_migrations" in found:
        found |= {f"migration {name}": seal_of(group, name) for group, name in db.execute(
            "select migration_set, name from _sqlite_migrations")}
    return found


# ---------------------------------------------------------------- looking


def broken(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """(table, what is wrong) for every row, or part of the schema, that is not as it was sealed.

    Raises `sqlite3.DatabaseError` where a page cannot be read at all.
    """
    text, db.text_factory = db.text_factory, lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield from _broken_schema(db)
        known = tables(db)
        for table in known.values():
            if table.name not in PARTS:
                yield from _broken_readings(db, known) if table.name == WHOLE else _broken_rows(db, table)
    finally:
        db.text_factory = text


def _broken_schema(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    now = schema(db)
    for name, seal in db.execute("select name, seal from sealed").fetchall():
        if now.get(name) != seal:
            yield "schema", f"the {name} is not what it was when it was made"


def _broken_rows(db: sqlite3.Connection, table: Sealed) -> Iterator[tuple[str, str]]:
    count = len(table.key)
    for row in db.execute(f"select {', '.join((*table.key, 'seal', *table.columns))} from {table.name}"):
        if seal_of(*row[count + 1:]) != row[count]:
            yield table.name, f"the row {_shown(row[:count])} is not what was written"


def _broken_readings(db: sqlite3.Connection, known: dict[str, Sealed]) -> Iterator[tuple[str, str]]:
    for reading_id, digest, seal in db.execute(f"select reading_id, digest, seal from {WHOLE}").fetchall():
        if _reading_seal(db, known, reading_id) != seal:
            yield WHOLE, f"what was read in {digest} is not what was written; `nianbao parse --all` reads it anew"


def _shown(key: Sequence[object]) -> str:
    return " ".join(str(part) for part in key).encode("utf-8", "replace").decode()
