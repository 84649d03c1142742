"""What a crawl found of a simulated portal, beside what is there."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crawler.demo.hosting import Place
from crawler.demo.simulation import Expected, Reply

_YEAR = re.compile(r"(\d{4})年认真贯彻")       # as the simulated reports say of themselves
_LISTS = ("column", "list", "home")


@dataclass(frozen=True)
class Column:
    """One column's outcome beside the expected one."""

    url: str
    expected: Expected
    said: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        """What the ledger says: the refusal, where there is one that speaks for the column."""
        outcome, refusal = str(self.said.get("outcome", "not walked")), str(self.said.get("refusal") or "")
        return f"{outcome}: {refusal}" if refusal and outcome not in ("complete", "empty") else outcome

    @property
    def right(self) -> bool:
        """Whether outcome and refusal are exactly the expected ones."""
        wanted = f"{self.expected.outcome}: {self.expected.refusal}" if self.expected.refusal else self.expected.outcome
        return self.verdict == wanted

    @property
    def false_empty(self) -> bool:
        return self.said.get("outcome") == "empty" and self.expected.outcome != "empty"


@dataclass(frozen=True)
class Judged:
    """A portal's columns, and the addresses whose bytes the archive has."""

    name: str
    place: Place
    columns: Sequence[Column]
    fetched: frozenset[str]

    @cached_property
    def reports(self) -> set[str]:
        return set().union(*(column.expected.reports for column in self.columns))

    @cached_property
    def missing(self) -> set[str]:
        """Reports and files that are there and were not had."""
        return (self.reports | (set(self.place.simulation.files) if self.reports else set())) - self.fetched

    @property
    def found(self) -> int:
        return len(self.reports & self.fetched)

    @property
    def look_alikes(self) -> int:
        """What is no report and was fetched as one."""
        rejected = set().union(*(column.expected.rejected for column in self.columns))
        return len((rejected - self.reports) & self.fetched)

    @property
    def misjudged(self) -> list[Column]:
        return [column for column in self.columns if not column.right]

    @property
    def good(self) -> bool:
        """Whether everything was had and every column is named rightly."""
        return not self.missing and not self.misjudged and not self.look_alikes

    def wrong_years(self, db: sqlite3.Connection) -> int:
        """Reports whose tagged year is not the one they speak of; a report without a year is not wrong."""
        tagged = db.execute("""select distinct c.url, t.value from capture c join reading r using (digest)
                                 join tag t on t.reading_id = r.reading_id and t.name = 'year'""").fetchall()
        return sum(year is not None and (truth := self._truth(self.place.inside(url))) is not None and truth != year
                   for url, year in tagged)

    def _truth(self, url: str) -> int | None:
        route = self.place.simulation.routes.get(url.partition("://")[2])
        said = _YEAR.search(route.data().decode("utf-8", "replace")) if isinstance(route, Reply) else None
        return int(said[1]) if said else None

    def wasted(self, db: sqlite3.Connection) -> float:
        """Requests for pages of lists that brought no row and no link, per page that did; the first run only."""
        told = [json.loads(progress) for url, progress in db.execute(
            f"select column_url, progress from capture where progress <> '' and role in {_LISTS} and run_id ="
            " (select run_id from run order by started_at limit 1)") if self.place.inside(url) in self._walked]
        wasted = sum(bool(page.get("probe") or not (page.get("rows") or page.get("accepted") or page.get("end_proof")))
                     for page in told)
        return round(wasted / max(1, len(told) - wasted), 2)

    @cached_property
    def _walked(self) -> set[str]:
        return {column.url for column in self.columns if column.expected.outcome in ("complete", "empty")}


def judge(places: Mapping[str, Place], columns: Iterable[Mapping[str, Any]], db: sqlite3.Connection,
          browser: bool) -> list[Judged]:
    """Every served portal, compared: `columns` is the ledger of a run, `browser` whether one was at hand."""
    fetched = [url for (url,) in db.execute("select distinct url from capture where outcome = 'ok'")]
    ledger = {str(column["url"]): column for column in columns}
    return [_judged(name, place, ledger, fetched, browser) for name, place in places.items()]


def _judged(name: str, place: Place, ledger: Mapping[str, Mapping[str, Any]], fetched: Sequence[str], browser: bool) -> Judged:
    own = frozenset(inner for url in fetched if (inner := place.inside(url)) != url)
    found = [Column(url, expected if browser else expected.without_browser(), ledger.get(place.outside(url), {}))
             for url, expected in place.simulation.columns.items()]
    return Judged(name, place, found, own)


def table(judged: Sequence[Judged]) -> Iterator[str]:
    """One line per portal: reports found of those there, columns judged rightly, and every column that was not."""
    yield f"{'portal':<10}{'reports':>12}{'columns':>12}{'look-alikes':>13}{'false empty':>13}"
    for each in judged:
        right = len(each.columns) - len(each.misjudged)
        empty = sum(column.false_empty for column in each.columns)
        yield (f"{each.name:<10}{f'{each.found}/{len(each.reports)}':>12}{f'{right}/{len(each.columns)}':>12}"
               f"{each.look_alikes:>13}{empty:>13}{'' if each.good else '  <- misses its mark'}")
        for column in each.misjudged:
            yield f"    {column.url}: {column.verdict}, not {column.expected.outcome} {column.expected.refusal}"
        for url in sorted(each.missing)[:5]:
            yield f"    not had: {url}"


def doors(judged: Judged) -> Iterator[str]:
    """One line per host of a portal: what it is called."""
    for column in judged.columns:
        host = column.url.split("/")[2].partition(".")[0]
        yield f"  {host:<16}{column.verdict}{'' if column.right else '  <- should be ' + column.expected.refusal}"
