"""The frontier of one run: what is still to fetch, in SQLite, so that a killed crawl loses nothing.

A row is `todo` until the transaction that stores its capture marks it `done` (archive.store). What is in flight is known
only to the one process that holds the archive's lock: when it dies its work is simply still to do. Memory holds at
most `ahead` targets per host, however long the queue.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from archive import seals
from archive.store import ADD, Link

#: every host with work, one index look-up per host instead of a scan of the whole queue
_HOSTS = """
    with recursive h(host) as (
      select (select min(host) from frontier where run_id = :run and state = 'todo')
      union all
      select (select min(host) from frontier where run_id = :run and state = 'todo' and host > h.host)
        from h where h.host is not null)
    select host from h where host is not null"""


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to fetch: its place in the queue, its uid and host, and the request as JSON."""

    seq: int
    uid: str
    host: str
    target: str


class Frontier:
    """Hands out the work of one run, host by host in turn, each target once. `db` is a connection of its own.

    Hosts that are not `ours` are left to others.
    """

    def __init__(self, db: sqlite3.Connection, run_id: str, ahead: int = 16,
                 ours: Callable[[str], bool] = lambda host: True) -> None:
        self.db = db
        self.run_id = run_id
        self.ahead = ahead
        self.ours = ours
        self.passed_on: dict[str, set[str]] = {}      # host → uids that were handed out and are left to others after all
        self._ready: dict[str, deque[Work]] = {}
        self._upto: dict[str, int] = {}
        self._turns: deque[str] = deque()
        self._closed: set[str] = set()
        self.find_hosts()

    def find_hosts(self) -> None:
        """Take note of hosts that have work; called at the start and whenever new rows were committed."""
        for host in hosts(self.db, self.run_id):
            if host not in self._ready and host not in self._closed and self.ours(host):
                self._ready[host] = deque()
                self._turns.append(host)

    def next(self, busy: Set[str] = frozenset()) -> Work | None:
        """The next target of a host that is not busy, or None when there is none at the moment."""
        for _ in range(len(self._turns)):
            host = self._turns[0]
            self._turns.rotate(-1)
            if host in busy:
                continue
            if not self._ready[host]:
                self._refill(host)
            if ready := self._ready.get(host):
                return ready.popleft()
        return None

    def close(self, host: str) -> None:
        """Ask nothing more of this host in this run; what it still has stays undone."""
        self._closed.add(host)
        if host in self._ready:
            del self._ready[host]
            self._turns.remove(host)

    def _refill(self, host: str) -> None:
        rows = self.db.execute(
            "select seq, uid, host, target from frontier where run_id = ? and host = ? and state = 'todo' and seq > ?"
            " order by seq limit ?", (self.run_id, host, self._upto.get(host, -1), self.ahead)).fetchall()
        self._ready[host].extend(Work(*row) for row in rows)
        if rows:
            self._upto[host] = rows[-1][0]
        else:
            del self._ready[host]
            self._turns.remove(host)

    def left(self) -> bool:
        """Whether any target of ours is not done, in flight or not; hosts that were closed no longer count."""
        return any(host not in self._closed and self.ours(host) and self._left(host) for host in hosts(self.db, self.run_id))

    def _left(self, host: str) -> bool:
        """Whether a host that has work has more of it than was passed on."""
        passed = len(self.passed_on.get(host, ()))
        return not passed or passed < self.db.execute(
            "select count(*) from (select 1 from frontier where run_id = ? and host = ? and state = 'todo' limit ?)",
            (self.run_id, host, passed + 1)).fetchone()[0]


def hosts(db: sqlite3.Connection, run_id: str) -> list[str]:
    """Every host that still has work in a run."""
    return [host for host, in db.execute(_HOSTS, {"run": run_id}).fetchall()]


def add(db: sqlite3.Connection, run_id: str, links: Iterable[Link]) -> None:
    """Put targets into a run's frontier; known ones are left as they are. The caller owns the transaction."""
    db.executemany(ADD, (seals.sealed(run_id, link.uid, link.host, link.target) for link in links))
