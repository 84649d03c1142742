"""The site cannot write: not by its pages, not by SQL, not by Datasette's own ways of writing."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from archive import site
from crawler.published import refresh
from tests.sample import HOSTILE, Sample, report

SHOWN = ("/", "/report/140927:justice:2019")           # pages of our own, which look at no method and at nothing that is sent
WAYS = (*SHOWN, "/browse/reports", "/browse/reports/1", "/browse/-/create", "/-/permissions",
        "/browse/reports/-/insert", "/browse/reports/-/upsert", "/browse/reports/-/drop", "/browse/reports/1/-/update",
        "/browse/reports/1/-/delete", "/browse/-/execute-write", "/-/create-token", "/-/messages", "/-/auth-token", "/-/logout")
GIVEN = {"rows": [{"report_id": "x"}], "row": {"report_id": "x"}, "confirm": True}
STATEMENTS = ("insert into terms select * from terms", "delete from reports", "drop table reports", "vacuum into '/tmp/x.db'",
              "attach '/tmp/x.db' as x", "select load_extension('x')", "pragma writable_schema = 1", "create table x(y)",
              "select writefile('/tmp/x', 'y')", "select readfile('/etc/passwd')", "with x as (select 1) delete from reports")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sample = Sample(tmp_path / "data")
    sample.read(sample.see("http://p/a.html", HOSTILE.encode()), report())
    refresh(sample.folder)
    return sample.folder


def asked(folder: Path, method: str, path: str, **more: Any) -> Any:
    async def ask() -> Any:
        return await site.datasette(folder).client.request(method, path, **more)
    return asyncio.run(ask())


def state(folder: Path) -> dict[str, str]:
    """Every file of the archive by its digest; what readers of SQLite leave beside it is none of its content."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
            if path.is_file() and not path.name.endswith(("-shm", "-wal", "lock"))}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_address_takes_anything(folder: Path, method: str) -> None:
    before = state(folder)
    for path in WAYS:
        try:
            answer = asked(folder, method, path, json=GIVEN)
        except AssertionError:                          # Datasette's way to say no; an error page where it is served
            continue
        assert answer.status_code == 200 if path in SHOWN else answer.status_code >= 300, (path, answer.status_code)
    assert state(folder) == before


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_writes_or_leads_out_of_the_database(folder: Path, statement: str) -> None:
    before = state(folder)
    answer = asked(folder, "GET", f"/browse.json?sql={quote(statement)}")
    assert answer.status_code in (400, 403, 404), answer.text[:300]
    assert state(folder) == before


def test_the_file_is_opened_as_one_that_never_changes(folder: Path) -> None:
    served = site.datasette(folder)
    assert all(not database.is_mutable for name, database in served.databases.items() if not name.startswith("_"))
    assert "browse" in served.databases


def test_its_plugins_register_nothing_that_writes() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(site.__file__).parent.rglob("*.py"))
    words = ("execute_write", "executescript", "mode=rw", "write_text", "write_bytes", "urlopen", "import httpx")
    assert not [word for word in words if word in source]
