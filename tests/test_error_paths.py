"""What the disk, a lock, a missing package or a bug in our own parts does to a command: one sentence, and nothing lost."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from archive import blobs, publish, spill, store
from archive.backup import backup
from archive.exceptions import ArchiveError, ArchiveLocked
from archive.export import dta, parquet, surt, wacz
from archive.site import originals
from archive.store import Archive, explained
from crawler import add, exits, schedule
from crawler.downloader import transport
from crawler.recording import Recording
from crawler.walking import Walking
from spiders.column import ColumnSpider
from spiders.exceptions import FetchError
from spiders.models import Target
from spiders.page import Page
from tests.crawling import LOOPBACK, ROOT, captures, crawl, outcomes, start
from tests.loopback import Answer, Hit, portal
from tests.test_store import PAGE, begin, seen

REPORT = "<html><body><h1>神池县司法局2019年政府信息公开工作年度报告</h1><p>收到申请三件。</p></body></html>".encode()


# ---------------------------------------------------------------- the disk


def blocked(path: Path) -> Path:
    """A path that cannot become a folder, for root neither: a file stands in its way."""
    path.write_bytes(b"in the way")
    return path / "x"


def test_a_backup_that_has_no_place_to_go_is_a_sentence(tmp_path: Path) -> None:
    with begin(tmp_path / "a") as archive, pytest.raises(ArchiveError, match=r"cannot write to .*Not a directory"):
        backup(archive, blocked(tmp_path / "file"))


def test_a_publish_whose_lock_cannot_be_had_is_a_sentence(tmp_path: Path) -> None:
    begin(tmp_path).close()
    (tmp_path / "browse.lock").mkdir()
    with pytest.raises(ArchiveError, match="cannot write to"), publish._alone(tmp_path):
        raise AssertionError


def spilled(folder: Path) -> str:
    with begin(folder) as archive:
        (digest,) = archive.put([seen(1, os.urandom(60_000))])
        assert digest
        assert all(isinstance(moved, int) for moved in spill.spill(archive, 1000))
    return digest


def test_a_spilled_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    digest = spilled(tmp_path)
    path = blobs.file_of(tmp_path, digest, "raw")
    path.unlink()
    path.mkdir()
    with Archive(tmp_path, write=False) as archive, pytest.raises(ArchiveError, match=rf"cannot read .*{digest}.*directory"):
        archive.bytes(digest)


def test_a_folder_for_spilled_files_that_cannot_be_made_is_a_sentence_and_the_bytes_stay(tmp_path: Path) -> None:
    body = os.urandom(60_000)
    with begin(tmp_path) as archive:
        (digest,) = archive.put([seen(1, body)])
        (tmp_path / blobs.FOLDER).write_bytes(b"in the way")
        with pytest.raises(ArchiveError, match="nothing is lost"):
            list(spill.spill(archive, 1000))
        assert archive.bytes(digest or "") == body


def test_a_disk_that_keeps_other_bytes_than_were_written_is_not_trusted_with_any(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body, true = os.urandom(60_000), blobs.write_file
    monkeypatch.setattr(blobs, "write_file", lambda path, data: true(path, data[:-1] + b"?"))
    with begin(tmp_path) as archive:
        (digest,) = archive.put([seen(1, body)])
        with pytest.raises(ArchiveError, match="not to be trusted"):
            list(spill.spill(archive, 1000))
        assert archive.bytes(digest or "") == body


def test_drafts_that_a_killed_spill_left_are_swept(tmp_path: Path) -> None:
    digest = spilled(tmp_path)
    draft = blobs.file_of(tmp_path, digest, "raw").with_suffix(".part")
    draft.write_bytes(b"half")
    with Archive(tmp_path) as archive:
        list(spill.spill(archive, 1000))
        assert not draft.exists()
        assert len(archive.bytes(digest)) == 60_000


def test_a_full_disk_under_the_output_of_a_command_is_a_sentence(tmp_path: Path) -> None:
    begin(tmp_path).close()
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", "from crawler.cli import cli; cli()", "status", "--archive", str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 4
    assert done.stderr.startswith("Error: the disk of the output is full")


def test_a_file_that_cannot_be_read_is_skipped_by_name_and_the_next_is_taken(tmp_path: Path) -> None:
    (tmp_path / "gone.html").symlink_to(tmp_path / "nowhere")
    (tmp_path / "good.html").write_bytes(REPORT)
    added = add.add(tmp_path / "a", [tmp_path / "gone.html", tmp_path / "good.html"])
    assert added.files == 1
    assert [sentence.partition(": ")[2] for sentence in added.skipped] == ["No such file or directory"]


# ---------------------------------------------------------------- SQLite


def test_a_database_that_another_program_holds_is_a_sentence(tmp_path: Path) -> None:
    begin(tmp_path).close()
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as holder, closing(sqlite3.connect(path, timeout=0)) as other:
        holder.execute("begin immediate")
        with pytest.raises(ArchiveLocked, match="is being written by another process"), explained(tmp_path):
            other.execute("begin immediate")


def test_a_write_to_a_database_opened_for_reading_is_a_sentence(tmp_path: Path) -> None:
    begin(tmp_path).close()
    with closing(sqlite3.connect(f"file:{tmp_path}/archive.db?mode=ro", uri=True)) as db, pytest.raises(
            ArchiveError, match=r"cannot use .*readonly"), explained(tmp_path):
        db.execute("delete from run")


def test_a_folder_we_cannot_write_to_and_that_somebody_writes_to_is_not_taken_for_still(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with begin(tmp_path) as archive:
        archive.put([seen(1)])
    monkeypatch.setattr(store.os, "access", lambda path, mode: False)
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert store._held_still(tmp_path) is None
    still = store._held_still(tmp_path)
    assert still is not None
    os.close(still)


def damaged(folder: Path) -> None:
    with Archive(folder) as archive, archive.blobs:
        archive.blobs.execute("update blob set data = zeroblob(length(data))")      # of the same length: only the digest tells


def test_a_document_whose_bytes_are_damaged_is_told_and_stays_to_be_read(
        tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "good.html").write_bytes(REPORT)
    add.add(tmp_path / "a", [tmp_path / "good.html"])
    damaged(tmp_path / "a")
    with caplog.at_level(logging.ERROR):
        assert add.parse(tmp_path / "a", everything=True) == (0, 1)
    assert "damaged" in caplog.text
    with Archive(tmp_path / "a", write=False) as archive:
        assert archive.db.execute("select count(*) from reading where text <> ''").fetchone() == (1,)


def test_no_web_archive_is_made_of_damaged_bytes(tmp_path: Path) -> None:
    with begin(tmp_path) as archive:
        archive.put([seen(1)])
    damaged(tmp_path)
    with Archive(tmp_path, write=False) as archive, pytest.raises(ArchiveError, match="no good bytes for"):
        wacz.write(archive.db, tmp_path / "out")
    assert not (tmp_path / "out" / "archive.wacz").exists()


# ---------------------------------------------------------------- what is not installed, what is not there


@pytest.mark.parametrize(("package", "tools"), [("pyarrow", parquet._pyarrow), ("pyreadstat", dta._tools)])
def test_a_format_whose_package_is_missing_says_how_to_get_it(
        monkeypatch: pytest.MonkeyPatch, package: str, tools: Callable[[], tuple[ModuleType, ...]]) -> None:
    pytest.importorskip("pandas")
    monkeypatch.setitem(sys.modules, package, None)                   # type: ignore[arg-type]
    with pytest.raises(ArchiveError, match=rf"need\w* {package}: pip install"):
        tools()


def test_a_page_that_was_not_recorded_is_named(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"http://a\.cn/: not in the recording x\.warc\.gz"):
        Recording(tmp_path / "x.warc.gz", {}).get(Target("http://a.cn/"))


@pytest.mark.parametrize(("url", "key"), [("http://" + "中" * 70 + ".cn/a", None), ("http://中国.cn/a", "cn,xn--fiqs8s)/a")])
def test_a_host_name_that_no_name_server_takes_has_a_key_all_the_same(url: str, key: str | None) -> None:
    found = surt.key(url)
    assert found.isascii()
    assert found == key if key else found.startswith("cn,%e4%b8%ad") and found.endswith(")/a")


def test_a_text_that_is_no_utf8_is_served_as_gb18030() -> None:
    assert originals.content_type("text/html", "年报".encode("gbk")) == "text/html; charset=gb18030"
    assert originals.content_type("text/html", "年报".encode()) == "text/html; charset=utf-8"


# ---------------------------------------------------------------- packed bodies


def test_a_body_said_to_be_deflated_is_had_raw_wrapped_or_as_it_is() -> None:
    raw = zlib.compressobj(wbits=-15)
    forms = {"wrapped": zlib.compress(PAGE), "raw": raw.compress(PAGE) + raw.flush(), "not at all": PAGE}
    assert {name: transport._opened(data, "deflate", 1_000_000) for name, data in forms.items()} == dict.fromkeys(forms, PAGE)
    with pytest.raises(transport.Oversized):
        transport._opened(zlib.compress(bytes(1_000_000)), "deflate", 1000)


# ---------------------------------------------------------------- our own bugs


def test_a_bug_between_the_spider_and_the_writer_ends_the_crawl_and_the_next_one_goes_on(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("""
import crawler.pipeline
def observation(capture, *_): raise KeyError("a bug")
crawler.pipeline.observation = observation
""")
    with portal(2) as site:
        with monkeypatch.context() as broken:
            broken.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
            child = start(tmp_path / "a", [site.url("/nb/")], readers=0)
            _, told = child.communicate(timeout=120)
        assert child.returncode not in (0, None)
        assert "a bug" in told
        (column,) = crawl(tmp_path / "a", [site.url("/nb/")], readers=0)["columns"]
    assert (column["outcome"], column["accepted"]) == ("complete", 2)


def test_a_page_that_makes_the_spider_trip_in_the_walking_process_is_an_error_here() -> None:
    walking = Walking(ColumnSpider(), 1, 60)
    walking.spider.portals["p"] = 5                                   # type: ignore[assignment]
    target = Target("http://a.gov.cn/nb/", "column", column="http://a.gov.cn/nb/", portal="p")
    walking.slow.add("a.gov.cn")
    try:
        with pytest.raises(RuntimeError, match="Error: "):
            asyncio.run(walking.capture(target, Page(target.url, REPORT), "ok"))
    finally:
        walking.close()


def test_a_page_is_walked_at_once_in_a_thread_that_no_bell_can_reach() -> None:
    walking = Walking(ColumnSpider(), 1, 60)
    target = Target("http://a.gov.cn/nb/", "column", column="http://a.gov.cn/nb/")
    sight = asyncio.run(asyncio.to_thread(lambda: walking._see_here(target, Page(target.url, REPORT), "ok")))  # type: ignore[arg-type]
    assert sight.role == "column"


def test_a_crawl_that_has_had_its_time_is_interrupted_and_what_it_saw_is_kept(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with portal(2) as site:
        site.routes["/nb/t1.html"] = slowly
        options = ["--allow-private", LOOPBACK[0]]
        crawled = schedule.crawl_process(tmp_path, options)([site.url("/nb/")], timedelta(seconds=6))
    assert crawled == exits.LEFT
    assert outcomes(tmp_path)["/nb/"] == "ok"


def slowly(hit: Hit) -> Answer:
    time.sleep(20)
    return Answer(b"")


def test_a_command_that_nobody_knows_ends_a_scheduled_crawl_with_its_code(tmp_path: Path) -> None:
    assert schedule.crawl_process(tmp_path, ["--no-such-option"])(["plain"], timedelta(minutes=2)) == 2


def test_a_column_whose_address_is_none_is_an_error_with_its_reason_and_the_others_are_walked(tmp_path: Path) -> None:
    with portal(2) as site:
        told = crawl(tmp_path, ["www.shenchi.gov.cn/nb/", site.url("/nb/")], readers=0)
    assert {column["url"]: column["outcome"] for column in told["columns"]} == {
        "www.shenchi.gov.cn/nb/": "broken", site.url("/nb/"): "complete"}
    assert [each["error"] for each in captures(tmp_path) if each["outcome"] == "error"] == [
        "this is no address: Missing scheme in request url: www.shenchi.gov.cn/nb/"]


def test_ctrl_c_while_a_host_waits_for_its_turn_leaves_what_was_not_asked_to_be_done(tmp_path: Path) -> None:
    with portal(2) as site:
        child = start(tmp_path, [site.url("/nb/")], readers=0, NIANBAO_DELAYS={f"127.0.0.1:{site.port}": 60})
        until = time.monotonic() + 60
        while not site.hits and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1)                                                 # now the column waits for the turn after robots.txt
        child.send_signal(signal.SIGINT)
        _, told = child.communicate(timeout=60)
        assert "Traceback" not in told
        assert outcomes(tmp_path) == {}
        again = crawl(tmp_path, [site.url("/nb/")], readers=0)
    assert again["resumed"]
    assert [(column["outcome"], column["accepted"]) for column in again["columns"]] == [("complete", 2)]
