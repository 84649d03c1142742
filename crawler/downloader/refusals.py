"""What a response really is, whatever its status says: one of the outcomes of docs/ARCHITECTURE.md.

A refusal, a breakage and an empty list are three different things; the marks that tell them apart are data
(refusals.json). Marks in the body count only on short pages: a report may well speak of 系统维护.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import HtmlResponse, Response, TextResponse

from crawler.downloader.exceptions import Refused
from crawler.downloader.manners import HostGivenUp
from crawler.downloader.transport import Oversized, Truncated, causes, is_tls
from parsers.charset import decode

_RULES: dict[str, Any] = json.loads(files(__package__).joinpath("refusals.json").read_text(encoding="utf-8"))
_TITLES, _SOURCE, _NOTICES = ([(str(verdict), re.compile(pattern)) for verdict, pattern in _RULES[name]]
                              for name in ("titles", "source", "notices"))
_CLEARS, _MOVES, _LEADS_ON = (re.compile(pattern) for pattern in _RULES["clears"])
_PASSWORD, _LOGIN = (re.compile(pattern, re.I) for pattern in _RULES["login"])
_REPORT = re.compile(_RULES["report"])
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.I | re.S)
_LINKS = re.compile(r"<a\b.*?</a>", re.I | re.S)
_SPOKEN = re.compile(r"\balert\(\s*(['\"])(.*?)\1")
_HEAD = 4000         # bytes in which a title stands
_LONG = 16_000       # bytes; a longer page is no notice, whatever words it holds
_WORDS = 400         # visible characters of a notice
_NONE = 60           # visible characters of a page that only sets a cookie and asks again
_MANY_LINKS = 12     # a page with more of them is no notice and no login
_DOORS = ("geo", "challenge", "waf")               # refusals that a body may tell apart when the status says no

#: what comes in place of a response → outcome; the first that fits the error or anything beneath it
_FAILURES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((Truncated, ResponseDataLossError), "truncated"),
    ((Oversized, DownloadCancelledError), "too-large"), ((DownloadTimeoutError, TimeoutError), "timeout"),
    ((CannotResolveHostError,), "dns"), ((HostGivenUp,), "server-error"), ((IgnoreRequest,), "error"),
    ((DownloadConnectionRefusedError, DownloadFailedError), "server-error"))


def outcome(response: Response) -> str:
    """`ok`, `not_modified`, or the refusal behind this response."""
    if response.status == 304:
        return "not_modified"
    if response.status >= 400:
        return _refused(response)
    if response.status >= 300 or not response.body:
        return "error"
    return _by_header(response) or _by_words(response) or ("soft-404" if _sent_home(response) or _is_front(response) else "ok")


def of_page(url: str, status: int, html: str) -> str:
    """The same for a page that a browser shows."""
    return outcome(HtmlResponse(url, status or 200, body=html.encode(), encoding="utf-8"))


def is_captcha(text: str) -> bool:
    """Whether a page asks its reader to prove to be a person; those are left alone."""
    return len(text) <= _LONG and any(words in text for words in _RULES["captcha"])


def _refused(response: Response) -> str:
    first, other = _RULES["other_4xx"]
    stated = str(_RULES["statuses"].get(str(response.status), other if first <= response.status < 500 else "server-error"))
    told = _by_header(response) or _by_words(response)
    return told if told in _DOORS and stated != "gone" else stated


def _by_header(response: Response) -> str:
    for name, mark, verdict in _RULES["headers"]:
        if mark in (response.headers.get(name) or b"").decode("latin-1"):
            return str(verdict)
    return ""


def _by_words(response: Response) -> str:
    """The refusal that a page's title states, or a page that says little else."""
    if not isinstance(response, TextResponse):
        return ""
    short = len(response.body) <= _LONG
    text = response.text if short else decode(response.body[:_HEAD])
    title = _TITLE.search(text)
    for verdict, pattern in _TITLES:
        if title and pattern.search(title.group(1)):
            return verdict
    return _by_notice(text) if short else ""


def _by_notice(text: str) -> str:
    """What a page says that says little else; a page that speaks of reports is no notice, whatever else it says."""
    said = " ".join(_TAGS.sub(" ", text).split())
    if len(said) > _WORDS or _REPORT.search(said):
        return ""
    source = text if len(text) <= _RULES["short"] else said
    if (told := _first(_SOURCE, source)) or (len(said) <= _NONE and (told := _by_script(source))):
        return told
    if text.lower().count("<a ") > _MANY_LINKS:
        return ""
    if _PASSWORD.search(text) and _LOGIN.search(said + source):
        return "waf"
    own = " ".join(_TAGS.sub(" ", _LINKS.sub(" ", text)).split())          # what a link says is said of where it leads
    return _first(_NOTICES, " ".join([own, *(spoken for _, spoken in _SPOKEN.findall(source))]))


def _first(rules: Sequence[tuple[str, re.Pattern[str]]], text: str) -> str:
    return next((verdict for verdict, pattern in rules if pattern.search(text)), "")


def _by_script(source: str) -> str:
    """A page that only sets a cookie and asks for itself again, as doors for browsers do."""
    return "challenge" if _CLEARS.search(source) and _MOVES.search(source) and not _LEADS_ON.search(source) else ""


def _sent_home(response: Response) -> bool:
    """Whether a page deep in a site was answered with that site's front door."""
    asked = response.meta.get("redirect_urls") if response.request else None
    if not asked:
        return False
    was, now = urlsplit(str(asked[0])), urlsplit(response.url)
    return was.hostname == now.hostname and not is_root(was.path) and is_root(now.path) and not now.query


def _is_front(response: Response) -> bool:
    """Whether `fronts` knows the page for its host's front page in the place of another."""
    return bool(response.request and response.meta.get("front"))


def is_root(path: str) -> bool:
    """Whether a path is that of a host's front door."""
    return path in ("", "/") or bool(re.fullmatch(r"/(index|default|main)\.\w+", path))


def failure(error: BaseException) -> str:
    """The outcome for a request that brought no response at all."""
    found = causes(error)
    for each in found:
        if isinstance(each, Refused):
            return each.outcome
    if is_tls(error):
        return "tls"
    return next((verdict for kinds, verdict in _FAILURES if any(isinstance(each, kinds) for each in found)), "error")
