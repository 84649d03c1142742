"""UCAP: one page, one list in pages `list_2.shtml`, one whose rows come as JSON, one that wants a token its script makes."""

from __future__ import annotations

import json

from crawler.demo.content import NOISE, article, page
from crawler.demo.simulation import Asked, Expected, Reply, Simulation

HOST = "www.xj.sim"
ONE, PAGED = f"http://{HOST}/c112678/zfxxgk_gknrz.shtml", f"http://{HOST}/c112746/list.shtml"
SERVED, TOKEN = f"http://{HOST}/c112747/common_list.shtml", f"http://{HOST}/c112748/list.shtml"
CHANNEL, SECRET = "0f" * 16, "ab" * 16


def portal() -> Simulation:
    simulation = Simulation({}, {}, wasted=2)
    _lists(simulation)
    _served(simulation)
    shell = f"<ul id='list'></ul><script src='list1.js'></script><script>var u = '/search/{SECRET}';</script>"
    simulation.routes[f"{HOST}/c112748/list.shtml"] = Reply(page(shell))
    simulation.routes[f"{HOST}/search/{SECRET}"] = Reply("<html><script>location.reload()</script></html>")
    simulation.columns[TOKEN] = Expected(set(), refusal="needs-browser", outcome="refused")
    return simulation


def _lists(simulation: Simulation) -> None:
    found = simulation.columns[ONE] = Expected(set(), end_proof="single-page", rows=7)
    rows = "".join(_row(simulation, found, place) for place in range(7))
    simulation.routes[f"{HOST}/c112678/zfxxgk_gknrz.shtml"] = Reply(page(f"<ul>{rows}</ul>"))
    found = simulation.columns[PAGED] = Expected(set(), end_proof="last-page", rows=88, declared=88)
    for number in range(1, 6):
        rows = "".join(_row(simulation, found, place) for place in range(100 + (number - 1) * 20, 100 + min(88, number * 20)))
        name = "list.shtml" if number == 1 else f"list_{number}.shtml"
        pager = f"<div id='page_div'></div><script>createPageHTML('page_div',5,{number},'list','shtml',88);</script>"
        simulation.routes[f"{HOST}/c112746/{name}"] = Reply(page(f"<ul id='list'>{rows}</ul>{pager}"))


def _served(simulation: Simulation) -> None:
    found = simulation.columns[SERVED] = Expected(set(), end_proof="declared-total", rows=46, declared=46)
    rows = [_fact(simulation, found, place) for place in range(300, 346)]
    script = f'<script>var url = "/search/{CHANNEL}?_isAgg=true&_isJson=true";</script>'
    shell = f"<ul id='list'></ul><div id='page_div'></div>{script}"
    simulation.routes[f"{HOST}/c112747/common_list.shtml"] = Reply(page(shell, f'<meta name="channelId" content="{CHANNEL}">'))

    def search(asked: Asked) -> Reply:
        said = asked.parameters()
        number, size = int(said["page"]), int(said["_pageSize"])
        listed = [{"title": title, "url": url, "publishedTimeStr": day, "channelName": "年报"}
                  for url, title, day in rows[(number - 1) * size:number * size]]
        return Reply(json.dumps({"data": {"rows": size, "total": 46, "results": listed}}), media_type="text/plain")
    simulation.routes[f"{HOST}/search/{CHANNEL}"] = search


def _fact(simulation: Simulation, found: Expected, place: int) -> tuple[str, str, str]:
    path = f"/c112746/2024{place % 9 + 1:02d}/{place:032x}.shtml"
    url, year = f"http://{HOST}{path}", 2023 - place % 12
    if place % 5 == 4:
        title, reason = list(NOISE.items())[place // 5 % len(NOISE)]
        title, found.rejected[url] = title.format(year=year), reason
    else:
        title = f"新示州第{place}局{year}年政府信息公开工作年度报告"
        found.reports.add(url)
        simulation.routes[HOST + path] = Reply(article(f"新示州第{place}局", year))
    return url if place < 300 else path, title, f"2024-01-{place % 27 + 1:02d} 10:00:00"


def _row(simulation: Simulation, found: Expected, place: int) -> str:
    url, title, day = _fact(simulation, found, place)
    return f'<li><a href="{url}" title="{title}">{title}</a><span>{day[:10]}</span></li>'
