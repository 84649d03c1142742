"""What a website may do to a crawler, and what the archive says about it: the right name for every refusal, never "empty"."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from archive.store import Archive
from tests import flapping
from tests.crawling import captures, crawl, outcomes
from tests.loopback import HTML, Answer, Hit, Route, Site, column, page, portal, report

TITLE = "神池县司法局2019年政府信息公开工作年度报告"
LOST = "抱歉，您访问的页面不存在或已被删除"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n" + b"x" * 30_000 + b"\nstartxref\n9\n%%EOF\n"
GIF_COOKIE = {"Set-Cookie": "CT6T=1; Path=/", "Location": "/a/cookie", "Content-Type": HTML}


def office() -> bytes:
    with BytesIO() as buffer:
        with ZipFile(buffer, "w") as archive:
            archive.writestr("word/document.xml", "<x/>" * 9000)
        return buffer.getvalue()


def failing_first(times: int, status: int, headers: dict[str, str], then: Answer) -> Route:
    """Answers `status` so many times, then well."""
    seen: list[Hit] = []

    def answer(hit: Hit) -> Answer:
        seen.append(hit)
        return Answer(b"<html>busy</html>", status, {"Content-Type": HTML} | headers) if len(seen) <= times else then

    return answer


def with_cookie(hit: Hit) -> Answer:
    return report(7) if "CT6T=1" in hit.headers.get("Cookie", "") else Answer(b"", 302, GIF_COOKIE)


def short(text: str, status: int = 200, encoding: str = "utf-8", charset: str = HTML, title: str = "提示") -> Answer:
    answer = page(title, text, encoding, charset)
    return Answer(answer.body, status, answer.headers)


def file(body: bytes, **more: Any) -> Answer:
    return Answer(body, headers={"Content-Type": "application/octet-stream"}, **more)


#: name → (route, outcome)
ZOO: dict[str, tuple[Route, str]] = {
    "plain": (report(1), "ok"),
    "gone404": (short("<p>没有</p>", 404), "gone"),
    "gone410": (short("<p>没有</p>", 410), "gone"),
    "forbidden": (short("<p>Forbidden</p>", 403), "waf"),
    "geo403": (short("<p>GeoBL</p>", 403), "geo"),
    "geo451": (short("<p>no</p>", 451), "geo"),
    "ruishu": (short("<script>$_ts=window['$_ts'];</script>", 412), "challenge"),
    "jsl": (Answer(b"<script>document.cookie=('_')+('_jsl_clearance')</script>", 521,
                   {"Content-Type": HTML, "Set-Cookie": "__jsluid_s=1"}), "challenge"),
    "c3vk": (Answer(b"<html><script>document.cookie='C3VK=1234;max-age=300';window.location.reload()</script></html>"),
             "challenge"),
    "edgeone": (Answer(b"<html><script>var a='__tst_status';</script></html>"), "challenge"),
    "captcha": (short("<p>请输入验证码后继续访问</p>"), "challenge"),
    "waf200": (short("<p>访问被拒绝：您的请求被网站管理员设置拦截</p>"), "waf"),
    "maintenance": (short("<p>网站维护升级中，请稍后访问</p>"), "server-error"),
    "broken": (short("<p>oops</p>", 500), "server-error"),
    "flaky": (failing_first(2, 502, {}, report(2)), "ok"),
    "soft404": (short("<p>抱歉，您访问的页面不存在</p>"), "soft-404"),
    "soft404title": (short("<p>请返回首页</p>", title="404-找不到页面"), "soft-404"),
    "soft404gbk": (short(f"<p>{LOST}</p>", encoding="gbk", charset="text/html"), "soft-404"),
    "soft404latin": (short(f"<p>{LOST}</p>", encoding="gbk", charset="text/html; charset=ISO-8859-1"), "soft-404"),
    "soft404liar": (short(f"<p>{LOST}</p>", encoding="gbk", charset="text/html; charset=utf-8"), "soft-404"),
    "home": (Answer(b"", 302, {"Location": "/", "Content-Type": HTML}), "soft-404"),
    "loop": (Answer(b"", 302, {"Location": "/a/loop", "Content-Type": HTML}), "error"),
    "cookie": (with_cookie, "ok"),
    "moved": (Answer(b"", 301, {"Location": "/a/plain?moved", "Content-Type": HTML}), "ok"),
    "empty": (Answer(b""), "error"),
    "honest": (report(4, "<p>一是系统维护，网站维护升级；二是清理页面不存在、无法找到的链接和 404 页面。</p>"), "ok"),
    "zipped": (Answer(gzip.compress(report(5).body), headers={"Content-Type": HTML, "Content-Encoding": "gzip"}), "ok"),
    "hang": (Answer(b"late", pause=4), "timeout"),
    "whole.pdf": (file(PDF), "ok"),
    "junk.pdf": (file(PDF + b"\0" * 3000), "ok"),
    "half.pdf": (file(PDF[:20_000]), "truncated"),
    "cut.pdf": (file(PDF, cut=20_000), "truncated"),
    "unsized.pdf": (file(PDF[:20_000], length=False), "truncated"),
    "page.pdf": (short("<p>抱歉，您访问的页面不存在</p>"), "soft-404"),
    "whole.docx": (file(office()), "ok"),
    "half.docx": (file(office()[:-30]), "truncated"),
    "huge.docx": (file(b"PK\x03\x04" + b"0" * 3_000_000), "too-large"),
}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Site, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("zoo")
    with Site({f"/a/{name}": route for name, (route, _) in ZOO.items()}) as site:
        site.routes["/"] = page("神池县人民政府", "<p>首页</p>" * 300)
        site.routes["/a/plain?moved"] = report(6)
        site.routes["/nb/"] = column({f"/a/{name}": TITLE for name in ZOO})
        outcome = crawl(folder, [site.url("/nb/")], DOWNLOAD_TIMEOUT=1.5, DOWNLOAD_MAXSIZE=2_000_000,
                        NIANBAO_BREAK_AFTER=1000)
        yield folder, site, outcome


@pytest.mark.parametrize("name", ZOO)
def test_every_answer_gets_its_name(zoo: tuple[Path, Site, dict[str, Any]], name: str) -> None:
    folder, _, _ = zoo
    (found,) = [each for each in captures(folder) if each["url"].endswith(f"/a/{name}")]
    assert found["outcome"] == ZOO[name][1], found
    assert (found["digest"] is None) == (found["outcome"] != "ok")


def test_what_could_not_be_had_is_in_the_ledger_and_never_empty(zoo: tuple[Path, Site, dict[str, Any]]) -> None:
    _, _, outcome = zoo
    (line,) = outcome["columns"]
    assert line["outcome"] == "partial"
    assert line["rows"] == len(ZOO)
    assert sum(line["missed"].values()) == sum(verdict != "ok" for _, verdict in ZOO.values())


def test_stored_bytes_are_those_of_the_page_not_of_its_transport(zoo: tuple[Path, Site, dict[str, Any]]) -> None:
    folder, _, _ = zoo
    (found,) = [each for each in captures(folder) if each["url"].endswith("/a/zipped")]
    with Archive(folder, write=False) as archive:
        assert archive.bytes(found["digest"]) == report(5).body


def test_every_request_says_who_we_are_and_whence_we_come(zoo: tuple[Path, Site, dict[str, Any]]) -> None:
    _, site, _ = zoo
    assert all(hit.headers.get("User-Agent", "").startswith("nianbao/") for hit in site.hits)
    assert all(hit.headers.get("Referer") == site.url("/nb/") for hit in site.hits if hit.path.startswith("/a/"))
    assert all("zh" in hit.headers.get("Accept-Language", "") for hit in site.hits)


def test_the_crawl_warns_of_nothing_but_what_a_person_can_act_on(zoo: tuple[Path, Site, dict[str, Any]]) -> None:
    _, _, outcome = zoo
    assert "Deprecat" not in outcome["stderr"]
    assert "Traceback" not in outcome["stderr"]
    assert "Referer" not in outcome["stderr"]


# ---------------------------------------------------------------- robots.txt


def robots(host: str, answer: Route) -> Site:
    site = portal(3, host)
    site.routes["/robots.txt"] = answer
    return site


def text(body: str, status: int = 200, content_type: str = "text/plain") -> Answer:
    return Answer(body.encode(), status, {"Content-Type": content_type})


def packed(body: bytes) -> Answer:
    return Answer(body, headers={"Content-Type": "text/plain", "Content-Encoding": "gzip"})


ROBOTS: dict[str, tuple[Route, str]] = {
    "everything forbidden": (text("User-agent: *\nDisallow: /\n"), "refused"),
    "others welcome": (text("User-agent: Baiduspider\nAllow: /\n\nUser-agent: *\nDisallow: /\n"), "refused"),
    "we are named": (text("User-agent: *\nAllow: /\n\nUser-agent: nianbao\nDisallow: /\n"), "refused"),
    "elsewhere forbidden": (text("User-agent: *\nDisallow: /wxzf/\n"), "complete"),
    "no file": (text("none", 404), "complete"),
    "forbidden file": (text("no", 403), "refused"),
    "login needed": (text("no", 401), "refused"),
    "broken": (text("no", 503), "refused"),
    "a page in its place": (text("<html><body>Disallow: /</body></html>", 200, HTML), "complete"),
    "broken off": (packed(gzip.compress(b"User-agent: *\nDisallow: /nb/\n")[:-9]), "refused"),
    "without measure": (packed(gzip.compress(bytes(2_000_000))), "refused"),
    "moved": (Answer(b"", 301, {"Location": "/robots2.txt"}), "refused"),
}


def test_robots_are_obeyed_and_an_unknown_permission_is_no_permission(tmp_path: Path) -> None:
    sites = {name: robots(f"127.0.1.{n + 1}", answer) for n, (name, (answer, _)) in enumerate(ROBOTS.items())}
    try:
        for site in sites.values():
            site.__enter__()
        sites["moved"].routes["/robots2.txt"] = text("User-agent: *\nDisallow: /nb/\n")
        outcome = crawl(tmp_path, [site.url("/nb/") for site in sites.values()], DOWNLOAD_MAXSIZE=1_000_000)
    finally:
        for site in sites.values():
            site.__exit__()
    said = {line["url"]: (line["outcome"], line["refusal"]) for line in outcome["columns"]}
    for name, (_, verdict) in ROBOTS.items():
        assert said[sites[name].url("/nb/")] == (verdict, "robots" if verdict == "refused" else ""), name
        assert ("/nb/" in sites[name].paths()) == (verdict == "complete"), name


# ---------------------------------------------------------------- private addresses


def test_a_redirect_to_a_private_address_is_not_followed(tmp_path: Path) -> None:
    with Site(host="127.0.0.5") as inside, Site(host="127.0.0.6") as open_site, Site(host="127.0.0.1") as localhost:
        for secret in (inside, localhost):
            secret.routes["/secret"] = report(1)
        hidden = {"/a/number": inside.url("/secret"), "/a/name": localhost.url("/secret", "localhost"),
                  "/a/decimal": localhost.url("/secret", "2130706433"),
                  "/a/mapped": f"http://[::ffff:127.0.0.1]:{localhost.port}/secret",
                  "/a/short": localhost.url("/secret", "127.1")}
        for path, address in hidden.items():
            open_site.routes[path] = Answer(b"", 302, {"Location": address})
        open_site.routes["/nb/"] = column(dict.fromkeys(hidden, TITLE))
        crawl(tmp_path, [open_site.url("/nb/")], allow_private=["127.0.0.6/32"])
        assert not inside.hits
        assert not localhost.hits
    assert {path: verdict for path, verdict in outcomes(tmp_path).items() if path != "/nb/"} == dict.fromkeys(hidden, "private")


def test_nothing_private_is_fetched_unless_allowed(tmp_path: Path) -> None:
    with portal(1) as site:
        outcome = crawl(tmp_path, [site.url("/nb/"), site.url("/nb/", "localhost")], allow_private=[])
        assert not site.hits
    assert [(line["outcome"], line["refusal"]) for line in outcome["columns"]] == [("refused", "private")] * 2


def test_a_name_that_leads_elsewhere_at_its_second_look_up_gets_nothing(tmp_path: Path) -> None:
    with portal(1) as site:
        headers = {"Content-Type": "text/plain", "Connection": "close"}
        site.routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow:\n", headers=headers)
        crawl(tmp_path, [site.url("/nb/", flapping.NAME)], allow_private=["127.0.0.1/32"],
              TWISTED_DNS_RESOLVER="tests.flapping.Rebinding")
        assert [hit.path for hit in site.hits] == ["/robots.txt"]
    assert outcomes(tmp_path) == {"/nb/": "dns"}          # no address is left; the resolver here asks for numbers, not the name


# ---------------------------------------------------------------- manners


def gaps(site: Site) -> list[float]:
    times = [hit.at for hit in site.hits]
    return [after - before for before, after in pairwise(times)]


def test_one_connection_per_host_and_the_delay_is_kept(tmp_path: Path) -> None:
    with portal(5) as site:
        crawl(tmp_path, [site.url("/nb/")], NIANBAO_DELAYS={f"127.0.0.1:{site.port}": 0.3})
        assert site.most_open == 1
        assert min(gaps(site)) > 0.3


def test_crawl_delay_is_obeyed(tmp_path: Path) -> None:
    site = robots("127.0.0.1", text("User-agent: *\nCrawl-delay: 0.4\n"))
    with site:
        crawl(tmp_path, [site.url("/nb/")])
        assert min(gaps(site)) > 0.4


def whole_seconds(seconds: int) -> str:
    return str(seconds)


def a_date(seconds: int) -> str:
    return formatdate(time.time() + seconds + 1, usegmt=True)


@pytest.mark.parametrize("written", [whole_seconds, a_date])
def test_retry_after_is_met_and_the_rate_halved(tmp_path: Path, written: Callable[[int], str]) -> None:
    busy: list[float] = []

    def answer(hit: Hit) -> Answer:
        busy.append(hit.at)
        return Answer(b"", 429, {"Retry-After": written(2)}) if len(busy) == 1 else report(1)

    with portal(4) as site:
        site.routes["/nb/t0.html"] = answer
        crawl(tmp_path, [site.url("/nb/")], NIANBAO_DELAYS={f"127.0.0.1:{site.port}": 0.6})
        after = [hit.at for hit in site.hits if hit.at > busy[0]]
    assert after[0] - busy[0] > 2                            # nobody of that host is asked before
    assert min(b - a for a, b in pairwise(after)) > 1.2
    assert set(outcomes(tmp_path).values()) == {"ok"}


def test_a_host_that_asks_for_an_hour_is_left_alone_and_named(tmp_path: Path) -> None:
    with portal(4) as site:
        site.routes["/nb/t0.html"] = Answer(b"", 503, {"Retry-After": "3600"})
        outcome = crawl(tmp_path, [site.url("/nb/")])
        assert len(site.paths()) == 2
    assert outcome["columns"][0]["outcome"] == "partial"
    assert outcome["columns"][0]["missed"] == {"server-error": 4}


def test_a_slow_host_delays_no_other(tmp_path: Path) -> None:
    with portal(25) as quick, portal(3, "127.0.0.2", pause=1.2) as slow:
        crawl(tmp_path, [slow.url("/nb/"), quick.url("/nb/")])
        assert quick.hits[-1].at < slow.hits[-1].at


def test_a_dead_host_is_given_up_and_named(tmp_path: Path) -> None:
    with portal(2) as site:
        outcome = crawl(tmp_path, ["http://127.0.0.9:9/nb/", "http://no-such-host.invalid/nb/", site.url("/nb/")])
    lines = {line["url"].split("/")[2].split(":")[0]: line for line in outcome["columns"]}
    assert (lines["no-such-host.invalid"]["outcome"], lines["no-such-host.invalid"]["refusal"]) == ("refused", "dns")
    assert lines["127.0.0.9"]["outcome"] == "refused"
    assert lines["127.0.0.1"]["outcome"] == "complete"


# ---------------------------------------------------------------- asking whether it changed


def versioned(answer: Answer, tag: str) -> Route:
    def route(hit: Hit) -> Answer:
        if hit.headers.get("If-None-Match") == tag:
            return Answer(b"", 304, {"ETag": tag})
        return Answer(answer.body, headers={"Content-Type": HTML, "ETag": tag})
    return route


def test_an_unchanged_site_sends_no_bytes_twice_and_gives_the_same_ledger(tmp_path: Path) -> None:
    with portal(20) as site:
        for path, route in list(site.routes.items()):
            site.routes[path] = versioned(route, f'"{path}"')  # type: ignore[arg-type]
        first = crawl(tmp_path, [site.url("/nb/")])
        asked = len(site.hits)
        second = crawl(tmp_path, [site.url("/nb/")])
        conditional = [hit for hit in site.hits[asked:] if "If-None-Match" in hit.headers]
    assert first["columns"] == second["columns"]
    assert second["new_documents"] == second["read"] == 0
    assert len(conditional) >= 20                          # one in fifty may be asked for whole
    again = list(captures(tmp_path))[21:]
    assert {each["outcome"] for each in again} <= {"ok", "not_modified"}
    assert all(each["digest"] for each in again)


def test_refresh_asks_for_everything_whole(tmp_path: Path) -> None:
    with portal(3) as site:
        for path, route in list(site.routes.items()):
            site.routes[path] = versioned(route, '"1"')  # type: ignore[arg-type]
        crawl(tmp_path, [site.url("/nb/")])
        crawl(tmp_path, [site.url("/nb/")], refresh=True)
        assert not [hit for hit in site.hits if "If-None-Match" in hit.headers]


def test_a_corrected_report_at_the_same_address_is_a_new_document(tmp_path: Path) -> None:
    with portal(3) as site:
        crawl(tmp_path, [site.url("/nb/")])
        site.routes["/nb/t1.html"] = report(1, "<p>更正</p>")
        second = crawl(tmp_path, [site.url("/nb/")])
    assert second["new_documents"] == 1
    digests = {each["digest"] for each in captures(tmp_path) if each["url"].endswith("t1.html")}
    assert len(digests) == 2


def test_headers_are_kept_as_the_server_sent_them(tmp_path: Path) -> None:
    with portal(1) as site:
        site.routes["/nb/t0.html"] = Answer(report(0).body, headers={"Content-Type": HTML, "X-Custom": "1"})
        crawl(tmp_path, [site.url("/nb/")])
    (found,) = [each for each in captures(tmp_path) if each["url"].endswith("t0.html")]
    assert ["X-Custom", "1"] in json.loads(found["headers"])


def test_a_host_without_a_name_is_left_alone_and_every_link_to_it_says_why(tmp_path: Path) -> None:
    with portal(2) as site:
        dead = {f"/go/{n}": TITLE for n in range(8)}
        for path in dead:
            site.routes[path] = Answer(b"", 302, {"Location": f"http://no-such-host.invalid{path}"})
        site.routes["/nb/"] = column(dead)
        crawl(tmp_path, [site.url("/nb/")], NIANBAO_BREAK_AFTER=4)
    assert {path: verdict for path, verdict in outcomes(tmp_path).items() if path != "/nb/"} == dict.fromkeys(dead, "dns")
