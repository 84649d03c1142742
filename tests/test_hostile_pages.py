"""Pages made to be slow cost themselves and their host: the crawl walks everything else and ends."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.walking import Endless, Walking
from parsers.page.quotes import literals
from spiders.column import MOST_LINKED, ColumnSpider
from spiders.listing import MOST_LINKS
from spiders.models import Target
from spiders.page import Page, _without_comments
from spiders.quotes import Quotes
from spiders.writes import written
from tests import crawling
from tests.loopback import Answer, column, portal

TITLE = "局2019年政府信息公开工作年度报告"


def rows(count: int) -> bytes:
    """A column of so many reports on one page."""
    listed = "".join(f"<li><a href='/nb/{n}.html'>神池县第{n}{TITLE}</a>2020-01-20</li>" for n in range(count))
    return f"<html><title>政府信息公开年报</title><h2>政府信息公开年报</h2><ul>{listed}</ul></html>".encode()


def test_a_page_that_cannot_be_walked_in_time_is_kept_and_the_other_columns_are_walked(tmp_path: Path) -> None:
    with portal(3) as honest, portal(3, host="127.0.0.2") as hostile:
        hostile.routes["/nb/"] = Answer(rows(60_000))
        told = crawling.crawl(tmp_path, [hostile.url("/nb/"), honest.url("/nb/")], readers=0, NIANBAO_WALK_SECONDS=1)
    columns = {column["url"]: column for column in told["columns"]}
    assert columns[honest.url("/nb/")]["outcome"] == "complete"
    assert (columns[hostile.url("/nb/")]["outcome"], columns[hostile.url("/nb/")]["refusal"]) == ("broken", "too-large")
    assert "walking this page took more than 1 s" in told["stderr"]
    assert next(each for each in crawling.captures(tmp_path) if each["url"] == hostile.url("/nb/"))["digest"]


def test_a_page_that_takes_longer_than_a_moment_is_walked_whole_in_a_process_of_its_own(tmp_path: Path) -> None:
    with portal(3) as site:
        site.routes["/nb/"] = Answer(rows(30))
        for n in range(30):
            site.routes[f"/nb/{n}.html"] = site.routes["/nb/t1.html"]
        told = crawling.crawl(tmp_path, [site.url("/nb/")], readers=0, NIANBAO_MOMENT=0.002)
    (column,) = told["columns"]
    assert (column["outcome"], column["accepted"]) == ("complete", 30)


def endless(start: bytes, piece: bytes, count: int) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + start
    for _ in range(count // 100):
        yield piece * 100


def test_one_line_of_a_hundred_megabytes_and_json_without_measure_stop_no_crawl(tmp_path: Path) -> None:
    line, row = "政府信息公开".encode(), b'{"title":"2019","url":"/a/1.html"},'
    with portal(3) as honest, portal(3, host="127.0.0.2") as hostile:
        hostile.routes["/line/"] = Answer(stream=lambda: endless(b"<html><body><p>", line, 6_000_000), raw=True)
        hostile.routes["/json/"] = Answer(stream=lambda: endless(b"[", row, 600_000), raw=True)
        urls = [hostile.url("/line/"), hostile.url("/json/"), honest.url("/nb/")]
        told = crawling.crawl(tmp_path, urls, readers=0, NIANBAO_WALK_SECONDS=1)
    assert [column["outcome"] for column in told["columns"] if column["url"] == honest.url("/nb/")] == ["complete"]
    assert {column["outcome"] for column in told["columns"] if column["url"] != honest.url("/nb/")} == {"broken"}
    assert sum(1 for each in crawling.captures(tmp_path) if each["digest"]) == 3 + 3


PIECES = ('\\"', "\\'", "\\`", "\"\\'\\`", "/*", "//*", "<!--", "a(", "{", "!")
ONE_PASS = """
import sys
from crawler.walking import Endless, Walking
from parsers.page.quotes import literals
from spiders.page import _without_comments
from spiders.quotes import Quotes
from spiders.writes import written
for piece in sys.argv[1:]:
    script = "document.write(1);" + piece * 100_000
    written(script), _without_comments(script), list(Quotes(script).texts()), list(literals(script))
"""


def test_scripts_of_quotes_comments_or_brackets_that_nothing_closes_are_read_in_one_pass() -> None:
    """From every quote anew it would take hours: the limit is no measure of speed."""
    subprocess.run([sys.executable, "-c", ONE_PASS, *PIECES], cwd=crawling.ROOT, timeout=200, check=True)


CLICK = "<a onclick='location.href=\"/#\"'>下一页</a>"
WALKED = [("body", "<span onclick=\"go(#)\">#</span>"), ("body", "<a href='#'>#</a>"), ("body", CLICK), ("href", "//"),
          ("written", "/module/xxgk/search.jsp"), ("title", "<li>1"), ("title", "<div>"), ("store", "<record><![CDATA["),
          ("store", "<nextgroup>"), ("script", "createPage")]
WALK = """
import json, sys
from bench.linear import WRAPS, filled
from spiders.column import ColumnSpider
from spiders.models import Target
from spiders.page import Page
for place, piece in json.loads(sys.argv[1]):
    for role in ("column", "article"):
        target = Target("http://a.gov.cn/nb/", role, column="http://a.gov.cn/nb/")
        ColumnSpider().see(target, Page(target.url, filled(WRAPS[place], piece, 60_000).encode()), "ok")
"""


def test_controls_links_records_and_nesting_without_measure_are_looked_at_once() -> None:
    """Each looked at beside each other it would take many minutes: the limit is no measure of speed. More: `bench.linear`."""
    subprocess.run([sys.executable, "-c", WALK, json.dumps(WALKED)], cwd=crawling.ROOT, timeout=200, check=True)


SCRIPTS = st.lists(st.sampled_from(['"', "'", "`", "\\", "\n", "/*", "*/", "//", "a", " ", "/", "*"]), max_size=30).map("".join)


@given(SCRIPTS)
def test_reading_in_one_pass_gives_what_reading_from_every_quote_anew_would(script: str) -> None:
    texts = re.compile(r"\"((?:\\.|[^\"\\\n])*)\"|'((?:\\.|[^'\\\n])*)'", re.S)
    assert list(Quotes(script).texts()) == [one or other for one, other in texts.findall(script)]
    spanning = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', re.S)
    assert list(literals(script)) == ["".join(found) for found in spanning.findall(script)]
    comments = re.compile(r"/\*.*?\*/|(?<![:\"'\\\w])//[^\n]*", re.S)
    assert _without_comments(script) == comments.sub(" ", script)


def test_a_text_doubled_again_and_again_takes_no_memory() -> None:
    assert written('var a="<p>"; ' + "a=a+a; " * 60 + "document.write(a);") == ""
    assert written('var a="<p>"; ' + "a+=a; " * 60 + "document.write(a);") == ""
    once = 'var a="' + "x" * 1_000_000 + '"; '
    assert len(written(once + "document.write(a);" * 1000)) <= 2_000_000


HOME = "http://www.shenchi.gov.cn/nb/"


def test_a_page_of_more_links_than_are_looked_at_is_never_called_complete() -> None:
    spare = "<option value='/x.html'>x</option>" * MOST_LINKS
    listed = column({f"/nb/{n}.html": f"神池县第{n}{TITLE}" for n in range(5)}).body
    target = Target(HOME, role="column", column=HOME)
    seen = ColumnSpider().capture(target, Page(HOME, listed))
    assert seen.progress
    assert (seen.progress.accepted, seen.progress.refusal) == (5, "")
    seen = ColumnSpider().capture(target, Page(HOME, listed.replace(b"</body>", f"<select>{spare}</select></body>".encode())))
    assert seen.progress
    assert (seen.progress.accepted, seen.progress.refusal) == (5, "too-large")


def test_a_column_of_a_billion_links_is_taken_so_far_and_told() -> None:
    spider, target, taken, refusals, pages = ColumnSpider(), Target(HOME, role="column", column=HOME), 0, set[str](), 0
    while pages < 100:
        listed = column({f"/nb/{pages}/{n}.html": f"神池县第{pages * 1000 + n}{TITLE}" for n in range(1000)}).body
        more = f"<div><a href='/nb/?page={pages + 2}'>下一页</a></div></body>".encode()
        seen = spider.capture(target, Page(target.url, listed.replace(b"</body>", more)))
        pages, taken = pages + 1, taken + sum(link.role == "article" for link in seen.links)
        refusals.add(seen.progress.refusal if seen.progress else "")
        lists = [link for link in seen.links if link.role == "list"]
        if not lists:
            break
        target = Target(lists[0].url, "list", column=HOME, state={**lists[0].state, "linked": lists[0].state["linked"] * 4})
    assert refusals == {"", "too-large"}
    assert pages < 10
    assert taken <= MOST_LINKED


@pytest.mark.parametrize(("robots", "sentence"), [
    (b"User-agent: *\nCrawl-delay: 99999999\n", "asks for 99,999,999 s between requests"),
    (b"".join(b"User-agent: a%d\nDisallow: /%d\n" % (n, n) for n in range(5000)), "without measure")])
def test_a_robots_file_that_would_stall_the_crawl_is_a_refusal(tmp_path: Path, robots: bytes, sentence: str) -> None:
    with portal(1) as site:
        site.routes["/robots.txt"] = Answer(robots, headers={"Content-Type": "text/plain"})
        crawling.crawl(tmp_path, [site.url("/nb/")], readers=0)
        assert site.paths() == []
    (seen,) = crawling.captures(tmp_path)
    assert seen["outcome"] == "robots"
    assert sentence in seen["error"]


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_a_column_packed_as_nobody_asked_is_not_understood_and_never_a_file_of_its_own(coding: str) -> None:
    seen = ColumnSpider().capture(Target(HOME, role="column", column=HOME),
                                  Page(HOME, b"\x0b\x00\x80" * 300, headers=(("Content-Encoding", coding),)))
    assert seen.target.role == "column"
    assert seen.progress
    assert (seen.progress.refusal, seen.progress.accepted, seen.progress.end_proof) == ("needs-adapter", 0, "")


def test_a_walking_process_that_dies_costs_its_page_and_the_next_is_walked_by_another() -> None:
    async def walks() -> list[str]:
        walking, told = Walking(ColumnSpider(), 1e-6, 60), list[str]()
        page = Page(HOME, rows(300))
        for n in range(3):
            if n == 1 and (child := walking._lanes[False].child):
                child.process.kill()
            try:
                seen = await walking.capture(Target(HOME, role="column", column=HOME), page, "ok")
                told.append(str(seen.progress.accepted if seen.progress else None))
            except Endless as error:
                told.append(str(error))
        walking.close()
        return told
    assert asyncio.run(walks()) == ["300", "walking this page brought its process down", "300"]


def test_a_slow_host_does_not_wait_for_one_whose_pages_have_no_end() -> None:
    def at(host: str, count: int) -> tuple[Target, Page, str]:
        url = f"http://{host}/nb/"
        return Target(url, role="column", column=url), Page(url, rows(count)), "ok"

    async def walks() -> tuple[int, bool]:
        walking = Walking(ColumnSpider(), 1e-6, 0.2)
        with pytest.raises(Endless):
            await walking.capture(*at("endless.gov.cn", 60_000))
        walking.seconds = 300
        endless = asyncio.create_task(walking.capture(*at("endless.gov.cn", 60_000)))
        await asyncio.sleep(0)
        seen = await walking.capture(*at("slow.gov.cn", 30))
        waited = endless.done()
        for lane in walking._lanes.values():
            if lane.child:
                lane.child.process.process.kill()
        with pytest.raises(Endless):
            await endless
        return seen.progress.accepted if seen.progress else 0, waited
    assert asyncio.run(walks()) == (30, False)
