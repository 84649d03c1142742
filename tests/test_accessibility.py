"""Every page, at the desk in Chinese and on a phone in English: no serious fault for those who see, hear or click otherwise,
no error, no request to anybody else, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

from crawler.published import refresh
from tests import library
from tests.reader import DESK, PHONE, Reader, reader, served
from tests.sample import Sample

PAGES = {
    "overview": "/", "search": "/search?q=" + quote("神池 公开"), "search-empty": "/search", "nothing-found": "/search?q=zzz",
    "ledger": "/coverage", "agency": "/agency/140927:justice", "report-html": f"/report/{library.FAILED}",
    "report-pdf": "/report/341881:government:2023", "report-docx": "/report/341881:finance:2020",
    "report-scan": f"/report/{library.SCANNED}", "report-versions": f"/report/{library.REPLACED}",
    "report-2014": f"/report/{library.OLD}", "report-missing": "/report/140927:justice:1999", "portals": "/portals",
    "portal": "/portal/p", "portal-refused": "/portal/q", "timemap": "/timemap/http://p/2021.html",
    "about": "/about", "nothing": "/agency/none",
    "database": "/browse", "table": "/browse/reports", "row": "/browse/reports/140927~3Ajustice~3A2019",
    "query": "/browse/grant_rate"}
VISITS = {"zh-desk": ("zh", DESK, "light"), "en-phone": ("en", PHONE, "dark")}
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with reader(library.library(tmp_path_factory.mktemp("library"))) as made:
        yield made


@pytest.fixture(scope="module")
def empty(desk: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = Sample(tmp_path_factory.mktemp("empty")).folder
    refresh(folder)
    with served(folder) as address:
        yield Reader(address, desk.browser)


def faults(reader: Reader, path: str, visit: str) -> list[str]:
    language, screen, scheme = VISITS[visit]
    with reader.sits(viewport=screen, color_scheme=scheme) as seen:
        page = seen.page
        answer = page.goto(f"/language/{language}?back={quote(path)}")
        assert answer is not None
        found = Axe().run(page, options={"resultTypes": ["violations"], "iframes": False}).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        errors = [error for error in seen.errors if answer.status == 200]
        return [*(_said(each) for each in found if each["impact"] in GRAVE), *errors, *seen.outside, *seen.opened,
                *([f"{wide} pixels wider than the screen"] if wide > 0 else [])]


def _said(found: dict[str, Any]) -> str:
    return f"{found['impact']}: {found['help']}: " + "; ".join(node["html"][:160] for node in found["nodes"][:4])


@pytest.mark.parametrize("visit", VISITS)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_shuts_nobody_out_and_keeps_to_itself(desk: Reader, path: str, visit: str) -> None:
    assert not faults(desk, path, visit)


@pytest.mark.parametrize("visit", VISITS)
def test_the_pages_of_an_empty_archive_too(empty: Reader, visit: str) -> None:
    assert not [fault for path in ("/", "/coverage", "/portals", "/search") for fault in faults(empty, path, visit)]
