"""Reports that a page carries without marking up their lines, or that come as data: `<pre>`, Markdown, JSON, frames."""

from __future__ import annotations

import html
import json

import pytest

from parsers import parse

TITLE = "射阳县林业局2023年政府信息公开工作年度报告"
WORDS = [
    "本报告由射阳县林业局编制。统计期限自2023年1月1日起至2023年12月31日止。", "一、总体情况",
    "2023年，我局以公开为常态，全年主动公开各类信息204条。", "二、主动公开政府信息情况",
]
AFTER = ["五、存在的主要问题及改进情况", "解读形式较为单一。", "六、其他需要报告的事项", "无"]
ROWS = [["第二十条第（五）项"], ["信息内容", "本年处理决定数量"], ["行政许可", "7"],
        ["第二十条第（六）项"], ["信息内容", "本年处理决定数量"], ["行政处罚", "12"], ["行政强制", "0"]]
TABLE = "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS) + "</table>"
ARTICLE = "".join(f"<p>{line}</p>" for line in (TITLE, *WORDS)) + TABLE + "".join(f"<p>{line}</p>" for line in AFTER)
TEXT = "\n".join((TITLE, *WORDS, *("\t".join(row) for row in ROWS), *AFTER))
MARKDOWN = "\n".join((f"# {TITLE}", *WORDS, TABLE, *AFTER))
AROUND = "<ul class='nav'><li>首页</li></ul><table><tr><td>部门网站</td><td>省市网站</td><td>县区网站</td></tr></table>" \
         "<p>主办：射阳县人民政府办公室，网站标识码3209240001，联系电话请见首页，未经许可不得转载本站信息。</p>" * 3


def page(body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>政府信息公开</title></head><body>{body}{AROUND}</body></html>"


def panels(article: str) -> str:
    """Every part of the report in a panel of its own, of which the page shows the first."""
    parts = ["".join(f"<p>{line}</p>" for line in (TITLE, *WORDS[:3])), f"<p>{WORDS[3]}</p>{TABLE}",
             "".join(f"<p>{line}</p>" for line in AFTER)]
    assert article == "".join(parts)
    shown = ("block", "none", "none")
    return "".join(f"<div class='tab-pane' style='display:{how}'>{part}</div>" for how, part in zip(shown, parts, strict=True))


PAGES = {
    "panels of which one is shown": page(panels(ARTICLE)),
    "preformatted text": page(f"<pre>{TEXT}</pre>"),
    "white space kept by style": page(f"<div style='white-space: pre-wrap'>{TEXT}</div>"),
    "Markdown with tables in HTML": MARKDOWN,
    "a frame's srcdoc": page(f'<iframe srcdoc="{html.escape(ARTICLE)}"></iframe>'),
    "an attribute with data": page(f"<div id='app' data-page='{html.escape(json.dumps({'content': ARTICLE}))}'></div>"),
    "a script beside much furniture": page(f"<script>var state = {json.dumps({'content': ARTICLE})}</script>"),
    "the answer of an interface": json.dumps({"code": 200, "data": {"title": TITLE, "content": ARTICLE}}),
    "an answer with a call around it": f"show({json.dumps({'data': [{'bt': TITLE, 'content': ARTICLE}]})});",
    "an answer within white space without end": " " * 300_000 + f"show({json.dumps({'content': ARTICLE, 'bt': TITLE})}" + (
        "\n" * 300_000 + ");"),
    "a page behind white space without end": " " * 300_000 + page(f"<div>{ARTICLE}</div>"),
}


@pytest.mark.parametrize("how", PAGES)
def test_a_report_is_read_however_its_page_carries_the_text(how: str) -> None:
    report = parse(PAGES[how].encode())
    assert report.kind == "report"
    assert (report.tags["agency"].value, report.tags["year"].value) == ("射阳县林业局", 2023)
    assert {name: cell.value for name, cell in report.tables.proactive.items()} == {
        "licence_decisions": 7, "penalty_decisions": 12, "coercion_decisions": 0}
    assert [s.id for s in report.sections if s.id != "preamble"] == ["overview", "proactive", "problems", "other"]


def test_what_a_page_shows_is_its_article_although_it_hides_another_report() -> None:
    older = ARTICLE.replace("2023", "2022").replace("<td>7</td>", "<td>99</td>")
    report = parse(page(f"<div>{ARTICLE}</div><script>var last = {json.dumps(older)}</script>").encode())
    assert report.tables.proactive["licence_decisions"].value == 7
    assert report.tags["year"].value == 2023
