"""Hanweb's disclosure module: a tree of departments, rows by POST, and a server that answers with the whole city when the
catalogue's code is left out."""

from __future__ import annotations

from crawler.demo.content import NOISE, article, page
from crawler.demo.simulation import Asked, Expected, Reply, Simulation

HOST = "xxgk.hb.sim"
AREAS = {"002482429": "市司法局", "002482430": "东湖镇", "002482431": "西岭镇", "002482432": "南桥镇"}
COUNTS = {"002482429": 33, "002482430": 5, "002482431": 0, "002482432": 15}
SIZE = 15


def column(area: str) -> str:
    return f"http://{HOST}/module/xxgk/tree.jsp?area={area}"


def portal() -> Simulation:
    simulation = Simulation({}, {}, wasted=1, seeds=(column("002482429"),))
    links = "".join(f'<li><a href="/module/xxgk/tree.jsp?area={area}">{name}</a></li>' for area, name in AREAS.items())
    menu = "<a href='javascript:void(0)' onclick=\"showcatalog('A0212')\">政府信息公开年报</a>"
    script = "<script>var jdid='3096'; var divid='div1229498488'; $.post('/module/xxgk/search.jsp', data);</script>"
    simulation.routes[f"{HOST}/module/xxgk/tree.jsp"] = Reply(page(f"<ul>{links}</ul>{menu}{script}"))
    listed = {}
    for area, name in AREAS.items():
        found = simulation.columns[column(area)] = Expected(set(), end_proof="last-page", rows=COUNTS[area])
        listed[area] = [_row(simulation, found, area, name, place) for place in range(COUNTS[area])]
    none = simulation.columns[column("002482431")]
    none.end_proof, none.outcome = "empty-marker", "empty"

    def search(asked: Asked) -> Reply:
        said = asked.parameters()
        if asked.method != "POST" or said.get("infotypeId") != "A0212":
            everything = (f'<tr><td><a href="/art/2024/1/1/art_9_{n}.html">全市通知{n}</a></td></tr>' for n in range(300))
            return Reply("".join(everything))
        rows, number = listed[said["area"]], int(said["currpage"])
        if not rows:
            return Reply("<div class='empty'>暂无相关信息</div>")
        body = "".join(rows[(number - 1) * SIZE:number * SIZE])
        return Reply(f"<table>{body}</table><span>共{-(-len(rows) // SIZE)}页</span>")
    simulation.routes[f"{HOST}/module/xxgk/search.jsp"] = search
    return simulation


def _row(simulation: Simulation, found: Expected, area: str, name: str, place: int) -> str:
    path = f"/art/2024/1/{place % 27 + 1}/art_{area}_{9000 + place}.html"
    url, year = f"http://{HOST}{path}", 2023 - place % 14
    if place % 5 == 1:
        title, reason = list(NOISE.items())[place // 5 % len(NOISE)]
        title, found.rejected[url] = title.format(year=year), reason
    else:
        title = f"鄂示市{name}{year}年政府信息公开工作年度报告"
        found.reports.add(url)
        simulation.routes[HOST + path] = Reply(article(name, year))
    side = "odd" if place % 2 else "even"
    return (f'<tr><td class="tr_main_value_{side}"><a class="bt_link" href="{path}" title="{title}">{title[:9]}...</a></td>'
            f'<td class="tr_main_value_{side}">2024-01-{place % 27 + 1:02d}</td></tr>')
