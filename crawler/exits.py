"""How every command ends, so that cron and CI can tell what to do. 0 is never given while work is left."""

from __future__ import annotations

from archive.exceptions import ArchiveDamaged, ArchiveError, ArchiveLocked, Held, NoArchive, NotFound
from crawler.cluster import ClusterGone

FINE = 0
PROBLEMS = 1
USAGE = 2
LEFT = 3
UNWRITABLE = 4
LOCKED = 5
DAMAGED = 6

#: code → what it means and what to do; `nianbao --help` and the README show it
MEANINGS = {
    FINE: "fine, and nothing is left to do",
    PROBLEMS: "done, but something asks for a person: a column not complete, a failed check, a fault",
    USAGE: "wrong usage, or there is no such thing",
    LEFT: "interrupted, or limited: work is left, give the same command again",
    UNWRITABLE: "the archive cannot be written, its disk is full: free space, give the same command again",
    LOCKED: "another process writes to the archive: wait, give the same command again",
    DAMAGED: "the archive is damaged: `nianbao verify` says where",
}

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (ClusterGone, LEFT),
    (NoArchive, USAGE), (NotFound, USAGE), (Held, PROBLEMS),
    (ArchiveLocked, LOCKED), (ArchiveDamaged, DAMAGED), (ArchiveError, UNWRITABLE))


def code_of(error: Exception) -> int:
    """The exit code for an error raised on purpose."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), USAGE)
