"""A small archive made by hand, for tests of what is read from one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import sqlite_utils
import zstandard

from archive import migrations, readings, seals
from crawler import bodies
from parsers.schema import fields

HOSTILE = """<html><head><title>x</title><script>document.title='ran'; parent.document.title='ran';
fetch('/archive.json')</script></head><body><h1>神池县司法局2019年度政府信息公开工作年度报告</h1>
<img src="http://127.0.0.1:9/pixel.png" onerror="document.title='ran'"><form action="/search"><button>送</button></form>
<p>收到申请三件。</p></body></html>"""


def cell(value: int | None, raw: str | None = None, status: str = "number") -> dict[str, Any]:
    return {"raw": str(value) if raw is None else raw, "value": value, "status": status, "unit": "件", "where": "line 9"}


def report(agency: str = "神池县司法局", agency_id: str = "140927:justice", year: int = 2019, **more: Any) -> dict[str, Any]:
    """A report as the parsers give it, with one failed sum in the requests table."""
    columns = ("natural_person", "company", "research_institute", "ngo", "legal_service", "other_org")
    row = {column: cell(0) for column in columns} | {"natural_person": cell(2), "ngo": cell(None, "", "blank"),
                                                    "total": cell(3)}
    tags = {"agency": agency, "agency_id": agency_id, "year": year, "scope": "own", "level": "county",
            "division_code": "140927", "function": "justice", "body_type": "department", "format_version": "f2019"}
    evidence = [{"source": "title", "quote": f"{agency}{year}年度", "locator": "line 1", "weight": 0.9}]
    return {
        "kind": "report", "reader": "html", "title": f"{agency}{year}年度政府信息公开工作年度报告",
        "text": f"{agency}{year}年度\n收到申请三件。", "text_digest": hashlib.sha256(agency.encode()).hexdigest(),
        "published_on": f"{year + 1}-01-20", "formats": {"requests": "f2019"},
        "tags": {name: {"value": value, "confidence": 0.98, "evidence": evidence} for name, value in tags.items()},
        "proactive": {"procurement_amount": cell(None, "/", "na_mark")}, "requests": {"new_received": row},
        "remedies": {}, "stat2014": {},
        "sections": [{"id": "overview", "title": "一、总体情况", "text": "收到申请三件。", "where": "line 2"}],
        "checks": [{"rule": "A01_row_sum", "verdict": "fail", "severity": "error", "message": "新收：各列之和 2 ≠ 总计 3",
                    "left": 2, "right": 3, "where": "new_received.total line 9"}],
        "issues": [{"kind": "converter-artefact", "message": "[bookmark]", "where": "line 4"}], **more}


class Sample:
    """An archive folder under construction; `see` adds a capture, `read` gives a document its reading."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.catalogue = sqlite_utils.Database(folder / "archive.db")
        self.blobs = sqlite_utils.Database(folder / "blobs.db")
        migrations.catalogue.apply(self.catalogue)
        migrations.blobs.apply(self.blobs)
        self.db = self.catalogue.conn
        seals.register(self.db)
        with self.db:
            self.db.execute("insert or ignore into run(run_id, started_at, command) values ('r', '2024-02-01', 'test')")
            readings.describe(self.db, fields())
            bodies.describe(self.db)

    def see(self, url: str, body: bytes, at: str = "2024-02-01T00:00:00", **more: str) -> str:
        digest = hashlib.sha256(body).hexdigest()
        facts = {"media_type": "text/html", "role": "article", "link_text": "", "agency": "", "division_code": "",
                 "referrer": "", "published_on": "", "outcome": "ok"} | more
        with self.blobs.conn:
            self.blobs.conn.execute("insert or ignore into blob values (?,?,?,?)",
                                    (digest, "zstd", len(body), zstandard.compress(body)))
        with self.db:
            self.db.execute("insert or ignore into document values (?,?,?,?,null)",
                            (digest, len(body), facts["media_type"], at))
            self.db.execute("insert into capture values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'',null)", (
                hashlib.sha256(f"{url}{at}".encode()).hexdigest()[:32], "r", hashlib.sha256(url.encode()).hexdigest()[:32],
                "p", "http://p/", facts["role"], url, url, at, 200, facts["outcome"], digest, facts["referrer"],
                facts["link_text"], facts["published_on"], facts["agency"], facts["division_code"], "[]", ""))
        return digest

    def read(self, digest: str, made: dict[str, Any] | None, version: str = "1", at: str = "2024-02-02") -> None:
        failure = None if made else ("damaged", "the file ends too early")
        hints = readings.hints_of(self.db, digest)
        with self.db:
            readings.save(self.db, [readings.Reading(digest, version, hints, at, made, failure)])
