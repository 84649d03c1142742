"""What changed between two versions of a report: numbers, rules, tags and words.

    names(db, report_id, ["1", "3"])   two versions; without names the last change that is more than cosmetic
    diff(db, before, after)            the object of `diff --json`, less the two versions themselves
"""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from archive.catalogue import rows
from archive.exceptions import NotFound

_SENTENCE = re.compile(r"(?<=[。；！？])")
_KEYS = ("table_id", "row_id", "column_id")

Version = dict[str, Any]


def pair(db: sqlite3.Connection, report_id: str, named: Sequence[str] = ()) -> tuple[Version, Version]:
    """Two versions of a report, by number or by the beginning of their digest; else the last change that says anything.

    Raises `NotFound` when a name fits none, or there is only one version to speak of.
    """
    known = rows(db, "select version, change, state, url, first_seen_at, last_seen_at, digest, reading_id from versions"
                     " where report_id = ? order by version", report_id)
    if named:
        return _named(known, named[0]), _named(known, named[1])
    for after in reversed(known):
        before = [v for v in known[:known.index(after)] if after["change"] == "reissued" or v["url"] == after["url"]]
        if after["change"] in ("amended", "reissued") and before:
            return before[-1], after
    if len(known) > 1:
        return known[-2], known[-1]
    raise NotFound(f"{report_id} has one version; there is nothing to compare")


def _named(known: Sequence[Version], name: str) -> Version:
    found = [v for v in known if str(v["version"]) == name or (len(name) > 5 and v["digest"].startswith(name))]
    if not found:
        there = ", ".join(f"{v['version']} {v['digest'][:12]}" for v in known)
        raise NotFound(f"there is no version {name!r}; there are {there}")
    return found[0]


def diff(db: sqlite3.Connection, before: str, after: str) -> dict[str, Any]:
    """What differs between two readings: `cells`, `checks`, `tags` with both sides, and `text` as unified diff lines."""
    return {"cells": _cells(db, before, after), "checks": _checks(db, before, after), "tags": _tags(db, before, after),
            "text": list(_text(db, before, after))}


def _cells(db: sqlite3.Connection, before: str, after: str) -> list[dict[str, Any]]:
    sides = [{tuple(c[key] for key in _KEYS): c for c in rows(
        db, "select c.*, coalesce(f.row_label, '') as row_label, coalesce(f.column_label, '') as column_label,"
            " coalesce(f.position, 0) as position from cell c left join field f using (table_id, row_id, column_id)"
            " where reading_id = ? order by table_id, position, row_id, column_id", reading)} for reading in (before, after)]
    found = []
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        one, other = (_cell(side.get(key)) for side in sides)
        if one != other:
            shown = sides[1].get(key) or sides[0][key]
            found.append({**dict(zip(_KEYS, key, strict=True)), "row_label": shown["row_label"],
                          "column_label": shown["column_label"], "before": one, "after": other})
    return found


def _cell(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {name: row[name] for name in ("raw", "value", "status", "unit")}


def _checks(db: sqlite3.Connection, before: str, after: str) -> list[dict[str, Any]]:
    """Rules whose verdicts changed, a rule at a time: where it stands in the file moves with every line."""
    sides = [{r["rule"]: r for r in rows(
        db, "select rule, group_concat(distinct verdict) as verdict, max(iif(verdict like 'fail%', message, '')) as message"
            " from (select * from verdict where reading_id = ? order by verdict) group by rule", reading)}
        for reading in (before, after)]
    return [{"rule": rule, "before": (one or {}).get("verdict"), "after": (other or {}).get("verdict"),
             "message": (other or {}).get("message") or (one or {}).get("message") or ""}
            for rule in sorted({*sides[0], *sides[1]})
            if (one := sides[0].get(rule)) != (other := sides[1].get(rule))]


def _tags(db: sqlite3.Connection, before: str, after: str) -> list[dict[str, Any]]:
    return rows(db, """
        select name, max(iif(reading_id = ?1, value, null)) as before, max(iif(reading_id = ?2, value, null)) as after
          from tag where reading_id in (?1, ?2) group by name
        having max(iif(reading_id = ?1, value, null)) is not max(iif(reading_id = ?2, value, null)) order by name""",
                before, after)


def _text(db: sqlite3.Connection, before: str, after: str) -> Iterator[str]:
    texts = (rows(db, "select text from reading where reading_id = ?", reading)[0]["text"] for reading in (before, after))
    one, other = ([sentence.strip() for line in text.splitlines() for sentence in _SENTENCE.split(line) if sentence.strip()]
                  for text in texts)
    return difflib.unified_diff(one, other, "before", "after", lineterm="", n=1)
