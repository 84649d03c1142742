"""Reports as PDF, printed by Chromium: one browser prints many."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping

from tests.generator.html import article, narrow, page, plain_line, plain_table
from tests.generator.model import Table, Truth
from tests.generator.stacking import stack

_PAPER = "@page{size:A4;margin:20mm 18mm}"
_FULL = "table{border-collapse:collapse;width:100%;font-size:9pt}"
STYLES: Mapping[str, str] = {
    "pdf_ruled": _PAPER + _FULL + "td{border:1px solid #000;padding:3px}",
    "pdf_borderless": _PAPER + _FULL + "td{padding:3px 6px}",
    "pdf_split": "@page{size:A5;margin:12mm}tr{break-inside:avoid}" + _FULL + "td{border:1px solid #000;padding:2px}",
    "pdf_landscape": "@page{size:A4 landscape;margin:15mm}" + _FULL + "td{border:.5px solid #555;padding:4px}",
    "pdf_pieces": _PAPER + "table{border-collapse:collapse;margin:4px auto;font-size:9pt}td{border:1px solid #000;padding:3px}",
    "pdf_stacked": _PAPER + _FULL + "td{border:2px solid #000;padding:3px}",
}


def chromium() -> str | None:
    """The path of a browser to print with, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def markup(truth: Truth, style: str) -> str:
    """The page to print."""
    script: Iterable = truth.script  # type: ignore[type-arg]
    if style == "pdf_pieces":
        script = [narrow(part) if isinstance(part, Table) else part for part in script]
    if style == "pdf_stacked":
        script = stack(truth.script)
    return page(truth, article(script, line=plain_line, table=plain_table), STYLES[style])


def print_all(jobs: Iterable[tuple[Truth, str]]) -> Iterator[bytes]:
    """The PDF of each (truth, style), in order, from one start of the browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        sheet = browser.new_page()
        for truth, style in jobs:
            sheet.set_content(markup(truth, style))
            yield sheet.pdf(prefer_css_page_size=True, print_background=False)
        browser.close()
