"""Old sites: GBK under a header that says otherwise, UTF-8 under a meta that says GBK, no charset; the list in a frame, links
in scripts, a soft 404, a report from 二〇一九, pages by a parameter."""

from __future__ import annotations

from crawler.demo.content import article, page
from crawler.demo.simulation import Asked, Expected, Reply, Simulation

HOST = "old.gbk.sim"
FRAMED, PAGED, MIXED = f"http://{HOST}/nb/", f"http://{HOST}/NewsList.aspx?ClassID=602", f"http://{HOST}/mixed/index.asp"
GONE = f"http://{HOST}/gone/"


def portal() -> Simulation:
    simulation = Simulation({}, {})
    routes = simulation.routes
    found = simulation.columns[FRAMED] = Expected(set(), end_proof="single-page", rows=2)
    rows = _row(simulation, found, "info1.asp?id=11", "老县二〇一九年政府信息公开工作年度报告", "openUrl")
    rows += _row(simulation, found, "info1.asp?id=12", "老县2008年政府信息公开年报", "")
    routes[f"{HOST}/nb/"] = Reply("<frameset><frame src='/top/login.asp'><frame name=nb src='/nb/list.asp'></frameset>")
    listed = page(f"<table>{rows}</table>").encode("gb18030")
    routes[f"{HOST}/nb/list.asp"] = Reply(listed, media_type="text/html; charset=ISO-8859-1")

    found = simulation.columns[PAGED] = Expected(set(), end_proof="last-page", rows=25)
    titles = [_row(simulation, found, f"Show.aspx?id={n}", f"老县第{n}局2010年政府信息公开年度报告", "")
              for n in range(100, 125)]

    def paged(asked: Asked) -> Reply:
        number = int(asked.parameters().get("page", "1"))
        next_ = f"<a href='NewsList.aspx?ClassID=602&page={number + 1}'>下一页</a>" if number < 3 else "<a>下一页</a>"
        body = page(f"<table>{''.join(titles[(number - 1) * 10:number * 10])}</table>第{number}页 共3页 {next_}")
        return Reply(body.encode("gbk"), media_type="text/html")
    routes[f"{HOST}/NewsList.aspx"] = paged

    found = simulation.columns[MIXED] = Expected(set(), end_proof="single-page", rows=1)
    row = _row(simulation, found, "2011/0112/77.html", "老县水务局2010年政府信息公开年度报告", "")
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    routes[f"{HOST}/mixed/index.asp"] = Reply(page(f"<ul>{row}</ul>", meta), media_type="text/html")
    routes[f"{HOST}/gone/"] = Reply("<html><body><h1>对不起，您访问的页面不存在</h1></body></html>")
    simulation.columns[GONE] = Expected(set(), refusal="soft-404", outcome="refused")
    return simulation


def _row(simulation: Simulation, found: Expected, path: str, title: str, script: str) -> str:
    url = f"http://{HOST}/{path}"
    found.reports.add(url)
    simulation.routes[f"{HOST}/{path}"] = Reply(article(title[:4], 2010).encode("gbk"), media_type="text/html; charset=gb2312")
    opens = f"href='javascript:void(0)' onclick=\"{script}('/{path}')\"" if script else f"href='/{path}'"
    return f"<tr><td><a {opens}>{title}</a></td><td>2011-01-12</td></tr>"
