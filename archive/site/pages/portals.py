"""What a crawl found on each portal, what refused it, and what it could not prove."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.catalogue import rows

_TRIED = 200            # refused addresses shown


def portals(db: sqlite3.Connection) -> dict[str, Any]:
    """One line per portal with the outcomes of its columns."""
    return {"portals": rows(db, """
        select c.portal, coalesce(p.name, '') as name, count(*) as columns, sum(c.accepted) as accepted,
               sum(c.outcome in ('complete', 'empty')) as proved, sum(c.outcome = 'refused') as refused,
               sum(c.outcome in ('partial', 'broken')) as unproved, max(c.walked_at) as walked_at
          from columns c left join portals p using (portal) group by c.portal order by unproved + refused desc, c.portal""")}


def portal(db: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    """One portal: its columns and how each ended, refusals by kind, addresses that were refused. None for an unknown one."""
    columns = rows(db, "select * from columns where portal = ? order by outcome in ('complete', 'empty'), url", name)
    refused = rows(db, """select outcome, count(*) as n from captures where portal = ? and outcome not in ('ok', 'not_modified')
                           group by 1 order by n desc""", name)
    if not columns and not refused:
        return None
    for column in columns:
        column["reasons"] = json.loads(column.get("reasons") or "{}")
    declared = rows(db, "select * from portals where portal = ?", name)
    return {"portal": name, "declared": declared[0] if declared else None, "columns": columns, "refusals": refused,
            "tried": rows(db, f"""select url, captured_at, status, outcome, error from captures where portal = ?
                and outcome not in ('ok', 'not_modified') order by captured_at desc limit {_TRIED}""", name),
            "reports": db.execute("""select count(distinct v.report_id) from captures c join versions v using (digest)
                                      where c.portal = ?""", (name,)).fetchone()[0]}
