"""Use where addresses read `/col/col74/index.html` and `/art/2026/6/10/art_1691_12455.html`, or the source has `<datastore>`.

Hanweb JCMS (大汉) with its jpage list: the first group of rows stands inside a script as CDATA of a `<datastore>`, so the
page has no link a parser could see; later groups come from `dataproxy.jsp`. Servers differ in what they obey (`page` alone,
or `startrecord` and `endrecord`), so both are sent and progress is judged by addresses not seen before.
Where ids are encrypted the address of the next group is replayed letter for letter, only its page number changed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from spiders import addresses, listing, pagers, titles, walks
from spiders.answers import mark
from spiders.listing import Link
from spiders.models import Progress, Target
from spiders.page import Page, parse
from spiders.walks import Walk

MOST_GROUPS = 500
PER_PAGE = 15            # what the system itself uses when a page does not say

DATASTORE = re.compile(r"<datastore\b.*?(?:</datastore>|\Z)", re.S | re.I)
_HREF = re.compile(r"href\s*=\s*(?:[\"'](.{0,2000}?)[\"']\s*/?>|([^\s>]+))", re.S | re.I)     # quotes of both kinds
_TOTAL = re.compile(r"(?:<totalrecord>|\btotalRecord['\"]?\s*:\s*['\"]?)\s*(\d+)", re.I)
_PER_PAGE = re.compile(r"\bperPage['\"]?\s*:\s*['\"]?(\d+)")
_PROXY = re.compile(r"\bproxyUrl['\"]?\s*:\s*(['\"])(.{0,2000}?)\1")
_PARAMETERS = re.compile(r"\bproxyParam['\"]?\s*:\s*\{(.{0,2000}?)\}", re.S)
PAIR = re.compile(r"['\"]?(\w+)['\"]?\s*:\s*(?:'([^']*)'|\"([^\"]*)\"|([\w.%/-]+))")
_COMMENT = re.compile(r"<!--.*?-->", re.S)


def recognise(page: Page) -> float:
    if re.search(r"<datastore\b", page.text, re.I) and re.search(r"<record\b|<nextgroup\b", page.text, re.I):
        return 0.95
    return 0.9 if "dataproxy.jsp" in page.text and _PROXY.search(page.text) else 0.0


def walk(page: Page, target: Target) -> Walk:
    """One group of rows: of the column page, or of an answer of `dataproxy.jsp`."""
    return _answer(page, target) if target.state.get("way") else _column(page, target)


# ---------------------------------------------------------------- the column page


def _column(page: Page, target: Target) -> Walk:
    stores = _stores(page)
    rows = [row for store in stores for row in records(page, store)]
    seen = [mark(row) for row in rows]
    total, per = _declared(page, stores)
    told = Progress(declared=total)
    state: dict[str, Any] = {"platform": "jpage", "seen": seen, "total": total, "per": per, "group": 2,
                             "size": len(rows) or 3 * per}
    further: tuple[Target, ...] = ()
    way, method = _way(page, stores)
    if total == 0 and not rows and stores:
        told = replace(told, end_proof="empty-marker")
    elif total is not None and len(set(seen)) >= total:
        told = replace(told, end_proof="declared-total")
    elif not way:
        told = replace(told, end_proof="single-page" if rows else "")
    else:
        further = (_group(target, state | {"way": way, "method": method}, page.url),)
    found = listing.links(page)
    return walks.assemble(page, target, rows or listing.rows(found), found, further, told)


def _stores(page: Page) -> list[str]:
    """The datastores that hold reports; where none does the one with most rows (menus are datastores too)."""
    scripts = [script.text or "" for script in page.tree.iter("script")]
    found = DATASTORE.findall("\n".join(scripts)) or DATASTORE.findall(_uncommented(page.text))
    holding = [store for store in found if any(titles.judge(row.text).kind == "report" for row in records(page, store))]
    return holding[:1] or sorted(found, key=lambda store: -len(_held("record", store)))[:1]


def _uncommented(source: str) -> str:
    end = source.rfind("-->") + 3                  # after the last end there is no comment to look for
    return _COMMENT.sub("", source[:end]) + source[end:]


def _held(tag: str, source: str) -> list[str]:
    """What the elements of a tag hold; none is looked for after the last end tag, however many begin there."""
    ends = [found.end() for found in re.finditer(rf"</{tag}>", source, re.I)]
    held = re.findall(rf"<{tag}\b[^<>]*>(.*?)</{tag}>", source[:ends[-1]] if ends else "", re.S | re.I)
    return [text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip() for text in held]


def records(page: Page, store: str) -> list[Link]:
    """The main link of each record."""
    found = (_main(listing.links(page, _record(each))) for each in _held("record", store))
    return [row for row in found if row is not None]


def _record(markup: str) -> Any:
    # a row of a table loses its cells outside a table, and anything else is thrown out of one
    return parse(f"<table>{markup}</table>" if re.match(r"\s*<t[rd]\b", markup, re.I) else f"<div>{markup}</div>")


def _main(found: list[Link]) -> Link | None:
    """The link of a record that is its article: a report by title, else by address, else the first."""
    day = next((link.day for link in found if link.day), "")
    best = max(found, key=lambda link: (titles.judge(link.text).kind == "report", bool(addresses.dialect(link.url)),
                                        addresses.is_file(link.url), len(link.text)), default=None)
    return replace(best, day=best.day or day) if best else None


def _declared(page: Page, stores: list[str]) -> tuple[int | None, int]:
    """Rows in all as the list's own configuration says (None where it does not, or says so of several lists); rows per page."""
    within = _TOTAL.search("".join(stores))
    configured = {int(number) for number in _TOTAL.findall(page.scripts)}
    total = int(within[1]) if within else configured.pop() if len(configured) == 1 else None
    per = _PER_PAGE.search(page.scripts)
    return total, int(per[1]) if per and int(per[1]) else PER_PAGE


def _way(page: Page, stores: list[str]) -> tuple[str, str]:
    """The address of the next group and the method it wants, two empty texts where the page names none."""
    group = _held("nextgroup", "".join(stores))
    if group and (href := _HREF.search(group[0])):
        return page.absolute((href[1] or href[2]).replace("'", "")), "GET"
    proxy = _PROXY.search(page.scripts)
    parameters = _PARAMETERS.search(page.scripts)
    if not proxy:
        return "", ""
    pairs = [f"{name}={a or b or c}" for name, a, b, c in PAIR.findall(parameters[1] if parameters else "")]
    joint = "&" if "?" in proxy[2] else "?"
    return page.absolute(proxy[2] + (joint + "&".join(pairs) if pairs else "")), "POST"


# ---------------------------------------------------------------- an answer of dataproxy.jsp


def _answer(page: Page, target: Target) -> Walk:
    state = dict(target.state)
    rows = [row for store in DATASTORE.findall(page.text) or [page.text] for row in records(page, store)]
    known = set(state["seen"])
    new = [row for row in rows if mark(row) not in known]
    state["seen"] = [*state["seen"], *dict.fromkeys(mark(row) for row in new)]
    further, end = _next(target, state, len(rows), len(new), page.status)
    kept = walks.sort_rows(new, page, target)
    progress = Progress(rows=len(new), accepted=len(kept.reports), rejected=kept.rejected, end_proof=end,
                        refusal="gone" if page.status >= 400 and not further else "")
    return Walk((*kept.reports, *kept.columns, *further), progress)


def _next(target: Target, state: dict[str, Any], rows: int, new: int, status: int) -> tuple[tuple[Target, ...], str]:
    """The next group to ask for, or the proof that there is none."""
    total, seen = state["total"], len(state["seen"])
    if total is not None and seen >= total:
        return (), "declared-total"
    if not rows:
        missing = status >= 400 or (total is not None and seen < total)
        if missing and state["method"] == "GET" and state["group"] == 2:
            return (_group(target, state | {"method": "POST"}, target.referrer),), ""
        return (), "" if status >= 400 else "empty-datastore"
    jump = seen // rows + 1
    if new:
        return _on(target, state, state["group"] + 1)
    if jump > state["group"] and not state.get("jumped"):       # this server counts single pages, not groups
        return _on(target, state | {"jumped": True}, jump)
    return (), "repeat"


def _on(target: Target, state: dict[str, Any], group: int) -> tuple[tuple[Target, ...], str]:
    return ((), "") if group > MOST_GROUPS else ((_group(target, state | {"group": group}, target.referrer),), "")


def _group(target: Target, state: dict[str, Any], referrer: str) -> Target:
    """The request for group `state["group"]`."""
    url = addresses.with_parameters(state["way"], page=state["group"])
    start = len(state["seen"]) + 1
    if not _encrypted(url):
        end = start + state["size"] - 1
        url = addresses.with_parameters(url, startrecord=start, endrecord=end, perpage=state["per"])
    further = pagers.further_page(target, url, state, referrer)
    if state["method"] == "GET":
        return further
    body = urlsplit(url).query.encode()
    return replace(further, method="POST", body=body,
                   headers={"Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": "XMLHttpRequest"})


def _encrypted(url: str) -> bool:
    """Whether column or unit are opaque: then nothing may be added to the address."""
    return any(not value.isdigit() for value in re.findall(r"[?&](?:columnid|unitid)=([^&]*)", url))
