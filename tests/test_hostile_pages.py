"""Pages made to be slow cost themselves and their host: the crawl walks everything else and ends."""

from __future__ import annotations

from pathlib import Path

from tests import crawling
from tests.loopback import Answer, portal

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
