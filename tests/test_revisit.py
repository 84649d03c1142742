"""When a known report is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from archive.store import Archive
from crawler.revisit import AFTER, YEAR, Revisits, is_due, looks
from spiders.models import Target
from tests.crawling import crawl
from tests.loopback import Answer, column, portal, report

FIRST = datetime(2024, 1, 20, tzinfo=UTC)
UIDS = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(UIDS, st.integers(0, 2000), st.integers(0, 2000))
def test_a_look_is_due_exactly_when_a_day_passed_since_the_last(uid: str, last: int, more: int) -> None:
    then, now = FIRST + timedelta(days=last), FIRST + timedelta(days=last + more)
    passed = [look for look, _ in zip(looks(FIRST, uid), range(20), strict=False) if then < look <= now]
    assert is_due(FIRST, then, now, uid) == bool(passed)


@given(UIDS)
def test_after_the_first_quarter_a_report_is_looked_at_once_in_every_year(uid: str) -> None:
    days = [look for look, _ in zip(looks(FIRST, uid), range(8), strict=False)]
    assert [day - FIRST for day in days[:3]] == list(AFTER)
    assert days[2] < days[3] <= days[2] + YEAR
    assert {later - earlier for earlier, later in pairwise(days[3:])} == {YEAR}


def test_a_watching_run_fetches_the_list_and_what_is_new_and_nothing_else(tmp_path: Path) -> None:
    with portal(5) as site:
        crawl(tmp_path, [site.url("/nb/")])
        asked = len(site.paths())
        site.routes["/nb/new.html"] = report(9)
        site.routes["/nb/"] = column({f"/nb/{n}.html": "神池县司法局2019年政府信息公开工作年度报告"
                                      for n in ("t0", "t1", "new", "t2", "t3", "t4")})
        again = crawl(tmp_path, [site.url("/nb/")], watch=True)
    assert site.paths()[asked:] == ["/nb/", "/nb/new.html"]
    assert (again["columns"][0]["accepted"], again["columns"][0]["outcome"]) == (6, "complete")
    with Archive(tmp_path, write=False) as archive:                       # the whole set of links is kept all the same
        assert archive.db.execute("select count(distinct uid) from link where page_uid ="
                                  " (select uid from capture where url like '%/nb/')").fetchone() == (6,)


def test_on_its_day_a_known_report_is_due_and_a_host_has_a_budget(tmp_path: Path) -> None:
    with portal(3) as site:
        crawl(tmp_path, [site.url("/nb/")])
    links = [Target(site.url(f"/nb/t{n}.html")) for n in range(3)]
    week = (datetime.now(UTC) + timedelta(days=7, hours=1)).isoformat()
    with Archive(tmp_path, write=False) as archive:
        assert [Revisits(archive.db, week).due(link) for link in links] == [True] * 3
        tired = Revisits(archive.db, week, most=2)
        assert [tired.due(link) for link in links] == [True, True, False]
        assert tired.due(Target(site.url("/nb/unknown.html")))


def test_a_look_dated_after_now_by_a_wrong_clock_holds_no_other_up(tmp_path: Path) -> None:
    with portal(2) as site:
        crawl(tmp_path, [site.url("/nb/")])
    with Archive(tmp_path) as archive, archive.db:
        archive.db.execute("update capture set captured_at = '2099-01-01T00:00:00.000000Z', capture_id = capture_id || 'x'"
                           " where url like '%/t0.html'")
        now = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        assert [Revisits(archive.db, now).due(Target(site.url(f"/nb/t{n}.html"))) for n in range(2)] == [True, False]


def test_a_dead_link_is_tried_again_a_week_later(tmp_path: Path) -> None:
    with portal(2) as site:
        del site.routes["/nb/t1.html"]
        crawl(tmp_path, [site.url("/nb/")])
    dead = Target(site.url("/nb/t1.html"))
    with Archive(tmp_path, write=False) as archive:
        for days, due in ((1, False), (8, True)):
            assert Revisits(archive.db, (datetime.now(UTC) + timedelta(days=days)).isoformat()).due(dead) == due


def test_a_budget_ends_a_watching_run_with_a_ledger_of_what_was_not_asked_and_the_next_goes_on(tmp_path: Path) -> None:
    with portal(9) as site:
        first = crawl(tmp_path, [site.url("/nb/")], watch=True, budget=4)
        assert len(site.paths()) == 4
        second = crawl(tmp_path, [site.url("/nb/")], watch=True)
        assert len(site.paths()) == 4 + 1 + 6                                      # the list again, and what was left
    (line,) = first["columns"]
    assert (line["outcome"], line["missed"], first["finished"]) == ("partial", {"not-asked": 6}, False)
    assert (second["columns"][0]["outcome"], second["resumed"]) == ("complete", False)
    with Archive(tmp_path, write=False) as archive:
        assert archive.db.execute("select outcome from walk order by walked_at").fetchall() == [("partial",), ("complete",)]


def age(folder: Path, days: int) -> None:
    """Everything the archive saw, so many days earlier."""
    with Archive(folder) as archive, archive.db:
        moved = f"strftime('%Y-%m-%dT%H:%M:%f000Z', {{0}}, '-{days} days')"
        archive.db.execute(f"update capture set captured_at = {moved.format('captured_at')}")
        archive.db.execute(f"update walk set walked_at = {moved.format('walked_at')}")


def test_a_report_that_is_no_longer_listed_is_looked_at_on_its_days_all_the_same(tmp_path: Path) -> None:
    title = "神池县司法局2019年政府信息公开工作年度报告"
    with portal(4) as site:
        crawl(tmp_path, [site.url("/nb/")])
        site.routes["/nb/"] = column({f"/nb/t{n}.html": title for n in range(3)})
        crawl(tmp_path, [site.url("/nb/")], watch=True)
        asked = len(site.paths())
        crawl(tmp_path, [site.url("/nb/")], watch=True)
        assert site.paths()[asked:] == ["/nb/"]                                       # its day has not come
        age(tmp_path, 8)
        asked = len(site.paths())
        again = crawl(tmp_path, [site.url("/nb/")], watch=True)
        assert sorted(site.paths()[asked:]) == ["/nb/", *(f"/nb/t{n}.html" for n in range(4))]
        assert again["columns"][0]["accepted"] == 3
        with Archive(tmp_path, write=False) as archive:
            assert archive.db.execute("select distinct outcome from capture where url like '%/t3.html'").fetchall() == [("ok",)]
            assert not archive.db.execute("select 1 from versions where state = 'removed'").fetchone()
            assert archive.db.execute("select count(*), count(distinct hints) from reading").fetchone() == (4, 4)
        age(tmp_path, 40)
        site.routes["/nb/t3.html"] = Answer(b"", status=500)
        last = crawl(tmp_path, [site.url("/nb/")], watch=True)
        assert last["columns"][0]["outcome"] == "complete"                            # it says nothing of its column
