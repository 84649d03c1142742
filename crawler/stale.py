"""Which reports the last review no longer speaks for: `Stale` compares what stands with what was reviewed.

A review costs milliseconds per report, and an archive holds hundreds of thousands; a crawl changes a few of them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_NOW = """
    select report_id, coalesce(agency_id, report_id) || iif(scope like 'aggregate%', ' ' || scope, '') as body,
           coalesce(function || ' ' || level || ' ' || year, '') as peers,
           (select group_concat(v.digest || v.why || v.chosen || rd.read_at) from report_version v
              join reading rd using (reading_id) where v.report_id = report.report_id) || ' ' ||
           (select count(*) || coalesce(max(c.captured_at), '') from report_version v join capture c using (digest)
             where v.report_id = report.report_id) as state
      from report"""


class Known(NamedTuple):
    """One report as a review sees it: whose it is, who its peers are, and everything its findings rest on."""

    report_id: str
    body: str
    peers: str
    state: str


class Stale:
    """The reports, bodies and groups of peers to review anew, and the reports that are gone."""

    def __init__(self, db: sqlite3.Connection) -> None:
        now = {row[0]: Known(*row) for row in db.execute(_NOW)}
        then = {row[0]: Known(*row) for row in db.execute("select report_id, body, peers, state from reviewed")}
        changed = now.items() ^ then.items()
        self.gone = then.keys() - now.keys()
        self.bodies = {known.body for _, known in changed}
        self.peers = {known.peers for _, known in changed} - {""}
        self.reports = {key: known for key, known in now.items() if known.body in self.bodies}

    def forget(self, db: sqlite3.Connection) -> None:
        """Drop everything the last review said of these reports."""
        for table in ("finding", "measure", "reviewed"):
            db.executemany(f"delete from {table} where report_id = ?", ((key,) for key in self.gone | self.reports.keys()))

    def remember(self, db: sqlite3.Connection, sketches: Mapping[str, Sequence[int]]) -> None:
        """What stands now is reviewed, with the sketch of each report's text."""
        db.executemany("insert into reviewed values (?,?,?,?,?,null)", (
            (*known, json.dumps(sketches[key])) for key, known in self.reports.items()))
