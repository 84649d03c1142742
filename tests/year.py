"""A simulated year of seasons: bodies that publish, portals that fail now and then, the real agenda, a clock that is told.

Only the network is invented: what is due comes from `crawler.schedule` over a real catalogue, and what a look costs is
counted request by request (lists, new reports, reports whose day to be looked at again has come).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from archive.store import Archive
from crawler.revisit import MOST, is_due
from crawler.schedule import Service, agenda, pasts
from crawler.seasons import BUDGET, CHINA, Past, interval, is_quiet
from spiders.portals import Column, Portal

YEAR = 2025                               # reports of this year are published in the next
REQUEST = timedelta(seconds=2)            # as slow as a crawl goes by default
TICK = timedelta(minutes=30)


@dataclass
class Body:
    """Somebody who publishes once: when, where, and when somebody first saw it."""

    name: str
    portal: str
    published_at: datetime
    seen_at: datetime | None = None


@dataclass
class Year:
    """The world and what was done to it."""

    portals: list[Portal]
    bodies: list[Body]
    documents: dict[str, list[tuple[str, datetime, datetime]]]      # portal → (uid, first had, last looked at)
    known: dict[str, Past] = field(default_factory=dict)             # what the archive knew of each portal at the start
    looks: list[tuple[str, datetime, datetime, int, bool]] = field(default_factory=list)   # portal, from, to, requests, well

    def delays(self) -> list[timedelta]:
        """From publication to first sight, of reports published while their portal was to be looked at every day."""
        by_name = {portal.slug: portal for portal in self.portals}
        return [body.seen_at - body.published_at for body in self.bodies
                if body.seen_at and self._daily(by_name[body.portal], body)]

    def _daily(self, portal: Portal, body: Body) -> bool:
        days = (body.published_at.astimezone(CHINA).date() + timedelta(days=n) for n in range(-1, 3))
        return all(interval(portal, self.known[portal.slug], day)[0] == 1 for day in days)

    @property
    def unseen(self) -> list[Body]:
        return [body for body in self.bodies if body.seen_at is None]


def invent(bodies: int, random: Random) -> Year:
    """Portals of about ten bodies; departments around 31 January, governments around 31 March, a tenth of them late."""
    year = Year([], [], defaultdict(list))
    while len(year.bodies) < bodies:
        slug = f"p{len(year.portals):03}"
        names = [f"{slug}人民政府", *(f"{slug}第{n}局" for n in range(random.randrange(3, 17)))][:bodies - len(year.bodies)]
        home = f"https://{slug}.example.gov.cn/"
        columns = tuple(Column(f"{home}{n}/", name) for n, name in enumerate(names))
        year.portals.append(Portal(slug, slug, home, columns=columns))
        year.bodies += [Body(name, slug, _publishes(name, random)) for name in names]
    return year


def _publishes(name: str, random: Random) -> datetime:
    due = datetime(YEAR + 1, 3, 31, 16, tzinfo=CHINA) if name.endswith("政府") else datetime(YEAR + 1, 1, 31, 16, tzinfo=CHINA)
    days = random.randrange(1, 90) if random.random() < 0.1 else -abs(random.gauss(0, 9))
    return due + timedelta(days=days, hours=random.uniform(-8, 7))


def remember(archive: Archive, year: Year, random: Random) -> None:
    """The three years before: each body's reports, published about the day on which it will publish again."""
    with archive.db as db:
        db.execute("insert into run(run_id, started_at, command) values ('past', '2024-01-01', 'test')")
        for n, body in enumerate(year.bodies):
            for before in (1, 2, 3):
                day = body.published_at - timedelta(days=365.25 * before) + timedelta(days=random.gauss(0, 3))
                _file(archive, f"{n}-{before}", body, YEAR - before, day)
                uid = hashlib.sha256(f"{n}-{before}".encode()).hexdigest()[:32]
                year.documents[body.portal].append((uid, day.astimezone(UTC), datetime(YEAR, 11, 1, tzinfo=UTC)))


def _file(archive: Archive, name: str, body: Body, year: int, day: datetime) -> None:
    digest, at = hashlib.sha256(name.encode()).hexdigest(), day.astimezone(UTC).isoformat()
    db = archive.db
    db.execute("insert into document values (?,1,'text/html',?,null)", (digest, at))
    db.execute("insert into capture values (?,'past',?,?,?,'article',?,'',?,200,'ok',?,'','','','','','[]','','',null)",
               (name, name, body.portal, body.portal, name, at, digest))
    db.execute("insert into reading values (?,?,'1','','','read','report','','','','','','{}',null)", (name, digest))
    db.execute("insert into report values (?,?,?,'',?,?,'','','','department','own',?,'','',?,0,'',null)",
               (name, name, digest, body.name, body.name, year, f"{day:%Y-%m-%d}"))
    db.execute("insert into report_version values (?,?,?,'',?,1,'',null)", (name, name, digest, at))


def live(folder: Path, year: Year, random: Random, begin: datetime, end: datetime, failing: float = 0.01) -> None:
    """Let time pass from look to look; every crawl takes as long as its slowest host."""
    with Archive(folder) as archive:
        remember(archive, year, random)
        year.known = dict(pasts(archive.db, year.portals, begin))
    now = [begin]

    def crawl(names: Sequence[str], longest: timedelta) -> int:
        now[0] += _crawl(folder, year, names, now[0], longest, random, failing)
        return 0

    service = Service(folder, year.portals, crawl, clock=lambda: now[0])
    while now[0] < end:
        with Archive(folder, write=False) as archive:
            soonest = agenda(archive.db, year.portals, now[0])[0].at
        now[0] = _half_hour(max(now[0] + timedelta(seconds=1), soonest))
        service.tick()


def _half_hour(moment: datetime) -> datetime:
    return moment + (datetime.min.replace(tzinfo=moment.tzinfo) - moment) % TICK


def _crawl(folder: Path, year: Year, names: Sequence[str], now: datetime, longest: timedelta, random: Random,
           failing: float) -> timedelta:
    took = timedelta()
    with Archive(folder) as archive, archive.db as db:
        run_id = f"{now:%Y%m%d%H%M}"
        db.execute("insert into run(run_id, started_at, command) values (?,?,'test')", (run_id, now.isoformat()))
        for name in names:
            well = random.random() >= failing
            ends = now + _look(year, name, now, longest) if well else now + REQUEST
            took = max(took, ends - now)
            year.looks.append((name, now, ends, round((ends - now) / REQUEST), well))
            db.execute("insert into walk values (?,?,'c','',?,?,0,0,0,0,0,0,'{}','',?,null)",
                       (run_id, name, *(("complete", "") if well else ("refused", "timeout")),
                        ends.astimezone(UTC).isoformat()))
    return took


def _look(year: Year, name: str, now: datetime, longest: timedelta) -> timedelta:
    """One portal's share: its lists first, then what is new, then what is due again."""
    at = now
    for body in (body for body in year.bodies if body.portal == name):
        at += REQUEST
        if body.published_at <= at and body.seen_at is None:
            at += REQUEST
            body.seen_at = at
            year.documents[name].append((hashlib.sha256(body.name.encode()).hexdigest()[:32], at, at))
    again = 0
    for place, (uid, first, last) in enumerate(year.documents[name]):
        if again < MOST and at - now < longest and is_due(first, last, now, uid):
            again += 1
            at += REQUEST
            year.documents[name][place] = (uid, first, at)
    return at - now


def rude(year: Year) -> Iterator[str]:
    """Everything done that a guest does not do."""
    by_name = {portal.slug: portal for portal in year.portals}
    last: dict[str, tuple[datetime, bool]] = {}
    for name, begin, end, requests, well in year.looks:
        if is_quiet(by_name[name], begin) or is_quiet(by_name[name], end):
            yield f"{name} was asked in quiet hours, {begin} to {end}"
        if requests > BUDGET:
            yield f"{name} was asked {requests} times in one look"
        if name in last and last[name][1] and begin - last[name][0] < timedelta(hours=20):
            yield f"{name} was looked at twice within {begin - last[name][0]}"
        last[name] = (begin, well)
