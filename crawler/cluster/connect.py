"""The Dask scheduler as the rest of this package sees it."""

from __future__ import annotations

import logging
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from archive.exceptions import ArchiveError
from crawler.cluster import ClusterGone, NoCluster, away

PATIENCE = 10            # seconds for the scheduler, and for a first worker, to answer
_NOT_THERE = ("ModuleNotFoundError", "ImportError")      # by name: of an error that broke its reading Dask gives the words only


class Cluster:
    """A connected scheduler with workers that read as this machine does."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.address = str(client.scheduler.address)

    @property
    def threads(self) -> int:
        """How many tasks run at a time."""
        return sum(self.client.nthreads().values())

    def submit(self, function: Callable[[Any], Any], given: Any, name: str) -> Any:
        """The future of `function(given)` on a worker; a worker that dies is replaced by another."""
        return self.client.submit(function, given, key=name, pure=False)

    def completed(self) -> Any:
        """Futures in the order in which they are done; more may be added on the way."""
        return _dask().as_completed(loop=self.client.loop)

    def lost(self) -> bool:
        """Whether the scheduler is gone."""
        return str(self.client.status) != "running"

    def gone(self) -> ClusterGone:
        """What to say when it is."""
        return ClusterGone(f"the scheduler at {self.address} is gone; what came is kept: give the same command again")

    def end_pieces(self, run_id: str) -> None:
        """End what workers still crawl for this run: nobody waits for it, and its hosts are about to be asked by others."""
        if not self.lost():
            self.client.run(away.end, run_id, on_error="ignore")      # a worker that is dying crawls no more


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster behind an address such as tcp://10.0.0.1:8786. Raises `NoCluster` with what to do."""
    dask = _dask()
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)               # it speaks of every worker that comes and goes
    warnings.filterwarnings("ignore", message="Sending large graph")     # documents are large
    try:
        _knock(dask, address)
        client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise NoCluster(f"no Dask scheduler answers at {address}: start one with `dask scheduler`, name its address") from error
    cluster = Cluster(client)
    try:
        _look(client, address)
        yield cluster
    except Exception as error:
        nameless = isinstance(error, OSError) and error.errno is None         # Dask's own, not one of our disk
        if isinstance(error, ArchiveError | NoCluster) or not (nameless or cluster.lost()):
            raise
        raise cluster.gone() from error
    finally:
        client.close()


def _dask() -> Any:
    try:
        import distributed
    except ImportError:
        raise NoCluster("a cluster needs Dask: pip install -e '.[cluster]', here and on every worker") from None
    return distributed


def _knock(dask: Any, address: str) -> None:
    """That somebody listens: Dask's own client, once begun, cannot be given up without words."""
    named = dask.comm.addressing
    host, port = named.parse_host_port(named.parse_address(address)[1], 8786)
    socket.create_connection((host, port), PATIENCE).close()


def _look(client: Any, address: str) -> None:
    """That there are workers, and that they read like this machine: otherwise who read what would depend on chance."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        told = client.run(away.describe, on_error="return")
    except TimeoutError:
        raise NoCluster(f"the scheduler at {address} has no workers: start some with `dask worker {address}`") from None
    ours = away.describe()
    for worker, theirs in told.items():
        if not isinstance(theirs, str) and any(kind in repr(theirs) for kind in _NOT_THERE):
            raise NoCluster(f"the worker {worker} cannot run nianbao ({theirs}): install it there, with the `cluster` part")
        if isinstance(theirs, str) and theirs != ours:
            raise NoCluster(f"the worker {worker} has {theirs}, this machine {ours}: install the same nianbao on both")
