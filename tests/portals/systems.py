"""Columns of the systems known by name, as nobody has seen them: counts, sizes, numbering and pagers drawn from a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from crawler.demo.content import page
from crawler.demo.simulation import Asked, Reply, Simulation
from tests.portals.services import Service

JPAAS = "/api-gateway/jpaas-publish-server/front/page/build/unit"
NEWS = "".join(f"<li><a href='/xw/art/2024/art_{n:032x}.html'>县委召开第{n}次会议</a><span>2024-02-0{n}</span></li>"
               for n in range(1, 6))


def _json(value: object) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False), media_type="application/json")


def jpaas(seed: int) -> Simulation:
    """Units in any order, the list among them, its pager as attributes, words, a script or none; pages by `paramJson` alone."""
    made = Service(seed, "/zwgk/nb/index.html", "/zwgk/nb/art/{y}/art_{hex}.html")
    units = ["menu", "list", "foot", "hot"]
    made.simulation.wasted = 5                   # the other units, and a second page that is not there
    made.draw.shuffle(units)
    style, pager, kind = made.draw.randrange(3), made.draw.randrange(4), made.draw.choice(("buildstatic", "bulidstatic"))
    made.put("/zwgk/nb/index.html", page("".join(
        f"<div id=u{unit}><script src='/cms_files/default/script/AuthorizedRead/unitbuild.js' url='{JPAAS}' "
        f"queryData=\"{{'parseType':'{kind}','webId':'12','tplSetId':'{unit}','pageType':'column','pageId':'c7'}}\"></script></div>"
        for unit in units)))
    others = {"menu": "<ul><li><a href='/zwgk/zn/'>政府信息公开指南</a></li></ul>", "foot": "<p>主办：某某</p>",
              "hot": f"<ul>{NEWS}</ul>"}
    pagers = (f'<div class="pagination" rows="{made.size}" count="{made.count}"></div>',
              f'<div id=page totalPage="{made.pages}">共{made.count}条</div>',
              f"<script>var totalCount={made.count},pageSize={made.size};</script>", "<div class=pg></div>")

    def answer(asked: Asked) -> Reply:
        given = asked.parameters()
        if asked.headers.get("referer") != made.url:
            return Reply("", 403)
        number = int(json.loads(given["paramJson"])["pageNo"]) if "paramJson" in given else 1
        html = made.html(made.part(number), style) + pagers[pager] if given["tplSetId"] == "list" else others[given["tplSetId"]]
        return _json({"code": "200", "success": True, "data": {"html": html}})
    made.put(JPAAS, answer)
    return made.simulation


def gkmlpt(seed: int) -> Simulation:
    """An instance under a path prefix or none, the catalogue named in many ways, a count of posts that is too large."""
    draw = random.Random(seed)
    prefix, catalogue = draw.choice(("", "/zqjyj", "/xx/yy")), draw.randrange(1000, 9000)
    made = Service(seed, f"{prefix}/gkmlpt/index", prefix + "/gkmlpt/content/2/28/post_28{id}.html")
    made.size = draw.choice((100, 20))
    made.pages = -(-made.count // made.size)
    name = draw.choice(("政府信息公开年报", "年报", "政府信息公开工作年度报告", "年度报告"))
    tree = [{"id": 1, "name": "政府信息公开指南", "post_count": 1, "jump_url": "", "children": []},
            {"id": catalogue, "name": name, "post_count": made.count + 50, "jump_url": "", "children": []}]
    config = f"window._CONFIG = {{ SID:'75{seed}', TREE: {json.dumps(tree, ensure_ascii=False)}, SERVICE_AREA_ID: 7 }};"
    made.put(f"{prefix}/gkmlpt/index", f"<html><body><div id=app></div><script>{config}</script></body></html>")

    def answer(asked: Asked) -> Reply:
        number = max(1, int(asked.parameters().get("page", 1)))
        if asked.parameters().get("sid") != f"75{seed}" or number > made.pages:
            return Reply("", 404)
        rows = [{"id": n, "created_at": 1, "create_time": int(row["stamp"]) // 1000, "title": row["title"], "type": "normal",
                 "url": row["url"]} for n, row in enumerate(made.part(number))]
        return _json({"classify": {"post_count": made.count + 50}, "total": made.count, "articles": rows})
    made.put(f"{prefix}/gkmlpt/api/all/{catalogue}", answer)
    return made.simulation


def lonsun(seed: int) -> Simulation:
    """A fragment by catalogue and agency; beyond the last page the last one again."""
    draw = random.Random(seed)
    agency, catalogue = draw.randrange(100000, 900000), draw.randrange(100000, 900000)
    made = Service(seed, f"/public/column/{agency}?type=4&action=list&catId={catalogue}", f"/public/{agency}/61{{id}}.html")
    style = made.draw.randrange(3)
    way = (f"/site/label/8888?labelName=publicInfoList&siteId=678&organId={agency}&catId={catalogue}&type=4"
           f"&pageSize={made.size}&pageIndex=1&length=40&action=list&result=暂无相关信息")
    made.put(f"/public/column/{agency}", page(f"<div id=list></div><script>$('#list').load('{way}');</script>"))

    def answer(asked: Asked) -> Reply:
        given = asked.parameters()
        if given.get("catId") != str(catalogue):
            return Reply("<div>暂无相关信息</div>")
        made.size = int(given.get("pageSize", made.size))
        made.pages = -(-made.count // made.size)
        number = min(int(given.get("pageIndex", 1)), made.pages)
        script = f"<script>var o={{pageCount:{made.pages},current:{number}}};</script>"
        return Reply(made.html(made.part(number), style) + script)
    made.put("/site/label/8888", answer)
    return made.simulation


def ucap(seed: int) -> Simulation:
    """Pages in files, or rows as JSON for a channel."""
    made = Service(seed, "/xjxx/c112746/list.shtml", "/xjxx/c112746/{ym}/{hex}.shtml")
    style, channel = made.draw.randrange(3), f"{made.draw.getrandbits(128):032x}"
    if seed % 2:
        base = made.draw.choice(("/common/search/", "/search/"))
        way = f"{base}{channel}?_isAgg=true&_isJson=true&_pageSize={made.size}&_template=index&page="
        made.put("/xjxx/c112746/list.shtml", page(f"<ul id=list></ul><script>$.get('{way}' + page, show);</script>"))

        def answer(asked: Asked) -> Reply:
            rows = [{"title": row["title"], "url": row["url"], "publishedTimeStr": f"{row['day']} 09:00:00"}
                    for row in made.part(int(asked.parameters().get("page", 1)))]
            return _json({"data": {"rows": made.size, "total": made.count, "results": rows}})
        made.put(base + channel, answer)
        return made.simulation
    for number in range(1, made.pages + 1):
        call = f"createPageHTML('page_div',{made.pages},{number},'list','shtml',{made.count});"
        made.put(f"/xjxx/c112746/list{'' if number == 1 else f'_{number}'}.shtml",
                 page(f"{made.html(made.part(number), style)}<div id=page_div></div><script>{call}</script>"))
    return made.simulation


def vsb(seed: int) -> Simulation:
    """Files that count down, or the same page by parameters."""
    made = Service(seed, "/zfxxgk/nb.htm", "/info/1077/{id}.htm")
    style, last, form = made.draw.randrange(3), made.pages, seed % 3
    if form == 0:
        for number in range(1, last + 1):
            folder = "nb/" if number == 1 else ""
            next_ = f"<a href='{folder}{last - number}.htm'>下页</a>" if number < last else "<span>下页</span>"
            made.put("/zfxxgk/nb.htm" if number == 1 else f"/zfxxgk/nb/{last - number + 1}.htm",
                     page(f"{made.html(made.part(number), style)}<p>共{made.count}条&nbsp; {number}/{last}&nbsp; {next_}</p>"))
        return made.simulation
    name, more = ("PAGENUM", f"totalpage={last}&urltype=tree.TreeTempUrl&wbtreeid=1077") if form == 1 else (
        "ainfolist1501p", f"ainfolist1501t={last}&ainfolist1501c={made.size}&urltype=egovinfo")

    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters().get(name) or 1)
        next_ = f"<a href='?{more}&{name}={number + 1}'>下页</a>" if number < last else "下页"
        return Reply(page(f"{made.html(made.part(number), style)}共{made.count}条 {number}/{last} {next_}"))
    made.put("/zfxxgk/nb.htm", answer)
    return made.simulation


def xxgk(seed: int) -> Simulation:
    """Hanweb's module: the codes in variables or in the request; without them the whole district; the last page again."""
    area = f"1133{seed:04d}"
    made = Service(seed, f"/module/xxgk/tree.jsp?area={area}", "/art/{y}/{m}/1/art_12_{id}.html")
    style, code, jdid = made.draw.randrange(3), made.draw.choice(("A0212", "B030", "XZ07")), made.draw.randrange(1000, 9000)
    script = made.draw.choice((
        f"var jdid='{jdid}'; var divid='div77'; var infotypeId='{code}'; var area='{area}';",
        f"$.ajax({{type:'post', url:'/module/xxgk/search.jsp', data:{{infotypeId:'{code}', jdid:'{jdid}', area:'{area}'}}}});"))
    further = "function go(n) { $.post('/module/xxgk/search.jsp?standardXxgk=1&currpage=' + n); }"
    made.put("/module/xxgk/tree.jsp", page(f"<div id=div77></div><script>{script} {further}</script>"))

    def answer(asked: Asked) -> Reply:
        given = asked.parameters()
        if asked.method != "POST" or given.get("infotypeId") != code or given.get("area") != area:
            return Reply("".join(f"<p><a href='/art/2024/1/1/art_9_{n}.html'>全市通知{n}</a></p>" for n in range(99)))
        number = min(int(given.get("currpage", 1)), made.pages)
        return Reply(f"{made.html(made.part(number), style)}<div>共{made.count}条信息 共{made.pages}页 第{number}页</div>")
    made.put("/module/xxgk/search.jsp", answer)
    return made.simulation


SYSTEMS: dict[str, Callable[[int], Simulation]] = {
    "jpaas": jpaas, "gkmlpt": gkmlpt, "lonsun": lonsun, "ucap": ucap, "vsb": vsb, "xxgk": xxgk}
