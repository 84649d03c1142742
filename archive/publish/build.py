"""Fills `browse.db`, in the order that lets each step use the one before."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from archive import fulltext
from archive.dictionary import english
from archive.publish import layout, packing, rollup
from archive.publish.source import VIEWS, Filed, Source
from archive.terms import TERMS

if TYPE_CHECKING:
    from archive.publish import Words

_STEP = 200             # reports between two reports of progress


def build(db: sqlite3.Connection, source: Source, words: Words, progress: Callable[[int], None]) -> int:
    """Fill an empty database; returns the number of reports. Nothing here survives a crash: the caller renames."""
    for pragma in ("page_size = 8192", "journal_mode = off", "synchronous = off", "cache_size = -65536"):
        db.execute(f"pragma {pragma}")
    db.executescript(layout.TABLES.format(tokenize=fulltext.TOKENIZE))
    _vocabulary(db, words)
    for view in VIEWS:
        _copy(db, source, view)
    fields = _fields(db)
    db.execute(layout.figures(fields))
    db.execute(layout.cells(fields))
    _coverage(db, source)
    count = _reports(db, source, words, fields, progress)
    db.executescript(layout.INDEXES)
    db.create_function("place_of", 1, words.place, deterministic=True)
    for statement in rollup.statements([layout.column_of(field) for field in fields]):
        db.execute(statement)
    db.execute("insert into search(search) values ('optimize')")
    db.execute("analyze")
    db.commit()
    return count


def _vocabulary(db: sqlite3.Connection, words: Words) -> None:
    db.executemany("insert into terms values (?,?,?,?)", (
        (kind, key, *labels) for kind, terms in TERMS.items() for key, labels in terms.items()))
    db.executemany("insert into terms values ('function',?,?,?)", (
        (key, label, key.replace("_", " ").capitalize()) for key, label in words.functions.items()))
    db.executemany("insert into terms values ('cell',?,?,?)", (
        (key, label, english(key)) for key, label in words.cells.items()))
    db.executemany("insert into rules values (?,?,?,?,?,?)", words.rules)


def _copy(db: sqlite3.Connection, source: Source, view: str) -> None:
    columns, rows = source.rows(view)
    db.execute(layout.copied(view, columns))
    db.executemany(f"insert into {view} values ({','.join('?' * len(columns))})", rows)


def _fields(db: sqlite3.Connection) -> list[dict[str, Any]]:
    cursor = db.execute("select table_id, row_id, column_id, unit from fields order by table_id, position")
    return [dict(zip(("table_id", "row_id", "column_id", "unit"), row, strict=True)) for row in cursor]


def _coverage(db: sqlite3.Connection, source: Source) -> None:
    columns, rows = source.rows("coverage")
    kept = [columns.index(name) for name in ("agency_id", "year", "due_on", "state", "first_seen_at", "last_looked_at", "body",
                                             "looks", "source")]
    db.executemany("insert into coverage values (?,?,?,?,?,?,?,?,?,null,null)", (tuple(row[n] for n in kept) for row in rows))


# ---------------------------------------------------------------- reports


def _reports(db: sqlite3.Connection, source: Source, words: Words, fields: list[dict[str, Any]],
             progress: Callable[[int], None]) -> int:
    place = cache(words.place)
    columns = {tuple(field[part] for part in ("table_id", "row_id", "column_id")): n for n, field in enumerate(fields)}
    money = {key for key, n in columns.items() if layout.is_money(fields[n])}

    def details() -> Iterator[tuple[int, dict[str, Any]]]:
        for number, filed in enumerate(source.reports(), 1):
            row = _row(db, filed, place)
            db.execute(f"insert into reports(rowid, {', '.join(row)}) values (?{', ?' * len(row)})", (number, *row.values()))
            _figures(db, row, filed, columns, money)
            _failed(db, row, filed)
            db.execute("insert into search(rowid, name, body, facet) values (?,?,?,?)", (
                number, fulltext.tokens(named(row)), fulltext.tokens(filed.text), " ".join(facets(row))))
            if not number % _STEP:
                progress(number)
            yield number, filed.detail | {"text": filed.text}

    db.executemany("insert into detail values (?, ?)", packing.packed(details()))
    return int(db.execute("select count(*) from reports").fetchone()[0])


def _row(db: sqlite3.Connection, filed: Filed, place: Callable[[str], str]) -> dict[str, Any]:
    """A row of `reports`: that of the stable view, and what a reader wants to filter by."""
    row, detail = filed.row, filed.detail
    code = row["division_code"] or ""
    due = db.execute("select state, due_on from coverage where agency_id = ? and year = ?",
                     (row["agency_id"], row["year"])).fetchone() or (None, None)
    failed = [check for check in detail["findings"] if check["verdict"].startswith("fail") and check["settled"] is None]
    known = ("report_id", "agency", "agency_id", "level", "division_code", "body_type", "scope", "year", "format_version",
             "title", "published_on", "digest", "url", "checks_failed", "function")
    return {name: row[name] for name in known} | {
        "province": code[:2] or None, "place": place(code) if code else None, "state": due[0], "due_on": due[1],
        "media_type": detail["media_type"], "versions": len({version["digest"] for version in detail["versions"]}),
        "first_captured_at": min((version["first_captured_at"] for version in detail["versions"]), default=None),
        "checks_passed": sum(check["verdict"].startswith("pass") for check in detail["findings"]),
        "warnings": sum(check["severity"] == "warning" for check in failed)}


def named(row: dict[str, Any]) -> str:
    """What a report is called by: agency, year, title, place."""
    year = f"{row['year']} {row['year']}年" if row["year"] else ""
    return " ".join(str(part) for part in (row["agency"], year, row["title"], row["place"]) if part)


def facets(row: dict[str, Any]) -> Iterator[str]:
    """The filters of the search page as tokens of their own column, so that one index answers words and filters together."""
    for name in ("year", "level", "province", "function", "state", "format_version"):
        if row.get(name):
            yield facet(name, row[name])
    if row["checks_failed"]:
        yield facet("failed", 1)


def facet(name: str, value: object) -> str:
    """The token of one filter: letters and digits only, as the tokenizer keeps them."""
    return "".join(filter(str.isalnum, f"{name}{value}"))


def _figures(db: sqlite3.Connection, row: dict[str, Any], filed: Filed, columns: dict[tuple[str, ...], int],
             money: set[tuple[str, ...]]) -> None:
    values: list[Any] = [None] * len(columns)
    notes = []
    for key, cell in _cells(filed.detail):
        number = columns.get(key)
        if number is not None:
            values[number] = cell.get("value_yuan") if key in money else cell["value"]
        if number is None or key in money or cell["status"] != ("zero" if cell["value"] == 0 else "number"):
            notes.append((row["report_id"], *key, cell["value"], cell["raw"], cell["status"], cell["unit"],
                          cell.get("value_yuan")))
    whose = [row[name] for name in layout.WHOSE]
    db.execute(f"insert into figures values ({','.join('?' * (len(whose) + len(values)))})", (*whose, *values))
    db.executemany("insert into cell_notes values (?,?,?,?,?,?,?,?,?)", notes)


def _cells(detail: dict[str, Any]) -> Iterator[tuple[tuple[str, str, str], dict[str, Any]]]:
    for table in ("proactive", "remedies", "stat2014"):
        yield from (((table, field, ""), cell) for field, cell in detail[table].items())
    for row, cells in detail["requests"].items():
        yield from (((("requests", row, column)), cell) for column, cell in cells.items())


def _failed(db: sqlite3.Connection, row: dict[str, Any], filed: Filed) -> None:
    told = ("rule", "verdict", "severity", "left", "right", "message", "where", "subject", "settled")
    db.executemany("insert into checks values (?,?,?,?,?,?,?,?,?,?,?,?)", (
        (row["report_id"], *(check[name] for name in told), row["agency"], row["year"])
        for check in filed.detail["findings"] if check["verdict"].startswith("fail")))
