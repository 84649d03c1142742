"""Exports, and the data dictionary that explains them."""

from __future__ import annotations

import csv
from contextlib import closing
from pathlib import Path

import pytest

from archive import dictionary
from archive.export import csv as csv_export
from archive.publish import describe, layout
from archive.views import VIEWS
from crawler.published import refresh
from tests.sample import Sample, cell, report

DATA_MD = Path(__file__).parents[1] / "docs" / "DATA.md"


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return Sample(tmp_path / "data")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def view_columns(sample: Sample) -> dict[str, list[str]]:
    return {view: [c[0] for c in sample.db.execute(f"select * from {view}").description] for view in VIEWS}


def test_missing_blank_zero_and_not_applicable_stay_different(sample: Sample, tmp_path: Path) -> None:
    made = report(proactive={"rules_made": cell(0), "rules_published": cell(None, "", "blank"),
                             "rules_public_total": cell(None, "/", "na_mark")})
    sample.read(sample.see("http://p/a", b"a"), made)
    csv_export.write(sample.db, tmp_path / "out")
    cells = {row["row_id"]: (row["value"], row["status"]) for row in table(tmp_path / "out" / "cells.csv")}
    assert cells["rules_made"] == ("0", "number")
    assert cells["rules_published"] == ("", "blank")
    assert cells["rules_public_total"] == ("", "na_mark")
    panel = {row["year"]: row for row in table(tmp_path / "out" / "panel.csv")}
    assert panel["2019"]["proactive.rules_made"] == "0"
    assert panel["2019"]["proactive.rules_published"] == ""
    assert panel["2020"]["state"] == "not_looked"
    assert panel["2020"]["report_id"] == ""


def test_a_report_nobody_could_place_still_has_its_row(sample: Sample, tmp_path: Path) -> None:
    made = report()
    made["tags"]["agency_id"]["value"] = None
    sample.read(sample.see("http://p/a", b"a"), made)
    csv_export.write(sample.db, tmp_path / "out")
    (row,) = table(tmp_path / "out" / "panel.csv")
    assert row["report_id"].startswith("?")
    assert row["requests.new_received.total"] == "3"


def test_text_that_a_spreadsheet_would_run_is_defused(sample: Sample, tmp_path: Path) -> None:
    made = report() | {"title": "=HYPERLINK(\"http://x\")"}
    sample.read(sample.see("http://p/a", b"a"), made)
    csv_export.write(sample.db, tmp_path / "out")
    assert table(tmp_path / "out" / "reports.csv")[0]["title"].startswith("'=")


def test_every_column_of_every_view_is_explained(sample: Sample) -> None:
    assert set(VIEWS) <= set(dictionary.TABLES)
    assert not {name for names in view_columns(sample).values() for name in names} - set(dictionary.COLUMNS)


def test_the_data_page_is_current(sample: Sample) -> None:
    refresh(sample.folder)
    with closing(describe.opened(sample.folder / "browse.db")) as db:
        published = {table: [c for _, c, *_ in db.execute(f"pragma table_info({table})") if c in dictionary.COLUMNS]
                     for table in dictionary.TABLES if table not in VIEWS}
        published["figures"] = list(layout.WHOSE)
    made = dictionary.markdown(view_columns(sample), published)
    current = DATA_MD.read_text(encoding="utf-8") if DATA_MD.exists() else ""
    if current != made:
        DATA_MD.write_text(made, encoding="utf-8")
    assert current == made, "docs/DATA.md was out of date and has been rewritten; look at it and run the tests again"
