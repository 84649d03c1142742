"""Rows, dates, titles, pagers and names are read from what a page is, whatever its template."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spiders import addresses, attachments, dates, listing, names, pagers, titles, turning, writes
from spiders.models import Target
from spiders.page import Page, decode

GOLDEN = Path(__file__).parent / "golden" / "listing"
ATTACHED = json.loads((Path(__file__).parent / "portals" / "attached.json").read_text("utf-8"))
RAW = Path(__file__).parents[2] / "shared" / "portals" / "raw"
HOME = "http://www.example.gov.cn/zwgk/nb/"


def html(body: str, url: str = HOME) -> Page:
    return Page(url, f"<html><body>{body}</body></html>".encode())


@pytest.mark.parametrize("case", sorted(GOLDEN.iterdir()), ids=lambda path: path.name)
def test_rows_of_a_golden_page(case: Path) -> None:
    page = Page(HOME, (case / "input.html").read_bytes())
    found = [[row.url, row.text, row.day] for row in listing.rows(listing.links(page))]
    expected = case / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected} was written: read it, then run the tests again")
    assert found == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize(("text", "day"), [
    ("[2017-04-24]", "2017-04-24"), ("2026年07月31日", "2026-07-31"), ("2026-\n 01-\n 23", "2026-01-23"),
    ("2024/1/5", "2024-01-05"),
    ("26 2024-01", "2024-01-26"), ("01-26 2024", "2024-01-26"), ("2024 01/26", "2024-01-26"), ("20240126", "2024-01-26"),
    ("2024年", ""), ("电话 0531-2024-13-45", ""), ("", "")])
def test_a_day_is_read_in_every_form(text: str, day: str) -> None:
    assert dates.find(text) == day


@pytest.mark.parametrize(("title", "kind"), [
    ("青岭县2023年政府信息公开工作年度报告", "report"), ("政府信息公开2019年年度报告（东河镇）", "report"),
    ("东河镇二〇一九年度政府信息公开工作报告", "report"), ("青岭市司法局2020年度报告", "report"),
    ("青岭市法治政府建设领导小组办公室2022年政府信息公开工作年度报告", "report"), ("2023年度政府信息公开年报汇总", "report"),
    ("关于公布2023年政府信息公开工作年度报告的公告", "report"), ("青岭县水务局2021年政府信息公开工作年...", "report"),
    ("青岭县2014年政府信息公开情况统计表", "report"), ("荔山市2022年政府信息公开", "report"),
    ("2023年政府网站工作年度报表", "look-alike"), ("2023年度法治政府建设年度报告", "look-alike"),
    ("政府信息公开指南", "look-alike"),
    ("2022年部门决算", "look-alike"), ("2021年统计年报", "look-alike"), ("2022年政府信息公开工作年度报告解读", "look-alike"),
    ("关于报送2023年政府信息公开工作年度报告的通知", "look-alike"), ("政府信息公开工作年度报告（模板）", "look-alike"),
    ("政府信息\n  公开年报", "column"), ("年报", "column"), ("政府信息公开年度报告", "column"),
    ("2023年", "year"), ("2019年度", "year"), ("乡镇街道", "group"), ("市直部门", "group"), ("各县区", "group"),
    ("部门年报", "group"),
    ("青岭县水务局", "agency"), ("东河镇人民政府", "agency"), ("某地举办第三届春耕现场会", "other"), ("更多>>", "nav")])
def test_a_title_is_judged(title: str, kind: str) -> None:
    assert titles.judge(title).kind == kind


@pytest.mark.parametrize(("call", "pages", "template"), [
    ('createPageHTML(4,0,"index","html")', 4, "index_{n}.html"), ("createPage(7, 1)", 7, ""),
    ("createPageHTML('page_div',5,1,'common_list','shtml',88)", 5, "common_list_{n}.shtml"),
    ('createPageHTML(6,0,"index_6868","shtml","black2",120)', 6, "index_6868_{n}.shtml"),
    ("var countPage = 9", 9, ""), ("countPage = 6//共多少页", 6, ""), ("maxPage = parseInt('7')", 7, ""),
    ("totalPage: 14", 14, ""), ('$("#p").pagination("setPage",1,322)', 322, ""), ("pageCount:31", 31, ""),
    ("var pager_options = {n: parseInt('6}')}", 6, "")])
def test_a_pager_call_is_understood(call: str, pages: int, template: str) -> None:
    pager = pagers.find(html(f"<script>{call}</script>"))
    assert pager and (pager.pages, pager.template) == (pages, template)


def test_a_pager_in_a_comment_or_a_definition_is_none() -> None:
    assert pagers.find(html("<!-- <script>createPageHTML(9,0,'index','html')</script> -->")) is None
    script = "// createPageHTML(9,0,'index','html');\nfunction createPageHTML(_nPageCount, n){}"
    assert pagers.find(html(f"<script>{script}</script>")) is None


def test_numbered_links_teach_the_numbering_without_a_probe() -> None:
    page = html("<script>createPageHTML(3,1,'index','html')</script><a href='index_2.html'>2</a><a href='index_3.html'>3</a>")
    turn = turning.turn(page, Target(HOME, "column"), [], "trs")
    assert [target.url.rpartition("/")[2] for target in turn.targets] == ["index_2.html", "index_3.html"]


def test_a_page_that_goes_on_in_a_way_we_do_not_know_is_not_called_whole() -> None:
    page = html("<ul><li><a href='t20240101_1.html'>x</a></li></ul><a href='#' onclick='turnTo(2)'>下一页</a>")
    assert turning.turn(page, Target(HOME, "column"), [], "static").progress.end_proof == ""
    dead = html("<ul><li><a href='t20240101_1.html'>x</a></li></ul><a href='javascript:;'>下一页</a>")
    assert turning.turn(dead, Target(HOME, "column"), [], "static").progress.end_proof == "single-page"


def test_what_scripts_write_is_followed_through_variables_and_conditions() -> None:
    script = """var a='x.html', b = "标题\\u4e00";
        if (a == '') { document.write('no'); } else document.writeln('<a href=' + a + '>' + b);
        for (var i = 0; i < 9; i++) { document.write('loop'); }
        function f() { document.write('never'); } document.write('</a>')"""
    assert writes.written(script) == "<a href=x.html>标题一</a>"


@pytest.mark.parametrize("script", [
    "document.write", "}}}}", "if(", "document.write('a'", "x = {", "{" * 5000, "var", "'" * 99, "function"])
def test_broken_scripts_end(script: str) -> None:
    assert writes.written(script) in ("", "a")


@pytest.mark.parametrize("body", [
    "年报公开".encode(), "年报公开".encode("gbk"), b"\xef\xbb\xbf" + "年报公开".encode(), "年报公开".encode("utf-16")])
def test_text_is_decoded_by_what_it_is(body: bytes) -> None:
    assert decode(body) == "年报公开"


@pytest.mark.parametrize(("header", "name"), [
    ('attachment; filename="青岭年报.pdf"'.encode("gbk").decode("latin-1"), "青岭年报.pdf"),
    ('attachment; filename="青岭年报.pdf"'.encode().decode("latin-1"), "青岭年报.pdf"),
    ("attachment; filename*=UTF-8''%E5%B9%B4%E6%8A%A5.pdf", "年报.pdf"),
    ("attachment; filename=%E5%B9%B4%E6%8A%A5.pdf.pdf", "年报.pdf"), ("attachment; filename=%C4%EA%B1%A8.doc", "年报.doc"),
    ('attachment; filename="=?UTF-8?B?5bm05oqlLnBkZg==?="', "年报.pdf"), ('attachment; filename="../../etc/年报.pdf"'.encode()
     .decode("latin-1"), "年报.pdf"), ("inline", "")])
def test_a_file_name_is_read_from_every_kind_of_header(header: str, name: str) -> None:
    assert names.from_disposition(header) == name


def test_the_name_in_words_wins_over_the_stored_one() -> None:
    assert names.of("http://x.gov.cn/attach/0/ab12.pdf", "附件：年报.pdf", []) == "附件：年报.pdf"
    url = "http://x.gov.cn/downfile.jsp?classid=0&showname=%E5%B9%B4%E6%8A%A5.pdf&filename=ab12.pdf"
    assert names.from_address(url) == "年报.pdf"


@pytest.mark.parametrize(("markup", "url"), [
    ("<a href='./P020240126.docx'>x</a>", "P020240126.docx"),
    ("<iframe src='/js/pdfjs/web/viewer.html?file=%2Ffiles%2Fa.pdf'></iframe>", "/files/a.pdf"),
    ("<iframe src='/web/viewer.html?file=../../files/b.pdf'></iframe>", "/files/b.pdf"),
    ("<embed src='c.pdf'>", "c.pdf"), ("<object data='/d.pdf'></object>", "/d.pdf"),
    ("<script>showVsbpdfIframe(\"/__local/A/B/e.pdf\",\"100%\",\"600\")</script>", "/__local/A/B/e.pdf"),
    ("<a href='/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=7'>附件</a>",
     "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=7"),
    ("<a href='viewer.html?file=http://www.example.gov.cn/f.pdf'>f</a>", "/f.pdf"),
    ("<a appendix='true' oldsrc='/protect/g.pdf'>g.pdf</a>", "/protect/g.pdf"),
    ("<div sudyfile-attr-src='x' pdfsrc='/h.pdf'></div>", "/h.pdf")])
def test_attachments_are_found_where_they_hide(markup: str, url: str) -> None:
    page = html(markup, f"{HOME}202401/t20240126_1.html")
    assert page.absolute(url) in [found.url for found in attachments.find(page)]


@pytest.mark.parametrize(("what", "markup", "url"), ATTACHED["files"])
def test_a_file_is_found_however_a_page_offers_it(what: str, markup: str, url: str) -> None:
    page = html(f"{markup}<div class=foot><img src='/images/beian.png'></div>", f"{HOME}202401/t20240126_1.html")
    assert page.absolute(url) in [found.url for found in (attachments.find(page) or attachments.pictures(page))]


@pytest.mark.parametrize(("what", "markup"), ATTACHED["none"])
def test_what_is_no_file_of_the_report_is_left_out(what: str, markup: str) -> None:
    page = html(markup)
    assert attachments.find(page) == [] and attachments.pictures(page) == []


def test_a_file_on_a_host_that_may_refuse_has_the_same_path_at_home_as_spare() -> None:
    found = attachments.find(html("<a href='http://cdn.example.gov.cn/cms_files/a.pdf' oldsrc='/protect/a.pdf'>a.pdf</a>"))
    assert found[0].spare == ("http://www.example.gov.cn/cms_files/a.pdf", "http://www.example.gov.cn/protect/a.pdf")


@pytest.mark.parametrize(("url", "allowed"), [
    ("http://zwgk.dx.sim/a", True), ("http://www.other.gov.cn/a", True), ("http://www.dx-gov.sim/a", False),
    ("http://www.dx.sim.evil.com/a", False), ("http://mp.weixin.qq.com/s", False), ("http://x.gov.cn.evil.com/", False)])
def test_links_stay_with_the_portal_and_official_hosts(url: str, allowed: bool) -> None:
    assert addresses.allowed(url, ["www.dx.sim"]) is allowed


@pytest.mark.skipif(not RAW.is_dir(), reason="no shared material beside the checkout")
def test_recorded_pages_give_their_rows() -> None:
    page = Page(HOME, (RAW / "trs_yuanzhou_list_2017_trimmed.html").read_bytes())
    assert [row.day for row in listing.rows(listing.links(page))] == ["2017-10-20", "2017-10-18"]
    pager = pagers.find(page)
    assert pager and pager.pages == 120
