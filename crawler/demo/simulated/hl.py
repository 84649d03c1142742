"""Huilan eportal, whose pager is code, and Epoint, whose rows are JSON behind a script that names the site."""

from __future__ import annotations

import json

from crawler.demo.content import NOISE, article, page
from crawler.demo.simulation import Asked, Expected, Reply, Simulation

HOST = "www.hl.sim"
LIST, PUBLIC = f"http://{HOST}/eportal/ui?pageId=302275", f"http://{HOST}/govInfoPub.html?categorynum=002005&deptcode=HL01"
MODULE, GUID = "0123456789abcdef" * 2, "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
SIZE = 10


def portal() -> Simulation:
    simulation = Simulation({}, {}, wasted=2)        # params not wrapped yet, page three of pages 0 to 2
    _eportal(simulation)
    _epoint(simulation)
    return simulation


def _eportal(simulation: Simulation) -> None:
    found = simulation.columns[LIST] = Expected(set(), end_proof="last-page", rows=27)
    rows = [_row(simulation, found, f"/eportal/ui?pageId=302276&articleKey={70000 + place}", place) for place in range(27)]

    def answer(asked: Asked) -> Reply:
        said = asked.parameters()
        if "articleKey" in said:
            return Reply(article("辽示省某厅", 2023))
        number = int(said.get("currentPage", "1")) if said.get("moduleId") == MODULE else 1
        shown = rows[(number - 1) * SIZE:number * SIZE]
        listed = "".join(f'<li><a href="{url}">{title}</a><span>{day}</span></li>' for url, title, day in shown)
        pager = f'<a href="javascript:next({number + 1});">下一页</a> 共 3 页<script>var moduleId="{MODULE}";</script>'
        return Reply(page(f'<ul moduleid="{MODULE}">{listed}</ul>{pager}<script src="/uiFramework/js/a.js"></script>'))
    simulation.routes[f"{HOST}/eportal/ui"] = answer


def _epoint(simulation: Simulation) -> None:
    found = simulation.columns[PUBLIC] = Expected(set(), end_proof="declared-total", rows=32, declared=32)
    rows = [_row(simulation, found, f"/002005/20240126/7eb5f7f1-9041-43ad-8e13-{place:012d}.html", place)
            for place in range(32)]
    simulation.routes[f"{HOST}/govInfoPub.html"] = Reply(page(
        "<div id=list></div><script src='/js/webBuilderCommon.js'></script>", "<meta name=front content='EWB-FRONT'>"))
    simulation.routes[f"{HOST}/js/webBuilderCommon.js"] = Reply(
        f"var siteInfo = {{ siteGuid: '{GUID}', projectName: 'XZEWB-FRONT' }};", media_type="text/javascript")

    def service(asked: Asked) -> Reply:
        said = json.loads(asked.body).get("params")
        if not said or said["siteGuid"] != GUID or said["categorynum"] != "002005":
            return Reply(json.dumps({"custom": "", "status": {"code": 0}}), media_type="text/plain")
        number, size = said["pageIndex"], said["pageSize"]
        data = [{"infourl": url, "title": title[:8], "realtitle": title, "infodate": day}
                for url, title, day in rows[number * size:(number + 1) * size]]
        return Reply(json.dumps({"custom": {"total": 32, "data": data}}), media_type="text/plain")
    simulation.routes[f"{HOST}/XZEWB-FRONT/rest/lightfrontaction/getgovinfolist"] = service


def _row(simulation: Simulation, found: Expected, path: str, place: int) -> tuple[str, str, str]:
    url, year = f"http://{HOST}{path}", 2023 - place % 14
    if place % 5 == 1:
        title, reason = list(NOISE.items())[place // 5 % len(NOISE)]
        title, found.rejected[url] = title.format(year=year), reason
    else:
        title = f"辽示省第{place}厅{year}年政府信息公开工作年度报告"
        found.reports.add(url)
        simulation.routes.setdefault(HOST + path.partition("?")[0], Reply(article(f"辽示省第{place}厅", year)))
    return path, title, f"2024-01-{place % 27 + 1:02d}"
