"""A broken column raises the right alarm, a healthy one never."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from crawler import alarm_delivery
from crawler.alarms import alarms
from crawler.cli import cli
from crawler.demo import simulated
from tests.loopback import Answer, Hit, Site
from tests.mutations import COLUMN, HARD, HARMLESS, SOFT, Watched, healthy, plain
from tests.sample import Sample, report


@pytest.mark.parametrize("name", HARD)
def test_a_column_that_does_not_answer_is_told_after_one_look_and_forgotten_after_a_good_one(tmp_path: Path, name: str) -> None:
    mutation, kind = HARD[name]
    with Watched(tmp_path, plain()) as watched:
        watched.look()
        watched.look(mutation)
        (alarm,) = alarms(watched.db)
        assert (alarm.kind, alarm.severity, alarm.layer, alarm.url) == (kind, "hard", "fetch", COLUMN)
        assert len(alarm.evidence["runs"]) == len(alarm.evidence["captures"]) == 1
        first = alarm.fingerprint
        watched.look(mutation)
        assert [each.fingerprint for each in alarms(watched.db)] == [first]
        watched.look()
        assert not alarms(watched.db)


@pytest.mark.parametrize("name", SOFT)
def test_a_column_that_gives_less_is_told_after_two_looks_of_three(tmp_path: Path, name: str) -> None:
    mutation, kinds = SOFT[name]
    with Watched(tmp_path, plain()) as watched:
        for each in (healthy, healthy, mutation):
            watched.look(each)
            assert not alarms(watched.db)
        watched.look(mutation)
        alarm = next(alarm for alarm in alarms(watched.db) if alarm.url == COLUMN)
        assert (alarm.kind in kinds, alarm.severity, len(alarm.evidence["runs"])) == (True, "soft", 2), alarm
        watched.look()
        assert not [alarm for alarm in alarms(watched.db) if alarm.url == COLUMN]


@pytest.mark.parametrize("name", HARMLESS)
def test_a_change_that_loses_nothing_is_no_alarm(tmp_path: Path, name: str) -> None:
    with Watched(tmp_path, plain()) as watched:
        for mutation in (healthy, healthy, *[HARMLESS[name]] * 3):
            watched.look(mutation)
            assert not alarms(watched.db)


@pytest.mark.parametrize("name", simulated.walkable())
def test_fifty_healthy_looks_raise_nothing_and_one_outage_is_told_for_every_column(tmp_path: Path, name: str) -> None:
    portal = simulated.portal(name)
    with Watched(tmp_path / "before", portal) as watched:
        watched.look()                                 # in one of them a row drops out for good during the first walk
    with Watched(tmp_path / "since", portal) as watched:
        for _ in range(5):
            fine = {line["url"] for line in watched.look() if line["outcome"] in ("complete", "empty")}
            assert not [alarm for alarm in alarms(watched.db) if alarm.url in fine]
        watched.look(HARD["timeout"][0])
        assert {alarm.kind for alarm in alarms(watched.db)} == {"down"}


def test_a_look_narrowed_to_a_year_says_nothing_of_what_is_missing(tmp_path: Path) -> None:
    with Watched(tmp_path, plain()) as watched:
        watched.look()
        for _ in range(3):
            watched.look(SOFT["half the rows gone"][0], "--year 2020")
        assert not alarms(watched.db)


def test_the_command_writes_a_feed_and_posts_each_alarm_once_until_it_comes_back(tmp_path: Path) -> None:
    posted: list[Hit] = []

    def hook(hit: Hit) -> Answer:
        posted.append(hit)
        return Answer(b"")
    with Site({"/hook": hook}) as site:
        def told() -> int:
            done = CliRunner().invoke(cli, ["alarms", "--json", "--atom", str(tmp_path / "alarms.xml"), "--webhook",
                                            site.url("/hook"), "--archive", str(tmp_path / "a")])
            assert done.exit_code == (1 if json.loads(done.stdout) else 0), done.stderr
            return len(posted)
        for mutation, posts in ((healthy, 0), (HARD["dns"][0], 1), (HARD["dns"][0], 1), (healthy, 1), (HARD["dns"][0], 2)):
            with Watched(tmp_path / "a", plain()) as watched:
                watched.look(mutation)
            assert told() == posts
    entry = ElementTree.parse(tmp_path / "alarms.xml").find("{http://www.w3.org/2005/Atom}entry")
    assert entry is not None
    assert entry.findtext("{http://www.w3.org/2005/Atom}title") == f"down:  {COLUMN}"


def test_a_webhook_that_fails_hears_of_the_alarm_with_the_next_call(tmp_path: Path) -> None:
    with Watched(tmp_path, plain()) as watched:
        watched.look(HARD["dns"][0])
    with Site() as site:
        ask = ["alarms", "--webhook", site.url("/hook"), "--archive", str(tmp_path)]
        failed = CliRunner().invoke(cli, ask)
        site.routes["/hook"] = Answer(b"")
        assert "answers 404 to the alarms" in failed.stderr
        assert "1 posted" in CliRunner().invoke(cli, ask).stderr


def read(sample: Sample, years: range, version: str, fails: bool = False, at: str = "2024-02-01T00:00:00",
         read_at: str = "2024-02-02") -> None:
    """A report for each year, read by a parser version, with or without a failed rule."""
    for year in years:
        body = str(year).encode()
        known = sample.db.execute("select digest from capture where url = ?", (f"http://p/{year}",)).fetchone()
        digest = known[0] if known else sample.see(f"http://p/{year}", body, at)
        checks = report()["checks"] if fails else []
        sample.read(digest, report(year=year, checks=checks), version, read_at)


def test_a_parser_version_that_reads_the_same_documents_worse_is_told_until_the_next_reads_them_well(tmp_path: Path) -> None:
    sample = Sample(tmp_path)
    read(sample, range(2014, 2019), "1")
    assert not [alarm for alarm in alarms(sample.db) if alarm.kind == "data"]
    read(sample, range(2014, 2019), "2", fails=True)
    (alarm,) = [alarm for alarm in alarms(sample.db) if alarm.kind == "data"]
    assert (alarm.layer, alarm.severity, alarm.evidence["counts"]["bad"]) == ("data", "soft", 5)
    read(sample, range(2014, 2019), "3")
    assert not [alarm for alarm in alarms(sample.db) if alarm.kind == "data"]


def test_new_documents_that_cannot_be_read_are_told_when_the_earlier_ones_could(tmp_path: Path) -> None:
    sample = Sample(tmp_path)
    read(sample, range(2014, 2019), "1")
    for year in range(2019, 2022):
        sample.read(sample.see(f"http://p/{year}", str(year).encode(), "2024-03-01T00:00:00"), None)
    assert [alarm.evidence["counts"]["of"] for alarm in alarms(sample.db) if alarm.kind == "data"] == [3]


def test_a_body_that_misses_the_report_due_last_makes_its_column_late_until_it_publishes(tmp_path: Path) -> None:
    sample, due = Sample(tmp_path), date.today().year - 1
    read(sample, range(due - 3, due), "1")
    assert not alarms(sample.db)
    with sample.db:
        sample.db.execute("insert into walk values ('r','p','http://p/','trs','complete','',null,null,1,3,3,0,'{}','last-page',?,null)",
                          (f"{due + 1}-07-01T04:00:00",))
    found = {(alarm.kind, alarm.url, alarm.evidence["counts"]["bodies"]) for alarm in alarms(sample.db)}
    assert found == ({("late", "http://p/", 1)} if date.today() > date(due + 1, 1, 31) else set())
    read(sample, range(due, due + 1), "1")
    assert not alarms(sample.db)


def test_a_loss_that_a_person_accepted_is_the_measure_of_what_comes_later(tmp_path: Path) -> None:
    half, none = SOFT["half the rows gone"][0], SOFT["list drawn by script"][0]
    with Watched(tmp_path, plain()) as watched:
        for mutation in (healthy, half, half):
            watched.look(mutation)
        (alarm,) = alarms(watched.db)
    done = CliRunner().invoke(cli, ["alarms", "--accept", alarm.fingerprint, "the portal keeps six years",
                                    "--archive", str(tmp_path)])
    assert (done.exit_code, "0 open" in done.stderr) == (0, True)
    with Watched(tmp_path, plain()) as watched:
        watched.look(half)
        assert not alarms(watched.db)
        for _ in range(2):
            watched.look(none)
        assert len(alarms(watched.db)) == 1
    assert CliRunner().invoke(cli, ["alarms", "--accept", "f" * 16, "x", "--archive", str(tmp_path)]).exit_code == 2


def test_what_is_published_stays_while_documents_read_worse_until_a_person_says_otherwise(tmp_path: Path) -> None:
    sample, page = Sample(tmp_path), tmp_path / "browse.db"
    read(sample, range(2014, 2019), "1")

    def publish(*options: str) -> Result:
        return CliRunner().invoke(cli, ["publish", "--archive", str(tmp_path), *options])
    read(sample, range(2014, 2019), "2", fails=True)
    assert publish().exit_code == 0                              # nothing is published yet: nothing to keep
    good = page.read_bytes()
    read(sample, range(2019, 2020), "2")
    held = publish()
    assert (held.exit_code, page.read_bytes()) == (1, good)
    assert "what is published stays: the documents of 1 column read worse than before, such as http://p/" in held.stderr
    assert publish("--anyway").exit_code == 0 and page.read_bytes() != good
    (alarm,) = [alarm for alarm in alarms(sample.db) if alarm.kind == "data"]
    word = ["alarms", "--accept", alarm.fingerprint, "the form changed", "--archive", str(tmp_path)]
    assert CliRunner().invoke(cli, word).exit_code == 0
    read(sample, range(2020, 2021), "2")
    assert publish().exit_code == 0
    read(sample, range(2014, 2019), "3", fails=False)
    read(sample, range(2014, 2019), "4", fails=True, read_at="2099-01-01")
    assert publish().exit_code == 1                              # and it is worse again since


def walked(sample: Sample, portal: str, days: Iterable[int], outcome: str = "complete") -> None:
    with sample.db:
        for ago in days:
            at = (datetime.now(UTC) - timedelta(days=ago)).isoformat()
            sample.db.execute("insert or ignore into run(run_id, started_at, command, targets) values (?, ?, 'crawl', ?)",
                              (at, at, portal))
            sample.db.execute("insert into walk values (?,?,'http://p/','trs',?,'',null,null,1,3,3,0,'{}','last-page',?,null)",
                              (at, portal, outcome, at))


def unwatched(sample: Sample) -> list[str]:
    return [alarm.portal for alarm in alarms(sample.db) if alarm.kind == "unwatched"]


def test_a_portal_that_was_watched_and_is_seen_no_more_is_told_after_forty_five_days(tmp_path: Path) -> None:
    sample = Sample(tmp_path)
    walked(sample, "watched", [120, 90, 44])
    walked(sample, "forgotten", [120, 90, 46])
    walked(sample, "crawled once", [300])
    walked(sample, "broken since", [90, 60])
    walked(sample, "broken since", [30, 3], "broken")
    assert sorted(unwatched(sample)) == ["broken since", "forgotten"]
    walked(sample, "forgotten", [0])
    assert unwatched(sample) == ["broken since"]


def test_a_round_ends_with_its_alarms_in_the_log_and_the_feed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    sample = Sample(tmp_path)
    walked(sample, "forgotten", [120, 90])
    alarm_delivery.after_round(tmp_path, tmp_path / "alarms.xml", "http://127.0.0.1:9/hook")
    assert "alarm: unwatched forgotten" in caplog.text and "the alarms could not be told" in caplog.text
    assert "unwatched: forgotten" in (tmp_path / "alarms.xml").read_text()
    alarm_delivery.after_round(tmp_path / "none", None, None)
    assert "there is no archive in" in caplog.text
