"""A process that dies before or right after its n-th commit, or its n-th file put in place: for every n.

    python -m tests.failpoints STAGE STEP BASE WORK [MORE…]

Everything is imported once; each trial is a fork that starts from a copy of the folder BASE. One trial is left alone; the
others are killed (SIGKILL), each at another STEP-th point, started again in a new fork, and must leave an equal archive.
Printed as JSON: at how many points it was killed, and what differed. The programs know nothing of this: `sqlite3.connect`
and `os.replace` are wrapped here, and SQLite itself tells of each statement.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from archive.store import Archive
from archive.verify import Fault, verify
from crawler import add, workers
from crawler.crawl import Plan, crawl
from crawler.published import refresh
from spiders.column import ColumnSpider
from tests.crawling import LOOPBACK

_COMMIT = re.compile(r"\s*(?:commit|end)\b", re.I)
_WRITE = re.compile(r"\s*(?:insert|update|delete|replace|create|drop|alter)\b", re.I)
#: what differs from run to run: hours, the random name of a run, and what is made of them
_HOUR = re.compile(r"20\d\d-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
_OF_THE_HOUR = re.compile(r"_at$|^(?:run_id|capture_id|seal|seq|headers|at|last_looked_at)$")
#: what speaks of this file or counts how often was looked; what follows from it is compared
_ONLY_HERE = ("_sqlite_migrations", "sealed", "reviewed", "sqlite_stat1", "sqlite_stat4")


# ---------------------------------------------------------------- dying


class Points:
    """Counts the moments at which something became, or is about to become, durable; dies at the one wanted."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.passed = 0
        self._after = False
        connect, replace = sqlite3.connect, os.replace

        def connected(*args: Any, **given: Any) -> sqlite3.Connection:
            db = connect(*args, **given)
            draft = str(args[0]).endswith((".part", "?mode=memory"))     # seen by nobody until it is put in place
            db.set_trace_callback(lambda statement: self._told(db, statement, draft))
            return db

        def replaced(*args: Any, **given: Any) -> None:
            self.point()
            replace(*args, **given)
            self.point()

        sqlite3.connect, os.replace = connected, replaced

    def _told(self, db: sqlite3.Connection, statement: str, draft: bool) -> None:
        """Before each statement: one that commits is a point, and whatever comes first after it is another."""
        if self._after:
            self._after = False
            self.point()
        if _COMMIT.match(statement) or (not draft and not db.in_transaction and _WRITE.match(statement)):
            self._after = True
            self.point()

    def point(self) -> None:
        self.passed += 1
        if self.passed == self.wanted:
            os.kill(os.getpid(), signal.SIGKILL)


def forked(work: Callable[[], None]) -> bool:
    """Whether a child process did its work to the end; False when it was killed. Raises when it failed otherwise."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            import traceback
            traceback.print_exc()
            raise
        finally:
            sys.stderr.flush()
            os._exit(code)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended not in (0, -signal.SIGKILL):
        raise RuntimeError(f"a trial ended with {ended}")
    return ended == 0


# ---------------------------------------------------------------- what is done


class Here:
    """Reads in this process, where a fork is one already."""

    alive = True

    def __init__(self, function: Callable[..., Any], memory: int = 0) -> None:
        self.function = function

    def ask(self, seconds: float, *given: Any) -> Any:
        return self.function(*given)

    def stop(self) -> None:
        """Nothing to stop."""


def _crawl(folder: Path, more: Sequence[str]) -> None:
    plan = Plan(ColumnSpider(urls=more).seeds(), more, allow_private=LOOPBACK, spider={"urls": more}, readers=1,
                settings={"NIANBAO_DELAY": 0, "NIANBAO_RETRY_PAUSE": 0.05, "NIANBAO_BROWSER": False})
    crawl(folder, plan)


def _publish(folder: Path, _: Sequence[str]) -> None:
    refresh(folder, force=True)


STAGES: dict[str, Callable[[Path, Sequence[str]], Any]] = {
    "open": lambda folder, more: Archive(folder).close(),
    "crawl": _crawl,
    "add": lambda folder, more: add.add(folder, [Path(each) for each in more]),
    "parse": lambda folder, more: add.parse(folder, everything=True, workers=1),
    "publish": _publish,
    "merge": lambda folder, more: add.join(folder, [Path(each) for each in more]),
}


# ---------------------------------------------------------------- what came of it


def holdings(folder: Path) -> dict[str, Any]:
    """Every row of every table of every database, without what is of the hour; and what `verify` finds.

    Rows that are then the same count once: a command killed after its last commit is done, and given again it looks again.
    """
    with Archive(folder, write=False) as archive:                     # a folder that cannot even be opened raises
        held: dict[str, Any] = {"faults": [str(found) for found in verify(archive) if isinstance(found, Fault)]}
    for path in sorted(folder.glob("*.db")):
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        tables = db.execute("select name from sqlite_master where type = 'table' and sql not like 'create virtual%'").fetchall()
        for name in (name for name, in tables if name not in _ONLY_HERE):
            columns = [row[1] for row in db.execute(f"pragma table_info({name})") if not _OF_THE_HOUR.search(row[1])]
            rows = db.execute(f"select {', '.join(columns)} from {name}").fetchall() if columns else []
            held[f"{path.name} {name}"] = sorted({_HOUR.sub("", repr(row)) for row in rows if row[:1] != ("fingerprint",)})
        db.close()
    return held


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What only one of them holds."""
    return [f"{name}: {row[:300]}" for name in sorted({*one, *other})
            for row in sorted({*one.get(name, ())} ^ {*other.get(name, ())})]


def main(stage: str, step: int, base: Path, work: Path, more: Sequence[str]) -> dict[str, Any]:
    workers.Child = Here                                       # type: ignore[assignment,misc]

    def trial(folder: Path, wanted: int) -> bool:
        def work_() -> None:
            Points(wanted)
            STAGES[stage](folder, more)
        return forked(work_)

    whole = work / "whole"
    shutil.copytree(base, whole)
    trial(whole, 0)
    expected, killed, differed = holdings(whole), 0, dict[int, list[str]]()
    for wanted in count(1, step):
        folder = work / "killed"
        shutil.copytree(base, folder)
        if trial(folder, wanted):
            break
        killed += 1
        trial(folder, 0)
        if found := differing(expected, holdings(folder)):
            differed[wanted] = found
        shutil.rmtree(folder)
    return {"killed": killed, "differed": differed}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]), sys.argv[5:])))
