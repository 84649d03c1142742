"""What can go wrong with an archive.

    ArchiveError
    ├── NoArchive             there is none at this path
    ├── NotPublished          the archive has no browse.db yet
    ├── ArchiveLocked         another process is writing to it
    ├── ArchiveFull           the disk is full; what was committed is safe
    ├── ArchiveDamaged        a database or a blob does not verify
    ├── Held                  the last good publication stays
    └── NotFound              no such report, document or column
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Base of everything the archive raises on purpose; the message is one sentence for a person."""


class NoArchive(ArchiveError):
    """There is no archive at this path."""


class NotPublished(ArchiveError):
    """The archive has no browse.db, or one that cannot be read."""


class ArchiveLocked(ArchiveError):
    """Another process is writing to this archive."""


class ArchiveFull(ArchiveError):
    """The disk is full; everything committed so far is safe."""


class ArchiveDamaged(ArchiveError):
    """A database or a blob does not verify."""


class Held(ArchiveError):
    """What would be published reads worse than what is; the last good publication stays."""


class NotFound(ArchiveError):
    """No such report, document or column."""
