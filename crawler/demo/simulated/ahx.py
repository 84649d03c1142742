"""Lonsun: empty shells whose rows come from `/site/label/8888`, titles cut by `length`, a tree of agencies of which some have a
truly empty list and one refuses; an ordinary column turned by `pageIndex`."""

from __future__ import annotations

from crawler.demo.content import NOISE, article, page
from crawler.demo.simulation import Asked, Expected, Reply, Route, Simulation

HOST = "www.ahx.sim"
CAT, SIZE = 6718734, 15
AGENCIES = {6615904: "县政府办公室", 6615905: "县司法局", 6615906: "县水务局", 6615907: "东山镇", 6615908: "西山乡",
            6615909: "县档案馆"}
ROWS = {6615904: 50, 6615905: 9, 6615906: 3, 6615907: 12, 6615908: 0, 6615909: 4}
REFUSING = 6615909
NEWS = f"http://{HOST}/content/column/6806161"


def column(organ: int) -> str:
    return f"http://{HOST}/public/column/{organ}?type=4&catId={CAT}&action=list"


def portal() -> Simulation:
    simulation = Simulation({}, {}, wasted=1)
    tree = "".join(f'<li><a href="/public/column/{organ}?type=4&amp;catId={CAT}&amp;action=list">{name}</a></li>'
                   for organ, name in AGENCIES.items())
    listed: dict[str, list[tuple[str, str, str]]] = {}
    for organ, name in AGENCIES.items():
        found = simulation.columns[column(organ)] = Expected(set(), end_proof="last-page", rows=ROWS[organ])
        listed[str(organ)] = [_row(simulation, found, organ, name, place) for place in range(ROWS[organ])]
        script = f'<script>var siteId="6793"; var organId="{organ}";</script>'
        shell = page(f'<ul class="tree">{tree}</ul><div id="list"></div>{script}', '<meta name="SiteId" content="6793">')
        simulation.routes[f"{HOST}/public/column/{organ}"] = Reply(shell)
    simulation.routes[f"{HOST}/public/column/{REFUSING}"] = Reply("forbidden", 403)
    simulation.columns[column(REFUSING)] = Expected(set(), refusal="waf", outcome="refused")
    simulation.columns[column(6615908)].end_proof, simulation.columns[column(6615908)].outcome = "empty-marker", "empty"
    simulation.routes[f"{HOST}/site/label/8888"] = _label(listed)
    _news(simulation)
    return simulation


def _label(listed: dict[str, list[tuple[str, str, str]]]) -> Route:
    def answer(asked: Asked) -> Reply:
        said = asked.parameters()
        if said.get("siteId") != "6793" or said.get("catId") != str(CAT) or said.get("labelName") != "publicInfoList":
            return Reply("<p>参数错误</p>")
        rows, number = listed[said["organId"]], int(said["pageIndex"])
        if not rows:
            return Reply("<div>暂无相关信息</div>")
        size, length = int(said["pageSize"]), int(said["length"])
        items = "".join(f'<li class="xxgk_navli"><ul class="clearfix"><li><a href="{url}">{title[:length // 2]}</a></li>'
                        f'<li class="rq"><span class="date">{day}</span></li></ul></li>'
                        for url, title, day in rows[(number - 1) * size:number * size])
        pager = f"<script>Ls.pagination({{pageCount:{-(-len(rows) // size)},pageIndex:{number}}});</script>"
        return Reply(f"<div>{items}</div>{pager}")
    return answer


def _row(simulation: Simulation, found: Expected, organ: int, name: str, place: int) -> tuple[str, str, str]:
    path = f"/public/{organ}/{7000000 + organ % 100 * 1000 + place}.html"
    url, year = f"http://{HOST}{path}", 2023 - place % 15
    if place % 4 == 3:
        title, reason = list(NOISE.items())[place % len(NOISE)]
        title, found.rejected[url] = title.format(year=year), reason
    else:
        title = f"安示县{name}关于认真贯彻落实中华人民共和国政府信息公开条例的{year}年政府信息公开工作年度报告"
        found.reports.add(url)
        simulation.routes[HOST + path] = Reply(article(f"安示县{name}", year))
    return url, title, f"2024-01-{place % 27 + 1:02d}"


def _news(simulation: Simulation) -> None:
    found = simulation.columns[NEWS] = Expected(set(), end_proof="last-page", rows=25)
    rows = []
    for place in range(25):
        path = f"/content/article/{8000 + place}"
        found.reports.add(f"http://{HOST}{path}")
        simulation.routes[HOST + path] = Reply(article(f"安示县示例{place}乡", 2022))
        title = f"安示县示例{place}乡2022年政府信息公开年报"
        rows.append(f'<li><a href="{path}">{title}</a><span>2023-01-{place + 1:02d}</span></li>')

    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters().get("pageIndex", "1"))
        return Reply(page(f"<ul>{''.join(rows[(number - 1) * 10:number * 10])}</ul>"
                          "<script>Ls.pagination({pageCount:3,currentPage:1});</script>"))
    simulation.routes[f"{HOST}/content/column/6806161"] = answer
