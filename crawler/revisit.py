"""When a report that is known already is looked at again: 7, 30 and 90 days after it was first had, then once a year.

The days are those on which corrections come (docs/ARCHITECTURE.md); the yearly look is spread over the year by address, so
that a portal first walked in one night is not walked again in one night. Nothing is stored: captures say it all.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count, takewhile

from crawler import targets
from spiders.models import Target

AFTER = (timedelta(days=7), timedelta(days=30), timedelta(days=90))
YEAR = timedelta(days=365)
GONE_AGAIN = timedelta(days=7)         # removed means gone twice, a week apart
MOST = 500                             # looks again at one host in one run; the rest waits for the next


def looks(first: datetime, uid: str) -> Iterator[datetime]:
    """All days on which a document first had at `first` is looked at again, endlessly."""
    yield from (first + after for after in AFTER)
    spread = timedelta(days=1 + zlib.crc32(uid.encode()) % 365)
    yield from (first + AFTER[-1] + spread + n * YEAR for n in count())


def is_due(first: datetime, last: datetime, now: datetime, uid: str) -> bool:
    """Whether a look was due since the last one."""
    return any(last < look for look in takewhile(lambda look: look <= now, looks(first, uid)))


_HAD = """
    with ours as (select portal, url, max(walked_at) as walked_at from walk
                   where portal in (select value from json_each(?1)) or url in (select value from json_each(?2)) group by 1, 2),
    page as (select c.uid, c.digest from ours join walk w using (portal, url, walked_at) join capture c
                 on c.portal = w.portal and c.column_url = w.url and c.run_id = w.run_id
              where (c.role in ('column', 'list', 'home') or c.progress <> '') and +c.digest is not null)
    select c.uid, c.url, c.role, c.portal, max(c.referrer), max(c.link_text), max(c.published_on), min(c.captured_at),
           max(c.captured_at)
      from capture c not indexed join ours on c.portal = ours.portal and c.column_url = ours.url
     where c.role in ('article', 'attachment') and c.captured_at <= ?3
       and c.uid not in (select l.uid from page join link l on l.page_uid = page.uid and l.digest = page.digest)
     group by c.uid having max(c.digest is not null) order by c.uid"""


def unlinked(db: sqlite3.Connection, seeds: Iterable[Target], now: str) -> Iterator[Target]:
    """Reports of these columns that are due for a look and that the last walk saw no link to: unlinked is not removed.

    They belong to no column any more, so that what they answer says nothing of one.
    """
    wanted, at = list(seeds), datetime.fromisoformat(now)
    portals, urls = sorted({seed.portal for seed in wanted} - {""}), sorted({seed.url for seed in wanted})
    room: Counter[str] = Counter()
    for uid, url, role, portal, referrer, text, day, first, last in db.execute(
            _HAD, (json.dumps(portals), json.dumps(urls), now)):
        target = Target(url, role, referrer=referrer, portal=portal, link_text=text, published_on=day)
        host = targets.host(url)
        if target.uid == uid and room[host] < MOST and is_due(
                datetime.fromisoformat(first), datetime.fromisoformat(last), at, uid):
            room[host] += 1
            yield target


class Revisits:
    """Which links of a page are fetched in a run that only watches: what is new, what failed, and what is due again."""

    def __init__(self, db: sqlite3.Connection, now: str, most: int = MOST) -> None:
        self.db = db
        self.now = datetime.fromisoformat(now)
        self.most = most
        self.again: Counter[str] = Counter()

    def due(self, link: Target) -> bool:
        """Lists and columns always, a report when it is new or its day has come."""
        if link.role not in ("article", "attachment"):
            return True
        first, last, outcome = self._seen(link.uid)
        if first is None or last is None:
            return True
        if outcome in ("ok", "not_modified"):
            return is_due(first, last, self.now, link.uid) and self._room(link)
        return outcome not in ("gone", "soft-404") or self.now - last >= GONE_AGAIN

    def _seen(self, uid: str) -> tuple[datetime | None, datetime | None, str]:
        rows = self.db.execute("select captured_at, outcome from capture where uid = ? and captured_at <= ?"
                               " order by captured_at", (uid, self.now.isoformat())).fetchall()
        if not rows:
            return None, None, ""
        return datetime.fromisoformat(rows[0][0]), datetime.fromisoformat(rows[-1][0]), str(rows[-1][1])

    def _room(self, link: Target) -> bool:
        host = targets.host(link.url)
        self.again[host] += 1
        return self.again[host] <= self.most
