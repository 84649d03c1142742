"""What was put into an archive stays, once, in the order bytes, then facts; every trouble is one sentence."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from archive.exceptions import ArchiveDamaged, ArchiveError, ArchiveLocked, NoArchive, NotFound
from archive.store import Archive, Link, Observation
from crawler import writer

ROOT = Path(__file__).parents[1]
PAGE = "<html><body>神池县司法局政府信息公开年度报告</body></html>".encode() * 40
OFFICE = b"PK\x03\x04" + os.urandom(30_000)


def seen(n: int, body: bytes | None = PAGE, **more: object) -> Observation:
    base = Observation("r", f"{n:032x}", "article", f"http://a.example/{n}", f"2024-02-01T00:00:{n:02}.000000Z", 200, "ok",
                       body, media_type="text/html" if body else "")
    return replace(base, **more)  # type: ignore[arg-type]


def begin(folder: Path) -> Archive:
    archive = Archive(folder)
    with archive.db:
        archive.db.execute("insert or ignore into run(run_id, started_at, command) values ('r', '2024-02-01', 'test')")
    return archive


def dump(folder: Path) -> list[tuple[object, ...]]:
    tables = ("run", "document", "capture", "link")
    with Archive(folder, write=False) as archive:
        return [row for table in tables for row in archive.db.execute(f"select '{table}', * from {table} order by 2, 3, 4")]


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    with begin(tmp_path) as archive:
        office = seen(2, OFFICE, media_type="application/zip")
        digests = archive.put([seen(1), office, seen(3, None, status=404, outcome="gone")])
        assert digests[2] is None
        assert [archive.bytes(digest) for digest in digests[:2] if digest] == [PAGE, OFFICE]
        assert dict(archive.blobs.execute("select codec, size from blob")) == {"zstd": len(PAGE), "raw": len(OFFICE)}


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    with begin(tmp_path) as archive:
        archive.put([seen(n) for n in range(9)])
        assert archive.blobs.execute("select count(*) from blob").fetchone() == (1,)
        assert archive.db.execute("select count(*) from capture").fetchone() == (9,)


def test_storing_again_changes_nothing(tmp_path: Path) -> None:
    group = [seen(n, links=(Link("f" * 32, "a.example", "{}"),)) for n in range(3)]
    with begin(tmp_path) as archive:
        archive.put(group)
    once = dump(tmp_path)
    with begin(tmp_path) as archive:
        archive.put(group)
        archive.put(group[::-1])
    assert dump(tmp_path) == once


def test_any_order_gives_the_same_archive(tmp_path: Path) -> None:
    group = [seen(n, PAGE * (1 + n % 2)) for n in range(6)]
    for name, order in (("forth", group), ("back", group[::-1])):
        with begin(tmp_path / name) as archive:
            for observation in order:
                archive.put([observation])
    assert dump(tmp_path / "forth") == dump(tmp_path / "back")


def test_links_join_the_frontier_of_their_run_once_and_the_page_is_done(tmp_path: Path) -> None:
    known, new = Link(f"{1:032x}", "a.example", "{}"), Link(f"{2:032x}", "a.example", "{}")
    with begin(tmp_path) as archive:
        archive.put([seen(1, links=(known, new))])
        archive.put([seen(1, links=(known, new))])
        assert archive.db.execute("select uid, state from frontier order by seq").fetchall() == [
            (known.uid, "done"), (new.uid, "todo")]


def test_there_is_one_writer_and_its_number_is_told(tmp_path: Path) -> None:
    with begin(tmp_path), pytest.raises(ArchiveLocked, match=f"process {os.getpid()}"):
        Archive(tmp_path)
    begin(tmp_path).close()                       # and the lock is given back


def test_readers_read_while_one_writes(tmp_path: Path) -> None:
    with begin(tmp_path) as writer, Archive(tmp_path, write=False) as reader:
        (digest,) = writer.put([seen(1)])
        assert digest
        assert reader.bytes(digest) == PAGE
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.db.execute("delete from capture")


def test_reading_where_there_is_none_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="nianbao crawl"):
        Archive(tmp_path / "none", write=False)
    assert not (tmp_path / "none").exists()


def test_unknown_bytes_are_not_found(tmp_path: Path) -> None:
    with begin(tmp_path) as archive, pytest.raises(NotFound):
        archive.bytes("0" * 64)


def test_bytes_of_another_length_are_never_given_out(tmp_path: Path) -> None:
    with begin(tmp_path) as archive:
        (digest,) = archive.put([seen(1, OFFICE)])
        archive.blobs.execute("update blob set data = substr(data, 1, 900)")
        assert digest
        with pytest.raises(ArchiveDamaged, match="nianbao verify"):
            archive.bytes(digest)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    begin(tmp_path).close()
    (tmp_path / "archive.db").write_bytes(b"this is no database at all, only words" * 99)
    with pytest.raises(ArchiveDamaged, match="damaged"):
        Archive(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="cannot write to"):
        Archive(tmp_path / "file" / "archive")


def test_a_full_disk_is_a_sentence_and_loses_nothing_committed(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import os, resource, sys
        from pathlib import Path
        from archive.exceptions import ArchiveFull
        from archive.store import Archive, Observation
        archive = Archive(Path(sys.argv[1]))
        with archive.db:
            archive.db.execute("insert into run(run_id, started_at, command) values ('r', '2024-02-01', 'test')")
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        for n in range(1000):
            try:
                archive.put([Observation("r", f"{n:032x}", "article", f"http://a/{n}", f"2024-02-01T00:00:00.{n:06}Z",
                                         200, "ok", os.urandom(50_000), media_type="application/pdf")])
            except ArchiveFull as error:
                print(error)
                break
            print(n, flush=True)
    """)
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, cwd=ROOT)
    *stored, sentence = done.stdout.splitlines()
    assert "disk" in sentence
    assert stored
    with begin(tmp_path) as archive:
        assert archive.db.execute("select count(*) from capture").fetchone() == (len(stored),)
        for (digest,) in archive.db.execute("select digest from document").fetchall():
            assert len(archive.bytes(digest)) == 50_000


def test_killed_between_bytes_and_facts_leaves_bytes_that_nobody_mentions(tmp_path: Path) -> None:
    with begin(tmp_path) as archive:
        archive._put_bytes([seen(1)])
    with begin(tmp_path) as archive:
        assert archive.db.execute("select count(*) from capture").fetchone() == (0,)
        assert archive.put([seen(1)]) != [None]
        assert archive.blobs.execute("select count(*) from blob").fetchone() == (1,)
        assert archive.db.execute("pragma foreign_key_check").fetchall() == []


def test_a_group_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    with begin(tmp_path) as archive:
        with pytest.raises(sqlite3.IntegrityError):
            archive.put([seen(1), seen(2, None, status=None)])
        assert archive.db.execute("select count(*) from capture").fetchone() == (0,)
        archive.put([seen(1)])
        assert archive.db.execute("select count(*) from capture").fetchone() == (1,)


def test_large_bodies_wait_for_their_turn_instead_of_filling_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "HELD", 100_000)
    most = 0
    with begin(tmp_path) as archive:
        with writer.Writer(archive) as one:
            for n in range(40):
                one.put(seen(n, os.urandom(30_000), media_type="image/png"))
                most = max(most, one.held)
        assert archive.blobs.execute("select count(*) from blob").fetchone() == (40,)
    assert 30_000 <= most <= 130_000
    assert (one.held, one.unsettled) == (0, 0)


def test_an_archive_opens_without_pandas_and_numpy_which_cost_a_third_of_a_second() -> None:
    loaded = "import sys, archive.store; print({'pandas', 'numpy'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "set()\n"
