"""The frontier hands out each target once, host by host in turn, and forgets nothing that was not done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import frontier
from archive.frontier import Frontier, Work
from archive.store import Archive, Link, Observation


def link(n: int, host: str) -> Link:
    return Link(f"{n:032x}", host, f'{{"url": "http://{host}/{n}"}}')


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        with opened.db:
            opened.db.executemany("insert into run(run_id, started_at, command) values (?, '2024-02-01', 'test')",
                                  [("r",), ("other",)])
        yield opened


def add(archive: Archive, *links: Link, run_id: str = "r") -> None:
    with archive.db:
        frontier.add(archive.db, run_id, links)


def done(archive: Archive, work: Work) -> None:
    archive.put([Observation("r", work.uid, "article", "http://a/", f"2024-02-01T00:00:{work.seq:02}Z", 200, "ok", b"x")])


def rest(queue: Frontier) -> list[Work]:
    return list(iter(queue.next, None))


def test_every_target_is_handed_out_once(archive: Archive) -> None:
    add(archive, *(link(n, f"h{n % 7}") for n in range(500)))
    queue = Frontier(archive.db, "r", ahead=3)
    assert sorted(work.uid for work in rest(queue)) == [f"{n:032x}" for n in range(500)]
    assert queue.next() is None


def test_hosts_take_turns(archive: Archive) -> None:
    add(archive, *(link(n, "long") for n in range(90)), *(link(100 + n, f"h{n}") for n in range(9)))
    first = [work.host for work in rest(Frontier(archive.db, "r"))][:10]
    assert Counter(first).most_common(1)[0][1] == 1


def test_a_host_keeps_the_order_in_which_its_targets_were_found(archive: Archive) -> None:
    add(archive, *(link(n, "h") for n in (5, 3, 9, 1)))
    assert [int(work.uid, 16) for work in rest(Frontier(archive.db, "r", ahead=2))] == [5, 3, 9, 1]


def test_a_busy_host_delays_no_other(archive: Archive) -> None:
    add(archive, *(link(n, "slow") for n in range(5)), link(9, "quick"))
    queue = Frontier(archive.db, "r")
    assert [work.host for work in iter(lambda: queue.next({"slow"}), None)] == ["quick"]
    assert len(rest(queue)) == 5


def test_what_was_in_flight_when_a_crawl_died_is_still_to_do(archive: Archive) -> None:
    add(archive, *(link(n, "h") for n in range(6)))
    queue = Frontier(archive.db, "r")
    stored, _lost = queue.next(), queue.next()
    assert stored is not None
    done(archive, stored)
    assert [int(work.uid, 16) for work in rest(Frontier(archive.db, "r"))] == [1, 2, 3, 4, 5]


def test_targets_found_later_are_handed_out_too(archive: Archive) -> None:
    add(archive, link(1, "a"))
    queue = Frontier(archive.db, "r")
    assert len(rest(queue)) == 1
    add(archive, link(2, "a"), link(3, "b"))
    queue.find_hosts()
    assert sorted(work.host for work in rest(queue)) == ["a", "b"]


def test_what_is_in_flight_is_not_handed_out_again_when_hosts_are_looked_for(archive: Archive) -> None:
    add(archive, *(link(n, "a") for n in range(3)))
    queue = Frontier(archive.db, "r", ahead=2)
    assert len(rest(queue)) == 3
    queue.find_hosts()
    assert rest(queue) == []
    assert queue.left()


def test_a_known_target_is_not_queued_again_not_even_when_done(archive: Archive) -> None:
    add(archive, link(1, "a"), link(1, "a"))
    queue = Frontier(archive.db, "r")
    (work,) = rest(queue)
    done(archive, work)
    add(archive, link(1, "a"))
    queue.find_hosts()
    assert rest(queue) == []
    assert not queue.left()


def test_runs_do_not_mix(archive: Archive) -> None:
    add(archive, link(1, "a"))
    add(archive, link(2, "b"), run_id="other")
    assert [work.host for work in rest(Frontier(archive.db, "r"))] == ["a"]


def test_opening_and_asking_reads_through_indexes_only(archive: Archive) -> None:
    """A queue of millions must open at once: no step of the way may scan the table or sort it."""
    add(archive, *(link(n, f"h{n % 5}") for n in range(50)))
    asked: list[str] = []
    archive.db.set_trace_callback(asked.append)
    queue = Frontier(archive.db, "r")
    queue.next()
    assert queue.left()
    archive.db.set_trace_callback(None)
    plans = [str(row[3]) for sql in asked for row in archive.db.execute(f"explain query plan {sql}")]
    assert any("frontier" in step for step in plans)
    assert not [step for step in plans if step.startswith("SCAN frontier") or "TEMP B-TREE" in step]
