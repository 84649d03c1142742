"""The coverage ledger, body by year, and one body's own page."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.catalogue import rows
from archive.site.pages import LEVELS, MARKS, number, span, years

SIZE = 60
FILTERS = ("province", "level", "function")
_SHOWN = ("late", "absent")

#: what a body's page follows through the years: (label, table, row, column)
FOLLOWED = (
    ("requests", "new_received", "total"), ("requests", "carried_in", "total"), ("requests", "granted", "total"),
    ("requests", "partly_granted", "total"), ("requests", "total_handled", "total"), ("requests", "carried_out", "total"),
    ("remedies", "review_total", ""), ("remedies", "suit_direct_total", ""), ("remedies", "suit_after_review_total", ""),
    ("proactive", "normdocs_issued", ""), ("proactive", "normdocs_in_force", ""), ("stat2014", "s14_published_total", ""),
    ("stat2014", "s14_received", ""), ("stat2014", "s14_answered", ""))


def ledger(db: sqlite3.Connection, arguments: Mapping[str, str]) -> dict[str, Any]:
    """A page of bodies with a mark per year, narrowed by name, place, level, kind, or a state they are in."""
    filters = {name: value for name in FILTERS if (value := arguments.get(name))}
    query, state = arguments.get("q", "").strip(), arguments.get("state", "")
    conditions = [f"{name} = ?" for name in filters] + (["instr(agency, ?) > 0"] if query else [])
    values: list[object] = [*filters.values(), *([query] if query else [])]
    if state:
        conditions.append("agency_id in (select agency_id from coverage where state = ?)")
        values.append(state)
    where = f"where {' and '.join(conditions)}" if conditions else ""
    total = db.execute(f"select count(*) from agencies {where}", values).fetchone()[0]
    at = span(min(number(arguments.get("page")), max(1, -(-total // SIZE))), SIZE, total)
    lines = rows(db, f"""select * from agencies {where} order by province, level, function, agency_id
                          limit {SIZE} offset {(at["page"] - 1) * SIZE}""", *values)
    return {"lines": lines, "cells": _cells(db, [line["agency_id"] for line in lines]), "years": years(db), "marks": MARKS,
            "total": total, "span": at, "filters": filters, "query": query, "state": state, "choices": _choices(db)}


def _cells(db: sqlite3.Connection, agencies: list[str]) -> dict[tuple[str, int], dict[str, Any]]:
    found = rows(db, f"select * from coverage where agency_id in ({','.join('?' * len(agencies))})", *agencies)
    return {(row["agency_id"], row["year"]): row for row in found}


def _choices(db: sqlite3.Connection) -> dict[str, list[str]]:
    distinct = "select distinct {0} from agencies where {0} is not null order by 1"
    found = {name: [value for (value,) in db.execute(distinct.format(name))] for name in FILTERS}
    found["level"].sort(key=lambda level: LEVELS.index(level) if level in LEVELS else len(LEVELS))
    return found


def agency(db: sqlite3.Connection, agency_id: str) -> dict[str, Any] | None:
    """One body: its years side by side, what it became, its measures. None when the archive does not know it."""
    found = rows(db, "select * from agencies where agency_id = ?", agency_id)
    if not found:
        return None
    reports = rows(db, """select * from reports where agency_id = ? order by year,
                           coalesce(scope, '') like 'aggregate%', report_id""", agency_id)
    states = {row["year"]: row for row in rows(db, "select * from coverage where agency_id = ? order by year", agency_id)}
    shown = [row for row in reports if not (row["scope"] or "").startswith("aggregate")] or reports
    return {"agency": found[0], "reports": reports, "columns": shown, "states": states, "marks": MARKS,
            "figures": _followed(db, [row["report_id"] for row in shown]), "measures": _measures(db, shown),
            "labels": _labels(db), "lineage": _lineage(db, agency_id), "near": _near(db, found[0])}


def _followed(db: sqlite3.Connection, reports: list[str]) -> list[dict[str, Any]]:
    """Lines of numbers, one per followed cell that any year has."""
    lines = []
    for table, row, column in FOLLOWED:
        cells = {cell["report_id"]: cell for cell in rows(db, f"""select report_id, value, status from cells
            where report_id in ({','.join('?' * len(reports))}) and table_id = ? and row_id = ? and column_id = ?""",
                                                         *reports, table, row, column)}
        if cells:
            lines.append({"table_id": table, "row_id": row, "column_id": column, "cells": cells})
    return lines


def _labels(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Rows of the form as printed."""
    return {(field["table_id"], field["row_id"]): " ".join(filter(None, (
        field["row_label"], "" if field["table_id"] == "requests" else field["column_label"])))
        for field in rows(db, "select * from fields")}


def _measures(db: sqlite3.Connection, reports: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """measure → report → rate, for the measures any year has."""
    found = {row.pop("report_id"): row for row in rows(db, f"""select * from measures
        where report_id in ({','.join('?' * len(reports))})""", *(report["report_id"] for report in reports))}
    names = [name for row in found.values() for name in row if name not in ("agency_id", "year")]
    lines = {name: {key: row[name] for key, row in found.items() if row[name] is not None} for name in dict.fromkeys(names)}
    return {name: line for name, line in lines.items() if line}


def _lineage(db: sqlite3.Connection, agency_id: str) -> list[dict[str, Any]]:
    return rows(db, "select * from lineage where agency_id = ?1 or later_id = ?1 order by year", agency_id)


def _near(db: sqlite3.Connection, agency: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Other bodies of the same place."""
    return rows(db, """select agency_id, agency from agencies where province = ? and division_code = ? and agency_id <> ?
                        order by level, function limit 12""", agency["province"], agency["division_code"], agency["agency_id"])
