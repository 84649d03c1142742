"""Lists without end are walked so far and no further, and never called complete."""

from __future__ import annotations

from spiders.column import ColumnSpider
from spiders.models import Target
from spiders.page import Page
from spiders.turning import MOST_PAGES
from spiders.walks import MOST_DEPTH

HOME = "http://www.shenchi.gov.cn/nb/"


def calendar(number: int) -> bytes:
    """A page of reports never seen before, and the promise of another such page."""
    title = "局2019年政府信息公开工作年度报告"
    rows = "".join(f"<li><a href='/nb/{number}/{n}.html'>神池县第{number * 5 + n}{title}</a>2020-01-20</li>" for n in range(5))
    further = f"<a href='/nb/?page={number + 1}'>下一页</a>"
    return f"<html><title>政府信息公开年报</title><h2>政府信息公开年报</h2><ul>{rows}</ul><div>{further}</div></html>".encode()


def test_a_calendar_without_end_is_turned_so_often_and_not_called_complete() -> None:
    spider = ColumnSpider()
    queue, known, walked, proofs = [Target(HOME, role="column", column=HOME)], {HOME}, 0, set[str]()
    while queue and walked <= 2 * MOST_PAGES:
        target = queue.pop()
        sight = spider.capture(target, Page(target.url, calendar(int(target.url.partition("page=")[2] or 1))))
        walked += 1
        proofs.add(sight.progress.end_proof if sight.progress else "")
        lists = [link for link in sight.links if link.role in ("list", "column") and link.url not in known]
        known.update(link.url for link in lists)
        queue += lists
    assert walked == MOST_PAGES
    assert proofs == {""}


def test_folders_in_folders_without_end_are_followed_only_so_deep() -> None:
    spider = ColumnSpider()
    target, depth = Target(HOME, role="column", column=HOME), 0
    while depth < 5 * MOST_DEPTH:
        rows = "".join(f"<li><a href='{target.url}{n}/'>神池县第{n}局政府信息公开年报</a></li>" for n in range(5))
        page = f"<html><title>政府信息公开年报</title><h2>政府信息公开年报</h2><ul>{rows}</ul></html>".encode()
        below = [link for link in spider.capture(target, Page(target.url, page)).links if link.role == "column"]
        if not below:
            break
        target, depth = below[0], depth + 1
    assert 1 <= depth <= MOST_DEPTH + 1
