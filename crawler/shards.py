"""Which machine asks which host: a crawl in N shards by registered name, so that no host is ever asked by two at a time.

Every shard begins with the same seeds and keeps everything it finds; what falls on another shard stays `todo` in its frontier.
Merged, the shards' archives hold one run, in which what is done anywhere is done; whoever crawls next does the rest.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.downloader.private import literal
from spiders import addresses


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard `number` of `of`, counted from 1; 1/1 is the whole crawl."""

    number: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise ValueError(f"{self.number}/{self.of} is no shard such as 1/4")

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, host: str) -> bool:
        """Whether this shard asks a host, given with or without its port."""
        return self.of == 1 or shard_of(host, self.of) == self.number


WHOLE = Shard()


def parse(text: str) -> Shard:
    """`2/5` as a shard. Raises `ValueError` with one sentence."""
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal()):
        raise ValueError(f"{text} is no shard such as 1/4")
    return Shard(int(number), int(of))


@lru_cache(maxsize=200_000)
def shard_of(host: str, of: int) -> int:
    """The number of the shard that asks a host: the same on every machine, and for all hosts under one registered name."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    name = name.strip("[]").lower()
    owner = name if literal(name) else addresses.site(name)
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8]) % of + 1


def run_id(db: sqlite3.Connection, command: str, names: Sequence[str], name: str = "") -> str:
    """The run that every shard of one crawl takes part in, without a word between the machines.

    It is made from what is crawled and the round's name; without a name, from the number of such rounds that the archive knows
    to be over.
    """
    wanted = json.dumps(sorted(names), ensure_ascii=False)
    if name:
        return _hash(command, wanted, name)
    over, number = True, 0
    while over:
        number += 1
        found = _hash(command, wanted, str(number))
        over = bool(db.execute("select 1 from run where run_id = ? and finished_at is not null", (found,)).fetchone())
    return found


def _hash(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


def waiting(db: sqlite3.Connection, run: str, shard: Shard) -> tuple[int, int]:
    """What of a run is still to fetch: (by this shard, by the others)."""
    hosts = db.execute("select host, count(*) from frontier where run_id = ? and state = 'todo' group by host",
                       (run,)).fetchall()
    ours = sum(count for host, count in hosts if shard.holds(host))
    return ours, sum(count for _, count in hosts) - ours
