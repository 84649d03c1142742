"""Crawls by season: what is due is derived from the archive, so a restart forgets nothing and repeats nothing.

    agenda(db, portals, now)          the next look at every portal, soonest first, each with its reason
    Service(folder, portals).run()    looks at what is due, every half hour, one crawl at a time, until it is stopped

One crawl at a time for the whole archive means one at a time for every portal; a second one started by hand holds the
archive's lock, and what is due waits for it. No crawl reaches into the quiet hours of its portals.
"""

from __future__ import annotations

import logging
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from archive.exceptions import NoArchive
from archive.store import Archive, is_written
from crawler import exits
from crawler.seasons import CHINA, Look, Past, habits, next_look, night_of, quiet_hours
from spiders.portals import Portal

log = logging.getLogger(__name__)

LONGEST = timedelta(hours=6)                 # of one crawl; what it leaves is due again
EVERY = "*/30"                               # minutes between two looks at the agenda
PASSING = ("timeout", "server-error", "dns", "truncated", "error")     # refusals that tomorrow may not know


# ---------------------------------------------------------------- what is due


def agenda(db: sqlite3.Connection | None, portals: Sequence[Portal], now: datetime) -> list[Look]:
    """The next look at every portal that is not paused, soonest first. Without an archive all are due."""
    known = pasts(db, portals, now) if db else {}
    looks = (next_look(portal, known.get(portal.slug, Past()), now) for portal in portals)
    return sorted((look for look in looks if look), key=lambda look: (look.at, look.portal))


def forecast(db: sqlite3.Connection | None, portals: Sequence[Portal], now: datetime, days: int) -> Iterator[Look]:
    """Every look of the next days, as if each went well."""
    known = dict(pasts(db, portals, now)) if db else {}
    found = []
    for portal in portals:
        past, at = known.get(portal.slug, Past()), now
        while (look := next_look(portal, past, at)) and look.at < now + timedelta(days=days):
            found.append(look)
            past, at = replace(past, looked_at=look.at, failures=0), look.at
    yield from sorted(found, key=lambda look: (look.at, look.portal))


def pasts(db: sqlite3.Connection, portals: Sequence[Portal], now: datetime) -> Mapping[str, Past]:
    """What the archive knows of these portals. A look dated after now, by a clock that was wrong, holds nothing up."""
    known, until = _habits(db), now.astimezone(UTC).isoformat()
    return {portal.slug: replace(_looked(db, portal.slug, until), habits=habits(known.get(portal.slug, ())))
            for portal in portals}


def _looked(db: sqlite3.Connection, portal: str, until: str) -> Past:
    failed = f"min(outcome in ('refused', 'broken') and refusal in {PASSING})"
    runs = db.execute(f"select max(walked_at), {failed} from walk where portal = ? and walked_at <= ?"
                      " group by run_id order by 1 desc limit 9", (portal, until)).fetchall()
    failures = next((n for n, (_, failed) in enumerate(runs) if not failed), len(runs))
    return Past(datetime.fromisoformat(runs[0][0]) if runs else None, failures)


def _habits(db: sqlite3.Connection) -> dict[str, list[tuple[str, int, date]]]:
    """Agency, report year and first day of publication, by portal."""
    rows = db.execute("""
        select c.portal, r.agency, r.year, min(r.published_on) from report r join report_version v using (report_id)
          join capture c on c.digest = v.digest
         where r.agency is not null and r.year is not null and r.published_on like '____-__-__' and c.portal <> ''
         group by 1, 2, 3""")
    found: dict[str, list[tuple[str, int, date]]] = {}
    for portal, agency, year, day in rows:
        found.setdefault(portal, []).append((agency, year, date.fromisoformat(day)))
    return found


# ---------------------------------------------------------------- doing it


Crawl = Callable[[Sequence[str], timedelta], int]


@dataclass
class Service:
    """Runs what is due. `crawl(names, longest)` does it and returns an exit code; `after` is called when one is done."""

    folder: Path
    portals: Sequence[Portal]
    crawl: Crawl
    after: Callable[[], None] = lambda: None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def run(self) -> None:
        """Until SIGINT or SIGTERM; a crawl that is under way is then ended in order."""
        scheduler = BlockingScheduler(timezone=CHINA)
        scheduler.add_job(self.tick, CronTrigger(minute=EVERY, timezone=CHINA), id="look", max_instances=1, coalesce=True,
                          misfire_grace_time=None, next_run_time=datetime.now(CHINA))
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            scheduler.start()
        except (KeyboardInterrupt, SystemExit):
            log.info("stopped")

    def tick(self) -> Sequence[str]:
        """Look at the portals that are due and share their hours; returns their names, none when nothing is due."""
        now = self.clock()
        if is_written(self.folder):
            return ()
        due = [look for look in self._agenda(now) if look.at <= now]
        if not due:
            return ()
        by_name = {portal.slug: portal for portal in self.portals}
        first = by_name[due[0].portal]
        names = [look.portal for look in due if quiet_hours(by_name[look.portal]) == quiet_hours(first)]
        code = self.crawl(names, longest(first, now))
        if code not in (exits.FINE, exits.PROBLEMS, exits.LEFT):
            log.warning("the crawl of %s portals ended with exit code %s; they stay due", len(names), code)
        self.after()
        return names

    def _agenda(self, now: datetime) -> list[Look]:
        try:
            with Archive(self.folder, write=False) as archive:
                return agenda(archive.db, self.portals, now)
        except NoArchive:
            return agenda(None, self.portals, now)


def longest(portal: Portal, now: datetime) -> timedelta:
    """How long a crawl may take that begins now: not into the portal's quiet hours."""
    begin, _ = quiet_hours(portal)
    closes = datetime.combine(night_of(portal, now), begin, CHINA)
    while closes <= now:
        closes += timedelta(days=1)
    return min(LONGEST, closes - now)


def crawl_process(folder: Path, options: Sequence[str]) -> Crawl:
    """Crawls as processes of their own: the engine's reactor runs once per process."""
    def crawl(names: Sequence[str], longest: timedelta) -> int:
        words = ["crawl", *names, "--watch", "--archive", str(folder), *options]
        child = subprocess.Popen([sys.executable, "-c", "from crawler.cli import cli; cli()", *words])
        try:
            return child.wait(longest.total_seconds())
        except subprocess.TimeoutExpired:
            log.info("the crawl has had its %s; it ends here and what is left is due again", longest)
            return _end(child)
        except BaseException:
            _end(child)
            raise
    return crawl


def _end(child: subprocess.Popen[bytes]) -> int:
    """Ctrl-C as a person would: what is in flight is stored, the ledger written."""
    child.send_signal(signal.SIGINT)
    return child.wait()
