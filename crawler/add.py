"""Local files into the archive: a colleague's collection, a download folder. The same way as a crawl, without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive import readings
from archive.exceptions import NoArchive
from archive.merge import merge
from archive.store import Archive, Observation, explained
from crawler import across, bodies, pipeline, runs, webarchive
from crawler.writer import Writer
from parsers.schema import fields
from spiders.models import Target


@dataclass(frozen=True)
class Added:
    """What came of it: files stored, documents not seen before, files read, files nobody could read, files passed over."""

    files: int
    new_documents: int
    read: int
    unreadable: int
    skipped: Sequence[str]


def add(folder: Path, paths: Sequence[Path], workers: int = 1) -> Added:
    """Archive files and the files below folders. An address is `file:` and the path below the folder given, never more."""
    with Archive(folder) as archive:
        with explained(folder), archive.db:
            run_id, _ = runs.begin(archive.db, "add", [path.name for path in paths], pipeline.now())
            readings.describe(archive.db, fields())
            bodies.describe(archive.db)
        before = _documents(archive)
        skipped: list[str] = []
        files = 0
        with Writer(archive) as writer, pipeline.Reader(archive, writer, workers) as reader:
            skipped += [f"{path}: no files in this folder" for path in paths if path.is_dir() and not any(_files([path]))]
            for path, name in _files(paths):
                for seen in _observations(run_id, path, name):
                    if isinstance(seen, str):
                        skipped.append(seen)
                        continue
                    writer.put(seen)
                    files += 1
            writer.settle()
            reader.read_pending(run_id)
        with explained(folder):
            across.review(archive.db)
        with explained(folder), archive.db:
            runs.finish(archive.db, run_id, pipeline.now(), {})
        return Added(files, _documents(archive) - before, reader.read, reader.failed, skipped)


def _documents(archive: Archive) -> int:
    return int(archive.db.execute("select count(*) from document").fetchone()[0])


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """(file, its address) in a stable order; hidden files are nobody's report."""
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not any(
                part.startswith(".") for part in p.relative_to(path).parts))
            yield from ((p, f"file:{path.resolve().name}/{p.relative_to(path).as_posix()}") for p in inside)
        else:
            yield path, f"file:{path.name}"


def _observations(run_id: str, path: Path, name: str) -> Iterator[Observation | str]:
    """What one file brings: itself, or all the captures of a web archive."""
    if webarchive.is_one(path):
        yield from webarchive.observations(run_id, path)
    else:
        yield _observation(run_id, path, name)


def _observation(run_id: str, path: Path, name: str) -> Observation | str:
    """The file as an observation, or the sentence that says why there is none."""
    try:
        body = path.read_bytes()
    except OSError as error:
        return f"{path}: {error.strerror or error}"
    if not body:
        return f"{path}: the file is empty"
    target = Target(name)
    return Observation(run_id, target.uid, "file", name, pipeline.now(), 200, "ok", body,
                       media_type=pipeline.media_type_of(body), link_text=path.stem)


def parse(folder: Path, everything: bool = False, workers: int = 2,
          tell: Callable[[int], None] = lambda read: None) -> tuple[int, int]:
    """Read what the current parsers have not read, or everything again: (files read, of them unreadable). No network."""
    if not (folder / "archive.db").exists():
        raise NoArchive(f"there is no archive in {folder}; `nianbao crawl` or `nianbao add` makes one")
    with Archive(folder) as archive:
        with explained(folder), archive.db:
            readings.describe(archive.db, fields())
            bodies.describe(archive.db)
        with Writer(archive) as writer, pipeline.Reader(archive, writer, workers, tell) as reader:
            reader.read_pending(everything=everything)
        with explained(folder):
            across.review(archive.db)
        return reader.read, reader.failed


@dataclass(frozen=True)
class Joined:
    """What came of merging: files not seen before, rows looked at, documents read anew."""

    new_documents: int
    rows: int
    read: int


def join(folder: Path, others: Sequence[Path], workers: int = 1) -> Joined:
    """Merge other archives into the one in `folder`, then read what is new or better known, and review across reports."""
    with Archive(folder) as archive:
        merged = [merge(archive, other) for other in others]
    read, _ = parse(folder, workers=workers)
    return Joined(sum(each.blobs for each in merged), sum(each.rows for each in merged), read)
