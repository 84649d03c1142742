"""Search: words and filters answered by one index; what is called so comes before what merely says so, newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from archive import fulltext
from archive.catalogue import rows
from archive.publish.build import facet
from archive.publish.packing import unpack
from archive.site.pages import number, span

SIZE = 20
FILTERS = ("year", "level", "province", "function", "state", "failed")
_COUNTED = 10_000       # hits counted exactly; beyond that it is "more than"
_SAMPLED = 5_000        # newest hits that the counts beside the filters are taken from


def search(db: sqlite3.Connection, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The page of hits that `arguments` (q, filters, page) ask for, with counts to narrow down by."""
    query = arguments.get("q", "").strip()
    filters = {name: value for name in FILTERS if (value := arguments.get(name))}
    named, said = expressions(query, filters)
    asked = bool(query or filters)
    counts = [_count(db, expression) if asked else 0 for expression in (named, said)]
    total = min(sum(counts), _COUNTED)
    where = span(min(number(arguments.get("page")), max(1, -(-total // SIZE))), SIZE, total)
    found = _hits(db, (named, said), counts, where["page"]) if asked else []
    return {"query": query, "filters": filters, "found": [_shown(db, row, query) for row in found], "total": total,
            "more": sum(counts) > _COUNTED, "span": where, "facets": _facets(db, query, filters) if found else {},
            "sampled": _SAMPLED if total > _SAMPLED else 0, "examples": [] if asked else _examples(db)}


def expressions(query: str, filters: Mapping[str, str]) -> tuple[str, str]:
    """FTS5 expressions for reports called so, and for those that only say so; "" for none."""
    narrowed = " AND ".join(f'facet: "{facet(name, value)}"' for name, value in filters.items())
    if not fulltext.words(query):
        return narrowed, ""
    name, anywhere = fulltext.match(query, "name"), f"({fulltext.match(query, 'name body')})"
    named = f"({name})" + (f" AND {narrowed}" if narrowed else "")
    return named, f"({anywhere}{f' AND {narrowed}' if narrowed else ''}) NOT ({name})"


def _count(db: sqlite3.Connection, expression: str) -> int:
    if not expression:
        return 0
    sql = f"select count(*) from (select 1 from search where search match ? limit {_COUNTED + 1})"
    return int(db.execute(sql, [expression]).fetchone()[0])


def _hits(db: sqlite3.Connection, expressions: tuple[str, str], counts: list[int], page: int) -> list[dict[str, Any]]:
    """Hits number (page - 1) × SIZE onward through both lists, one after the other."""
    found: list[dict[str, Any]] = []
    skip = (page - 1) * SIZE
    for expression, count in zip(expressions, counts, strict=True):
        if expression and skip < count and len(found) < SIZE:
            found += rows(db, """select r.rowid as number, r.* from (select rowid as n from search where search match ?
                                 order by rowid desc limit ? offset ?) join reports r on r.rowid = n order by n desc""",
                          expression, SIZE - len(found), skip)
        skip = max(0, skip - count)
    return found


def _shown(db: sqlite3.Connection, row: dict[str, Any], query: str) -> dict[str, Any]:
    row["snippet"] = fulltext.snippet(unpack(db, row["number"])["text"], query)
    row["called"] = fulltext.snippet(f"{row['agency'] or row['title'] or row['report_id']} {row['year'] or ''}", query)
    return row


def _facets(db: sqlite3.Connection, query: str, filters: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """filter → values with counts among the newest hits; a filter in use offers its other values too."""
    found = {}
    for name in ("year", "level", "province", "function", "state"):
        others = {key: value for key, value in filters.items() if key != name}
        expression = _anywhere(query, others)
        within = (f"(select rowid as n from search where search match ? order by rowid desc limit {_SAMPLED})" if expression
                  else f"(select ?, rowid as n from reports order by rowid desc limit {_SAMPLED})")
        order = "value desc" if name == "year" else "count desc, value"
        found[name] = rows(db, f"""select {name} as value, count(*) as count from {within} join reports on reports.rowid = n
                                    where {name} is not null group by 1 order by {order} limit 24""", expression)
    return found


def _anywhere(query: str, filters: Mapping[str, str]) -> str:
    parts = [f'facet: "{facet(name, value)}"' for name, value in filters.items()]
    if fulltext.words(query):
        parts.insert(0, f"({fulltext.match(query, 'name body')})")
    return " AND ".join(parts)


def _examples(db: sqlite3.Connection) -> list[str]:
    """Something to try: the newest reports by name."""
    return [f"{row['agency']} {row['year']}" for row in rows(db, """select agency, year from reports
        where agency is not null and year is not null order by rowid desc limit 3""")]
