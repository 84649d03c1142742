"""Columns that are no list: years, agencies and groups nested in every way, each built in a few lines.

`SHAPES` names a builder; `nested(name)` gives the simulation, whose one expectation is the set of reports there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crawler.demo.content import article, page, pdf, report_text
from crawler.demo.simulation import Expected, Reply, Simulation

HOST = "www.tree.sim"
ROOT = f"http://{HOST}/zwgk/zfxxgknb/"
AGENCIES = ("水务局", "司法局", "财政局", "教育局", "东河镇", "西岭乡", "石桥街道办事处", "审计局")
YEARS = (2021, 2022, 2023)
FULL = "青岭县{who}{year}年政府信息公开工作年度报告"


class Tree:
    """A nested column under construction."""

    def __init__(self) -> None:
        self.found = Expected(set())
        self.simulation = Simulation({}, {ROOT: self.found})
        self.made = 1000

    def put(self, path: str, body: str, whole: bool = False) -> str:
        """A page at a path below the root, or at a path of the host; the path comes back."""
        url = f"http://{HOST}{path}" if path.startswith("/") else ROOT + path
        self.simulation.routes[url.removeprefix("http://")] = Reply(body if whole else page(body))
        return path

    def rows(self, whos: Iterable[str], years: Iterable[int], title: str = FULL, day: str = "<span>2024-01-26</span>",
             folder: str = ROOT) -> str:
        """A list of reports, each of which is there."""
        shown = ""
        for who in whos:
            for year in years:
                self.made += 1
                url = f"{folder}202401/t20240126_{self.made}.html"
                self.found.reports.add(url)
                self.simulation.routes[url.removeprefix("http://")] = Reply(article(f"青岭县{who}", year))
                shown += f"<li><a href='{url}'>{title.format(who=who, year=year)}</a>{day}</li>"
        return f"<ul class=l>{shown}</ul>"

    def report_at(self, path: str, who: str, year: int) -> None:
        """A page that is the report itself."""
        self.found.reports.add(ROOT + path)
        self.put(path, report_text(who, year))

    def each(self, template: str, path: str = "bm{n}/", years: Iterable[int] = YEARS) -> str:
        """One page per agency, and the links to them by `template`."""
        return "".join(template.format(n=n, who=who, url=self.put(path.format(n=n), self.rows([who], years)))
                       for n, who in enumerate(AGENCIES))


def _menu() -> str:
    names = {"zn": "政府信息公开指南", "zd": "政府信息公开制度", "fdnr": "法定主动公开内容", "zfxxgknb": "政府信息公开年报"}
    return "".join(f"<li><a href='/zwgk/{path}/'>{name}</a></li>" for path, name in names.items())


def _by_year(tree: Tree, link: str, path: str, title: str = FULL, day: str = "<span>2024-01-26</span>") -> str:
    return "".join(link.format(url=tree.put(path.format(year=year), tree.rows(AGENCIES, [year], title, day)), year=year,
                               after=year + 1) for year in YEARS)


def _boxes(tree: Tree) -> str:
    boxes = ""
    for name, path, first in (("县政府", "a/", 0), ("县直部门", "b/", 1), ("乡镇街道", "c/", 4)):
        whole = tree.rows(AGENCIES[first:first + 3], YEARS)
        tree.put(path, whole)
        shown = "</li>".join(whole.split("</li>")[:2]) + "</li></ul>"
        boxes += f"<div class=box><div class=t><h3>{name}</h3><a href='{path}'>更多&gt;&gt;</a></div>{shown}</div>"
    return boxes


def _frames(tree: Tree) -> str:
    links = tree.each("<a href='{url}' target=r>{who}</a><br>", "l{n}.html")
    tree.put("tree.html", f"<html><body>{links}</body></html>", whole=True)
    tree.put("right.html", tree.rows(["人民政府"], YEARS))
    return "<html><frameset cols='200,*'><frame src='tree.html'><frame src='right.html'></frameset></html>"


def _years_of_agencies(tree: Tree) -> str:
    """Agency, year, and the page of the year is the report."""
    links = ""
    for n, who in enumerate(AGENCIES[:4]):
        for year in YEARS:
            tree.report_at(f"x{n}/{year}/", who, year)
        years = "".join(f"<li><a href='./{year}/'>{year}年</a></li>" for year in YEARS)
        links += f"<li><a href='{tree.put(f'x{n}/', f'<ul>{years}</ul>')}'>{who}</a></li>"
    return f"<ul>{links}</ul>"


def _crumbs(tree: Tree) -> str:
    below = tree.put("bm/", "<a href=../>政府信息公开年报</a>" + tree.rows(AGENCIES, [2023]))
    crumbs = "<div class=pos><a href='/'>首页</a>&gt;<a href='./'>政府信息公开年报</a></div>"
    return f"{crumbs}{tree.rows(['人民政府'], YEARS)}<a href='{below}'>部门年报</a>"


def _only_files(tree: Tree) -> str:
    """Folders by year whose pages are a title and a file."""
    links = ""
    for year in YEARS:
        file, name = f"{ROOT}{year}/P020240126{year}.pdf", f"青岭县{year}年政府信息公开工作年度报告"
        tree.simulation.routes[file.removeprefix("http://")] = Reply(pdf(str(year)), media_type="application/pdf")
        tree.simulation.files[file] = pdf(str(year))
        tree.found.reports |= {f"{ROOT}{year}/", file}
        link = f"<a href='P020240126{year}.pdf'>附件</a>"
        body = f"<html><head><title>{name}</title></head><body><h1>{name}</h1>{link}</body></html>"
        links += f"<li><a href='{tree.put(f'{year}/', body, whole=True)}'>{year}年</a></li>"
    return f"<ul>{links}</ul>"


SHAPES: dict[str, Callable[[Tree], str]] = {
    "years as headings": lambda tree: "".join(f"<h3>{year}年</h3>{tree.rows(AGENCIES[:3], [year])}" for year in YEARS),
    "years as folders": lambda tree: _by_year(tree, "<a href='{url}'>{year}年</a>", "{year}n/"),
    "years named as reports": lambda tree: _by_year(tree, "<li><a href='{url}'>{year}年政府信息公开年报</a></li>", "{year}n/"),
    "years named as reports, dated": lambda tree: _by_year(
        tree, "<li><a href='{url}'>{year}年政府信息公开年报</a><i>{after}-02-01</i></li>", "{year}n/"),
    "years by parameter": lambda tree: _by_year(tree, "<a href='{url}'>{year}</a>", "index.html?nbYear={year}") + tree.rows(
        ["人民政府"], YEARS),
    "years as options": lambda tree: "<select onchange='go(this.value)'>" + _by_year(
        tree, "<option value='./{url}'>{year}年</option>", "{year}/") + "</select>",
    "years, agencies as titles": lambda tree: _by_year(
        tree, "<dd><a href='{url}'>{year}年度报告</a></dd>", "{year}n/", "{who}"),
    "years, agencies as titles, undated": lambda tree: _by_year(tree, "<a href='{url}'>{year}年</a>", "{year}n/", "{who}", ""),
    "titles that are years": lambda tree: tree.rows(["人民政府"], range(2018, 2024), "{year}年度报告", ""),
    "older years beside a list": lambda tree: tree.rows(AGENCIES, [2024]) + "<h4>往年年报</h4>" + _by_year(
        tree, "<a href='{url}'>{year}年度</a>", "{year}n/"),
    "agencies in a table": lambda tree: "<table><tr>" + tree.each("<td><a href='./{url}'>{who}</a></td>") + "</tr></table>",
    "agencies elsewhere": lambda tree: "<ul>" + tree.each("<li><a href='{url}'>{who}</a></li>", "/bm/x{n}/nb/") + "</ul>",
    "agencies as files": lambda tree: "<ul>" + tree.each("<li><a href='{url}'>{who}</a></li>", "dept_{n}.html") + "</ul>",
    "agencies as options": lambda tree: tree.rows(["人民政府"], YEARS) + "<select onchange='location=this.value'>" + tree.each(
        "<option value='./{url}'>{who}</option>") + "</select>",
    "agencies in a script": lambda tree: "<script>var d=new dTree('d');d.add(0,-1,'机构');" + tree.each(
        "d.add({n},0,'{who}','./{url}');") + "document.write(d);</script>",
    "agencies as nodes": lambda tree: "<ul id=t></ul><script>var zNodes=[" + tree.each(
        "{{id:{n},pId:0,name:\"{who}\",url:\"./{url}\",target:'_self'}},") + "];$.fn.zTree.init($('#t'),s,zNodes);</script>",
    "agencies, years, reports": _years_of_agencies,
    "groups that show their first rows": _boxes,
    "a menu of other columns": lambda tree: f"<ul class=menu>{_menu()}</ul>" + tree.rows(AGENCIES, [2023]),
    "crumbs that lead back": _crumbs,
    "frames": _frames,
    "pages that are only a file": _only_files,
}


def nested(name: str) -> Simulation:
    """The simulation of one shape."""
    tree = Tree()
    tree.put("", SHAPES[name](tree), whole=name == "frames")
    return tree.simulation
