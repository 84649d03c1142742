"""Files and pages broken at random are read or refused by name: any other error is a crash.

A small fixed budget by default, the same examples every time; `NIANBAO_FUZZ=1000 pytest tests/test_fuzz.py` tries a thousand
others of each kind. What it finds becomes a case of tests/test_hostile_files.py.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers import parse
from parsers.exceptions import ParserError
from spiders import platforms
from spiders.column import ColumnSpider
from spiders.models import Target
from spiders.page import Page
from tests.generator import make
from tests.generator.layouts import LAYOUTS
from tests.hostile import sheet, workbook
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
                new.writestr(name, broken(old.read(name), random) if chance > 0.6 else old.read(name))
    return buffer.getvalue()


def fuzz(test: Callable[..., None]) -> Callable[..., Any]:
    fixed = settings(max_examples=BUDGET, deadline=None, database=None, derandomize="NIANBAO_FUZZ" not in os.environ,
                     suppress_health_check=list(HealthCheck))
    return fixed(given(seed=st.integers(0, 1 << 60))(test))


KINDS = ("docx_clean", "odt_clean", "rtf_gbk", "paper_ruled", "html_clean", "ofd", "xlsx", "doc")


def try_file(kind: str, seed: int) -> None:
    """Read a file of this kind, broken by this seed; raises whatever is no refusal."""
    random, data = Random(seed), sample(kind)
    data = broken_zip(data, random) if data.startswith(b"PK") and random.random() < 0.8 else broken(data, random)
    try:
        parse(data)
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
