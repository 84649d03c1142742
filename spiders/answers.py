"""Lists that services answer as JSON: rows, totals and the walk from one answer to the next."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from spiders import addresses, dates, titles, walks
from spiders.listing import Link
from spiders.models import Progress, Target
from spiders.page import Page, parse, words
from spiders.walks import Walk

_URL = ("url", "post_url", "infourl", "href", "link", "linkurl", "redirectUrl", "visiturl", "docpuburl", "curl")
_TITLE = ("title", "titleHtml", "realtitle", "infotitle", "customtitle", "doctitle")
_DAY = ("publishedTimeStr", "create_time", "display_publish_time", "infodate", "publishTime", "pubDate", "pubdate",
        "docreltime", "date", "time", "created_at")
_TOTAL = ("total", "totalCount", "totalcount", "totalRecord", "totalElements", "recordCount", "count")
_LIKE_ADDRESS = re.compile(
    r"(?:https?:)?//[\w.-]|\.{0,2}/[\w%~-]|[\w%~-]+(?:/[\w%.~-]+)*\.(?:s?html?|jsp|aspx?|php|pdf|docx?)\b", re.I)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|ico|webp|bmp|css|js)(?:\?|$)", re.I)
_CHINESE = re.compile(r"[一-鿿]{4}")
_LIKE_DAY = re.compile(r"date|time|pub|release|_at$|rq|sj|fbr|day", re.I)
_LONGEST_TITLE = 200
_CALLBACK = re.compile(r"\s*[\w$.]+\s*\(\s*([\[{].*[\]}])\s*\)\s*;?\s*$", re.S)
_CHINA = timezone(timedelta(hours=8))
MOST_PAGES = 500
_RAN_OUT = ("empty-page", "repeat", "404-after-last")

Request = Callable[[dict[str, Any]], Target]


def loaded(page: Page) -> Any:
    """The JSON of an answer, None when it is none; a callback around it is taken off."""
    wrapped = _CALLBACK.match(page.text)
    try:
        return json.loads(wrapped[1] if wrapped else page.text)
    except ValueError:
        return None


def rows(page: Page, answer: Any) -> list[Link]:
    """The rows of the longest list of things with a title and an address, anywhere in an answer."""
    lists = [[link for item in each if (link := _link(page, item))] for each in _lists(answer)]
    return max(lists, key=len, default=[])


def _lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, str) and value[:1] in ("{", "["):          # JSON within JSON, as some services answer
        try:
            value = json.loads(value)
        except ValueError:
            return
    if isinstance(value, list):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _lists(each)


def _link(page: Page, item: Any) -> Link | None:
    """The row that an object of an answer is: by the names systems use, else by what its values are."""
    if not isinstance(item, dict):
        return None
    texts = {key: value.strip() for key, value in item.items() if isinstance(value, str) and value.strip()}
    url = next((page.absolute(texts[key]) for key in _URL if key in texts), "") or _address(page, texts)
    title = max((_plain(texts[key]) for key in _TITLE if key in texts), key=len, default="")
    title = title or _plain(texts.get("name", "")) or _headline(texts)
    if not url or not title:
        return None
    day = next((day for key in _DAY if (day := moment(item.get(key)))), "")
    return Link(url, title, day or _published(item), "answer")


def _address(page: Page, texts: Mapping[str, str]) -> str:
    """The value that is an address of a page or a file, an article's before any other; pictures are none."""
    found = [page.absolute(value) for value in texts.values() if _LIKE_ADDRESS.match(value) and not _PICTURE.search(value)]
    return max(found, key=lambda url: bool(addresses.dialect(url) or addresses.is_file(url)), default="")


def _headline(texts: Mapping[str, str]) -> str:
    """The value that reads like a title: one that says what it is, else the shortest with some words in Chinese."""
    lines = [_plain(value) for value in texts.values() if _CHINESE.search(value) and len(value) <= _LONGEST_TITLE]
    told = [line for line in lines if titles.judge(line).kind in ("report", "look-alike")]
    return max(told, key=len) if told else min(lines, key=len, default="")


def _published(item: Mapping[str, Any]) -> str:
    """The day in a value whose name or form says that it is one."""
    named = [value for key, value in item.items() if _LIKE_DAY.search(key)]
    return next((day for value in (*named, *(each for each in item.values() if isinstance(each, str) and len(each) < 25))
                 if (day := moment(value))), "")


def _plain(title: str) -> str:
    return words(parse(f"<div>{title}</div>")) if "<" in title or "&" in title else title.strip()


def moment(value: Any) -> str:
    """A day from a text, or from seconds or milliseconds since 1970, read in China's time; "" for anything else."""
    if isinstance(value, str) and value.isdigit() and len(value) in (10, 13):
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 10**8:
        seconds = value / 1000 if value > 10**11 else value
        return datetime.fromtimestamp(seconds, UTC).astimezone(_CHINA).date().isoformat()
    return dates.find(value) if isinstance(value, str) else ""


def markup(answer: Any) -> str:
    """The longest piece of markup in an answer, "" where there is none."""
    if isinstance(answer, str):
        return answer if "<" in answer else ""
    inner = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    return max((markup(each) for each in inner), key=len, default="")


def empty(answer: Any) -> str:
    """The proof that a service says there is nothing: a total of zero in an answer that says of itself that it is good."""
    return "empty-marker" if total(answer) == 0 and not failed(answer) else ""


def failed(answer: Any) -> bool:
    """Whether an answer says that the request was not understood or not allowed."""
    if not isinstance(answer, dict):
        return True
    code = str(answer.get("code", answer.get("status", "")))
    return answer.get("success") is False or bool(code.isdigit() and code not in ("0", "1", "200"))


def total(answer: Any) -> int | None:
    """The number of rows in all that an answer declares, wherever it says so; the outermost one counts."""
    if not isinstance(answer, dict):
        return None
    for key in _TOTAL:
        if isinstance(said := answer.get(key), int | str) and not isinstance(said, bool) and str(said).isdigit():
            return int(said)
    return next((found for each in answer.values() if (found := total(each)) is not None), None)


def turn(page: Page, target: Target, found: list[Link], request: Request, *,
         declared: int | None = None, pages: int | None = None, proof: str = "") -> Walk:
    """The walk of one answer of a service that is asked page by page.

    `target.state` holds `number` (of this page) and `seen` (marks of rows so far); `request(state)` makes the next one.
    `declared` rows and `pages` are what the answers say; `proof` ends the walk at once. No new row ends it, too; when
    rows are missing by then, or may be, page zero is asked for, since some services count from there.
    """
    state = dict(target.state)
    known = set(state.get("seen", ()))
    new = [row for row in found if mark(row) not in known]
    state["seen"] = [*state.get("seen", ()), *dict.fromkeys(mark(row) for row in new)]
    state["pages"] = pages = pages or state.get("pages")
    end = proof or _end(state, found, new, declared, pages, page.status)
    told = Progress(declared=declared, declared_pages=pages, end_proof=end)
    known_base = state.get("zero") or state.get("from_one")
    if not proof and not known_base and end in _RAN_OUT and not _all_had(state, declared, pages, new):
        zero = request(state | {"number": 0, "zero": True})
        return walks.assemble(page, target, new, [], (zero,), replace(told, end_proof="", probe=not new))
    if not state["seen"] and not proof:
        return Walk((), replace(told, end_proof="", refusal="gone" if page.status >= 400 else "needs-adapter"))
    further = () if end or state["number"] >= MOST_PAGES else (request(state | {"number": state["number"] + 1}),)
    return walks.assemble(page, target, new, [], further, told)


def _all_had(state: Mapping[str, Any], declared: int | None, pages: int | None, new: list[Link]) -> bool:
    """Whether as much was had as the answers declare, counted from page one; where they declare nothing, nobody knows."""
    had = int(state["number"]) - (not new)
    return len(state["seen"]) >= declared if declared else bool(pages) and had >= (pages or 0)


def _end(state: Mapping[str, Any], found: list[Link], new: list[Link], declared: int | None, pages: int | None,
         status: int) -> str:
    if status >= 400:
        return "404-after-last"
    if declared is not None and declared and len(state["seen"]) >= declared:
        return "declared-total"
    if not found:
        return "empty-page"
    if not new:
        return "repeat"
    return "last-page" if state.get("zero") or (pages is not None and state["number"] >= pages) else ""


def mark(row: Link) -> str:
    """Twelve hex digits that stand for a row's address."""
    return hashlib.sha256(row.url.encode()).hexdigest()[:12]
