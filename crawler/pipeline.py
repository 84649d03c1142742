"""START HERE: the way of one capture, from bytes to a checked, stored report.

    spider ──Capture──> ToWriter ──Observation──> Writer ──> archive.put        bytes, then one catalogue transaction
                                                     │ committed, readable
                                                     ▼
                        Reader ──Job──> Workers ──> parsers.parse               in a child process, under limits
                                                     │ Result
                                                     ▼
                                        Writer ──> archive.readings.save        and the report chosen anew

`nianbao crawl`, `add` and `parse` all go this way; they differ only in where the observations come from.
"""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from scrapy.crawler import Crawler

from archive import readings
from archive.exceptions import ArchiveError
from archive.readings import READABLE, Reading
from archive.store import Archive, Observation
from crawler import conditional, targets
from crawler.scheduler import Run
from crawler.workers import Job, Result, Workers
from crawler.writer import Writer
from parsers import PARSER_VERSION
from parsers.exceptions import Unreadable
from parsers.sniff import media_type
from spiders.models import Capture, Target

log = logging.getLogger(__name__)


def now() -> str:
    """The time of a capture: UTC, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def observation(capture: Capture, run_id: str, db: sqlite3.Connection,
                due: Callable[[Target], bool] = lambda link: True) -> Observation:
    """What a spider saw as the archive keeps it; a 304 stands for the bytes of the last good capture."""
    target = capture.target
    known = conditional.last_good(db, target.uid) if capture.outcome == "not_modified" else None
    body = capture.body if capture.outcome == "ok" else None
    return Observation(
        run_id=run_id, uid=target.uid, role=target.role, url=target.url, captured_at=capture.captured_at,
        status=capture.status, outcome=capture.outcome, body=body, digest=known.digest if known else None,
        media_type=media_type_of(body) if body is not None else "", portal=target.portal, column_url=target.column,
        final_url=capture.final_url, referrer=target.referrer, link_text=target.link_text,
        published_on=target.published_on, agency=capture.agency, division_code=capture.division_code,
        headers=json.dumps(capture.headers, ensure_ascii=False), error=capture.error,
        links=tuple(targets.to_link(link, due(link)) for link in capture.links),
        progress=_progress(capture))


def media_type_of(body: bytes) -> str:
    """The media type told by the bytes; what nobody knows is an octet stream, kept all the same."""
    try:
        return media_type(body)
    except Unreadable:
        return "application/octet-stream"


def _progress(capture: Capture) -> str:
    """The page's part of its column's ledger, as JSON."""
    page = capture.progress
    if page is None:
        return ""
    reasons: dict[str, int] = {}
    for rejection in page.rejected:
        reasons[rejection.reason] = reasons.get(rejection.reason, 0) + 1
    shown: dict[str, Any] = {"declared": page.declared, "declared_pages": page.declared_pages, "rows": page.rows,
                             "accepted": page.accepted, "rejected": reasons, "end_proof": page.end_proof,
                             "refusal": page.refusal, "platform": page.platform, "probe": page.probe}
    return json.dumps({name: value for name, value in shown.items() if value}, ensure_ascii=False)


class ToWriter:
    """Scrapy's item pipeline: every Capture goes to the writer; a full writer holds the crawl back."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ToWriter:
        return cls(crawler.settings["NIANBAO_RUN"])

    async def process_item(self, capture: Capture) -> None:
        try:
            seen = observation(capture, self.run.run_id, self.run.view.db, self.run.due)
        except Exception as error:
            self.run.bug = error          # without this the target would stay in flight, and the crawl wait for ever
            raise
        while self.run.writer.full:
            await asyncio.sleep(0.01)
        self.run.writer.put(seen)
        self.run.fetched(targets.host(seen.url))


class Reader:
    """Sends new documents to `count` reading processes and their results to the writer. A context manager.

    The writer never waits for a reader: it only names what it committed, and a thread here fetches the bytes back.
    """

    def __init__(self, archive: Archive, writer: Writer, count: int, tell: Callable[[int], None] = lambda read: None) -> None:
        self.folder = archive.folder
        self.tell = tell                              # called after each document with how many were read
        self.writer = writer
        self.read = 0
        self.failed = 0
        self._workers = Workers(self._done, count)
        self._count = count
        self._left = False
        self._counting = threading.Lock()
        self._todo: queue.SimpleQueue[tuple[str, str | None] | None] = queue.SimpleQueue()
        self._feeder = threading.Thread(target=self._feed, name="feeder", daemon=True)

    def __enter__(self) -> Reader:
        self._workers.__enter__()
        self._feeder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._todo.put(None)
        self._feeder.join()
        self._workers.__exit__()

    def leave_rest(self) -> None:
        """Read nothing more than what is being read now; the rest stays for `nianbao parse`, or the next crawl."""
        self._left = True

    def committed(self, observations: Sequence[Observation], digests: Sequence[str | None]) -> None:
        """Read what these observations brought, unless this parser version has read it before."""
        for seen, digest in zip(observations, digests, strict=True):
            if self._count and seen.body is not None and digest and seen.role in READABLE:
                self._todo.put((digest, None))

    def read_pending(self, run_id: str | None = None, everything: bool = False) -> int:
        """Read all that is new, or better known than when it was last read; returns how many were sent."""
        with Archive(self.folder, write=False) as view:
            todo = list(readings.pending(view.db, PARSER_VERSION, run_id, everything)) if self._count else []
        for pair in todo:
            self._todo.put(pair)
        return len(todo)

    def _feed(self) -> None:
        sent: set[str] = set()
        with Archive(self.folder, write=False) as view:
            while (named := self._todo.get()) is not None:
                digest, hints = named
                if self._left or (hints is None and (digest in sent or _is_read(view.db, digest))):
                    continue
                sent.add(digest)
                self._submit(view, digest, hints or readings.hints_of(view.db, digest))

    def _submit(self, view: Archive, digest: str, hints: str) -> None:
        try:
            self._workers.submit(Job(digest, view.bytes(digest), hints))
        except ArchiveError as error:                  # not a reading: once the bytes are mended it is still to do
            log.error("%s", error)
            self.failed += 1

    def _done(self, result: Result) -> None:
        with self._counting:
            self.read += 1
            self.failed += result.report is None
            self.tell(self.read)
        self.writer.put(Reading(result.digest, PARSER_VERSION, result.hints, now(), result.report, result.failure))


def _is_read(db: sqlite3.Connection, digest: str) -> bool:
    return db.execute("select 1 from reading where digest = ? and parser_version = ?",
                      (digest, PARSER_VERSION)).fetchone() is not None

