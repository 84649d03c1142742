"""Hanweb jpaas: a shell with three units (menu, list, footer) that answers only to the page's own Referer and turns pages
by `paramJson` alone; an overview with 更多 links to 部门 and 乡镇, an archive folder of an older year."""

from __future__ import annotations

import json
import zlib

from crawler.demo.content import NOISE, article, page, pdf
from crawler.demo.simulation import Asked, Expected, Reply, Route, Simulation

HOST, STORE, SIBLING = "www.jd.sim", "attach.oss-cn-hangzhou.aliyuncs.com", "refuses.jd.sim"
COLUMN, OVERVIEW = f"http://{HOST}/zwgk/zfxxgknb/index.html", f"http://{HOST}/xxgk/nb/index.html"
TOWNS, OLD = f"http://{HOST}/xxgk/nb/xz/index.html", f"http://{HOST}/2022n/index.html"
ENTRY = "/api-gateway/jpaas-publish-server/front/page/build/unit"
SIZE = 15


def portal() -> Simulation:
    simulation = Simulation({}, {}, wasted=2)
    answers: dict[str, tuple[str, list[str]]] = {"menu": (COLUMN, []), "foot": (COLUMN, [])}
    for name, url, count in (("list", COLUMN, 31), ("towns", TOWNS, 17), ("old", OLD, 4)):
        simulation.columns[url] = Expected(set(), end_proof="declared-total", rows=count, declared=count)
        answers[name] = (url, [_row(simulation, simulation.columns[url], name, place) for place in range(count)])
    simulation.routes[f"{HOST}/zwgk/zfxxgknb/index.html"] = Reply(_shell("menu", "list", "foot"))
    simulation.routes[f"{HOST}/xxgk/nb/xz/index.html"] = Reply(_shell("towns"))
    simulation.routes[f"{HOST}/2022n/index.html"] = Reply(_shell("old"))
    simulation.routes[f"{HOST}/xxgk/nb/index.html"] = Reply(page(
        '<div class="xxgk-zcnr"><h3>乡镇街道年报</h3><a class="xxgk_more" href="/xxgk/nb/xz/index.html">更多&gt;&gt;</a></div>'
        '<div class="year"><a href="/2022n/index.html">2022年</a></div>'))
    simulation.columns[OVERVIEW] = Expected(set(), end_proof="sub-columns", rows=0)
    simulation.routes[HOST + ENTRY] = _unit(answers)
    return simulation


def _shell(*units: str) -> str:
    return page("".join(f'''<script src="/cms_files/default/script/AuthorizedRead/unitbuild.js?v=3" url="{ENTRY}"
        queryData="{{'parseType':'bulidstatic','webId':'77','tplSetId':'x{unit}','pageType':'column','tagId':'右侧{unit}',
        'editType':'null','pageId':'{unit}'}}"></script>''' for unit in units))


def _unit(answers: dict[str, tuple[str, list[str]]]) -> Route:
    def answer(asked: Asked) -> Reply:
        said = asked.parameters()
        url, rows = answers[said["pageId"]]
        if asked.headers.get("referer") != url:
            return Reply("", 403)
        number = json.loads(said["paramJson"])["pageNo"] if "paramJson" in said else 1
        listed = "".join(rows[(number - 1) * SIZE:number * SIZE])
        pager = f'<div class="pagination" rows="{SIZE}" count="{len(rows)}" pageNo="{number}"></div>'
        menu = '<div class="menu"><a href="/zwgk/">政务公开</a><a href="/about/">关于我们</a></div>'
        markup = f"<ul>{listed}</ul>{pager}" if rows else menu
        return Reply(json.dumps({"success": True, "data": {"html": markup}}), media_type="text/plain; charset=utf-8")
    return answer


def _row(simulation: Simulation, found: Expected, name: str, place: int) -> str:
    path = f"/zwgk/{name}/art/2024/art_{zlib.crc32(f'{name}{place}'.encode()):032x}.html"
    url, year = f"http://{HOST}{path}", 2023 - place % 8
    if place % 5 == 1:
        title, reason = list(NOISE.items())[place % len(NOISE)]
        title, found.rejected[url] = title.format(year=year), reason
    else:
        title = f"建德县示例{place}镇{year}年政府信息公开工作年度报告"
        found.reports.add(url)
        simulation.routes[HOST + path] = Reply(article(f"建德县示例{place}镇", year, _files(simulation, name, place)))
    day = f'<span class="fr">2024-01-{place % 27 + 1:02d}</span>'
    return f'<li class="cf border-line"><a class="fl" href="{path}" title="{title}">{title}</a>{day}</li>'


def _files(simulation: Simulation, name: str, place: int) -> str:
    """On some articles a file in a viewer, or one that a sibling host refuses and this host has."""
    file = f"/cms_files/filemanager/77/attach/20241/{name}{place}.pdf"
    if place % 5 == 2:
        simulation.routes[HOST + file] = Reply(pdf(f"{name}{place}"), media_type="application/octet-stream")
        simulation.files[f"http://{HOST}{file}"] = pdf(f"{name}{place}")
        return f'<iframe src="/cms_files/demo/pdfjs/web/viewer.html?file={file}"></iframe>'
    if place % 5 == 3:
        simulation.routes[SIBLING + file] = Reply("", 403)
        simulation.routes[HOST + file] = Reply(pdf(f"{name}{place}"), media_type="application/octet-stream")
        simulation.files[f"http://{HOST}{file}"] = pdf(f"{name}{place}")
        return f'<a href="http://{SIBLING}{file}">年报.pdf</a>'
    return ""
