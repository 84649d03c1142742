"""Large blobs out of blobs.db into files, and back: the rows and digests stay, only where the bytes lie changes.

    DIR/objects/ab/<digest>          bytes as they came, so that any viewer opens a PDF
    DIR/objects/ab/<digest>.zst      bytes that zstd made smaller

Killed at any line, nothing is lost: out, a file is written, synced, named and read back before its row commits without data;
back, rows commit with their data before the files go. What a kill leaves (drafts, files of rows that hold their data) the next
call removes. What is damaged stays where it is and is named.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive import blobs
from archive.blobs import FILED, Row
from archive.exceptions import ArchiveError, ArchiveFull
from archive.store import Archive, explained
from archive.verify import Fault

GROUP = 50                   # blobs per commit: files of some megabytes each
_OUT = f"*{FILED}"


def spill(archive: Archive, over: int) -> Iterator[int | Fault]:
    """Move the blobs that take more than `over` bytes in blobs.db into files; yields the size of each.

    Raises `ArchiveFull` or `ArchiveError` when a file cannot be written.
    """
    wanted = "select digest from blob where codec not glob ? and length(data) > ? order by digest"
    with _told(archive):
        _sweep(archive)
        for digests in _groups([d for d, in archive.blobs.execute(wanted, (_OUT, over))]):
            rows = {digest: _good(archive, digest) for digest in digests}
            good = {digest: row for digest, row in rows.items() if not isinstance(row, Fault)}
            _write(archive, good)
            with archive.blobs:
                archive.blobs.executemany(f"update blob set codec = codec || '{FILED}', data = x'' where digest = ?",
                                          ((digest,) for digest in good))
            yield from (row if isinstance(row, Fault) else len(row[2]) for row in rows.values())


def unspill(archive: Archive) -> Iterator[int | Fault]:
    """Move everything back into blobs.db; yields the size of each. Raises like `spill`."""
    with _told(archive):
        _sweep(archive)
        for digests in _groups([d for d, in archive.blobs.execute("select digest from blob where codec glob ?", (_OUT,))]):
            rows = {digest: _good(archive, digest) for digest in digests}
            good = {digest: row for digest, row in rows.items() if not isinstance(row, Fault)}
            with archive.blobs:
                archive.blobs.executemany("update blob set codec = ?, data = ? where digest = ?",
                                          ((codec, data, digest) for digest, (codec, _, data) in good.items()))
            for digest, (codec, _, _) in good.items():
                blobs.file_of(archive.folder, digest, codec).unlink()
            yield from (row if isinstance(row, Fault) else len(row[2]) for row in rows.values())


def _groups(digests: Sequence[str]) -> Iterator[Sequence[str]]:
    return (digests[start:start + GROUP] for start in range(0, len(digests), GROUP))


def _good(archive: Archive, digest: str) -> Row | Fault:
    """The row, hashed anew; damage is never moved."""
    try:
        row = blobs.row_of(archive.blobs, digest)
    except ArchiveError as error:
        return Fault(digest, str(error))
    return row if row and blobs.is_good(digest, row) else Fault(digest, "its bytes are no longer those that were archived")


def _write(archive: Archive, rows: dict[str, Row]) -> None:
    """The files of these rows, on the disk under their names, and read back."""
    paths = {digest: blobs.file_of(archive.folder, digest, codec) for digest, (codec, _, _) in rows.items()}
    for digest, path in paths.items():
        blobs.write_file(path, rows[digest][2])
        if path.read_bytes() != rows[digest][2]:
            raise ArchiveError(f"{path} does not hold what was written to it; its disk is not to be trusted")
    for folder in sorted({path.parent for path in paths.values()}):
        blobs.sync_folder(folder)
    if paths:
        blobs.sync_folder(archive.folder / blobs.FOLDER)
        blobs.sync_folder(archive.folder)


def _sweep(archive: Archive) -> None:
    """Remove what a killed call left: drafts, and files whose row holds its data, hashed anew."""
    for path in sorted((archive.folder / blobs.FOLDER).glob("??/*")):
        if path.suffix == ".part":
            path.unlink()
            continue
        digest = path.name.removesuffix(".zst")
        codec = archive.blobs.execute("select codec from blob where digest = ?", (digest,)).fetchone()
        if codec and not codec[0].endswith(FILED) and not isinstance(_good(archive, digest), Fault):
            path.unlink()


@contextmanager
def _told(archive: Archive) -> Iterator[None]:
    """What the disk refuses, as one sentence."""
    try:
        with explained(archive.folder):
            yield
    except OSError as error:
        kind = ArchiveFull if blobs.is_full(error) else ArchiveError
        raise kind(f"cannot write {error.filename or archive.folder}: {error.strerror}; nothing is lost") from error


def shrink(archive: Archive) -> bool:
    """Give the space that is free inside blobs.db back to its disk; False when the disk has no room for doing so.

    SQLite writes what is left a second time, and its log a third, before it lets go of the first.
    """
    page, pages, free = (int(archive.blobs.execute(f"pragma {name}").fetchone()[0])
                         for name in ("page_size", "page_count", "freelist_count"))
    if not free:
        return True
    if shutil.disk_usage(archive.folder).free < 2.2 * page * (pages - free):
        return False
    with explained(archive.folder):
        archive.blobs.execute("vacuum")
        archive.blobs.execute("pragma wal_checkpoint(truncate)")
    return True


def size_of(folder: Path) -> int:
    """Bytes of blobs.db and its log."""
    return sum(path.stat().st_size for path in folder.glob("blobs.db*"))
