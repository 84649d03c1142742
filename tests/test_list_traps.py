"""Traps of lists that any system may set: pinned rows, wrong totals, pages that repeat, cut titles, files among rows, pages by
scripts and forms. Each column is built in a few lines; what a walk must find is what was built."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.demo.content import article, page, pdf
from crawler.demo.simulation import Asked, Expected, Reply, Simulation
from spiders.column import ColumnSpider
from tests.portals import walk

HOST = "www.traps.sim"
COLUMN = f"http://{HOST}/zwgk/nb/"
TITLE = "某县第{n}局{year}年政府信息公开工作年度报告"


class Trap:
    """A column under construction."""

    def __init__(self) -> None:
        self.simulation = Simulation({}, {COLUMN: Expected(set())})

    def put(self, path: str, body: str | Callable[[Asked], Reply]) -> None:
        self.simulation.routes[HOST + path] = Reply(page(body)) if isinstance(body, str) else body

    def row(self, n: int, title: str = TITLE, path: str = "/zwgk/nb/202401/t20240126_{n}.html") -> str:
        """A row whose report is there."""
        year, where = 2010 + n % 13, path.format(n=100 + n)
        answer = article(f"某县第{n}局", year) if where.endswith(".html") else pdf(str(n))
        self.simulation.routes[HOST + where] = Reply(answer)
        self.simulation.columns[COLUMN].reports.add(f"http://{HOST}{where}")
        return f"<li><a href='{where}'>{title.format(n=n, year=year)}</a><span>2024-01-26</span></li>"

    def rows(self, count: int) -> list[str]:
        return [self.row(n) for n in range(count)]


def pinned(trap: Trap) -> None:
    """The first row stands on every page, in the same list."""
    rows = trap.rows(45)
    for number in range(3):
        own = rows[number * 20 + (number == 0):(number + 1) * 20]
        trap.put(f"/zwgk/nb/{f'index_{number}.html' if number else ''}",
                 f"<ul>{rows[0]}{''.join(own)}</ul><script>createPageHTML(3,{number},'index','html');</script>")


def wrong_total(trap: Trap) -> None:
    rows = trap.rows(25)
    for number, path in enumerate(("/zwgk/nb/", "/zwgk/nb/index_2.html")):
        trap.put(path, f"<ul>{''.join(rows[number * 20:(number + 1) * 20])}</ul>共31条 共2页 "
                       "<a href=index.html>1</a><a href=index_2.html>2</a>")


def last_page_again(trap: Trap) -> None:
    rows = trap.rows(25)

    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters().get("page", "1"))
        shown = rows[(min(number, 2) - 1) * 20:min(number, 2) * 20]
        return Reply(page(f"<ul>{''.join(shown)}</ul><a href='?page={number + 1}'>下一页</a>"))
    trap.put("/zwgk/nb/", answer)


def more_by_script(trap: Trap) -> None:
    rows = trap.rows(35)
    script = "var p=1; function more() { p++; $.get('/zwgk/nb/more.jsp?page=' + p, function (h) { $('#l').append(h); }); }"
    trap.put("/zwgk/nb/", f"<ul id=l>{''.join(rows[:15])}</ul><a href='javascript:;' onclick='more()'>加载更多</a>"
                          f"<script>{script}</script>")

    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters()["page"])
        return Reply("".join(rows[(number - 1) * 15:number * 15]) if number else "")
    trap.put("/zwgk/nb/more.jsp", answer)


def pages_by_form(trap: Trap) -> None:
    rows = trap.rows(35)

    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters().get("curPage") or 1) if asked.method == "POST" else 1
        form = f"<form id=pf method=post action='/zwgk/nb/'><input type=hidden name=curPage value={number}></form>"
        script = "<script>function goPage(n) { var f = $('#pf')[0]; f.curPage.value = n; f.submit(); }</script>"
        links = f"<a href='javascript:goPage({number + 1})'>下一页</a><a href='javascript:goPage(3)'>末页</a>"
        return Reply(page(f"<ul>{''.join(rows[(number - 1) * 15:number * 15])}</ul>{form}{links}{script}"))
    trap.put("/zwgk/nb/", answer)


def files_among_rows(trap: Trap) -> None:
    paths = ("/zwgk/nb/202401/t20240126_{n}.html", "/zwgk/nb/files/{n}.pdf", "/zwgk/nb/files/{n}.docx",
             "/zwgk/download.jsp?id={n}")
    rows = [trap.row(n, path=paths[n % 4]) for n in range(12)]
    trap.put("/zwgk/nb/", f"<ul>{''.join(rows)}</ul>")


def titles_cut_at_the_year(trap: Trap) -> None:
    trap.put("/zwgk/nb/", f"<ul>{''.join(trap.row(n, '某县第{n}某某工作委员会{year}年度政府…') for n in range(6))}</ul>")


@pytest.mark.parametrize("build", [pinned, wrong_total, last_page_again, more_by_script, pages_by_form, files_among_rows,
                                   titles_cut_at_the_year])
def test_a_trap_costs_no_report(build: Callable[[Trap], None]) -> None:
    trap = Trap()
    build(trap)
    ledger = walk(trap.simulation, ColumnSpider(urls=[COLUMN]))
    assert ledger.reports() == trap.simulation.columns[COLUMN].reports
    assert ledger.said(COLUMN, "refusal") == [] and "empty-marker" not in ledger.said(COLUMN, "end_proof")


def test_a_short_page_that_only_says_where_its_report_is_leads_there() -> None:
    trap, real = Trap(), "/sfj/xxgk/202401/t20240126_77.html"
    trap.put("/zwgk/nb/", f"<ul>{trap.row(5)}</ul>")
    body = f"<p>详见：<a href='{real}'>某县司法局2022年政府信息公开工作年度报告</a></p>"
    trap.simulation.routes[f"{HOST}/zwgk/nb/202401/t20240126_105.html"] = Reply(f"<html><body>{body}</body></html>")
    trap.simulation.routes[HOST + real] = Reply(article("某县司法局", 2022))
    ledger = walk(trap.simulation, ColumnSpider(urls=[COLUMN]))
    assert ledger.file(f"http://{HOST}{real}").body
