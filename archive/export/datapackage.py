"""A release: every table as CSV and Parquet, the panel for Stata, and everything a stranger needs to use and cite them.

datapackage.json (Data Package v2) describes the files, README.md says how to load them, codebook.csv and CODEBOOK.md what every
column means, changes.jsonl and CHANGELOG.md what is new, SHA256SUMS proves the files. Needs the `release` extra.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from archive.exceptions import ArchiveError
from archive.export import changes, csv, dta, parquet
from archive.export.tables import NO_VALUE, Column, Table, tables

CALVER = re.compile(r"\d{4}\.\d{2}(?:\.\d+)?")
_README = Path(__file__).with_name("README.md")
_PARENTS = {"report_id": "reports", "agency_id": "agencies", "digest": "documents"}


def write(db: sqlite3.Connection, folder: Path, version: str = "", before: Path | None = None) -> list[Path]:
    """Write a release named `version` (CalVer, this month when empty) into `folder`; its changes are those since `before`.

    Returns what was written. Raises `ArchiveError` for a version or an older release that is none, and for missing extras.
    """
    version = version or date.today().strftime("%Y.%m")
    if not CALVER.fullmatch(version):
        raise ArchiveError(f"{version!r} is no version: give year and month as in 2026.11, or 2026.11.2 for a second one")
    history = changes.read(before) if before else []
    made = changes.since(db, version, history)
    cells = changes.changed_cells(db, made, before) if before else []
    written = [*csv.write(db, folder, packed=True), *parquet.write(db, folder), *dta.write(db, folder)]
    found = tables(db)
    texts = {
        changes.FILE: changes.lines([*history, *made]),
        "CHANGELOG.md": changes.changelog(version, made, history[-1].release if history else "", cells),
        "CODEBOOK.md": codebook(found),
        "README.md": _README.read_text(encoding="utf-8").replace("{version}", version),
    }
    written += [_text(folder / name, text) for name, text in texts.items()]
    written.append(_text(folder / "datapackage.json", descriptor(version, found, written)))
    return [*written, _text(folder / "SHA256SUMS", "".join(f"{_hash(path)}  {path.name}\n" for path in sorted(written)))]


def descriptor(version: str, found: Sequence[Table], files: Sequence[Path]) -> str:
    """datapackage.json: every data file with its size, hash and schema."""
    by_name = {table.name: table for table in found}
    resources = [_resource(by_name[name], path) for path in sorted(files) if (name := path.name.split(".")[0]) in by_name]
    return json.dumps({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "nianbao", "version": version,
        "title": "政府信息公开工作年度报告 · Chinese open-government-information annual reports",
        "description": "Every cell of the statutory tables, with the file, page and place it was read from.",
        "resources": resources}, ensure_ascii=False, indent=1) + "\n"


def _resource(table: Table, path: Path) -> dict[str, Any]:
    kind = path.name.split(".", 1)[1]
    columns = parquet.columns(table) if kind == "parquet" else table.columns
    fields = [_field(column, kind) for column in columns]
    keys = [{"fields": [name], "reference": {"resource": _PARENTS[name], "fields": [name]}}
            for name in (column.name for column in columns) if name in _PARENTS and _PARENTS[name] != table.name]
    schema: dict[str, Any] = {"fields": fields, "primaryKey": list(table.key)}
    return {
        "name": f"{table.name}-{kind.replace('.', '-')}", "path": path.name, "title": table.title, "description": table.meaning,
        "format": kind.split(".")[0], "bytes": path.stat().st_size, "hash": f"sha256:{_hash(path)}",
        **({"encoding": "utf-8", "compression": "gz"} if kind == "csv.gz" else {}),
        "schema": schema | ({"foreignKeys": keys} if keys and kind == "csv.gz" else {})}


def _field(column: Column, kind: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "title": column.label, "description": column.meaning}
    if column.cell and kind == "csv.gz":
        field["missingValues"] = [{"value": "", "label": "没有这一格 not printed"}] + [
            {"value": status, "label": f"{label} {meaning}"} for status, (label, meaning) in NO_VALUE.items()]
    return field


def codebook(found: Sequence[Table]) -> str:
    """CODEBOOK.md: every column of every table, in Chinese and English."""
    why = [(f"`{status}`", f"`.{dta.LETTERS[status]}`", *words) for status, words in NO_VALUE.items()]
    parts = ["# Codebook 变量说明\n\n## Cells without a value 没有数值的单元格\n\n", *_lines("CSV", "Stata", why)]
    for table in found:
        rows = [(f"`{c.name}`", c.type, c.label, c.meaning) for c in table.columns]
        parts += [f"\n## {table.name} {table.title}\n\n{table.meaning}\n\n", *_lines("column", "type", rows)]
    return "".join(parts)


def _lines(first: str, second: str, rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {first} | {second} | 中文 | meaning |\n|---|---|---|---|\n", *(f"| {' | '.join(row)} |\n" for row in rows)]


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
