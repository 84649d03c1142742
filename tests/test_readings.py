"""Readings and the report chosen among them."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import catalogue, readings, reports, seals
from archive.exceptions import NotFound
from tests.sample import Sample, cell, report

_LETTERS = st.sampled_from('],[" \\\n年报1a\0')


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return Sample(tmp_path)


def test_a_document_is_pending_until_it_was_read_with_all_that_is_known_of_it(sample: Sample) -> None:
    digest = sample.see("http://p/a.html", b"a")
    assert [d for d, _ in readings.pending(sample.db, "1")] == [digest]
    sample.read(digest, report())
    assert not list(readings.pending(sample.db, "1"))
    assert [d for d, _ in readings.pending(sample.db, "2")] == [digest]
    sample.see("http://p/b.html", b"a", agency="神池县司法局")
    assert [d for d, _ in readings.pending(sample.db, "1")] == [digest]


def test_list_pages_are_never_read_as_reports(sample: Sample) -> None:
    sample.see("http://p/", b"list", role="column")
    assert not list(readings.pending(sample.db, "1"))


def test_hints_do_not_depend_on_the_order_of_captures(tmp_path: Path) -> None:
    captures = [("http://p/long/a.html", "甲"), ("http://p/a.html", "乙"), ("http://p/b.html", "丙")]
    seen = set()
    for n, order in enumerate(itertools.permutations(captures)):
        sample = Sample(tmp_path / str(n))
        for url, text in order:
            digest = sample.see(url, b"same", link_text=text)
        seen.add(readings.hints_of(sample.db, digest))
    assert len(seen) == 1
    assert json.loads(seen.pop())["link_text"] == "乙"


def test_a_declared_agency_counts_only_when_all_captures_agree(sample: Sample) -> None:
    sample.see("http://p/a", b"x", agency="甲局")
    digest = sample.see("http://p/b", b"x", agency="乙局")
    assert json.loads(readings.hints_of(sample.db, digest))["agency"] == ""


def test_the_version_replaced_at_its_address_is_kept_but_not_chosen(sample: Sample) -> None:
    old = sample.see("http://p/a", b"old", "2024-02-01T00:00:00")
    sample.read(old, report())
    new = sample.see("http://p/a", b"new", "2024-03-01T00:00:00")
    sample.read(new, report())
    assert sample.db.execute("select digest from report").fetchall() == [(new,)]
    versions = dict(sample.db.execute("select digest, why from report_version"))
    assert versions[old] == "replaced at its address"


def test_a_copy_with_tables_speaks_before_one_without(sample: Sample) -> None:
    bare = sample.see("http://p/a", b"a")
    full = sample.see("http://p/a.pdf", b"b", media_type="application/pdf", role="attachment")
    sample.read(bare, report(requests={}, proactive={}))
    sample.read(full, report())
    assert sample.db.execute("select digest, why from report").fetchall() == [
        (full, "chosen of 2: it has the statutory tables")]


def test_choosing_again_changes_nothing(sample: Sample) -> None:
    for n in range(4):
        sample.read(sample.see(f"http://p/{n}", str(n).encode()), report(year=2019 + n % 2))
    before = sample.db.execute("select * from report union all select *,1,1,1,1,1,1,1,1,1,1 from report_version").fetchall()
    with sample.db:
        reports.choose(sample.db)
    assert before == sample.db.execute(
        "select * from report union all select *,1,1,1,1,1,1,1,1,1,1 from report_version").fetchall()


def test_a_file_that_could_not_be_read_is_an_issue_not_a_report(sample: Sample) -> None:
    sample.read(sample.see("http://p/a", b"broken"), None)
    assert not sample.db.execute("select 1 from report").fetchall()
    assert catalogue.open_findings(sample.db)[0]["message"] == "the file ends too early"


def test_an_unidentified_report_keeps_a_name_of_its_own(sample: Sample) -> None:
    digest = sample.see("http://p/a", b"a")
    made = report()
    made["tags"]["agency_id"]["value"] = None
    sample.read(digest, made)
    assert sample.db.execute("select report_id from report").fetchone() == (f"?{digest[:12]}",)


def test_a_settled_finding_leaves_the_work_list_and_stays_settled(sample: Sample) -> None:
    digest = sample.see("http://p/a", b"a")
    sample.read(digest, report())
    (finding,) = [f for f in catalogue.open_findings(sample.db) if f["what"] == "check"]
    assert (finding["verdict"], finding["left"], finding["right"]) == ("fail", 2, 3)
    with sample.db:
        catalogue.settle(sample.db, finding["subject"], "原文如此", "2024-02-03")
    sample.read(digest, report())
    assert not [f for f in catalogue.open_findings(sample.db) if f["what"] == "check"]
    with pytest.raises(NotFound):
        catalogue.settle(sample.db, "nothing", "x", "2024-02-03")


def test_show_gives_the_object_of_read_with_documents_captures_and_versions(sample: Sample) -> None:
    digest = sample.see("http://p/a", b"a")
    sample.read(digest, report())
    shown = catalogue.show(sample.db, catalogue.find_report(sample.db, "神池县 2019"))
    assert shown["requests"]["new_received"]["ngo"] == {"raw": "", "value": None, "status": "blank", "unit": "件",
                                                        "where": "line 9"}
    assert [d["digest"] for d in shown["documents"]] == [digest]
    assert shown["versions"][0]["chosen"] == 1
    assert len(shown["captures"]) == 1


def test_a_name_that_fits_several_reports_lists_them(sample: Sample) -> None:
    for year in (2019, 2020):
        sample.read(sample.see(f"http://p/{year}", str(year).encode()), report(year=year))
    with pytest.raises(NotFound, match="140927:justice:2019、140927:justice:2020"):
        catalogue.find_report(sample.db, "神池县司法局")


def test_a_newer_parser_that_corrects_the_year_leaves_no_report_under_the_old_one(sample: Sample) -> None:
    digest = sample.see("http://p/a", b"a")
    sample.read(digest, report(year=2019), version="1")
    sample.read(digest, report(year=2020), version="2")
    assert sample.db.execute("select year from report").fetchall() == [(2020,)]
    assert sample.db.execute("select report_id from report_version").fetchall() == [("140927:justice:2020",)]


def test_a_report_of_a_known_agency_and_no_known_year_is_one_document(sample: Sample) -> None:
    digest = sample.see("http://p/a", b"a")
    made = report()
    del made["tags"]["year"]
    sample.read(digest, made)
    assert sample.db.execute("select report_id, why from report").fetchall() == [(f"?{digest[:12]}", "the only document")]


_NUMBERS = itertools.count()
_VALUES = (st.none() | st.booleans() | st.integers(-2**63, 2**63 - 1) | st.floats(allow_infinity=False) | st.text(_LETTERS))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(_LETTERS), _VALUES, _VALUES), max_size=4), _VALUES, st.text(_LETTERS))
def test_a_reading_is_sealed_as_it_will_be_read_back(
        sample: Sample, cells: list[tuple[str, object, object]], said: object, text: str) -> None:
    made = report(text=text)
    made["proactive"] = {name: cell(None, name) | {"value": value, "value_yuan": yuan} for name, value, yuan in cells}
    made["checks"][0] |= {"left": said, "right": said}
    made["tags"]["scope"] |= {"value": said if isinstance(said, str) else "own", "confidence": 1}
    made["tags"]["other"] = {"value": said, "confidence": 1, "evidence": [text]}
    made["issues"] *= 2
    sample.read(sample.see(f"http://p/{next(_NUMBERS)}", b"a"), made)
    assert not list(seals.broken(sample.db))
