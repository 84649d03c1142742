"""gkmlpt below a path prefix: a JavaScript literal with the tree, 100 rows per answer, page zero is page one, a false count
in the tree, a node that only jumps elsewhere, rows of other sites, bodies only in the page's configuration."""

from __future__ import annotations

import json

from crawler.demo.content import NOISE, page, pdf, report_text
from crawler.demo.simulation import MISSING, Asked, Expected, Reply, Route, Simulation

HOST = "www.yj.sim"
INDEX, NODE = f"http://{HOST}/yjsfj/gkmlpt/index", f"http://{HOST}/yjsfj/gkmlpt/index#21206"
JUMP = f"http://{HOST}/old/nb/"
TOTAL = 221


def portal() -> Simulation:
    simulation = Simulation({}, {})
    tree = [{"id": 21200, "name": "机构概况", "post_count": 3, "children": []},
            {"id": 21205, "name": "政府信息公开", "children": [
                {"id": 21206, "name": "政府信息公开年报", "post_count": 400, "jump_url": "", "children": []},
                {"id": 21207, "name": "年报", "post_count": 0, "jump_url": "/old/nb/", "children": []}]}]
    config = (f"window._CONFIG = {{ APP_URL: '/yjsfj/gkmlpt', SID: '758017', TREE: {json.dumps(tree, ensure_ascii=False)},\n"
              "SERVICE_AREA_ID: 44 };")
    simulation.routes[f"{HOST}/yjsfj/gkmlpt/index"] = Reply(page(f"<div id=app></div><script>{config}</script>"))
    simulation.columns[NODE] = found = Expected(set(), end_proof="declared-total", rows=TOTAL, declared=TOTAL)
    articles = [_article(simulation, found, place) for place in range(TOTAL)]
    simulation.routes[f"{HOST}/yjsfj/gkmlpt/api/all/21206"] = _api(articles)
    simulation.columns[INDEX] = Expected(set(), end_proof="sub-columns", rows=None)
    simulation.columns[JUMP] = Expected({f"{JUMP}201601/t20160101_1.html"}, end_proof="single-page", rows=1)
    simulation.routes[f"{HOST}/old/nb/"] = Reply(page(
        '<ul><li><a href="./201601/t20160101_1.html">阳江司法局2015年政府信息公开工作年度报告</a><i>2016-01-01</i></li></ul>'))
    simulation.routes[f"{HOST}/old/nb/201601/t20160101_1.html"] = Reply(page(report_text("阳江司法局", 2015)))
    return simulation


def _api(articles: list[dict[str, object]]) -> Route:
    def answer(asked: Asked) -> Reply:
        number = max(1, int(asked.parameters()["page"]))
        listed = articles[(number - 1) * 100:number * 100]
        if not listed or asked.parameters()["sid"] != "758017":
            return MISSING
        whole = {"classify": {"id": 21206, "post_count": 400}, "total": TOTAL, "offset": 0, "articles": listed}
        return Reply(json.dumps(whole), media_type="text/plain; charset=utf-8")
    return answer


def _article(simulation: Simulation, found: Expected, place: int) -> dict[str, object]:
    path = f"/yjsfj/gkmlpt/content/2/{2800 + place // 100}/post_{280000 + place}.html"
    url, year = f"http://{HOST}{path}", 2023 - place % 15
    kind, files = "normal", []
    if place % 6 == 5:
        title, reason = list(NOISE.items())[place % len(NOISE)]
        title, found.rejected[url] = title.format(year=year), reason
    elif place % 50 == 7:
        kind, url, title = "url", f"http://mp.weixin.example.test/s/{place}", f"阳江市{year}年政府信息公开年报"
        found.rejected[url] = "off-site"
    else:
        title = f"阳江市第{place}司法所{year}年政府信息公开工作年度报告"
        found.reports.add(url)
        detail = json.dumps({"DETAIL": {"content": report_text(title, year)}}).replace("<", "\\u003C")
        simulation.routes[HOST + path] = Reply(page(f"<div id=app></div><script>window._CONFIG = {detail};</script>"))
    if url in found.reports and place % 40 == 3:
        file = f"/attachment/0/{place}/年报{place}.pdf"
        files = [{"id": 1, "name": f"年报{place}.pdf", "url": f"http://{HOST}/attachment/0/{place}/{place}.pdf"}]
        simulation.routes[f"{HOST}/attachment/0/{place}/{place}.pdf"] = Reply(pdf(file), media_type="application/pdf")
        simulation.files[f"http://{HOST}/attachment/0/{place}/{place}.pdf"] = pdf(file)
        simulation.names[f"http://{HOST}/attachment/0/{place}/{place}.pdf"] = f"年报{place}.pdf"
    return {"id": place, "title": title, "url": url, "type": kind, "create_time": 1706227200 + place,
            "created_at": "2024-01-25", "attachment": files}
