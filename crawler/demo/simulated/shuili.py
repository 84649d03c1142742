"""A ministry on TRS WCM: one list with dates inside the links, one paged 0-based whose end is a meta refresh.

Attachments need a Referer, their editor's address (OLDSRC) is dead; one row is a PDF itself.
"""

from __future__ import annotations

from crawler.demo.content import NOISE, article, docx, page, pdf
from crawler.demo.simulation import Asked, Expected, Reply, Route, Simulation

HOST = "www.shuili.sim"
ONE, PAGED = f"http://{HOST}/zwgk/gknb/", f"http://{HOST}/zwgk/gknb2/"
PAGES, SIZE = 4, 10


def portal() -> Simulation:
    routes: dict[str, Route] = {f"{HOST}/protect/old.docx": Reply("", 404)}
    simulation = Simulation(routes, {})
    _one_page(simulation)
    _paged(simulation)
    return simulation


def _one_page(simulation: Simulation) -> None:
    found = Expected(set(), end_proof="single-page")
    rows = []
    for number, year in enumerate(range(2023, 2015, -1)):
        rows.append(_row(simulation, found, ONE, number, year))
    scan = "202001/P020200117300000000001.pdf"
    rows.append(f'<div class="itemb"><a href="./{scan}">水利部2015年政府信息公开工作年度报告 2016-03-30</a></div>')
    found.reports.add(f"{ONE}{scan}")
    simulation.routes[f"{HOST}/zwgk/gknb/{scan}"] = Reply(pdf("2015"), media_type="application/pdf")
    for number, (title, reason) in enumerate(NOISE.items()):
        file = f"202401/t20240126_77{number}.html"
        rows.insert(2, f'<div class="itemb"><a href="./{file}">{title.format(year=2023)} 2024-01-26</a></div>')
        found.rejected[ONE + file] = reason
    found.rows = len(rows)
    simulation.columns[ONE] = found
    simulation.routes[f"{HOST}/zwgk/gknb/"] = Reply(page("".join(rows)))


def _row(simulation: Simulation, found: Expected, column: str, number: int, year: int) -> str:
    folder, name = f"{year + 1}01", f"t{year + 1}0126_{1000 + number}.html"
    path = f"{column.removeprefix('http://')}{folder}/"
    stem = f"P0{year + 1}0126{number:012d}.docx"
    attachment = (f'<p class="insertfileTag"><a appendix="true" href="./{stem}" title="水利部{year}年报.docx" '
                  f'download="年报.docx" OLDSRC="/protect/old.docx">水利部{year}年报.docx</a></p>')
    simulation.routes[path + name] = Reply(article("水利部", year, attachment))
    simulation.routes[path + stem] = _needs_referer(docx(f"{column}{year}"), f"http://{path}{name}")
    simulation.files[f"http://{path}{stem}"] = docx(f"{column}{year}")
    simulation.names[f"http://{path}{stem}"] = f"水利部{year}年报.docx"
    found.reports.add(f"http://{path}{name}")
    return f'<div class="itemb"><a href="./{folder}/{name}">水利部{year}年政府信息公开工作年度报告 {year + 1}-01-26</a></div>'


def _needs_referer(body: bytes, referrer: str) -> Route:
    def answer(asked: Asked) -> Reply:
        good = asked.headers.get("referer") == referrer
        return Reply(body, media_type="application/octet-stream") if good else Reply("", 501)
    return answer


def _paged(simulation: Simulation) -> None:
    found = Expected(set(), end_proof="last-page")
    count = PAGES * SIZE - 3
    for number in range(PAGES):
        file = "index.html" if number == 0 else f"index_{number}.html"
        places = range(number * SIZE, min(count, (number + 1) * SIZE))
        rows = "".join(_list_row(simulation, found, place) for place in places)
        body = f'<ul class="newsList">{rows}</ul><script>createPageHTML({PAGES},{number},"index","html");</script>'
        simulation.routes[f"{HOST}/zwgk/gknb2/{file}"] = Reply(page(body))
    simulation.routes[f"{HOST}/zwgk/gknb2/"] = simulation.routes[f"{HOST}/zwgk/gknb2/index.html"]
    simulation.routes[f"{HOST}/zwgk/gknb2/index_{PAGES}.html"] = Reply('<meta http-equiv="refresh" content="0;url=./">')
    found.rows = count
    simulation.columns[PAGED] = found


def _list_row(simulation: Simulation, found: Expected, place: int) -> str:
    year, file = 2023 - place % 12, f"t202401{place % 28 + 1:02d}_{2000 + place}.html"
    url, day = f"{PAGED}202401/{file}", f"2024-01-{place % 28 + 1:02d}"
    if place % 5 == 4:
        title, reason = list(NOISE.items())[place % len(NOISE)]
        found.rejected[url] = reason
        return f'<li><a href="./202401/{file}">{title.format(year=year)}</a><span>{day}</span></li>'
    simulation.routes[url.removeprefix("http://")] = Reply(article(f"流域机构{place}局", year))
    found.reports.add(url)
    return f'<li><a href="./202401/{file}">流域机构{place}局{year}年度政府信息公开工作报告</a><span>{day}</span></li>'
