"""Rules that need more than one report, over a real archive."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import catalogue, migrations, seals
from archive.views import MEASURES
from crawler.across import review
from parsers import measures
from tests.sample import Sample, cell, report

Rows = list[tuple[Any, ...]]
STORED = ("finding", "measure", "succession")


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return Sample(tmp_path / "data")


def carried(year: int, carried_in: int | None, carried_out: int | None, **more: Any) -> dict[str, Any]:
    def total(number: int | None) -> dict[str, Any]:
        return {"total": cell(number) if number is not None else cell(None, "", "blank")}

    return report(year=year, requests={"carried_in": total(carried_in), "carried_out": total(carried_out)}, **more)


def put(sample: Sample, made: dict[str, Any], url: str = "", at: str = "2024-02-01T00:00:00", **more: str) -> str:
    url = url or f"http://p/{made['tags']['agency_id']['value']}/{made['tags']['year']['value']}"
    digest = sample.see(url, f"{url} {at}".encode(), at, **more)
    sample.read(digest, made)
    return digest


def found(sample: Sample, rule: str, verdict: str = "fail") -> Rows:
    return sample.db.execute("select report_id, left, right, severity from checks where rule glob ? and verdict = ?"
                             " order by 1, 2", (f"{rule}_*", verdict)).fetchall()


def stored(sample: Sample) -> list[Rows]:
    return [sample.db.execute(f"select * from {table}").fetchall() for table in STORED]


def worded(agency: str, agency_id: str, text: str, year: int = 2019) -> dict[str, Any]:
    return report(agency, agency_id, year, text=text,
                  sections=[{"id": "overview", "title": "一", "text": text, "where": "line 2"}])


LONG = "本机关全面贯彻落实条例要求持续完善制度建设不断提升信息发布质量" + "".join(map(chr, range(0x4e10, 0x4e10 + 400)))


def test_what_was_carried_out_and_not_carried_in_is_found_at_the_later_report(sample: Sample) -> None:
    put(sample, carried(2019, 0, 4))
    put(sample, carried(2020, 3, 0))
    review(sample.db)
    assert found(sample, "Y01") == [("140927:justice:2020", 4, 3, "error")]
    assert any(f["name"] == "Y01_carry_link" for f in catalogue.open_findings(sample.db))


def test_a_blank_is_not_compared_and_a_gap_of_years_neither(sample: Sample) -> None:
    put(sample, carried(2019, 0, 4))
    put(sample, carried(2020, None, 0))
    put(sample, carried(2022, 9, 0))
    review(sample.db)
    assert found(sample, "Y01") == []
    assert not sample.db.execute("select 1 from finding where report_id like '%2022' and rule like 'Y%'").fetchall()


def test_an_aggregate_is_compared_with_aggregates_only(sample: Sample) -> None:
    put(sample, carried(2019, 0, 4))
    whole = carried(2020, 90, 0)
    whole["tags"]["scope"]["value"] = "aggregate_region"
    put(sample, whole)
    review(sample.db)
    assert found(sample, "Y01") == []


def test_a_finding_goes_when_a_better_version_is_chosen(sample: Sample) -> None:
    put(sample, carried(2019, 0, 4), "http://p/a")
    put(sample, carried(2020, 3, 0), "http://p/b")
    review(sample.db)
    put(sample, carried(2020, 4, 0), "http://p/b", "2024-03-01T00:00:00")
    review(sample.db)
    assert found(sample, "Y01") == []
    assert found(sample, "T03") == [] and found(sample, "T03", "pass")          # the same words in another file


def test_words_changed_at_one_address_are_named(sample: Sample) -> None:
    put(sample, carried(2019, 0, 4), "http://p/a")
    put(sample, carried(2019, 0, 4, text_digest="other"), "http://p/a", "2024-03-01T00:00:00")
    review(sample.db)
    assert found(sample, "T03") == [("140927:justice:2019", None, None, "info")]


def test_looking_again_at_the_same_bytes_adds_nothing(sample: Sample) -> None:
    put(sample, report())
    review(sample.db)
    before = stored(sample)
    url, digest = sample.db.execute("select url, digest from report").fetchone()
    sample.see(url, f"{url} 2024-02-01T00:00:00".encode(), "2024-03-01T00:00:00")
    assert sample.db.execute("select count(*) from capture where digest = ?", (digest,)).fetchone() == (2,)
    review(sample.db)
    assert stored(sample) == before


def test_a_copy_in_another_format_with_another_number_is_a_conflict(sample: Sample) -> None:
    put(sample, carried(2019, 0, 4), "http://p/a")
    put(sample, carried(2019, 0, 5, text_digest="pdf"), "http://p/a.pdf", media_type="application/pdf")
    review(sample.db)
    assert found(sample, "D03") == [("140927:justice:2019", 4, 5, "error")]
    assert found(sample, "T03") == []


def test_a_text_taken_from_another_body_is_found_on_both_sides(sample: Sample) -> None:
    put(sample, worded("甲县司法局", "140927:justice", f"甲县司法局{LONG}"))
    put(sample, worded("乙县司法局", "140928:justice", f"乙县司法局{LONG}"))
    put(sample, worded("丙县司法局", "140929:justice", "短"))
    review(sample.db)
    assert [row[0] for row in found(sample, "D02")] == ["140927:justice:2019", "140928:justice:2019"]


def test_a_number_far_from_all_peers_is_found(sample: Sample) -> None:
    for n in range(12):
        made = report(f"{n}县司法局", f"1409{n:02}:justice", requests={"new_received": {"total": cell(
            90_000 if n == 11 else 10 + n)}})
        put(sample, made)
    review(sample.db)
    assert found(sample, "P02") == [("140911:justice:2019", 90_000, None, "info")]


def test_a_report_read_from_a_site_nobody_registered_is_named(sample: Sample) -> None:
    put(sample, report(), "http://p/a")
    put(sample, report(year=2020), "http://elsewhere.example/a")
    put(sample, report(year=2021), "http://www.x.gov.cn/a")
    review(sample.db)
    assert [row[0] for row in found(sample, "M06")] == ["140927:justice:2020"]


def test_every_measure_has_its_column_and_a_missing_denominator_stays_null(sample: Sample) -> None:
    made = report(requests={"total_handled": {"total": cell(8)}, "granted": {"total": cell(3)},
                            "partly_granted": {"total": cell(1)}, "new_received": {"total": cell(0),
                                                                                   "natural_person": cell(0)}})
    put(sample, made)
    review(sample.db)
    assert sample.db.execute("select grant_rate, refusal_rate, natural_person_share from measures").fetchall() == [
        (0.5, None, None)]
    assert set(MEASURES) == set(measures.MEASURES)


def test_the_name_a_body_took_is_in_its_lineage(sample: Sample) -> None:
    put(sample, report("神池县司法局", year=2019))
    put(sample, report("神池县司法行政局", year=2020))
    review(sample.db)
    assert sample.db.execute("select agency_id, name, year, relation, later_name from lineage").fetchall() == [
        ("140927:justice", "神池县司法局", 2019, "renamed", "神池县司法行政局")]


def test_the_order_of_arrival_and_a_second_review_change_nothing(tmp_path: Path) -> None:
    steps: list[Callable[[Sample], object]] = [
        lambda s: put(s, carried(2019, 0, 4)), lambda s: put(s, carried(2020, 3, 0)),
        lambda s: put(s, worded("乙县司法局", "140928:justice", LONG)),
        lambda s: put(s, worded("丙县司法局", "140929:justice", LONG))]
    seen = []
    for n, order in enumerate(itertools.permutations(steps)):
        sample = Sample(tmp_path / str(n))
        for step in order:
            step(sample)
        review(sample.db)
        seen.append(stored(sample))
        review(sample.db)
        seen.append(stored(sample))
    assert all(one == seen[0] for one in seen)


def test_a_review_after_every_step_finds_what_one_review_at_the_end_finds(tmp_path: Path) -> None:
    again = {"at": "2024-05-01T00:00:00"}
    steps: list[Callable[[Sample], object]] = [
        *(lambda s, n=n: put(s, report(f"{n}县司法局", f"1409{n:02}:justice", requests={
            "new_received": {"total": cell(90_000 if n == 10 else 10 + n)}})) for n in range(11)),     # type: ignore[misc]
        lambda s: put(s, worded("乙县司法局", "140928:justice", f"乙县司法局{LONG}")),
        lambda s: put(s, worded("丙县司法局", "140929:justice", f"丙县司法局{LONG}")),
        lambda s: put(s, worded("丁县司法局", "140930:justice", f"丁县司法局{LONG}")),
        lambda s: put(s, worded("乙县司法局", "140928:justice", f"自己写的{LONG[200:]}"),
                      "http://p/140928:justice/2019", **again),
        lambda s: put(s, carried(2018, 0, 4)), lambda s: put(s, carried(2020, 3, 0)),
        lambda s: s.db.execute("delete from report where report_id = '140905:justice:2019'"),
    ]
    once, each = Sample(tmp_path / "once"), Sample(tmp_path / "each")
    for step in steps:
        step(once)
        step(each)
        review(each.db)
    review(once.db)
    assert stored(each) == stored(once)
    assert len(found(once, "D02")) == 2 and found(once, "P02")


def test_what_did_not_change_is_not_looked_at_again(sample: Sample) -> None:
    put(sample, carried(2019, 0, 4))
    put(sample, report("乙县司法局", "140928:justice"))
    review(sample.db)
    with sample.db:
        sample.db.execute("update measure set value = 7")
    put(sample, carried(2020, 3, 0))
    review(sample.db)
    kept = sample.db.execute("select distinct report_id from measure where value = 7").fetchall()
    assert kept == [("140928:justice:2019",)]


def test_a_report_nobody_could_place_is_measured_and_compared_with_nobody(sample: Sample) -> None:
    for year in (2019, 2020):
        made = carried(year, 9, 4)
        made["tags"]["agency_id"]["value"] = None
        sample.read(sample.see(f"http://p/{year}", str(year).encode()), made)
    review(sample.db)
    assert not sample.db.execute("select 1 from finding where rule like 'Y%'").fetchall()
    assert len(sample.db.execute("select * from measures").fetchall()) == 2


def test_a_settled_finding_across_years_stays_settled(sample: Sample) -> None:
    put(sample, carried(2019, 0, 4))
    put(sample, carried(2020, 3, 0))
    review(sample.db)
    (finding,) = [f for f in catalogue.open_findings(sample.db) if f["name"] == "Y01_carry_link"]
    with sample.db:
        catalogue.settle(sample.db, finding["subject"], "原文如此", "2024-02-03")
    review(sample.db)
    assert not [f for f in catalogue.open_findings(sample.db) if f["name"] == "Y01_carry_link"]


def test_issues_that_rules_repeat_stay_off_the_work_list(sample: Sample) -> None:
    put(sample, report())
    assert not [f for f in catalogue.open_findings(sample.db) if f["name"] == "converter-artefact"]


def test_an_archive_made_before_gets_the_new_tables_and_views(tmp_path: Path) -> None:
    sample = Sample(tmp_path / "data")
    put(sample, carried(2019, 0, 4))
    put(sample, carried(2020, 3, 0))
    with sample.db:                                     # as an archive was before the step `across`
        for view in ("checks", "measures", "lineage"):
            sample.db.execute(f"drop view {view}")
        for table in STORED:
            sample.db.execute(f"drop table {table}")
        sample.db.execute("delete from _sqlite_migrations where migration_set = 'archive' and name = 'across'")
        sample.db.execute("create view checks as select 1 as report_id")
    migrations.catalogue.apply(sample.catalogue)
    with sample.db:
        seals.install(sample.db)
    review(sample.db)
    assert [row[0] for row in found(sample, "Y01")] == ["140927:justice:2020"]
    assert len(sample.db.execute("select * from measures").fetchall()) == 2
