"""The report chosen among readings: for each agency × year × scope the version that speaks for it, and why.

Derived from the readings alone, so it can be chosen anew at any time and comes out the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from archive import seals

Groups = Mapping[str, tuple[Any, Any]]             # report_id → agency_id, year

#: among equals the copy a person can read at once comes first
FORMATS = ("text/html", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
           "application/msword", "application/pdf")


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


def readings_of(db: sqlite3.Connection, digest: str) -> dict[str, Groups]:
    """Every reading of a document by its id, with the report it belongs to, as `group`."""
    tags = "select json_group_object(name, value) from tag where reading_id = r.reading_id"
    rows = db.execute(f"select reading_id, kind, ({tags}) from reading r where digest = ?", (digest,))
    return {reading_id: group(kind, json.loads(tags), digest) for reading_id, kind, tags in rows}


def group(kind: str, tags: Mapping[str, Any], digest: str) -> Groups:
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
    choose_among(db, {_id(row): (row["tags"].get("agency_id"), row["tags"].get("year")) for row in _rows(db, _CURRENT)})


def choose_among(db: sqlite3.Connection, groups: Groups) -> None:
    """Choose anew the version that speaks for each of these reports; the caller owns the transaction."""
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
