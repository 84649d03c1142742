"""One crawl, from seeds to ledger: resumes what was left, walks, reads, and says what came of it."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive import frontier, readings
from archive.store import Archive, Observation, explained
from crawler import across, bodies, pipeline, revisit, runs, shards, targets
from crawler.downloader import refusals
from crawler.scheduler import Run
from crawler.shards import WHOLE, Shard
from crawler.writer import Writer
from parsers.schema import fields
from spiders.column import ColumnSpider
from spiders.models import Target


@dataclass(frozen=True)
class Plan:
    """What to crawl and how. `command` and `names` say whether an unfinished run is the same and can be resumed."""

    seeds: Sequence[Target]
    names: Sequence[str]
    command: str = "crawl"
    limit: int = 0
    refresh: bool = False
    watch: bool = False                               # of reports known already, fetch only what is due for another look
    allow_private: Sequence[str] = ()
    delays: Mapping[str, float] = field(default_factory=dict)
    budgets: Mapping[str, int] | None = None          # requests to a host in this run; None means as many as it takes
    platforms: Mapping[str, str] = field(default_factory=dict)
    tls: Mapping[str, str] = field(default_factory=dict)           # host → "legacy" where a declaration says so
    browser: bool = True
    spider: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    readers: int = max(1, (os.cpu_count() or 2) - 1)
    shard: Shard = WHOLE
    round: str = ""                                   # of a crawl in shards, see crawler.shards.run_id


@dataclass(frozen=True)
class Outcome:
    """What came of a crawl: the ledger per column, and counts of this process's part of it."""

    run_id: str
    resumed: bool
    finished: bool
    columns: Sequence[Mapping[str, Any]]
    captures: int
    new_documents: int
    read: int
    unreadable: int
    elsewhere: int = 0                                # still to be fetched by other shards

    @property
    def good(self) -> bool:
        """Whether nothing is left to do and no column asks for a person; what other shards have left is theirs."""
        return self.finished and all(column["outcome"] in ("complete", "empty") or (self.elsewhere and _only_waits(column))
                                     for column in self.columns)


def _only_waits(column: Mapping[str, Any]) -> bool:
    """Whether all that a column lacks is what nobody asked for yet."""
    return column["outcome"] == "partial" and {column["refusal"], *column["missed"]} <= {"", "not-asked"}


def crawl(folder: Path, plan: Plan) -> Outcome:
    """Walk the plan's seeds into the archive in `folder`. Blocks; runs Scrapy's reactor, so once per process.

    Raises `ArchiveError` when the archive cannot be written; what was committed before is safe and the run resumes.
    """
    with Archive(folder) as archive:
        run_id, resumed = begin(archive, plan)
        if runs.is_finished(archive.db, run_id):      # a named round that is over
            return Outcome(run_id, resumed, True, _ledger(archive, run_id, plan), 0, 0, 0, 0)
        before = documents(archive)
        crawled = walk(archive, run_id, plan)
        ours, elsewhere = shards.waiting(archive.db, run_id, plan.shard)
        done = not crawled.interrupted and ours <= len(crawled.passed_on)
        columns = close(archive, run_id, plan, done and not ours + elsewhere)
        return Outcome(run_id, resumed, done, columns, crawled.captures, documents(archive) - before,
                       crawled.read, crawled.unreadable, ours + elsewhere if done else elsewhere)


def begin(archive: Archive, plan: Plan) -> tuple[str, bool]:
    """(run_id, resumed): the plan's run, with its seeds in the frontier."""
    with explained(archive.folder), archive.db:
        named = shards.run_id(archive.db, plan.command, plan.names, plan.round) if plan.shard != WHOLE else ""
        run_id, resumed = runs.begin(archive.db, plan.command, plan.names, pipeline.now(), named)
        readings.describe(archive.db, fields())
        bodies.describe(archive.db)
        if not resumed:
            frontier.add(archive.db, run_id, (targets.to_link(seed) for seed in plan.seeds))
            if plan.watch and plan.shard == WHOLE and not plan.spider.get("year"):
                again = list(revisit.unlinked(archive.db, plan.seeds, pipeline.now()))
                frontier.add(archive.db, run_id, (targets.to_link(target) for target in again))
    return run_id, resumed


def close(archive: Archive, run_id: str, plan: Plan, finished: bool) -> list[dict[str, Any]]:
    """The ledger: written, and the run ended with all that follows, when it is finished."""
    if finished:
        with explained(archive.folder), archive.db:
            bodies.register(archive.db, plan.spider.get("portals", ()))
        with explained(archive.folder):
            across.review(archive.db)
    if not finished and not (plan.watch and plan.shard == WHOLE):
        return _ledger(archive, run_id, plan)
    with explained(archive.folder), archive.db:       # what a watching run leaves is due again in the next
        return runs.finish(archive.db, run_id, pipeline.now(), plan.platforms)


def _ledger(archive: Archive, run_id: str, plan: Plan) -> list[dict[str, Any]]:
    with explained(archive.folder):
        return [runs.shown(column) for column in runs.ledger(archive.db, run_id, plan.platforms)]


def documents(archive: Archive) -> int:
    """How many the archive holds."""
    return int(archive.db.execute("select count(*) from document").fetchone()[0])


@dataclass
class Crawled:
    """What a walk did: counts, and the uids that lead to hosts of other shards."""

    captures: int = 0
    read: int = 0
    unreadable: int = 0
    passed_on: set[str] = field(default_factory=set)
    interrupted: bool = False


def walk(archive: Archive, run_id: str, plan: Plan,
         tell: Callable[[Sequence[Observation]], None] = lambda durable: None) -> Crawled:
    """Run Scrapy over the run's frontier, reading as documents come, and at the end what is better known now.

    `tell` is called, from the writer's thread, with what was committed.
    """
    crawled = Crawled()
    with Archive(archive.folder, write=False) as view:
        with Writer(archive) as writer:
            run = Run(run_id, view, writer, plan.limit, plan.refresh, plan.watch, plan.budgets, plan.shard)
            with pipeline.Reader(archive, writer, plan.readers) as reader:

                def committed(seen: Sequence[Observation], digests: Sequence[str | None]) -> None:
                    crawled.captures += len(seen)
                    reader.committed(seen, digests)
                    run.committed(len(seen))
                    tell(seen)

                writer.committed = committed
                _scrapy(run, plan)
                if run.interrupted:
                    reader.leave_rest()
            if run.bug is not None:
                raise run.bug
            writer.settle()
            with pipeline.Reader(archive, writer, plan.readers) as again:
                if not run.interrupted:
                    again.read_pending(run_id)
        crawled.interrupted, crawled.passed_on = run.interrupted, set().union(*run.frontier.passed_on.values())
        crawled.read, crawled.unreadable = reader.read + again.read, reader.failed + again.failed
    return crawled


def _scrapy(run: Run, plan: Plan) -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict({"NIANBAO_RUN": run, "NIANBAO_ALLOW_PRIVATE": list(plan.allow_private),
                      "NIANBAO_DELAYS": dict(plan.delays), "NIANBAO_TLS": dict(plan.tls),
                      "NIANBAO_BROWSER": plan.browser, **plan.settings})
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))       # a socket for every host of a large crawl
    process = AsyncCrawlerProcess(settings)
    process.crawl(ColumnSpider, seeded=True, outcome=refusals.outcome, failure=refusals.failure, **plan.spider)
    interrupt = signal.getsignal(signal.SIGINT)
    process.start()
    signal.signal(signal.SIGINT, interrupt)      # Scrapy's handler speaks to a reactor that has stopped
