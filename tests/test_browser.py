"""A real browser, where a page is drawn by script or a door opens by itself: what it finds and what it may not reach."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Error
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError

from crawler.downloader import browser
from crawler.downloader.proxy import Proxy
from tests.crawling import captures, crawl, outcomes, start
from tests.loopback import HTML, Answer, Hit, Site, page, portal, report
from tests.test_downloader import text

JSON = {"Content-Type": "application/json"}
DOOR = b"""<html><head></head><body><script>
  document.cookie = ('__jsl_clear' + 'ance_s') + '=' + [1, 2, 3].map(n => n * 7).join('') + '; path=/';
  setTimeout(() => location.reload(), 200);
</script></body></html>"""


def title(number: int) -> str:
    return f"神池县第{number}局2019年政府信息公开工作年度报告"


def token_list(total: int, size: int = 10) -> Site:
    """A list whose rows come only for a token that its script makes, page by page as a reader clicks."""
    script = """
      let number = 1;
      const make = n => [...String(n * 7919 + 13)].reverse().join('') + 'x' + (n + 1);
      const show = n => fetch('/api/list?page=' + n + '&t=' + make(n)).then(a => a.json()).then(data => {
        number = n;
        document.getElementById('list').innerHTML = data.rows.map(
          r => `<li><a href="${r.url}">${r.title}</a><span>2020-01-20</span></li>`).join('');
        document.getElementById('pages').innerHTML = number < data.pages
          ? '<a href="javascript:;" onclick="show(number + 1)">下一页</a>' : '<a class="disabled">下一页</a>';
      });
      show(1);"""
    site = Site({f"/a/t20200120_{n}.html": report(n) for n in range(total)})
    site.routes["/nb/"] = page("政府信息公开年报", f"<ul id=list></ul><div id=pages></div><script>{script}</script>")

    def answer(hit: Hit) -> Answer:
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(hit.path).query).items()}
        number = int(asked.get("page", 0))
        if asked.get("t") != str(number * 7919 + 13)[::-1] + f"x{number + 1}":
            return Answer(b"<html>no</html>", 403)
        rows = [{"url": f"/a/t20200120_{n}.html", "title": title(n)} for n in range(total)][(number - 1) * size:number * size]
        return Answer(json.dumps({"pages": -(-total // size), "rows": rows}).encode(), headers=JSON)
    for number in range(1, -(-total // size) + 1):
        site.routes[f"/api/list?page={number}&t={str(number * 7919 + 13)[::-1]}x{number + 1}"] = answer
    return site


def with_door(host: str = "127.0.0.1", status: int = 521, cookie: str = "__jsl_clearance_s=71421") -> Site:
    """A portal all of whose pages stand behind a script that sets a cookie and asks again."""
    site = portal(4, host)
    for path, route in [*site.routes.items(), ("/robots.txt", Answer(b"", 404))]:
        site.routes[path] = lambda hit, inner=route: (                          # type: ignore[misc]
            inner if cookie in hit.headers.get("Cookie", "") else Answer(DOOR, status))
    return site


def browsing(folder: Path, *urls: str, **more: object) -> dict[str, object]:
    return crawl(folder, urls, **{"NIANBAO_BROWSER": True, "NIANBAO_BROWSER_PATIENCE": 8} | more)      # type: ignore[arg-type]


def test_a_list_drawn_with_a_token_is_turned_to_its_end(tmp_path: Path) -> None:
    with token_list(23) as site:
        (line,) = browsing(tmp_path, site.url("/nb/"))["columns"]                # type: ignore[misc]
    assert (line["outcome"], line["accepted"], line["end_proof"]) == ("complete", 23, "last-page")
    assert sum(found["role"] == "article" and found["outcome"] == "ok" for found in captures(tmp_path)) == 23


def by_navigation(total: int, size: int, spoilt: str = "") -> Site:
    """The same, but every page of the list is a page of its own to which a click leads."""
    script = """
      const number = Number(new URLSearchParams(location.search).get('p') || 1);
      const t = [...String(number * 7919 + 13)].reverse().join('') + 'x' + (number + 1);
      fetch('/api/list?page=' + number + '&t=' + t).then(a => a.json()).then(data => {
        document.getElementById('list').innerHTML = data.rows.map(
          r => `<li><a href="${r.url}">${r.title}</a><span>2020-01-20</span></li>`).join('');
        document.getElementById('pages').innerHTML = number < data.pages
          ? `<a href="javascript:;" onclick="location.href='/nb/?p=${number + 1}'">下一页</a>` : '';
      });"""
    site = token_list(total, size)
    drawn = page("政府信息公开年报", f"<ul id=list></ul><div id=pages></div><script>{script}{spoilt}</script>")
    for path in ("/nb/", *(f"/nb/?p={number}" for number in range(1, -(-total // size) + 1))):
        site.routes[path] = drawn
    return site


def test_a_list_whose_clicks_lead_to_new_pages_is_turned_to_its_end(tmp_path: Path) -> None:
    with by_navigation(23, 10) as site:
        (line,) = browsing(tmp_path, site.url("/nb/"))["columns"]                # type: ignore[misc]
    assert (line["outcome"], line["accepted"], line["end_proof"]) == ("complete", 23, "last-page")


def test_a_page_that_cannot_be_asked_for_its_pager_has_no_proved_end(tmp_path: Path) -> None:
    with by_navigation(23, 10, "document.querySelectorAll = null;") as site:
        (line,) = browsing(tmp_path, site.url("/nb/"))["columns"]                # type: ignore[misc]
    assert line["outcome"] != "complete" and line["accepted"] == 10


def test_without_a_browser_such_a_list_needs_one_and_is_never_empty(tmp_path: Path) -> None:
    with token_list(5) as site:
        (line,) = crawl(tmp_path, [site.url("/nb/")])["columns"]
    assert line["refusal"] == "needs-browser" and line["outcome"] not in ("empty", "complete")


def test_no_browser_installed_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    with token_list(5) as site:
        done = browsing(tmp_path / "a", site.url("/nb/"))
    (line,) = done["columns"]                                                    # type: ignore[misc]
    assert line["refusal"] == "needs-browser"
    said = [words for words in str(done["stderr"]).splitlines() if words.strip()]
    assert len(said) == 1 and "no browser is installed" in said[0]


def test_a_door_is_passed_once_and_its_cookie_serves_plain_requests(tmp_path: Path) -> None:
    with with_door() as site:
        (line,) = browsing(tmp_path, site.url("/nb/"))["columns"]                # type: ignore[misc]
        assert (line["outcome"], line["accepted"]) == ("complete", 4)
        assert site.hits[0].path == "/robots.txt"
        assert site.most_open == 1
        assert sum("__jsl" not in hit.headers.get("Cookie", "") for hit in site.hits) == 2        # ours, then the browser's
        assert {hit.headers["User-Agent"].partition("/")[0] for hit in site.hits} == {"nianbao"}
    assert set(outcomes(tmp_path).values()) == {"ok"}


def test_a_door_that_stays_shut_is_a_challenge_and_tried_once(tmp_path: Path) -> None:
    with with_door(status=412, cookie="never=1") as site:
        (line,) = browsing(tmp_path, site.url("/nb/"), NIANBAO_BROWSER_PATIENCE=2)["columns"]     # type: ignore[misc]
    assert (line["outcome"], line["refusal"]) == ("refused", "challenge")


def test_a_captcha_is_not_attempted(tmp_path: Path) -> None:
    with portal(1) as site:
        site.routes["/nb/"] = Answer("<html>请输入验证码后继续访问<script>1</script></html>".encode())
        (line,) = browsing(tmp_path, site.url("/nb/"))["columns"]                # type: ignore[misc]
        assert (line["outcome"], line["refusal"]) == ("refused", "challenge")
        assert site.paths() == ["/nb/"]


def test_a_page_cannot_make_the_browser_reach_what_a_crawl_may_not(tmp_path: Path) -> None:
    with Site(host="127.0.0.5") as inside, token_list(3) as site:
        inside.routes["/secret"] = Answer(b"secret", headers=HTML_ANY)
        names = ("127.0.0.5", "127.5", "2130706437", "[::ffff:127.0.0.5]", "re.sim")
        places = [inside.url("/secret", name) for name in names]
        hop = Answer(b"", 302, {"Location": places[0], "Content-Type": HTML})
        site.routes["/hop.js"] = site.routes["/hop"] = hop
        script = f"""
          for (const place of {json.dumps([*places, "/hop"])}) {{
            const frame = document.createElement('iframe'); frame.src = place; document.body.append(frame);
            const code = document.createElement('script'); code.src = place; document.body.append(code);
            fetch(place, {{mode: 'no-cors'}}).catch(() => 0);
            try {{ new WebSocket(place.replace('http', 'ws')); }} catch (error) {{ }}
          }}
          const row = `<li><a href='/a/t20200120_1.html'>{title(1)}</a><i>2020-01-20</i></li>`;
          document.getElementById('list').innerHTML = row;"""
        lure = f"<ul id=list></ul><script src=/hop.js></script><script>{script}</script>"
        site.routes["/nb/"] = page("政府信息公开年报", lure)
        (line,) = browsing(tmp_path, site.url("/nb/"), allow_private=["127.0.0.1/32"])["columns"]      # type: ignore[misc]
        assert not inside.hits
        assert line["accepted"] == 1


HTML_ANY = {"Content-Type": HTML, "Access-Control-Allow-Origin": "*"}


def test_what_a_page_asks_for_is_asked_of_robots_and_waits_its_turn(tmp_path: Path) -> None:
    with token_list(12, 4) as site:
        site.routes["/robots.txt"] = text("User-agent: *\nDisallow: /private/\nCrawl-delay: 0.4\n")
        listed = site.routes["/nb/"]
        assert isinstance(listed, Answer)
        more = "".join(f"<script src=/js/{n}.js></script>" for n in range(3)) + "<script src=/private/x.js></script>"
        site.routes["/nb/"] = Answer(listed.body.replace(b"<ul id=list>", more.encode() + b"<ul id=list>"))
        (line,) = browsing(tmp_path, site.url("/nb/"))["columns"]                # type: ignore[misc]
        assert line["accepted"] == 12
        assert site.most_open == 1
        assert not [hit for hit in site.hits if hit.path.startswith("/private/")]
        assert len([hit for hit in site.hits if hit.path.startswith("/js/")]) == 3
        assert min(after.at - before.at for before, after in pairwise(site.hits)) > 0.39


def test_an_article_drawn_by_script_is_kept_as_drawn(tmp_path: Path) -> None:
    with portal(2) as site:
        drawn = report(0).body.decode().partition("<body>")[2].partition("</body>")[0]
        site.routes["/text"] = Answer(drawn.encode())
        site.routes["/nb/t0.html"] = page("年报", "<div id=app></div><script>fetch('/text').then(a => a.text()).then("
                                                "t => document.getElementById('app').innerHTML = t)</script>")
        browsing(tmp_path, site.url("/nb/"))
    found = [each for each in captures(tmp_path) if each["url"].endswith("t0.html")]
    assert [(each["role"], each["outcome"]) for each in found] == [("article", "ok")] * 2
    assert len({each["digest"] for each in found}) == 2


def _encodings(hit: Hit) -> str:
    return next((value for name, value in hit.headers.items() if name.lower() == "accept-encoding"), "")


def test_bytes_come_by_the_browser_where_its_cookies_alone_do_not_do(tmp_path: Path) -> None:
    """A door that wants to see the browser's own header with every request."""
    with portal(3) as site:
        for path, route in list(site.routes.items()):
            site.routes[path] = lambda hit, inner=route: (                      # type: ignore[misc]
                inner if "__jsl" in str(hit.headers).lower() and "br" in _encodings(hit) else Answer(DOOR, 521))
        (line,) = browsing(tmp_path, site.url("/nb/"))["columns"]                # type: ignore[misc]
    assert (line["outcome"], line["accepted"]) == ("complete", 3)
    assert any("X-Nianbao-Transport" in each["headers"] for each in captures(tmp_path))


def test_a_browser_that_dies_in_the_midst_of_a_list_makes_no_shorter_list_of_it(tmp_path: Path) -> None:
    with token_list(23) as site:
        (second,) = [path for path in site.routes if path.startswith("/api/list?page=2")]
        answer, killed = site.routes[second], list[int]()

        def answer_and_kill(hit: Hit) -> Answer:
            if not killed:
                killed.extend(_browsers_below(child.pid))
                for pid in killed:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            assert callable(answer)
            return answer(hit)
        site.routes[second] = answer_and_kill
        child = start(tmp_path, [site.url("/nb/")], NIANBAO_BROWSER=True, NIANBAO_BROWSER_PATIENCE=8)
        out, err = child.communicate(timeout=300)
    assert killed, err
    (line,) = json.loads(out.splitlines()[-1])["columns"]
    assert (line["outcome"], line["accepted"], line["end_proof"]) == ("complete", 23, "last-page")


def _browsers_below(pid: int) -> list[int]:
    """The processes of the browser that a crawl started."""
    parents = {int(stat.parent.name): int(stat.read_text().rpartition(")")[2].split()[1])
               for stat in Path("/proc").glob("[0-9]*/stat") if (stat.parent / "comm").exists()}
    def below(one: int) -> bool:
        return one == pid or (one in parents and below(parents[one]))
    return [one for one in parents if below(one) and "chrom" in (Path("/proc") / str(one) / "comm").read_text()]


# ---------------------------------------------------------------- what goes wrong with a browser


def only_for_browsers(site: Site, path: str, shown: Answer | None = None) -> None:
    """Let a browser that has no cookie of the door yet meet something else there than a plain request does."""
    inner, met = site.routes[path], shown or Answer(DOOR, 521)
    assert isinstance(inner, Answer)
    site.routes[path] = lambda hit: met if "br" in _encodings(hit) and "__jsl" not in hit.headers.get("Cookie", "") else inner


def test_a_door_before_a_page_that_only_a_browser_can_draw_is_waited_at(tmp_path: Path) -> None:
    slow = DOOR.replace(b", 200)", b", 1500)")                 # it stands still for longer than a page that is drawn
    with token_list(5) as site:
        only_for_browsers(site, "/nb/", Answer(slow, 521))
        (line,) = browsing(tmp_path, site.url("/nb/"))["columns"]                # type: ignore[misc]
    assert (line["outcome"], line["accepted"]) == ("complete", 5)


@pytest.mark.parametrize("shown", [
    pytest.param(Answer("<html>请输入验证码后继续访问</html>".encode()), id="a captcha"),
    pytest.param(Answer(stream=lambda: iter(()), raw=True), id="nothing at all")])
def test_a_door_behind_which_a_browser_finds_no_page_is_a_challenge_and_not_knocked_at_again(
        tmp_path: Path, shown: Answer) -> None:
    with portal(2) as site:
        site.routes["/nb/"] = Answer(DOOR, 521)
        only_for_browsers(site, "/nb/", shown)
        (line,) = browsing(tmp_path, site.url("/nb/"))["columns"]                # type: ignore[misc]
        assert (line["outcome"], line["refusal"]) == ("refused", "challenge")
        assert set(site.paths()) == {"/nb/"}
        assert sum("br" in _encodings(hit) for hit in site.hits) >= 1


def test_a_browser_that_does_not_start_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_CHROMIUM", "/bin/false")
    with token_list(5) as site:
        done = browsing(tmp_path, site.url("/nb/"))
    (line,) = done["columns"]                                                    # type: ignore[misc]
    assert line["refusal"] == "needs-browser"
    said = [words for words in str(done["stderr"]).splitlines() if words.strip()]
    assert len(said) == 1 and "the browser does not start" in said[0]


def test_a_host_with_a_name_is_resolved_for_the_browser_as_it_is_for_the_crawl(tmp_path: Path) -> None:
    with token_list(5) as site:
        (line,) = browsing(tmp_path, site.url("/nb/", "localhost"))["columns"]   # type: ignore[misc]
        assert (line["outcome"], line["accepted"]) == ("complete", 5)
        assert {hit.headers["Host"] for hit in site.hits} == {f"localhost:{site.port}"}


class Open:
    """A gate that lets everything pass."""

    async def admit(self, url: str, page: str, kind: str) -> bool:
        return True

    def answered(self, url: str) -> None:
        """Nothing is counted."""


def test_what_goes_wrong_in_a_browser_has_the_names_of_a_download_and_a_worn_browser_is_replaced(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "LIFE", 2)

    async def look(site: Site) -> None:
        async def resolve(host: str, port: int) -> str:
            return host
        proxy = Proxy(resolve, 1 << 20)
        chrome = browser.Chrome("nianbao/test", await proxy.start(), Open(), 1.0)
        try:
            assert (await chrome.fetch(site.url("/"), {}, [])).body == b"here"
            first = chrome._browser
            with pytest.raises(DownloadTimeoutError):
                await chrome.fetch(site.url("/slow"), {}, [])
            with pytest.raises(DownloadTimeoutError, match="did not come to an end"):
                async with chrome._context() as context, asyncio.timeout(0.5):
                    await (await context.new_page()).goto(site.url("/slow"))
            assert chrome._browser is not first and first is not None and not first.is_connected()
            with pytest.raises(DownloadFailedError):
                await chrome.draw(site.url("/broken"))
        finally:
            await chrome.close()
            await proxy.close()

    with Site({"/": Answer(b"here"), "/slow": Answer(b"late", pause=2.5),
               "/broken": Answer(stream=lambda: iter(()), raw=True)}) as site:
        asyncio.run(look(site))


def test_a_name_without_an_address_is_told_from_other_failures() -> None:
    with pytest.raises(CannotResolveHostError), browser._as_downloads():
        raise Error("Page.goto: net::ERR_NAME_NOT_RESOLVED at http://a.example/\nCall log:")
