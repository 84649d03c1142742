"""Questions people ask of the catalogue, each one function returning plain rows."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.exceptions import NotFound


def rows(db: sqlite3.Connection, sql: str, *values: object) -> list[dict[str, Any]]:
    """The result of a query as a list of dicts."""
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def status(db: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """What `status --json` prints: every column's last walk, every agency's years."""
    return {"columns": rows(db, "select * from columns order by portal, url"),
            "coverage": rows(db, "select * from coverage order by agency_id, year")}


def find_report(db: sqlite3.Connection, name: str) -> str:
    """A report id from what a person types: the id itself, a digest's beginning, or words as in `宝鸡市司法局 2020`.

    Raises `NotFound` when nothing or more than one report fits; the message lists candidates.
    """
    exact = rows(db, "select report_id from report where report_id = ?", name)
    if exact:
        return str(exact[0]["report_id"])
    words = name.split()
    where = " and ".join("(report_id || ' ' || coalesce(agency, '') || ' ' || coalesce(year, '') || ' ' || title"
                         " || ' ' || digest) like ?" for _ in words)
    found = rows(db, f"select report_id from report where {where} order by report_id limit 9",
                 *(f"%{word}%" for word in words))
    if len(found) != 1:
        said = "、".join(r["report_id"] for r in found) or "none; `nianbao status` lists what there is"
        raise NotFound(f"{name!r} names {len(found) or 'no'} report{'s' if len(found) > 1 else ''}: {said}")
    return str(found[0]["report_id"])


def show(db: sqlite3.Connection, report_id: str) -> dict[str, Any]:
    """The object of `show --json`: that of `read --json`, plus documents, captures and versions."""
    (report,) = rows(db, "select * from report join reading using (reading_id) where report_id = ?", report_id)
    digests = "(select digest from report_version where report_id = ?)"
    return {
        "report_id": report_id, "url": report["url"], "why": report["why"], **understood(db, report["reading_id"]),
        "documents": rows(db, f"select * from documents where digest in {digests} order by digest", report_id),
        "captures": rows(db, f"select * from captures where digest in {digests} order by captured_at", report_id),
        "versions": versions(db, report_id),
    }


def versions(db: sqlite3.Connection, report_id: str) -> list[dict[str, Any]]:
    """Every version of a report, the chosen one first; `change` and `state` as in the view `versions`."""
    return rows(db, "select digest, url, first_seen_at as first_captured_at, chosen, why, version, change, state,"
                    " first_seen_at, last_seen_at, looks, text_digest, reading_id from versions where report_id = ?"
                    " order by chosen desc, version", report_id)


def understood(db: sqlite3.Connection, reading_id: str) -> dict[str, Any]:
    """One reading as the object of `read --json`."""
    (reading,) = rows(db, "select * from reading join document using (digest) where reading_id = ?", reading_id)
    cells = rows(db, "select * from cell where reading_id = ?", reading_id)
    told = ("digest", "text_digest", "reader", "kind", "title", "published_on", "media_type")
    return {
        **{name: reading[name] for name in told},
        "tags": {t["name"]: {"value": t["value"], "confidence": t["confidence"], "evidence": json.loads(t["evidence"])}
                 for t in rows(db, "select * from tag where reading_id = ?", reading_id)},
        "formats": json.loads(reading["formats"]),
        **{table: {c["row_id"]: _cell(c) for c in cells if c["table_id"] == table}
           for table in ("proactive", "remedies", "stat2014")},
        "requests": _requests(cells),
        "sections": rows(db, "select section_id as id, title, text, locator as 'where' from section"
                             " where reading_id = ? order by position", reading_id),
        "checks": rows(db, "select rule, verdict, severity, message, left_value as 'left', right_value as 'right',"
                           " locator as 'where' from verdict where reading_id = ? order by position", reading_id),
        "issues": rows(db, "select kind, message, locator as 'where' from issue where reading_id = ?", reading_id),
    }


def _requests(cells: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for cell in cells:
        if cell["table_id"] == "requests":
            table.setdefault(cell["row_id"], {})[cell["column_id"]] = _cell(cell)
    return table


def _cell(row: dict[str, Any]) -> dict[str, Any]:
    cell = {key: row[key] for key in ("raw", "value", "status", "unit")} | {"where": row["locator"]}
    return cell | ({"unit_source": row["unit_source"], "value_yuan": row["value_yuan"]}
                   if row["value_yuan"] is not None else {})


#: rules S02, S03, S10, S06 and S09 say the same of a report, with a grade
_SAID_BY_RULES = ("numbering-broken", "heading-variant", "converter-artefact", "surplus-values", "page-split")


def open_findings(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Failed checks and issues nobody has settled, gravest first: the work list of `check`."""
    return rows(db, f"""
        select * from (
        select 'check' as what, c.rule as name, c.severity, c.message, c.locator, c.report_id, r.url, c.subject,
               c.verdict, c.left, c.right
          from checks c join report r using (report_id) where c.verdict like 'fail%' and c.settled is null
        union all
        select 'issue', kind, 'warning', message, locator, coalesce(report_id, ''), url, subject, null, null, null
          from issues where settled is null and not (report_id is not null and kind in {_SAID_BY_RULES}))
        order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, name, report_id, locator""")


def settle(db: sqlite3.Connection, subject: str, reason: str, settled_at: str) -> None:
    """A person's word that a finding needs no more work; kept with the archive, survives re-parsing."""
    known = rows(db, "select 1 from checks where subject = ?1 union select 1 from issues where subject = ?1", subject)
    if not known:
        raise NotFound(f"nothing to settle is called {subject!r}; `nianbao check --json` gives each subject")
    db.execute("insert or replace into settlement values (?, ?, ?, null)", (subject, reason, settled_at))
