"""One report: what was printed, what was read, what does not add up and by how much."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.catalogue import rows
from archive.dictionary import FIELDS, english
from archive.publish.packing import unpack
from archive.site.equations import Equation, spelled_out

TAGS = ("agency", "year", "level", "division_code", "function", "body_type", "scope", "format_version", "agency_id")
GROUPS = {"refused": "（三）不予公开", "unavailable": "（四）无法提供", "rejected": "（五）不予处理", "other": "（六）其他处理"}
SEVERITIES = ("error", "warning", "info")
SHOWN = ("text/html", "application/pdf", "text/plain", "image/png", "image/jpeg")

_PLACE = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z_]+)?")


def detail(db: sqlite3.Connection, report_id: str) -> dict[str, Any] | None:
    """Everything about a report as `show --json` gives it; None when there is no such report."""
    found = db.execute("select rowid from reports where report_id = ?", (report_id,)).fetchone()
    return unpack(db, found[0]) if found else None


def missing(db: sqlite3.Connection, report_id: str) -> dict[str, Any]:
    """What to say where there is no such report: near ones, and whether anybody looked."""
    body, _, rest = report_id.rpartition(":")
    year = int(rest) if rest.isdigit() else None
    near = rows(db, """select report_id, agency, year from reports where agency_id = ?
                        order by abs(year - ?) limit 10""", body, year or 0)
    state = rows(db, "select * from coverage where agency_id = ? and year = ?", body, year)
    return {"report_id": report_id, "near": near, "state": state[0] if state else None, "agency_id": body}


def report(db: sqlite3.Connection, report_id: str, in_english: bool) -> dict[str, Any] | None:
    """The page's context; None when there is no such report."""
    found = rows(db, "select * from reports where report_id = ?", report_id)
    shown = detail(db, report_id)
    if not found or shown is None:
        return None
    form = _form(db, in_english)
    names = _names(db, form, in_english)
    findings = [_explained(db, check, shown, names, in_english) for check in shown["findings"]]
    failed = [check for check in findings if check["verdict"].startswith("fail")]
    failed.sort(key=lambda check: SEVERITIES.index(check["severity"]))
    return {
        "row": found[0], "report": shown, "form": form, "failed": failed, "boxed": _boxed(failed),
        "counts": {severity: sum(check["severity"] == severity for check in failed) for severity in SEVERITIES},
        "passed": [check for check in findings if check["verdict"].startswith("pass")],
        "unknown": [check for check in findings if check["verdict"] == "not_assessable"],
        "tags": [(name, shown["tags"][name]) for name in TAGS if name in shown["tags"]],
        "can_show": shown["media_type"] in SHOWN, "groups": _groups(shown["requests"], form),
        "siblings": rows(db, "select report_id, year, scope from reports where agency_id = ? order by year",
                         found[0]["agency_id"]),
    }


# ---------------------------------------------------------------- the form


def _form(db: sqlite3.Connection, in_english: bool) -> dict[str, Any]:
    """table → {row: label}, and the columns of the requests table."""
    tables: dict[str, dict[str, str]] = {}
    columns: dict[str, str] = {}
    for field in rows(db, "select * from fields order by table_id, position"):
        requests = field["table_id"] == "requests"
        label = " ".join(filter(None, (field["row_label"], "" if requests else field["column_label"])))
        tables.setdefault(field["table_id"], {})[field["row_id"]] = english(field["row_id"]) if in_english else label
        if requests:
            columns[field["column_id"]] = FIELDS[field["column_id"]] if in_english else field["column_label"]
    return {"rows": tables, "columns": columns}


def _names(db: sqlite3.Connection, form: Mapping[str, Any], in_english: bool) -> dict[str, str]:
    """Row and column id → what equations call it: the short names, else the form's own."""
    long: dict[str, str] = {row: label for table in form["rows"].values() for row, label in table.items()}
    short = rows(db, "select id, label, label_en from terms where kind = 'cell'")
    named: dict[str, str] = long | form["columns"] | {row["id"]: row["label_en" if in_english else "label"] for row in short}
    return named


def _groups(requests: Mapping[str, Any], form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the requests table in their order, each with the group it opens and how many rows that spans."""
    present = [row for row in form["rows"].get("requests", {}) if row in requests]
    lines = []
    for n, row in enumerate(present):
        group = row.split("_")[0] if row.split("_")[0] in GROUPS else ""
        first = not n or present[n - 1].split("_")[0] != group
        size = sum(other.split("_")[0] == group for other in present) if group and first else 0
        lines.append({"row": row, "group": group, "size": size})
    return lines


# ---------------------------------------------------------------- what fails


def _explained(db: sqlite3.Connection, check: dict[str, Any], shown: Mapping[str, Any], names: Mapping[str, str],
               in_english: bool) -> dict[str, Any]:
    rule = rows(db, "select * from rules where rule = ?", check["rule"])
    known = rule[0] if rule else dict.fromkeys(("title", "title_en"), check["rule"]) | {
        "expression": "", "over": "", "equations": "[]"}
    place = _PLACE.match(check["where"] or "")
    key = place.group() if place else ""
    equation: Equation | None = None
    if check["verdict"].startswith("fail"):
        equation = spelled_out(json.loads(known["equations"]), known["over"], key, shown, names)
    return check | {"title": known["title_en" if in_english else "title"], "expression": known["expression"], "key": key,
                    "equation": equation}


def _boxed(failed: list[dict[str, Any]]) -> dict[str, str]:
    """cell → the gravest severity of what fails there; "part" for the other cells of a failed equation."""
    boxed: dict[str, str] = {}
    for check in failed:
        if check["equation"] and check["severity"] == "error":
            boxed |= {key: "part" for key in check["equation"].keys if key not in boxed}
    for check in reversed(failed):
        if check["key"] and check["severity"] != "info":
            boxed[check["key"]] = check["severity"]
    return boxed
