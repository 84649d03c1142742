"""Hanweb JCMS with jpage in all its traps: rows only in CDATA, a repeated parameter, a doubly encoded one, a server that obeys
`page` alone, an empty datastore as end; a column with encrypted ids that only work letter for letter; a JSONP cousin."""

from __future__ import annotations

import zlib
from urllib.parse import quote

from crawler.demo.content import NOISE, article, page, pdf
from crawler.demo.simulation import Asked, Expected, Reply, Route, Simulation

HOST, OTHER = "www.dx.sim", "zwgk.dx.sim"
PLAIN = f"http://{HOST}/col/col12377/index.html"
SECRET = f"http://{HOST}/col/col555/index.html"
JSONP = f"http://{HOST}/truecms/nb/index.html"
EMPTY = "<datastore><recordset></recordset></datastore>".ljust(54)
WEBNAME = quote(quote("定乡市政府信息公开平台"))
BLOB = "Xk2%2BqL9%2FzA%3D%3D"


def portal() -> Simulation:
    routes: dict[str, Route] = {}
    simulation = Simulation(routes, {})
    _plain(simulation)
    _secret(simulation)
    _jsonp(simulation)
    return simulation


def _records(simulation: Simulation, found: Expected, prefix: str, places: range) -> str:
    return "".join(_record(simulation, found, prefix, place) for place in places)


def _record(simulation: Simulation, found: Expected, prefix: str, place: int) -> str:
    host = OTHER if place % 10 == 7 else HOST
    path = f"/art/2022/1/{place % 27 + 1}/art_{prefix}_{14860 + place}.html"
    url, year = f"http://{host}{path}", 2021 - place % 6
    if place % 5 == 2:
        title, reason = list(NOISE.items())[place % len(NOISE)]
        title, found.rejected[url] = title.format(year=year), reason
    else:
        title = f"定乡市第{place}工作局关于{year}年度政府信息公开工作年度报告"
        found.reports.add(url)
        attachment = _attachment(simulation, f"{prefix}-{place}")
        simulation.routes[host + path] = Reply(article(f"定乡市第{place}工作局", year, attachment))
    day = f"2022-\n 01-\n {place % 27 + 1:02d}" if place == 3 else f"[2022-01-{place % 27 + 1:02d}]"
    href = url if host == OTHER else path
    shown = title if len(title) < 18 else title[:18] + "..."
    return (f'<record><![CDATA[\n<li class="clearfix"><img align=absMiddle src=/p.gif> <a target="_blank" href=\'{href}\' '
            f'title="{title}">{shown}</a> <b>{day}</b></li>]]></record>\n')


def _attachment(simulation: Simulation, mark: str) -> str:
    name, stored = f"{mark}年度报告.pdf", f"/attach/0/{zlib.crc32(mark.encode()):012x}.pdf"
    query = f"classid=0&showname={quote(name)}&filename={stored.rpartition('/')[2]}"
    simulation.routes[f"{HOST}/module/download/downfile.jsp?{query}"] = Reply("", 302, {"Location": stored})
    simulation.routes[f"{OTHER}/module/download/downfile.jsp?{query}"] = Reply("", 302, {"Location": stored})
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'.encode("gbk").decode("latin-1")}
    for host in (HOST, OTHER):
        simulation.routes[host + stored] = Reply(pdf(mark), headers=disposition, media_type="application/octet-stream")
    return f'<p><a href="/module/download/downfile.jsp?{query}">附件：年度报告</a></p>'


def _datastore(way: str, records: str) -> str:
    return (f'<datastore>\n<nextgroup><![CDATA[<a href="{way}"></a>]]></nextgroup>\n<recordset>'
            f"<table border='0' align=center></table>{records}</recordset></datastore>")


def _plain(simulation: Simulation) -> None:
    found = Expected(set(), end_proof="empty-datastore", rows=73)
    first = _records(simulation, found, "12377", range(45))
    second = _records(simulation, found, "12377", range(45, 73))
    way = (f"/module/web/jpage/dataproxy.jsp?page=1&appid=1&appid=1&webid=110&path=/&columnid=12377&unitid=38486"
           f"&webname={WEBNAME}&permissiontype=0")
    simulation.routes[f"{HOST}/col/col12377/index.html"] = Reply(page(
        f'<div id="38486"><script type="text/xml">{_datastore(way, first)}</script></div>'))

    def proxy(asked: Asked) -> Reply:
        if f"webname={WEBNAME}" not in asked.query or asked.query.count("appid=1") != 2:
            return Reply("", 500)
        if int(asked.parameters().get("perpage", "15")) > 300:
            return Reply(EMPTY)
        return Reply(_datastore(way, {"1": first, "2": second}.get(asked.parameters()["page"], "")) if
                     asked.parameters()["page"] in ("1", "2") else EMPTY, media_type="text/xml")

    simulation.routes[f"{HOST}/module/web/jpage/dataproxy.jsp"] = proxy
    simulation.columns[PLAIN] = found
    simulation.wasted += 1


def _secret(simulation: Simulation) -> None:
    found = Expected(set(), end_proof="declared-total", rows=22, declared=22)
    first = _records(simulation, found, "555", range(15))
    second = _records(simulation, found, "555", range(15, 22))
    way = f"/module/web/jpage/secretproxy.jsp?page=1&webid=7&columnid={BLOB}&unitid={BLOB}"
    config = "<script>$('#9').jpage({proxyUrl:'/x',perPage:15,totalRecord:22,groupSize:1});</script>"
    simulation.routes[f"{HOST}/col/col555/index.html"] = Reply(page(
        f'<div id="9"><script type="text/xml">{_datastore(way, first)}</script></div>{config}'))
    simulation.routes[f"{HOST}/module/web/jpage/secretproxy.jsp?page=2&webid=7&columnid={BLOB}&unitid={BLOB}"] = Reply(
        _datastore(way, second))
    simulation.columns[SECRET] = found


def _jsonp(simulation: Simulation) -> None:
    found = Expected(set(), end_proof="empty-datastore", rows=33)
    count, cap = 33, 20

    def proxy(asked: Asked) -> Reply:
        said = asked.parameters()
        if asked.headers.get("referer") != JSONP:
            return Reply("", 404)
        start, per = int(said["startrecord"]), int(said["perpage"])
        places = range(start - 1, min(count, int(said["endrecord"]))) if per <= cap else range(0)
        xml = f"<datastore><recordset>{_records(simulation, found, '31', places)}</recordset></datastore>"
        quoted = xml.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return Reply(f'{said["callback"]}("{quoted}")', media_type="text/javascript")

    simulation.routes[f"{HOST}/truecms/messageController/getMessage.do"] = proxy
    simulation.routes[f"{HOST}/truecms/nb/index.html"] = Reply(page(
        "<ul id='list'></ul><script>$.ajax({url:'/truecms/messageController/getMessage.do', dataType:'jsonp',"
        "data:{startrecord:1,endrecord:20,perpage:20,columnId:'8a31',contentTemplate:''}});</script>"))
    _records(simulation, found, "31", range(count))
    simulation.columns[JSONP] = found
    simulation.wasted += 2
