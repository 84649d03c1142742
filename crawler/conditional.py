"""Conditional requests, with distrust: a server that says "unchanged" is believed, and put to the test now and then.

The first 304 of every host in a run, and one in fifty after it, is asked again for the whole. A host that sends other
words than those it called unchanged has lied: the capture says so (`archive.views.LIE`), the view `hosts` lists it, and it
is asked for everything whole for a year.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archive.views import LIE
from crawler import targets
from spiders.models import Capture
from spiders.page import Page

SPOT_CHECK = 50                        # one in so many 304s is put to the test
NO_TRUST = timedelta(days=365)         # for a host that lied; sites are rebuilt


@dataclass(frozen=True, slots=True)
class Known:
    """The last capture of a request that brought bytes."""

    digest: str
    headers: tuple[tuple[str, str], ...]
    final_url: str
    role: str

    def validators(self) -> dict[str, str]:
        """If-None-Match and If-Modified-Since, as far as the server gave what they need."""
        said = {name.lower(): value for name, value in self.headers}
        asked = {"If-None-Match": said.get("etag"), "If-Modified-Since": said.get("last-modified")}
        return {name: value for name, value in asked.items() if value}

    def page(self, body: bytes) -> Page:
        """The page as it came then."""
        return Page(self.final_url, body, 200, self.headers)


def last_good(db: sqlite3.Connection, uid: str) -> Known | None:
    """What is known of a request; None when it never brought bytes."""
    row = db.execute("""select digest, headers, coalesce(nullif(final_url, ''), url), role from capture
                         where uid = ? and outcome = 'ok' and digest is not null order by captured_at desc limit 1""",
                     (uid,)).fetchone()
    if row is None:
        return None
    return Known(row[0], tuple((name, value) for name, value in json.loads(row[1])), row[2], row[3])


@dataclass
class Trust:
    """Whom one run believes. Every run tests others, so that in time no address is taken on trust."""

    run_id: str
    liars: set[str] = field(default_factory=set)
    tested: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, db: sqlite3.Connection, run_id: str, now: str) -> Trust:
        """The trust an archive's captures leave at the start of a run; `now` is an ISO time."""
        since = (datetime.fromisoformat(now) - NO_TRUST).isoformat()
        lies = db.execute(f"select url from capture where error = '{LIE}' and captured_at > ?", (since,))
        return cls(run_id, {targets.host(url) for (url,) in lies})

    def doubts(self, host: str, uid: str) -> bool:
        """Whether this 304 is put to the test."""
        first = host not in self.tested
        self.tested.add(host)
        return first or zlib.crc32(f"{self.run_id}{uid}".encode()) % SPOT_CHECK == 0


def told_lie(capture: Capture, called_unchanged: bytes) -> bool:
    """Whether the whole that a 304 stood for is something else: other words, other links, or another file."""
    if capture.outcome != "ok" or capture.body is None or capture.body == called_unchanged:
        return False
    then, now = (Page(capture.final_url, body) for body in (called_unchanged, capture.body))
    return _is_file(capture.body) or then.visible != now.visible or _links(then) != _links(now)


def _is_file(body: bytes) -> bool:
    return b"\0" in body[:1024] or body.lstrip()[:5] == b"%PDF-"


def _links(page: Page) -> set[str]:
    return {link.get("href", "") for link in page.tree.iter("a")}
