"""What a reader does, in a browser: search, narrow, open, see what fails, switch language, download, print; by keyboard."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests import library
from tests.reader import PHONE, Reader, reader
from tests.sample import HOSTILE, Sample, report

RUDE = b"""<!doctype html><html><head><base href="http://evil.example/" target="_top">
<meta http-equiv="refresh" content="0;url=http://evil.example/refresh">
<link rel="stylesheet" href="http://evil.example/a.css"><link rel="prefetch" href="http://evil.example/prefetch">
<link rel="dns-prefetch" href="//evil.example"><style>@import "http://evil.example/b.css";
@font-face { font-family: x; src: url(http://evil.example/font) }
body { background: url(http://evil.example/back); font-family: x }
</style><title>unharmed</title><script src="http://evil.example/s.js"></script>
<script>alert(1); document.title = 'ran'; top.location = 'http://evil.example/top'; open('http://evil.example/window');
parent.document.title = 'ran'; fetch('/browse.json'); new Image().src = 'http://evil.example/beacon';
navigator.serviceWorker && navigator.serviceWorker.register('/sw.js'); navigator.sendBeacon('http://evil.example/b', 'x');
new WebSocket('ws://evil.example/'); localStorage.x = 1; document.cookie = 'x=1'</script></head>
<body onload="alert(2)"><h1>unharmed</h1><img src="x" onerror="alert(3)"><img src="http://evil.example/pixel.png">
<svg xmlns="http://www.w3.org/2000/svg" onload="alert(4)"><script>alert(5)</script><image href="http://evil.example/svg"/>
<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(6)"></iframe></foreignObject></svg>
<iframe src="http://evil.example/frame"></iframe><iframe srcdoc="<script>alert(7)</script>"></iframe>
<object data="http://evil.example/object"></object><embed src="http://evil.example/embed">
<video src="http://evil.example/video" autoplay></video><audio src="http://evil.example/audio" autoplay></audio>
<form action="http://evil.example/form" method="post"><input name="a" autofocus onfocus="alert(8)">
<button id="go">go</button></form>
<a id="away" href="http://evil.example/away" target="_top" ping="http://evil.example/ping">away</a>
<a id="blank" href="http://evil.example/blank" target="_blank">blank</a><a id="script" href="javascript:alert(9)">script</a>
</body></html>"""
RUDE_ID = "140927:justice:2016"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("library")
    sample = Sample(folder)
    sample.read(sample.see("http://p/rude.html", RUDE), report(year=2016, text="unharmed"))
    sample.db.close()
    with reader(library.library(folder)) as made:
        yield made


def test_a_report_is_found_narrowed_down_to_and_opened(desk: Reader) -> None:
    with desk.sits() as seen:
        page = seen.page
        page.goto("/")
        page.fill("#q", "神池 司法局")
        page.press("#q", "Enter")
        assert page.locator("ol.hits mark").first.inner_text() == "神池"
        hits = page.locator("ol.hits > li").count()
        page.get_by_role("complementary").get_by_role("link", name="2022", exact=True).click()
        assert hits > 1
        expect(page.locator("ol.hits > li")).to_have_count(1)
        page.locator("ol.hits a").click()
        expect(page.locator("h1")).to_have_text("神池县司法局 2022")
        page.locator("iframe").wait_for()
        assert seen.calm, seen


def test_a_cell_that_does_not_add_up_is_boxed_and_its_equation_leads_to_it(desk: Reader) -> None:
    with desk.sits() as seen:
        page = seen.page
        page.goto(f"/report/{library.FAILED}")
        assert page.locator(".findings .equation").first.inner_text().count("≠") == 1
        assert "差" in page.locator(".findings .off").first.inner_text()
        page.get_by_role("link", name="看这一格").first.click()
        target = page.locator("td:target")
        assert target.get_attribute("class") == "n box-error"
        page.keyboard.press("n")
        assert page.evaluate("document.activeElement.id").startswith("cell-")
        assert seen.calm, seen


def test_the_language_is_switched_and_stays(desk: Reader) -> None:
    with desk.sits() as seen:
        page = seen.page
        page.goto(f"/report/{library.FAILED}")
        page.get_by_role("link", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert "off by" in page.locator(".findings .off").first.inner_text()
        page.goto("/coverage")
        assert page.locator("h1").inner_text().startswith("Ledger")
        page.get_by_role("link", name="中文").click()
        expect(page.locator("h1")).to_have_text(re.compile("^台账"))
        assert seen.calm, seen


def test_the_original_and_its_numbers_are_downloaded(desk: Reader) -> None:
    with desk.sits() as seen:
        page = seen.page
        page.goto(f"/report/{library.FAILED}")
        original = page.request.get(page.locator(".original a").first.get_attribute("href") or "")
        assert original.body() == (library.ROOT / library.PAGE).read_bytes()
        told = page.request.get(page.get_by_role("link", name="CSV").get_attribute("href") or "").text()
        lines = list(csv.DictReader(told.splitlines()))
        cells = {(line["row_id"], line["column_id"]): line["value"] for line in lines if line["table_id"] == "requests"}
        shown = page.locator("tr", has=page.get_by_role("rowheader", name="一、本年新收")).locator("td").all_inner_texts()
        assert cells["new_received", "total"] == shown[-1]
        page.goto("/search?q=宁国市 财政局")
        page.locator("ol.hits a").first.click()
        with page.expect_download() as saved:
            page.get_by_role("link", name="下载原件").click()
        assert saved.value.path().read_bytes() == (library.ROOT / library.WORD).read_bytes()
        assert saved.value.suggested_filename.endswith(".docx")


def test_all_of_it_by_keyboard(desk: Reader) -> None:
    with desk.sits() as seen:
        page = seen.page
        page.goto("/coverage")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("/")
        page.keyboard.type("神池县司法局 2015")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=*")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('ol.hits') !== null"):
                break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.wait_for_url("**/report/*")
        expect(page.locator("h1")).to_have_text("神池县司法局 2015")
        assert seen.calm, seen


def test_a_printed_report_is_its_numbers_and_nothing_to_click(desk: Reader) -> None:
    with desk.sits(viewport={"width": 720, "height": 1000}) as seen:         # A4 between its margins
        page = seen.page
        page.goto(f"/report/{library.FAILED}")
        page.emulate_media(media="print")
        for hidden in (".nb-find", ".nb-top nav", "iframe"):
            assert page.locator(hidden).first.is_hidden(), hidden
        assert page.locator("td.box-error").first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("address", ["report", "file", "at"])
def test_a_hostile_original_does_nothing_at_all(desk: Reader, address: str) -> None:
    """Script, handlers, external images and styles, frames, forms, refresh, base, service worker, sockets, pings."""
    paths = {"report": f"/report/{RUDE_ID}", "file": f"/-/file/{hashlib.sha256(RUDE).hexdigest()}",
             "at": "/at/20240201000000/http://p/rude.html"}
    with desk.sits() as seen:
        page = seen.page
        page.goto(paths[address])
        inside = page.frame_locator(".original iframe") if address == "report" else page
        assert inside.locator("h1").inner_text() == "unharmed"
        here, title = page.url, page.title()
        page.wait_for_timeout(300)                           # time to refresh itself, had it been able to
        for element in ("#go", "#away", "#blank", "#script") if address == "report" else ("#go", "#script"):
            inside.locator(element).click(no_wait_after=True)
        page.wait_for_timeout(100)
        assert (page.url, page.title(), seen.outside, seen.opened) == (here, title, [], [])
        assert page.evaluate("[document.cookie, localStorage.length]") == ["", 0] if address == "report" else True
        assert sum("/-/file/" in url or "/at/" in url for url in seen.asked) == 1
        assert not any("browse.json" in url or "sw.js" in url for url in seen.asked)


def test_a_phone_reads_the_same_report(desk: Reader) -> None:
    with desk.sits(viewport=PHONE, has_touch=True, is_mobile=True) as seen:
        page = seen.page
        page.goto("/search?q=神池 2019")
        page.locator("ol.hits a").first.tap()
        assert page.frame_locator("iframe").locator("h1").inner_text() in HOSTILE
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert seen.calm, seen
