"""What runs on the workers of a cluster. Nothing here knows the archive: a piece of a crawl has a frontier of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive.exceptions import ArchiveError
from archive.store import Archive, Link, Observation
from crawler.child import Process
from crawler.crawl import Plan, walk
from crawler.workers import Child, Job, Result, read, read_one
from parsers import PARSER_VERSION, ocr


def describe() -> str:
    """What makes two machines read alike."""
    return f"parsers {PARSER_VERSION} {'without' if ocr.missing() else 'with'} OCR"


# ---------------------------------------------------------------- a piece of a crawl


@dataclass(frozen=True)
class Order:
    """A piece to be crawled: what to fetch, and the uids (16 bytes each) that need not be fetched any more."""

    run_id: str
    plan: Plan
    todo: Sequence[Link]
    done: bytes
    seconds: float


@dataclass
class Piece:
    """What came of an order: every look, and the uids that lead to other shards. `failure` says why it ended early."""

    seen: list[Observation] = field(default_factory=list)
    passed_on: set[str] = field(default_factory=set)
    failure: str = ""


BYTES = 256 << 20        # of a piece: it is in memory here and there
_RUNNING: dict[int, tuple[str, Process]] = {}      # by process id: which run, and its child


def crawl_piece(order: Order) -> Piece:
    """Crawl in a process of its own: the engine runs once per process. What came before a failure is kept.

    When the worker loses its scheduler the crawl ends at once: somebody else may be given its hosts.
    """
    employed = _employment()
    child, piece, size = Process("crawler.cluster.away:crawl_here"), Piece(), 0
    _RUNNING[child.process.pid] = order.run_id, child
    try:
        child.pipe.send(order)
        while True:
            if not employed():
                child.kill()
            if not child.pipe.poll(0.5):
                continue
            match child.pipe.recv():
                case set() as passed_on:
                    piece.passed_on = passed_on
                    return piece
                case str() as failure:
                    piece.failure = failure
                    return piece
                case seen:
                    piece.seen += seen
                    size += sum(len(each.body or b"") for each in seen)
                    if size > BYTES:
                        child.interrupt()
    except (EOFError, OSError):
        piece.failure = f"the crawl of shard {order.plan.shard} broke off; the worker's log says why"
        return piece
    finally:
        child.stop(60)
        del _RUNNING[child.process.pid]


def _employment() -> Callable[[], bool]:
    """Whether the worker that runs this task still belongs to a cluster."""
    from distributed import get_worker

    worker: Any = get_worker()
    return lambda: worker.status.name in ("running", "paused", "closing_gracefully")


async def end(run_id: str) -> None:
    """End what this worker crawls for a run, in order, and wait for it."""
    for run, child in tuple(_RUNNING.values()):
        if run == run_id:
            child.interrupt()
    while any(run == run_id for run, _ in tuple(_RUNNING.values())):
        await asyncio.sleep(0.1)              # in the worker's own loop, which has its heart to beat


def crawl_here(pipe: Connection) -> None:
    """The child: sends what it sees as it is committed, then a set of uids; or one sentence."""
    order: Order = pipe.recv()
    watch = threading.Timer(order.seconds, os.kill, (os.getpid(), signal.SIGINT))
    watch.daemon = True
    with TemporaryDirectory(prefix="nianbao-") as folder, Archive(Path(folder)) as archive:
        _prepare(archive, order)
        watch.start()
        try:
            crawled = walk(archive, order.run_id, order.plan, pipe.send)
        except ArchiveError as error:
            pipe.send(str(error))
            return
        watch.cancel()
        pipe.send(crawled.passed_on)


def _prepare(archive: Archive, order: Order) -> None:
    """A frontier that knows what is to be done and what is done."""
    add = "insert or ignore into frontier(run_id, uid, host, state, target) values (?,?,?,?,?)"
    with archive.db:
        archive.db.execute("insert into run(run_id, started_at, command) values (?, '', 'crawl')", (order.run_id,))
        archive.db.executemany(add, ((order.run_id, link.uid, link.host, "todo", link.target) for link in order.todo))
        archive.db.executemany(add, ((order.run_id, order.done[n:n + 16].hex(), "", "done", "")
                                     for n in range(0, len(order.done), 16)))


# ---------------------------------------------------------------- documents


@dataclass(frozen=True)
class Batch:
    """Documents to read, and whatever makes machines read alike."""

    jobs: Sequence[Job]
    reads: str


_HERE = threading.local()        # one reading process per thread of the worker, under the usual limits


def read_batch(batch: Batch) -> list[Result]:
    """Read documents. Raises `ValueError` on a worker that came later and reads otherwise."""
    if batch.reads != describe():
        raise ValueError(f"a worker has {describe()}, this machine {batch.reads}: install the same nianbao on both")
    return [_read(job) for job in batch.jobs]


def _read(job: Job) -> Result:
    child: Child | None = getattr(_HERE, "child", None)
    if child is None or not child.alive:
        child = _HERE.child = Child(read_one)
    return read(job, child)
