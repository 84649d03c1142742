"""A copy of an archive, whole and consistent, taken while a crawl may be writing to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from archive import blobs
from archive.exceptions import ArchiveError
from archive.store import Archive, explained


def backup(archive: Archive, folder: Path) -> list[Path]:
    """Copy both databases into the new or empty `folder`; returns what was written.

    The catalogue goes first: bytes are committed before the rows that speak of them, so the blobs copied after it hold every
    document that it knows; files of spilled blobs after both. Each copy is one snapshot and takes its name when it is whole.

    Raises `ArchiveError` when the folder holds an archive or cannot be written.
    """
    if (folder / "archive.db").exists():
        raise ArchiveError(f"{folder} already holds an archive; give a new folder")
    with explained(folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(f"cannot write to {folder}: {error.strerror}") from error
        drafts = [(name, folder / f"{name}.part") for name in ("archive.db", "blobs.db")]
        for (_, draft), source in zip(drafts, (archive.db, archive.blobs), strict=True):
            draft.unlink(missing_ok=True)
            with closing(sqlite3.connect(draft)) as copy:
                source.backup(copy)
        _files(archive, drafts[1][1], folder)
        for name, draft in reversed(drafts):
            draft.replace(folder / name)
    return [folder / name for name, _ in drafts]


def _files(archive: Archive, draft: Path, folder: Path) -> None:
    """What the copy of blobs.db names as a file, wherever the archive holds it by now."""
    with closing(sqlite3.connect(draft)) as copy:
        for digest, codec in copy.execute("select digest, codec from blob where codec glob ?", (f"*{blobs.FILED}",)):
            row = blobs.row_of(archive.blobs, digest)
            if row is not None:
                path = blobs.file_of(folder, digest, codec.removesuffix(blobs.FILED))
                blobs.write_file(path, row[2])
                blobs.sync_folder(path.parent)
