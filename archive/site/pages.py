"""What each page shows: functions from the catalogue to a template's context, no HTML here."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from archive import catalogue
from archive.catalogue import rows
from archive.dictionary import TABLES
from archive.site.labels import LEVELS, OUTCOMES, REFUSALS, SEVERITIES, STATES, TAGS, VALUES

EXTENSIONS = {"text/html": ".html", "application/pdf": ".pdf", "application/msword": ".doc", "text/plain": ".txt",
              "application/rtf": ".rtf", "application/vnd.oasis.opendocument.text": ".odt", "application/ofd": ".ofd",
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
              "application/vnd.ms-excel": ".xls", "application/zip": ".zip", "application/vnd.rar": ".rar"}


def extension(media_type: str) -> str:
    """File name ending for a download."""
    return EXTENSIONS.get(media_type, ".bin")


def content_type(media_type: str, body: bytes) -> str:
    """Media type, and for text the charset that decodes it: UTF-8, else GB 18030 whatever the page declares."""
    if not media_type.startswith("text/"):
        return media_type
    try:
        body.decode("utf-8")
        return f"{media_type}; charset=utf-8"
    except UnicodeDecodeError:
        return f"{media_type}; charset=gb18030"


def overview(db: sqlite3.Connection) -> dict[str, Any]:
    counts = {name: db.execute(f"select count(*) from {name}").fetchone()[0] for name in TABLES if name in (
        "reports", "documents", "captures")}
    return {
        "page_title": "总览", "counts": counts,
        "agencies": rows(db, "select count(distinct agency_id) as n from report")[0]["n"],
        "years": _years(db), "ledger": _ledger(db), "states": STATES,
        "failed": rows(db, """select c.report_id, c.rule, c.message, r.agency, r.year from checks c
                              join report r using (report_id) where c.verdict = 'fail' and c.severity = 'error'
                               and c.settled is null order by r.agency, r.year, c.rule limit 50"""),
        "columns": rows(db, "select * from columns order by outcome <> 'complete' desc, portal, url limit 200"),
        "outcomes": OUTCOMES,
        "trend": rows(db, """select r.year, count(distinct r.report_id) as reports, sum(c.value) as received
                               from report r left join cell c on c.reading_id = r.reading_id and c.table_id = 'requests'
                                and c.row_id = 'new_received' and c.column_id = 'total'
                              where r.year is not null group by r.year order by r.year"""),
    }


def _years(db: sqlite3.Connection) -> list[int]:
    found = rows(db, "select min(year) as first, max(year) as last from coverage")[0]
    return [] if found["first"] is None else list(range(found["first"], found["last"] + 1))


def _ledger(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """One line per agency: its name, and per year the state and the report to open."""
    names = {r["agency_id"]: r["agency"] for r in rows(db, """select agency_id, agency from report
        where agency_id is not null order by agency_id, year""")}
    lines: dict[str, dict[str, Any]] = {}
    for cell in rows(db, """select c.agency_id, c.year, c.state, c.due_on, min(r.report_id) as report_id,
                                   max(r.checks_failed) as failed from coverage c
                              left join report r using (agency_id, year) group by 1, 2 order by 1, 2"""):
        line = lines.setdefault(cell["agency_id"], {"agency_id": cell["agency_id"],
                                                    "agency": names.get(cell["agency_id"], ""), "years": {}})
        line["years"][cell["year"]] = cell
    return sorted(lines.values(), key=lambda line: line["agency_id"])


def search(db: sqlite3.Connection, query: str) -> dict[str, Any]:
    """At most 100 reports that have every word in agency, year, title or text, newest first."""
    words = query.split()
    found = []
    if words:
        said = "coalesce(r.agency, '') || ' ' || coalesce(r.year, '') || ' ' || r.title || ' ' || g.text"
        every = " and ".join(f"({said}) like ? escape '\\'" for _ in words)
        found = rows(db, f"""select r.*, g.text from report r join reading g using (reading_id) where {every}
                             order by r.year desc, r.agency limit 100""", *(f"%{_literal(word)}%" for word in words))
    for report in found:
        report["snippet"] = _snippet(report.pop("text"), words)
    return {"page_title": f"搜索 {query}", "query": query, "found": found, "levels": LEVELS}


def _literal(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def _snippet(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """The words around the first hit, cut into (text, is a hit) for the template to mark."""
    at = min((i for i in (text.find(word) for word in words) if i >= 0), default=0)
    piece = " ".join(text[max(0, at - 40):at + 120].split())
    pattern = "(" + "|".join(re.escape(word) for word in words) + ")"
    return [(part, part in words) for part in re.split(pattern, piece) if part]


def missing(db: sqlite3.Connection, report_id: str) -> dict[str, Any]:
    near = rows(db, "select report_id, agency, year from report where report_id like ? order by year desc limit 10",
                report_id.split(":")[0] + "%")
    return {"page_title": "没有这份年报", "report_id": report_id, "near": near}


def report(db: sqlite3.Connection, report_id: str) -> dict[str, Any]:
    shown = catalogue.show(db, report_id)
    failed = [check for check in shown["checks"] if check["verdict"].startswith("fail")]
    return {
        "page_title": f"{_value(shown, 'agency') or shown['title']} {_value(shown, 'year') or ''}", "report": shown,
        "failed": sorted(failed, key=lambda check: list(SEVERITIES).index(check["severity"])),
        "counts": {severity: sum(check["severity"] == severity for check in failed) for severity in SEVERITIES},
        "passed": sum(check["verdict"].startswith("pass") for check in shown["checks"]),
        "boxed": {place for check in failed for place in re.findall(r"\b[a-z][a-z0-9_]*\.[a-z_]+\b", check["where"])},
        "tags": [(label, name, shown["tags"].get(name)) for name, label in TAGS.items()],
        "severities": SEVERITIES, "fields": _fields(db),
        "values": VALUES, "can_show": shown["media_type"] in ("text/html", "application/pdf", "text/plain"),
        "siblings": rows(db, "select report_id, year, scope from report where agency_id = ? order by year",
                         _value(shown, "agency_id")),
        "shown": show_cell,
    }


def _fields(db: sqlite3.Connection) -> dict[str, Any]:
    """The form: per table its rows as (row_id, label), and the columns of the requests table as (column_id, label)."""
    form = rows(db, "select * from field order by table_id, position")
    tables: dict[str, dict[str, str]] = {}
    for field in form:
        label = " ".join(part for part in (field["row_label"], field["column_label"]) if part)
        tables.setdefault(field["table_id"], {})[field["row_id"]] = (
            field["row_label"] if field["table_id"] == "requests" else label)
    columns = {f["column_id"]: f["column_label"] for f in form if f["table_id"] == "requests"}
    return {"rows": {table: list(labels.items()) for table, labels in tables.items()}, "columns": list(columns.items())}


def _value(shown: Mapping[str, Any], tag: str) -> Any:
    return shown["tags"].get(tag, {}).get("value")


def show_cell(cell: Mapping[str, Any] | None) -> str:
    """A cell for a person: the number with its unit where it matters, else what stands in its place."""
    if cell is None:
        return ""
    if cell["value"] is None:
        return REFUSALS.get(cell["status"]) or str(cell["raw"])
    unit = cell["unit"] if cell["unit"] in ("万元", "元") else ""
    return f"{cell['value']:,}{unit}"
