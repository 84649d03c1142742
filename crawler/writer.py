"""The one writer: a thread that commits captures and readings in groups.

Nothing is acknowledged before it is durable: what was handed over but not committed when the process dies is fetched or
read again. A full queue holds the crawl back instead of filling memory.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence

from archive import readings
from archive.readings import Reading
from archive.store import Archive, Observation, explained

GROUP = 200          # measured: a commit per 200 costs a third of a commit each
PATIENCE = 0.3       # seconds a lone capture waits for company
HELD = 64 << 20      # bytes of bodies that may wait; one body may be larger

HURRY = "hurry"      # in the queue: commit what there is

Committed = Callable[[Sequence[Observation], Sequence[str | None]], None]


class Writer:
    """Use as a context manager; leaving it commits what is queued. `failure` is what stopped it, if anything did."""

    def __init__(self, archive: Archive, committed: Committed = lambda observations, digests: None) -> None:
        self.archive = archive
        self.committed = committed
        self.failure: BaseException | None = None
        self.unsettled = 0
        self.held = 0                        # bytes of bodies handed over and not yet committed
        self._count = threading.Lock()
        self._hurried = False
        self._queue: queue.Queue[Observation | Reading | str | None] = queue.Queue(2 * GROUP)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def put(self, item: Observation | Reading) -> None:
        """Queue one thing to be stored; waits while the queue is full."""
        while self.held > HELD and self.failure is None:
            time.sleep(0.01)
        with self._count:
            self.unsettled += 1
            self.held += _size(item)
        self._queue.put(item)

    def settle(self) -> None:
        """Wait until everything handed over so far is committed, or the writer failed."""
        while self.unsettled and self.failure is None:
            time.sleep(0.02)

    def hurry(self) -> None:
        """Somebody has nothing to do until what is queued is committed: do not wait for more."""
        if self.unsettled and not self._hurried and not self._queue.full():
            self._hurried = True
            self._queue.put(HURRY)

    @property
    def full(self) -> bool:
        """Whether `put` would wait."""
        return self._queue.full() or self.held > HELD

    def _run(self) -> None:
        open_ = True
        while open_:
            group, open_ = self._group()
            seen, digests = list[Observation](), list[str | None]()
            try:
                if self.failure is None:
                    seen, digests = self._store(group)
            except BaseException as error:  # noqa: BLE001 - handed to whoever leaves the context
                self.failure = error
            with self._count:
                self.unsettled -= len(group)
                self.held -= sum(map(_size, group))
            self.committed(seen, digests)

    def _group(self) -> tuple[list[Observation | Reading], bool]:
        """What came within `PATIENCE` of the first, or until somebody waits for it, at most `GROUP`; False: no more."""
        group: list[Observation | Reading] = []
        until = 0.0
        while len(group) < GROUP:
            try:
                item = self._queue.get(timeout=max(0.0, until - time.monotonic()) if group else None)
            except queue.Empty:
                break
            if item is None:
                return group, False
            if isinstance(item, str):
                self._hurried = False
                if group:
                    break
                continue
            until = until or time.monotonic() + PATIENCE
            group.append(item)
        return group, True

    def _store(self, group: Sequence[Observation | Reading]) -> tuple[list[Observation], list[str | None]]:
        seen = [item for item in group if isinstance(item, Observation)]
        read = [item for item in group if isinstance(item, Reading)]
        digests = self.archive.put(seen)
        if read:
            with explained(self.archive.folder), self.archive.db:
                readings.save(self.archive.db, read)
        return seen, digests


def _size(item: Observation | Reading) -> int:
    """Bytes of a body."""
    return len(item.body or b"") if isinstance(item, Observation) else 0
