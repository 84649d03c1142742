"""What was understood: one reading per document and parser version.

A reading is a pure function of the bytes, the parser version and the hints (everything the captures of that digest
say about where it was found, merged here in an order that does not depend on the order of the captures). It is
replaced only when the hints changed. Which of them speaks for a report is chosen in `reports`.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import operator
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive import reports, seals

#: captures in these roles hold documents worth reading; the others are lists and home pages
READABLE = ("article", "attachment", "file")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a parser made of one document. `report` is `Report.to_json()` plus `text`; None when unreadable."""

    digest: str
    parser_version: str
    hints: str
    read_at: str
    report: Mapping[str, Any] | None
    failure: tuple[str, str] | None = None       # (issue kind, sentence)

    @property
    def reading_id(self) -> str:
        return hashlib.sha256(f"{self.digest}\n{self.parser_version}".encode()).hexdigest()[:32]


def describe(db: sqlite3.Connection, fields: Iterable[tuple[str, str, str, int, str, str, str]]) -> None:
    """Store the form: (table, row, column, position, row label, column label, unit) of every statutory cell."""
    db.executemany("insert or replace into field values (?,?,?,?,?,?,?,null)", fields)


def pending(db: sqlite3.Connection, parser_version: str, run_id: str | None = None,
            everything: bool = False) -> Iterator[tuple[str, str]]:
    """(digest, hints) of every readable document that this parser version has not read with these hints.

    With `run_id` only documents captured in that run are looked at; `everything` asks for all, read or not.
    """
    sql = f"select distinct digest from capture where digest is not null and role in {READABLE}"
    digests = db.execute(sql + (" and run_id = ?" if run_id else "") + " order by digest", (run_id,) if run_id else ())
    for (digest,) in digests.fetchall():
        hints = hints_of(db, digest)
        read = db.execute("select hints from reading where digest = ? and parser_version = ?", (digest, parser_version))
        if everything or read.fetchone() != (hints,):
            yield digest, hints


def hints_of(db: sqlite3.Connection, digest: str) -> str:
    """What all captures of these bytes say about them, as JSON with the fields of `parsers.models.Hints`.

    The shortest address speaks for the words around the link; a declaration counts only when all captures agree on it.
    """
    rows = db.execute(
        """select distinct c.url, c.link_text, coalesce(max(p.link_text), ''), c.published_on, c.agency, c.division_code
             from capture c left join capture p on p.url = c.referrer and p.role in ('article', 'list')
            where c.digest = ? and c.outcome in ('ok', 'not_modified') group by 1, 2, 4, 5, 6""", (digest,)).fetchall()
    rows.sort(key=lambda row: (len(row[0]), row))
    first = rows[0] if rows else ("", "", "", "", "", "")
    hints = {"url": first[0], "link_text": first[1], "page_title": first[2], "published_on": first[3],
             "agency": _agreed(row[4] for row in rows), "division_code": _agreed(row[5] for row in rows),
             "file_name": first[0].rsplit("/", 1)[-1]}
    return json.dumps(hints, ensure_ascii=False, sort_keys=True)


def _agreed(values: Iterable[str]) -> str:
    said = {value for value in values if value}
    return said.pop() if len(said) == 1 else ""


def save(db: sqlite3.Connection, readings: Sequence[Reading]) -> None:
    """Store readings and choose their reports anew; the caller owns the transaction."""
    touched: dict[str, tuple[Any, Any]] = {}
    for reading in readings:
        known = reports.readings_of(db, reading.digest)
        if reading.reading_id in known:
            _forget(db, reading.reading_id)
        _insert(db, reading)
        for group in (*known.values(), _group_of(reading)):
            touched |= group
    reports.choose_among(db, touched)


def _group_of(reading: Reading) -> reports.Groups:
    report = reading.report or {}
    tags = {name: tag["value"] for name, tag in report.get("tags", {}).items()}
    return reports.group(report.get("kind", "other"), tags, reading.digest)


def _forget(db: sqlite3.Connection, reading_id: str) -> None:
    for table in ("report_version", "report", "tag", "cell", "section", "verdict", "issue", "reading"):
        db.execute(f"delete from {table} where reading_id = ?", (reading_id,))


def _insert(db: sqlite3.Connection, reading: Reading) -> None:
    """The rows of a reading, with the seal over all of them."""
    rid, report = reading.reading_id, reading.report or {}
    row = (rid, reading.digest, reading.parser_version, reading.hints, reading.read_at,
           "read" if reading.report else "unreadable", report.get("kind", "other"), report.get("reader", ""),
           report.get("title", ""), report.get("text", ""), report.get("text_digest", ""), report.get("published_on", ""),
           json.dumps(report.get("formats", {})))
    parts = [_tags(rid, report), _cells(rid, report), _sections(rid, report), _verdicts(rid, report), _issues(rid, reading)]
    seal = seals.seal_of_rows([row, *itertools.chain(*parts)])
    db.execute("insert into reading values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", (*row, seal))
    for name, rows in zip(seals.PARTS, parts, strict=True):
        if rows:
            db.executemany(f"insert into {name} values ({','.join('?' * len(rows[0]))})", rows)


# the rows of each part, in the order of its key and with the values that SQLite gives back: so they are sealed

_Rows = list[tuple[Any, ...]]


def _tags(rid: str, report: Mapping[str, Any]) -> _Rows:
    return [(rid, name, _kept(tag["value"]), float(tag["confidence"]), json.dumps(tag["evidence"], ensure_ascii=False))
            for name, tag in sorted(report.get("tags", {}).items())]


def _cells(rid: str, report: Mapping[str, Any]) -> _Rows:
    places = [(table, field, "", cell) for table in ("proactive", "remedies", "stat2014")
              for field, cell in report.get(table, {}).items()]
    places += [("requests", row_id, column, cell) for row_id, columns in report.get("requests", {}).items()
               for column, cell in columns.items()]
    places.sort(key=operator.itemgetter(0, 1, 2))
    return [(rid, table, row_id, column, cell["raw"], value if type(value := cell["value"]) is int else _kept(value),
             cell["status"], cell["unit"], cell.get("unit_source", ""), _kept(cell.get("value_yuan")), cell["where"])
            for table, row_id, column, cell in places]


def _sections(rid: str, report: Mapping[str, Any]) -> _Rows:
    return [(rid, n, s["id"], s["title"], s["text"], s["where"]) for n, s in enumerate(report.get("sections", ()))]


def _verdicts(rid: str, report: Mapping[str, Any]) -> _Rows:
    return [(rid, n, c["rule"], c["verdict"], c["severity"], _kept(c["left"]), _kept(c["right"]), c["message"], c["where"])
            for n, c in enumerate(report.get("checks", ()))]


def _issues(rid: str, reading: Reading) -> _Rows:
    issues = [(i["kind"], i["message"], i["where"]) for i in (reading.report or {}).get("issues", ())]
    issues += [(*reading.failure, "")] if reading.failure else []
    rows = [(hashlib.sha256("\n".join((rid, *issue)).encode()).hexdigest()[:32], rid, reading.digest, "", *issue)
            for issue in issues]
    return sorted(set(rows))


def _kept(value: Any) -> Any:
    """A value of any type as SQLite keeps it: no truth but 1 and 0, and what is no number is nothing."""
    if value is None or value != value:
        return None
    return int(value) if value is True or value is False else value
