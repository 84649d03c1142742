"""The site over a real archive, as it answers; what a browser makes of it is in test_reading and test_accessibility."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from archive import site
from archive.site import language
from crawler.published import refresh
from tests.sample import HOSTILE, Sample, report


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sample = Sample(tmp_path / "data")
    sample.read(sample.see("http://p/a.html", HOSTILE.encode()), report())
    sample.read(sample.see("http://p/b.docx", b"PK\x03\x04", media_type="application/zip"), report(year=2020))
    refresh(sample.folder)
    return sample.folder


def get(folder: Path, path: str) -> Any:
    async def fetch() -> Any:
        return await site.datasette(folder).client.get(path)

    return asyncio.run(fetch())


def digest_of(folder: Path, year: int) -> str:
    shown = json.loads(get(folder, f"/report/140927:justice:{year}.json").text)
    return str(shown["digest"])


@pytest.mark.parametrize("path", ["/", "/search?q=神池 2019", "/report/140927:justice:2019", "/browse/reports", "/browse"])
def test_pages_answer_in_chinese(folder: Path, path: str) -> None:
    answer = get(folder, path)
    assert answer.status_code == 200
    assert "年报" in answer.text


def test_an_empty_archive_says_what_to_do_next(tmp_path: Path) -> None:
    folder = Sample(tmp_path).folder
    refresh(folder)
    assert "nianbao crawl" in get(folder, "/").text


def test_a_missing_report_is_not_called_unpublished(folder: Path) -> None:
    answer = get(folder, "/report/140927:justice:1999")
    assert answer.status_code == 404
    assert "不说明没有公布" in answer.text


def test_a_failed_cell_is_boxed_and_the_sum_spelled_out(folder: Path) -> None:
    text = get(folder, "/report/140927:justice:2019").text
    assert 'id="cell-new_received.total"' in text
    assert "差 1" in text


def test_a_blank_is_shown_as_blank_and_not_as_zero(folder: Path) -> None:
    assert '<span class="blank">空</span>' in get(folder, "/report/140927:justice:2019").text


def test_originals_come_byte_for_byte_and_can_do_nothing(folder: Path) -> None:
    answer = get(folder, f"/-/file/{digest_of(folder, 2019)}")
    assert answer.content == HOSTILE.encode()
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_formats_a_browser_cannot_show_are_downloads(folder: Path) -> None:
    assert get(folder, f"/-/file/{digest_of(folder, 2020)}").headers["content-disposition"].startswith("attachment")


def test_the_bytes_cannot_be_browsed_as_a_database(folder: Path) -> None:
    assert get(folder, "/blobs").status_code == 404


def test_what_is_called_so_comes_before_what_only_says_so(folder: Path) -> None:
    sample = Sample(folder)
    sample.read(sample.see("http://p/c.html", b"c"), report(
        agency="宁武县司法局", agency_id="140925:justice", year=2023, text="本局向神池县司法局学习，2019 年起改进。"))
    refresh(folder)
    hits = re.findall(r'<h2><a href="/report/([^"]+)"', get(folder, "/search?q=神池县司法局 2019").text)
    assert hits == ["140927:justice:2019", "140925:justice:2023"]


def test_datasettes_own_search_finds_words_of_one_and_two_characters(folder: Path) -> None:
    for word in ("县", "神池", "申请 神池"):
        assert len(json.loads(get(folder, f"/browse/reports.json?_shape=array&_search={word}").text)) == 2


def test_every_phrase_has_its_english() -> None:
    templates = "".join(path.read_text("utf-8") for path in (site.HERE / "templates").glob("*.html"))
    phrases = {a or b for a, b in re.findall(r"\bt\(\s*(?:\"([^\"]+)\"|'([^']+)')", templates)}
    explained = re.findall(r"terms\(\[(.*?)\]\)", templates, re.S)
    phrases |= {text for terms in explained for text in re.findall(r'"([^"]+)"', terms)}
    assert phrases
    assert not phrases - set(language.english())


def test_the_language_is_switched_and_kept(folder: Path) -> None:
    answer = get(folder, "/report/140927:justice:2019?lang=en")
    assert '<html lang="en">' in answer.text
    assert "off by" in answer.text
    assert answer.headers["set-cookie"].startswith(language.COOKIE)


def test_a_new_publish_shows_without_a_restart(folder: Path) -> None:
    async def ask() -> list[int]:
        running = site.Site(folder)
        transport = httpx.ASGITransport(app=running)
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            before = (await client.get("/report/140927:justice:2021")).status_code
            sample = Sample(folder)
            sample.read(sample.see("http://p/d.html", b"d"), report(year=2021))
            refresh(folder)
            return [before, (await client.get("/report/140927:justice:2021")).status_code]

    assert asyncio.run(ask()) == [404, 200]


def test_an_address_is_shown_as_it_was_on_a_day(folder: Path) -> None:
    sample = Sample(folder)
    sample.read(sample.see("http://p/a.html", b"later", at="2024-06-01T00:00:00"), report(text="x"))
    refresh(folder)
    assert get(folder, "/at/2024-03-01/http://p/a.html").headers["location"] == "/at/20240201000000/http://p/a.html"
    then = get(folder, "/at/20240201000000/http://p/a.html")
    assert (then.content, then.headers["memento-datetime"]) == (HOSTILE.encode(), "Thu, 01 Feb 2024 00:00:00 GMT")
    assert then.headers["content-security-policy"].startswith("sandbox")
    assert get(folder, "/timemap/http://p/a.html").text.count('rel="memento"') == 2
    assert get(folder, "/at/2024/http://p/none.html").status_code == 404


def test_the_captures_of_an_address_are_a_page_for_people(folder: Path) -> None:
    async def fetch(url: str) -> Any:
        return await site.datasette(folder).client.get(f"/timemap/{url}", headers={"accept": "text/html,*/*"})

    page = asyncio.run(fetch("http://p/a.html")).text
    assert '<a href="/at/20240201000000/http%3A//p/a.html">' in page
    assert 'href="/language/en?back=/timemap/http%3A//p/a.html"' in page
    assert "从未采集过" in asyncio.run(fetch("http://p/none.html")).text


def test_the_feed_is_well_formed(folder: Path) -> None:
    feed = ElementTree.fromstring(get(folder, "/feed.atom").text)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 2


@pytest.mark.parametrize(
    "path", ["/coverage", "/coverage?state=late&q=神池", "/agency/140927:justice", "/portals", "/about", "/search"])
def test_the_other_pages_answer_and_link_their_data(folder: Path, path: str) -> None:
    answer = get(folder, path)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_unknown_body_or_portal_is_not_found_and_says_where_to_go(folder: Path) -> None:
    for path in ("/agency/none", "/portal/none"):
        assert (get(folder, path).status_code, "/coverage" in get(folder, path).text) == (404, True)


def test_a_body_that_owes_a_report_and_has_none_is_in_the_ledger(folder: Path) -> None:
    sample = Sample(folder)
    with sample.db:
        columns = [name for _, name, *_ in sample.db.execute("pragma table_info(body)")]
        known = {"agency_id": "140927:water", "agency": "神池县水利局", "body_type": "department", "first_year": 2022,
                 "source": "portal", "seal": None}
        sample.db.execute(f"insert into body values ({','.join('?' * len(columns))})", [known.get(c, "") for c in columns])
    refresh(folder)
    assert "神池县水利局" in get(folder, "/coverage").text
    assert "未查看" in get(folder, "/agency/140927:water").text


def test_a_finding_in_a_pdf_leads_to_its_page(folder: Path) -> None:
    sample = Sample(folder)
    made = report(year=2022)
    made["checks"][0]["where"] = "new_received.total page 2 row 9 column 3 [60,60,306,76]"
    digest = sample.see("http://p/e.pdf", b"%PDF-1.4", media_type="application/pdf")
    sample.read(digest, made)
    refresh(folder)
    assert f'<a href="/-/file/{digest}#page=2" target="original">第 2 页 第 9 行 第 3 列</a>' in get(
        folder, "/report/140927:justice:2022").text


def test_the_language_of_datasettes_own_pages_is_switched_without_filtering(folder: Path) -> None:
    page = get(folder, "/browse/reports").text
    assert "行记录" in page
    address = re.search(r'href="(/language/en[^"]+)"', page)
    assert address is not None
    switched = get(folder, address[1])
    assert (switched.headers["location"], language.COOKIE in switched.headers["set-cookie"]) == ("/browse/reports", True)
    assert get(folder, "/language/zh?back=//evil.example/").headers["location"] == "/"


@pytest.mark.parametrize(("asked", "status", "place"), [
    ("bytes=0-3", 206, slice(0, 4)), ("bytes=5-", 206, slice(5, None)), ("bytes=-4", 206, slice(-4, None)),
    ("bytes=0-99999", 206, slice(None)), ("bytes=99999-", 416, slice(0, 0)), ("bytes=-", 200, slice(None)),
    ("bytes=0-1,3-4", 200, slice(None)), ("lines=1-2", 200, slice(None)), ("bytes=4-2", 200, slice(None))])
def test_a_part_of_an_original_is_given_when_asked_for(folder: Path, asked: str, status: int, place: slice) -> None:
    async def fetch() -> Any:
        return await site.datasette(folder).client.get(f"/-/file/{digest_of_sync}", headers={"range": asked})

    digest_of_sync = digest_of(folder, 2019)
    answer, whole = asyncio.run(fetch()), HOSTILE.encode()
    assert (answer.status_code, answer.content) == (status, whole[place])
    if status == 206:
        start = len(whole) - len(answer.content) if asked == "bytes=-4" else place.start or 0
        assert answer.headers["content-range"] == f"bytes {start}-{start + len(answer.content) - 1}/{len(whole)}"
