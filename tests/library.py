"""An archive with one of everything a reader may meet, for tests of the site in a browser."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from crawler import across, bodies
from crawler.published import refresh
from crawler.workers import read_one
from spiders.portals import Column, Portal
from tests.sample import HOSTILE, Sample, cell, report

ROOT = Path(__file__).parents[1]
PORTAL = "crawler/demo/site/ningguo/zwgk/zfxxgknb"
PAGE, PDF, WORD = f"{PORTAL}/202401/t20240116_1017.html", f"{PORTAL}/202403/P020240317310000000004.pdf", (
    f"{PORTAL}/202101/P020210116310000000012.docx")

FAILED = "341881:education:2023"        # read from a page, with sums that do not add up
SCANNED = "140927:justice:2022"         # a picture
REPLACED = "140927:justice:2021"        # its page was changed
HOSTILE_ID = "140927:justice:2019"
OLD = "140927:justice:2015"             # the table of 2014

REFUSED = "http://q.example/nb/"


def library(folder: Path) -> Path:
    """Fill and publish it. One body late, one silent, one portal refused, reports as page, PDF, DOCX and picture."""
    sample = Sample(folder)
    for path, media_type in ((PAGE, "text/html"), (PDF, "application/pdf"),
                             (WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")):
        content = (ROOT / path).read_bytes()
        sample.read(sample.see(f"http://p/{path}", content, media_type=media_type), read_one(content, "{}")[0])
    sample.read(sample.see("http://p/a.html", HOSTILE.encode()), report())
    sample.read(sample.see("http://p/2020.html", "<h1>神池县司法局</h1>".encode("gb18030")),
                report(year=2020, published_on="2021-03-05"))
    sample.read(sample.see("http://p/2021.html", b"before"), report(year=2021, text="神池县司法局\n收到申请三件。"))
    sample.read(sample.see("http://p/2021.html", b"after", "2024-06-01T00:00:00"),
                report(year=2021, text="神池县司法局\n收到申请四件。"))
    sample.read(sample.see("http://p/2022.png", _picture(), media_type="image/png"), report(
        year=2022, requests={}, proactive={}, sections=[], issues=[{"kind": "needs-ocr", "message": "a scan", "where": ""}]))
    sample.read(sample.see("http://p/2015.html", b"old"), report(
        year=2015, requests={}, stat2014={"s14_received": cell(7), "local:接待人次": cell(3)}, checks=[]))
    _walked(sample)
    across.review(sample.db)
    sample.db.close()
    refresh(folder)
    return folder


def _walked(sample: Sample) -> None:
    """Two portals: one complete with a part left over, one refused."""
    known = Portal("p", "神池县人民政府门户网站", "http://p/", "140927", columns=(Column("http://p/", ""),))
    with sample.db:
        bodies.register(sample.db, [known])
        for portal, url, outcome, refusal, proof in (("p", "http://p/", "complete", "", "last-page"), (
                "p", "http://p/b/", "partial", "", ""), ("q", REFUSED, "refused", "waf", "")):
            sample.db.execute("""insert into walk(run_id, portal, url, platform, outcome, refusal, declared, declared_pages,
                walked, rows, accepted, rejected, reasons, end_proof, walked_at)
                values ('r',?,?,'trs',?,?,9,2,1,9,8,1,'{"look-alike: 指南": 1}',?,'2026-02-01T00:00:00')""",
                              (portal, url, outcome, refusal, proof))
    sample.see(REFUSED, b"<h1>403</h1>", outcome="waf", role="column")


def _picture() -> bytes:
    """A grey PNG."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    width, height = 60, 80
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress((b"\0" + b"\xc8" * width) * height)) + chunk(b"IEND", b""))
