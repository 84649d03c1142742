"""The site: Datasette over the catalogue, with Chinese pages for reports and each original one click away.

    datasette(folder) -> Datasette          the application, read-only by construction
    serve(folder, host, port)               runs it until interrupted

Archived bytes come from strangers: they are served only by `/-/file/<digest>`, under a policy that lets them draw
themselves and do nothing else. No page asks anything of another machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.app import Datasette

from archive.dictionary import COLUMNS, TABLES

HERE = Path(__file__).parent
CATALOGUE, BLOBS = "archive", "blobs"

#: view → the columns worth counting by, the order to show rows in
FACETS = {
    "reports": (["year", "level", "function", "body_type", "format_version", "checks_failed"], "year"),
    "checks": (["severity", "verdict", "rule"], None),
    "cells": (["table_id", "status"], None),
    "issues": (["kind"], None),
    "coverage": (["state", "year"], None),
    "columns": (["outcome", "refusal", "platform"], None),
    "captures": (["outcome", "role", "status"], "captured_at"),
    "documents": (["media_type"], None),
    "tags": (["name"], None),
}


def metadata() -> dict[str, Any]:
    """Datasette's metadata, made from the data dictionary."""
    tables: dict[str, Any] = {}
    labels = {name: f"{label}：{said}" for name, (label, said) in COLUMNS.items()}
    for view, (title, _, said) in TABLES.items():
        facets, order = FACETS.get(view, ([], None))
        tables[view] = {"title": f"{title} {view}", "description": said, "facets": facets, "size": 50,
                        "columns": labels}
        if order:
            tables[view]["sort_desc"] = order
    hidden = ("run", "portal", "frontier", "document", "capture", "link", "walk", "reading", "tag", "cell", "section",
              "verdict", "issue", "settlement", "report", "report_version", "_sqlite_migrations")
    tables |= {name: {"hidden": True} for name in hidden}
    databases = {CATALOGUE: {"title": "年报数据表", "tables": tables}, BLOBS: {"allow": False}}
    return {"title": "年报 nianbao", "description": "政府信息公开工作年度报告：原件、数据、核对", "databases": databases}


def datasette(folder: Path) -> Datasette:
    """The application over `archive.db` and `blobs.db` in `folder`, both opened read-only."""
    files = [str(folder / f"{name}.db") for name in (CATALOGUE, BLOBS)]
    settings = {"default_page_size": 50, "suggest_facets": False, "facet_time_limit_ms": 1500,
                "sql_time_limit_ms": 3000, "allow_download": False}
    return Datasette(files, metadata=metadata(), settings=settings, plugins_dir=str(HERE / "plugins"),
                     template_dir=str(HERE / "templates"), static_mounts=[("nianbao", str(HERE / "static"))])


def serve(folder: Path, host: str, port: int) -> None:
    """Serve until interrupted."""
    import uvicorn

    uvicorn.run(datasette(folder).app(), host=host, port=port, log_level="warning", lifespan="on")
