"""The CSV export, and the data dictionary that explains every table."""

from __future__ import annotations

import csv
from contextlib import closing
from pathlib import Path

import pytest

from archive import dictionary
from archive.dictionary import variable
from archive.export import csv as csv_export
from archive.export.tables import LEFT_OUT, masked, tables
from archive.publish import describe, layout
from archive.views import VIEWS
from crawler.published import refresh
from parsers.schema import fields
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
    assert [panel["2019"][name] for name in ("rules_made", "rules_published", "rules_public_total", "rules_issued")] == [
        "0", "blank", "na_mark", ""]
    assert (panel["2020"]["state"], panel["2020"]["report_id"], panel["2020"]["rules_made"]) == ("not_looked", "", "")


def test_the_panel_has_one_row_per_body_and_year_and_prefers_its_own_office(sample: Sample) -> None:
    whole = report(requests={"new_received": {"total": cell(900)}})
    whole["tags"]["scope"]["value"] = "aggregate_region"
    sample.read(sample.see("http://p/whole", b"w"), whole)
    sample.read(sample.see("http://p/own", b"o"), report(requests={"new_received": {"total": cell(3)}}))
    panel = tables(sample.db)[0]
    rows = [dict(zip([c.name for c in panel.columns], row, strict=True)) for row in panel.rows()]
    assert len({(row["agency_id"], row["year"]) for row in rows}) == len(rows)
    assert [(row["scope"], row["new_received_total"]) for row in rows if row["year"] == 2019] == [("own", 3)]


def test_a_report_nobody_could_place_is_in_the_reports_and_cells_not_in_the_panel(sample: Sample, tmp_path: Path) -> None:
    made = report()
    made["tags"]["agency_id"]["value"] = None
    sample.read(sample.see("http://p/a", b"a"), made)
    csv_export.write(sample.db, tmp_path / "out")
    (row,) = table(tmp_path / "out" / "reports.csv")
    assert row["report_id"].startswith("?")
    assert {cell["report_id"] for cell in table(tmp_path / "out" / "cells.csv")} == {row["report_id"]}
    assert table(tmp_path / "out" / "panel.csv") == []


def test_the_name_of_every_cell_is_one_of_its_own_and_short_enough_for_stata() -> None:
    names = [variable(row, column) for _, row, column, *_ in fields()]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 32 and name.isascii() and name.isidentifier() for name in names)


@pytest.mark.parametrize(("text", "shown"), [
    ("请与办公室联系，电话0913-2345678", "请与办公室联系，电话***"), ("邮箱 xxgk@example.gov.cn。", "邮箱 ***。"),
    ("手机13912345678，", "手机***，"), ("2023年收到12345件，编号610300-2023-00012", None),
    ("统一代码11610300016000000X", None)])
def test_contact_details_are_masked_and_nothing_else(text: str, shown: str | None) -> None:
    assert masked(text) == (text if shown is None else shown)


def test_no_text_in_which_people_are_named_leaves_the_archive() -> None:
    assert {"sections", "issues"} <= LEFT_OUT


def test_text_that_a_spreadsheet_would_run_is_defused(sample: Sample, tmp_path: Path) -> None:
    made = report() | {"title": "=HYPERLINK(\"http://x\")"}
    sample.read(sample.see("http://p/a", b"a"), made)
    csv_export.write(sample.db, tmp_path / "out")
    assert table(tmp_path / "out" / "reports.csv")[0]["title"].startswith("'=")


def test_a_signed_number_stays_as_printed(sample: Sample, tmp_path: Path) -> None:
    sample.read(sample.see("http://p/a", b"a"), report(proactive={"licence_items_delta": cell(-7, "-7")}))
    csv_export.write(sample.db, tmp_path / "out")
    assert "-7" in {row["raw"] for row in table(tmp_path / "out" / "cells.csv")}


def test_a_failed_export_leaves_the_older_file_and_no_draft(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    csv_export.write_rows(path, ["a"], [[1]])
    with pytest.raises(ZeroDivisionError):
        csv_export.write_rows(path, ["a"], ([1 // n] for n in (1, 0)))
    assert path.read_text(encoding="utf-8-sig") == "a\n1\n" and [p.name for p in tmp_path.glob("t*")] == ["t.csv"]


def test_every_column_of_every_view_is_explained(sample: Sample) -> None:
    assert set(VIEWS) <= set(dictionary.TABLES)
    assert not {name for names in view_columns(sample).values() for name in names} - set(dictionary.COLUMNS)
    assert all(column.label and column.meaning for table in tables(sample.db) for column in table.columns)


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
