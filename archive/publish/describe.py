"""What a published file says of itself to Datasette: row counts, titles, column descriptions, facets, stored queries."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.dictionary import COLUMNS, TABLES, english
from archive.publish.layout import column_of
from archive.publish.queries import QUERIES

NAME = "browse"

#: table → the columns worth counting by, the order to show rows in
FACETS: dict[str, tuple[list[str], str | None]] = {
    "reports": (["year", "level", "province", "function"], "year"),
    "figures": (["year", "level"], None),
    "checks": (["severity", "rule"], None),
    "issues": (["kind"], None),
    "coverage": (["state", "year"], None),
    "columns": (["outcome", "refusal", "platform"], None),
    "captures": (["outcome", "role"], "captured_at"),
    "documents": (["media_type"], None),
    "agencies": (["level", "province"], None),
}
HIDDEN = ("detail", "published", "search", "search_data", "search_idx", "search_config", "search_docsize", "sqlite_stat1",
          "sqlite_stat4")


def opened(path: Path) -> sqlite3.Connection:
    """A published file for reading: nothing changes beneath it, a new one takes its name instead."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Rows of every table."""
    tables = [name for (name,) in db.execute("select name from sqlite_master where type = 'table' order by name")]
    return {name: db.execute(f'select count(*) from "{name}"').fetchone()[0]
            for name in tables if not name.startswith("search")}


def metadata(db: sqlite3.Connection) -> dict[str, Any]:
    """Datasette's metadata for a published file, made from the data dictionary: the shape that 0.65 and 1.0 both read."""
    labels = {name: f"{label}：{meaning}" for name, (label, meaning) in COLUMNS.items()} | _cell_labels(db)
    existing = {name for (name,) in db.execute("select name from sqlite_master where type in ('table', 'view')")}
    tables: dict[str, Any] = {name: _table(name, _columns(db, name), labels) for name in TABLES if name in existing}
    tables["reports"] |= {"fts_table": "search", "fts_pk": "rowid", "label_column": "report_id"}
    tables |= {name: {"hidden": True} for name in HIDDEN}
    return {"title": "年报 nianbao", "description": "政府信息公开工作年度报告：原件、数据、核对",
            "databases": {NAME: {"title": "年报数据表", "tables": tables}}}


def _table(name: str, columns: list[str], labels: dict[str, str]) -> dict[str, Any]:
    title, _, said = TABLES[name]
    facets, order = FACETS.get(name, ([], None))
    table: dict[str, Any] = {"title": f"{title} {name}", "description": said, "facets": facets, "size": 50,
                             "columns": {column: labels[column] for column in columns if column in labels}}
    return table | ({"sort_desc": order} if order else {})


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_ in db.execute(f'pragma table_info("{table}")')]


def _cell_labels(db: sqlite3.Connection) -> dict[str, str]:
    """What each column of `figures` means: the words of the form, and English."""
    names = ("table_id", "row_id", "column_id", "row_label", "column_label", "unit")
    fields = [dict(zip(names, row, strict=True)) for row in db.execute(f"select {', '.join(names)} from fields")]
    return {column_of(field): "·".join(filter(None, (field["row_label"], field["column_label"])))
            + f"：{english(field['row_id'], field['column_id'])}" for field in fields}


def queries() -> dict[str, Any]:
    """The stored queries, as both versions write them down."""
    return {NAME: {"queries": QUERIES}}


def inspection(path: Path, found: dict[str, int]) -> dict[str, Any]:
    """What `datasette inspect` would write, without counting again."""
    return {NAME: {"hash": "", "size": path.stat().st_size, "file": path.name,
                   "tables": {name: {"count": count} for name, count in found.items()}}}


def write_companions(path: Path, found: dict[str, int]) -> None:
    """The files a stock Datasette of either version is started with."""
    with closing(opened(path)) as db:
        described = metadata(db)
    old = described | {"databases": {NAME: described["databases"][NAME] | queries()[NAME]}}
    for ending, content in (("inspect", inspection(path, found)), ("metadata", old),
                            ("datasette", {"databases": queries(), "settings": SETTINGS})):
        file = path.with_suffix(f".{ending}.json")
        draft = file.with_name(file.name + ".part")
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(file)


SETTINGS = {"default_page_size": 50, "suggest_facets": False, "facet_time_limit_ms": 1500, "sql_time_limit_ms": 3000,
            "allow_download": False}
