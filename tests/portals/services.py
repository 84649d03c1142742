"""Columns whose rows come from services or scripts, as nobody has seen them: names, keys, counts, numbering and traps drawn
from a seed. What a walk must find follows from the drawing; a seed that fails is a case to keep.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from urllib.parse import urlencode

from crawler.demo.content import NOISE, article, page
from crawler.demo.simulation import Asked, Expected, Reply, Simulation

AGENCIES = ("水务局", "教育和体育局", "司法局", "东岭镇人民政府", "北塘街道办事处", "发展和改革局", "统计局", "农业农村局")
TITLES = ("{who}{year}年政府信息公开工作年度报告", "{who}{year}年度政府信息公开年报", "{year}年{who}政府信息公开年度报告",
          "{who}关于{year}年度政府信息公开工作情况的报告")
LINKS = ("{url}", "http://{host}{url}", "//{host}{url}")
FORM = "application/x-www-form-urlencoded"


class Service:
    """A column under construction: drawn rows, their articles, and what must be found."""

    def __init__(self, seed: int, path: str, dialect: str) -> None:
        self.draw = draw = random.Random(seed)
        self.host = f"{draw.choice(('www', 'xxgk', 'zwgk'))}.{draw.choice(('lh', 'qs', 'mt'))}{seed}.sim"
        self.found = Expected(set(), rows=None)
        self.url = f"http://{self.host}{path}"
        self.simulation = Simulation({}, {self.url: self.found}, wasted=3)
        self.place, self.dialect, self.link = draw.choice(("岭海县", "青石区", "木塘市")), dialect, draw.choice(LINKS)
        self.size = draw.choice((7, 10, 15, 20))
        self.count = draw.choice((1, self.size, self.size + 1, 2 * self.size, 33, 47))
        self.pages = -(-self.count // self.size)
        self.c = draw.choice(("zxlist", "nb-items", "xw_ul", "contentbox"))
        self.rows = [self.row(n) for n in range(self.count)]

    def row(self, n: int) -> dict[str, str]:
        draw, year = self.draw, 2023 - n % 13
        day = f"{year + 1}-{n % 3 + 1:02d}-{n % 27 + 1:02d}"
        uuid = f"{draw.getrandbits(32):08x}-4a1b-4c2d-8e3f-{draw.getrandbits(48):012x}"
        url = self.dialect.format(ym=day[:7].replace("-", ""), d=day[8:], ymd=day.replace("-", ""), y=day[:4], m=int(day[5:7]),
                                  uuid=uuid, hex=uuid.replace("-", ""), id=50210 + n)
        who, full = f"{self.place}{AGENCIES[n % len(AGENCIES)]}", f"http://{self.host}{url}"
        if n and draw.random() < 0.2:
            title = draw.choice(list(NOISE)).format(year=year)
            self.found.rejected[full] = ""
        else:
            title = draw.choice(TITLES).format(who=who, year=year)
            self.found.reports.add(full)
            self.put(url, article(who, year))
        return {"title": title, "short": title[:12] + "…", "day": day, "stamp": str(1705900000000 + n * 86_400_000),
                "url": self.link.format(url=url, host=self.host)}

    def put(self, path: str, answer: str | Reply | Callable[[Asked], Reply]) -> None:
        self.simulation.routes[self.host + path] = Reply(answer) if isinstance(answer, str) else answer

    def part(self, number: int) -> list[dict[str, str]]:
        """The rows of a page, counted from 1; beyond the last, whatever was drawn: nothing, or the last page again."""
        if number > self.pages and self.draw_end == "repeat":
            number = self.pages
        return self.rows[(number - 1) * self.size:number * self.size] if number > 0 else []

    draw_end = "nothing"

    def html(self, rows: list[dict[str, str]], style: int = 0) -> str:
        forms = ("<ul class='{c}'>{rows}</ul>", "<table class={c}>{rows}</table>", "<div class={c}>{rows}</div>")
        row = ("<li><a href='{url}' title='{title}' target=_blank>{short}</a><span>{day}</span></li>",
               "<tr><td><a href=\"{url}\">{title}</a></td><td>{day}</td></tr>",
               "<p><i>{day}</i><a href='{url}'>{title}</a></p>")
        return forms[style].format(c=self.c, rows="".join(row[style].format(**each) for each in rows))


def hebei(seed: int) -> Simulation:
    """河北: fragments of rows by page number, some servers counting from zero, some pages with the first rows in them."""
    column = "/columns/0f1e2d3c-1111-4a4a-9b9b-aabbccddee01/"
    made = Service(seed, column + "index.html", "/columns/77aa88bb-2222-4a4a-9b9b-aabbccddee02/{ym}/{d}/{uuid}.html")
    block = f"{column}templates/31415926-3333-4a4a-9b9b-aabbccddee03/blocks/27182818-4444-4a4a-9b9b-aabbccddee04"
    base, made.draw_end, style = made.draw.choice((0, 1)), made.draw.choice(("nothing", "repeat")), made.draw.randrange(3)
    words = made.draw.choice(("共{t}页", "<em>1</em>/{t}", "<script>var totalPage = {t};</script>"))
    asks = (f"$('#rows').load('{block}?page={base}&fix=0');",
            f"function go(n) {{ $.get('{block}?page=' + n + '&fix=0', function (h) {{ $('#rows').html(h); }}); }} go({base});",
            f"$.ajax({{type:'get', url:'{block}', data:{{page: {base}, fix: 0}}, success: function (h) {{ show(h); }} }});")
    made.put(column + "index.html", page(f"<div id=rows></div><script>{made.draw.choice(asks)}</script>"))

    def fragment(asked: Asked) -> Reply:
        number = int(asked.parameters().get("page") or base) - base + 1
        rows = made.part(number)
        return Reply(made.html(rows, style) + words.format(t=made.pages) if rows else "<ul></ul>")
    made.put(block, fragment)
    return made.simulation


def chinatax(seed: int) -> Simulation:
    """税务: rows as JSON for a channel, keys in any order, titles with markup, totals that are not what is there."""
    made = Service(seed, f"/chinatax/n8{seed:05d}/c10{seed:04d}r/index.html", "/chinatax/n810/c520{id}/content.html")
    channel, lies = f"{made.draw.getrandbits(128):032x}", made.draw.choice((0, 0, 0, 1))
    made.draw_end = made.draw.choice(("nothing", "repeat"))
    said = made.draw.choice(("channelId: '{c}'", "'channelId':\"{c}\"", "channelid = '{c}'"))
    var = said.format(c=channel)
    script = (f"var x = 1; var opts = {{ {var} }};" if ":" in var else f"var {var};") + \
        "$.post('/getFileListByCodeId', { page: 1, size: 20 }, function (d) { });"
    made.put(made.url.split(".sim", 1)[1], page(f"<ul class={made.c}></ul><script>{script}</script>"))

    def answer(asked: Asked) -> Reply:
        given = asked.parameters()
        if asked.method != "POST" or given.get("channelId") != channel:
            return Reply(json.dumps({"code": 500, "msg": "param"}), media_type="application/json")
        made.size = int(given.get("size", "20"))
        made.pages = -(-made.count // made.size)
        data = [{"subtitle": "", "publishedTimeStr": each["day"] + " 10:00:00", "url": each["url"],
                 "title": each["title"].replace("政府", "<em>政府</em>", 1)} for each in made.part(int(given["page"]))]
        total = made.count + 5 * lies
        body = {"results": {"data": {"rows": 20, "data": data, "total": total}}, "code": "200"}
        return Reply(json.dumps(body, ensure_ascii=made.draw.random() < 0.5), media_type="application/json")
    made.put("/getFileListByCodeId", answer)
    return made.simulation


def was5(seed: int) -> Simulation:
    """WAS5 search: rows of a channel, pages by a parameter of the same address, the count in words."""
    channel = 200000 + seed
    made = Service(seed, f"/was5/web/search?channelid={channel}", "/zwgk/nb/{ym}/t{ymd}_{id}.html")
    style, first = made.draw.randrange(3), made.draw.choice(("page", "page"))
    asked_for = f"&searchword={'%E5%B9%B4%E6%8A%A5'}&orderby=-docreltime"

    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters().get(first) or 1)

        def to(n: int, text: str) -> str:
            return f"<a href='search?channelid={channel}{asked_for}&{first}={n}'>{text}</a> "
        links = "".join(to(n, str(n)) for n in range(1, made.pages + 1) if n != number)
        next_ = to(number + 1, "下一页") if number < made.pages else "下一页"
        words = made.draw.choice((f"共有 {made.count} 条记录", f"共{made.pages}页", ""))
        return Reply(page(made.html(made.part(number), style) + f"<div class=outline>{words} {links}{next_}</div>"))
    made.put("/was5/web/search", answer)
    return made.simulation


def inline(seed: int) -> Simulation:
    """All rows in the page, drawn by its own script: arrays of objects, JSON in a text, hidden nodes, arrays of arrays."""
    made = Service(seed, "/zfxxgk/ndbg/index.html", "/zfxxgk/ndbg/{ymd}/{hex}.html")
    keys = made.draw.choice((("title", "url", "time"), ("docTitle", "docUrl", "docDate"), ("bt", "lj", "rq"),
                             ("name", "href", "publishDate"), ("subject", "link", "create_time")))
    items = [dict(zip(keys, (r["title"], r["url"], r["day"]), strict=True)) for r in made.rows]
    form = seed % 5
    text = json.dumps(items, ensure_ascii=made.draw.random() < 0.5)
    if form == 0:
        script = f"var dataList = {text}; render(dataList, {made.size});"
    elif form == 1:
        quoted = text.replace("\\", "\\\\").replace("'", "\\'")
        script = f"var all = JSON.parse('{quoted}'); page(all);"
    elif form == 2:
        script = "var rows = [" + ",".join(f"['{r['title']}','{r['url']}','{r['day']}']" for r in made.rows) + "]; draw(rows);"
    elif form == 3:
        script = "var arr = []; " + "".join(
            f"arr.push({{ {keys[0]}: '{r['title']}', {keys[1]}: '{r['url']}', {keys[2]}: '{r['day']}' }}); " for r in made.rows)
    else:
        hidden = made.html(made.rows).replace("<li>", "<li style='display:none'>")
        pager = f"<div id=pg></div><script>var logicTotalPage = {made.pages};</script>"
        made.put("/zfxxgk/ndbg/index.html", page(hidden + pager))
        return made.simulation
    made.put("/zfxxgk/ndbg/index.html", page(f"<ul id={made.c}></ul><div id=pg></div><script>{script}</script>"))
    return made.simulation


def ajax(seed: int) -> Simulation:
    """A system nobody knows: a request of the page's own script, by GET or POST, form or JSON, pages from 0 or 1, any keys."""
    made = Service(seed, "/xxgk/gknb/list.html", "/xxgk/gknb/art/{y}/{m}/{id}.html")
    draw = made.draw
    path = draw.choice(("/api/article/list", "/cms/front/queryList", "/interface/getPageData.do", "/rest/news/page"))
    name, size = draw.choice((("pageNo", "pageSize"), ("pageIndex", "rows"), ("page", "limit"), ("currentPage", "size"),
                              ("pageNum", "num")))
    post, as_json, base = draw.random() < 0.5, draw.random() < 0.4, draw.choice((1, 1, 0))
    made.draw_end = draw.choice(("nothing", "repeat"))
    keys = draw.choice((("title", "url", "publishTime"), ("docTitle", "docUrl", "docRelTime"),
                        ("name", "linkUrl", "createTime"), ("infoTitle", "infoUrl", "infoDate"),
                        ("TITLE", "URL", "PUBDATE"), ("biaoti", "path", "rq")))
    total, shell = draw.choice(("total", "totalCount", "recordsTotal", "")), draw.randrange(3)
    day = draw.choice(("day", "stamp"))
    data = f"{{catId: '77{seed}', {name}: pageNow, {size}: {made.size}}}"
    sent = f"JSON.stringify({data})" if as_json and post else data
    kind = ", contentType: 'application/json'" if as_json and post else ""
    verb = "post" if post else "get"
    script = f"var pageNow = {base}; function load() {{ $.ajax({{ type: '{verb}', url: '{path}', data: {sent}{kind}, " \
             "dataType: 'json', success: function (r) { fill(r); } }); } load();"
    made.put("/xxgk/gknb/list.html", page(f"<ul class={made.c}></ul><div class=page></div><script>{script}</script>"))

    def answer(asked: Asked) -> Reply:
        given = json.loads(asked.body or b"{}") if as_json and post else asked.parameters()
        if asked.method != verb.upper() or str(given.get("catId")) != f"77{seed}":
            return Reply(json.dumps({"code": 400, "msg": "bad", "data": None}), media_type="application/json")
        rows = made.part(int(given.get(name) or base) - base + 1)
        items = [dict(zip(keys, (r["title"], r["url"], int(r["stamp"]) if day == "stamp" else r["day"]), strict=True)) | {
            "id": n, "views": 31} for n, r in enumerate(rows)]
        inner = [{"list": items}, {"records": items, "pages": made.pages}, items][shell] if not total else (
            {"records": items, total: made.count})
        return Reply(json.dumps({"code": 0, "success": True, "data": inner}, ensure_ascii=False), media_type="application/json")
    made.put(path, answer)
    return made.simulation


def gtapp(seed: int) -> Simulation:
    """自然资源: the same address again by POST with the number of the page."""
    made = Service(seed, "/gtapp/xxgk/nb.action", "/gtapp/nb/{ymd}/{id}.html")
    style = made.draw.randrange(3)

    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters().get("cpage") or 1) if asked.method == "POST" else 1
        links = "".join(f"<a href=\"javascript:page('{n}')\">{n}</a>" for n in range(1, made.pages + 1) if n != number)
        next_ = f"<a href=\"javascript:page('{number + 1}')\">下一页</a>" if number < made.pages else ""
        form = "<form name=f method=post><input type=hidden name=cpage value=1></form>"
        script = "<script>function page(n) { document.f.cpage.value = n; document.f.submit(); }</script>"
        return Reply(page(f"{form}{made.html(made.part(number), style)}<div>{links}{next_} 共{made.pages}页</div>{script}"))
    made.put("/gtapp/xxgk/nb.action", answer)
    return made.simulation


def xibu(seed: int) -> Simulation:
    """西部集约化: pages 1.html, 2.html …, the count in a script."""
    made = Service(seed, "/zfxxgk/zfxxgknb/1.html", "/zfxxgk/zfxxgknb/17496038416711{id}.html")
    style = made.draw.randrange(3)
    form = made.draw.choice(("maxPage = parseInt('{t}')", 'maxPage = parseInt("{t}");', "maxPage=parseInt({t})"))
    for number in range(1, made.pages + 1):
        made.put(f"/zfxxgk/zfxxgknb/{number}.html", page(
            f"{made.html(made.part(number), style)}<div id=pages></div><script>var currentPage = {number}; "
            f"var {form.format(t=made.pages)};</script>"))
    return made.simulation


def shanghai(seed: int) -> Simulation:
    """上海: pages index_2.html …, copies of rows in comments, pinned rows on every page, older years on pages of their own."""
    column = f"/nw{12000 + seed}/"
    made = Service(seed, f"{column}index.html", column + "{ymd}/{hex}.html")
    style = made.draw.randrange(3)
    pinned = made.rows[:1] if made.draw.random() < 0.5 else []
    for number in range(1, made.pages + 1):
        stale = f"<!-- {made.html([{**made.rows[0], 'url': column + '20200101/' + 'a' * 32 + '.html'}])} -->"
        rows = pinned + [row for row in made.part(number) if row not in pinned]
        body = f"{stale}{made.html(rows, style)}<div class=pagination></div>"
        script = f"<script>$('.pagination').pagination('setPage', {number}, {made.pages});</script>"
        made.put(f"{column}index{'' if number == 1 else f'_{number}'}.html", page(body + script))
    return made.simulation


def annual(seed: int) -> Simulation:
    """The 年报 module: agency and year in the query, the years as links or options, the agencies as a tree."""
    areas = {f"1137{seed:04d}0043262{n}A": f"{name}" for n, name in enumerate(("县水务局", "县财政局", "东岭镇"))}
    first = next(iter(areas))
    module = "/module/xxgk/xxgkAnnualReport.jsp"
    made = Service(seed, f"{module}?area={first}", "/x/{id}.html")
    made.simulation.routes.clear()
    made.found.reports.clear()
    made.found.rejected.clear()
    flip, options = made.draw.random() < 0.5, made.draw.random() < 0.4
    years = range(2023, 2023 - made.draw.choice((2, 5, 9)), -1)

    def to(area: str, year: int = 0) -> str:
        asked = {"area": area} | ({"fbtime": str(year)} if year else {})
        return f"{module}?{urlencode(dict(reversed(asked.items())) if flip else asked)}"
    for area in areas:
        made.found.reports.update(f"http://{made.host}{to(area, year)}" for year in years)

    def answer(asked: Asked) -> Reply:
        given = asked.parameters()
        area, year = given.get("area", first), int(given.get("fbtime") or years[0])
        tree = "".join(f"<li><a href='{to(each)}'>{name}</a></li>" for each, name in areas.items())
        shown = "".join(f"<option value='{to(area, each)}'>{each}年</option>" if options else
                        f"<a href='{to(area, each)}'>{each}年</a>" for each in years)
        body = article(made.place + areas[area], year)
        return Reply(page(f"<ul class=tree>{tree}</ul>{f'<select>{shown}</select>' if options else shown}{body}"))
    made.put(module, answer)
    return made.simulation


FAMILIES: dict[str, Callable[[int], Simulation]] = {
    "hebei": hebei, "chinatax": chinatax, "was5": was5, "inline": inline, "ajax": ajax, "gtapp": gtapp, "xibu": xibu,
    "shanghai": shanghai, "annual": annual}
