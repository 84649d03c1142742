"""When a portal is looked at next, and why: a pure function of its declaration, its past and the time.

    next_look(portal, past, now) -> Look

The phases of the year, quiet hours and distances are data (seasons.toml). A portal's declaration may say otherwise:

    [schedule]
    quiet = "07:00-21:00"            # China time; no request in between
    every = 14                       # days, in place of the seasons
    daily = ["01-10/01-20"]          # looked at every day, on top of the seasons
    budget = 2000                    # requests in one look
    pause = true                     # not at all
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from spiders.portals import Portal

CHINA = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
BUDGET = 5000                          # requests to a host in one look: three hours at two seconds each
MOST_RETRIES = 3


@dataclass(frozen=True, slots=True)
class Habit:
    """The days of the year on which a body has published before: earliest and latest, as days after 31 December."""

    agency: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Past:
    """What the archive knows of a portal: when it was last looked at, failures since it last went well, bodies' habits."""

    looked_at: datetime | None = None
    failures: int = 0
    habits: Sequence[Habit] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a portal to come. `every` is the distance in days that brought it about, 0 for a first look or a retry."""

    portal: str
    at: datetime
    every: int
    why: str


@cache
def seasons() -> Mapping[str, Any]:
    """The data of seasons.toml."""
    return tomllib.loads(Path(__file__).with_name("seasons.toml").read_text("utf-8"))


def next_look(portal: Portal, past: Past, now: datetime) -> Look | None:
    """The next look at a portal, not before `now`; None for one that is paused."""
    now = now.astimezone(CHINA)
    if portal.schedule.get("pause"):
        return None
    if past.looked_at is None:
        return Look(portal.slug, _open(portal, now), 0, "never looked at")
    looked = past.looked_at.astimezone(CHINA)
    if 0 < past.failures <= MOST_RETRIES:
        at = max(now, looked + timedelta(hours=seasons()["retry"]))
        return Look(portal.slug, _open(portal, at), 0, f"the last look failed ({past.failures}×)")
    earliest = max(now, looked + timedelta(hours=seasons()["spacing"]))
    day = night_of(portal, looked) + DAY
    while True:
        every, why = interval(portal, past, day)
        at = turn(portal, day)
        if day - night_of(portal, looked) >= every * DAY and night_of(portal, earliest) <= day:
            return Look(portal.slug, _open(portal, max(at, earliest)), every, why)
        day += DAY


def budgets(portals: Iterable[Portal]) -> dict[str, int]:
    """The most requests to one host in one look, by host name; looks are a day apart."""
    return {host: int(portal.schedule.get("budget", BUDGET)) for portal in portals for host in portal.own_hosts()}


def interval(portal: Portal, past: Past, day: date) -> tuple[int, str]:
    """Days between two looks at this time of the year, and the reason."""
    for window in portal.schedule.get("daily", ()):
        if _within(day, *window.split("/")):
            return 1, "daily, says the declaration"
    for habit in past.habits:
        if _habitual(habit, day):
            return 1, f"{habit.agency} has published on {_shown(habit.first)}–{_shown(habit.last)}"
    if every := portal.schedule.get("every"):
        return int(every), f"every {every} days, says the declaration"
    phase = next(p for p in seasons()["phase"] if _within(day, p["from"], p["to"]) and _concerns(portal, p.get("bodies")))
    return int(phase["every"]), str(phase["why"])


# ---------------------------------------------------------------- hours


def quiet_hours(portal: Portal) -> tuple[time, time]:
    """From and to, China time; a night that runs over midnight is fine."""
    begin, end = (portal.schedule.get("quiet") or seasons()["quiet"]).split("-")
    return time.fromisoformat(begin), time.fromisoformat(end)


def is_quiet(portal: Portal, moment: datetime) -> bool:
    """Whether nothing is asked of this portal now."""
    begin, end = quiet_hours(portal)
    now = moment.astimezone(CHINA).time()
    return begin <= now < end if begin <= end else now >= begin or now < end


def night_of(portal: Portal, moment: datetime) -> date:
    """The day on whose open hours (from the end of the quiet ones to their next beginning) a moment falls."""
    local = moment.astimezone(CHINA)
    return local.date() - DAY if local.time() < quiet_hours(portal)[1] else local.date()


def turn(portal: Portal, day: date) -> datetime:
    """A portal's own minute in the open hours that begin on this day; the first half of them, so that work can follow."""
    begin, end = quiet_hours(portal)
    opens = datetime.combine(day, end, CHINA)
    length = (datetime.combine(day, begin, CHINA) - opens) % DAY
    return opens + length / 2 * (zlib.crc32(portal.slug.encode()) % 1000 / 1000)


def _open(portal: Portal, moment: datetime) -> datetime:
    """This moment, or the end of the quiet hours it falls into."""
    if not is_quiet(portal, moment):
        return moment
    opens = datetime.combine(moment.date(), quiet_hours(portal)[1], CHINA)
    return opens if opens >= moment else opens + DAY


# ---------------------------------------------------------------- days


def _within(day: date, first: str, last: str) -> bool:
    return first <= f"{day:%m-%d}" <= last if first <= last else not last < f"{day:%m-%d}" < first


def _concerns(portal: Portal, bodies: str | None) -> bool:
    """Whether a phase for departments, or for governments, means this portal; one without declared agencies has both."""
    agencies = [column.agency for column in portal.columns if column.agency]
    if bodies is None or not agencies:
        return True
    governments = [agency.endswith("政府") for agency in agencies]
    return any(governments) if bodies == "governments" else not all(governments)


def _habitual(habit: Habit, day: date) -> bool:
    said = seasons()
    place = day.timetuple().tm_yday
    return habit.first - int(said["before_habit"]) <= place <= habit.last + int(said["after_habit"])


def _shown(place: int) -> str:
    return f"{date(2023, 12, 31) + place * DAY:%m-%d}"


def habits(published: Iterable[tuple[str, int, date]]) -> list[Habit]:
    """The habits of bodies that published at least twice, on days close together, in the first months of the year after.

    `published`: (agency, report year, day), a line per report.
    """
    days: dict[str, list[int]] = {}
    for agency, year, day in published:
        if day.year == year + 1:
            days.setdefault(agency, []).append(day.timetuple().tm_yday)
    return [Habit(agency, min(found), max(found)) for agency, found in sorted(days.items())
            if len(found) > 1 and max(found) - min(found) <= seasons()["habit_spread"]]
