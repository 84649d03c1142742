"""The tables as Parquet (zstd): typed columns for DuckDB, pandas, R's arrow and everything else. Needs the `release` extra.

In the panel a printed cell without a value is NULL, and column `no_value` says why: JSON, variable → blank, na_mark …
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from archive.exceptions import ArchiveError
from archive.export import whole
from archive.export.tables import Column, NoValue, Table, Value, tables

_BATCH = 50_000
_REASONS = Column("no_value", "string", "无数值原因", "JSON: variable → why its printed cell has no value")


def write(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """Write every table into `folder`; returns what was written.

    Raises `ArchiveError` when pyarrow is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [write_table(table, folder / f"{table.name}.parquet") for table in tables(db)]


def columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table as Parquet: the panel's reasons stand in a column of their own."""
    return (*table.columns, _REASONS) if any(column.cell for column in table.columns) else table.columns


def write_table(table: Table, path: Path) -> Path:
    """One table, whole or not at all."""
    arrow, parquet = _pyarrow()
    kinds = {"string": arrow.string(), "integer": arrow.int64(), "number": arrow.float64()}
    shape = columns(table)
    schema = arrow.schema([arrow.field(c.name, kinds[c.type], metadata={"label": c.label, "meaning": c.meaning})
                           for c in shape])
    rows = _with_reasons(table) if shape != table.columns else iter(table.rows())
    with whole(path) as draft, parquet.ParquetWriter(draft, schema, compression="zstd") as writer:
        while batch := list(islice(rows, _BATCH)):
            arrays = [arrow.array([_plain(value, c.type) for value in values], kinds[c.type])
                      for c, values in zip(shape, zip(*batch, strict=True), strict=True)]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
    return path


def _with_reasons(table: Table) -> Iterator[Sequence[Value]]:
    names = [column.name for column in table.columns]
    for row in table.rows():
        why = {name: str(value) for name, value in zip(names, row, strict=True) if isinstance(value, NoValue)}
        yield [*(None if isinstance(value, NoValue) else value for value in row), json.dumps(why) if why else None]


def _plain(value: Value, kind: str) -> Value:
    if value is None or kind == "string":
        return None if value is None else str(value)
    return float(value) if kind == "number" else int(value)


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ArchiveError("Parquet needs pyarrow: pip install -e '.[release]'") from None
    return pyarrow, pyarrow.parquet


