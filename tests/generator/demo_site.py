"""Writes the bundle of sample portals, `crawler/demo/site`: `python -m tests.generator.demo_site`. Always the same bytes.

Two portals of invented reports: 宁国市 on TRS (static pages, counted from 0) and 定西市 on Hanweb (jpage with dataproxy.jsp).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import quote

from tests.generator import docx, html, paper
from tests.generator.make import make
from tests.generator.model import Truth
from tests.generator.wording import Place

BUNDLE = Path(__file__).parents[2] / "crawler" / "demo" / "site"
HANWEB = (Path(__file__).parent / "hanweb.html").read_text(encoding="utf-8")
NINGGUO: Place = ("341881", "宁国市", "宣城市", "安徽省", "county")
DINGXI: Place = ("621100", "定西市", "", "甘肃省", "prefecture")
#: agency → {year: how it is published}
SERIES: Mapping[str, Mapping[int, str]] = {
    "宁国市人民政府": {2019: "gbk", 2020: "html", 2021: "html", 2022: "html docx pdf", 2023: "pdf", 2024: "html"},
    "宁国市司法局": {2019: "html", 2020: "word", 2021: "docx", 2022: "html", 2023: "html docx pdf", 2024: "direct"},
    "宁国市财政局": {2020: "docx", 2021: "pdf", 2022: "html", 2023: "html"},
    "宁国市教育局": {2022: "html", 2023: "html", 2024: "html"},
    "定西市人民政府": {2019: "html", 2020: "html", 2021: "pdf", 2022: "html", 2023: "html docx pdf", 2024: "html"},
    "定西市司法局": {2020: "docx", 2021: "html", 2022: "html", 2023: "word", 2024: "pdf"},
    "定西市水利局": {2021: "html", 2022: "html", 2023: "docx", 2024: "pdf"},
}
FAULTS = {("宁国市教育局", 2023): "identity", ("定西市水利局", 2022): "review_sum"}
REVISED = ("定西市司法局", 2022)              # published with a wrong sum, then again without
COPIED = ("宁国市财政局", 2021)               # the same PDF at three addresses
ODD_HANDS = {("宁国市司法局", 2020), ("宁国市财政局", 2022), ("定西市人民政府", 2020), ("定西市水利局", 2023)}
NOISE = ("{place}2023年政府网站工作年度报表", "{place}2022年法治政府建设年度报告", "{place}政府信息公开指南",
         "{place}2021年政府工作报告", "{place}2023年度部门决算公开说明", "{place}2024年政府网站工作年度报表")
TRS_ROWS, JPAGE_ROWS = 10, 15
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: address, title, day."""

    url: str
    title: str
    day: str


@cache
def reports() -> dict[tuple[str, int], Truth]:
    """Every report of the bundle by (agency, year); of the revised one the corrected version."""
    made: dict[tuple[str, int], Truth] = {}
    for number, (agency, years) in enumerate(SERIES.items()):
        place = NINGGUO if agency.startswith("宁国市") else DINGXI
        for year in years:
            key = (agency, year)
            made[key] = _make(number, key, place, made.get((agency, year - 1)), FAULTS.get(key, ""))
    return made


def misprinted() -> Truth:
    """The revised report as it was first published."""
    agency, year = REVISED
    return _make(list(SERIES).index(agency), REVISED, DINGXI, reports()[agency, year - 1], "review_sum")


def _make(number: int, key: tuple[str, int], place: Place, before: Truth | None, fault: str) -> Truth:
    agency, year = key
    form = "f2019" if year <= 2020 else "f2021"
    seed = 100_000 + number * 1000 + year
    while True:
        truth = make(seed, form=form, fault=fault, plain=key not in ODD_HANDS, agency=agency, place=place, year=year,
                     before=before)
        if truth.title and len(truth.sections) == 6 and (truth.quirks or key not in ODD_HANDS):
            return truth
        seed += 10_000


def _day(truth: Truth, late: int = 0) -> str:
    """Governments publish in March, departments in January."""
    month = 3 if truth.agency.endswith("人民政府") else 1
    return f"{truth.year + 1}-{month + late:02}-{10 + len(truth.agency)}"


def build() -> Files:
    """Every file of the bundle by `<portal>/<path>`."""
    files = {f"ningguo{path}": data for path, data in _ningguo().items()}
    return files | {f"dingxi{path}": data for path, data in _dingxi().items()}


def main() -> None:
    for name, data in build().items():
        path = BUNDLE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


# ---------------------------------------------------------------- 宁国市: TRS


def _ningguo() -> Files:
    files: Files = {"/robots.txt": b"User-agent: *\nDisallow: /admin/\n"}
    rows: list[Row] = []
    column = "/zwgk/zfxxgknb/"
    for number, ((agency, year), truth) in enumerate(item for item in reports().items() if item[0][0].startswith("宁国市")):
        rows.append(_trs_post(files, column, number, truth, SERIES[agency][year]))
    rows += _copies(files, column)
    rows += [Row(f"./202403/t20240301_{9000 + n}.html", title.format(place="宁国市"), f"2024-03-{n + 1:02}")
             for n, title in enumerate(NOISE)]
    rows.sort(key=lambda row: (row.day, row.title), reverse=True)
    pages = [rows[start:start + TRS_ROWS] for start in range(0, len(rows), TRS_ROWS)]
    for number, page in enumerate(pages):
        name = "index.html" if number == 0 else f"index_{number}.html"
        files[column + name] = _trs_list("政府信息公开年报", page, len(pages), number)
    files["/zwgk/jdb/zfxxgknb/index.html"] = _trs_list("退役军人事务局政府信息公开年报", [], 1, 0)
    files["/index.html"] = _home("宁国市人民政府门户网站", column)
    return files


def _trs_post(files: Files, column: str, number: int, truth: Truth, shape: str) -> Row:
    day = _day(truth)
    stamp = day.replace("-", "")
    folder = f"{stamp[:6]}/"
    if shape == "direct":
        name = f"{folder}P0{stamp}{310000000000 + number}.pdf"
        files[column + name] = paper.ruled(truth)
        return Row(f"./{name}", truth.title, day)
    offered = []
    for suffix, data in _attachments(truth, shape):
        name = f"P0{stamp}{310000000000 + number}.{suffix}"
        files[f"{column}{folder}{name}"] = data
        shown = f"{truth.title}.{suffix}"
        offered.append(f'<p class="insertfileTag">附件：<a appendix="true" href="./{name}" title="{shown}" download="{shown}" '
                       f'OLDSRC="/protect/P0{stamp[:6]}/P0{stamp}/{name}">{shown}</a></p>')
    url = f"{folder}t{stamp}_{1000 + number}.html"
    files[column + url] = _article(truth, shape, "".join(offered), "宁国市人民政府门户网站", html.PORTAL)
    return Row(f"./{url}", truth.title, day)


def _copies(files: Files, column: str) -> Iterator[Row]:
    """The same bytes once more as a file in the list, and behind a reposting article."""
    truth = reports()[COPIED]
    name = "202204/P020220401310000000777.pdf"
    files[column + name] = paper.ruled(truth)
    yield Row(f"./{name}", truth.title, "2022-04-01")
    other = "202205/P020220505310000000888.pdf"
    files[column + other] = paper.ruled(truth)
    link = f'<p><a appendix="true" href="./{other.split("/")[1]}" title="{truth.title}.pdf">{truth.title}.pdf</a></p>'
    page = html.cms_page(truth, body=NOTICE.format(title=truth.title), attachments=link, date="2022-05-05",
                         site="宁国市人民政府门户网站")
    files[f"{column}202205/t20220505_1777.html"] = page.encode()
    yield Row("./202205/t20220505_1777.html", f"{truth.title}（转载）", "2022-05-05")


def _trs_list(name: str, rows: Iterable[Row], pages: int, number: int) -> bytes:
    lines = "".join(f'<li><a href="{row.url}" title="{escape(row.title)}">{escape(row.title)}</a><span>{row.day}</span></li>\n'
                    for row in rows)
    body = f'<ul class="newsList">\n{lines}</ul>' if lines else '<div class="list">暂无相关信息</div>'
    return LIST.format(name=name, site="宁国市人民政府门户网站", body=body,
                       pager=f'<script>createPageHTML({pages}, {number}, "index", "html");</script>').encode()


# ---------------------------------------------------------------- 定西市: Hanweb jpage


def _dingxi() -> Files:
    column = "/col/col12377/index.html"
    files: Files = {"/robots.txt": b"User-agent: *\nAllow: /\n", "/index.html": _home("定西市人民政府", column)}
    rows: list[Row] = []
    for number, ((agency, year), truth) in enumerate(item for item in reports().items() if item[0][0].startswith("定西市")):
        first = misprinted() if (agency, year) == REVISED else truth
        rows.append(_jpage_post(files, 1_480_000 + number, first, SERIES[agency][year]))
    revised = reports()[REVISED]
    rows.append(_jpage_post(files, 1_489_999, revised, "html", late=1, mark="（更正）"))
    rows += [Row(f"/art/2024/3/{n + 1}/art_12377_{1_490_000 + n}.html", title.format(place="定西市"), f"2024-03-{n + 1:02}")
             for n, title in enumerate(NOISE)]
    rows.sort(key=lambda row: (row.day, row.title), reverse=True)
    groups = [rows[start:start + JPAGE_ROWS] for start in range(0, len(rows), JPAGE_ROWS)]
    files[column] = LIST.format(name="政府信息公开年报", site="定西市人民政府", pager="", body=(
        f'<div id="38486"><script type="text/xml">{_datastore(groups[0])}</script></div>')).encode()
    for number, group in enumerate(groups[1:], 2):
        files[f"/module/web/jpage/dataproxy.jsp/{number}.xml"] = _datastore(group).encode()
    return files


def _jpage_post(files: Files, number: int, truth: Truth, shape: str, late: int = 0, mark: str = "") -> Row:
    day = _day(truth, late)
    year, month, date = (int(part) for part in day.split("-"))
    offered = []
    for suffix, data in _attachments(truth, shape):
        name = f"{hashlib.sha256(truth.title.encode()).hexdigest()[:32]}.{suffix}"
        files[f"/attach/0/{name}"] = data
        shown = f"{truth.title}.{suffix}"
        way = f"/module/download/downfile.jsp?classid=0&amp;showname={quote(shown)}&amp;filename={name}"
        offered.append(f'<p>附件：<a href="{way}">{shown}</a></p>')
    url = f"/art/{year}/{month}/{date}/art_12377_{number}.html"
    files[url] = _article(truth, shape, "".join(offered), "定西市人民政府", HANWEB, day, truth.title + mark)
    return Row(url, truth.title + mark, day)


def _datastore(rows: Iterable[Row]) -> str:
    name = quote(quote("定西市政府信息公开平台"))
    way = ("/module/web/jpage/dataproxy.jsp?page=1&appid=1&appid=1&webid=110&path=/&columnid=12377&unitid=38486"
           f"&webname={name}&permissiontype=0")
    records = "".join(f'<record><![CDATA[\n<li class="clearfix"> <a target="_blank" href="{row.url}" title="{row.title}">'
                      f'{_cut(row.title)}</a> <b>{row.day}</b></li>]]></record>\n' for row in rows)
    group = f'<nextgroup><![CDATA[<a href="{way}"></a>]]></nextgroup>'
    return f"<datastore>\n{group}\n<recordset>\n{records}</recordset>\n</datastore>"


def _cut(title: str) -> str:
    return title if len(title) <= 20 else f"{title[:20]}..."


# ---------------------------------------------------------------- both


def _attachments(truth: Truth, shape: str) -> Iterator[tuple[str, bytes]]:
    if "docx" in shape:
        yield "docx", docx.numbered(truth)
    if "pdf" in shape:
        yield "pdf", paper.ruled(truth)


def _article(truth: Truth, shape: str, attachments: str, site: str, template: str,
             day: str = "", title: str = "") -> bytes:
    """The page of a report: the report itself, or a notice that points to its file."""
    body = "" if {"html", "gbk", "word"} & set(shape.split()) else NOTICE.format(title=truth.title)
    if shape == "word":
        body = html.article(truth.script, line=html.word_line, table=html.word_table)
    page = html.cms_page(truth, body=body, attachments=attachments, date=day or _day(truth), site=site, title=title,
                         charset="gb2312" if shape == "gbk" else "utf-8", template=template)
    return page.encode("gb18030" if shape == "gbk" else "utf-8")


def _home(name: str, column: str) -> bytes:
    return (f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{name}</title></head><body><h1>{name}</h1>"
            f"<ul><li><a href='{column}'>政府信息公开年报</a></li></ul></body></html>").encode()


NOTICE = "<p>现将《{title}》予以公布，全文见附件。</p>"
LIST = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{name}_{site}</title></head>
<body><div class="nav"><a href="/">首页</a> <a href="/zwgk/">政务公开</a></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; {name}</div>
<h2>{name}</h2>
{body}
<div class="page">{pager}</div>
<div class="footer">{site} 版权所有</div></body></html>
"""

if __name__ == "__main__":
    main()
