"""Asking whether it changed: who is believed, who is not, and what an unchanged page still gives."""

from __future__ import annotations

from pathlib import Path

from archive.store import Archive
from tests.crawling import captures, crawl
from tests.loopback import HTML, Answer, Hit, Route, Site, column, portal, report

TITLE = "神池县司法局{}年政府信息公开工作年度报告"


def versioned(answer: Answer, tag: str) -> Route:
    """An honest page: 304 for the tag of what stands there."""
    def route(hit: Hit) -> Answer:
        if hit.headers.get("If-None-Match") == tag:
            return Answer(b"", 304, {"ETag": tag})
        return Answer(answer.body, headers={"Content-Type": HTML, "ETag": tag})
    return route


def stubborn(answer: Answer) -> Route:
    """A page that answers 304 to anybody who asks conditionally, whatever stands there."""
    def route(hit: Hit) -> Answer:
        if "If-None-Match" in hit.headers:
            return Answer(b"", 304)
        return Answer(answer.body, headers={"Content-Type": HTML, "ETag": '"always"'})
    return route


def honest(site: Site) -> Site:
    for path, route in list(site.routes.items()):
        assert isinstance(route, Answer)
        site.routes[path] = versioned(route, f'"{path}{len(route.body)}"')
    return site


def test_an_honest_host_is_tested_once_and_believed(tmp_path: Path) -> None:
    with honest(portal(6)) as site:
        crawl(tmp_path, [site.url("/nb/")])
        asked = len(site.paths())
        crawl(tmp_path, [site.url("/nb/")])
        again = [hit for hit in site.hits if hit.path != "/robots.txt"][asked:]
    whole = [hit.path for hit in again if "If-None-Match" not in hit.headers]
    assert "/nb/" in whole                                  # the first 304 of the run is put to the test
    assert len(whole) <= 2                                  # and one in fifty after it
    assert [each for each in captures(tmp_path) if each["error"]] == []


def test_a_host_caught_lying_is_asked_for_everything_whole_from_then_on(tmp_path: Path) -> None:
    with portal(4) as site:
        for path, route in list(site.routes.items()):
            assert isinstance(route, Answer)
            site.routes[path] = stubborn(route)
        crawl(tmp_path, [site.url("/nb/")])
        site.routes["/nb/"] = stubborn(column({f"/nb/t{n}.html": TITLE.format(2019 + n) for n in range(5)}))
        site.routes["/nb/t4.html"] = stubborn(report(4))
        second = crawl(tmp_path, [site.url("/nb/")])
        asked = len(site.hits)
        crawl(tmp_path, [site.url("/nb/")])
        assert not [hit for hit in site.hits[asked:] if "If-None-Match" in hit.headers]
    assert second["columns"][0]["accepted"] == 5            # the new report was found behind the lie
    assert "nothing is asked conditionally there for a year" in second["stderr"]
    with Archive(tmp_path, write=False) as archive:
        (host, since, url), = archive.db.execute("select host, distrusted_at, evidence from hosts").fetchall()
    assert (host, url) == (f"127.0.0.1:{site.port}", site.url("/nb/"))
    assert since


def test_an_unchanged_page_is_walked_by_todays_rules(tmp_path: Path) -> None:
    """Links left out by one run (here: another year) are found by the next, though the page answers 304."""
    with honest(Site({f"/nb/t{n}.html": report(n) for n in range(3)})) as site:
        site.routes["/nb/"] = versioned(column({f"/nb/t{n}.html": TITLE.format(2019 + n) for n in range(3)}), '"c"')
        narrow = crawl(tmp_path, [site.url("/nb/")], year=2019)
        wide = crawl(tmp_path, [site.url("/nb/")])
    assert narrow["columns"][0]["accepted"] == 1
    assert wide["columns"][0]["accepted"] == 3
    assert {each["url"] for each in captures(tmp_path)} == {site.url("/nb/"), *(site.url(f"/nb/t{n}.html") for n in range(3))}


def test_a_304_nobody_asked_for_leaves_the_column_unread(tmp_path: Path) -> None:
    with Site({"/nb/": Answer(b"", 304)}) as site:
        done = crawl(tmp_path, [site.url("/nb/")])
    assert done["columns"][0]["outcome"] == "broken"


def test_a_host_is_no_liar_because_our_own_bytes_are_damaged(tmp_path: Path) -> None:
    """Nothing can be said of a 304 when what it vouches for is lost here: the whole is asked for, and nobody is blamed."""
    with honest(portal(4)) as site:
        first = crawl(tmp_path, [site.url("/nb/")])
        with Archive(tmp_path) as archive, archive.blobs:
            archive.blobs.execute("update blob set data = zeroblob(length(data))")
        asked = len(site.hits)
        second = crawl(tmp_path, [site.url("/nb/")])
        whole = {hit.path for hit in site.hits[asked:] if "If-None-Match" not in hit.headers}
    assert first["columns"][0]["accepted"] == second["columns"][0]["accepted"] == 4
    assert whole >= {"/nb/", *(f"/nb/t{n}.html" for n in range(4))}
    assert "damaged" in second["stderr"]
    assert [each for each in captures(tmp_path) if each["error"]] == []
    with Archive(tmp_path, write=False) as archive:
        assert archive.db.execute("select distrusted_at from hosts where distrusted_at <> ''").fetchall() == []
