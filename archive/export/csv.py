"""A tidy panel as CSV (UTF-8 with BOM, so that spreadsheets show Chinese), with its codebook.

panel.csv has one row per agency and year, missing ones included with their state, and one column per statutory cell
(`requests.granted.total`); cells.csv, checks.csv and reports.csv are the stable views. An empty field is NULL.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from archive.dictionary import codebook

VIEWS = ("reports", "cells", "fields", "checks", "tags", "coverage", "columns", "documents")


def write(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """Write every table into `folder`, replacing older files one by one; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write(folder / "panel.csv", *_panel(db))]
    described = dict.fromkeys(_PANEL)
    for view in VIEWS:
        cursor = db.execute(f"select * from {view}")
        names = [column[0] for column in cursor.description]
        described |= dict.fromkeys(names)
        written.append(_write(folder / f"{view}.csv", names, cursor))
    book = codebook(list(described))
    written.append(_write(folder / "codebook.csv", list(book[0]), (list(row.values()) for row in book)))
    return written


_PANEL = ("agency_id", "year", "state", "due_on", "first_seen_at", "report_id", "agency", "level", "division_code",
          "body_type", "scope", "format_version", "published_on", "checks_failed", "url", "digest")
_UNPLACED = tuple("null" if name in ("state", "due_on", "first_seen_at") else name for name in _PANEL)


def _panel(db: sqlite3.Connection) -> tuple[list[str], Iterator[list[object]]]:
    """Header and rows; a year nobody published keeps its row with a state and no report."""
    fields = [".".join(part for part in row if part) for row in db.execute(
        "select distinct table_id, row_id, column_id from cells order by 1, 2, 3")]

    def rows() -> Iterator[list[object]]:
        reports = db.execute(f"""
            select {', '.join(_PANEL)} from coverage left join reports using (agency_id, year)
            union all select {', '.join(_UNPLACED)} from reports where agency_id is null or year is null
            order by agency_id, year, report_id""")
        for report in reports:
            values = {".".join(part for part in cell[:3] if part): cell[3] for cell in db.execute(
                "select table_id, row_id, column_id, value from cells where report_id = ?", (report[5],))}
            yield [*report, *(values.get(field) for field in fields)]

    return [*_PANEL, *fields], rows()


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Whole or not at all: written beside and renamed."""
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([_safe(value) for value in row] for row in rows)
    draft.replace(path)
    return path


def _safe(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value[1:2] else value
