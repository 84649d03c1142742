"""A column is called empty only when its page proves it; every other page without rows is something else."""

from __future__ import annotations

import pytest

from crawler import runs
from spiders.column import ColumnSpider
from spiders.models import Progress, Target
from spiders.page import Page

COLUMN = "http://www.example.gov.cn/zwgk/nb/"
EMPTY = [
    "<div class=list><p>暂无相关信息</p></div>",
    "<ul><li>暂无数据！</li></ul>",
    "<div class=con>该栏目暂无信息，敬请关注。</div>",
    "<table><tr><td colspan=3>没有找到符合条件的记录</td></tr></table>",
    "<div>目前尚无年报</div>",
    "<p>共<b>0</b>条记录</p>",
    "<div class=main>本栏目暂未发布信息</div>",
    "<div>暂 无 内 容</div>",
    "<ul class=news></ul><span>对不起，没有相关数据</span>",
    "<div>当前栏目暂无文章</div>",
    "<div>尚未公开相关年度报告</div>",
    "<td>No records found</td>",
]
NOT_EMPTY = {
    "a side box": "<div class=sidebar><h3>通知公告</h3><p>暂无信息</p></div><div id=list></div>",
    "a hidden block": "<ul id=list></ul><div class=nodata style='display:none'>暂无数据</div>",
    "a hidden class": "<ul id=list></ul><div class='empty hide'>暂无数据</div>",
    "a template": "<div id=app><li v-for='x in list'>{{x.title}}</li><p v-else>暂无数据</p></div>",
    "a script that fetches": "<ul id=list>暂无数据</ul><script>$.post('/api/list',{pageNo:1},function(d){});</script>",
    "a script": "<ul id=list></ul><script>var tip = '暂无数据';</script>",
    "a comment": "<ul id=list></ul><!-- <p>暂无数据</p> -->",
    "words in a text": "<div class=con><p>本栏目公开我县年度报告，对尚无相关信息的单位，将在三十日内予以补充完善，"
                       "请社会各界监督，联系电话见网站首页底部，感谢您的支持与理解，欢迎提出宝贵意见和建议，我们将认真改进工作。</p></div>",
    "a page that is gone": "<div>您访问的页面不存在，暂无信息</div>",
    "nothing at all": "<div id=list></div>",
    "a page in the making": "<div>栏目建设中，敬请期待</div>",
    "a list of something else": "<p>暂无数据</p><ul><li><a href='202401/t20240101_1.html'>全县春耕现场会</a>"
                                "<i>2024-01-01</i></li></ul><script>fetch('/list?page=1')</script>",
    "a list of a script elsewhere": "<ul id=list></ul><p>暂无数据</p><script src=list.js></script>",
}


def seen(body: str) -> Progress:
    target = Target(COLUMN, "column", column=COLUMN)
    capture = ColumnSpider(urls=[COLUMN]).capture(target, Page(COLUMN, f"<html><body>{body}</body></html>".encode()))
    assert capture.progress
    return capture.progress


@pytest.mark.parametrize("body", EMPTY)
def test_a_list_is_empty_when_its_page_says_so(body: str) -> None:
    assert (seen(body).end_proof, seen(body).refusal) == ("empty-marker", "")


@pytest.mark.parametrize("body", NOT_EMPTY.values(), ids=NOT_EMPTY)
def test_a_list_is_not_empty_because_the_words_stand_somewhere(body: str) -> None:
    assert seen(body).end_proof != "empty-marker"


def column(**facts: object) -> runs.Column:
    return runs.Column("p", COLUMN, **facts)                    # type: ignore[arg-type]


def test_an_outcome_follows_from_what_was_walked_and_proved() -> None:
    refused = runs.Counter({"waf": 1})
    assert column(walked=1, end_proof="empty-marker").outcome == "empty"
    assert column(walked=1, end_proof="empty-marker", refusals=refused).outcome == "refused"
    assert column(walked=0, refusals=refused).outcome == "refused"
    assert column(walked=2, rows=30, declared=30).outcome == "complete"
    assert column(walked=2, rows=28, declared=30, end_proof="last-page").outcome == "partial"
    assert column(walked=2, rows=33, declared=30).outcome == "partial"
    assert column(walked=2, rows=33, declared=30, end_proof="last-page").outcome == "complete"
    assert column(walked=2, rows=30).outcome == "partial"
    assert column(walked=2, rows=30, end_proof="last-page", refusals=refused).outcome == "partial"
