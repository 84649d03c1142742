"""VSB: pages in descending numbers, an item that arrives during the walk, a paged module with parameters in the address,
reports as PDF in a script or as files without extension below the body."""

from __future__ import annotations

from urllib.parse import quote

from crawler.demo.content import NOISE, article, page, pdf
from crawler.demo.simulation import Asked, Expected, Reply, Simulation

HOST = "www.sl.sim"
COLUMN, MODULE = f"http://{HOST}/nb.htm", f"http://{HOST}/szfgkml.jsp"
SIZE = 8


def portal() -> Simulation:
    simulation = Simulation({}, {}, wasted=2)
    _descending(simulation)
    _module(simulation)
    return simulation


def _descending(simulation: Simulation) -> None:
    found = simulation.columns[COLUMN] = Expected(set(), end_proof="last-page", rows=3 * SIZE)
    rows = [_row(simulation, found, 1001, place) for place in range(3 * SIZE)]
    late = _row(simulation, found, 1001, 90)
    asked_before: list[str] = []

    def answer(asked: Asked) -> Reply:
        listed = rows if not asked_before else [late, *rows]
        asked_before.append(asked.path)
        if asked.path == "/nb.htm":
            return Reply(_page(listed[:SIZE], '<span class="p_next p_fun"><a href="nb/2.htm">下页</a></span>'))
        if asked.path == "/nb/2.htm":
            return Reply(_page(rows[SIZE:2 * SIZE], '<span class="p_next p_fun"><a href="1.htm">下页</a></span>'))
        return Reply(_page(rows[2 * SIZE:], '<span class="p_next_d p_fun_d">下页</span>'))
    for path in ("/nb.htm", "/nb/2.htm", "/nb/1.htm"):
        simulation.routes[HOST + path] = answer


def _page(rows: list[str], next_: str) -> str:
    return page(f'<script>_jsq_(1029,"/nb.htm",-1,1)</script><ul>{"".join(rows)}</ul><div class="pb_sys_common">{next_}</div>')


def _module(simulation: Simulation) -> None:
    found = simulation.columns[MODULE] = Expected(set(), end_proof="last-page", rows=24, declared=24)
    rows = [_row(simulation, found, 1016, place) for place in range(24)]

    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters().get("ainfolist1501p", "1"))
        ways = "ainfolist1501t=2&ainfolist1501p=2&ainfolist1501c=15&urltype=egovinfo.EgovInfoList&wbtreeid=1232"
        next_ = f'<a href="?{ways}">下页</a>' if number == 1 else "<span>下页</span>"
        return Reply(_page(rows[(number - 1) * 15:number * 15], f"共24条 {number}/2 {next_}"))
    simulation.routes[f"{HOST}/szfgkml.jsp"] = answer


def _row(simulation: Simulation, found: Expected, tree: int, place: int) -> str:
    path = f"/info/{tree}/{12000 + place}.htm"
    url, year = f"http://{HOST}{path}", 2023 - place % 12
    if place % 5 == 4:
        title, reason = list(NOISE.items())[place // 5 % len(NOISE)]
        title, found.rejected[url] = title.format(year=year), reason
    else:
        title = f"商示县第{place}局{year}年政府信息公开工作年度报告"
        found.reports.add(url)
        simulation.routes[HOST + path] = Reply(article(f"商示县第{place}局", year, _files(simulation, tree, place)))
    return f'<li id="line_u8_{place}"><a href="{path}" title="{title}">{title}</a><span>2024-01-1{place % 10}</span></li>'


def _files(simulation: Simulation, tree: int, place: int) -> str:
    mark = f"{tree}-{place}"
    if place % 3 == 0:
        path = f"/__local/A/{mark}.pdf"
        simulation.routes[HOST + path] = Reply(pdf(mark), media_type="application/pdf")
        simulation.files[f"http://{HOST}{path}"] = pdf(mark)
        return f'<script>showVsbpdfIframe("{path}","100%","600","0","","vsb")</script>'
    path = f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=14&wbfileid={tree}{place}"
    name = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'年报{mark}.pdf')}"}
    simulation.routes[HOST + path] = Reply(pdf(mark), headers=name, media_type="application/octet-stream")
    simulation.files[f"http://{HOST}{path}"] = pdf(mark)
    simulation.names[f"http://{HOST}{path}"] = f"年报{mark}.pdf" if place % 2 else f"商示县年报{mark}.pdf"
    return f'</div><div>附件【<a href="{path}">{"附件" if place % 2 else f"商示县年报{mark}.pdf"}</a>】已下载<span>7</span>次'
