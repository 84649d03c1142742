"""Publishing: what browse.db says is what the archive says; it is whole or not there; it is rebuilt only for a reason."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import dictionary
from archive.exceptions import ArchiveLocked, NoArchive
from archive.publish import describe, published
from archive.publish.packing import packed, unpack
from archive.publish.source import Catalogue
from crawler.cli import cli
from crawler.published import refresh
from tests.sample import HOSTILE, Sample, cell, report


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    sample = Sample(tmp_path / "data")
    sample.read(sample.see("http://p/a.html", HOSTILE.encode()), report())
    money = {**cell(3, "3万元", "money"), "unit": "万元", "value_yuan": 30000}
    made = report(year=2020, proactive={"procurement_amount": money, "rules_made": cell(0, "无", "text_zero")},
                  stat2014={"local:接待人次": cell(7)})
    sample.read(sample.see("http://p/b.html", b"b"), made)
    return sample


def opened(sample: Sample) -> sqlite3.Connection:
    refresh(sample.folder)
    return describe.opened(sample.folder / "browse.db")


CELLS = "select report_id, table_id, row_id, column_id, value, status from cells"


def test_the_published_cells_are_the_archives(sample: Sample) -> None:
    with closing(opened(sample)) as db:
        assert set(db.execute(CELLS)) == set(sample.db.execute(CELLS))


def test_missing_blank_zero_and_not_applicable_stay_different(sample: Sample) -> None:
    with closing(opened(sample)) as db:
        status = dict(db.execute("select row_id || column_id, status from cells where report_id = '140927:justice:2019'"))
        assert (status["new_receivedngo"], status["procurement_amount"], status["new_receivedcompany"]) == (
            "blank", "na_mark", "number")
        assert "granted" + "total" not in status
        wide = "select new_received_ngo, new_received_firm, granted_total from figures"
        assert db.execute(f"{wide} where year = 2019").fetchone() == (None, 0, None)


def test_money_is_in_yuan(sample: Sample) -> None:
    with closing(opened(sample)) as db:
        assert db.execute("select procurement_amount_yuan from figures where year = 2020").fetchone() == (30000,)


def test_sums_count_own_and_aggregate_reports_apart(sample: Sample) -> None:
    made = report(agency="神池县人民政府", agency_id="140927:government", year=2019)
    made["tags"]["scope"]["value"] = "aggregate_region"
    sample.read(sample.see("http://p/c.html", b"c"), made)
    with closing(opened(sample)) as db:
        assert dict(db.execute("select scope, sum(received) from totals where year = 2019 group by 1")) == {
            "own": 3, "aggregate": 3}


def test_a_sum_without_any_number_is_null_and_not_zero(sample: Sample) -> None:
    with closing(opened(sample)) as db:
        assert db.execute("select refused, granted from totals where year = 2019").fetchone() == (None, None)


def test_an_earlier_version_is_published_with_what_changed(sample: Sample) -> None:
    replaced = sample.see("http://p/a.html", b"new", at="2024-05-01T00:00:00")
    sample.read(replaced, report(text="神池县司法局2019年度\n收到申请四件。"))
    with closing(opened(sample)) as db:
        number, = db.execute("select rowid from reports where year = 2019").fetchone()
        changes = [v["changes"] for v in unpack(db, number)["versions"] if not v["chosen"]]
        assert changes == [[["-", "收到申请三件。"], ["+", "收到申请四件。"]]]


def test_details_come_back_as_they_went_in_with_and_without_a_dictionary() -> None:
    for count in (3, 60):
        details = [(n, {"n": n, "text": f"收到政府信息公开申请 {n} 件。" * 50}) for n in range(1, count)]
        with closing(sqlite3.connect(":memory:")) as db:
            db.execute("create table detail(report_no integer primary key, data blob)")
            db.executemany("insert into detail values (?, ?)", packed(iter(details)))
            assert [(n, unpack(db, n)) for n, _ in details] == details


def test_nothing_is_built_when_nothing_changed(sample: Sample) -> None:
    assert not refresh(sample.folder).unchanged
    assert refresh(sample.folder).unchanged
    sample.read(sample.see("http://p/d.html", b"d"), report(year=2021))
    again = refresh(sample.folder)
    assert (again.unchanged, again.reports) == (False, 3)


def test_the_work_grows_with_the_reports_and_not_with_their_square(tmp_path: Path) -> None:
    def work(count: int) -> int:
        """Steps of SQLite's machine, in thousands."""
        sample, steps = Sample(tmp_path / str(count)), []
        for n in range(count):
            sample.read(sample.see(f"http://p/{n}.html", str(n).encode()), report(agency_id=f"{n}:justice"))
        sample.db.set_progress_handler(lambda: steps.append(1), 1000)
        assert len(list(Catalogue(sample.db).reports())) == count
        return len(steps)

    assert work(80) < 6 * work(20)


def test_a_reader_of_the_old_file_keeps_it(sample: Sample) -> None:
    with closing(opened(sample)) as old:
        sample.read(sample.see("http://p/d.html", b"d"), report(year=2021))
        refresh(sample.folder)
        assert old.execute("select count(*) from reports").fetchone() == (2,)
        with closing(opened(sample)) as new:
            assert new.execute("select count(*) from reports").fetchone() == (3,)


def test_killed_in_the_middle_the_old_file_stays_and_the_next_publish_is_whole(sample: Sample) -> None:
    refresh(sample.folder)
    before = (sample.folder / "browse.db").read_bytes()
    sample.read(sample.see("http://p/d.html", b"d"), report(year=2021))
    program = ("import os, sys; from pathlib import Path; from archive.publish import build, describe\n"
               "describe.counts = lambda db: os.kill(os.getpid(), 9)\n"
               "from crawler.published import refresh; refresh(Path(sys.argv[1]))")
    killed = subprocess.run([sys.executable, "-c", program, str(sample.folder)], cwd=Path(__file__).parents[1])
    assert killed.returncode == -9
    assert (sample.folder / "browse.db").read_bytes() == before
    with closing(opened(sample)) as db:
        assert db.execute("select count(*) from reports").fetchone() == (3,)
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)


def test_two_publishes_do_not_meet(sample: Sample) -> None:
    import fcntl

    lock = os.open(sample.folder / "browse.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(ArchiveLocked, match="published by another"):
        refresh(sample.folder)
    os.close(lock)


def test_where_there_is_no_archive_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(NoArchive):
        refresh(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_an_archive_of_an_older_version_is_published_too(sample: Sample) -> None:
    with sample.db:
        sample.db.execute("drop view portals")
        sample.db.execute("delete from _sqlite_migrations where name = 'portals_view'")
        sample.db.execute("delete from deadline")
    assert refresh(sample.folder).reports == 2
    with closing(describe.opened(sample.folder / "browse.db")) as db:
        assert db.execute("select count(*) from coverage").fetchone()[0] > 0


def test_the_command_says_what_it_did(sample: Sample) -> None:
    first = CliRunner().invoke(cli, ["publish", "--archive", str(sample.folder)])
    second = CliRunner().invoke(cli, ["publish", "--archive", str(sample.folder)])
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "written" in first.stderr and "2 reports" in first.stderr
    assert "is current" in second.stderr


def test_everything_published_is_explained_in_the_dictionary(sample: Sample) -> None:
    with closing(opened(sample)) as db:
        described = describe.metadata(db)["databases"]["browse"]["tables"]
        shown = {name for (name,) in db.execute("select name from sqlite_master where type in ('table', 'view')")
                 if not described.get(name, {}).get("hidden") and not name.startswith("sqlite_")}
        assert shown <= set(dictionary.TABLES)
        for name in shown:
            columns = {column for _, column, *_ in db.execute(f"pragma table_info({name})")}
            assert columns == set(described[name]["columns"]), name


def test_a_stock_datasette_finds_its_files(sample: Sample) -> None:
    refresh(sample.folder)
    inspected = json.loads((sample.folder / "browse.inspect.json").read_text())
    assert inspected["browse"]["tables"]["reports"]["count"] == 2
    assert "queries" in json.loads((sample.folder / "browse.metadata.json").read_text())["databases"]["browse"]
    assert "queries" in json.loads((sample.folder / "browse.datasette.json").read_text())["databases"]["browse"]


def test_a_file_that_is_no_database_counts_as_not_published(tmp_path: Path) -> None:
    (tmp_path / "browse.db").write_bytes(b"not a database at all" * 100)
    assert published(tmp_path / "browse.db") == {}
