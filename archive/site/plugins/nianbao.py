"""Routes and cell rendering on Datasette: overview, search, report page, and archived files served harmlessly."""

from __future__ import annotations

import json
import urllib.parse
from typing import Any

import zstandard
from datasette import Response, hookimpl
from markupsafe import Markup, escape

from archive import catalogue
from archive.exceptions import NotFound
from archive.site import pages

CATALOGUE, BLOBS = "archive", "blobs"

#: what an archived file may do once shown: draw itself with its own styles; no script, no form, no request
_SANDBOX = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
#: Chromium's PDF viewer does not start inside a sandbox
_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_INLINE = {"text/html": _SANDBOX, "text/plain": _SANDBOX, "application/pdf": _PDF, "image/png": _SANDBOX,
           "image/jpeg": _SANDBOX}


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/$", overview),
        (r"^/search$", search),
        (r"^/report/(?P<report_id>.+)$", report),
        (r"^/-/file/(?P<digest>[0-9a-f]{64})$", original),
    ]


async def overview(datasette: Any, request: Any) -> Response:
    """What the archive holds, the agency × year ledger, what does not add up, how complete each column is."""
    return await _page(datasette, request, "overview.html", pages.overview)


async def search(datasette: Any, request: Any) -> Response:
    """Reports whose agency, title or text has every word asked for."""
    return await _page(datasette, request, "search.html", pages.search, request.args.get("q") or "")


async def report(datasette: Any, request: Any) -> Response:
    """One report: the original beside its tables, what fails boxed, tags with evidence, versions and captures."""
    report_id = urllib.parse.unquote(request.url_vars["report_id"])
    if report_id.endswith(".json"):
        return await report_json(datasette, report_id.removesuffix(".json"))
    found = await datasette.get_database(CATALOGUE).execute("select 1 from report where report_id = ?", [report_id])
    if not found.rows:
        return await _page(datasette, request, "missing.html", pages.missing, report_id, status=404)
    return await _page(datasette, request, "report.html", pages.report, report_id)


async def report_json(datasette: Any, report_id: str) -> Response:
    """The same object as `nianbao show --json`."""
    def shown(db: Any) -> Any:
        return catalogue.show(db, catalogue.find_report(db, report_id))

    try:
        return Response.json(await datasette.get_database(CATALOGUE).execute_fn(shown))
    except NotFound as error:
        return Response.json({"error": str(error)}, status=404)


async def _page(datasette: Any, request: Any, template: str, make: Any, *values: Any, status: int = 200) -> Response:
    context = await datasette.get_database(CATALOGUE).execute_fn(lambda db: make(db, *values))
    return Response.html(await datasette.render_template(template, context, request=request), status=status)


async def original(datasette: Any, request: Any) -> Response:
    """An archived file, byte for byte, unable to run anything; what a browser cannot show is offered as a download."""
    digest = request.url_vars["digest"]
    documents = await datasette.get_database(CATALOGUE).execute(
        "select media_type from document where digest = ?", [digest])
    blobs = await datasette.get_database(BLOBS).execute("select codec, size, data from blob where digest = ?", [digest])
    if not documents.rows or not blobs.rows:
        return Response.text(f"No file {digest} in this archive.", status=404)
    codec, size, data = blobs.rows[0]
    body = zstandard.decompress(data, max_output_size=size) if codec == "zstd" else bytes(data)
    media_type = documents.rows[0][0]
    headers = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "etag": f'"{digest}"',
               "cross-origin-resource-policy": "same-origin", "cache-control": "private, max-age=31536000, immutable",
               "content-security-policy": _INLINE.get(media_type, _SANDBOX)}
    if media_type not in _INLINE:
        headers["content-disposition"] = f'attachment; filename="{digest[:12]}{pages.extension(media_type)}"'
    return Response(body, headers=headers, content_type=pages.content_type(media_type, body))


@hookimpl
def render_cell(value: Any, column: str, database: str) -> Markup | None:
    """Ids become links to our pages, digests to the original, addresses stay plain text to copy."""
    if database != CATALOGUE or not isinstance(value, str) or not value:
        return None
    if column == "report_id":
        return Markup('<a href="/report/{}">{}</a>').format(urllib.parse.quote(value), value)
    if column == "digest":
        return Markup('<a href="/-/file/{}" title="{}">{}…</a>').format(value, value, value[:12])
    if column == "evidence":
        return Markup("<br>").join(escape(f"{e['source']} {e['locator']}：{e['quote']}") for e in json.loads(value))
    return None


@hookimpl
def menu_links() -> list[dict[str, str]]:
    return [{"href": "/", "label": "总览"}, {"href": "/archive", "label": "数据表"}]


@hookimpl
def extra_css_urls() -> list[str]:
    return ["/nianbao/nianbao.css"]
