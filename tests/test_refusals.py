"""What short pages are called: doors, logins, walls, upkeep and dead addresses, beside pages that are none of these."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from crawler.downloader import refusals

NOTICES: list[tuple[str, int, str]] = json.loads(Path(__file__).with_name("notices.json").read_text("utf-8"))


@pytest.mark.parametrize(("called", "status", "body"), NOTICES)
def test_a_notice_is_called_by_its_name(called: str, status: int, body: str) -> None:
    answer = HtmlResponse("http://www.example.gov.cn/nb/", status, body=body.encode(), encoding="utf-8")
    assert refusals.outcome(answer) == called


@pytest.mark.parametrize("body", [body for _, status, body in NOTICES if status == 200 and "<title>" not in body])
def test_the_same_words_in_a_page_that_says_more_are_only_words(body: str) -> None:
    long = body + "<p>全县认真贯彻落实各项决策部署，持续推进重点工作，取得明显成效，群众满意度稳步提升。</p>" * 12
    answer = HtmlResponse("http://www.example.gov.cn/nb/", body=long.encode(), encoding="utf-8")
    assert refusals.outcome(answer) == "ok"
