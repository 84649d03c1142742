"""Releases: read back by other tools they say what the archive says, and they tell what changed."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive.exceptions import ArchiveError
from archive.export import changes, datapackage
from archive.export.tables import tables
from tests.sample import Sample, cell, report

pandas = pytest.importorskip("pandas", reason="releases need the `release` extra: pip install -e '.[release]'")
duckdb = pytest.importorskip("duckdb", reason="DuckDB reads a release back in this test: pip install duckdb")
pyreadstat = pytest.importorskip("pyreadstat", reason="releases need the `release` extra")

EXAMPLE = Path(__file__).parents[1] / "examples" / "three_questions.py"
STATES = {"rules_made": cell(0), "rules_published": cell(None, "", "blank"), "rules_public_total": cell(None, "/", "na_mark"),
          "licence_items_delta": cell(-7, "(减)7"), "procurement_amount": cell(None, "12 34", "ambiguous")}


def full(sample: Sample) -> None:
    """Two bodies over four years, with every kind of cell; one year is missing."""
    for n, (agency, agency_id) in enumerate([("神池县司法局", "140927:justice"), ("宝鸡市司法局", "610300:justice")]):
        for year in (2019, 2020, 2022):
            rows = {"total_handled": {"total": cell(year - 2000 + n)}, "granted": {"total": cell(n + 5)},
                    "partly_granted": {"total": cell(0)},
                    "refused_state_secret": {"natural_person": cell(None, "", "position_lost")}}
            made = report(agency, agency_id, year, requests=rows, proactive=STATES)
            sample.read(sample.see(f"http://p/{agency_id}/{year}", f"{agency} {year}".encode()), made)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sample, Path]:
    sample = Sample(tmp_path_factory.mktemp("archive") / "data")
    full(sample)
    folder = tmp_path_factory.mktemp("release")
    datapackage.write(sample.db, folder, "2026.10")
    return sample, folder


def test_duckdb_reads_every_cell_as_the_archive_has_it(released: tuple[Sample, Path]) -> None:
    sample, folder = released
    asked = "select report_id, table_id, row_id, column_id, value, raw, status, digest, locator from {} order by 1, 2, 3, 4"
    ours = sample.db.execute(asked.format("cells")).fetchall()
    assert duckdb.sql(asked.format(f"'{folder}/cells.parquet'")).fetchall() == ours
    packed = f"read_csv('{folder}/cells.csv.gz', all_varchar=true)"
    theirs = duckdb.sql(asked.format(packed)).fetchall()
    assert [tuple(value or "" for value in row) for row in theirs] == [
        tuple("" if value is None else str(value) for value in row) for row in ours]


def test_pandas_reads_the_panel_with_all_four_states_apart(released: tuple[Sample, Path]) -> None:
    _, folder = released
    panel = pandas.read_parquet(folder / "panel.parquet")
    reported, missing = panel[panel.year == 2019].iloc[0], panel[panel.year == 2021].iloc[0]
    why = json.loads(reported.no_value)
    assert reported.rules_made == 0 and reported.licence_items_delta == -7
    assert pandas.isna(reported.rules_published) and why["rules_published"] == "blank"
    assert pandas.isna(reported.rules_public_total) and why["rules_public_total"] == "na_mark"
    assert pandas.isna(reported.rules_issued) and "rules_issued" not in why
    assert missing.state == "not_looked" and pandas.isna(missing.report_id) and pandas.isna(missing.no_value)


def test_stata_gets_a_letter_for_each_reason_and_chinese_labels(released: tuple[Sample, Path]) -> None:
    _, folder = released
    frame, meta = pyreadstat.read_dta(folder / "panel.dta", user_missing=True)
    row = frame[frame.year == 2019].iloc[0]
    assert (row.rules_made, row.rules_published, row.rules_public_total, row.procurement_amount) == (0, "a", "b", "d")
    assert row.refused_state_secret_indiv == "c" and pandas.isna(row.rules_issued)
    assert row.agency == "神池县司法局"
    assert meta.column_names_to_labels["granted_total"] == "（一）予以公开·总计"


def test_every_number_leads_to_a_file_and_a_place_in_it(released: tuple[Sample, Path]) -> None:
    _, folder = released
    lost = duckdb.sql(f"""
        select count(*) from '{folder}/cells.parquet' c left join '{folder}/documents.parquet' d using (digest)
         where c.value is not null and (d.digest is null or coalesce(c.locator, '') = '')""").fetchall()
    seen = duckdb.sql(f"select count(*) from '{folder}/documents.parquet' anti join '{folder}/captures.parquet' using (digest)")
    assert lost == [(0,)] and seen.fetchall() == [(0,)]


def test_the_description_fits_the_files(released: tuple[Sample, Path]) -> None:
    sample, folder = released
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["version"] == "2026.10"
    described = {resource["path"]: resource for resource in package["resources"]}
    assert {f"{t.name}{s}" for t in tables(sample.db) for s in (".csv.gz", ".parquet")} | {"panel.dta"} == described.keys()
    for path, resource in described.items():
        data = (folder / path).read_bytes()
        assert resource["bytes"] == len(data) and resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        if path.endswith(".parquet"):
            shape = duckdb.sql(f"select * from '{folder / path}' limit 0").columns
            assert [field["name"] for field in resource["schema"]["fields"]] == shape


def test_the_sums_are_those_of_the_files(released: tuple[Sample, Path]) -> None:
    _, folder = released
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    files = [path for path in folder.iterdir() if path.name != "SHA256SUMS"]
    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_archive_gives_the_same_release(released: tuple[Sample, Path], tmp_path: Path) -> None:
    sample, folder = released
    datapackage.write(sample.db, tmp_path / "again", "2026.10")
    text = (".csv.gz", ".csv", ".md", ".jsonl", ".json")
    same = [path.name for path in folder.iterdir() if path.name.endswith(text) and path.name != "datapackage.json"]
    assert len(same) > 15
    assert [name for name in same if (folder / name).read_bytes() != (tmp_path / "again" / name).read_bytes()] == []


def snippets(language: str, folder: Path) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (folder / "README.md").read_text(encoding="utf-8"), re.S)


def test_the_readme_s_python_and_sql_run(released: tuple[Sample, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    _, folder = released
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(snippets("python", folder)[0], names)
    assert names["panel"].granted_total.sum() == 33 and names["panel"].rules_published.isna().all()
    rates = duckdb.sql(snippets("sql", folder)[0]).fetchall()
    assert ("county", 2019, pytest.approx(11 / 39)) in rates


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed: apt-get install r-base-core")
def test_the_readme_s_r_runs(released: tuple[Sample, Path]) -> None:
    _, folder = released
    program = snippets("r", folder)[0] + "cat(sum(panel$granted_total, na.rm=T), sum(is.na(panel$rules_published)))"
    done = subprocess.run(["Rscript", "-e", program], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["33", str(len(pandas.read_parquet(folder / "panel.parquet")))], done.stderr


def test_the_example_answers_its_three_questions(released: tuple[Sample, Path], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the example draws charts: pip install -e '.[examples]'")
    _, folder = released
    command = [sys.executable, "-W", "error", str(EXAMPLE), str(folder), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rate = pandas.read_csv(tmp_path / "grant_rate.csv").set_index("year")
    assert rate.county[2019] == pytest.approx(11 / 39)
    assert {path.name for path in tmp_path.glob("*.svg")} == {"grant_rate.svg", "punctuality.svg", "outcomes.svg"}


def test_a_later_release_tells_what_came_changed_and_went(tmp_path: Path) -> None:
    sample = Sample(tmp_path / "data")
    full(sample)
    datapackage.write(sample.db, tmp_path / "one", "2026.10")
    amended = report("神池县司法局", "140927:justice", 2019, requests={"granted": {"total": cell(8)}}, proactive=STATES)
    sample.read(sample.see("http://p/140927:justice/2019", b"amended", "2024-09-01T00:00:00"), amended)
    sample.read(sample.see("http://p/new", b"new"), report("凤县司法局", "610330:justice", 2020))
    with sample.db:
        sample.db.execute("delete from report where report_id = '610300:justice:2022'")
    datapackage.write(sample.db, tmp_path / "two", "2026.11", tmp_path / "one")
    first, second = changes.read(tmp_path / "one"), changes.read(tmp_path / "two")
    assert second[:len(first)] == first and [change.id for change in second] == list(range(1, len(second) + 1))
    assert [(c.op, c.report_id) for c in second[len(first):]] == [
        ("changed", "140927:justice:2019"), ("removed", "610300:justice:2022"), ("added", "610330:justice:2020")]
    log = (tmp_path / "two" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "| 140927:justice:2019 | requests.granted.total | 5 | 8 |" in log
    datapackage.write(sample.db, tmp_path / "three", "2026.11.2", tmp_path / "two")
    assert changes.read(tmp_path / "three") == second


def test_a_wrong_version_and_a_folder_without_a_release_are_told(tmp_path: Path) -> None:
    sample = Sample(tmp_path / "data")
    with pytest.raises(ArchiveError, match="is no version"):
        datapackage.write(sample.db, tmp_path / "out", "v1")
    with pytest.raises(ArchiveError, match="holds no release"):
        datapackage.write(sample.db, tmp_path / "out", "2026.10", tmp_path)
