"""What changed between two releases: `changes.jsonl` for programs, CHANGELOG.md for people.

Every line of changes.jsonl has an id that only grows, so a consumer that remembers the last id it saw reads on from there.
The whole history travels with each release; nothing is kept in the archive for it.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, TextIO

from archive.exceptions import ArchiveError

FILE = "changes.jsonl"
_SHOWN = 200             # changed cells listed one by one; a number for the rest
_TOLD = ("agency_id", "agency", "year", "scope", "level", "division_code", "function", "body_type", "format_version")


class Change(NamedTuple):
    """One step of one report: `op` is added, changed or removed; `fingerprint` covers its tags and every cell."""

    id: int
    release: str
    op: str
    report_id: str
    digest: str
    reading_id: str
    fingerprint: str


def read(release: Path) -> list[Change]:
    """The history that a release carries.

    Raises `ArchiveError` when the folder holds no release.
    """
    path = release / FILE
    if not path.is_file():
        raise ArchiveError(f"{release} holds no release: there is no {FILE} in it")
    return [Change(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def since(db: sqlite3.Connection, release: str, history: Sequence[Change]) -> list[Change]:
    """The changes from the end of `history` to what the archive says now, in the order of report ids."""
    before = {change.report_id: change for change in history}
    now = {report_id: rest for report_id, *rest in _reports(db)}
    last = max((change.id for change in history), default=0)
    found = []
    for report_id, new in now.items():
        old = before.get(report_id)
        gone = old is None or old.op == "removed"
        if old is None or gone or old.fingerprint != new[2]:
            found.append(Change(0, release, "added" if gone else "changed", report_id, *new))
    found += [change._replace(release=release, op="removed") for change in before.values()
              if change.report_id not in now and change.op != "removed"]
    found.sort(key=lambda change: change.report_id)
    return [change._replace(id=last + n) for n, change in enumerate(found, 1)]


def lines(changes: Iterable[Change]) -> str:
    """The text of changes.jsonl."""
    return "".join(json.dumps(change._asdict(), ensure_ascii=False) + "\n" for change in changes)


def _reports(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, str]]:
    told = ", ".join(_TOLD)
    for row in db.execute(f"select report_id, digest, reading_id, {told} from reports order by 1"):
        digest = hashlib.sha256(json.dumps(row[3:], ensure_ascii=False).encode())
        for cell in db.execute("select table_id, row_id, column_id, raw, value, status, unit from cells where report_id = ?"
                               " order by 1, 2, 3", row[:1]):
            digest.update(json.dumps(cell, ensure_ascii=False).encode())
        yield row[0], row[1], row[2], digest.hexdigest()[:32]


# ---------------------------------------------------------------- for people


def changelog(release: str, changes: Sequence[Change], before: str, cells: Sequence[tuple[str, str, str, str]]) -> str:
    """CHANGELOG.md: how many reports came, changed and went, and the cells that changed (report, cell, before, after)."""
    counts = Counter(change.op for change in changes)
    told = f"since release {before}" if before else "in the first release"
    parts = [f"# {release}\n\n{counts['added']} reports added, {counts['changed']} changed, {counts['removed']} removed {told}."
             f" 新增 {counts['added']} 份，变动 {counts['changed']} 份，移除 {counts['removed']} 份。\n"]
    if cells:
        parts.append("\n| report | cell | before | after |\n|---|---|---|---|\n")
        parts += [f"| {' | '.join(row)} |\n" for row in cells[:_SHOWN]]
        parts.append(f"\n{len(cells) - _SHOWN} more changed cells are not listed.\n" if len(cells) > _SHOWN else "")
    return "".join(parts)


def changed_cells(db: sqlite3.Connection, changes: Iterable[Change], release: Path) -> list[tuple[str, str, str, str]]:
    """Report, cell, print before and after, of every cell that differs from the release in `release`."""
    changed = {change.report_id for change in changes if change.op == "changed"}
    found = []
    for report_id, old in _old_cells(release, changed):
        new = {".".join(filter(None, row[:3])): str(row[3]) for row in db.execute(
            "select table_id, row_id, column_id, raw from cells where report_id = ?", (report_id,))}
        found += [(report_id, name, old.get(name, ""), new.get(name, ""))
                  for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    return found


def _old_cells(release: Path, wanted: set[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    path = release / "cells.csv.gz"
    if not wanted or not path.is_file():
        return
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = (row for row in _rows(file) if row["report_id"] in wanted)
        for report_id, group in groupby(rows, key=lambda row: row["report_id"]):
            yield report_id, {".".join(filter(None, (row["table_id"], row["row_id"], row["column_id"]))):
                              row["raw"].removeprefix("'") for row in group}


def _rows(file: TextIO) -> Iterator[dict[str, str]]:
    return iter(csv.DictReader(file))
