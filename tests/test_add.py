"""`nianbao add` and `nianbao parse`: local files take the same way as fetched ones, and nothing is read twice."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from archive.store import Archive
from tests.loopback import report

ROOT = Path(__file__).parents[1]


def nianbao(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", "from crawler.cli import cli; cli()", *words, "--archive", str(folder)],
                          cwd=ROOT, text=True, capture_output=True, timeout=300)


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with Archive(folder, write=False) as archive:
        return archive.db.execute(sql).fetchall()


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "年报"
    (folder / "2019" / "县直").mkdir(parents=True)
    for n, path in enumerate(("甲局.html", "2019/乙局.html", "2019/县直/丙局.html")):
        (folder / path).write_bytes(report(n).body)
    (folder / ".DS_Store").write_bytes(b"noise")
    return folder


def test_a_folder_is_archived_under_names_that_say_nothing_of_this_machine(tmp_path: Path, collection: Path) -> None:
    done = nianbao(tmp_path / "a", "add", str(collection))
    assert done.returncode == 0, done.stderr
    assert "3 files, 3 new; 3 read" in done.stderr
    assert rows(tmp_path / "a", "select url, role from capture order by url") == [
        ("file:年报/2019/乙局.html", "file"), ("file:年报/2019/县直/丙局.html", "file"), ("file:年报/甲局.html", "file")]
    for name in ("archive.db", "blobs.db"):
        db = sqlite3.connect(tmp_path / "a" / name)
        assert str(tmp_path) not in "\n".join(db.iterdump())
        db.close()


def test_adding_again_stores_and_reads_nothing(tmp_path: Path, collection: Path) -> None:
    nianbao(tmp_path / "a", "add", str(collection))
    done = nianbao(tmp_path / "a", "add", str(collection))
    assert done.returncode == 0
    assert "3 files, 0 new; 0 read" in done.stderr


def test_files_that_cannot_be_had_are_named_and_the_others_taken(tmp_path: Path, collection: Path) -> None:
    (collection / "empty.pdf").write_bytes(b"")
    (collection / "strange.bin").write_bytes(b"\x00\x01\x02\x03" * 99)
    (collection / "gone.doc").symlink_to(tmp_path / "nowhere")
    done = nianbao(tmp_path / "a", "add", str(collection))
    assert done.returncode == 1
    assert "empty.pdf: the file is empty" in done.stderr
    assert "of them 1 unreadable; `nianbao check` says why" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(rows(tmp_path / "a", "select * from capture")) == 4


def test_a_folder_without_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    done = nianbao(tmp_path / "a", "add", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "no files in this folder" in done.stderr


def test_what_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    done = nianbao(tmp_path / "a", "add", str(tmp_path / "nothing"))
    assert done.returncode == 2
    assert not (tmp_path / "a").exists()


def test_parse_reads_only_what_is_not_read_and_all_when_asked(tmp_path: Path, collection: Path) -> None:
    nianbao(tmp_path / "a", "add", str(collection))
    before = rows(tmp_path / "a", "select reading_id, text from reading order by 1")
    assert "0 documents read" in nianbao(tmp_path / "a", "parse").stderr
    again = nianbao(tmp_path / "a", "parse", "--all")
    assert "3 documents read" in again.stderr
    assert rows(tmp_path / "a", "select reading_id, text from reading order by 1") == before


def test_parse_needs_an_archive(tmp_path: Path) -> None:
    done = nianbao(tmp_path / "a", "parse")
    assert done.returncode == 2
    assert "there is no archive in" in done.stderr
    assert not (tmp_path / "a").exists()


def test_a_lost_reading_is_made_again(tmp_path: Path, collection: Path) -> None:
    nianbao(tmp_path / "a", "add", str(collection))
    with Archive(tmp_path / "a") as archive, archive.db:
        for table in ("report_version", "report", "tag", "cell", "section", "verdict", "issue", "reading"):
            archive.db.execute(f"delete from {table}")
    assert "3 documents read" in nianbao(tmp_path / "a", "parse").stderr
