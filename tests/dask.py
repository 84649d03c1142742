"""A Dask cluster on loopback: the scheduler and workers as `docs/CLUSTER.md` starts them."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

DASK = str(Path(sys.executable).with_name("dask"))


class Dask:
    """A running scheduler; `worker()` adds one, in a session of its own so that a test can kill it with its nanny."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._told("scheduler", r"Scheduler at:\s+(tcp://\S+)")

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen([DASK, *words], stdout=log, stderr=log, cwd=self.folder, start_new_session=True)

    def _told(self, name: str, pattern: str) -> str:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if found := re.search(pattern, self.log(name)):
                return found[1]
            time.sleep(0.05)
        raise AssertionError(self.log(name))

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def worker(self) -> subprocess.Popen[bytes]:
        name = f"worker{len(self.workers)}"
        self.workers.append(self._start(name, "worker", self.address, "--nthreads", "1", "--no-dashboard", "--host",
                                        "127.0.0.1", "--local-directory", str(self.folder), "--name", name))
        self._told(name, r"(Registered to:\s+tcp://\S+)")
        return self.workers[-1]


@contextmanager
def cluster(workers: int = 2) -> Iterator[Dask]:
    """A cluster while the context lasts."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Dask(Path(folder))
        try:
            for _ in range(workers):
                made.worker()
            yield made
        finally:
            for process in (*made.workers, made.scheduler):
                process.terminate()
            for process in (*made.workers, made.scheduler):
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
