"""A prefecture on TRS WCM, 1-based: `index_1` is page one again. A second column is written by scripts, rows between spacers,
an old copy of the list in a comment, one row sent to another site by a variable."""

from __future__ import annotations

from crawler.demo.content import NOISE, article, page
from crawler.demo.simulation import Expected, Reply, Route, Simulation

HOST = "www.hz.sim"
PAGED, WRITTEN = f"http://{HOST}/zfxxgk/zfxxgknb/", f"http://{HOST}/bmnb/"
COUNT, SIZE = 55, 20


def portal() -> Simulation:
    routes: dict[str, Route] = {}
    simulation = Simulation(routes, {}, wasted=1)
    _paged(simulation)
    _written(simulation)
    return simulation


def _paged(simulation: Simulation) -> None:
    found = Expected(set(), end_proof="last-page", rows=COUNT, declared=COUNT)
    for number in range(1, 4):
        rows = "".join(_row(simulation, found, place) for place in range((number - 1) * SIZE, min(COUNT, number * SIZE)))
        stale = ('<!-- <ul><li><a href="./202201/t20220101_1.shtml">某县2020年政府信息公开年报</a></li></ul>'
                 ' createPageHTML(9,1,"index","shtml") -->')
        body = (f'{stale}<table>{rows}</table><div id="paging"></div>'
                f"<script>createPageHTML('paging',3,{number},'index','shtml',{COUNT});</script>")
        simulation.routes[f"{HOST}/zfxxgk/zfxxgknb/index_{number}.shtml"] = Reply(page(body))
    simulation.routes[f"{HOST}/zfxxgk/zfxxgknb/"] = simulation.routes[f"{HOST}/zfxxgk/zfxxgknb/index_1.shtml"]
    simulation.columns[PAGED] = found


def _row(simulation: Simulation, found: Expected, place: int) -> str:
    year, file = 2010 + place % 14, f"t202402{place % 27 + 1:02d}_{3000 + place}.shtml"
    url = f"{PAGED}202402/{file}"
    if place % 4 == 3:
        title, reason = list(NOISE.items())[place % len(NOISE)]
        title = title.format(year=year)
        found.rejected[url] = reason
    else:
        title = f"湖州县第{place}局{year}年政府信息公开工作年度报告"
        found.reports.add(url)
        simulation.routes[url.removeprefix("http://")] = Reply(article(f"湖州县第{place}局", year))
    return (f'<tr><td><a href="./202402/{file}" title="{title}"><span class="text">{title[:16]}...</span>'
            f'<span class="time">[2024-02-{place % 27 + 1:02d}]</span></a></td></tr>'
            '<tr height=1><td class="GroupBlankLine"></td></tr>')


def _written(simulation: Simulation) -> None:
    found = Expected(set(), end_proof="single-page", rows=9)
    scripts = []
    for place in range(9):
        file = f"t2023011{place}_{4000 + place}.shtml"
        url, elsewhere = f"{WRITTEN}202301/{file}", f"http://copy.elsewhere.test/{file}" if place == 4 else ""
        if elsewhere:
            found.rejected[elsewhere] = "off-site"
        else:
            found.reports.add(url)
            simulation.routes[url.removeprefix("http://")] = Reply(article(f"示例{place}镇", 2022))
        scripts.append(f'''<script>
            var url="./202301/{file}"; var title="示例{place}镇2022年政府信息公开年度报告"; var strLink='{elsewhere}';
            if (strLink != '') {{ url = strLink; }}
            document.writeln("<li><a href=\\"" + url + "\\" title='" + title + "'>" + title + "</a>");
            document.writeln('<td class="rq">2023-01-1{place}</td></li>');</script>''')
    simulation.routes[f"{HOST}/bmnb/"] = Reply(page(f"<ul>{''.join(scripts)}</ul>"))
    simulation.columns[WRITTEN] = found
