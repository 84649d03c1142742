"""Backups taken while somebody writes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from archive.backup import backup
from archive.exceptions import ArchiveError
from archive.store import Archive, Observation
from archive.verify import Fault, verify


def seen(number: int) -> Observation:
    body = f"年报 {number}".encode() * 500
    return Observation("r", f"{number:032}", "file", f"http://p/{number}", f"2024-01-01T00:00:{number:06}Z", 200, "ok",
                       body, media_type="text/plain")


def started(folder: Path) -> Archive:
    archive = Archive(folder)
    with archive.db:
        archive.db.execute("insert into run(run_id, started_at, command) values ('r', '2024', 'test')")
    return archive


def test_a_backup_taken_while_a_crawl_writes_is_whole(tmp_path: Path) -> None:
    writer, stop, count = started(tmp_path / "a"), threading.Event(), 0
    writer.put([seen(0)])

    def write() -> None:
        nonlocal count
        while not stop.is_set():
            count += 1
            writer.put([seen(count)])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for n in range(5):
            with Archive(tmp_path / "a", write=False) as archive:
                backup(archive, tmp_path / f"copy{n}")
    finally:
        stop.set()
        thread.join()
        writer.close()
    for n in range(5):
        with Archive(tmp_path / f"copy{n}", write=False) as copy:
            assert not [fault for fault in verify(copy) if isinstance(fault, Fault)]
            assert copy.db.execute("select count(*) from capture").fetchone()[0] > 0
    assert count > 5


def test_a_backup_can_be_written_on(tmp_path: Path) -> None:
    with started(tmp_path / "a") as archive:
        archive.put([seen(1)])
        backup(archive, tmp_path / "copy")
    with Archive(tmp_path / "copy") as copy:
        copy.put([seen(2)])
        assert copy.db.execute("select count(*) from document").fetchone() == (2,)


def test_an_archive_is_never_overwritten_by_a_backup(tmp_path: Path) -> None:
    with started(tmp_path / "a") as archive, pytest.raises(ArchiveError, match="already holds an archive"):
        backup(archive, tmp_path / "a")
