"""Addresses and cell rendering on Datasette; only hooks that 0.65 and 1.0 both have."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasette import Response, hookimpl
from jinja2 import Environment
from markupsafe import Markup, escape

from archive import fulltext
from archive.exceptions import ArchiveError, NotFound
from archive.publish.describe import NAME
from archive.site import feed, language, mementos, originals, words_shown
from archive.site.pages import facts, ledger, overview, portals, report, search, words
from archive.store import Archive

#: our own pages: everything from this machine, scripts only from files
_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-src 'self';"
           " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'")


_YEAR = 31_536_000      # seconds


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/$", front),
        (r"^/search$", found),
        (r"^/coverage$", covered),
        (r"^/agency/(?P<name>.+)$", body),
        (r"^/report/(?P<name>.+)$", one),
        (r"^/portals$", walked),
        (r"^/portal/(?P<name>.+)$", site),
        (r"^/about$", about),
        (r"^/language/(?P<code>zh|en)$", spoken),
        (r"^/feed\.atom$", atom),
        (r"^/at/(?P<moment>[\d:TZ.-]+)/(?P<url>.+)$", memento),
        (r"^/timemap/(?P<url>.+)$", timemap),
        (r"^/-/file/(?P<digest>[0-9a-f]{64})$", original),
    ]


# ---------------------------------------------------------------- pages


async def front(datasette: Any, request: Any) -> Response:
    """What the archive holds and says, on one page."""
    return await _page(datasette, request, "overview.html", overview.overview)


async def found(datasette: Any, request: Any) -> Response:
    """Reports by words and filters."""
    return await _page(datasette, request, "search.html", lambda db: search.search(db, _arguments(request)))


async def covered(datasette: Any, request: Any) -> Response:
    """Body × year: on time, late, missing, not looked at."""
    return await _page(datasette, request, "coverage.html", lambda db: ledger.ledger(db, _arguments(request)))


async def body(datasette: Any, request: Any) -> Response:
    """One body's years side by side."""
    name = _named(request)
    return await _page(datasette, request, "agency.html", lambda db: ledger.agency(db, name))


async def one(datasette: Any, request: Any) -> Response:
    """One report: the original beside its tables, what fails boxed, tags with evidence, versions and captures."""
    name, code = _named(request), language.language(request)
    if name.endswith(".json"):
        return await _json(datasette, name.removesuffix(".json"))
    answer = await _page(datasette, request, "report.html", lambda db: report.report(db, name, code == "en"))
    if answer.status == 404:
        return await _page(datasette, request, "missing.html", lambda db: report.missing(db, name), status=404)
    return answer


async def walked(datasette: Any, request: Any) -> Response:
    """Every portal and how its columns ended."""
    return await _page(datasette, request, "portals.html", portals.portals)


async def site(datasette: Any, request: Any) -> Response:
    """One portal: found, refused, could not prove."""
    name = _named(request)
    return await _page(datasette, request, "portal.html", lambda db: portals.portal(db, name))


async def about(datasette: Any, request: Any) -> Response:
    """What the words on this site mean."""
    return await _page(datasette, request, "about.html", lambda db: {"rules": words_shown.rules(db), "facts": facts(db)})


async def spoken(request: Any) -> Response:
    """Keep a language and go back: for Datasette's own pages, which would take ?lang= for a filter."""
    back = request.args.get("back") or "/"
    answer = Response.redirect(back if re.match(r"/(?![/\\])", back) else "/")
    answer.set_cookie(language.COOKIE, request.url_vars["code"], max_age=_YEAR, samesite="lax")
    return answer


async def _page(datasette: Any, request: Any, template: str, make: Callable[[Any], dict[str, Any] | None],
                status: int = 200) -> Response:
    """A page of ours; where `make` finds nothing, a page that says so and what to do."""
    code = language.language(request)

    def context(db: Any) -> dict[str, Any]:
        made = make(db)
        return {"nothing": made is None, "words": words(db, code == "en"), "english": code == "en", **(made or {})}

    made = await datasette.get_database(NAME).execute_fn(context)
    if made["nothing"]:
        template, status = "nothing.html", 404
    answer = Response.html(await datasette.render_template(template, made, request=request), status=status)
    answer.headers |= {"content-security-policy": _POLICY, "referrer-policy": "no-referrer",
                       "x-content-type-options": "nosniff"}
    if request.args.get("lang") in language.LANGUAGES:
        answer.set_cookie(language.COOKIE, code, max_age=_YEAR, samesite="lax")
    return answer


def _arguments(request: Any) -> dict[str, str]:
    return {name: request.args.get(name) or "" for name in request.args}


def _named(request: Any) -> str:
    return urllib.parse.unquote(request.url_vars["name"])


# ---------------------------------------------------------------- data and files


async def _json(datasette: Any, report_id: str) -> Response:
    """The same object as `nianbao show --json`, with the findings across reports."""
    shown = await datasette.get_database(NAME).execute_fn(lambda db: report.detail(db, report_id))
    if shown is None:
        return Response.json({"error": f"no report {report_id!r}; /search finds them"}, status=404)
    return Response.json(shown)


async def atom(datasette: Any, request: Any) -> Response:
    """The newest reports as a feed."""
    agency_id = request.args.get("agency") or ""
    made = await datasette.get_database(NAME).execute_fn(lambda db: feed.atom(db, _base(request), agency_id))
    return Response(made, content_type="application/atom+xml; charset=utf-8")


async def original(datasette: Any, request: Any) -> Response:
    """An archived file, byte for byte, unable to run anything."""
    return await _file(datasette, request, request.url_vars["digest"], {})


async def memento(datasette: Any, request: Any) -> Response:
    """What was at an address on a day; any shorter or other date leads to the capture nearest before it."""
    url, asked = _address(request), "".join(filter(str.isdigit, request.url_vars["moment"]))[:14]
    capture = await datasette.get_database(NAME).execute_fn(lambda db: mementos.nearest(db, url, asked))
    if capture is None:
        return Response.text(f"{url} was never captured.", status=404)
    if capture["moment"] != asked:
        return Response("", status=302, headers={"location": f"/at/{capture['moment']}/{url}"})
    links = f'<{url}>; rel="original", <{_base(request)}/timemap/{url}>; rel="timemap"; type="application/link-format"'
    return await _file(datasette, request, capture["digest"],
                       {"memento-datetime": mementos.http_date(capture["captured_at"]), "link": _ascii(links)})


async def timemap(datasette: Any, request: Any) -> Response:
    """Every capture of an address: a page for people, link-format for programs."""
    url = _address(request)
    if "text/html" in request.headers.get("accept", ""):
        return await _page(datasette, request, "timemap.html", lambda db: {
            "url": url, "captures": mementos.captures(db, url)})
    made = await datasette.get_database(NAME).execute_fn(lambda db: mementos.timemap(db, url, _base(request)))
    return Response(made, content_type="application/link-format; charset=utf-8")


async def _file(datasette: Any, request: Any, digest: str, more: dict[str, str]) -> Response:
    path = datasette.get_database(NAME).path

    def read(db: Any) -> tuple[str, bytes]:
        known = db.execute("select media_type from documents where digest = ?", (digest,)).fetchone()
        if known is None:
            raise NotFound(f"no file {digest} in this archive")
        with Archive(Path(path).parent, write=False) as archive:
            return known[0], archive.bytes(digest)

    try:
        media_type, content = await datasette.get_database(NAME).execute_fn(read)
    except ArchiveError as error:
        return Response.text(f"{error}\n", status=404)
    if request.headers.get("if-none-match") == f'"{digest}"':
        return Response("", status=304, headers={"etag": f'"{digest}"'})
    headers = dict(originals.headers(digest, media_type)) | more
    wanted = originals.part(request.headers, digest, len(content))
    if wanted is None:
        return Response(content, headers=headers, content_type=originals.content_type(media_type, content))
    headers["content-range"] = f"bytes {f'{wanted.start}-{wanted.stop - 1}' if wanted else '*'}/{len(content)}"
    return Response(content[wanted.start:wanted.stop], status=206 if wanted else 416, headers=headers,
                    content_type=originals.content_type(media_type, content))


def _base(request: Any) -> str:
    return f"{request.scheme}://{request.host}"


def _address(request: Any) -> str:
    """The archived address at the end of ours, with its query."""
    url = urllib.parse.unquote(request.url_vars["url"])
    return f"{url}?{request.query_string}" if request.query_string else url


def _ascii(text: str) -> str:
    return urllib.parse.quote(text, safe="<>;=\", /:?&%#+@!~*'()[]")


# ---------------------------------------------------------------- Datasette's own pages


@hookimpl(trylast=True)
def prepare_connection(conn: Any) -> None:
    """Datasette's search box, `?_search=` and facets find Chinese words: its quoting function becomes our query."""
    conn.create_function("escape_fts", 1, lambda query: fulltext.match(query or "") or '""')


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    env.globals |= {"t": language.t, "lang": language.lang, "switch": language.switch, "described": language.described,
                    "titled": language.titled, "heat": words_shown.heat,
                    "field_name": words_shown.field_name, "column_name": words_shown.column_name}
    env.filters |= {"stamp": mementos.stamp, "cell": words_shown.cell, "day": words_shown.day, "percent": words_shown.percent,
                    "mean": words_shown.mean, "path": words_shown.path,
                    "place": words_shown.place, "page": words_shown.page, "reason": words_shown.reason,
                    "format_name": words_shown.format_name}
    env.loader = language.Translated(env.loader) if env.loader else None


@hookimpl
def render_cell(value: Any, column: str, database: str) -> Markup | None:
    """Ids become links to our pages, digests to the original, addresses stay plain text to copy."""
    if database != NAME or not isinstance(value, str) or not value:
        return None
    pages = {"report_id": "report", "agency_id": "agency", "later_id": "agency", "portal": "portal"}
    if column in pages:
        return Markup('<a href="/{}/{}">{}</a>').format(pages[column], urllib.parse.quote(value), value)
    if column == "digest":
        return Markup('<a href="/-/file/{}" title="{}">{}…</a>').format(value, value, value[:12])
    if column == "evidence" and value.startswith("["):
        return Markup("<br>").join(escape(f"{e['source']} {e['locator']}：{e['quote']}") for e in json.loads(value))
    return None


@hookimpl
def menu_links() -> list[dict[str, str]]:
    return [{"href": "/", "label": "总览"}, {"href": f"/{NAME}", "label": "数据表"}]


@hookimpl
def extra_css_urls() -> list[str]:
    return ["/nianbao/native.css"]
