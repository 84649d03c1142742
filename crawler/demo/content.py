"""Words for the simulated portals: report pages, small files, and the noise that stands among reports."""

from __future__ import annotations

import io
import zipfile
from html import escape

SECTIONS = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
            "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项")
NOISE = {
    "{year}年度政府网站工作年度报表": "look-alike: 政府网站工作年度报表",
    "{year}年度法治政府建设年度报告": "look-alike: 法治政府",
    "政府信息公开指南（{year}年修订）": "look-alike: 指南",
    "{year}年度部门决算公开": "look-alike: 预决算",
    "关于做好{year}年政府信息公开工作年度报告编制工作的通知": "look-alike: 工作通知",
}


def report_text(agency: str, year: int) -> str:
    """The body of a report, long enough to be one."""
    filler = f"{agency}{year}年认真贯彻落实条例要求，持续推进公开工作，做到应公开尽公开，回应群众关切。"
    return "".join(f"<p>{heading}</p><p>{filler * 4}</p>" for heading in SECTIONS)


def article(agency: str, year: int, extra: str = "", published: str = "2024-01-26") -> str:
    """A whole article page with the standard metas."""
    title = f"{agency}{year}年政府信息公开工作年度报告"
    metas = f'<meta name="ArticleTitle" content="{escape(title)}"><meta name="PubDate" content="{published} 10:00">'
    body = f'<div class="TRS_UEDITOR">{report_text(agency, year)}{extra}</div>'
    return f"<html><head>{metas}<title>{title}</title></head><body>{body}</body></html>"


def page(body: str, head: str = "", name: str = "政府信息公开年报") -> str:
    """A page of a portal: menu, crumbs, the body given, a sidebar of news that is no part of any list."""
    menu = "".join(f'<a href="/{path}/">{text}</a>' for path, text in (("", "首页"), ("zwgk", "政务公开"), ("hd", "政民互动")))
    news = "".join(f'<li><a href="/xwzx/202405/t2024050{n}_90{n}.html">某地举办第{n}届春耕现场会</a><span>05-0{n}</span></li>'
                   for n in range(1, 5))
    return (f"<html><head><title>{name}_示例门户</title>{head}</head><body><div class='nav'>{menu}</div>"
            f"<div class='main'>{body}</div><div class='side'><h3>热点新闻</h3><ul>{news}</ul></div>"
            f"<div class='foot'>版权所有 网站标识码：0000000000</div></body></html>")


def pdf(mark: str) -> bytes:
    """A small file that is a PDF by its first and last bytes, different for every mark."""
    return b"%PDF-1.4\n% " + mark.encode() + b"\n%%EOF\n"


def docx(mark: str) -> bytes:
    """A whole zip that names itself a Word file, different for every mark, the same every time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("word/document.xml"), f"<w:document>{mark}</w:document>")
    return held.getvalue()
