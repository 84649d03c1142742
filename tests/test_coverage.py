"""The ledger of bodies and years: published, late, absent, not looked at, blocked, not understood."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler import bodies
from crawler.cli import cli
from spiders.portals import Column, Portal
from tests.sample import Sample, report

NOW = date.today().year - 1              # the report year that is due this year


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return Sample(tmp_path)


def walked(sample: Sample, day: date | str, outcome: str = "complete", url: str = "http://p/", portal: str = "p") -> None:
    run = f"run{sample.db.execute('select count(*) from run').fetchone()[0]}"
    with sample.db:
        sample.db.execute("insert into run(run_id, started_at, command) values (?, '', '')", (run,))
        sample.db.execute("insert into walk values (?,?,?,'trs',?,?,1,1,1,1,1,0,'{}','last-page',?,null)",
                          (run, portal, url, outcome, "waf" if outcome == "refused" else "", f"{day}T04:00:00"))


def state(sample: Sample, year: int = 2020, agency_id: str = "140927:justice") -> str:
    row = sample.db.execute("select state from coverage where year = ? and agency_id = ?", (year, agency_id)).fetchone()
    return str(row[0]) if row else ""


def seen(sample: Sample, year: int = 2019, at: str = "2024-02-01T00:00:00", **more: object) -> None:
    sample.read(sample.see(f"http://p/{year}", str(year).encode(), at), report(year=year, **more))


@pytest.mark.parametrize(("published", "at", "said"), [
    ("2020-01-20", "2024-02-01T00:00:00", "on_time"), ("2020-02-03", "2024-02-01T00:00:00", "late"),
    ("", "2024-02-01T00:00:00", "undated"), ("", "2020-01-31T10:00:00", "on_time"), ("", "2020-01-31T17:00:00", "undated"),
    ("2019-03-01", "2024-02-01T00:00:00", "undated"), ("2020-02-03", "2020-01-30T00:00:00", "on_time")])
def test_a_report_is_in_time_when_its_date_or_our_first_sight_of_it_is(
        sample: Sample, published: str, at: str, said: str) -> None:
    seen(sample, at=at, published_on=published)
    assert state(sample, 2019) == said


def test_a_hole_is_absent_after_good_looks_on_three_days_and_overdue_before(sample: Sample) -> None:
    seen(sample)
    assert state(sample) == "not_looked"
    for day, outcome, said in ((5, "partial", "not_looked"), (5, "complete", "overdue"), (5, "complete", "overdue"),
                               (6, "broken", "overdue"), (7, "complete", "overdue"), (8, "complete", "absent")):
        walked(sample, f"2022-02-0{day}", outcome)
        assert state(sample) == said


def test_a_look_before_the_due_day_proves_nothing(sample: Sample) -> None:
    seen(sample)
    for day in (1, 2, 3, 4):
        walked(sample, f"2021-01-0{day}")
    assert state(sample) == "not_looked"


def test_refused_is_blocked_until_a_look_goes_well(sample: Sample) -> None:
    seen(sample)
    walked(sample, "2022-02-05", "refused")
    assert state(sample) == "blocked"
    walked(sample, "2022-02-06")
    assert state(sample) == "overdue"
    walked(sample, "2022-02-07", "refused")
    assert state(sample) == "blocked"


def test_a_document_that_names_the_year_and_cannot_be_read_is_no_absence(sample: Sample) -> None:
    seen(sample)
    for day in (5, 6, 7):
        walked(sample, f"2022-02-0{day}")
    assert state(sample) == "absent"
    digest = sample.see("http://p/scan.pdf", b"%PDF", link_text="2020年政府信息公开工作年度报告")
    sample.read(digest, None)
    assert state(sample) == "unparsed"
    assert state(sample, 2021) == "absent"


def test_another_bodys_unreadable_report_says_nothing_of_this_one(sample: Sample) -> None:
    seen(sample)
    sample.read(sample.see("http://p/b", b"b"), report("神池县财政局", "140927:finance", 2019))
    sample.read(sample.see("http://p/scan.pdf", b"%PDF", link_text="神池县财政局2020年年报"), None)
    assert state(sample, agency_id="140927:finance") == "unparsed"
    assert state(sample) == "not_looked"


def test_the_year_just_over_is_expected_from_new_years_day(sample: Sample) -> None:
    seen(sample)
    due = date(NOW + 1, 1, 31)
    assert state(sample, NOW) == ("not_yet_due" if date.today() <= due - timedelta(days=1) else "not_looked")
    assert state(sample, NOW + 1) == ""


PORTAL = Portal("dingxi", "定西市人民政府", "https://www.dingxi.gov.cn/", "621100", columns=(
    Column("https://www.dingxi.gov.cn/nb/", ""), Column("https://www.dingxi.gov.cn/sfj/", "定西市司法局", years=(2019, 2024))))


def test_bodies_are_expected_from_declarations_and_from_the_gazetteer(sample: Sample) -> None:
    with sample.db:
        bodies.register(sample.db, [PORTAL])
        bodies.register(sample.db, [PORTAL])
    found = {row[0]: row[1:] for row in sample.db.execute(
        "select agency_id, min(year), max(year), source, body from coverage group by agency_id")}
    assert found["621100:justice"] == (2019, NOW, "portal", "定西市司法局")
    assert found["621100:government"] == (NOW, NOW, "gazetteer", "定西市人民政府")
    assert found["621126:government"][3] == "岷县人民政府"             # a county below it, though no portal of it is known
    assert len(found) == 2 + 7


def test_a_portal_is_known_by_the_name_it_was_declared_with(sample: Sample) -> None:
    with sample.db:
        bodies.register(sample.db, [PORTAL])
        bodies.register(sample.db, [replace(PORTAL, name="定西市政府网")])
    assert list(sample.db.execute("select portal, name, home from portals")) == [("dingxi", "定西市政府网", PORTAL.home)]


def test_a_government_is_looked_for_in_its_whole_portal(sample: Sample) -> None:
    with sample.db:
        bodies.register(sample.db, [PORTAL])
    for day in range(3):
        after = date(NOW + 1, 4, 1) + timedelta(days=day)
        walked(sample, after, url="https://www.dingxi.gov.cn/nb/", portal="dingxi")
    assert state(sample, NOW, "621100:government") == "absent"
    assert state(sample, NOW, "621126:government") == "not_looked"     # nobody knows where it publishes
    assert state(sample, NOW, "621100:justice") == "not_looked"        # its own column was not walked


def test_status_lists_a_year_body_by_body_with_the_reason(sample: Sample) -> None:
    seen(sample)
    walked(sample, "2022-02-05")
    done = CliRunner().invoke(cli, ["status", "--year", "2020", "--archive", str(sample.folder)])
    assert done.stdout.startswith("▲ overdue     140927:justice")
    assert "due 2021-01-31, 1 good looks since" in done.stdout
    shown = json.loads(CliRunner().invoke(cli, ["status", "--json", "--archive", str(sample.folder)]).stdout)
    assert {"agency_id", "year", "due_on", "state", "first_seen_at", "last_looked_at"} <= shown["coverage"][0].keys()
