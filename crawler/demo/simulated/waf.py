"""A collection of closed doors: one host for every way in which a portal keeps its reader out, breaks, or only looks closed.

What is looked for is the exact name of each; nothing here but `empty` is an empty column. Three doors open for a browser.
"""

from __future__ import annotations

from itertools import count

from crawler.demo.content import article, page
from crawler.demo.simulation import Asked, Expected, Reply, Route, Simulation, answered

COLUMN = "/zfxxgk/nb/"
REPORTS = 3
TITLE = "关山县第{}局2023年政府信息公开工作年度报告"
_TEXT = "text/plain"
_LOGIN = ("<html><head><title>统一身份认证平台</title></head><body><form action='/cas/login'>用户名<input name=u>"
          "密码<input type='password' name=p><button>登录</button></form></body></html>")
_RUI_SHU = ("<html><head><meta http-equiv=content-type content='text/html;charset=utf-8'></head><body><script>"
            "$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=38712;$_ts.cd='qEEwrDqDxGaq';</script></body></html>")
_CLEARS = ("<html><head></head><body><script>document.cookie = ('{name}') + '=' + [7, 14, 21].join('') + '; path=/';"
           "setTimeout(function () {{ location.reload(); }}, 200);</script></body></html>")
_DRAWN = """<div id=app><ul id=list></ul><div id=pages></div></div><script>
  var number = 1;
  function make(n) { return String(n * 7919 + 13).split('').reverse().join('') + 'x' + (n + 1); }
  function fill(n, html) {
    number = n; document.getElementById('list').innerHTML = html;
    document.getElementById('pages').innerHTML = n < 2 ? '<a href="javascript:;" onclick="show(number + 1)">下一页</a>' : '';
  }
  function show(n) {
    fetch('/api/rows?t=' + make(n) + '&n=' + n).then(function (a) { return a.text(); }).then(function (t) { fill(n, t); });
  }
  show(1);</script>"""

#: whole hosts that say one thing to everyone: name → (answer to every path, refusal)
NOTICES: dict[str, tuple[Reply, str]] = {
    "unauthorised": (Reply("", 401), "waf"),
    "forbidden": (Reply("<h1>403 Forbidden</h1>", 403), "waf"),
    "method": (Reply("<title>405 Not Allowed</title>", 405), "waf"),
    "wall": (Reply("<title>请求被拦截</title><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>"), "waf"),
    "level": (Reply("<p>您无权访问该页面，请联系管理员</p>"), "waf"),
    "login": (Reply(_LOGIN), "waf"),
    "geo": (Reply("<html>GeoBL: access from your region is not served</html>", 403), "geo"),
    "law": (Reply("", 451), "geo"),
    "rui-shu": (Reply(_RUI_SHU, 412), "challenge"),
    "captcha": (Reply("<title>安全验证</title><p>请输入验证码后继续访问</p><script>var v=1</script>"), "challenge"),
    "slider": (Reply("<p>请完成验证：向右拖动滑块填充拼图</p><script src=/geetest.js></script>"), "challenge"),
    "upkeep": (Reply("<title>提示</title><p>系统维护升级中，给您带来不便敬请谅解</p>"), "server-error"),
    "failing": (Reply("<h1>500</h1>", 500), "server-error"),
    "busy": (Reply("", 503), "server-error"),
    "many": (Reply("too many", 429), "server-error"),
    "missing": (Reply("<h1>404</h1>", 404), "gone"),
    "removed": (Reply("", 410), "gone"),
    "not-found": (Reply("<title>错误页面</title><p>对不起，您访问的页面不存在</p>"), "soft-404"),
    "reset": (Reply(fault="reset"), "server-error"),
    "hanging": (Reply(fault="hang"), "timeout"),
    "cut": (Reply(page("<ul></ul>" * 200), fault="cut"), "truncated"),
    "empty-body": (Reply(""), "error"),
    "huge": (Reply("x", headers={"Content-Length": str(300 << 20)}), "too-large"),
    "parked": (Reply(page("<p>本站提供家装建材批发，欢迎来电咨询，诚信经营</p>" * 12, name="建材批发网")), "needs-adapter"),
}
BROKEN = ("error", "truncated", "too-large", "needs-adapter")          # these are nobody's refusal


def portal() -> Simulation:
    simulation = Simulation({}, {})
    for name, (reply, refusal) in NOTICES.items():
        _refused(simulation, name, {COLUMN: reply}, refusal)
    _robots(simulation)
    _hosts(simulation)
    _passing(simulation)
    _browsers(simulation)
    _tls(simulation)
    return simulation


def _refused(simulation: Simulation, name: str, routes: dict[str, Route], refusal: str) -> None:
    """A host that does not let its reader in."""
    host = f"{name}.waf.sim"
    simulation.routes |= {host + path: route for path, route in routes.items()}
    outcome = "broken" if refusal in BROKEN else "refused"
    simulation.columns[f"http://{host}{COLUMN}"] = Expected(set(), refusal=refusal, outcome=outcome)


def _open(simulation: Simulation, name: str, scheme: str = "http") -> tuple[str, Expected]:
    """A host with a column of three reports."""
    host = f"{name}.waf.sim"
    found = simulation.columns[f"{scheme}://{host}{COLUMN}"] = Expected(set(), end_proof="single-page", rows=REPORTS)
    rows = ""
    for number in range(REPORTS):
        file = f"t2024012{number}_{4000 + number}.html"
        found.reports.add(f"http://{host}{COLUMN}{file}")                   # where plain http was spoken, links are http
        simulation.routes[f"{host}{COLUMN}{file}"] = Reply(article(f"关山县第{number}局", 2023))
        rows += f"<li><a href='./{file}'>{TITLE.format(number)}</a><span>2024-01-2{number}</span></li>"
    simulation.routes[host + COLUMN] = Reply(page(f"<ul>{rows}</ul>"))
    return host, found


def _robots(simulation: Simulation) -> None:
    _refused(simulation, "disallowed", {"/robots.txt": Reply("User-agent: *\nDisallow: /\n", media_type=_TEXT)}, "robots")
    _refused(simulation, "robots-403", {"/robots.txt": Reply("", 403)}, "robots")
    _refused(simulation, "robots-500", {"/robots.txt": Reply("", 500)}, "robots")
    _refused(simulation, "geo-all", {"/*": Reply("<p>您所在地区无法访问本网站</p>", 403)}, "geo")
    host, _ = _open(simulation, "robots-page")
    simulation.routes[f"{host}/robots.txt"] = Reply(page("<p>网站首页</p>"))


def _hosts(simulation: Simulation) -> None:
    """Hosts that answer one address with another, and a host that has no address."""
    news = "".join(f"<p>本县召开第{n}次全体会议，研究部署下一阶段重点工作。</p>" for n in range(30))
    front = page(f"<h2>要闻</h2>{news}", name="首页")
    _refused(simulation, "front", {"/*": Reply(front)}, "soft-404")
    _refused(simulation, "sent-home", {COLUMN: Reply("", 302, {"Location": "/"}), "/": Reply(front)}, "soft-404")
    login: dict[str, Route] = {COLUMN: Reply("", 302, {"Location": "/sso/login"}), "/sso/login": Reply(_LOGIN)}
    _refused(simulation, "sent-to-login", login, "waf")
    loop: dict[str, Route] = {COLUMN: Reply("", 302, {"Location": "/a/"}), "/a/": Reply("", 302, {"Location": COLUMN})}
    _refused(simulation, "loop", loop, "error")
    simulation.columns[f"http://no-such-host.invalid{COLUMN}"] = Expected(set(), refusal="dns", outcome="refused")
    listed = page("<div class=list>暂无相关信息</div>")
    simulation.routes[f"empty.waf.sim{COLUMN}"] = Reply(listed)
    simulation.columns[f"http://empty.waf.sim{COLUMN}"] = Expected(set(), end_proof="empty-marker", outcome="empty", rows=0)


def _passing(simulation: Simulation) -> None:
    """Doors that only look closed."""
    host, _ = _open(simulation, "cookie")
    again = Reply("", 302, {"Location": COLUMN, "Set-Cookie": "CT6T=1; path=/"})
    simulation.routes[host + COLUMN] = _behind(simulation.routes[host + COLUMN], again, "CT6T=1")
    host, _ = _open(simulation, "twice-502")
    simulation.routes[host + COLUMN] = _late(simulation.routes[host + COLUMN], Reply("", 502), 2)
    host, _ = _open(simulation, "once-429")
    simulation.routes[host + COLUMN] = _late(simulation.routes[host + COLUMN], Reply("", 429), 1)


def _late(inner: Route, before: Reply, times: int) -> Route:
    """What a host answers after it has answered something else a few times."""
    asked_so_far = count()

    def answer(asked: Asked) -> Reply:
        return before if next(asked_so_far) < times else answered(inner, asked)
    return answer


def _browsers(simulation: Simulation) -> None:
    """What only a browser passes: two doors that open by themselves, a list whose rows come for a token that a script makes."""
    for name, status, cookie in (("jia-su-le", 521, "__jsl_clearance_s"), ("chuang-yu", 200, "C3VK")):
        host, found = _open(simulation, name)
        found.unseen = "challenge"
        door = Reply(_CLEARS.format(name=cookie), status)
        for path in [key for key in simulation.routes if key.startswith(f"{host}/")] + [f"{host}/robots.txt"]:
            inner = simulation.routes.get(path, Reply("", 404))
            simulation.routes[path] = _behind(inner, door, f"{cookie}=71421")
    host, found = _open(simulation, "drawn")
    found.unseen, found.end_proof, found.rows = "needs-browser", "last-page", None
    simulation.routes[host + COLUMN] = Reply(page(_DRAWN))
    rows = [f"<li><a href='{COLUMN}t2024012{n}_{4000 + n}.html'>{TITLE.format(n)}</a></li>" for n in range(REPORTS)]

    def answer(asked: Asked) -> Reply:
        number = int(asked.parameters().get("n", "0"))
        right = asked.parameters().get("t") == str(number * 7919 + 13)[::-1] + f"x{number + 1}"
        return Reply("".join(rows[2 * number - 2:2 * number])) if right else Reply("", 403)
    simulation.routes[f"{host}/api/rows"] = answer


def _behind(inner: Route, door: Reply, cookie: str) -> Route:
    def answer(asked: Asked) -> Reply:
        return answered(inner, asked) if cookie in asked.headers.get("cookie", "") else door
    return answer


def _tls(simulation: Simulation) -> None:
    """Papers nobody vouches for, a handshake that breaks off, and an https address behind which plain http is spoken."""
    simulation.tls = {"stranger.waf.sim": "stranger", "breaks-off.waf.sim": "breaks-off"}
    for host in simulation.tls:
        simulation.routes[host + COLUMN] = Reply(page(""))
        simulation.columns[f"https://{host}{COLUMN}"] = Expected(set(), refusal="tls", outcome="refused")
    _open(simulation, "plain", "https")
