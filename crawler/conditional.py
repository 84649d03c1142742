"""Conditional requests, with distrust: a server that says "unchanged" is believed, and checked now and then."""

from __future__ import annotations

import json
import sqlite3
import zlib

SPOT_CHECK = 50      # one in so many addresses is fetched whole although the server offers validators


def headers(db: sqlite3.Connection, uid: str, run_id: str) -> dict[str, str]:
    """If-None-Match and If-Modified-Since from the last good capture of this request; empty for a spot check.

    Every run checks others, so that in time no address is taken on trust.
    """
    last = last_good(db, uid)
    if last is None or zlib.crc32(f"{run_id}{uid}".encode()) % SPOT_CHECK == 0:
        return {}
    said = {name.lower(): value for name, value in json.loads(last[1])}
    asked = {"If-None-Match": said.get("etag"), "If-Modified-Since": said.get("last-modified")}
    return {name: value for name, value in asked.items() if value}


def last_good(db: sqlite3.Connection, uid: str) -> tuple[str, str, str] | None:
    """(digest, headers as JSON, progress) of the last capture of this request that brought bytes."""
    row = db.execute("select digest, headers, progress from capture where uid = ? and outcome = 'ok' and digest is not null"
                     " order by captured_at desc limit 1", (uid,)).fetchone()
    return None if row is None else (str(row[0]), str(row[1]), str(row[2]))
