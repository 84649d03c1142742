"""Every simulated portal crawled, each alone and all at once, and what came of it beside what is there.

    python -m bench.portals [NAME…]

Alone and twice over: reports found of those there, reports with a wrong year, look-alikes fetched, columns whose outcome
and refusal are exactly the expected ones, columns called empty that are not, pages a browser fetched, requests for pages of
lists that brought nothing per page that did, and what a second run downloads that had not changed (the spot check of a
server's word, one answer in fifty and the first of every host, is not counted). Then what every closed door is called; then
all at once, in growing copies: memory, and manners as the servers saw them. Exit 1 when a mark is missed.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench import write
from crawler.demo import simulated
from crawler.demo.everything import HURRIED
from crawler.demo.hosting import Hit, Log, hosted
from crawler.demo.judged import Judged, doors, judge
from tests.crawling import start

COPIES = (1, 2, 4)               # of all walkable portals, served and crawled at once
PACE = 0.1                       # seconds between requests to a host, as declared, in the crawl of all at once
MOST_GROWTH = 1.3                # of peak memory, from one copy of all portals to four
_ROW = "{:<9}{:>10}{:>13}{:>13}{:>10}{:>13}{:>9}{:>13}{:>7}"
_HEAD = ("portal", "recall", "wrong years", "look-alikes", "judged", "false empty", "browser", "wasted/page", "again")


@dataclass
class Figures:
    """One portal's figures over two runs."""

    judged: Judged
    wrong_years: int
    browser: int
    wasted: float
    again: int

    @property
    def good(self) -> bool:
        """Whether the marks of the project are met."""
        return self.judged.good and self.wasted <= 1 and not self.wrong_years and not self.again

    def cells(self) -> tuple[object, ...]:
        each = self.judged
        right, empty = len(each.columns) - len(each.misjudged), sum(column.false_empty for column in each.columns)
        return (each.name, f"{each.found}/{len(each.reports)}", self.wrong_years, each.look_alikes,
                f"{right}/{len(each.columns)}", empty, self.browser, self.wasted, self.again)


def alone(name: str) -> Figures:
    """Crawl one simulated portal twice and compare."""
    log = Log()
    with hosted([simulated.portal(name)], log=log) as (place,), tempfile.TemporaryDirectory() as folder:
        seeds = [place.outside(url) for url in place.simulation.seeds or place.simulation.columns]
        settings = HURRIED | {"NIANBAO_BROWSER": name in simulated.REFUSING}
        columns, _ = crawled(Path(folder), seeds, settings)
        first, log.hits = log.hits, []
        crawled(Path(folder), seeds, settings)
        with closing(sqlite3.connect(f"file:{folder}/archive.db?mode=ro", uri=True)) as db:
            (judged,) = judge({name: place}, columns, db, browser=True)
            drawn = db.execute("select count(*) from capture where headers like '%x-nianbao-browser%'").fetchone()[0]
            twice = [url for url in again(first, log.hits) if url in judged.fetched]
            return Figures(judged, judged.wrong_years(db), drawn, judged.wasted(db), len(twice))


def crawled(folder: Path, seeds: Sequence[str], settings: dict[str, Any]) -> tuple[list[dict[str, Any]], list[int]]:
    """A crawl in a process of its own: its ledger, and its resident memory in MB five times a second."""
    child, memory = start(folder, seeds, **settings), []
    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(child.communicate)
        while not said.done():
            memory.append(_resident(child.pid))
            time.sleep(0.2)
        out, err = said.result()
    if child.returncode:
        raise SystemExit(err)
    return json.loads(out.splitlines()[-1])["columns"], [each for each in memory if each]


def _resident(pid: int) -> int:
    try:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) // 1024 if found else 0


def again(first: Iterable[Hit], second: Sequence[Hit]) -> Iterator[str]:
    """What a second run downloaded that had not changed, without what it asked for to test a server's word."""
    known = {(hit.method, hit.url): hit.data for hit in first}
    vouched = {hit.url for hit in second if hit.status == 304}
    for hit in second:
        fetched = hit.method == "GET" and hit.status == 200 and not hit.url.endswith("/robots.txt")
        if fetched and hit.url not in vouched and known.get((hit.method, hit.url)) == hit.data:
            yield hit.url


# ---------------------------------------------------------------- all at once


@dataclass
class Together:
    """One crawl over so many copies of all walkable portals: memory as it went, and manners as the servers saw them."""

    copies: int
    hosts: int
    requests: int
    missed: list[str]
    memory: list[int]
    robots_not_first: list[str] = field(default_factory=list)
    above_rate: list[str] = field(default_factory=list)
    shortest: float = 0.0
    most_connections: int = 0

    @property
    def good(self) -> bool:
        return not (self.missed or self.robots_not_first or self.above_rate) and self.most_connections == 1

    def __str__(self) -> str:
        quarters = [self.memory[min(len(self.memory) - 1, len(self.memory) * n // 4)] for n in (1, 2, 3)]
        return (f"{self.copies} of each: {self.hosts} hosts, {self.requests} requests; memory {quarters} MB at the quarters, "
                f"{max(self.memory)} MB at most; robots first on {self.hosts - len(self.robots_not_first)}, never above the "
                f"rate on {self.hosts - len(self.above_rate)} (shortest pause {self.shortest} s of {PACE}), "
                f"{self.most_connections} connection at most; portals that missed their mark: {len(self.missed)}")


def at_once(copies: int) -> Together:
    """Serve and crawl all walkable portals at once, so many times over."""
    names, log = simulated.walkable() * copies, Log()
    with hosted([simulated.portal(name) for name in names], log=log) as places, tempfile.TemporaryDirectory() as folder:
        seeds = [place.outside(url) for place in places for url in place.simulation.seeds or place.simulation.columns]
        delays = {netloc: PACE for place in places for netloc in place.netlocs()}
        columns, memory = crawled(Path(folder), seeds, HURRIED | {"NIANBAO_DELAYS": delays})
        with closing(sqlite3.connect(f"file:{folder}/archive.db?mode=ro", uri=True)) as db:
            named = {f"{names[number]} {number}": place for number, place in enumerate(places)}
            missed = [each.name for each in judge(named, columns, db, browser=False) if not each.good]
    return _seen(log, Together(copies, 0, len(log.hits), missed, memory))


def _seen(log: Log, crawl: Together) -> Together:
    """The manners of a crawl: robots first, never above the declared rate, one connection to a host."""
    by_host: dict[str, list[Hit]] = defaultdict(list)
    for hit in sorted(log.hits, key=lambda hit: hit.began):
        by_host[hit.server].append(hit)
    gaps = {host: min((b.began - a.ended for a, b in pairwise(hits)), default=PACE) for host, hits in by_host.items()}
    crawl.hosts, crawl.most_connections = len(by_host), max(log.most_open.values())
    crawl.shortest = round(min(gaps.values()), 3)
    crawl.robots_not_first = [host for host, hits in by_host.items() if not hits[0].url.endswith("/robots.txt")]
    crawl.above_rate = [host for host, gap in gaps.items() if gap < 0.9 * PACE]
    return crawl


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", help="only these portals, each alone")
    wanted = parser.parse_args().names
    print(_ROW.format(*_HEAD))
    figures = []
    for name in wanted or simulated.names():
        figures.append(alone(name))
        print(_ROW.format(*figures[-1].cells()) + ("" if figures[-1].good else "  <- misses its mark"), flush=True)
    for each in figures:
        if each.judged.name in simulated.REFUSING:
            print(f"doors of {each.judged.name}:", *doors(each.judged), sep="\n")
    together = []
    for copies in () if wanted else COPIES:
        together.append(at_once(copies))
        print(together[-1], flush=True)
    growth = max(together[-1].memory) / max(together[0].memory) if together else 1.0
    if together:
        print(f"peak memory grows {growth:.2f} times while the work grows {COPIES[-1]} times")
    told = {each.judged.name: dict(zip(_HEAD[1:], each.cells()[1:], strict=True)) for each in figures}
    print(write("portals", {"alone": told, "at once": [asdict(each) for each in together]}))
    good = all(each.good for each in (*figures, *together)) and growth <= MOST_GROWTH
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
