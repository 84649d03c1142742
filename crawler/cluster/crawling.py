"""One crawl on many machines: its hosts in shards, each shard one piece after another, never two pieces of it at a time.

The run, its frontier and everything stored live in the archive here, exactly as for `nianbao crawl` of the same targets, which
goes on where a cluster stopped and the other way round. A piece is given what its hosts still have to do and what they have
done, and brings back what it saw; it is bounded, so that a worker that dies costs some minutes of one shard.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive import readings
from archive.frontier import hosts
from archive.store import Archive, Link
from crawler import crawl as engine
from crawler import shards
from crawler.cluster import away, reading
from crawler.cluster.connect import Cluster, connected
from crawler.crawl import Outcome, Plan
from crawler.shards import WHOLE, Shard
from crawler.writer import GROUP
from parsers import PARSER_VERSION

log = logging.getLogger(__name__)

PIECE = 20_000           # requests of one piece at most
SECONDS = 600.0          # of one piece; robots.txt is asked for anew by the next
TRIES = 3                # pieces of a shard that may fail in a row

Tell = Callable[[str], None]


def crawl(folder: Path, plan: Plan, scheduler: str, count: int = 0, tell: Tell = lambda progress: None) -> Outcome:
    """Walk the plan's seeds on a cluster, in `count` shards, else one for each of its threads, and read there what came.

    Raises `NoCluster`, and `ArchiveError` like a crawl on one machine; what was committed is safe and the run resumes.
    """
    with connected(scheduler) as cluster, Archive(folder) as archive:
        run_id, resumed = engine.begin(archive, plan)
        before = engine.documents(archive)
        walk = Walk(cluster, archive, run_id, plan, count or cluster.threads, tell)
        walk.run()
        read = reading.read(cluster, archive, readings.pending(archive.db, PARSER_VERSION, run_id), tell)
        left, _ = shards.waiting(archive.db, run_id, WHOLE)
        columns = engine.close(archive, run_id, plan, not left)
        return Outcome(run_id, resumed, not left and not read.left, columns, walk.captures, engine.documents(archive) - before,
                       read.read, read.unreadable)


class Walk:
    """Hands out the pieces of one run and stores what comes back."""

    def __init__(self, cluster: Cluster, archive: Archive, run_id: str, plan: Plan, count: int, tell: Tell) -> None:
        self.cluster = cluster
        self.archive = archive
        self.run_id = run_id
        self.plan = plan
        self.shards = [Shard(number, count) for number in range(1, count + 1)]
        self.tell = tell
        self.captures = 0
        self.sent = 0
        self.flying: dict[str, Shard] = {}
        self.failed: Counter[Shard] = Counter()
        self.passed_on: set[str] = set()              # leads from one shard to another: the last thing to be done

    def run(self) -> None:
        """Until nothing is left, or only what failed again and again."""
        self.cluster.end_pieces(self.run_id)          # of a crawl that was killed here and goes on there
        try:
            self._turn(self.shards)
            if self.passed_on:
                self.passed_on.clear()
                self._turn([WHOLE])                   # one worker, while nobody else crawls
        finally:
            with suppress(Exception):                 # what brought us here is the error to speak of
                self.cluster.end_pieces(self.run_id)

    def _turn(self, among: Sequence[Shard]) -> None:
        pieces = self.cluster.completed()
        self._send(pieces, among)
        while self.flying:
            future = next(pieces)
            shard = self.flying.pop(future.key)
            self._take(shard, future)
            future.release()
            self._send(pieces, among)

    def _send(self, pieces: Any, among: Iterable[Shard]) -> None:
        """A piece for every shard that has work and none under way."""
        for shard in among:
            if shard in self.flying.values() or self.failed[shard] >= TRIES:
                continue
            if todo := self._todo(shard):
                self.sent += 1
                name = f"nianbao-crawl-{self.run_id[:8]}-{shard.number}-of-{shard.of}-{self.sent}"
                self.flying[name] = shard
                pieces.add(self.cluster.submit(away.crawl_piece, self._order(shard, todo), name))
        self.tell(f"{self.captures:,} captures, {len(self.flying)} of {len(self.shards)} shards under way, "
                  f"{self.cluster.threads} threads")

    def _todo(self, shard: Shard) -> list[Link]:
        """The next work of a shard, from all its hosts alike."""
        ours = [host for host in hosts(self.archive.db, self.run_id) if shard.holds(host)]
        each = max(20, PIECE // max(1, len(ours)))
        rows = (row for host in ours for row in self.archive.db.execute(
            "select uid, host, target from frontier where run_id = ? and host = ? and state = 'todo' order by seq limit ?",
            (self.run_id, host, each + len(self.passed_on))))
        return [Link(*row) for row in rows if row[0] not in self.passed_on]

    def _order(self, shard: Shard, todo: Sequence[Link]) -> away.Order:
        done = (uid for uid, host in self.archive.db.execute(
            "select uid, host from frontier where run_id = ? and state = 'done'", (self.run_id,)) if shard.holds(host))
        plan = replace(self.plan, seeds=(), limit=PIECE, refresh=True, readers=0, shard=shard)
        return away.Order(self.run_id, plan, todo, b"".join(map(bytes.fromhex, done)), SECONDS)

    def _take(self, shard: Shard, future: Any) -> None:
        """Store what a piece saw; a shard that fails again and again is left."""
        if self.cluster.lost():
            raise self.cluster.gone()
        try:
            piece: away.Piece = future.result()
        except Exception as error:  # noqa: BLE001 - whatever a cluster does to a piece, the others go on
            piece = away.Piece(failure=f"the piece of shard {shard} was lost: {error}")
        for start in range(0, len(piece.seen), GROUP):
            self.archive.put(piece.seen[start:start + GROUP])
        self.captures += len(piece.seen)
        self.passed_on |= piece.passed_on
        if not piece.seen and not piece.passed_on and not piece.failure:
            piece.failure = f"the piece of shard {shard} saw nothing"
        self.failed[shard] = self.failed[shard] + 1 if piece.failure else 0
        if piece.failure:
            log.warning("%s", piece.failure)

