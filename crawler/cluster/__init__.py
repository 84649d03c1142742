"""Crawling and reading on the workers of a Dask cluster, into the one archive of whoever asks for it.

    connect.py    the scheduler, found and looked at         away.py      what runs on the workers
    crawling.py   shards, piece by piece, one worker each    reading.py   documents in batches

Dask finds the workers, moves the bytes, gives what a dead worker had to another one. Only this side writes to the archive, by
the same transactions as a crawl on one machine, so whatever a worker does twice has one effect.
"""

from __future__ import annotations


class NoCluster(Exception):
    """The cluster cannot be used; the message is one sentence for a person."""


class ClusterGone(NoCluster):
    """The scheduler went away on the way; what came before is stored, the same command goes on."""
