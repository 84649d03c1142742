"""What was understood: one reading per document and parser version, and the report chosen among readings.

A reading is a pure function of the bytes, the parser version and the hints (everything the captures of that digest
say about where it was found, merged here in an order that does not depend on the order of the captures). It is
replaced only when the hints changed. `report` is derived: for each agency × year × scope the best version, and why.
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

from archive import seals

#: captures in these roles hold documents worth reading; the others are lists and home pages
READABLE = ("article", "attachment", "file")

#: among equals the copy a person can read at once comes first
FORMATS = ("text/html", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
           "application/msword", "application/pdf")


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
        known = _readings_of(db, reading.digest)
        if reading.reading_id in known:
            _forget(db, reading.reading_id)
        _insert(db, reading)
        for group in (*known.values(), _group_of(reading)):
            touched |= group
    _choose(db, touched)


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


# ---------------------------------------------------------------- reports


def report_id(agency_id: str | None, year: int | None, scope: str | None, digest: str) -> str:
    """The stable name of a report: `140927:justice:2019`, `320800:government:2024:aggregate_region`, `?<digest>`."""
    if not agency_id or not year:
        return f"?{digest[:12]}"
    return f"{agency_id}:{year}" + (f":{scope}" if scope and scope.startswith("aggregate") else "")


_CURRENT = """
    select r.reading_id, r.digest, r.title, r.published_on, d.media_type, d.first_captured_at,
           (select json_group_object(name, value) from tag where reading_id = r.reading_id) as tags,
           (select count(*) from cell where reading_id = r.reading_id and value is not null) as cells,
           (select count(*) from verdict where reading_id = r.reading_id and severity = 'error'
               and verdict = 'fail') as failed
      from reading r join document d using (digest)
     where r.kind = 'report'
       and not exists (select 1 from reading newer where newer.digest = r.digest
                        and cast(newer.parser_version as integer) > cast(r.parser_version as integer))"""


_OF_YEAR = """
       and r.reading_id in (select reading_id from tag where name = 'agency_id' and value = ?)
       and exists (select 1 from tag where reading_id = r.reading_id and name = 'year' and value = ?)"""
_OF_DIGEST = " and r.digest glob ?"

_Groups = Mapping[str, tuple[Any, Any]]            # report_id → agency_id, year


def _readings_of(db: sqlite3.Connection, digest: str) -> dict[str, _Groups]:
    """Every reading of a document by its id, with the report it belongs to, as `_group`."""
    tags = "select json_group_object(name, value) from tag where reading_id = r.reading_id"
    rows = db.execute(f"select reading_id, kind, ({tags}) from reading r where digest = ?", (digest,))
    return {reading_id: _group(kind, json.loads(tags), digest) for reading_id, kind, tags in rows}


def _group_of(reading: Reading) -> _Groups:
    report = reading.report or {}
    return _group(report.get("kind", "other"), {n: tag["value"] for n, tag in report.get("tags", {}).items()}, reading.digest)


def _group(kind: str, tags: Mapping[str, Any], digest: str) -> _Groups:
    """The report that a reading with these tags belongs to; none when it is no report."""
    agency, year = tags.get("agency_id"), tags.get("year")
    return {report_id(agency, year, tags.get("scope"), digest): (agency, year)} if kind == "report" else {}


def _id(row: Mapping[str, Any]) -> str:
    tags = row["tags"]
    return report_id(tags.get("agency_id"), tags.get("year"), tags.get("scope"), row["digest"])


def _rows(db: sqlite3.Connection, sql: str, *values: object) -> list[dict[str, Any]]:
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    for row in rows:
        row["tags"] = json.loads(row["tags"])
    return rows


def choose(db: sqlite3.Connection) -> None:
    """Choose the version that speaks for every report. Idempotent; the caller owns the transaction."""
    db.execute("delete from report_version")
    db.execute("delete from report")
    _choose(db, {_id(row): (row["tags"].get("agency_id"), row["tags"].get("year")) for row in _rows(db, _CURRENT)})


def _choose(db: sqlite3.Connection, groups: _Groups) -> None:
    for rid, (agency_id, year) in sorted(groups.items()):
        identified = not rid.startswith("?")
        asked = (_OF_YEAR, agency_id, year) if identified else (_OF_DIGEST, f"{rid[1:]}*")
        rows = _rows(db, _CURRENT + asked[0], *asked[1:])
        db.execute("delete from report_version where report_id = ?", (rid,))
        db.execute("delete from report where report_id = ?", (rid,))
        _choose_one(db, rid, [row for row in rows if _id(row) == rid])


def _choose_one(db: sqlite3.Connection, rid: str, versions: list[dict[str, Any]]) -> None:
    if not versions:
        return
    fullest = max(version["cells"] for version in versions)
    for version in versions:
        version["url"], version["live"] = _address(db, version["digest"])
        version["whole"] = 2 * version["cells"] >= fullest
    versions.sort(key=_rank)
    best = versions[0]
    why = _why(best, versions[1:])
    tags = best["tags"]
    db.execute("insert or replace into report values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,null)", (
        rid, best["reading_id"], best["digest"], best["url"], tags.get("agency"), tags.get("agency_id"),
        tags.get("function"), tags.get("level"), tags.get("division_code"), tags.get("body_type"), tags.get("scope"),
        tags.get("year"), tags.get("format_version"), best["title"], best["published_on"], best["failed"], why))
    db.executemany("insert or replace into report_version values (?,?,?,?,?,?,?,?)", (
        seals.sealed(rid, v["reading_id"], v["digest"], v["url"], v["first_captured_at"], int(v is best),
                     why if v is best else ("replaced at its address" if not v["live"] else "another copy"))
        for v in versions))


def _address(db: sqlite3.Connection, digest: str) -> tuple[str, bool]:
    """The address that speaks for a document, and whether its last good capture still gave these bytes."""
    rows = db.execute(
        """select c.url, (select digest from capture l where l.uid = c.uid and l.digest is not null
                           order by l.captured_at desc, l.capture_id desc limit 1) = c.digest
             from capture c where c.digest = ? group by c.url""", (digest,)).fetchall()
    rows.sort(key=lambda row: (-row[1], len(row[0]), row[0]))
    return (rows[0][0], bool(rows[0][1])) if rows else ("", False)


def _rank(version: Mapping[str, Any]) -> tuple[Any, ...]:
    """With its tables before without most of them, live before replaced, later published, fuller, easier to read first.

    A page that lost its tables keeps the last good version in its place: that is a breakage, not an amendment.
    """
    media = version["media_type"]
    return (not version["whole"], not version["live"], _descending(version["published_on"]), -version["cells"],
            FORMATS.index(media) if media in FORMATS else len(FORMATS), version["digest"])


def _descending(date: str) -> int:
    digits = date.replace("-", "")
    return -int(digits) if digits.isdigit() else 0


def _why(best: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> str:
    if not others:
        return "the only document"
    rival = others[0]
    if best["whole"] != rival["whole"]:
        return f"chosen of {len(others) + 1}: it has the statutory tables"
    if best["live"] != rival["live"]:
        return f"chosen of {len(others) + 1}: still at its address, the others were replaced"
    if best["published_on"] != rival["published_on"]:
        return f"chosen of {len(others) + 1}: published last, {best['published_on']}"
    if best["cells"] != rival["cells"]:
        return f"chosen of {len(others) + 1}: {best['cells']} cells with a value against {rival['cells']}"
    return f"chosen of {len(others) + 1} equal copies: the format easiest to read"
