"""All kinds of hosts at once: every closed door by its name, manners as the servers saw them, no host waiting for another."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from archive.store import Archive
from crawler.demo import simulated
from crawler.demo.everything import HURRIED
from crawler.demo.hosting import Hit, Log, Place, hosted
from crawler.demo.judged import Judged, judge
from tests.crawling import crawl
from tests.loopback import Answer, portal, report
from tests.loopback import Hit as Seen

DELAY = 0.2


@dataclass(frozen=True)
class Visit:
    """One crawl over closed doors and two portals, and what their servers saw."""

    judged: dict[str, Judged]
    place: Place
    hits: dict[str, list[Hit]]
    log: Log


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    folder, log, names = tmp_path_factory.mktemp("all"), Log(), ("waf", "qu", "gbk")
    with hosted([simulated.portal(name) for name in names], log=log) as served:
        places = dict(zip(names, served, strict=True))
        seeds = [place.outside(url) for place in served for url in place.simulation.seeds or place.simulation.columns]
        delays = {netloc: DELAY for name in ("qu", "gbk") for netloc in places[name].netlocs()}
        once = places["waf"].outside("http://once-429.waf.sim").removeprefix("http://")
        outcome = crawl(folder, seeds, **HURRIED | {"NIANBAO_DELAYS": delays | {once: 0.6}, "DOWNLOAD_TIMEOUT": 4})
    with Archive(folder, write=False) as archive:
        judged = {each.name: each for each in judge(places, outcome["columns"], archive.db, browser=False)}
    hits = defaultdict(list)
    for hit in sorted(log.hits, key=lambda hit: hit.began):
        hits[urlsplit(hit.url).netloc].append(hit)
    yield Visit(judged, places["waf"], dict(hits), log)


@pytest.mark.parametrize("url", simulated.portal("waf").columns)
def test_every_door_is_called_by_its_name(visit: Visit, url: str) -> None:
    (column,) = (each for each in visit.judged["waf"].columns if each.url == url)
    assert column.right, (column.verdict, column.expected)


def test_nothing_is_lost_between_closed_doors(visit: Visit) -> None:
    for judged in visit.judged.values():
        assert not judged.missing and not judged.look_alikes and not [c for c in judged.columns if c.false_empty]
    assert visit.judged["qu"].good and visit.judged["gbk"].good


def test_every_host_is_asked_for_its_robots_first(visit: Visit) -> None:
    assert len(visit.hits) > 40
    assert {host: hits[0].url for host, hits in visit.hits.items() if not hits[0].url.endswith("/robots.txt")} == {}


def test_every_host_sees_one_connection_at_a_time(visit: Visit) -> None:
    assert {host: most for host, most in visit.log.most_open.items() if most > 1} == {}


def test_no_host_is_asked_above_the_declared_rate(visit: Visit) -> None:
    paced = {host: hits for host, hits in visit.hits.items() if host.endswith((".qu.sim", ".gbk.sim"))}
    assert sum(map(len, paced.values())) > 40
    for host, hits in paced.items():
        assert min(after.began - before.ended for before, after in pairwise(hits)) > 0.9 * DELAY, host


def test_429_halves_the_rate_at_once(visit: Visit) -> None:
    hits = visit.hits["once-429.waf.sim"]
    told = next(number for number, hit in enumerate(hits) if hit.status == 429)
    assert len(hits) > told + 2
    assert min(after.began - before.ended for before, after in pairwise(hits[told:])) > 1.9 * 0.6


def test_the_distance_is_kept_behind_a_slow_redirect_too(tmp_path: Path) -> None:
    with portal(2) as site:
        site.routes["/nb/t0.html"] = Answer(b"", 302, {"Location": "/nb/moved.html"}, pause=0.5)
        site.routes["/nb/moved.html"] = report(0)
        crawl(tmp_path, [site.url("/nb/")], NIANBAO_DELAYS={f"127.0.0.1:{site.port}": 0.4})
        sent, moved = (next(hit.at for hit in site.hits if hit.path == f"/nb/{name}.html") for name in ("t0", "moved"))
    assert moved - sent > 0.5 + 0.9 * 0.4


def test_a_host_that_hangs_until_all_others_are_done_delays_none(tmp_path: Path) -> None:
    done, waited, left = threading.Event(), [], set(range(20))

    def hang(hit: Seen) -> Any:
        waited.append(done.wait(60))               # would be false if anybody waited for this host
        return report(0)

    def quickly(number: int) -> Any:
        def answer(hit: Seen) -> Any:
            left.discard(number)
            if not left:
                done.set()
            return report(number)
        return answer

    with portal(3) as slow, portal(20, "127.0.0.2") as quick:
        slow.routes["/nb/t0.html"] = hang
        quick.routes |= {f"/nb/t{number}.html": quickly(number) for number in range(20)}
        lines = crawl(tmp_path, [slow.url("/nb/"), quick.url("/nb/")], DOWNLOAD_TIMEOUT=90)["columns"]
    assert waited == [True]
    assert sorted((line["outcome"], line["accepted"]) for line in lines) == [("complete", 3), ("complete", 20)]
