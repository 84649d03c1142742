"""Past states of an address, after Memento (RFC 7089): /at/DATE/URL gives what was there, /timemap/URL lists all of it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from archive.catalogue import rows

_SEEN = "url = ? and digest is not null and outcome in ('ok', 'not_modified')"


def nearest(db: sqlite3.Connection, url: str, moment: str) -> dict[str, Any] | None:
    """The last capture at or before `moment` (digits, as many as known), else the first after it; None when never seen."""
    until = (moment + "99999999999999")[:14]
    known = captures(db, url)
    before = [row for row in known if row["moment"] <= until]
    return before[-1] if before else known[0] if known else None


def captures(db: sqlite3.Connection, url: str) -> list[dict[str, Any]]:
    """Every good capture of an address, oldest first, with its moment as addresses write it."""
    return [row | {"moment": stamp(row["captured_at"])} for row in rows(
        db, f"select url, captured_at, digest from captures where {_SEEN} order by captured_at", url)]


def timemap(db: sqlite3.Connection, url: str, base: str) -> str:
    """Every capture of an address as application/link-format."""
    lines = [f'<{url}>; rel="original"', f'<{base}/timemap/{url}>; rel="self"; type="application/link-format"']
    lines += [f'<{base}/at/{row["moment"]}/{url}>; rel="memento"; datetime="{http_date(row["captured_at"])}"'
              for row in captures(db, url)]
    return ",\n".join(lines) + "\n"


def stamp(moment: str) -> str:
    """2024-02-01T00:00:00Z → 20240201000000."""
    return "".join(filter(str.isdigit, moment))[:14].ljust(14, "0")


def http_date(moment: str) -> str:
    """As HTTP headers write a time."""
    return format_datetime(datetime.strptime(stamp(moment), "%Y%m%d%H%M%S").replace(tzinfo=UTC), usegmt=True)
