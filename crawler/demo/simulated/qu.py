"""A district from its home page down: a name broken over lines, a shell, year folders that are not report years, 部门, 街道, an
article that collects reports of other hosts, a report on a folder's front page, an old year root that leads home."""

from __future__ import annotations

from crawler.demo.content import NOISE, article, page, pdf, report_text
from crawler.demo.simulation import Expected, Reply, Simulation

HOST, BUREAU = "www.qu.sim", "sfj.qu.sim"
HOME, COLUMN = f"http://{HOST}/", f"http://{HOST}/zfxxgk/zfxxgknb/"
REAL = f"{COLUMN}jbxx/"
YEAR, OLDER, LOST = f"{REAL}2024n78/", f"{REAL}2022nb/", f"{REAL}2009nb/"
BUREAUS, STREETS = f"{YEAR}bm/", f"{YEAR}jdxz/"


def portal() -> Simulation:
    simulation = Simulation({}, {}, seeds=(HOME,))
    routes = simulation.routes
    routes[f"{HOST}/"] = Reply(page(
        "<a href='/zfxxgk/zfxxgknb/'>政府信息<br>\n  公开年报</a>"
        "<a href='/wz/'>政府网站工作年度报表</a><a href='/fz/'>法治政府建设年度报告</a>"
        "<!-- <a href='/old/'>政府信息公开年报</a> -->", name="首页"))
    routes[f"{HOST}/zfxxgk/zfxxgknb/"] = Reply("<script>location.replace('./jbxx/')</script>")
    routes[REAL.removeprefix("http://")] = Reply(page(
        "<div class=crumb><a href='/'>首页</a> &gt; <a href='/zfxxgk/zfxxgknb/'>政府信息公开年报</a></div>"
        "<ul class=years><li><a href='./2024n78/'>2024年</a></li><li><a href='./2022nb/'>2022</a></li>"
        "<li><a href='./2009nb/'>2009年</a></li></ul>"))
    simulation.columns = {HOME: Expected(set(), end_proof="sub-columns", rows=0)}
    _year(simulation)
    _older(simulation)
    routes[LOST.removeprefix("http://")] = Reply("", 301, {"Location": HOME})
    return simulation


def _year(simulation: Simulation) -> None:
    found = simulation.columns[YEAR] = Expected(set(), end_proof="single-page", rows=3)
    rows = [_report(simulation, found, YEAR, 1, "区人民政府", 2024), _report(simulation, found, YEAR, 2, "区政府办", 2022)]
    collection = f"{YEAR}202501/t20250120_9.html"
    found.reports.add(collection)
    links = [_elsewhere(simulation, number) for number in range(6)]
    links.append('<td><a href="http://mp.weixin.example.test/s/x">某街道2024年政府信息公开工作年度报告</a></td>')
    simulation.routes[collection.removeprefix("http://")] = Reply(page(f"<table><tr>{''.join(links)}</tr></table>"))
    rows.append('<li><a href="./202501/t20250120_9.html">2024年度政府信息公开年报汇总</a><span>2025-01-20</span></li>')
    folders = "<div class=sub><a href='./bm/'>区直部门</a><a href='./jdxz/'>街道乡镇</a></div>"
    simulation.routes[YEAR.removeprefix("http://")] = Reply(page(f"{folders}<ul>{''.join(rows)}</ul>"))
    for column, agencies in ((BUREAUS, ("区水务局", "区教育局", "区财政局")), (STREETS, ("东华街道", "西平镇"))):
        below = simulation.columns[column] = Expected(set(), end_proof="single-page", rows=len(agencies) + 1)
        title, below.rejected[f"{column}202501/t20250118_7.html"] = next(iter(NOISE.items()))
        listed = "".join(_report(simulation, below, column, number, agency, 2024, short=True)
                         for number, agency in enumerate(agencies))
        noise = f'<li><a href="./202501/t20250118_7.html">{title.format(year=2024)}</a><span>2025-01-18</span></li>'
        simulation.routes[column.removeprefix("http://")] = Reply(page(f"<ul>{listed}{noise}</ul>"))


def _older(simulation: Simulation) -> None:
    """A folder whose front page is the report itself."""
    simulation.columns[OLDER] = Expected({OLDER}, end_proof="single-page", rows=1)
    simulation.routes[OLDER.removeprefix("http://")] = Reply(page(report_text("区人民政府", 2022)))


def _report(simulation: Simulation, found: Expected, column: str, number: int, agency: str, year: int,
            short: bool = False) -> str:
    """A row whose title is the whole name of the report, or only that of the agency."""
    url = f"{column}202501/t20250118_{1000 + number}.html"
    found.reports.add(url)
    simulation.routes[url.removeprefix("http://")] = Reply(article(agency, year))
    title = agency if short else f"{agency}{year}年政府信息公开工作年度报告"
    return f'<li><a href="./202501/t20250118_{1000 + number}.html">{title}</a><span>2025-01-18</span></li>'


def _elsewhere(simulation: Simulation, number: int) -> str:
    if number % 3 == 2:
        file = f"{BUREAU}/files/{number}.pdf"
        simulation.routes[file] = Reply(pdf(str(number)), media_type="application/pdf")
        simulation.files[f"http://{file}"] = pdf(str(number))
        return f'<td><a href="http://{file}" title="第{number}中心2024年政府信息公开工作年度报告">点击查看</a></td>'
    path = f"{BUREAU}/art/2025/1/18/art_5_{number}.html"
    simulation.routes[path] = Reply(article("区司法局", 2024))
    simulation.files[f"http://{path}"] = article("区司法局", 2024).encode()
    return f'<td><a href="http://{path}">区司法局2024年政府信息公开工作年度报告</a></td>'
