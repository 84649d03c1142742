"""Files and pages broken at random are read or refused by name: any other error is a crash.

A small fixed budget by default, the same examples every time; `NIANBAO_FUZZ=1000 pytest tests/test_fuzz.py` tries a thousand
others of each kind. What it finds becomes a case of tests/test_hostile_files.py.
"""

from __future__ import annotations

import io
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders

from archive import fulltext
from archive.export import surt
from archive.store import Observation
from archive.warc import Writer
from crawler import webarchive
from parsers import Hints, gazetteer, parse
from parsers.exceptions import ParserError
from spiders import addresses, dates, names, platforms, titles
from spiders.column import ColumnSpider
from spiders.models import Target
from spiders.page import Page
from tests.generator import make
from tests.generator.layouts import LAYOUTS
from tests.hostile import sheet, workbook, zipped
from tests.ofd import from_pdf

GOLDEN = Path(__file__).parent / "golden"
BUDGET = int(os.environ.get("NIANBAO_FUZZ", "8"))
COLUMN = "http://www.shenchi.gov.cn/zwgk/zfxxgkndbg/"
#: what parsers look for: put where it was not expected, it leads further than a random byte
WORDS = (
    b"<table>", b"</td>", b"<tr><td colspan=99 rowspan=99>", b"<!--", b"<script>", b"document.write('", b"createPageHTML(9,0,",
    b"\xff\xfe", b"\0", b"{\\rtf1", b"\\cell\\row", b"endobj", b"/Kids [1 0 R]", b"99999999999999999999", b"-1",
    "年".encode(), "２０１９年".encode("gbk"), b"&#99999999;", b"http://[::1", b"javascript:void(0)", b"href='?page=", b"%zz",
    b"]]>", b"<a href=",
)


@cache
def sample(kind: str) -> bytes:
    if kind == "xlsx":
        return workbook(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="C9"><v>2.5</v></c></row>'))
    if kind == "ofd":
        return from_pdf(LAYOUTS["paper_ruled"].render(make(3)))
    if kind == "zip":
        return zipped({f"附件/{layout}": LAYOUTS[layout].render(make(3)) for layout in ("html_clean", "docx_clean")})
    return (GOLDEN / "doc" / "clean_500.doc").read_bytes() if kind == "doc" else LAYOUTS[kind].render(make(3))


def broken(data: bytes, random: Random) -> bytes:
    """The data with a few bytes changed, pieces moved, words put in, and perhaps its end lost."""
    made = bytearray(data)
    for _ in range(random.randrange(1, 12)):
        at, length = random.randrange(len(made) + 1), random.randrange(1, 200)
        change = random.randrange(4)
        if change == 0:
            made[at:at + 1] = bytes([random.randrange(256)])
        elif change == 1:
            made[at:at] = random.choice(WORDS)
        elif change == 2:
            del made[at:at + length]
        else:
            other = random.randrange(len(made) + 1)
            made[at:at] = made[other:other + length]
    return bytes(made[:random.randrange(len(made) + 1)] if random.random() < 0.2 else made)


def broken_zip(data: bytes, random: Random) -> bytes:
    """A good zip whose members are broken, so that the damage reaches the reader."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            chance = random.random()
            if chance > 0.05:
                called = broken(name.encode(), random).decode("utf-8", "replace").replace("\0", "")[:9_000] or "x"
                held = old.read(name)
                new.writestr(called if chance > 0.9 else name, broken(held, random) if chance > 0.6 else held)
    return buffer.getvalue()


def fuzz(test: Callable[..., None]) -> Callable[..., Any]:
    fixed = settings(max_examples=BUDGET, deadline=None, database=None, derandomize="NIANBAO_FUZZ" not in os.environ,
                     suppress_health_check=list(HealthCheck))
    return fixed(given(seed=st.integers(0, 1 << 60))(test))


KINDS = ("docx_clean", "odt_clean", "rtf_gbk", "paper_ruled", "html_clean", "ofd", "xlsx", "doc", "zip")


def try_file(kind: str, seed: int) -> None:
    """Read a file of this kind, broken by this seed; raises whatever is no refusal."""
    random, data = Random(seed), sample(kind)
    data = broken_zip(data, random) if data.startswith(b"PK") and random.random() < 0.8 else broken(data, random)
    hints = Hints(url=text(random), link_text=text(random), file_name=text(random)) if random.random() < 0.5 else Hints()
    try:
        parse(data, hints)
    except ParserError:
        return


@pytest.mark.parametrize("kind", KINDS)
@fuzz
def test_a_broken_file_is_a_report_or_a_refusal(kind: str, seed: int) -> None:
    try_file(kind, seed)


PAGES = sorted(GOLDEN.glob("listing/*/*.html"))


def try_page(name: str, seed: int) -> None:
    """Walk a list page broken by this seed as one of this platform, as one of any when it has no name."""
    random = Random(seed)
    page = Page(COLUMN, broken(random.choice(PAGES).read_bytes(), random))
    target = Target(COLUMN, role="column", column=COLUMN, state={"platform": name} if name else {})
    for each in platforms.names() if not name else (name,):
        assert 0 <= platforms.named(each).recognise(page) <= 1
    ColumnSpider().capture(target, page)


@pytest.mark.parametrize("name", ("", *platforms.names()))
@fuzz
def test_a_broken_page_makes_no_platform_trip(name: str, seed: int) -> None:
    try_page(name, seed)


#: what addresses, names of files, titles, headers and questions are made of
PARTS = (
    "http://", "https:", "//", "www.", "a.gov.cn", "神池县", "司法局", "2019年", "二〇一九年", "信息公开", "年度报告", "/",
    "..", ".", "?", "&a=", "#", "%", "%E5%B9", "%25", "%00", ":", ":80", "@", "[::1", "]", "xn--", "İ", "ß", "\ud800", "\0",
    "\n", " ", "　", '"', "'", "\\", "*", "(", ")", "filename=", "filename*=UTF-8''", "=?gbk?B?", "?=", ";", ".pdf", "index_",
    "t20200131_", "0", "99999999999", "-", "北京市", "新区", "街道", "AND", "NEAR(", "年报\u200b", "𠮷", "\U000e0001")


def text(random: Random) -> str:
    return "".join(random.choice(PARTS) for _ in range(random.randrange(14)))


def try_text(kind: str, seed: int) -> None:
    """Say what a text made by this seed is, as one of the things that strangers write into addresses, headers and forms."""
    TEXTS[kind](text(Random(seed)))


def _address(given: str) -> None:
    url = Page(COLUMN, b"").absolute(given)
    for look in (addresses.dialect, addresses.is_file, addresses.is_folder, addresses.parameters, names.from_address):
        look(url)
    addresses.with_parameters(url, page=2)
    assert surt.key(given).isascii() and surt.key(url).isascii()


def _name(given: str) -> None:
    header = given.encode("utf-8", "replace").decode("latin-1")
    for name in (names.clean(given), names.from_disposition(header), names.of(COLUMN, given, [])):
        assert "/" not in name and "\0" not in name and len(name) <= 150


def _place(given: str) -> None:
    for look in (gazetteer.divisions_named, gazetteer.divisions_of_stem, gazetteer.division, gazetteer.townships_named,
                 gazetteer.zone, gazetteer.host_divisions, gazetteer.provinces_in_path, gazetteer.path, gazetteer.current):
        look(given)


def _question(given: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table search using fts5(body)")
    db.execute("insert into search values (?)", (fulltext.tokens("神池县司法局2019年年报"),))
    if asked := fulltext.match(given):
        db.execute("select * from search where search match ?", (asked,)).fetchall()
    fulltext.snippet("神池县司法局2019年年报", given)


TEXTS: dict[str, Callable[[str], object]] = {
    "address": _address, "name": _name, "place": _place, "question": _question,
    "title": lambda given: (titles.judge(given), titles.years(given), dates.find(given), dates.strip(given))}


@pytest.mark.parametrize("kind", TEXTS)
@fuzz
def test_a_strange_text_is_an_address_a_name_a_place_a_question_or_nothing(kind: str, seed: int) -> None:
    for n in range(20):
        try_text(kind, seed + n)


@cache
def warc() -> bytes:
    stream = io.BytesIO()
    writer = Writer(stream, gzip=False, warc_version="1.1")
    for kind, body in [("html", sample("html_clean")), ("docx", sample("docx_clean"))]:
        url = f"http://a.gov.cn/{kind}"
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head))
        writer.write_record(writer.create_revisit_record(url, "sha1:AAAA", url, "2020-01-01T00:00:00Z", http_headers=head))
        note = io.BytesIO(b'{"status": 404, "outcome": "gone", "error": ""}')
        writer.write_record(writer.create_warc_record(url, "metadata", payload=note, warc_content_type="application/json"))
    return stream.getvalue()


def try_web_archive(kind: str, seed: int) -> None:
    """Take a web archive broken by this seed apart; raises whatever is no sentence."""
    random = Random(seed)
    data = broken(warc(), random)
    if kind == "wacz":
        pages = b'{"format": "json-pages-1.0"}\n{"url": "http://a.gov.cn/html", "title": "2019"}\n'
        data = broken_zip(zipped({"archive/a.warc": warc(), "pages/pages.jsonl": pages}), random)
        data = broken(data, random) if random.random() < 0.3 else data
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        path.write_bytes(data)
        assert all(isinstance(found, Observation | str) for found in webarchive.observations("r", path))


@pytest.mark.parametrize("kind", ["warc", "wacz"])
@fuzz
def test_a_broken_web_archive_is_captures_and_a_sentence(kind: str, seed: int) -> None:
    try_web_archive(kind, seed)
