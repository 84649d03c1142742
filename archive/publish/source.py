"""Where a publish gets its reports from: the catalogue, through its stable views; or anything that looks like one."""

from __future__ import annotations

import difflib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from archive import catalogue
from archive.catalogue import rows

#: views copied as they are
VIEWS = ("columns", "portals", "captures", "documents", "versions", "hosts", "measures", "lineage", "issues", "fields")

_OLDEST_FIRST = "select * from reports order by coalesce(year, 0), published_on, report_id"
_MOST = 200             # changed lines kept of one version


@dataclass(frozen=True, slots=True)
class Filed:
    """One report: its row of `reports`, the object of `show --json`, and the words of the document."""

    row: dict[str, Any]
    detail: dict[str, Any]
    text: str


class Source(Protocol):
    """What a publish reads: reports oldest first, and stable views as (columns, rows)."""

    def reports(self) -> Iterator[Filed]: ...

    def rows(self, view: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]: ...


class Catalogue:
    """The archive's own catalogue."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        # the view once for all reports: asked for one of them it reads them all. The temporary table hides it by its name.
        db.execute("create temp table versions as select * from main.versions")
        db.execute("create index temp.versions_report on versions(report_id)")

    def rows(self, view: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """A stable view."""
        cursor = self.db.execute(f"select * from {view}")
        return [column[0] for column in cursor.description], cursor

    def reports(self) -> Iterator[Filed]:
        """Every report, oldest year first."""
        for row in rows(self.db, _OLDEST_FIRST):
            detail = catalogue.show(self.db, row["report_id"])
            detail["findings"] = rows(self.db, """select rule, verdict, severity, message, left, right, locator as "where",
                subject, settled from checks where report_id = ?""", row["report_id"])
            for version in detail["versions"]:
                version["changes"] = [] if version["digest"] == row["digest"] else self._changes(row, version["digest"])
            yield Filed(row, detail, _text(self.db, row["digest"]))

    def _changes(self, row: dict[str, Any], digest: str) -> list[tuple[str, str]]:
        """What the chosen version says otherwise than an earlier one: ("-" or "+", line)."""
        old, new = _text(self.db, digest).splitlines(), _text(self.db, row["digest"]).splitlines()
        lines = difflib.unified_diff(old, new, n=0, lineterm="")
        return [(line[0], line[1:]) for line in lines if line[:1] in "+-" and line[:3] not in ("---", "+++")][:_MOST]


def _text(db: sqlite3.Connection, digest: str) -> str:
    found = rows(db, """select text from reading where digest = ?
                         order by cast(parser_version as integer) desc limit 1""", digest)
    return str(found[0]["text"]) if found else ""
