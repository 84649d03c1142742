"""What is wrong with which column, as a pure function of the catalogue: nothing is noted down, so a good look closes an alarm.

Three layers. Fetch: the column did not answer; one look is enough (hard). Contract: the column answers and gives less than
it did or says it has; two of the last three looks must say so, the last among them (soft). Data: its documents read worse.
Beside them a dead-man's switch: a portal that was watched and has not been seen well for a long time.
Looks narrowed to a year or a number of reports, or cut short by a budget, say nothing of the contract.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, takewhile
from statistics import median
from typing import Any, NamedTuple

from archive.exceptions import NotFound
from crawler import alarm_data
from spiders import titles

#: why a column did not answer → class of the alarm
FETCH = {"robots": "blocked", "geo": "blocked", "waf": "blocked", "challenge": "blocked", "private": "blocked",
         "dns": "down", "tls": "down", "timeout": "down", "server-error": "down", "error": "down", "truncated": "down",
         "gone": "removed", "soft-404": "removed"}
ACTIONS = {
    "blocked": "Look at the page with a browser from the same network; ask the operator, or crawl later and more slowly.",
    "down": "Wait a day; if it stays, look whether the host has a new name.",
    "moved": "Put the new address into the portal's declaration: {where}.",
    "removed": "Look for the column on the portal's home page with `nianbao portal new`; the archived copies stay.",
    "redesigned": "Open the page, and set `platform` in the portal's declaration or report the new design.",
    "shrunk": "Open the list and compare it with the archived one; what is gone stays in the archive.",
    "unwatched": "See whether `nianbao schedule` still runs and what its last crawl said; `--accept` when it is given up.",
    "late": "Look at the column by hand, then ask the bodies that have not published.",
    "data": "Read one of the documents with `nianbao read` and compare; hold the next release until it is understood.",
}
LOOKS = 12              # looks of a column that are remembered
WINDOW, ENOUGH = 3, 2   # a soft alarm stands when this many of the last looks agree
SHRUNK = 0.8            # of the median of good looks
PAGE = "(role in ('column', 'list', 'home') or progress <> '')"        # as in the index capture_page

Reports = dict[str, str]        # uid → title


class Look(NamedTuple):
    """One line of the ledger: a column in a run."""

    run_id: str
    platform: str
    outcome: str
    refusal: str
    declared: int | None
    rows: int
    accepted: int
    at: str
    narrowed: bool


class Symptom(NamedTuple):
    """What is wrong with one look: the class it speaks for, a sentence, and numbers."""

    kind: str
    said: str
    counts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about one column that asks for a person. `severity` is hard or soft, `kind` one of `ACTIONS`."""

    kind: str
    severity: str
    layer: str
    portal: str
    url: str
    said: str
    since: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same for the same trouble with the same column, whenever and wherever it is found."""
        return hashlib.sha256(f"{self.kind}\n{self.portal}\n{self.url}".encode()).hexdigest()[:16]

    @property
    def action(self) -> str:
        return ACTIONS[self.kind].format(where=self.evidence.get("candidate", ""))

    def shown(self) -> dict[str, Any]:
        """The alarm as plain values."""
        return {"fingerprint": self.fingerprint, "class": self.kind, "severity": self.severity, "layer": self.layer,
                "portal": self.portal, "url": self.url, "message": self.said, "since": self.since, "action": self.action,
                "evidence": dict(self.evidence)}


def alarms(db: sqlite3.Connection) -> list[Alarm]:
    """Every open alarm, hard ones first."""
    found = [alarm for (portal, url), looks in _columns(db) if (alarm := Column(db, portal, url, looks).alarm())]
    found += _told(db, alarm_data.late(db), "contract") + read_worse(db)
    blind = {alarm.portal for alarm in found if alarm.layer == "fetch"}
    found += [alarm for alarm in _told(db, alarm_data.unwatched(db), "fetch") if alarm.portal not in blind]
    return sorted(found, key=lambda alarm: (alarm.severity, alarm.portal, alarm.url, alarm.kind))


def read_worse(db: sqlite3.Connection) -> list[Alarm]:
    """The alarms of the data layer: while one is open, what was published last is better than what would be now."""
    return _told(db, alarm_data.worse(db), "data")


def _told(db: sqlite3.Connection, found: Iterable[alarm_data.Found], layer: str) -> list[Alarm]:
    """Alarms that no person has accepted since they began."""
    told = (Alarm(kind, "soft", layer, portal, url, said, at, evidence) for portal, url, at, kind, said, evidence in found)
    return [alarm for alarm in told if accepted(db, alarm) < alarm.since]


def accepted(db: sqlite3.Connection, alarm: Alarm) -> str:
    """When a person last said that what an alarm tells is how things are now; empty if never."""
    row = db.execute("select settled_at from settlement where subject = ?", (f"alarm {alarm.fingerprint}",)).fetchone()
    return str(row[0]) if row else ""


def _columns(db: sqlite3.Connection) -> Iterator[tuple[tuple[str, str], list[Look]]]:
    """Every column that the newest run of its kind still asked for, with its last looks, oldest first."""
    rows = db.execute("""
        with ran as (select run_id, targets, started_at, max(started_at) over (partition by targets) as newest
                       from run where started_at <= ?1 and run_id in (select run_id from walk))
        select w.portal, w.url, w.run_id, w.platform, w.outcome, w.refusal, w.declared, w.rows, w.accepted, w.walked_at,
               instr(r.targets, '"--year ') or instr(r.targets, '"--limit '), r.started_at = r.newest
          from walk w join ran r using (run_id) where w.walked_at <= ?1
         order by w.portal, w.url, w.walked_at, w.run_id""", (datetime.now(UTC).isoformat(),))
    for key, lines in groupby(rows, key=lambda row: (row[0], row[1])):
        looks = list(lines)
        if looks[-1][-1]:
            yield key, [Look._make((*row[2:10], bool(row[10]))) for row in looks[-LOOKS:]]


class Column:
    """The looks at one column, judged in order: a look without a symptom is what later ones are measured by."""

    def __init__(self, db: sqlite3.Connection, portal: str, url: str, looks: Sequence[Look]) -> None:
        self.db, self.portal, self.url = db, portal, url
        self.looks = [look for look in looks if look.refusal != "not-asked"]
        self.good: list[Look] = []
        self._known: dict[tuple[str, ...], Reports] = {}

    def alarm(self) -> Alarm | None:
        """The one alarm of the fetch and contract layers, if any."""
        judged = [(look, unanswered(look) or self._contract(look)) for look in self.looks]
        if not judged:
            return None
        last = self.looks[-1]
        if symptom := unanswered(last):
            trouble = list(takewhile(unanswered, reversed(self.looks)))
            return self._made(symptom, "hard", "fetch", trouble[::-1])
        window = [(look, symptom) for look, symptom in judged if not look.narrowed][-WINDOW:]
        ill = [(look, symptom) for look, symptom in window if symptom]
        if len(ill) < ENOUGH or window[-1][1] is None:
            return None
        return self._made(ill[-1][1], "soft", "contract", [look for look, _ in ill])

    def _contract(self, look: Look) -> Symptom | None:
        """What the column promised and this look did not find."""
        if look.narrowed:
            return None
        symptom = _incomplete(look) or self._less(look) or self._gone(look)
        if symptom and look.at < self._accepted(symptom.kind):
            self.good, symptom = [], None
        if symptom is None and look.outcome in ("complete", "empty"):
            self.good.append(look)
        return symptom

    def _accepted(self, kind: str) -> str:
        return accepted(self.db, Alarm(kind, "", "", self.portal, self.url, "", ""))

    def _less(self, look: Look) -> Symptom | None:
        """Fewer reports than good looks had."""
        usual = median(good.accepted for good in self.good) if self.good else 0
        if look.accepted >= SHRUNK * usual:
            return None
        counts = {"accepted": look.accepted, "usual": usual, "platform": look.platform, "before": self.good[-1].platform}
        kind = "redesigned" if not look.accepted or look.platform != self.good[-1].platform else "shrunk"
        kind = "removed" if look.outcome == "empty" else kind
        return Symptom(kind, f"{look.accepted} reports where there were {usual:g}", counts)

    def _gone(self, look: Look) -> Symptom | None:
        """Known reports that the list no longer names, at another address neither; a list that only moves on is healthy."""
        if not self.good:
            return None
        before, now = self._reports(self.good[-1]), self._reports(look)
        lost = [uid for uid, title in before.items() if uid not in now and title not in now.values()]
        new = len(now.keys() - before.keys())
        if not lost or (new >= len(lost) and lost == list(before)[-len(lost):]):
            return None
        years = sorted(_years(before.values()) - _years(now.values()))
        none = f", of {', '.join(map(str, years))} none" if years else ""
        told = f"{len(lost)} known reports or sub-columns are no longer listed{none}"
        shown = [before[uid] for uid in lost[:5]]
        return Symptom("shrunk" if years else "removed", told, {"lost": len(lost), "new": new, "years": years, "titles": shown})

    def _reports(self, look: Look) -> Reports:
        """Reports and sub-columns that the column's pages named in this look, in their order."""
        pages = tuple(f"{uid} {digest}" for uid, digest, _ in self._pages(look) if digest)
        if pages not in self._known:
            self._known[pages] = dict(pair for page in pages for pair in _links(self.db, *page.split(" ")))
        return self._known[pages]

    def _pages(self, look: Look) -> list[tuple[str, str | None, str]]:
        return self.db.execute(f"select uid, digest, capture_id from capture where portal = ? and column_url = ? and run_id = ?"
                               f" and {PAGE} order by captured_at, capture_id", (self.portal, self.url, look.run_id)).fetchall()

    def _made(self, symptom: Symptom, severity: str, layer: str, looks: Sequence[Look]) -> Alarm:
        evidence: dict[str, Any] = {
            "runs": [look.run_id for look in looks], "captures": [page[2] for look in looks for page in self._pages(look)][-6:],
            "last_good": self.good[-1].run_id if self.good else None, "counts": symptom.counts}
        kind = symptom.kind
        if kind in ("removed", "redesigned") and (candidate := self._elsewhere(looks[-1])):
            kind, evidence["candidate"] = "moved", candidate
        return Alarm(kind, severity, layer, self.portal, self.url, symptom.said, looks[0].at, evidence)

    def _elsewhere(self, look: Look) -> str:
        """The column of the portal that names most of this one's reports now and did not before; empty if there is none."""
        if not self.good:
            return ""
        wanted = set(self._reports(self.good[-1]).values())
        found: Counter[str] = Counter()
        for column, in self.db.execute("select distinct column_url from capture where portal = ? and column_url <> ?"
                                       f" and run_id = ? and {PAGE}", (self.portal, self.url, look.run_id)).fetchall():
            other = Column(self.db, self.portal, column, ())
            if not wanted & set(other._reports(self.good[-1]).values()):
                found[column] = len(wanted & set(other._reports(look).values()))
        return next((column for column, count in found.most_common(1) if count * 2 > len(wanted)), "")


def accept(db: sqlite3.Connection, fingerprint: str, reason: str, at: str) -> None:
    """A person's word that a soft alarm tells how the column is now: later looks are measured by this one.

    Raises `NotFound` when no such alarm of the contract layer is open. The caller owns the transaction.
    """
    if not any(alarm.fingerprint == fingerprint and alarm.severity == "soft" for alarm in alarms(db)):
        raise NotFound(f"no soft alarm called {fingerprint!r} is open; `nianbao alarms --json` gives each fingerprint")
    db.execute("insert or replace into settlement values (?, ?, ?, null)", (f"alarm {fingerprint}", reason, at))


def unanswered(look: Look) -> Symptom | None:
    """The symptom of a look that got no column at all."""
    if look.outcome not in ("refused", "broken") or look.refusal not in FETCH:
        return None
    return Symptom(FETCH[look.refusal], f"the column answers {look.refusal}", {"refusal": look.refusal})


def _incomplete(look: Look) -> Symptom | None:
    """What the look itself shows, without any other."""
    if look.outcome in ("broken", "refused"):
        return Symptom("redesigned", f"no list was recognised ({look.refusal or 'nothing listed'})", {"refusal": look.refusal})
    if look.outcome != "partial":
        return None
    if look.declared is not None and look.rows < look.declared:
        return Symptom("shrunk", f"the list says {look.declared} and shows {look.rows}",
                       {"declared": look.declared, "rows": look.rows})
    kind = FETCH.get(look.refusal, "redesigned")
    said = look.refusal or "its end is not proved"
    return Symptom("shrunk" if kind == "removed" else kind, f"part of the column is missing: {said}", {"refusal": look.refusal})


def _links(db: sqlite3.Connection, uid: str, digest: str) -> list[tuple[str, str]]:
    """(uid, title) of the reports and sub-columns that these bytes of a page name."""
    found = db.execute("select uid, coalesce(nullif(target ->> 'link_text', ''), target ->> 'url') from link where page_uid = ?"
                       " and digest = ? and coalesce(target ->> 'role', 'article') in ('article', 'attachment', 'column')"
                       " order by position", (uid, digest))
    return [(link, "".join(title.split())) for link, title in found]


def _years(names: Iterable[str]) -> set[int]:
    return {year for name in names for year in titles.years(name)}
