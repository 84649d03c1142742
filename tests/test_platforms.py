"""Every simulated portal is walked over real HTTP, and what the walk finds is compared with what is there."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo import simulated
from crawler.demo.content import article, page, pdf
from crawler.demo.hosting import served
from crawler.demo.simulation import Expected, Reply, Simulation
from spiders import names, platforms
from spiders.column import ColumnSpider
from spiders.models import Target
from spiders.page import Page
from tests.crawling import captures, crawl
from tests.portals import Ledger, families, nested, services, systems, varied, walk

ATTACHED = json.loads((Path(__file__).parent / "portals" / "attached.json").read_text("utf-8"))
SIMULATED = simulated.walkable()
VARIANTS = [
    *(families.static(families.Static(template=name)) for name in families.TEMPLATES),
    *(families.static(families.Static(call=name, base=base)) for name in families.CALLS for base in (0, 1)),
    *(families.static(families.Static(ext=ext, call=call, base=base))
      for ext in ("shtml", "htm") for call in ("createPageHTML", "countPage") for base in (0, 1)),
    *(families.static(families.Static(count=count, base=base, end=end))
      for count in (1, 20, 21, 40, 121) for base in (0, 1) for end in families.ENDS),
    families.static(families.Static(name="index_12345", call="page_div")),
    families.static(families.Static(name="list", base=1)),
    *(families.jpage(families.Jpage(obeys=obeys, says_total=total, way=way, method=method))
      for obeys in ("group", "page", "startrecord", "last") for total in (False, True)
      for way, method in (("nextgroup", "GET"), ("nextgroup", "POST"), ("config", "POST"))),
    *(families.jpage(families.Jpage(count=count, says_total=total))
      for count in (3, 44, 45, 46, 90, 91, 200) for total in (False, True)),
    *(families.jpage(families.Jpage(template=name)) for name in families.TEMPLATES if name != "groups"),
    families.jpage(families.Jpage(per=20, path="/module/jslib/jquery/jpage/dataproxy.jsp")),
    families.jpage(families.Jpage(article="/col/col99/art/2024/art_0123456789abcdef0123456789{:06d}.html")),
]


def simulation(name: str) -> Simulation:
    return simulated.portal(name)


@pytest.fixture(scope="module", params=SIMULATED)
def walked(request: pytest.FixtureRequest) -> Iterator[tuple[Simulation, Ledger]]:
    made = simulation(request.param)
    yield made, walk(made, ColumnSpider(urls=made.seeds or list(made.columns)))


def columns(walked: tuple[Simulation, Ledger]) -> Iterator[tuple[str, Expected, Ledger]]:
    made, ledger = walked
    return ((url, expected, ledger) for url, expected in made.columns.items())


def test_every_report_and_nothing_else_is_linked(walked: tuple[Simulation, Ledger]) -> None:
    for url, expected, ledger in columns(walked):
        assert ledger.reports(url) == expected.reports, url


def test_look_alikes_are_rejected_with_their_reason(walked: tuple[Simulation, Ledger]) -> None:
    for url, expected, ledger in columns(walked):
        assert ledger.rejected(url).keys() == expected.rejected.keys(), url
        for rejected, reason in expected.rejected.items():
            assert ledger.rejected(url)[rejected].startswith(reason)


def test_the_end_of_every_column_is_proved(walked: tuple[Simulation, Ledger]) -> None:
    for url, expected, ledger in columns(walked):
        assert ledger.said(url, "end_proof")[-1:] == ([expected.end_proof] if expected.end_proof else []), url
        assert ledger.said(url, "refusal") == ([expected.refusal] if expected.refusal else []), url


def test_raw_rows_and_declared_totals_are_counted(walked: tuple[Simulation, Ledger]) -> None:
    for url, expected, ledger in columns(walked):
        assert expected.rows is None or ledger.total(url, "rows") == expected.rows, url
        assert expected.declared in ([*ledger.said(url, "declared")] or [None]), url


def test_every_file_arrives_with_its_bytes_and_its_name(walked: tuple[Simulation, Ledger]) -> None:
    made, ledger = walked
    for url, body in made.files.items():
        assert ledger.file(url).body == body
    for url, name in made.names.items():
        capture = ledger.file(url)
        assert names.of(url, capture.target.link_text, capture.headers) == name


def test_few_requests_bring_nothing(walked: tuple[Simulation, Ledger]) -> None:
    made, ledger = walked
    lists = (c for c in ledger.captures if c.progress and c.target.role == "list")
    assert sum(bool(c.progress and (c.progress.probe or not (c.progress.rows or c.links))) for c in lists) <= made.wasted


def test_every_article_linked_is_there(walked: tuple[Simulation, Ledger]) -> None:
    _, ledger = walked
    assert [c.target.url for c in ledger.captures if c.target.role == "article" and c.outcome != "ok"] == []


@pytest.mark.parametrize("made", VARIANTS, ids=lambda made: next(iter(made.columns)).split(".")[1])
def test_a_family_is_walked_whatever_its_template_counts_and_server(made: Simulation) -> None:
    ledger = walk(made, ColumnSpider(urls=list(made.columns)))
    for url, expected in made.columns.items():
        assert ledger.reports(url) == expected.reports
        assert ledger.rejected(url).keys() == expected.rejected.keys()
        assert ledger.total(url, "rows") == expected.rows
        assert ledger.said(url, "refusal") == [] and ledger.said(url, "end_proof")[-1:] == [expected.end_proof]
        assert ledger.said(url, "declared")[:1] == ([expected.declared] if expected.declared else [])
        assert ledger.asked["list"] + 1 <= -(-(expected.rows or 0) // 15) + made.wasted


@pytest.mark.parametrize("seed", range(80))
def test_a_static_list_is_walked_whatever_was_drawn(seed: int) -> None:
    made = varied.column(seed)
    ledger = walk(made, ColumnSpider(urls=list(made.columns)))
    for url, expected in made.columns.items():
        assert ledger.reports(url) == expected.reports
        assert ledger.rejected(url).keys() == expected.rejected.keys()
        assert ledger.total(url, "rows") == expected.rows
        assert ledger.said(url, "refusal") == [] and ledger.said(url, "end_proof")
        assert ledger.asked["list"] <= varied.pages(seed)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("family", [*services.FAMILIES, *systems.SYSTEMS])
def test_a_service_is_walked_whatever_its_names_keys_and_numbering(family: str, seed: int) -> None:
    made = (services.FAMILIES | systems.SYSTEMS)[family](seed)
    ledger = walk(made, ColumnSpider(urls=list(made.columns)))
    (url,), (expected,) = made.columns, made.columns.values()
    assert ledger.reports() == expected.reports
    assert ledger.said(url, "refusal") == [] and ledger.said(url, "end_proof")[-1] != "empty-marker"
    lists = [c for c in ledger.captures if c.progress and c.target.role in ("column", "list")]
    wasted = sum(bool(c.progress and (c.progress.probe or not (c.progress.rows or c.links))) for c in lists)
    assert wasted <= max(made.wasted, len(lists) - wasted)


def test_every_way_to_offer_a_file_ends_with_its_bytes(tmp_path: Path) -> None:
    made, column = Simulation({}, {}), "http://www.example.gov.cn/nb/"
    rows = ""
    for number, (what, markup, url) in enumerate(ATTACHED["files"]):
        path = f"www.example.gov.cn/nb/202401/t20240126_{number}.html"
        file, words = Page(f"http://{path}").absolute(url), "pictur" not in what
        made.routes[path] = Reply(article("某局", 2023, markup) if words else f"<html><body>{markup}</body></html>")
        made.files[file], made.routes[file.removeprefix("http://")] = pdf(what), Reply(pdf(what))
        rows += f"<li><a href='./202401/t20240126_{number}.html'>第{number}局2023年政府信息公开工作年度报告</a></li>"
    made.routes["www.example.gov.cn/nb/"] = Reply(page(f"<ul>{rows}</ul>"))
    made.columns[column] = Expected(set())
    ledger = walk(made, ColumnSpider(urls=[column]))
    assert {url: ledger.file(url).body for url in made.files} == made.files
    assert [c.target.url for c in ledger.captures if c.outcome != "ok"] == []


@pytest.mark.parametrize("shape", nested.SHAPES)
def test_a_column_that_is_no_list_is_walked_to_its_reports(shape: str) -> None:
    made = nested.nested(shape)
    ledger = walk(made, ColumnSpider(urls=list(made.columns)))
    assert ledger.reports() == made.columns[nested.ROOT].reports
    assert [c.target.url for c in ledger.captures if c.outcome != "ok" or (c.progress and c.progress.refusal)] == []
    assert made.files.keys() <= {c.target.url for c in ledger.captures}


@pytest.mark.parametrize("name", SIMULATED)
def test_the_engine_archives_what_the_walk_found(name: str, tmp_path: Path) -> None:
    made = simulation(name)
    with served(made, ported=True) as port:
        outcome = crawl(tmp_path, [url.replace(".sim/", f".sim:{port}/") for url in made.seeds or made.columns],
                        TWISTED_DNS_RESOLVER="tests.portals.Resolver")
    fetched = {found["url"].replace(f":{port}", "") for found in captures(tmp_path) if found["outcome"] == "ok"}
    for url, expected in made.columns.items():
        assert expected.reports <= fetched, url
    assert set(made.files) <= fetched
    walked = {column["url"].replace(f":{port}", ""): column for column in outcome["columns"]}
    for url, expected in made.columns.items():
        assert walked[url]["end_proof"] == expected.end_proof and walked[url]["outcome"] == expected.outcome, walked[url]


@pytest.mark.parametrize("name", platforms.names())
def test_a_platform_says_how_to_recognise_it(name: str) -> None:
    assert (importlib.import_module(f"spiders.platforms.{name}").__doc__ or "").startswith("Use ")


def test_a_page_of_no_known_family_is_static() -> None:
    page = Page("http://www.x.gov.cn/a/", b"<html><body><a href='a.html'>x</a></body></html>")
    assert platforms.recognise(page) == "static"
    assert platforms.named("static").walk(page, Target(page.url, "column")).links == ()
