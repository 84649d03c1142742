"""What a release holds, once for all formats: the tables, the type and meaning of every column, and their rows.

`panel` has one row per agency and year, also for years without a report, and one column per statutory cell. A cell without
a value is `NoValue`: it says why (blank, na_mark, position_lost …), so that missing, blank, zero and not applicable stay four
different things in every format. All other tables are the stable views. Contact details are masked in every text.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.dictionary import COLUMNS, TABLES, variable
from archive.views import MEASURES, VIEWS

#: views a release leaves out: free text is for reading on the site, and names people and telephones
LEFT_OUT = frozenset({"sections", "issues"})

#: why a printed cell has no value → (中文, meaning); the order gives Stata's letters .a, .b …
NO_VALUE = {
    "blank": ("空白", "printed but empty; not zero"),
    "na_mark": ("不适用", "a mark such as / or —: not applicable"),
    "position_lost": ("列位丢失", "the file lost the column of this number"),
    "ambiguous": ("有歧义", "more than one number, or a sign nobody can tell"),
    "text": ("文字", "words where a number belongs"),
    "ocr_suspect": ("识别存疑", "letters and digits mixed up by OCR"),
}

_INTEGERS = frozenset({"year", "checks_failed", "size", "position", "declared", "declared_pages", "walked", "accepted",
                       "rejected", "rows", "version", "looks", "chosen", "first_year", "last_year", "reports"})
_NUMBERS = frozenset({"value_yuan", "confidence", "left", "right", *MEASURES})
_BY_TABLE = {("captures", "status"): "integer", ("cells", "value"): "number"}
_OF_REPORT = ("report_id", "agency", "function", "level", "division_code", "body_type", "scope", "format_version",
              "published_on", "checks_failed", "url", "digest")
_OF_YEAR = ("agency_id", "year", "state", "due_on", "first_seen_at")
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\d)(?:0\d{2,3}[-－—– ]?[1-9]\d{6,7}|1[3-9]\d{9})(?!\d)")


class NoValue(str):
    """The status of a printed cell that has no value."""


Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `type` is string, integer or number; `cell` marks a statutory cell of the panel; label in Chinese."""

    name: str
    type: str
    label: str
    meaning: str
    cell: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a release; `rows(db)` reads it anew each time, in the order of `key`."""

    name: str
    title: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Sequence[Value]]]


def tables(db: sqlite3.Connection) -> list[Table]:
    """Every table of a release, the panel first."""
    return [_panel(db), _agencies(db), *(_view(db, name) for name in VIEWS if name not in LEFT_OUT)]


def masked(value: Value) -> Value:
    """A text without telephone numbers and e-mail addresses."""
    return _CONTACT.sub("***", value) if isinstance(value, str) else value


# ---------------------------------------------------------------- panel


def _panel(db: sqlite3.Connection) -> Table:
    fields = db.execute("select table_id, row_id, column_id, row_label, column_label, unit from fields"
                        " order by table_id, position").fetchall()
    named = tuple(_described("panel", name) for name in (*_OF_YEAR, *_OF_REPORT, *MEASURES))
    cells = tuple(Column(variable(row, column), "number", "·".join(filter(None, labels)),
                         f"{'.'.join(filter(None, (table, row, column)))}, {unit or 'no unit'}", cell=True)
                  for table, row, column, *labels, unit in fields)
    places = {field[:3]: at for at, field in enumerate(fields)}
    return Table("panel", "面板", "One agency and year, published or not; the office's own report where there are several.",
                 ("agency_id", "year"), named + cells, lambda: _panel_rows(db, places))


def _panel_rows(db: sqlite3.Connection, places: dict[tuple[str, str, str], int]) -> Iterator[list[Value]]:
    """A body's own report speaks for its year; one that counts other bodies too only where there is no other."""
    reported = ", ".join(f"r.{name}" for name in _OF_REPORT)
    rates = ", ".join(f"m.{name}" for name in MEASURES)
    years = db.execute(f"""
        select c.agency_id, c.year, state, due_on, first_seen_at, {reported}, {rates}
          from coverage c left join reports r using (agency_id, year) left join measures m on m.report_id = r.report_id
         order by c.agency_id, c.year, coalesce(r.scope, '') like 'aggregate%', r.report_id""")
    for _, group in groupby(years, key=lambda row: row[:2]):
        row = next(group)
        yield [*map(masked, row), *_cells(db, row[len(_OF_YEAR)], places)]


def _cells(db: sqlite3.Connection, report_id: str | None, places: dict[tuple[str, str, str], int]) -> list[Value]:
    values: list[Value] = [None] * len(places)
    if report_id is not None:
        for *cell, value, status in db.execute(
                "select table_id, row_id, column_id, value, status from cells where report_id = ?", (report_id,)):
            if (at := places.get(tuple(cell))) is not None:
                values[at] = NoValue(status) if value is None else value
    return values


# ---------------------------------------------------------------- the other tables


def _agencies(db: sqlite3.Connection) -> Table:
    """Every body once, as its latest report names it."""
    names = ("agency_id", "agency", "function", "level", "division_code", "body_type", "first_year", "last_year", "reports")
    sql = """select agency_id, agency, function, level, division_code, body_type, min(year), max(year), count(*)
               from (select * from reports where agency_id is not null order by agency_id, year, report_id)
              group by agency_id order by agency_id"""
    return Table("agencies", "机关", "One body, named as in its latest report.", ("agency_id",),
                 tuple(_described("agencies", name) for name in names), lambda: db.execute(sql))


def _view(db: sqlite3.Connection, name: str) -> Table:
    title, meaning, _ = TABLES[name]
    names = [column[0] for column in db.execute(f"select * from {name} limit 0").description]
    key = tuple(column for column in names if column in _KEYS) or tuple(names[:1])
    order = ", ".join(map(str, range(1, min(4, len(names)) + 1)))
    return Table(name, title, meaning, key, tuple(_described(name, column) for column in names),
                 lambda: (tuple(map(masked, row)) for row in db.execute(f"select * from {name} order by {order}")))


_KEYS = frozenset({"report_id", "table_id", "row_id", "column_id", "capture_id"})


def _described(table: str, name: str) -> Column:
    label, meaning = COLUMNS[name]
    usual = "integer" if name in _INTEGERS else "number" if name in _NUMBERS else "string"
    return Column(name, _BY_TABLE.get((table, name), usual), label, meaning)
