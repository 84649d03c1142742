"""The tables as CSV: UTF-8 with BOM, so that spreadsheets show Chinese; `.csv.gz` inside a release.

An empty field is NULL: nothing is printed there, or nothing is known. In the panel a printed cell without a value holds the
word that says why: blank, na_mark, position_lost …
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.export import whole
from archive.export.tables import NO_VALUE, Table, tables


def write(db: sqlite3.Connection, folder: Path, packed: bool = False) -> list[Path]:
    """Write every table and the codebook into `folder`, replacing older files one by one; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    found = tables(db)
    suffix = ".csv.gz" if packed else ".csv"
    written = [write_rows(folder / f"{t.name}{suffix}", [c.name for c in t.columns], t.rows()) for t in found]
    return [*written, write_rows(folder / "codebook.csv", CODEBOOK, codebook(found))]


_SIGNED = re.compile(r"[+-][0-9.,]+")
CODEBOOK = ("table", "column", "type", "label", "meaning")


def codebook(found: Iterable[Table]) -> Iterator[tuple[str, ...]]:
    """One row per column of every table, then what stands for a cell without a value."""
    for table in found:
        yield from ((table.name, c.name, c.type, c.label, c.meaning) for c in table.columns)
    yield from (("panel", "", f"no value: {status}", label, meaning) for status, (label, meaning) in NO_VALUE.items())


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """One file, whole or not at all: written beside and renamed. The same rows always give the same bytes."""
    with whole(path) as draft, _opened(draft, path.suffix == ".gz") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([_safe(value) for value in row] for row in rows)
    return path


@contextmanager
def _opened(path: Path, packed: bool) -> Iterator[IO[str]]:
    """Packed without name and time of the file, so that they are not part of its bytes."""
    with (path.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if packed else raw as stream,
          io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text):
        yield text


def _safe(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it; a signed number is none."""
    runs = isinstance(value, str) and value[:1] in "=+-@\t\r" and value[1:2] and not _SIGNED.fullmatch(value)
    return f"'{value}" if runs else value
