"""The rules that need more than one report, run over the archive: a body's years, its peers, its copies and its history.

    review(archive.db)        after readings were chosen; looks at what changed since the last review

One agency's reports are in memory at a time; of all others only plain numbers (peers) and short sketches (copied texts).
Two rules of parsers.checks.peers find nothing here: one file has one reading, so never two bodies (D01), and a year without
a report has nothing to hang a finding on (T02; view `coverage` says it is absent).
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from archive import catalogue
from crawler.stale import Stale
from parsers.checks import peers
from parsers.checks.across import Checks, Filed, from_json
from parsers.checks.history import history
from parsers.checks.rules import rules
from parsers.lineage import Sighting, lineage
from parsers.measures import measures
from parsers.models import Cell, Check, Number, Tables

_ROOM = 10_000          # positions kept for the findings of one rule
_TEXTS = 512            # texts kept while pairs are compared


def review(db: sqlite3.Connection) -> None:
    """Bring findings across reports, measures and lineage up to what stands now, in one transaction.

    They are a pure function of the chosen reports and the captures of their documents; only what changed since the last
    review is looked at again, and running it again changes nothing.
    """
    with db:
        stale = Stale(db)
        stale.forget(db)
        sketches = _bodies(db, stale)
        _store(db, _outliers(db, stale))
        stale.remember(db, sketches)
        _copied(db, stale)
        _hosts(db, stale)
        db.execute("delete from succession")
        db.executemany("insert into succession values (?,?,?,?,?,?,?,null)", _lineage(db))


# ---------------------------------------------------------------- one body at a time


def _bodies(db: sqlite3.Connection, stale: Stale) -> dict[str, tuple[int, ...]]:
    """Everything one body's reports say together; returns the sketch of each report's text."""
    members: dict[str, list[str]] = {}
    for key, known in stale.reports.items():
        members.setdefault(known.body, []).append(key)
    sketches: dict[str, tuple[int, ...]] = {}
    for body in sorted(members):
        filed = sorted((_chosen(db, key) for key in members[body]), key=lambda report: (report.year, report.key))
        for report in filed:
            sketches[report.key] = peers.sketch_of(report)
            _alone(db, report)
        _store(db, [history([report for report in filed if report.agency_id and report.year])])
    return sketches


def _chosen(db: sqlite3.Connection, key: str) -> Filed:
    reading_id, url = db.execute("select reading_id, url from report where report_id = ?", (key,)).fetchone()
    return _filed(db, reading_id, key, url)


def _filed(db: sqlite3.Connection, reading_id: str, key: str, url: str = "") -> Filed:
    return from_json(catalogue.understood(db, reading_id), key, url)


def _alone(db: sqlite3.Connection, report: Filed) -> None:
    """What one report's copies, captures and cells say."""
    rates = ((report.key, name, None if rate is None else float(rate)) for name, rate in measures(report.tables).items())
    db.executemany("insert into measure values (?,?,?,null)", rates)
    _store(db, (_conflicts(db, report), _changes(db, report)))


def _conflicts(db: sqlite3.Connection, report: Filed) -> Checks:
    """D03 against copies in other formats. What was replaced at its address is an earlier version, not a copy."""
    copies = db.execute("""
        select v.reading_id, v.digest from report_version v join document d using (digest)
         where report_id = ? and not chosen and v.why = 'another copy' and d.media_type <> ? order by v.digest""",
                        (report.key, report.media_type)).fetchall()
    found = [peers.format_conflicts([report, _filed(db, reading_id, digest)]) for reading_id, digest in copies]
    return {report.key: tuple(check for checks in found for check in checks.get(report.key, ()))}


def _changes(db: sqlite3.Connection, report: Filed) -> Checks:
    """T03 per address: copies elsewhere differ in words by their format alone. The same bytes again are no news."""
    looks = db.execute("""
        select c.url, c.captured_at, c.digest, r.text_digest
          from report_version v join capture c using (digest) join reading r using (reading_id)
         where v.report_id = ? and c.outcome in ('ok', 'not_modified') order by 1, 2, c.capture_id""", (report.key,))
    seen = (list(group) for _, group in groupby(looks.fetchall(), key=lambda look: look[0]))
    found = [check for group in seen if len({look[2] for look in group}) > 1
             for checks in peers.changes([peers.Sighting(report.key, *look) for look in group]).values() for check in checks]
    return {report.key: _gravest(found)}


def _gravest(found: Sequence[Check]) -> tuple[Check, ...]:
    """The failures, or one pass for all that passed."""
    return tuple(check for check in found if check.verdict == "fail") or tuple(found[:1])


# ---------------------------------------------------------------- all bodies


def _outliers(db: sqlite3.Connection, stale: Stale) -> Iterator[Checks]:
    """P02, one group of peers at a time. Aggregates count other bodies and are nobody's peers."""
    for group in sorted(stale.peers):
        db.execute("""delete from finding where rule like 'P02%' and report_id in
                       (select report_id from report where function || ' ' || level || ' ' || year = ?)""", (group,))
        function, level, year = group.rsplit(" ", 2)
        yield peers.outliers(list(_peers(db, function, level, int(year))))


def _peers(db: sqlite3.Connection, function: str, level: str, year: int) -> Iterator[Filed]:
    """The reports of a group with nothing but the numbers that are compared."""
    series = [name.partition(".")[::2] for name in peers.SERIES]
    cells = db.execute(f"""
        select report_id, table_id, row_id, column_id, raw, value, status from report join cell using (reading_id)
         where function = ? and level = ? and year = ? and coalesce(scope, '') not like 'aggregate%'
           and (row_id, column_id) in (values {", ".join("(?, ?)" for _ in series)}) order by 1, 2, 3, 4""",
                       (function, level, year, *(part for pair in series for part in pair)))
    for key, group in groupby(cells, key=lambda row: str(row[0])):
        yield Filed(key, year, _tables(list(group)), function=function, level=level)


def _tables(rows: Sequence[tuple[Any, ...]]) -> Tables:
    """Report, table, row, column, raw, value, status as tables."""
    fields: dict[str, dict[str, Cell]] = {"proactive": {}, "remedies": {}, "stat2014": {}}
    requests: dict[str, dict[str, Cell]] = {}
    for _, table, row, column, raw, value, status in rows:
        into, name = (requests.setdefault(row, {}), column) if table == "requests" else (fields[table], row)
        into[name] = Cell(raw, value, status)
    return Tables(fields["proactive"], requests, fields["remedies"], fields["stat2014"])


def _copied(db: sqlite3.Connection, stale: Stale) -> None:
    """D02: texts whose sketches are alike are read again and compared, a pair at a time; a change touches both sides."""
    kept = db.execute("select report_id, sketch, agency_id from reviewed join report using (report_id)"
                      " where agency_id is not null and sketch <> '[]'").fetchall()
    sketches = {key: json.loads(sketch) for key, sketch, _ in kept}
    bodies = {key: agency_id for key, _, agency_id in kept}
    changed = stale.reports.keys() | stale.gone
    pairs = list(peers.candidates(sketches, bodies, changed))
    touched = {key for pair in pairs for key in pair} | _copied_from(db, changed)
    db.executemany("delete from finding where rule like 'D02%' and report_id = ?", ((key,) for key in touched))

    @lru_cache(_TEXTS)
    def worded(key: str) -> tuple[Filed, Counter[str]]:
        report = _worded(db, key)
        return report, peers.pieces_of(report)

    for pair in peers.candidates(sketches, bodies, touched):
        (one, left), (other, right) = map(worded, pair)
        found = peers.copied(one, other, left, right)
        _store(db, [{key: checks for key, checks in found.items() if key in touched}])


def _copied_from(db: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    """The reports that were found to be copies of these."""
    return {found for key in keys for (found,) in db.execute(
        "select report_id from finding where rule like 'D02%' and locator = ?", (key,))}


def _worded(db: sqlite3.Connection, key: str) -> Filed:
    """A report with its narrative and no tables."""
    reading_id, year, agency, agency_id = db.execute(
        "select reading_id, coalesce(year, 0), coalesce(agency, ''), agency_id from report where report_id = ?",
        (key,)).fetchone()
    texts = db.execute("select text from section where reading_id = ? order by position", (reading_id,))
    return Filed(key, year, Tables(), text="\n".join(text for (text,) in texts), agency=agency, agency_id=agency_id)


def _hosts(db: sqlite3.Connection, stale: Stale) -> None:
    """M06 for what came from a column; a file somebody added has no site. Hosts of a government need no register."""
    registered = _registered(db)
    elsewhere = db.execute("select report_id from report where url not like '%.gov.cn%'")
    for key in sorted(stale.reports.keys() | {key for (key,) in elsewhere}):
        db.execute("delete from finding where rule like 'M06%' and report_id = ?", (key,))
        row = db.execute("""
            select coalesce(nullif(final_url, ''), c.url) from report join capture c using (digest, url)
             where report_id = ? and column_url <> '' and outcome in ('ok', 'not_modified')
             order by captured_at desc, capture_id desc limit 1""", (key,)).fetchone()
        if row and urlsplit(row[0]).hostname:
            _store(db, [peers.host(key, row[0], registered)])


def _registered(db: sqlite3.Connection) -> frozenset[str]:
    """The hosts of all columns: somebody declared them as a government's site."""
    columns = db.execute("select distinct column_url from capture where column_url <> ''")
    hosts = {(urlsplit(url).hostname or "").lower().removeprefix("www.") for (url,) in columns}
    return frozenset(hosts - {""})


def _lineage(db: sqlite3.Connection) -> Iterator[tuple[str, str, int, str, str, str, str]]:
    sightings = db.execute("""select agency_id, year, agency from report where agency_id is not null and year is not null
                               and agency is not null and coalesce(scope, '') not like 'aggregate%'""")
    for row in lineage(Sighting(*seen) for seen in sightings):
        yield row.agency_id, row.name, row.year, row.relation, row.later_id, row.later_name, row.why


# ---------------------------------------------------------------- into the archive


def _store(db: sqlite3.Connection, found: Iterable[Checks]) -> None:
    for checks in found:
        for key, several in checks.items():
            for check in several:
                db.execute(f"insert into finding values (?, {_NEXT}, ?,?,?,?,?,?,?, null)", (
                    key, *_room(key, check.rule), check.rule, check.verdict, check.severity, _plain(check.left),
                    _plain(check.right), check.message, check.where))


#: the first free position of a rule, given `_room`
_NEXT = "(select coalesce(max(position) + 1, ?) from finding where report_id = ? and position between ? and ?)"


def _room(key: str, rule: str) -> tuple[int, str, int, int]:
    first = list(rules()).index(rule) * _ROOM
    return first, key, first, first + _ROOM - 1


def _plain(number: Number | None) -> int | float | None:
    """SQLite knows no decimals."""
    return number if number is None or isinstance(number, int) else float(number)
