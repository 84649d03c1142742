"""One response, one capture: what a page turns out to be, what is followed and what is left with a reason."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure

from crawler.demo.content import pdf, report_text
from spiders import portals
from spiders.column import ColumnSpider
from spiders.models import Capture, Target
from spiders.page import Page

COLUMN = "http://www.example.gov.cn/zwgk/nb/"


def see(body: str | bytes, role: str = "column", url: str = COLUMN, spider: ColumnSpider | None = None,
        **state: object) -> Capture:
    data = body if isinstance(body, bytes) else f"<html><body>{body}</body></html>".encode()
    target = Target(url, role, column=COLUMN, state=state)          # type: ignore[arg-type]
    return (spider or ColumnSpider(urls=[COLUMN])).capture(target, Page(url, data))


def rows(*titles: str) -> str:
    items = (f'<li><a href="./202401/t20240126_{number}.html">{title}</a><span>2024-01-26</span></li>'
             for number, title in enumerate(titles))
    return f"<ul>{''.join(items)}</ul>"


def roles(capture: Capture) -> list[tuple[str, str]]:
    return [(link.role, link.url) for link in capture.links]


def test_spider_starts_offline_with_one_request_per_seed() -> None:
    spider = ColumnSpider(urls="http://www.example.gov.cn/,http://www.example.gov.cn/zwgk/nb/")

    async def started() -> list[str]:
        return [request.meta["target"].role async for request in spider.start()]
    assert asyncio.run(started()) == ["home", "column"]


def test_a_spider_whose_frontier_is_seeded_starts_nothing() -> None:
    async def started() -> int:
        return len([request async for request in ColumnSpider(urls=COLUMN, seeded=True).start()])
    assert asyncio.run(started()) == 0


@pytest.mark.parametrize("slug", sorted(portals.files()))
def test_every_bundled_portal_seeds_a_walk(slug: str) -> None:
    portal = portals.find(slug)
    seeds = ColumnSpider(portals=[portal]).seeds()
    assert seeds and all(seed.portal == slug and seed.column for seed in seeds)


def test_a_response_becomes_one_capture() -> None:
    spider = ColumnSpider(urls=[COLUMN])
    request = spider.request(spider.seeds()[0])
    response = HtmlResponse(COLUMN, body=rows("甲县2023年政府信息公开工作年度报告").encode(), encoding="utf-8", request=request)
    capture, = spider.parse(response)
    assert capture.outcome == "ok" and capture.progress and capture.progress.accepted == 1
    assert capture.links[0].referrer == COLUMN and capture.links[0].published_on == "2024-01-26"
    assert spider.request(capture.links[0]).headers["Referer"] == COLUMN.encode()


def test_a_request_without_response_is_a_capture_too() -> None:
    spider = ColumnSpider(urls=[COLUMN], failure=lambda error: "dns" if isinstance(error, DNSLookupError) else "error")
    failure = Failure(DNSLookupError("no such name"))
    failure.request = spider.request(spider.seeds()[0])             # type: ignore[attr-defined]
    capture, = spider.failed(failure)
    assert (capture.status, capture.outcome, capture.body) == (0, "dns", None)
    assert capture.progress and capture.progress.refusal == "dns"


def test_a_column_page_that_is_the_report_is_captured_as_article() -> None:
    capture = see(report_text("甲县水务局", 2023) + "<a href='nb.docx'>年报.docx</a>")
    assert capture.target.role == "article" and capture.target.uid == Target(COLUMN).uid
    assert capture.progress and (capture.progress.rows, capture.progress.end_proof) == (1, "single-page")
    assert roles(capture) == [("attachment", COLUMN + "nb.docx")]


def test_an_empty_list_is_empty_only_when_the_page_says_so() -> None:
    empty, unknown = see("<div>暂无相关信息</div>").progress, see("<div class=x>欢迎访问</div>").progress
    assert empty and (empty.end_proof, empty.refusal) == ("empty-marker", "")
    assert unknown and (unknown.end_proof, unknown.refusal) == ("", "needs-adapter")


def test_an_empty_marker_is_not_hidden_by_a_news_sidebar() -> None:
    side = '<div class=hot><a href="/xw/202405/t20240501_7.html">全县春耕</a><em>2024-05-01</em></div>'
    progress = see(f"<div>暂无相关信息</div>{side}").progress
    assert progress and (progress.end_proof, progress.rows) == ("empty-marker", 0)


def test_a_page_of_templates_needs_a_browser() -> None:
    capture = see("<div id=app><li v-for='x in list'>{{ x.title }}</li></div>")
    assert [(link.method, link.role, link.url) for link in capture.links] == [("RENDER", "list", COLUMN)]
    assert capture.progress and (capture.progress.refusal, capture.progress.end_proof) == ("", "")


def test_shells_are_followed_three_times_at_most() -> None:
    for shell in ("<script>location.replace('./nb2/')</script>", "<script>window.location.href = \"./nb2/\";</script>",
                  "<meta http-equiv=refresh content='0; url=./nb2/'>", "<iframe src='./nb2/'></iframe>"):
        capture = see(shell)
        assert roles(capture) == [("list", f"{COLUMN}nb2/")] and capture.links[0].column == COLUMN
    assert see("<script>location.replace('./nb2/')</script>", hops=3).links == ()


def test_links_off_the_portal_are_rejected_with_the_reason() -> None:
    capture = see(rows("甲县2023年政府信息公开工作年度报告") + "<ul>"
                  '<li><a href="http://clone.example-gov.com/t20230101_5.html">甲县2022年政府信息公开工作年度报告</a></li>'
                  '<li><a href="http://www.other.gov.cn/t20220101_6.html">甲县2021年政府信息公开工作年度报告</a></li></ul>')
    followed = [f"{COLUMN}202401/t20240126_0.html", "http://www.other.gov.cn/t20220101_6.html"]
    assert [url for _, url in roles(capture)] == followed
    assert capture.progress and capture.progress.accepted == 2
    rejected = [("http://clone.example-gov.com/t20230101_5.html", "off-site")]
    assert [(each.url, each.reason) for each in capture.progress.rejected] == rejected


def test_year_keeps_reports_of_that_year_or_of_none_named() -> None:
    spider = ColumnSpider(urls=[COLUMN], year="2023")
    listed = rows("甲县2023年政府信息公开工作年度报告", "甲县2019年政府信息公开工作年度报告", "甲县政府信息公开工作年度报告")
    capture = see(listed, spider=spider)
    assert [link.link_text[:6] for link in capture.links] == ["甲县2023", "甲县政府信息"[:6]]
    assert capture.progress and [r.reason for r in capture.progress.rejected] == ["other year"]


def test_year_folders_next_to_the_year_are_still_walked() -> None:
    spider = ColumnSpider(urls=[COLUMN], year=2023)
    capture = see("<a href=./2022/>2022年</a><a href=./2024n78/>2024年</a><a href=./2016/>2016年</a>", spider=spider)
    assert roles(capture) == [("column", f"{COLUMN}2022/"), ("column", f"{COLUMN}2024n78/")]


def test_limit_ends_the_linking_of_reports() -> None:
    listed = rows(*(f"甲县第{n}局2023年政府信息公开工作年度报告" for n in range(9)))
    capture = see(listed, spider=ColumnSpider(urls=[COLUMN], limit=4))
    assert len(capture.links) == 4


def test_folders_below_a_column_become_columns_of_their_own() -> None:
    capture = see("<a href='/'>首页</a><a href='/zwgk/'>政务公开</a><a href=./>政府信息公开年报</a>"
                  "<a href=./bm/>市直部门</a><a href=./xz/>乡镇街道</a><a href=./2019n/>2019年</a><a href=/news/>新闻中心</a>",
                  agency="甲县人民政府")
    assert roles(capture) == [("column", f"{COLUMN}bm/"), ("column", f"{COLUMN}xz/"), ("column", f"{COLUMN}2019n/")]
    assert [link.state.get("agency", "") for link in capture.links] == ["", "", "甲县人民政府"]
    assert capture.progress and capture.progress.end_proof == "sub-columns"
    assert see("<a href=./deep/>2019年</a>", depth=4).links == ()


def test_a_home_page_leads_to_its_column_by_name_even_over_broken_lines() -> None:
    capture = see("<a href='/zfxxgk/zfxxgknb/'>政府信息<br>\n   公开年报</a><!--<a href='/old/nb/'>政府信息公开年报</a>-->"
                  "<a href='/wzbb/'>政府网站工作年度报表</a>", role="home", url="http://www.example.gov.cn/")
    assert roles(capture) == [("column", "http://www.example.gov.cn/zfxxgk/zfxxgknb/")]


def test_a_home_page_without_the_name_leads_to_the_disclosure_platform() -> None:
    capture = see("<a href='/zfxxgk/'>政府信息公开</a><a href='/hd/'>互动</a>", role="home", url="http://www.example.gov.cn/")
    assert roles(capture) == [("home", "http://www.example.gov.cn/zfxxgk/")]
    assert see("<a href='/zfxxgk/'>政府信息公开</a>", role="home", url="http://www.example.gov.cn/", step=3).links == ()


def test_a_file_given_as_a_page_is_an_attachment() -> None:
    assert see(pdf("x")).target.role == "attachment"
    assert see(pdf("x"), role="article").target.role == "attachment"


def test_an_article_of_many_report_links_is_a_collection() -> None:
    agencies = enumerate(("水务", "司法", "财政", "教育"))
    links = "".join(f'<td><a href="http://d{n}.other.gov.cn/a/t20240126_{n}.html">甲县{who}局</a></td>' for n, who in agencies)
    capture = see(f"<table><tr>{links}<td><a href='http://mp.weixin.qq.com/s/xyz'>微信</a></td></tr></table>", role="article")
    assert [role for role, _ in roles(capture)] == ["article"] * 4


def test_a_file_that_is_gone_is_looked_for_where_else_it_may_be() -> None:
    spare = ["http://www.example.gov.cn/protect/a.pdf"]
    target = Target("http://www.example.gov.cn/a.pdf", "attachment", state={"spare": spare})
    capture = ColumnSpider().capture(target, Page(target.url, b"", 404), "gone")
    assert [(link.role, link.url, link.state["spare"]) for link in capture.links] == [("attachment", spare[0], [])]


def test_a_refused_list_page_says_so_and_not_that_it_is_empty() -> None:
    capture = ColumnSpider().capture(Target(COLUMN, "column", column=COLUMN), Page(COLUMN, b"WAF", 403), "waf")
    assert capture.progress and (capture.progress.refusal, capture.progress.end_proof) == ("waf", "")


@pytest.mark.parametrize("file", sorted(Path(portals.__file__).parent.glob("*/*.toml")), ids=lambda path: path.stem)
def test_a_bundled_portal_is_named_by_its_file(file: Path) -> None:
    assert portals.load(file).slug == file.stem
