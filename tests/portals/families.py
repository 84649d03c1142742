"""The same two families with other templates, names, counts and servers: what a walk must not depend on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from crawler.demo.content import NOISE, article, page
from crawler.demo.simulation import Asked, Expected, Reply, Simulation

TEMPLATES = {
    "list": ("<ul class='{c}'>{rows}</ul>",
             "<li class='{c}-{n}'><a href='{url}' title='{title}'>{title}</a><span>{day}</span></li>"),
    "table": ("<table class={c}><tbody>{rows}</tbody></table>",
              "<tr><td><img src=/i.gif>&nbsp;<a href='{url}'>{title}</a></td><td align=right>[{day}]</td></tr>"
              "<tr height=1><td colspan=2 class=x></td></tr>"),
    "boxes": ("<div class='{c}'>{rows}</div>",
              "<div class='{c}item'><p><em>{day}</em></p><h4><a href='{url}'>{title}</a></h4></div>"),
    "within": ("<div class='{c}'>{rows}</div>",
               "<a class='row{n}' href='{url}'><b>{title}</b><i>{day}</i></a>"),
    "groups": ("<div class='{c}'>{rows}</div>", "<ul><li><a href='{url}'>{title}</a> {day}</li></ul>"),
    "definition": ("<dl class={c}>{rows}</dl>", "<dt><a href='{url}' title='{title}'>{short}...</a></dt><dd>{day}</dd>"),
    "bare": ("<div class={c}>{rows}</div>", "· <a href='{url}'>{title}</a> ({day})<br>"),
}
CALLS: dict[str, Callable[[int, int, str, str, int], str]] = {
    "createPageHTML": lambda t, n, name, ext, rows: f'createPageHTML({t}, {n - 1}, "{name}", "{ext}");',
    "page_div": lambda t, n, name, ext, rows: f"createPageHTML('page_div',{t},{n},'{name}','{ext}',{rows});",
    "color": lambda t, n, name, ext, rows: f'createPageHTML({t},{n - 1},"{name}","{ext}","black2",{rows});',
    "countPage": lambda t, n, name, ext, rows: f"var countPage = {t}//共多少页\nvar currentPage = {n - 1};",
    "pageCount": lambda t, n, name, ext, rows: f"var opts = {{pageCount:{t},current:{n}}};",
    "maxPage": lambda t, n, name, ext, rows: f"var maxPage = parseInt('{t}');",
    "setPage": lambda t, n, name, ext, rows: f"$('#p').pagination(\"setPage\",{n},{t});",
}
ENDS = {"404": Reply("", 404), "refresh": Reply("<meta http-equiv=refresh content='0;url=./'>"),
        "stub": Reply("<html><body></body></html>")}


@dataclass(frozen=True)
class Static:
    """One static TRS column: template, pager call, extension, base of numbering, number of rows and of rows per page."""

    template: str = "list"
    call: str = "createPageHTML"
    name: str = "index"
    ext: str = "html"
    base: int = 0
    count: int = 43
    size: int = 20
    end: str = "404"


def static(case: Static) -> Simulation:
    host, folder = "www.static.sim", "/xxgk/nb/"
    column = f"http://{host}{folder}"
    whole, row = TEMPLATES[case.template]
    found = Expected(set(), end_proof="last-page" if case.count > case.size else "single-page", rows=case.count)
    simulation = Simulation({}, {column: found}, wasted=1)
    rows = []
    for place in range(case.count):
        month = f"{place % 12 + 1:02d}"
        title, url = _row(simulation, found, column, place, f"./2024{month}/t2024{month}15_{700 + place}.{case.ext}")
        rows.append(row.format(c="newsbox", n=place, url=url, title=title, short=title[:14], day=f"2024-{month}-15"))
    pages = -(-case.count // case.size)
    if case.call in ("page_div", "color"):
        found.declared = case.count
    for number in range(1, pages + 1):
        script = CALLS[case.call](pages, number, case.name, case.ext, case.count)
        body = whole.format(c="newsbox", rows="".join(rows[(number - 1) * case.size:number * case.size]))
        reply = Reply(page(f"{body}<div id=page_div></div><script>{script}</script>"))
        simulation.routes[f"{host}{folder}{case.name}_{number - 1 + case.base}.{case.ext}"] = reply
        if number == 1:
            simulation.routes[host + folder] = simulation.routes[f"{host}{folder}index.{case.ext}"] = reply
    if case.base == 1 and case.end == "404":
        del simulation.routes[f"{host}{folder}{case.name}_1.{case.ext}"]
    simulation.routes[f"{host}{folder}{case.name}_{pages + case.base}.{case.ext}"] = ENDS[case.end]
    return simulation


def _row(simulation: Simulation, found: Expected, column: str, place: int, href: str) -> tuple[str, str]:
    url = column + href.removeprefix("./") if href.startswith("./") else f"http://{column.split('/')[2]}{href}"
    if place % 5 == 3:
        title, reason = list(NOISE.items())[place // 5 % len(NOISE)]
        found.rejected[url] = reason
        return title.format(year=2023 - place % 9), href
    simulation.routes[url.removeprefix("http://")] = Reply(article(f"示例市第{place}局", 2023 - place % 9))
    found.reports.add(url)
    return f"示例市第{place}局{2023 - place % 9}年政府信息公开工作年度报告", href


@dataclass(frozen=True)
class Jpage:
    """One jpage column. `obeys`: what the server pages by (group, page, startrecord); `says_total`: in the configuration;
    `way`: how the page names its next group (nextgroup or configuration); `method`: the only one the server takes."""

    obeys: str = "group"
    says_total: bool = False
    way: str = "nextgroup"
    method: str = "GET"
    count: int = 73
    per: int = 15
    template: str = "list"
    path: str = "/module/web/jpage/dataproxy.jsp"
    article: str = "/art/2024/1/26/art_99_{}.html"


def jpage(case: Jpage) -> Simulation:
    host, address = "www.jpage.sim", "/col/col99/index.html"
    column, group = f"http://{host}{address}", 3 * case.per
    found = Expected(set(), rows=case.count, declared=case.count if case.says_total else None)
    found.end_proof = "declared-total" if case.says_total else ("repeat" if case.obeys == "last" else "empty-datastore")
    simulation = Simulation({}, {column: found}, wasted=3)
    template = TEMPLATES[case.template][1]
    records = []
    for place in range(case.count):
        title, url = _row(simulation, found, f"http://{host}/", place, case.article.format(70000 + place))
        row = template.format(c="a", n=place, url=url, title=title, short=title[:12], day="2024-01-26")
        records.append(f"<record><![CDATA[{row}]]></record>")
    asked = f"webid=3&path=/&columnid=99&unitid=4711&webname={quote(quote('示例市'))}&permissiontype=0"
    link = f'<a href="{case.path}?page=1&appid=1&appid=1&{asked}"></a>'
    way = f"<nextgroup><![CDATA[{link}]]></nextgroup>" if case.way == "nextgroup" else ""
    total = f"totalRecord:{case.count}," if case.says_total else ""
    config = (f"<script>$(function(){{ $('#4711').jpage({{ proxyUrl:'{case.path}', {total} perPage:{case.per},"
              "groupSize:3, proxyParam:{'col':'1','appid':'1','webid':'3','path':'/','columnid':'99','sourceContentType':'1',"
              "'unitid':'4711','webname':'示例市','permissiontype':'0'} }); });</script>")
    store = "<datastore>{}<recordset>{}</recordset></datastore>"
    simulation.routes[host + address] = Reply(page(
        f"<div id='4711'><script type='text/xml'>{store.format(way, ''.join(records[:group]))}</script></div>{config}"))

    def proxy(asked: Asked) -> Reply:
        if asked.method != case.method:
            return Reply("", 405)
        said = asked.parameters()
        number = int(said.get("page", "1"))
        spans = {"group": ((number - 1) * group, number * group), "page": ((number - 1) * case.per, number * case.per),
                 "last": (min(number - 1, 1) * group, min(number, 2) * group),
                 "startrecord": (int(said.get("startrecord", "1")) - 1, int(said.get("endrecord", "1")))}
        first, last = spans[case.obeys]
        return Reply(store.format(way, "".join(records[first:last])), media_type="text/xml")
    simulation.routes[host + case.path] = proxy
    return simulation
