"""The site over a real archive: pages, safe originals, and a real browser on a hostile one."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from archive import site
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


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = f"from archive import site; from pathlib import Path; site.serve(Path({str(folder)!r}), '127.0.0.1', {port})"
    server = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[1])
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def test_in_a_browser_a_hostile_original_does_nothing_and_no_request_leaves(address: str) -> None:
    executable = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        page = browser.new_page()
        requests: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/")
        page.fill("input[name=q]", "神池 2019")
        page.press("input[name=q]", "Enter")
        page.locator("ol.hits a").first.click()
        page.wait_for_load_state("networkidle")
        assert "神池县司法局 2019" in page.title()
        assert page.frame_locator("iframe").locator("h1").inner_text().startswith("神池县司法局")
        assert page.locator("td.box-error").count() == 1
        assert not errors
        assert all(url.startswith((address, "data:")) for url in requests if "pixel.png" not in url)
        page.goto(f"{address}/-/file/{page.locator('.original a').first.get_attribute('href').rsplit('/', 1)[-1]}")
        assert page.title() == "x"
        browser.close()
