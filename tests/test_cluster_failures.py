"""What goes wrong on a worker costs one piece or one batch: it is said, it is done again, and nothing is lost.

The scheduler and its worker are real and run in this process; a piece is crawled by a child of it, which tests can reach.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.store import Archive
from crawler.cluster import NoCluster, away, crawling, reading
from crawler.cluster.connect import Cluster, connected
from crawler.crawl import Outcome, Plan, begin
from crawler.shards import shard_of
from crawler.workers import Job
from spiders.column import ColumnSpider
from tests import dask
from tests.canonical import differences, dump
from tests.crawling import LOOPBACK, captures
from tests.hosts import town
from tests.loopback import Answer, Hit, Site, portal
from tests.test_error_paths import REPORT, damaged
from tests.test_store import begin as store
from tests.test_store import seen

distributed = pytest.importorskip("distributed", reason="needs the `cluster` extra")


def dismiss() -> None:
    """End the reading process that a worker's thread keeps, which else ends with the worker."""
    if child := vars(away._HERE).pop("child", None):
        child.stop()


@pytest.fixture
def local() -> Iterator[Any]:
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1",
                                  dashboard_address=":0", silence_logs=logging.CRITICAL) as made:
        yield made
        with distributed.Client(made, set_as_default=False) as client:
            if client.nthreads():
                client.submit(dismiss).result()


@pytest.fixture
def scheduler(local: Any) -> str:
    return str(local.scheduler_address)


def plan(*urls: str) -> Plan:
    return Plan(ColumnSpider(urls=[*urls]).seeds(), urls, allow_private=LOOPBACK, spider={"urls": [*urls], "year": None},
                browser=False, settings={"NIANBAO_BROWSER": False, "NIANBAO_DELAY": 0, "NIANBAO_RETRY_PAUSE": 0.05})


def crawl(folder: Path, site: Site, scheduler: str) -> Outcome:
    return crawling.crawl(folder, plan(site.url("/nb/")), scheduler, 1)


def once(site: Site, path: str, happens: Callable[[int], object]) -> list[int]:
    """When a path is asked for the first time, something happens to the process that asks; its id is told."""
    answer, met = site.routes[path], list[int]()

    def route(hit: Hit) -> Answer:
        assert isinstance(answer, Answer)
        if not met:
            met.extend(away._RUNNING)
            happens(met[0])
        return answer
    site.routes[path] = route
    return met


def every_page_once(folder: Path) -> bool:
    found = sorted(each["url"].rpartition("/")[2] for each in captures(folder) if each["outcome"] == "ok")
    return found == ["", *(f"t{n}.html" for n in range(4))]


# ---------------------------------------------------------------- pieces of a crawl


def test_a_crawl_that_is_killed_on_a_worker_is_said_and_its_piece_given_out_again(
        tmp_path: Path, scheduler: str, caplog: pytest.LogCaptureFixture) -> None:
    with portal(4) as site:
        met = once(site, "/nb/t2.html", lambda pid: os.kill(pid, signal.SIGKILL))
        outcome = crawl(tmp_path, site, scheduler)
    assert met and not away._RUNNING
    assert outcome.finished and every_page_once(tmp_path)
    assert [record.getMessage() for record in caplog.records if "broke off" in record.getMessage()] == [
        "the crawl of shard 1/1 broke off; the worker's log says why"]


def test_a_worker_whose_disk_is_full_says_so_and_its_piece_is_given_out_again(
        tmp_path: Path, scheduler: str, caplog: pytest.LogCaptureFixture) -> None:
    with portal(4) as site:
        met = once(site, "/nb/t2.html", lambda pid: resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, 4096)))
        outcome = crawl(tmp_path, site, scheduler)
    assert met
    assert outcome.finished and every_page_once(tmp_path)
    assert "is full" in caplog.text and "broke off" not in caplog.text


def test_a_piece_too_large_for_memory_ends_early_and_the_next_goes_on(
        tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(away, "BYTES", 100)
    with portal(4, pause=0.3) as site:
        outcome = crawl(tmp_path, site, scheduler)
        assert [hit.path for hit in site.hits].count("/robots.txt") > 1          # each piece asks anew
    assert outcome.finished and every_page_once(tmp_path)


def test_a_shard_that_fails_again_and_again_is_left_to_the_next_crawl(
        tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    pieces: dict[str, Callable[[away.Order], Any]] = {
        "the piece of shard 1/1 saw nothing": lambda order: away.Piece(),
        "the piece of shard 1/1 was lost: division by zero": lambda order: 1 / 0}
    with portal(4) as site:
        for sentence, piece in pieces.items():
            with monkeypatch.context() as broken:
                broken.setattr(away, "crawl_piece", piece)
                assert not crawl(tmp_path, site, scheduler).finished
            assert [record.getMessage() for record in caplog.records].count(sentence) == crawling.TRIES
        assert not site.hits
        outcome = crawl(tmp_path, site, scheduler)
    assert outcome.resumed and outcome.finished and every_page_once(tmp_path)


def test_a_redirect_to_a_host_of_another_shard_is_followed_last_and_everything_is_had_once(
        tmp_path: Path, scheduler: str) -> None:
    with town(hosts=2, reports=1, first=43) as made:
        assert {shard_of(site.host, 2) for site in made.sites} == {1, 2}
        one = crawling.crawl(tmp_path / "one", plan(*made.urls()), scheduler, 1)
        made.forget()
        two = crawling.crawl(tmp_path / "two", plan(*made.urls()), scheduler, 2)
        pages = [path for paths in made.asked().values() for path in paths if path.startswith("/kept/")]
        assert sorted(pages) == ["/kept/0.html", "/kept/1.html"]
    assert one.finished and two.finished
    assert differences(dump(tmp_path / "one"), dump(tmp_path / "two")) == []


def under_way(cluster: Cluster, folder: Path, site: Site) -> tuple[Any, str, int]:
    """A piece of a slow site that a worker crawls: its future, its run and its process."""
    with Archive(folder) as archive:
        run_id, _ = begin(archive, plan(site.url("/nb/")))
        walk = crawling.Walk(cluster, archive, run_id, plan(site.url("/nb/")), 1, lambda progress: None)
        order = walk._order(walk.shards[0], walk._todo(walk.shards[0]))
    future = cluster.submit(away.crawl_piece, order, "piece")
    while len(site.paths()) < 2:
        assert not future.done(), future
        time.sleep(0.05)
    (pid,) = away._RUNNING
    return future, run_id, pid


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_pieces_nobody_waits_for_end_in_order_and_those_of_other_runs_do_not(tmp_path: Path, scheduler: str) -> None:
    with portal(30, pause=0.3) as site, connected(scheduler) as cluster:
        future, run_id, pid = under_way(cluster, tmp_path, site)
        cluster.end_pieces("another run")
        assert not is_gone(pid)
        cluster.end_pieces(run_id)
        assert is_gone(pid) and not away._RUNNING
        piece = future.result()
        assert piece.seen and not piece.failure and len(site.paths()) < 31


def test_a_worker_that_leaves_its_cluster_crawls_no_more(tmp_path: Path, local: Any, scheduler: str) -> None:
    with portal(30, pause=0.3) as site, connected(scheduler) as cluster:
        future, _, pid = under_way(cluster, tmp_path, site)
        local.sync(next(iter(local.workers.values())).close, timeout=10, nanny=False)
        asked = len(site.paths())
        assert is_gone(pid) and not away._RUNNING
        assert asked < 31
        future.cancel()


# ---------------------------------------------------------------- batches of documents


@pytest.fixture
def unread(tmp_path: Path) -> Path:
    """An archive with a document that nobody has read."""
    with store(tmp_path) as archive:
        archive.put([seen(1, REPORT)])
    return tmp_path


def test_a_batch_that_is_lost_is_said_and_stays_to_be_read(
        unread: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(away, "read_batch", lambda batch: 1 / 0)
        assert reading.parse(unread, scheduler) == reading.Read(left=1)
    assert "a batch of documents was lost, `nianbao parse` reads them here: division by zero" in caplog.text
    assert reading.parse(unread, scheduler) == reading.Read(read=1)
    assert reading.parse(unread, scheduler) == reading.Read()


def test_damaged_bytes_are_sent_to_no_worker_and_stay_to_be_read(
        unread: Path, scheduler: str, caplog: pytest.LogCaptureFixture) -> None:
    damaged(unread)
    assert reading.parse(unread, scheduler) == reading.Read(unreadable=1)
    assert "damaged" in caplog.text
    with Archive(unread, write=False) as archive:
        assert archive.db.execute("select count(*) from reading").fetchone() == (0,)


def test_a_worker_that_came_later_and_reads_otherwise_reads_nothing(scheduler: str) -> None:
    with connected(scheduler) as cluster:
        future = cluster.submit(away.read_batch, away.Batch([Job("d" * 64, REPORT, "{}")], "parsers 0 without OCR"), "batch")
        with pytest.raises(NoCluster, match="this machine parsers 0 without OCR: install the same nianbao on both"):
            reading._result(cluster, future)


@pytest.mark.parametrize(("worker", "sentence"), [
    pytest.param("import parsers; parsers.PARSER_VERSION = '0'", "has parsers 0 .*: install the same nianbao", id="older"),
    pytest.param("import sys; sys.modules['crawler'] = None", "cannot run nianbao .*: install it there", id="without it")])
def test_a_worker_with_another_nianbao_or_none_is_named_before_anything_is_done(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker: str, sentence: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(worker)
    with dask.cluster(0) as cluster:
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        cluster.worker()
        with pytest.raises(NoCluster, match=f"the worker tcp://.* {sentence}"), connected(cluster.address):
            raise AssertionError
