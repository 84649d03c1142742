"""When portals are looked at, why, and what survives a restart."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.store import Archive
from crawler.cli import cli
from crawler.schedule import Service, agenda, longest
from crawler.seasons import CHINA, Habit, Past, habits, interval, is_quiet, next_look, night_of
from spiders import portals
from spiders.exceptions import PortalError
from spiders.portals import Column, Portal
from tests.loopback import portal as site_of
from tests.year import YEAR, invent, live, rude


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def declared(*agencies: str, **schedule: Any) -> Portal:
    home = "https://www.example.gov.cn/"
    columns = tuple(Column(f"{home}{n}/", agency) for n, agency in enumerate(agencies))
    return Portal("example", "示例", home, columns=columns, schedule=schedule)


BUREAU, COUNTY = declared("示例县司法局"), declared("示例县人民政府")


@pytest.mark.parametrize(("portal", "day", "every"), [
    (BUREAU, "2026-01-10", 3), (BUREAU, "2026-01-31", 1), (COUNTY, "2026-01-31", 3), (COUNTY, "2026-03-31", 1),
    (BUREAU, "2026-03-31", 3), (declared(), "2026-03-31", 1), (declared(), "2026-02-01", 1), (BUREAU, "2026-08-01", 30),
    (BUREAU, "2025-12-20", 7), (declared(every=14), "2026-01-31", 14), (declared(daily=["08-01/08-03"]), "2026-08-02", 1),
    (declared(daily=["12-30/01-02"]), "2026-01-01", 1)])
def test_the_time_of_the_year_says_how_often(portal: Portal, day: str, every: int) -> None:
    assert interval(portal, Past(), date.fromisoformat(day))[0] == every


def test_a_body_is_watched_daily_about_the_days_on_which_it_published_before() -> None:
    found = habits([("甲局", 2022, date(2023, 2, 20)), ("甲局", 2023, date(2024, 2, 24)), ("乙局", 2023, date(2024, 2, 1)),
                    ("丙局", 2022, date(2023, 1, 2)), ("丙局", 2023, date(2024, 11, 2)), ("丁局", 2020, date(2023, 5, 1))])
    assert found == [Habit("甲局", 51, 55)]     # one year is no habit, nor are days months apart, nor uploads years later
    every, why = interval(BUREAU, Past(habits=found), date(2026, 2, 18))
    assert (every, why) == (1, "甲局 has published on 02-20–02-24")
    assert interval(BUREAU, Past(habits=found), date(2026, 3, 10))[0] == 7


PORTALS = st.builds(lambda hours, every: declared(**({"quiet": hours} | ({"every": every} if every else {}))),
                    st.sampled_from(["08:30-18:00", "22:00-06:00", "00:00-12:00", "12:00-00:00"]), st.integers(0, 9))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(PORTALS, MOMENTS, st.none() | st.timedeltas(timedelta(), timedelta(days=60)), st.integers(0, 5))
def test_a_look_is_never_in_the_past_never_in_quiet_hours_and_never_too_soon(
        portal: Portal, now: datetime, ago: timedelta | None, failures: int) -> None:
    past = Past(None if ago is None else now - ago, failures if ago is not None else 0)
    look = next_look(portal, past, now)
    assert look and look.at >= now and not is_quiet(portal, look.at)
    if past.looked_at:
        assert look.at - past.looked_at >= timedelta(hours=4 if 0 < failures <= 3 else 20)
    assert longest(portal, look.at) > timedelta()
    assert not is_quiet(portal, look.at + longest(portal, look.at) - timedelta(seconds=1))


def test_a_paused_portal_is_not_looked_at() -> None:
    assert next_look(declared(pause=True), Past(), at("2026-01-31T20:00")) is None


@pytest.mark.parametrize(("line", "said"), [
    ('quiet = "7-21"', "schedule.quiet"), ('daily = ["January"]', "schedule.daily"), ('hours = "1"', "schedule.hours"),
    ('every = "often"', "schedule.every")])
def test_a_wrong_schedule_fails_with_file_and_key(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "jia.toml").write_text(f'name = "甲"\nhome = "http://x.gov.cn/"\n[schedule]\n{line}\n', "utf-8")
    with pytest.raises(PortalError, match=rf"^jia\.toml: .*{said}"):
        portals.load(tmp_path / "jia.toml")


def test_a_declared_schedule_survives_being_written(tmp_path: Path) -> None:
    first = declared("甲局", quiet="07:00-21:00", daily=["01-10/01-20"], budget=100)
    (tmp_path / "example.toml").write_text(portals.to_toml(first), "utf-8")
    assert portals.load(tmp_path / "example.toml").schedule == first.schedule


# ---------------------------------------------------------------- the service


def test_what_was_looked_at_is_not_due_again_after_a_restart(tmp_path: Path) -> None:
    now, crawled = at("2026-01-31T20:00"), []

    def crawl(names: Any, longest: timedelta) -> int:
        crawled.append(list(names))
        with Archive(tmp_path) as archive, archive.db as db:
            db.execute("insert or ignore into run(run_id, started_at, command) values ('r', '2026', 'test')")
            db.executemany("insert into walk values ('r',?,'c','','complete','',0,0,0,0,0,0,'{}','',?,null)",
                           [(name, now.astimezone(UTC).isoformat()) for name in names])
        return 0

    many = [Portal(f"p{n}", "", f"http://p{n}.gov.cn/") for n in range(5)]
    late = datetime(2026, 2, 1, 3, tzinfo=CHINA)
    assert len(Service(tmp_path, many, crawl, clock=lambda: late).tick()) == 5
    assert Service(tmp_path, many, crawl, clock=lambda: late).tick() == ()          # another process, the same archive
    assert len(crawled) == 1
    with Archive(tmp_path, write=False) as archive:
        assert {night_of(many[0], look.at) for look in agenda(archive.db, many, late)} == {date(2026, 2, 1)}


def test_a_look_dated_after_now_by_a_wrong_clock_holds_no_portal_up(tmp_path: Path) -> None:
    now = at("2026-01-31T20:00")
    with Archive(tmp_path) as archive:
        for day in ("2026-01-30", "2031-01-01"):
            with archive.db as db:
                db.execute("insert into run(run_id, started_at, command) values (?, ?, 'test')", (day, day))
                db.execute("insert into walk values (?,'example','c','','complete','',0,0,0,0,0,0,'{}','',?,null)",
                           (day, f"{day}T12:00:00+00:00"))
            (look,) = agenda(archive.db, [BUREAU], now)
            assert now <= look.at < now + timedelta(days=4)
        with archive.db as db:
            db.execute("delete from walk where run_id = '2026-01-30'")
        (look,) = agenda(archive.db, [BUREAU], now)
        assert (look.why, look.at < now + timedelta(days=1)) == ("never looked at", True)


def test_nothing_is_begun_while_another_process_writes(tmp_path: Path) -> None:
    def crawl(names: Any, longest: timedelta) -> int:
        raise AssertionError("two at a time")
    with Archive(tmp_path):
        assert Service(tmp_path, [BUREAU], crawl, clock=lambda: at("2026-01-31T20:00")).tick() == ()


def test_portals_with_other_hours_wait_for_their_own_crawl(tmp_path: Path) -> None:
    begun: list[list[str]] = []
    day, night = declared(quiet="00:00-06:00"), Portal("night", "", "http://n.gov.cn/", schedule={"quiet": "06:00-20:00"})
    Service(tmp_path, [day, night], lambda names, longest: begun.append(list(names)) or 0,
            clock=lambda: at("2026-01-31T21:00")).tick()
    assert begun == [["example"]]


def test_the_service_crawls_what_is_due_and_ends_when_asked(tmp_path: Path) -> None:
    with site_of(3) as site:
        (tmp_path / "p").mkdir()
        (tmp_path / "p" / "jia.toml").write_text(
            f'name = "甲县"\nhome = "{site.url()}"\nverified = true\n[[column]]\nurl = "{site.url("/nb/")}"\n'
            '[schedule]\nquiet = "00:00-00:00"\n', "utf-8")
        words = ["schedule", "jia", "--portals", str(tmp_path / "p"), "--archive", str(tmp_path / "a"),
                 "--allow-private", "127.0.0.0/8"]
        child = subprocess.Popen([sys.executable, "-c", "from crawler.cli import cli; cli()", *words], text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until = time.monotonic() + 90
        while len(site.paths()) < 4 and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(2)
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    assert "complete" in out
    assert "Traceback" not in err
    assert len(site.paths()) == 4


# ---------------------------------------------------------------- the command


def run(*words: str) -> Any:
    return CliRunner().invoke(cli, ["schedule", *words])


def test_a_dry_run_says_what_is_looked_at_when_and_why(tmp_path: Path) -> None:
    (tmp_path / "jia.toml").write_text('name = "甲"\nhome = "http://x.gov.cn/"\n[schedule]\nevery = 2\n', "utf-8")
    done = run("jia", "--portals", str(tmp_path), "--dry-run", "--days", "9", "--json", "--archive", str(tmp_path / "a"))
    looks = [json.loads(line) for line in done.stdout.splitlines()]
    assert looks[0]["why"] == "never looked at"
    assert [look["why"] for look in looks[1:]] == ["every 2 days, says the declaration"] * (len(looks) - 1)
    assert 4 <= len(looks) <= 5
    assert not (tmp_path / "a").exists()
    assert "looks at 1 portals" in done.stderr


@pytest.mark.parametrize(("kind", "said"), [("cron", "CRON_TZ=Asia/Shanghai"), ("systemd", "OnCalendar=")])
def test_unit_files_call_the_same_command(tmp_path: Path, kind: str, said: str) -> None:
    done = run("--print", kind, "--archive", str(tmp_path / "我 的"))
    assert done.exit_code == 0
    assert said in done.stdout
    assert f"schedule --archive '{tmp_path / '我 的'}' --once" in done.stdout


@pytest.mark.parametrize(("kind", "name", "folder"), [
    ("cron", "\nNIANBAO_CONTACT=me 100%\n", "* cd {} && "),
    ("systemd", '\nEnvironment="NIANBAO_CONTACT=me 100%%"\n', "\nWorkingDirectory={}\n")])
def test_unit_files_keep_the_name_we_go_by_and_the_folder_of_the_declarations(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, name: str, folder: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIANBAO_CONTACT", "me 100%")
    text = run("--print", kind).stdout
    assert name in text and folder.format(tmp_path) in text


def test_unit_files_name_folders_from_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own").mkdir()
    monkeypatch.chdir(tmp_path)
    told = run("--print", "systemd", "--portals", "own", "--archive", "a").stdout
    assert f"--portals {tmp_path}/own --archive {tmp_path}/a" in told


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_accepts_the_unit_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_CONTACT", "it's \"us\" 100% $HOME")
    told = run("--print", "systemd", "--archive", str(tmp_path / "a $b 'c' %d")).stdout
    service, timer = re.split(r"^# ~/.config/systemd/user/nianbao.*$", told, flags=re.M)[1:]
    for name, text in (("service", service), ("timer", timer)):
        (tmp_path / f"nianbao.{name}").write_text(text, "utf-8")
    said = subprocess.run(["systemd-analyze", "verify", tmp_path / "nianbao.service", tmp_path / "nianbao.timer"],
                          capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")


# ---------------------------------------------------------------- a year


def test_in_a_simulated_season_every_report_is_seen_within_36_hours_and_nobody_is_asked_too_much(tmp_path: Path) -> None:
    random = Random(7)
    year = invent(40, random)
    begin = datetime(YEAR + 1, 1, 12, tzinfo=CHINA)
    live(tmp_path, year, random, begin, begin + timedelta(days=30))
    delays = year.delays()
    assert len(delays) > 20
    assert max(delays) <= timedelta(hours=36)
    assert list(rude(year)) == []
