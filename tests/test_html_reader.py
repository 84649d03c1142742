"""Web pages of many makes, written here: one report must come out the same whatever stands around it."""

from __future__ import annotations

import base64
import json
from email.message import EmailMessage

import pytest

from parsers import Hints, parse
from parsers.exceptions import Empty, TooLarge, Unreadable
from parsers.models import Document, Grid, Paragraph
from parsers.readers import html

TITLE = "云溪县水利局2023年政府信息公开工作年度报告"
TABLE = ("<table><tr><td colspan='4'>第二十条第（一）项</td></tr>"
         "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td>"
         "<td>现行有效件数</td></tr>"
         "<tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr>"
         "<tr><td>行政规范性文件</td><td>3</td><td>1</td><td>12</td></tr></table>")
REPORT = ("<p>根据有关规定编制本报告，数据统计期限为全年。</p><p>一、总体情况</p>"
          "<p>全年主动公开水利工程信息86条，办理申请5件，均按期答复。</p>"
          f"<p>二、主动公开政府信息情况</p>{TABLE}<p>三、收到和处理政府信息公开申请情况</p><p>全年收到申请5件。</p>"
          "<p>四、行政复议、行政诉讼情况</p><p>本年度没有。</p>"
          "<p>五、存在的主要问题及改进情况</p><p>公开内容还不够丰富。</p>"
          "<p>六、其他需要报告的事项</p><p>无其他事项。</p>")
MENU = "<ul>" + "".join(f"<li><a href='/c{n}/'>县政府栏目{n}</a></li>" for n in range(60)) + "</ul>"


def page(content: str, head: str = "", around: str = "{}") -> bytes:
    return (f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}_云溪县人民政府门户网站</title>{head}</head><body>"
            f"<div class='header'>{MENU}</div>{around.format(content)}<div class='footer'>主办：云溪县人民政府办公室　"
            "网站标识码：4306990001</div></body></html>").encode()


def read(content: str, head: str = "", around: str = "{}") -> Document:
    return html.read(page(content, head, around))


def bare(content: str) -> Document:
    return html.read(f"<html><body>{content}</body></html>".encode())


def texts(made: Document) -> list[str]:
    return [block.text for block in made.blocks if isinstance(block, Paragraph)]


def rows(made: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for block in made.blocks if isinstance(block, Grid) for row in block.rows()]


def places(made: Document) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.rowspan, c.colspan, c.text) for b in made.blocks if isinstance(b, Grid) for c in b.cells]


def everything(made: Document) -> list[str]:
    return [b.text if isinstance(b, Paragraph) else "|".join(c.text for c in b.cells) for b in made.blocks]


EXPECTED = everything(html.read(f"<html><body>{REPORT}</body></html>".encode()))

FRAMES = {
    "marked": "<div id='zoom'>{}</div>",
    "trs": "<div class='main'><div class='info'>发布时间：2024-01-20 来源：水利局</div><div class='TRS_Editor'>{}</div></div>",
    "zoom": "<div class='l'>" + MENU + "</div><div id='Zoom'>{}</div><p>浏览次数：<span>85</span>次</p>",
    "vsb": "<div id='vsb_content'><div class='v_news_content'>{}</div></div><p>上一条：<a href='a'>别的年报</a></p>",
    "ucap": "<UCAPCONTENT>{}</UCAPCONTENT><div class='share'>分享到：微信 微博</div>",
    "comments": "<td><!--<$[信息内容]>begin-->{}<!--<$[信息内容]>end--></td><p>扫一扫在手机打开当前页</p>",
    "unmarked": "<div class='left'>" + MENU + "</div><div class='c9'><div class='x1'>{}</div></div>",
    "layout tables": "<table><tr><td>" + MENU + "</td><td><table><tr><td><table><tr><td>{}</td></tr></table></td></tr>"
                     "</table></td></tr></table>",
    "marked box elsewhere": "<div class='view'>推荐阅读：水利要闻</div><div class='q'><div>{}</div></div>",
    "two marked boxes": "<div class='content-text'><p>导读</p></div><div id='zoom'>{}</div>",
    "sentences in boxes": "<div class='tip'>欢迎访问本站，本站已支持IPv6。</div><div class='q'>{}</div>"
                          "<div class='btm'>建议使用新版浏览器访问本站。</div>",
    "related news": "<div class='q'>{}</div><div class='r'><p>相关信息</p><ul>"
                    + "<li><a href='a.html'>某县召开水利工作会议</a><span>2024-01-08</span></li>" * 12 + "</ul></div>",
    "in the body": "{}",
    "a box for every paragraph": "<div class='b'>" + MENU + "</div><div class='k'>{}</div>",
    "form of asp": "<form id='form1'><div class='article-content'>{}</div></form>",
}


def test_the_expected_text_is_complete() -> None:
    assert EXPECTED[0].startswith("根据") and EXPECTED[-1] == "无其他事项。" and "12" in EXPECTED[4]


@pytest.mark.parametrize("frame", FRAMES, ids=list(FRAMES))
def test_the_same_report_comes_out_of_every_page(frame: str) -> None:
    report = REPORT.replace("<p>", "<div class='s'><div>").replace("</p>", "</div></div>") if "every" in frame else REPORT
    assert everything(read(report, around=FRAMES[frame])) == EXPECTED


def test_an_introduction_beside_the_rest_is_not_cut_off() -> None:
    intro, rest = REPORT.split("</p>", 1)
    made = html.read(f"<html><body>{intro}</p><div class='k'>{rest}</div></body></html>".encode())
    assert everything(made) == EXPECTED


def test_a_heading_above_the_article_is_its_first_paragraph_unless_the_article_has_it() -> None:
    above = f"<div class='article'><h1>{TITLE}</h1><div id='zoom'>{{}}</div></div>"
    assert texts(read(REPORT, around=above))[0] == TITLE
    own = "<p>云溪县水利局</p><p>2023年政府信息公开工作年度报告</p>"
    assert texts(read(own + REPORT, around=above))[:2] == ["云溪县水利局", "2023年政府信息公开工作年度报告"]


def test_furniture_inside_the_article_is_not_text() -> None:
    noise = ("<div class='bdsharebuttonbox'>分享</div><p>字体：【<a>大</a> <a>中</a> <a>小</a>】 【打印本页】 【关闭窗口】</p>"
             "<p>发布日期：2024-01-20 09:15　信息来源：水利局　浏览次数： 1024 次</p>"
             "<p style='display:none'>隐</p><p hidden>藏</p><script>var a='<p>一、假的</p>';</script>"
             "<style>p{}</style><noscript>请开启脚本</noscript><p>{{ title }}</p>")
    assert everything(read(noise + REPORT, around=FRAMES["marked"])) == EXPECTED


def test_a_short_text_in_a_box_named_like_furniture_is_still_the_text() -> None:
    made = bare("<div id='print'><p>我局本年度没有制发规章。</p><p>特此说明。</p></div>")
    assert texts(made) == ["我局本年度没有制发规章。", "特此说明。"]


def test_dates_and_words_of_the_report_itself_are_not_furniture() -> None:
    lines = ["2024年1月20日", "联系电话：0730-1234567", "来源渠道增加较多。", "附件清单如下", "打印店管理信息3条。"]
    made = read("".join(f"<p>{line}</p>" for line in lines) + REPORT, around=FRAMES["marked"])
    assert texts(made)[:5] == lines


def test_a_break_ends_a_paragraph_and_headings_keep_their_level() -> None:
    made = bare("<h2>一、总体<br>情况</h2><div>甲<span>乙</span>&nbsp;丙<br>丁<div>戊</div>己</div>")
    assert [(b.text, b.heading) for b in made.blocks if isinstance(b, Paragraph)] == [
        ("一、总体", 2), ("情况", 2), ("甲乙 丙", 0), ("丁", 0), ("戊", 0), ("己", 0)]


def test_ordered_lists_show_their_numbers() -> None:
    made = bare("<ol><li>甲</li><li value='5'>乙</li></ol><ol type='a' start='3'><li>丙</li></ol><ul><li>丁</li></ul>"
                "<ol style='list-style-type: cjk-ideographic'><li>戊</li></ol><ol style='list-style:none'><li>己</li></ol>")
    assert texts(made) == ["1. 甲", "5. 乙", "c. 丙", "丁", "一、戊", "己"]


def test_word_pasted_tables_keep_their_numbers_and_blanks() -> None:
    made = read("<table class=MsoNormalTable><tr>"
                "<td><p class=MsoNormal><span lang=EN-US>1<span>2</span><o:p></o:p></span></p></td>"
                "<td><p>&nbsp;</p></td><td>　0　</td><td><![if !supportEmptyParas]>&nbsp;<![endif]>/</td></tr>"
                "<tr><td>结果<br>维持</td><td><p>甲</p><p>乙</p></td><td>—</td><td>2.5万元</td></tr></table>")
    assert rows(made) == [["12", "", "0", "/"], ["结果\n维持", "甲\n乙", "—", "2.5万元"]]


def test_spans_are_kept_and_nonsense_spans_are_not_believed() -> None:
    made = read("<table><tr><th rowspan=2>甲</th><th colspan=2>乙</th></tr><tr><td>1<td>2</tr>"
                "<tr><td rowspan='0'>丙</td><td colspan='x'>3</td><td colspan=-4>4</td></tr>"
                "<tr><td>5</td><td>6</td></tr></table>")
    assert places(made) == [(0, 0, 2, 1, "甲"), (0, 1, 1, 2, "乙"), (1, 1, 1, 1, "1"), (1, 2, 1, 1, "2"), (2, 0, 2, 1, "丙"),
                            (2, 1, 1, 1, "3"), (2, 2, 1, 1, "4"), (3, 1, 1, 1, "5"), (3, 2, 1, 1, "6")]
    assert [c.where for b in made.blocks if isinstance(b, Grid) for c in b.cells][-1] == "table 1 row 4"


def test_a_hidden_row_and_a_hidden_table_are_not_read() -> None:
    made = read("<p>甲</p><table><tr style='display:none'><td>9</td><td>9</td></tr><tr><td>a</td><td>1</td></tr></table>"
                "<table style='DISPLAY: none'><tr><td>b</td><td>8</td></tr></table>")
    assert rows(made) == [["a", "1"]]


def test_wrong_nesting_loses_nothing() -> None:
    made = bare("<table><td>甲</td><td>1</td><tr><td>乙</td><td>2<p>x</table></div></div><p>后")
    assert rows(made) == [["甲", "1"], ["乙", "2\nx"]]
    assert texts(made) == ["后"]


def test_content_in_a_script_object_is_found() -> None:
    config = {"DETAIL": {"content": f"<div>{REPORT}</div>", "attachment": [
        {"id": 5, "name": "水利局年报.docx", "type": "doc", "url": "https://www.example.gov.cn/attachment/0/5/12.docx"}]}}
    script = json.dumps(config).replace("<", "\\u003C").replace("/", "\\/")
    made = read("<div id='app'></div>", head=f"<script>window._CONFIG = {script};</script>")
    assert everything(made) == EXPECTED
    assert [(link.url, link.name) for link in made.links] == [
        ("https://www.example.gov.cn/attachment/0/5/12.docx", "水利局年报.docx")]


@pytest.mark.parametrize("carrier", [
    "<textarea id='t' style='display:none'>{}</textarea>",
    "<script type='text/xml'><doc><![CDATA[{}]]></doc></script>",
    "<script>var html = '{}';</script>",
    "<script>document.write(\"{}\");</script>",
])
def test_content_carried_as_text_is_found(carrier: str) -> None:
    body = REPORT.replace("'", "\\'" if "html =" in carrier else "'")
    assert everything(html.read(f"<html><body>{carrier.replace('{}', body)}</body></html>".encode())) == EXPECTED


def test_a_page_with_its_own_text_ignores_what_scripts_carry() -> None:
    assert everything(read(REPORT + "<script>var tip='<p>" + "另一篇文章的内容" * 400 + "</p>';</script>")) == EXPECTED


def test_metas_are_read_in_any_order_of_attributes_and_spelling() -> None:
    made = read(REPORT, head=f"<meta content='{TITLE}' name='ArticleTitle'><META NAME='pubdate' CONTENT='2024-01-20 09:15'>"
                             "<meta name='ContentSource' content=''><meta name='ColumnType' content='信息公开年报'>")
    assert made.title == TITLE
    assert {key: made.metas[key] for key in ("PubDate", "ColumnType", "SiteIDCode", "网站标识码")} == {
        "PubDate": "2024-01-20 09:15", "ColumnType": "信息公开年报", "SiteIDCode": "4306990001", "网站标识码": "4306990001"}
    assert "ContentSource" not in made.metas


@pytest.mark.parametrize("form", [
    "<table class='xx'><tr><th>索 引 号</th><td>006/2024-1</td><th>发布机构</th><td>云溪县水利局</td></tr>"
    "<tr><th>文　　号</th><td></td><th>成文日期</th><td>2024-01-18</td></tr></table>",
    "<ul><li><b>索引号：</b>006/2024-1</li><li><b>发布机构：</b>云溪县水利局</li><li>文号：</li><li>成文日期：2024-01-18</li></ul>",
    "<div><p>索引号：006/2024-1</p><p>主题分类：水利</p></div>"
    "<div><p>发布机构：<span>云溪县水利局</span></p><p>成文日期：2024-01-18</p></div>",
])
def test_the_header_table_gives_facts_and_no_text(form: str) -> None:
    made = read(f"<div>{form}</div>{REPORT}", around=FRAMES["marked"])
    assert {key: made.metas.get(key) for key in ("索引号", "发布机构", "成文日期", "文号")} == {
        "索引号": "006/2024-1", "发布机构": "云溪县水利局", "成文日期": "2024-01-18", "文号": None}
    assert everything(made) == EXPECTED


def test_the_breadcrumb_is_a_fact() -> None:
    crumb = "<div class='wz'>您现在的位置：<a href='/'>首页</a> > <a href='/g/'>政府信息公开</a> &gt; 年报</div>"
    assert read(crumb + f"<div id='zoom'>{REPORT}</div>").metas["breadcrumb"] == "首页>政府信息公开>年报"


@pytest.mark.parametrize(("markup", "url", "name"), [
    ("<a appendix='true' href='./P02024.pdf' title='年报.pdf' download='年报.pdf' OLDSRC='/protect/P02024.pdf'>下载</a>",
     "./P02024.pdf", "年报.pdf"),
    ("<a href='/module/download/downfile.jsp?classid=0&showname=%E5%B9%B4%E6%8A%A5.doc&filename=ab12.doc'>附件</a>",
     "/module/download/downfile.jsp?classid=0&showname=%E5%B9%B4%E6%8A%A5.doc&filename=ab12.doc", "年报.doc"),
    ("<a href='/system/_content/download.jsp?urltype=x&wbfileid=9'>年报.pdf</a>已下载<span>3</span>次",
     "/system/_content/download.jsp?urltype=x&wbfileid=9", "年报.pdf"),
    ("<a href='/js/pdfjs/web/viewer.html?file=/f/2024/1.pdf'>2023年度报告</a>", "/f/2024/1.pdf", "2023年度报告"),
    ("<iframe src='/js/web/viewer.html?file=%2Ff%2F2.pdf'></iframe>", "/f/2.pdf", ""),
    ("<embed src='r.pdf'>", "r.pdf", ""),
    ("<object data='o.pdf'></object>", "o.pdf", ""),
    ("<script>showVsbpdfIframe(\"/__local/A/x.pdf\",\"100%\",\"600\")</script>", "/__local/A/x.pdf", ""),
    ("<a href='javascript:;' onclick=\"openUrl('./n.docx')\">年度报告全文</a>", "./n.docx", "年度报告全文"),
    ("<div pdfsrc='/s/9.pdf'></div>", "/s/9.pdf", ""),
    ("<a href='x.pdf'>年报.pdf.pdf</a>", "x.pdf", "年报.pdf"),
])
def test_files_are_offered_with_their_best_name(markup: str, url: str, name: str) -> None:
    made = read(f"<div id='zoom'><p>年报见附件。</p><p>{markup}</p></div>")
    assert [(link.url, link.name) for link in made.links] == [(url, name)]


def test_file_names_are_links_and_not_text() -> None:
    made = read(REPORT + "<p>附件：<a href='P1.pdf'>水利局年报.pdf</a></p>", around=FRAMES["marked"])
    assert everything(made) == EXPECTED
    assert [link.name for link in made.links] == ["水利局年报.pdf"]


def test_files_of_the_menu_and_the_foot_are_not_offered() -> None:
    made = read(REPORT, around="<div class='nav'><a href='guide.pdf'>办事指南</a></div>{}"
                               "<div id='foot'><a href='m.doc'>表</a></div>")
    assert made.links == ()


def test_an_embedded_file_is_noted() -> None:
    data = base64.b64encode(b"%PDF-1.4\n" + b"x" * 400).decode()
    made = read(f"<div id='zoom'><p>年报</p></div><script>var pdfData = '{data}';</script>")
    assert made.links[0].url == f"data:application/pdf;base64,{data}"


def test_a_page_of_files_alone_says_so() -> None:
    made = html.read(b"<html><body><iframe src='a.pdf'></iframe></body></html>")
    assert [link.url for link in made.links] == ["a.pdf"]
    assert [issue.kind for issue in made.issues] == ["no-text"]


def test_pictures_in_the_article_are_an_issue() -> None:
    pictures = "<p><img src='W020240120.png' width=700></p><p><img src='icon_pdf.gif'></p>"
    made = read(REPORT + pictures, around=FRAMES["marked"])
    assert [issue.kind for issue in made.issues] == ["picture"]


@pytest.mark.parametrize(("title", "shown"), [
    ("云溪县水利局2023年年度报告_云溪县人民政府", "云溪县水利局2023年年度报告"),
    ("云溪县水利局2023年年度报告 - 政府信息公开年报 - 云溪县", "云溪县水利局2023年年度报告"),
    ("2019-2020年度报告", "2019-2020年度报告"),
    ("云溪县水利局年报", "云溪县水利局年报"),
])
def test_the_window_title_loses_the_site(title: str, shown: str) -> None:
    assert html.read(f"<html><head><title>{title}</title></head><body>{REPORT}</body></html>".encode()).title == shown


@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-16"])
def test_any_encoding_reads_alike(codec: str) -> None:
    meta = "<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>"
    text = f"<html><head>{meta}</head><body>{REPORT}</body></html>"
    assert everything(html.read(text.encode(codec))) == EXPECTED


def test_a_web_archive_is_read() -> None:
    message = EmailMessage()
    message["MIME-Version"] = "1.0"
    message["Subject"] = "x"
    message.set_content(f"<html><body>{REPORT}</body></html>", subtype="html", charset="utf-8", cte="quoted-printable")
    message.add_related(b"GIF89a", "image", "gif")
    made = html.read(bytes(message))
    assert everything(made) == EXPECTED
    assert made.media_type == "multipart/related"


@pytest.mark.parametrize("data", [b"<html><body></body></html>", b"<html><body><script>a()</script></body></html>",
                                  b"<!-- -->", b"<html><head><title>x y z title</title></head>"])
def test_a_page_without_text_or_files_is_empty(data: bytes) -> None:
    with pytest.raises(Empty):
        html.read(data)


@pytest.mark.parametrize("markup", ["<div>" * 200_000 + "底", "<table><tr><td>" * 3_000 + "底"])
def test_endless_nesting_is_refused(markup: str) -> None:
    with pytest.raises(TooLarge):
        html.read(f"<html><body>{markup}</body></html>".encode())


@pytest.mark.parametrize("markup", [
    "<table>" + "<tr>" + "<td colspan=99999999 rowspan=99999999>1</td>" * 40 + "</tr>" * 40 + "</table>",
    "<table>" + "<tr><td rowspan=1000>1</td><td colspan=90>2</td></tr>" * 2000 + "</table>",
    "<font>" * 400 + "深处",
    "<table><tr><td>" * 100 + "底",
    "<p>" * 50_000 + "底",
    "<![CDATA[" * 1000 + "底",
    "<a href='http://[::1'>x.pdf</a>底",
    "<!--<$[信息内容]>begin-->底",
    "<td>底</td></table></td></tr>",
])
def test_hostile_markup_is_read_or_refused(markup: str) -> None:
    try:
        made = html.read(f"<html><body><p>头</p>{markup}</body></html>".encode())
    except Unreadable:
        return
    assert made.blocks


@pytest.mark.parametrize(("shown", "read_as"), [
    ("<img src='/upload/7.png'>", "\ufffd"), ("<p><span><img src='/upload/7.png' width='30'></span></p>", "\ufffd"),
    ("<img src='/images/spacer.gif'>", ""), ("<img>", ""), ("5<img src='/upload/7.png'>", "5")])
def test_a_picture_alone_in_a_cell_is_not_legible_and_never_a_blank(shown: str, read_as: str) -> None:
    made = bare(REPORT.replace("<td>3</td><td>1</td>", f"<td>3</td><td>{shown}</td>"))
    assert ["行政规范性文件", "3", read_as, "12"] in rows(made)
    cell = parse(page(REPORT.replace("<td>3</td><td>1</td>", f"<td>3</td><td>{shown}</td>")), Hints()).to_json()["proactive"][
        "normdocs_repealed"]
    assert cell["status"] == {"\ufffd": "ambiguous", "": "blank", "5": "number"}[read_as]
