"""Merging archives: any order, any number of times, the same result; nothing is lost and nothing is half there."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
import sqlite_utils
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import frontier, migrations, readings, reports, seals
from archive.exceptions import ArchiveDamaged, ArchiveError
from archive.merge import merge, tables
from archive.store import Archive, Link, Observation
from archive.verify import Fault, verify
from crawler.cli import cli
from tests.sample import report

#: the report is derived from the readings and compared too; the order of the queue is this machine's own
COMPARED = ("report", "report_version")
Step = Callable[[Archive], None]


def dump(folder: Path) -> dict[str, list[str]]:
    """Every table but the derived ones, row by row, and every blob's digest."""
    with Archive(folder, write=False) as archive:
        found = {}
        for name, table in tables(archive.db).items():
            if table.rule in ("row", "part", "queue") or name in COMPARED:
                columns = ", ".join(column for column in table.columns if column != "seq")
                found[name] = sorted(map(repr, archive.db.execute(f"select {columns} from {name}")))
        return found | {"blob": sorted(repr(row) for row in archive.blobs.execute("select digest, size from blob"))}


# ---------------------------------------------------------------- random histories

RUNS, DAYS = ("a" * 32, "b" * 32), ("2024-02-01", "2024-02-02", "2024-03-01")
BODIES = tuple(f"<p>第{n}版</p>".encode() * (40 * n + 1) for n in range(4))
BEGIN = "insert or ignore into run(run_id, started_at, command) values (?, '2024-02-01', 'crawl')"
small = st.integers(0, 3)


def look(run: str, n: int, body: int, day: str, links: int) -> Step:
    seen = Observation(run, f"{n:032x}", "article", f"http://a.example/{n}", f"{day}T00:00:00.000000Z", 200, "ok", BODIES[body],
                       media_type="text/html", portal="p", column_url="http://a.example/",
                       links=tuple(Link(f"{k:032x}", f"h{k}", f'{{"url": "http://h{k}/{body}"}}') for k in range(links)))
    return lambda archive: _put(archive, seen)


def failure(run: str, n: int, day: str) -> Step:
    seen = Observation(run, f"{n:032x}", "article", f"http://a.example/{n}", f"{day}T00:00:00.000000Z", 404, "gone")
    return lambda archive: _put(archive, seen)


def _put(archive: Archive, seen: Observation) -> None:
    with archive.db:
        archive.db.execute(BEGIN, (seen.run_id,))
    archive.put([seen])


def queue(run: str, n: int, words: str) -> Step:
    def step(archive: Archive) -> None:
        with archive.db:
            archive.db.execute(BEGIN, (run,))
            link = Link(f"{n:032x}", f"h{n}", json.dumps({"url": f"http://h{n}/", "link_text": words}))
            frontier.add(archive.db, run, [link])
    return step


def finish(run: str, day: str) -> Step:
    def step(archive: Archive) -> None:
        with archive.db:
            archive.db.execute("update run set finished_at = ?, state = 'done' where run_id = ?", (day, run))
            archive.db.execute("delete from frontier where run_id = ?", (run,))
            archive.db.execute("insert or replace into walk select run_id, 'p', 'http://a.example/', 'trs', 'complete', '',"
                               " null, null, 1, 4, 4, 0, '{}', 'last-page', ?, null from run where run_id = ?", (day, run))
    return step


def read(body: int, version: str, day: str, agency: int, year: int) -> Step:
    """A reading is a pure function of bytes, version and hints; the hints are named by what they lead to."""
    def step(archive: Archive) -> None:
        _put(archive, Observation(RUNS[0], f"{body:032x}", "article", f"http://a.example/{body}", "2024-01-01T00:00:00.000000Z",
                                  200, "ok", BODIES[body], media_type="text/html"))
        (digest,) = archive.db.execute("select digest from capture where uid = ?", (f"{body:032x}",)).fetchone()
        made = report(f"第{agency}局", f"140927:b{agency}", 2019 + year)
        with archive.db:
            readings.save(archive.db, [readings.Reading(digest, version, f"{agency} {year}", f"{day}T{agency}{year}", made)])
    return step


def settle(n: int, reason: str, day: str) -> Step:
    def step(archive: Archive) -> None:
        with archive.db:
            archive.db.execute("insert or replace into settlement values (?,?,?,null)", (f"subject {n}", reason, day))
    return step


run_ids, days = st.sampled_from(RUNS), st.sampled_from(DAYS)
steps = st.one_of(
    st.builds(look, run_ids, small, small, days, small), st.builds(failure, run_ids, small, days),
    st.builds(queue, run_ids, small, st.sampled_from("甲乙")),
    st.builds(read, small, st.sampled_from("12"), days, st.integers(0, 1), st.integers(0, 1)),
    st.builds(settle, small, st.sampled_from(("原文如此", "已核")), days))
#: a finished run is never written to again
histories = st.tuples(st.lists(steps, max_size=7), st.lists(st.builds(finish, run_ids, days), max_size=1)).map(
    lambda made: made[0] + made[1])


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty") / "a"
    Archive(folder).close()
    return folder


class Bench:
    """Archives by name in a folder of their own; `+` of names is a merge."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self.folder, self.empty = folder, empty

    def make(self, name: str, history: list[Step]) -> None:
        shutil.copytree(self.empty, self.folder / name)
        with Archive(self.folder / name) as archive:
            archive.db.execute("pragma synchronous = off")
            archive.blobs.execute("pragma synchronous = off")
            for step in history:
                step(archive)
            with archive.db:
                reports.choose(archive.db)

    def joined(self, name: str, *others: str) -> dict[str, list[str]]:
        into = self.folder / f"{name}+[{','.join(others)}]"
        shutil.copytree(self.folder / name, into)
        with Archive(into) as archive:
            archive.db.execute("pragma synchronous = off")
            archive.blobs.execute("pragma synchronous = off")
            for other in others:
                merge(archive, self.folder / other)
        return dump(into)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.tuples(histories, histories, histories))
def test_merging_is_commutative_associative_and_idempotent(empty: Path, made: tuple[list[Step], ...]) -> None:
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder), empty)
        for name, history in zip("abc", made, strict=True):
            bench.make(name, history)
        whole = bench.joined("a", "b", "c")
        assert bench.joined("c", "b", "a") == whole
        bench.joined("b", "c")
        assert bench.joined("a", "b+[c]") == whole                       # associative
        assert bench.joined("a+[b,c]", "b", "a", "c") == whole           # idempotent
        with Archive(Path(folder) / "a+[b,c]", write=False) as archive:
            assert not [fault for fault in verify(archive) if isinstance(fault, Fault)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(histories)
def test_merging_with_an_empty_archive_or_with_a_copy_changes_nothing(empty: Path, made: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder), empty)
        bench.make("a", made)
        bench.make("none", [])
        shutil.copytree(bench.folder / "a", bench.folder / "copy")
        assert bench.joined("a", "none") == dump(bench.folder / "a") == bench.joined("none", "a") == bench.joined("a", "copy")


# ---------------------------------------------------------------- the rules


def test_every_table_has_a_rule(empty: Path) -> None:
    """A new table needs a key that is the same on every machine, or a place in one of the named lists."""
    with Archive(empty, write=False) as archive:
        rules = {name: table.rule for name, table in tables(archive.db).items()}
    assert {"capture", "link", "document", "settlement", "walk", "reading"} <= {n for n, rule in rules.items() if rule == "row"}
    assert {n for n, rule in rules.items() if rule == "part"} == {"tag", "cell", "section", "verdict", "issue"}
    assert rules["frontier"] == "queue"


def test_a_table_keyed_by_row_numbers_is_refused(tmp_path: Path) -> None:
    for name in "ab":
        with Archive(tmp_path / name) as archive, archive.db:
            archive.db.execute("create table note(n integer primary key, words text)")
    with Archive(tmp_path / "a") as archive, pytest.raises(ArchiveError, match="table note has no key"):
        merge(archive, tmp_path / "b")


def test_the_newest_word_on_a_finding_wins_whichever_way_round(tmp_path: Path, empty: Path) -> None:
    bench = Bench(tmp_path, empty)
    bench.make("a", [settle(1, "zzz", "2024-01-01")])
    bench.make("b", [settle(1, "aaa", "2024-05-01")])
    assert bench.joined("a", "b")["settlement"] == bench.joined("b", "a")["settlement"] == [
        repr(seals.sealed("subject 1", "aaa", "2024-05-01"))]


def test_an_open_run_goes_on_from_what_either_machine_has_done(tmp_path: Path, empty: Path) -> None:
    bench = Bench(tmp_path, empty)
    todo = [queue(RUNS[0], n, "甲") for n in range(3)]
    bench.make("a", [*todo, look(RUNS[0], 0, 0, DAYS[0], 0)])
    bench.make("b", [*todo, look(RUNS[0], 1, 1, DAYS[0], 0)])
    bench.joined("a", "b")
    with Archive(tmp_path / "a+[b]", write=False) as archive:
        assert archive.db.execute("select uid, state from frontier order by uid").fetchall() == [
            (f"{0:032x}", "done"), (f"{1:032x}", "done"), (f"{2:032x}", "todo")]


# ---------------------------------------------------------------- trouble


MERGE = ("import sys, time; from pathlib import Path; from archive import blobs, merge; from archive.store import Archive;"
         "blobs.GROUP = 2; archive = Archive(Path(sys.argv[1])); print('go', flush=True);"
         "merge.merge(archive, Path(sys.argv[2])); print('done', flush=True)")


def test_a_merge_killed_at_any_moment_and_given_again_is_as_if_it_was_never_killed(tmp_path: Path, empty: Path) -> None:
    bench, random = Bench(tmp_path, empty), Random(5)
    many = [step for n in range(60) for step in (look(RUNS[0], n, n % 4, DAYS[n % 3], n % 5),
                                                 read(n % 4, "1", DAYS[0], n % 2, n))]
    bench.make("a", many[:40])
    bench.make("b", [*many[20:], settle(1, "zzz", "2024-01-01")])
    whole = bench.joined("a", "b")
    shutil.copytree(tmp_path / "a", tmp_path / "killed")
    kills = 0
    for _ in range(8):
        child = subprocess.Popen([sys.executable, "-c", MERGE, str(tmp_path / "killed"), str(tmp_path / "b")],
                                 cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True)
        assert child.stdout and child.stdout.readline() == "go\n"
        time.sleep(random.uniform(0, 0.06))
        child.kill()
        kills += "done" not in child.communicate()[0]
        with Archive(tmp_path / "killed", write=False) as archive:
            assert not [fault for fault in verify(archive) if isinstance(fault, Fault)]
    assert kills
    with Archive(tmp_path / "killed") as archive:
        merge(archive, tmp_path / "b")
    assert dump(tmp_path / "killed") == whole


def test_an_older_archive_is_brought_up_to_date_in_a_copy_and_not_touched(tmp_path: Path, empty: Path) -> None:
    bench = Bench(tmp_path, empty)
    bench.make("a", [])
    (tmp_path / "old").mkdir()
    old = sqlite_utils.Database(tmp_path / "old" / "archive.db")
    migrations.catalogue.apply(old, stop_before="across")
    with old.conn:
        old.execute("insert into run(run_id, started_at, command) values ('r', '2024-02-01', 'crawl')")
        old.execute("insert into document values ('d', 1, 'text/html', '2024-02-01')")
    old.close()
    Archive(tmp_path / "blobs").close()
    shutil.copy(tmp_path / "blobs" / "blobs.db", tmp_path / "old")
    before = (tmp_path / "old" / "archive.db").read_bytes()
    assert len(bench.joined("a", "old")["document"]) == 1
    assert (tmp_path / "old" / "archive.db").read_bytes() == before
    assert not list((tmp_path / "a+[old]").glob("merge-*"))


def test_an_archive_from_the_future_is_refused_with_a_sentence(tmp_path: Path, empty: Path) -> None:
    for name in "ab":
        shutil.copytree(empty, tmp_path / name)
    db = sqlite3.connect(tmp_path / "b" / "archive.db")
    with db:
        db.execute("update _sqlite_migrations set name = 'hologram' where name = 'views'")
    db.close()
    with Archive(tmp_path / "a") as archive, pytest.raises(ArchiveError, match="newer nianbao"):
        merge(archive, tmp_path / "b")


def test_damaged_bytes_are_never_merged(tmp_path: Path, empty: Path) -> None:
    bench = Bench(tmp_path, empty)
    bench.make("a", [])
    bench.make("b", [look(RUNS[0], 1, 1, DAYS[0], 0)])
    db = sqlite3.connect(tmp_path / "b" / "blobs.db")
    with db:
        db.execute("update blob set data = zeroblob(length(data))")
    db.close()
    with Archive(tmp_path / "a") as archive:
        with pytest.raises(ArchiveDamaged, match="nianbao verify"):
            merge(archive, tmp_path / "b")
        assert archive.db.execute("select count(*) from capture").fetchone() == (0,)


def test_an_archive_is_not_merged_with_itself(tmp_path: Path, empty: Path) -> None:
    shutil.copytree(empty, tmp_path / "a")
    with Archive(tmp_path / "a") as archive, pytest.raises(ArchiveError, match="itself"):
        merge(archive, tmp_path / "a")


def test_the_command_merges_several_and_says_what_came(tmp_path: Path, empty: Path) -> None:
    bench = Bench(tmp_path, empty)
    for n, name in enumerate("abc"):
        bench.make(name, [look(RUNS[0], n, n, DAYS[0], 1)])
    done = CliRunner().invoke(cli, ["merge", str(tmp_path / "b"), str(tmp_path / "c"), "--archive", str(tmp_path / "a")])
    assert done.exit_code == 0, done.output
    assert "2 archives, 2 new files" in done.output
    with Archive(tmp_path / "a", write=False) as archive:
        assert archive.db.execute("select count(*) from capture").fetchone() == (3,)
        assert archive.db.execute("select count(distinct digest) from reading").fetchone() == (3,)     # and read what was not
