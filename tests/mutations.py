"""A column looked at again and again, run by run, while its portal breaks in one of many ways. No network: cheap looks."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import HtmlResponse

from archive.store import Archive
from crawler import bodies, pipeline, runs
from crawler.demo.simulation import REDIRECTS, Asked, Reply, Simulation
from crawler.downloader import refusals
from spiders.column import ColumnSpider
from spiders.models import RENDER, Capture, Target
from spiders.page import Page

_NO_PAGE = "<html><head><title>页面不存在</title></head><body>页面不存在</body></html>"


class Lost(Exception):
    """What comes in place of an answer, by the name of its outcome."""


Mutation = Callable[[Asked, Reply], Reply]


def healthy(asked: Asked, reply: Reply) -> Reply:
    return reply


class Watched:
    """An archive and a portal; every `look` is one run over its columns. A context manager."""

    def __init__(self, folder: Path, simulation: Simulation) -> None:
        self.archive, self.simulation = Archive(folder), simulation
        self.db = self.archive.db
        with self.db:
            bodies.describe(self.db)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.archive.close()

    def look(self, mutation: Mutation = healthy, *options: str) -> list[dict[str, object]]:
        """Walk every list, archive what was seen, and write the ledger; returns it."""
        seeds = self.simulation.seeds or tuple(self.simulation.columns)
        with self.db:
            run_id, _ = runs.begin(self.db, "crawl", [*seeds, *options], pipeline.now())
        spider = ColumnSpider(urls=seeds)
        queue, known = deque(spider.seeds()), set[str]()
        while queue:
            target = queue.popleft()
            if target.uid in known:
                continue
            known.add(target.uid)
            capture = self._capture(spider, target, mutation)
            self.archive.put([pipeline.observation(capture, run_id, self.db, lambda link: False)])
            queue.extend(link for link in capture.links if link.role not in ("article", "attachment"))
        with self.db:
            return runs.finish(self.db, run_id, pipeline.now(), {})

    def _capture(self, spider: ColumnSpider, target: Target, mutation: Mutation) -> Capture:
        if target.method == RENDER:
            return spider.unseen(target, "needs-browser", "no browser here")
        try:
            page, asked = self._get(target, mutation)
        except Lost as error:
            return spider.unseen(target, str(error), "lost")
        request = Request(page.url, meta={"redirect_urls": asked} if asked else {})
        answer = HtmlResponse(page.url, page.status, dict(page.headers), page.body, request=request)
        return spider.capture(target, page, refusals.outcome(answer))

    def _get(self, target: Target, mutation: Mutation) -> tuple[Page, list[str]]:
        url, passed = target.url, list[str]()
        while True:
            parts = urlsplit(url)
            asked = Asked(parts.netloc, parts.path or "/", parts.query, target.method, target.body,
                          {name.lower(): value for name, value in target.headers.items()})
            reply = mutation(asked, self.simulation.answer(asked))
            if reply.status not in REDIRECTS or len(passed) > 4:
                headers = (("Content-Type", reply.media_type), *reply.headers.items())
                return Page(url, reply.data(), reply.status, headers), passed
            passed.append(url)
            url = urljoin(url, reply.headers["Location"])


# ---------------------------------------------------------------- ways to break, for any portal


def _always(reply: Reply) -> Mutation:
    return lambda asked, _: reply


def _lost(outcome: str) -> Mutation:
    def mutation(asked: Asked, reply: Reply) -> Reply:
        raise Lost(outcome)
    return mutation


def _home(asked: Asked, reply: Reply) -> Reply:
    front = Reply("<html><head><title>某某县人民政府</title></head><body>欢迎</body></html>")
    return front if asked.path == "/" else Reply("", 302, {"Location": "/"})


LOGIN = "<html><head><title>用户登录</title></head><body><form>用户名<input>密码<input type=password></form></body></html>"

#: what happens → (the mutation, the class it must be given); one look must be enough
HARD: dict[str, tuple[Mutation, str]] = {
    "404": (_always(Reply("<html>404</html>", 404)), "removed"),
    "410": (_always(Reply("<html>gone</html>", 410)), "removed"),
    "404 that answers 200": (_always(Reply(_NO_PAGE)), "removed"),
    "sent to the home page": (_home, "removed"),
    "403": (_always(Reply("<html>Forbidden</html>", 403)), "blocked"),
    "451": (_always(Reply("<html>no</html>", 451)), "blocked"),
    "challenge by status": (_always(Reply("<html><script>$_ts=1</script></html>", 412)), "blocked"),
    "challenge by script": (_always(Reply("<html><script>document.cookie='__jsl_clearance=1'</script></html>")), "blocked"),
    "firewall's words": (_always(Reply("<html><body>您的请求被拦截，访问被拒绝</body></html>")), "blocked"),
    "login page": (_always(Reply(LOGIN)), "blocked"),
    "robots": (_lost("robots"), "blocked"),
    "500": (_always(Reply("<html>error</html>", 500)), "down"),
    "maintenance": (_always(Reply("<html><head><title>系统维护</title></head><body>系统维护中</body></html>")), "down"),
    "dns": (_lost("dns"), "down"),
    "tls": (_lost("tls"), "down"),
    "timeout": (_lost("timeout"), "down"),
    "refused connection": (_lost("server-error"), "down"),
}


# ---------------------------------------------------------------- ways to break a plain list


HOST, COLUMN = "www.plain.sim", "http://www.plain.sim/zwgk/nb/"
YEARS = range(2012, 2024)


def plain() -> Simulation:
    """A column with a report for each of twelve years, and the total said."""
    return Simulation({f"{HOST}/zwgk/nb/": Reply(listing(YEARS))}, {COLUMN: None})  # type: ignore[dict-item]


def listing(years: range | list[int], total: int | None = None, ul: str = "list", folder: str = "/zwgk/nb") -> str:
    rows = "".join(f'<li><a href="{folder}/{year + 1}01/t{year + 1}0120_{year}.html">某某县{year}年政府信息公开工作年度报告</a>'
                   f"<span>{year + 1}-01-20</span></li>" for year in sorted(years, reverse=True))
    count = len(years) if total is None else total
    return ("<html><head><title>政府信息公开年报</title></head><body><h2>政府信息公开年报</h2>"
            f"<ul class='{ul}'>{rows}</ul><div class='page'>共{count}条 第1/1页</div></body></html>")


def _shows(text: str) -> Mutation:
    return lambda asked, reply: Reply(text) if asked.path == "/zwgk/nb/" else reply


def _moved(asked: Asked, reply: Reply) -> Reply:
    if asked.path == "/zwgk/nb/":
        return Reply('<html><head><title>政府信息公开</title></head><body><div class="nav"><ul><li><a href="/zwgk/nb/new/">'
                     "政府信息公开年报</a></li></ul></div></body></html>")
    return Reply(listing(YEARS, folder="/zwgk/nb/new")) if asked.path == "/zwgk/nb/new/" else reply


FRONT = ("<html><head><title>某某县人民政府</title></head><body><ul>" + "".join(
    f"<li><a href='/xw/{n}.html'>某某县召开第{n}次工作会议部署重点工作</a></li>" for n in range(12)) + "</ul></body></html>")
_EMPTY = "<html><body><h2>政府信息公开年报</h2><div class='list'>暂无数据</div></body></html>"
SCRIPT = "<html><title>年报</title><body><div id='app'></div><script src='/static/js/app.js'></script></body></html>"

#: what happens → (the mutation, the classes that fit); two looks of three must show it
SOFT: dict[str, tuple[Mutation, set[str]]] = {
    "half the rows gone": (_shows(listing(list(YEARS)[::2])), {"shrunk"}),
    "a year missing": (_shows(listing([year for year in YEARS if year != 2017])), {"shrunk"}),
    "the oldest years cut off": (_shows(listing(list(YEARS)[4:])), {"shrunk"}),
    "the total lies": (_shows(listing(YEARS, total=40).replace("第1/1页", '<a href="index_1.html">下一页</a>')), {"shrunk"}),
    "home page for every path": (lambda asked, reply: Reply(FRONT), {"removed", "redesigned"}),
    "list drawn by script": (_shows(SCRIPT), {"redesigned"}),
    "list gone": (_shows(re.sub("<li>.*</li>", "", listing(YEARS, total=0))), {"redesigned", "removed", "shrunk"}),
    "says it is empty": (_shows(_EMPTY), {"removed", "redesigned"}),
    "moved below": (_moved, {"moved"}),
}

#: changes that leave a column healthy
HARMLESS: dict[str, Mutation] = {
    "list class renamed": _shows(listing(YEARS, ul="xxgk-articles")),
    "a new year": _shows(listing(range(2012, 2025))),
    "a list that keeps its length": _shows(listing(range(2013, 2025))),
    "new addresses": _shows(listing(YEARS, folder="/zwgk/xxgknb")),
}
