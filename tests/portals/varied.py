"""Static columns as nobody has seen them: template, titles, addresses, dates, pager, end and noise drawn from a seed.

What a walk must find follows from the drawing, so any seed is a test; a seed that fails is a case to keep.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from crawler.demo.content import article, page
from crawler.demo.simulation import Asked, Expected, Reply, Simulation

WORDS: dict[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
TITLES, NOISE, AGENCIES, DIALECTS, DAYS = (WORDS[name] for name in ("titles", "noise", "agencies", "dialects", "days"))
ROWS: dict[str, tuple[str, str]] = {
    "list": ("<ul class='{c}'>{rows}</ul>", "<li><a href='{url}' target=_blank>{title}</a><span class='{d}'>{day}</span></li>"),
    "table": ("<table class={c}><tr><th>序号</th><th>标题</th><th>发布日期</th></tr>{rows}</table>",
              "<tr><td>{n}</td><td><a href='{url}' title='{title}'>{short}…</a></td><td>{day}</td></tr>"),
    "gkml": ("<table class={c}><tr><td>索引号</td><td>名称</td><td>文号</td><td>日期</td></tr>{rows}</table>",
             "<tr><td>0142{n}/2024-0{n}</td><td><a href='{url}'>{title}</a></td><td>无</td><td>{day}</td></tr>"),
    "first": ("<div class={c}>{rows}</div>", "<p><span>[{day}]</span>&nbsp;<a href='{url}'>{title}</a></p>"),
    "boxes": ("<div class={c}>{rows}</div>",
              "<div class=it><div class={d}><b>{dd}</b><i>{ym}</i></div><div><h3><a href='{url}'>{title}</a></h3>"
              "<p>简介文字若干</p></div></div>"),
    "within": ("<div class='{c}'>{rows}</div>", "<a href='{url}'><p>{title}</p><em>{day}</em></a>"),
    "bare": ("<div class={c}>{rows}</div>", "<img src=/i/dot.gif><a href='{url}'>{title}</a> （{day}）<br>"),
    "clicked": ("<ul class={c}>{rows}</ul>",
                "<li><a href='javascript:void(0)' onclick=\"openArticle('{url}')\">{title}</a><span>{day}</span></li>"),
    "dated_text": ("<ul class={c}>{rows}</ul>", "<li><a href='{url}'>{title} {day}</a></li>"),
    "undated": ("<ul class={c}>{rows}</ul>", "<li><a href='{url}'>{title}</a></li>"),
    "dl": ("<dl class={c}>{rows}</dl>", "<dt><a href='{url}'>{title}</a></dt><dd>发布时间：{day} 来源：本站</dd>"),
    "tag": ("<ul class={c}>{rows}</ul>", "<li><a href='/tag/'>[年报]</a><a href='{url}'>{title}</a><span>{day}</span></li>"),
    "nested": ("<div class={c}>{rows}</div>",
               "<ul><li class=l{n}><div><a href='{url}'>{title}</a></div><div><div><span>{day}</span></div></div></li></ul>"),
}


@dataclass(frozen=True)
class Drawn:
    """What a seed drew."""

    rows: str
    dialect: str
    day: str
    pager: str
    end: str
    ext: str
    name: str
    count: int
    size: int
    lie: int = 0


class Column:
    """A static column under construction."""

    def __init__(self, seed: int, **fixed: object) -> None:
        self.draw = draw = random.Random(seed)
        facts: dict[str, object] = {
            "rows": draw.choice(list(ROWS)), "dialect": draw.choice(DIALECTS), "day": draw.choice(DAYS),
            "pager": draw.choice(list(PAGERS)), "end": draw.choice(list(ENDS)), "ext": draw.choice(("html", "htm", "shtml")),
            "name": draw.choice(("index", "index", "list", "common_list", "node_1204", "default")),
            "size": draw.choice((8, 15, 20, 25))}
        facts["count"] = draw.choice((3, int(str(facts["size"])), int(str(facts["size"])) + 1, 47, 61))
        self.is_ = Drawn(**(facts | fixed))                                # type: ignore[arg-type]
        self.host = f"www.{draw.choice(('qh', 'lz', 'ab', 'wj'))}{seed}.sim"
        self.folder = draw.choice(("/zwgk/zfxxgknb/", "/xxgk/gknb/", "/gk/nb/", f"/c10{seed % 90 + 10}/", "/zfxxgk/ndbg/"))
        self.place = draw.choice(("青岭县", "荔山市", "某某区", "岚江旗"))
        self.classes = draw.choice((("newsList", "date"), ("list-box", "fr"), ("c1", "c2"), ("gkml_tab", "time")))
        self.found = Expected(set(), end_proof="")
        self.url = f"http://{self.host}{self.folder}"
        self.simulation = Simulation({}, {self.url: self.found}, wasted=1)
        self.listed = [self.row(n) for n in range(self.is_.count)]
        self.found.rows = self.is_.count
        self.pages = max(1, -(-self.is_.count // self.is_.size))

    def row(self, n: int) -> str:
        draw, noise = self.draw, self.draw.random() < 0.2 and n > 0
        day = {"y": draw.randint(2009, 2025), "m": draw.randint(1, 12), "d": draw.randint(1, 28)}
        facts = day | {"mm": f"{day['m']:02d}", "dd": f"{day['d']:02d}", "ym": f"{day['y']}{day['m']:02d}", "id": 31000 + n * 7,
                       "col": 1077, "site": "qlx", "ext": self.is_.ext, "hex": f"{draw.getrandbits(128):032x}", "last": n % 10,
                       "mongo": f"{draw.getrandbits(96):024x}", "snow": 1749603841671188482 + n, "uuid": _uuid(draw)}
        facts["ymd"] = f"{facts['ym']}{facts['dd']}"
        href = self.is_.dialect.format(**facts)
        url = self.url + href.removeprefix("./") if not href.startswith("/") else f"http://{self.host}{href}"
        who, year = f"{self.place}{AGENCIES[n % len(AGENCIES)]}", day["y"] - 1
        title = draw.choice(NOISE if noise else TITLES).format(who=who, year=year)
        if noise:
            self.found.rejected[url] = ""
        else:
            self.found.reports.add(url)
            self.simulation.routes[url.removeprefix("http://")] = Reply(article(who, year))
        shown = {"title": title, "short": title[:15], "url": href, "n": n, "c": "", "d": self.classes[1],
                 "day": self.is_.day.format(**facts), "dd": facts["dd"], "ym": f"{day['y']}-{facts['mm']}"}
        return ROWS[self.is_.rows][1].format(**shown)

    def body(self, number: int) -> str:
        rows = self.listed[(number - 1) * self.is_.size:number * self.is_.size]
        return ROWS[self.is_.rows][0].format(c=self.classes[0], rows="".join(rows))

    def reply(self, number: int, pager: str) -> Reply:
        return Reply(page(f"{self.body(number)}<div class=pages>{pager}</div>"))

    def put(self, path: str, reply: Reply) -> None:
        self.simulation.routes[self.host + (path if path.startswith("/") else self.folder + path)] = reply


def _uuid(draw: random.Random) -> str:
    text = f"{draw.getrandbits(128):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def column(seed: int, **fixed: object) -> Simulation:
    """The simulation of one drawn column; `fixed` settles what is not to be drawn."""
    made = Column(seed, **fixed)
    PAGERS[made.is_.pager](made)
    return made.simulation


def pages(seed: int) -> int:
    """Pages of the list that a seed draws."""
    return Column(seed).pages


# ---------------------------------------------------------------- pagers


def _files(made: Column, base: int, pager: Callable[[int], str]) -> None:
    """Pages in files of their own."""
    name, ext = made.is_.name, made.is_.ext
    for number in range(1, made.pages + 1):
        made.put(f"{name}_{number - 1 + base}.{ext}", made.reply(number, pager(number)))
    first = made.reply(1, pager(1))
    for path in ("", f"index.{ext}", f"{name}.{ext}"):
        made.put(path, first)
    if base == 1 and made.draw.random() < 0.5:
        made.simulation.routes.pop(f"{made.host}{made.folder}{name}_1.{ext}")
    beyond = ENDS[made.is_.end](made, pager)
    if beyond is not None:
        made.put(f"{name}_{made.pages + base}.{ext}", beyond)
    many = made.pages > 1
    made.found.end_proof = "last-page" if many else "single-page"


def _called(call: str) -> Callable[[Column], None]:
    def build(made: Column) -> None:
        base = made.draw.choice((0, 1))
        t, name, ext, rows = made.pages + made.is_.lie, made.is_.name, made.is_.ext, made.is_.count
        _files(made, base, lambda n: "<script>" + call.format(t=t, n=n, z=n - 1, name=name, ext=ext, rows=rows) + "</script>")
        if "{rows}" in call:
            made.found.declared = rows
    return build


def _chained(next_: str, text: str = "共{rows}条记录 第{n}/{t}页") -> Callable[[Column], None]:
    def build(made: Column) -> None:
        base = made.draw.choice((0, 1))
        name, ext = made.is_.name, made.is_.ext

        def pager(number: int) -> str:
            last = number >= made.pages
            link = "" if last else next_.format(href=f"{name}_{number + base}.{ext}")
            return text.format(rows=made.is_.count, n=number, t=made.pages) + link
        _files(made, base, pager)
    return build


def _query(next_: str) -> Callable[[Column], None]:
    """Pages by a parameter; one beyond the end is what the end says."""
    def build(made: Column) -> None:
        key = made.draw.choice(("page", "p", "pageNo", "PageIndex", "currentPage", "curpage"))

        def answer(asked: Asked) -> Reply:
            number = int(asked.parameters().get(key, "1"))
            if number > made.pages:
                return ENDS[made.is_.end](made, lambda n: "") or Reply("", 404)
            live = made.is_.end == "live-next"
            link = next_.format(href=f"?{key}={number + 1}") if number < made.pages or live else "<span>下一页</span>"
            numbers = "".join(f'<a href="?{key}={n}">{n}</a>' for n in range(1, made.pages + 1))
            return made.reply(number, f"{numbers}{link}")
        made.simulation.routes[made.host + made.folder] = answer
        made.found.end_proof = "last-page" if made.pages > 1 else "single-page"
    return build


def _select(made: Column) -> None:
    name, ext = made.is_.name, made.is_.ext
    options = "".join(f"<option value='{name}_{n}.{ext}'>第{n}页</option>" for n in range(2, made.pages + 1))
    first = f"<option value='{name}.{ext}'>第1页</option>"
    _files(made, 1, lambda n: f"<select onchange='location=this.value'>{first}{options}</select>")


def _numbers(made: Column) -> None:
    """Numbers only, no word for the next page."""
    name, ext = made.is_.name, made.is_.ext
    links = "".join(f"<a href='{name}_{n}.{ext}'>{n}</a>" for n in range(2, made.pages + 1))
    _files(made, 1, lambda n: f"<a href='{name}.{ext}'>1</a>{links}" if made.pages > 1 else "")


def _function(code: str) -> Callable[[Column], None]:
    """A function of the page builds the address."""
    def build(made: Column) -> None:
        script = code.format(name=made.is_.name, ext=made.is_.ext)

        def pager(number: int) -> str:
            if made.pages == 1:
                return ""
            following = f"<a href='javascript:turnTo({number + 1})'>下一页</a>" if number < made.pages else "下一页"
            return f"<script>{script}</script>第{number}页/共{made.pages}页 {following}"
        _files(made, 1, pager)
    return build


def _hidden(made: Column) -> None:
    """The pager as Base64 of quoted markup, as in 云南."""
    name, ext = made.is_.name, made.is_.ext

    def pager(number: int) -> str:
        following = f"<a href='{name}_{number + 1}.{ext}'>下一页</a>" if number < made.pages else "<a>下一页</a>"
        secret = base64.b64encode(quote(f"<div class='p'>{following}</div>").encode()).decode()
        return (f"<div id='pages'>{secret}</div><script>$('#pages').html(decodeURIComponent(window.atob($('#pages').html())));"
                "</script>")
    _files(made, 1, pager)


def _post_back(made: Column) -> None:
    """ASP.NET: a form that posts itself back with what it hid."""
    def answer(asked: Asked) -> Reply:
        said = asked.parameters()
        number = 1
        if asked.method == "POST":
            if not said.get("__VIEWSTATE", "").startswith("/wEP/+=") or said.get("__EVENTTARGET") != "ctl00$Pager1":
                return Reply("bad", 500)
            number = int(said["__EVENTARGUMENT"])
        links = "".join(f"<a href=\"javascript:__doPostBack('ctl00$Pager1','{n}')\">{text}</a>" for n, text in (
            (number + 1, "下一页"), (made.pages, "尾页"))) if number < made.pages else "<a disabled>下一页</a>"
        return made.reply(number, f"<form method=post action='./'><input type=hidden name=__VIEWSTATE value='/wEP/+={number}'>"
                          f"<input type=hidden name=__EVENTTARGET><input type=hidden name=__EVENTARGUMENT>"
                          f"共{made.is_.count}条 {links}</form>")
    made.simulation.routes[made.host + made.folder] = answer
    made.found.end_proof = "last-page" if made.pages > 1 else "single-page"


def _post_page(made: Column) -> None:
    """gtapp: the same address by POST with the number of the page."""
    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters().get("cpage", "1")) if asked.method == "POST" else 1
        if number > made.pages:
            return ENDS[made.is_.end](made, lambda n: "") or Reply("", 404)
        links = "".join(f"<a href=\"javascript:page('{n}')\">{text}</a>" for n, text in (
            (number + 1, "下一页"), (made.pages, "末页"))) if number < made.pages else "下一页"
        return made.reply(number, "<form name=f1 method=post action=''><input type=hidden name=cpage value='1'></form>"
                          "<script>function page(n){document.f1.cpage.value=n;document.f1.submit();}</script>"
                          f"共{made.pages}页 {links}")
    made.simulation.routes[made.host + made.folder] = answer
    made.found.end_proof = "last-page" if made.pages > 1 else "single-page"


def _inline(made: Column) -> None:
    """All rows in the page, a script shows some of them."""
    rows = ROWS[made.is_.rows][0].format(c=made.classes[0], rows="".join(made.listed))
    code = (f"var logicTotalPage={made.pages}; showPage(1);"
            "function showPage(n){$('.row').hide().slice((n-1)*20,n*20).show();}")
    made.put("", Reply(page(f"{rows}<script>{code}</script><a href='javascript:showPage(2)'>下一页</a>")))
    made.found.end_proof = "single-page"


PAGERS: dict[str, Callable[[Column], None]] = {
    "createPageHTML": _called('createPageHTML({t}, {z}, "{name}", "{ext}");'),
    "page_div": _called("createPageHTML('page_div',{t},{n},'{name}','{ext}',{rows});"),
    "createPage": _called("createPage({t},{n},'{name}','{ext}')"),
    "chain": _chained("<a href='{href}'>下一页</a>"),
    "image": _chained("<a href='{href}'><img src=/next.gif alt='下一页'></a>"),
    "titled": _chained("<a class=next title='下一页' href='{href}'>&gt;</a>"),
    "arrow": _chained("<a href='{href}'>下一页&raquo;</a>", ""),
    "button": _chained("<input type=button value='下一页' onclick=\"location.href='{href}'\">"),
    "clicked": _chained("<a href='###' onclick=\"window.location.href='{href}';\">下页</a>"),
    "query": _query("<a href='{href}'>下一页</a>"),
    "select": _select,
    "numbers": _numbers,
    "function": _function("function turnTo(n){{ if(n<1) n=1; location.href='{name}_' + n + '.{ext}'; }}"),
    "hidden": _hidden,
    "post_back": _post_back,
    "post_page": _post_page,
    "inline": _inline,
}
ENDS: dict[str, Callable[[Column, Callable[[int], str]], Reply | None]] = {
    "404": lambda made, pager: None,
    "500": lambda made, pager: Reply("<html>Internal error</html>", 500),
    "refresh": lambda made, pager: Reply("<meta http-equiv='refresh' content='0;url=./'>"),
    "first": lambda made, pager: made.reply(1, pager(1)),
    "last": lambda made, pager: made.reply(made.pages, pager(made.pages)),
    "none": lambda made, pager: Reply(page("<ul></ul>")),
    "soft": lambda made, pager: Reply("<html><body>您访问的页面不存在</body></html>"),
}
