"""Documents read on the workers of a cluster: a reading is a pure function of bytes and hints, so any worker may make it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import readings
from archive.exceptions import ArchiveError
from archive.readings import Reading
from archive.store import Archive, explained
from crawler import across, bodies, pipeline
from crawler.cluster import NoCluster, away
from crawler.cluster.connect import Cluster, connected
from crawler.workers import Job, Result
from parsers import PARSER_VERSION
from parsers.schema import fields

log = logging.getLogger(__name__)

DOCUMENTS, SIZE = 16, 4 << 20        # of a batch: the bytes are what costs, a batch lost is read again
AHEAD = 2                            # batches per thread of the cluster, so that none waits for us


@dataclass
class Read:
    """How many documents were read, how many of them nobody can read, and how many were not read after all."""

    read: int = 0
    unreadable: int = 0
    left: int = 0


def parse(folder: Path, scheduler: str, everything: bool = False, tell: Callable[[str], None] = lambda progress: None) -> Read:
    """Read what the current parsers have not read, or everything again, on the workers of a cluster. Raises `NoCluster`."""
    with connected(scheduler) as cluster, Archive(folder) as archive:
        with explained(folder), archive.db:
            readings.describe(archive.db, fields())
            bodies.describe(archive.db)
        done = read(cluster, archive, readings.pending(archive.db, PARSER_VERSION, everything=everything), tell)
        with explained(folder):
            across.review(archive.db)
        return done


def read(cluster: Cluster, archive: Archive, todo: Iterable[tuple[str, str]], tell: Callable[[str], None]) -> Read:
    """Read documents, named with their hints, and save what comes, each batch in a transaction."""
    done = Read()
    waiting = _batches(archive, list(todo), done)
    under_way: dict[str, int] = {}
    results = cluster.completed()

    def send() -> None:
        while len(under_way) < AHEAD * max(1, cluster.threads) and (batch := next(waiting, None)):
            name = f"nianbao-read-{PARSER_VERSION}-{batch.jobs[0].digest}"
            under_way[name] = len(batch.jobs)
            results.add(cluster.submit(away.read_batch, batch, name))

    send()
    while under_way:
        future = next(results)
        count = under_way.pop(future.key)
        if (found := _result(cluster, future)) is None:
            done.left += count
        else:
            _save(archive, found, done)
        future.release()
        send()
        tell(f"{done.read:,} documents read, {len(under_way)} batches under way")
    return done


def _batches(archive: Archive, todo: Iterable[tuple[str, str]], done: Read) -> Iterator[away.Batch]:
    jobs, size, alike = list[Job](), 0, away.describe()
    for digest, hints in todo:
        try:
            data = archive.bytes(digest)
        except ArchiveError as error:                  # not a reading: once the bytes are mended it is still to do
            log.error("%s", error)
            done.unreadable += 1
            continue
        if jobs and (len(jobs) == DOCUMENTS or size + len(data) > SIZE):
            yield away.Batch(jobs, alike)
            jobs, size = [], 0
        jobs.append(Job(digest, data, hints))
        size += len(data)
    if jobs:
        yield away.Batch(jobs, alike)


def _result(cluster: Cluster, future: Any) -> list[Result] | None:
    """What came of a batch; None when it is given up, its documents are still to be read."""
    if cluster.lost():
        raise cluster.gone()
    try:
        found: list[Result] = future.result()
        return found
    except ValueError as error:
        raise NoCluster(str(error)) from error
    except Exception as error:  # noqa: BLE001 - whatever a cluster does to a batch, the others go on
        log.warning("a batch of documents was lost, `nianbao parse` reads them here: %s", error)
        return None


def _save(archive: Archive, found: Iterable[Result], done: Read) -> None:
    made = [Reading(each.digest, PARSER_VERSION, each.hints, pipeline.now(), each.report, each.failure) for each in found]
    with explained(archive.folder), archive.db:
        readings.save(archive.db, made)
    done.read += len(made)
    done.unreadable += sum(reading.report is None for reading in made)
