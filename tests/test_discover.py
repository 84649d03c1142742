"""From a home page to its reports by `nianbao crawl HOME`: small portals whose home pages are drawn in every other way."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.crawling import captures
from tests.loopback import HTML, Answer, Site, page
from tests.test_crawl import crawl

COUNTY = "青岭县"
NOISE = "<p>县长到东河镇调研春耕生产工作，强调要抓好粮食安全。</p>" * 8
NEWS = "".join(f"<li><a href='/xw/t{n}.html'>青岭县召开会议{n}</a><span>2024-02-0{n}</span></li>" for n in range(1, 9))
MENU = "<li><a href='/xw/'>新闻中心</a></li><li><a href='/fw/'>办事服务</a></li><li><a href='/hd/'>互动交流</a></li>"
LOOK_ALIKES = {"网站": "青岭县2023年政府网站工作年度报表", "法治": "青岭县2023年法治政府建设年度报告",
               "指南": "青岭县政府信息公开指南", "决算": "青岭县2022年度部门决算"}
OTHERS = "".join(f"<li><a href='/gk/{name}-2023.html'>{title}</a><span>2024-01-26</span></li>"
                 for name, title in LOOK_ALIKES.items())


@dataclass
class Drawn:
    """A portal: pages by path, and the paths of the reports that a crawl from its home page must bring."""

    pages: dict[str, str]
    reports: tuple[str, ...]


def article(path: str) -> str:
    """The report at `/…/who-year.html`."""
    who, _, year = path.rpartition("/")[2].removesuffix(".html").rpartition("-")
    title = f"{COUNTY}{who}{year}年政府信息公开工作年度报告"
    return f"<h1>{title}</h1>" + f"<p>本年度收到政府信息公开申请 {int(year) % 40} 件，均已答复。</p>" * 20


def rows(folder: str, whos: tuple[str, ...] = ("人民政府",),
         years: tuple[int, ...] = (2021, 2022, 2023)) -> tuple[str, tuple[str, ...]]:
    """A list of reports with dates, and the paths it names."""
    paths = tuple(f"{folder}{who}-{year}.html" for who in whos for year in years)
    shown = (f"<li><a href='{path}'>{COUNTY}{path.rpartition('/')[2].split('-')[0]}{path[-9:-5]}年政府信息公开工作年度报告</a>"
             f"<span>{int(path[-9:-5]) + 1}-01-26</span></li>" for path in paths)
    return f"<ul class='list'>{''.join(shown)}</ul>", paths


def small(home: str, **between: str) -> Drawn:
    """A portal whose column stands at /zwgk/nb/; `between` are further pages by name (`gk` stands at /gk/)."""
    listed, paths = rows("/zwgk/nb/")
    return Drawn({"/": home, "/zwgk/nb/": listed} | {f"/{name}/": body for name, body in between.items()}, paths)


def link(name: str, path: str = "/zwgk/nb/") -> str:
    return f"<li><a href='{path}'>{name}</a></li>"


def home(inner: str) -> str:
    return f"<ul>{MENU}{inner}</ul>{NOISE}"


def frameset() -> Drawn:
    drawn = small("<frameset rows='80,*'><frame src='top.htm'><frame src='main.htm'></frameset>",
                  gk=home(link("政府信息公开年报")))
    return Drawn(drawn.pages | {"/top.htm": home(""), "/main.htm": home(link("政府信息公开", "/gk/"))}, drawn.reports)


def iframe() -> Drawn:
    drawn = small(f"<div>{home('')}</div><iframe src='/gkbox.htm'></iframe>")
    return Drawn(drawn.pages | {"/gkbox.htm": link("政府信息公开年报")}, drawn.reports)


def script_shell() -> Drawn:
    drawn = small("<script>location.replace('/web/')</script>", web="<meta http-equiv=refresh content='0; url=/site/'>",
                  site=home(link("政务公开", "/gk/")), gk=home(link("政府信息公开年报")))
    return drawn


def agencies() -> Drawn:
    groups = {"/zwgk/nb/bm/": ("县部门年报", ("司法局", "财政局", "教育局")),
              "/zwgk/nb/xz/": ("乡镇年报", ("东河镇", "西岭乡", "石桥镇"))}
    pages, found = {"/": home(link("政府信息公开", "/gk/")), "/gk/": home(link("政府信息公开年报")), "/zwgk/nb/": ""}, []
    for folder, (name, whos) in groups.items():
        pages["/zwgk/nb/"] += link(name, folder)
        pages[folder] = "".join(link(who, f"{folder}{n}/") for n, who in enumerate(whos))
        for n, who in enumerate(whos):
            pages[f"{folder}{n}/"], paths = rows(f"{folder}{n}/", (who,), (2022, 2023))
            found += paths
    return Drawn(pages, tuple(found))


def year_folders() -> Drawn:
    pages, found = {"/": home(link("政府信息公开年度报告"))}, []
    pages["/zwgk/nb/"] = "".join(link(f"{year}年", f"/zwgk/nb/{year}/") for year in (2021, 2022, 2023))
    for year in (2021, 2022, 2023):
        pages[f"/zwgk/nb/{year}/"], paths = rows(f"/zwgk/nb/{year}/", ("人民政府", "司法局"), (year,))
        found += paths
    return Drawn(pages, tuple(found))


def reports_on_landing() -> Drawn:
    listed, paths = rows("/gk/")
    return Drawn({"/": home(link("政府信息公开", "/gk/")), "/gk/": listed.replace("</ul>", OTHERS + "</ul>")}, paths)


def reports_beside_menu() -> Drawn:
    """A landing page with a menu of other columns and the reports in a box: no page is called 年报."""
    listed, paths = rows("/gk/t/")
    menu = link("政府信息公开指南", "/gk/zn/") + link("政府信息公开制度", "/gk/zd/") + link("法定主动公开内容", "/gk/fd/")
    body = f"<ul>{menu}</ul><ul class=xw>{NEWS}</ul><div>{listed}</div>"
    return Drawn({"/": home(link("信息公开", "/gk/")), "/gk/": body, "/gk/fd/": NOISE}, paths)


def agencies_of_a_landing() -> Drawn:
    """A landing page that is a directory of bodies, each with a disclosure page and a column of its own."""
    whos, pages, found = ("司法局", "财政局", "教育局", "水务局"), {"/": home(link("政府信息公开", "/gk/"))}, []
    pages["/gk/"] = home("") + "<div class=dw>" + "".join(link(who, f"/gk/dw{n}/") for n, who in enumerate(whos)) + "</div>"
    for n, who in enumerate(whos):
        pages[f"/gk/dw{n}/"] = link("政府信息公开指南", f"/gk/dw{n}/zn/") + link("政府信息公开年报", f"/gk/dw{n}/nb/")
        pages[f"/gk/dw{n}/nb/"], paths = rows(f"/gk/dw{n}/nb/", (who,))
        found += paths
    return Drawn(pages, tuple(found))


def one_dead_end() -> Drawn:
    """Two landings of nearly one name, of which only the second leads on."""
    return small(home(link("政务公开专栏", "/a/") + link("信息公开", "/b/")), a=home(NEWS), b=home(link("政府信息公开年报")))


def news_first() -> Drawn:
    """A landing page full of dated news of other kinds with a pager, whose own menu names a further step."""
    pager = "<div class=page><a href='/gk/index_2.html'>下一页</a></div>"
    further = home(link("政府信息公开", "/zfxxgk/")) + f"<ul class=n>{NEWS}</ul>" + pager
    drawn = small(home(link("政务公开", "/gk/")), gk=further,
                  zfxxgk=f"<div class=menu>{link('公开指南', '/zn/')}{link('年报')}</div><div class=n>{NEWS}</div>")
    return Drawn(drawn.pages | {"/gk/index_2.html": f"<ul class=n>{NEWS}</ul>"}, drawn.reports)


def groups_only() -> Drawn:
    """No column of that name, only its parts side by side."""
    pages, found = {"/": home(link("政府信息公开", "/gk/"))}, []
    parts = {"县政府年报": ("人民政府",), "部门年报": ("司法局", "财政局"), "乡镇年报": ("东河镇",)}
    pages["/gk/"] = home("".join(link(name, f"/nb/{n}/") for n, name in enumerate(parts)))
    for n, whos in enumerate(parts.values()):
        pages[f"/nb/{n}/"], paths = rows(f"/nb/{n}/", whos)
        found += paths
    return Drawn(pages, tuple(found))


SHAPES: Mapping[str, Callable[[], Drawn]] = {
    "plain": lambda: small(home(link("政府信息公开年报"))),
    "frameset": frameset,
    "iframe": iframe,
    "broken over lines": lambda: small(home("<li><a href='/gk/'>政 府<br>信息公开</a></li>"),
                                       gk=home("<li><a href='/zwgk/nb/'><span>政府信息</span><br>\n 公开年报</a></li>")),
    "onclick": lambda: small(home("<div class=btn onclick=\"window.open('/gk/')\">政府信息公开</div>"),
                             gk=home("<div data-href='/zwgk/nb/'>政府信息公开年报</div>")),
    "goes by a function": lambda: small(
        "<script>function go(u){window.location.href=u;}</script>" + home("<a href=\"javascript:go('/gk/')\">政府信息公开</a>"),
        gk=home("<li onclick=\"toPage('/zwgk/nb/')\"><b>政府信息公开年报</b></li>")),
    "pictures": lambda: small(home("<a href='/gk/'><img src=a.png alt='政府信息公开'></a>"),
                              gk="<map name=m><area href='/zwgk/nb/' alt='政府信息公开年报'></map>" + NOISE),
    "shell": script_shell,
    "own name": lambda: small(home(link("青岭县政府信息公开", "/gk/")), gk=home(link("青岭县政府信息公开年报"))),
    "platform": lambda: small(home(link("政府信息公开平台 >", "/gk/")), gk=home(link("年报"))),
    "open government": lambda: small(home(link("政务公开专栏", "/gk/")), fd=home(link("公开年报")),
                                     gk=home(link("法定主动公开内容", "/fd/") + link("指南", "/zn/"))),
    "sunshine": lambda: small(home(link("阳光政务", "/gk/")), gk=home(link("信息公开工作年度报告"))),
    "counted": lambda: small(home(link("政府信息公开目录", "/gk/")), gk=home(link("05 政府信息公开年报（12）"))),
    "agencies of a landing page": agencies_of_a_landing,
    "one dead end": one_dead_end,
    "news first": news_first,
    "groups only": groups_only,
    "named by number": lambda: small(home(link("政府信息公开专题专栏", "/gk/")), gk=home(link("（五）政府信息公开年度报告"))),
    "other years": lambda: small(home(link("信息公开专区", "/gk/")), gk=home(link("历年政府信息公开年报"))),
    "choice": lambda: small(home("<select onchange='location=this.value'><option value='/gk/'>政府信息公开</option></select>"),
                            gk=home(link("政府信息公开工作情况年度报告"))),
    "nested frames": lambda: Drawn({**small("<frameset cols='20,*'><frame src='/l/'><frame src='/r/'></frameset>",
                                            r="<iframe src='/in/'></iframe>" + NOISE, l=home("")).pages,
                                    "/in/": link("政府信息公开", "/gk/"), "/gk/": "<iframe src='/menu/'></iframe>",
                                    "/menu/": link("信息公开年报")}, small("").reports),
    "agencies": agencies,
    "year folders": year_folders,
    "reports on the landing page": reports_on_landing,
    "reports beside a menu": reports_beside_menu,
}
NOTHING: Mapping[str, str] = {
    "news only": home(NEWS),
    "no links": NOISE,
    "look-alikes only": home(OTHERS),
    "landings that only lead to each other": home(link("政府信息公开", "/gk/")),
    "says empty in a box": home("<div class=con>暂无数据</div>"),
}


def nothing(body: str) -> Drawn:
    """A portal without a column; its landings, where it links to them, lead to each other."""
    return Drawn({"/": body, "/gk/": body + link("政务公开", "/g2/"), "/g2/": body}, ())


def opened(drawn: Drawn, host: str) -> Site:
    """The portal as a server; every report it lists is there, look-alikes too."""
    site = Site({path: page(COUNTY + "人民政府", body) if "frameset" not in body
                 else Answer(f"<html><head><title>x</title></head>{body}</html>".encode(), headers={"Content-Type": HTML})
                 for path, body in drawn.pages.items()}, host)
    for path in drawn.reports:
        site.routes[_sent(path)] = page("年度报告", article(path))
    return site


def _sent(path: str) -> str:
    return quote(path)


@dataclass
class Crawled:
    """What one crawl of all portals brought, by the name of the portal."""

    taken: dict[str, set[str]]
    columns: dict[str, list[dict[str, Any]]]
    asked: dict[str, list[str]]
    code: int
    text: str


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    drawn = {name: build() for name, build in SHAPES.items()} | {name: nothing(body) for name, body in NOTHING.items()}
    folder = tmp_path_factory.mktemp("discover")
    with ExitStack() as stack:
        sites = {name: stack.enter_context(opened(each, f"127.0.1.{n}")) for n, (name, each) in enumerate(drawn.items(), 1)}
        done = crawl(folder, *(site.url("/") for site in sites.values()), "--json", "--no-browser")
        ledger = json.loads(done.stdout)["columns"]
    seen = list(captures(folder))
    return Crawled({name: {each["url"].removeprefix(site.url("")) for each in seen
                           if each["role"] == "article" and each["outcome"] == "ok" and each["url"].startswith(site.url("/"))}
                    for name, site in sites.items()},
                   {name: [line for line in ledger if line["url"].startswith(site.url("/"))] for name, site in sites.items()},
                   {name: site.paths() for name, site in sites.items()}, done.returncode, done.stdout + done.stderr)


@pytest.mark.parametrize("name", SHAPES)
def test_every_report_is_found_from_the_home_page_and_nothing_else_is_taken(crawled: Crawled, name: str) -> None:
    assert crawled.taken[name] == {_sent(path) for path in SHAPES[name]().reports}, crawled.columns[name]


@pytest.mark.parametrize("name", SHAPES)
def test_no_column_of_a_walked_portal_is_broken_and_no_page_is_asked_for_twice(crawled: Crawled, name: str) -> None:
    assert {line["outcome"] for line in crawled.columns[name]} == {"complete"}, crawled.columns[name]
    assert len(crawled.asked[name]) == len(set(crawled.asked[name]))


@pytest.mark.parametrize("name", NOTHING)
def test_a_home_page_without_a_column_is_broken_and_never_empty(crawled: Crawled, name: str) -> None:
    (line,) = crawled.columns[name]
    assert (line["outcome"], line["refusal"]) == ("broken", "needs-adapter")
    assert crawled.code == 1


def test_look_alikes_are_kept_out_with_their_reasons(crawled: Crawled) -> None:
    reasons = {reason for line in crawled.columns["reports on the landing page"] for reason in line["rejected"]}
    assert {"look-alike: 政府网站工作年度报表", "look-alike: 法治政府", "look-alike: 指南", "look-alike: 预决算"} <= reasons


def test_a_home_page_where_nothing_was_found_says_what_to_do(tmp_path: Path) -> None:
    with opened(Drawn({"/": NOTHING["news only"]}, ()), "127.0.0.1") as site:
        done = crawl(tmp_path, site.url("/"), "--no-browser")
    assert done.returncode == 1
    assert "broken" in done.stdout
    assert "needs-adapter" in done.stdout
    assert "give the column's own address" in done.stdout


def everywhere(home_body: str, robots: str, **pages: str) -> Site:
    """A host that answers its home page for every path it does not have."""
    site = Site({"/": page(COUNTY, home_body)} | {f"/{name}/": page(COUNTY, body) for name, body in pages.items()})
    site.routes["/robots.txt"] = page(COUNTY, home_body) if robots == "home" else Answer(b"", 404)
    known = site.answer
    site.answer = lambda hit: known(hit) if hit.path in site.routes else page(COUNTY, home_body)  # type: ignore[method-assign]
    return site


@pytest.mark.parametrize("robots", ["home", "none"])
def test_a_host_that_shows_its_home_page_for_every_path_has_no_reports_there(tmp_path: Path, robots: str) -> None:
    listed, paths = rows("/zwgk/nb/")
    with everywhere(home(NEWS) + NOISE, robots, nb=listed) as site:
        done = crawl(tmp_path, site.url("/nb/"), "--json", "--no-browser")
    (line,) = json.loads(done.stdout)["columns"]
    found = [each["outcome"] for each in captures(tmp_path) if each["role"] == "article"]
    assert found.count("soft-404") >= len(paths) - (robots == "none")       # without a sign the first one is yet believed
    assert line["missed"]["soft-404"] == found.count("soft-404")
    assert site.paths().count("/") == (robots == "none")


def test_a_column_address_that_shows_the_home_page_is_soft_404_and_never_empty(tmp_path: Path) -> None:
    with everywhere(home(NEWS + "<div class=con>暂无数据</div>"), "home") as site:
        done = crawl(tmp_path, site.url("/zwgk/gone/"), "--json", "--no-browser")
    (line,) = json.loads(done.stdout)["columns"]
    assert (line["outcome"], line["refusal"]) == ("refused", "soft-404")


def test_the_home_page_of_a_part_of_a_site_is_walked_like_any_home(tmp_path: Path) -> None:
    drawn = small("", gk=home(link("政府信息公开年报")), qlx=home(link("政府信息公开", "/gk/")))
    with opened(drawn, "127.0.0.1") as site:
        done = crawl(tmp_path, site.url("/qlx/"), "--no-browser")
    assert done.returncode == 0, done.stdout
    assert sum(each["role"] == "article" for each in captures(tmp_path)) == len(drawn.reports)
