"""The front page: how much there is, who publishes on time, what happens to requests, where and by which kind of body."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.catalogue import rows
from archive.site.pages import LEVELS, PROVINCES, facts

OUTCOMES = ("granted", "partly_granted", "refused", "unavailable", "rejected", "other")
_KINDS = 16             # kinds of body in the heat map
_WORST = 12             # failed sums shown


def overview(db: sqlite3.Connection) -> dict[str, Any]:
    """Everything from the sums made at publishing."""
    published = facts(db)
    counts = json.loads(published["counts"])
    return {
        "counts": {name: counts[name] for name in ("reports", "agencies", "documents", "captures")},
        "published_at": published["published_at"], "trend": _trend(db), "outcomes": OUTCOMES, "mix": _mix(db),
        "tiles": _tiles(db), "kinds": _kinds(db), "states": _states(db), "failed": _failed(db),
    }


def _trend(db: sqlite3.Connection) -> dict[str, Any]:
    """New requests per report by year and level: the number of reports differs from year to year, so not their sum."""
    found = rows(db, """select year, level, sum(received) as received, sum(with_received) as reports from totals
                         where scope = 'own' and year is not null and level is not null group by 1, 2
                        having sum(with_received) > 0 order by 1, 2""")
    levels = [level for level in LEVELS if any(row["level"] == level for row in found)]
    return {"levels": levels, "years": sorted({row["year"] for row in found}),
            "cells": {(row["year"], row["level"]): row for row in found},
            "points": [{"year": row["year"], "level": row["level"], "value": row["received"] / row["reports"],
                        "reports": row["reports"]} for row in found]}


def _mix(db: sqlite3.Connection) -> list[dict[str, Any]]:
    sums = ", ".join(f"sum({name}) as {name}" for name in OUTCOMES)
    found = rows(db, f"""select year, {sums} from totals where scope = 'own' and year >= 2019 and handled is not null
                         group by year order by year""")
    for row in found:
        row["total"] = sum(row[name] or 0 for name in OUTCOMES)
    return [row for row in found if row["total"]]


def _tiles(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """One tile per province: reports, and the share published on time among those with a date."""
    found = {row["province"]: row for row in rows(db, """
        select province, sum(reports) as reports, sum(on_time) as on_time, sum(late) as late from totals group by 1""")}
    return [{"code": code, "x": x, "y": y, **_shade(found.get(code))} for code, (x, y, _, _) in PROVINCES.items()]


def _shade(row: dict[str, Any] | None) -> dict[str, Any]:
    dated = (row["on_time"] or 0) + (row["late"] or 0) if row else 0
    return {"reports": row["reports"] if row else 0, "share": (row["on_time"] or 0) / dated if row and dated else None}


def _kinds(db: sqlite3.Connection) -> dict[str, Any]:
    """Mean of new requests by kind of body and year, for the kinds with most reports."""
    kinds = [row["function"] for row in rows(db, f"""select function, sum(reports) as n from totals where function is not null
        and scope = 'own' group by 1 order by n desc, function limit {_KINDS}""")]
    found = rows(db, """select function, year, sum(received) as received, sum(with_received) as reports from totals
                         where scope = 'own' and year is not null group by 1, 2 having sum(with_received) > 0""")
    cells = {(row["function"], row["year"]): row["received"] / row["reports"] for row in found if row["function"] in kinds}
    return {"kinds": kinds, "years": sorted({year for _, year in cells}), "cells": cells,
            "most": max(cells.values(), default=0)}


def _states(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Per year how many agencies published on time, late, or not."""
    years: dict[int, dict[str, Any]] = {}
    for row in rows(db, "select year, state, count(*) as n from coverage group by 1, 2 order by 1"):
        years.setdefault(row["year"], {"year": row["year"], "states": {}})["states"][row["state"]] = row["n"]
    for row in years.values():
        row["total"] = sum(row["states"].values())
    return list(years.values())


def _failed(db: sqlite3.Connection) -> list[dict[str, Any]]:
    return rows(db, f"""select report_id, agency, year, c.rule, message, title, title_en
                          from checks c left join rules using (rule)
                         where severity = 'error' and verdict = 'fail' and settled is null
                         order by year desc, report_id limit {_WORST}""")
