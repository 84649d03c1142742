"""What a response really is, whatever its status says: one of the outcomes of docs/ARCHITECTURE.md.

A refusal, a breakage and an empty list are three different things; the marks that tell them apart are data
(refusals.json). Marks in the body count only on short pages: a report may well speak of 系统维护.
"""

from __future__ import annotations

import json
import re
import socket
from importlib.resources import files
from typing import Any

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse

from crawler.downloader.manners import HostGivenUp
from crawler.downloader.private import PrivateAddress
from crawler.downloader.robots import RobotsRefused

_RULES: dict[str, Any] = json.loads(files(__package__).joinpath("refusals.json").read_text(encoding="utf-8"))
_TITLES = [(outcome, re.compile(pattern)) for outcome, pattern in _RULES["titles"]]
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.I | re.S)

#: what twisted and Scrapy call their failures, by class name → outcome; the classes live in private modules
_FAILURES = {
    "TimeoutError": "timeout", "TCPTimedOutError": "timeout", "UserTimeoutError": "timeout", "DownloadTimeoutError": "timeout",
    "DNSLookupError": "dns", "CannotResolveHostError": "dns", "gaierror": "dns", "ResponseDataLossError": "truncated",
    "PartialDownload": "truncated", "SSLError": "tls", "Error": "tls", "VerificationError": "tls",
    "DownloadCancelledError": "too-large", "ConnectionRefusedError": "server-error",
    "DownloadConnectionRefusedError": "server-error", "ResponseNeverReceived": "server-error", "ConnectionLost": "server-error",
}


def outcome(response: Response) -> str:
    """`ok`, `not_modified`, or the refusal behind this response."""
    if response.status == 304:
        return "not_modified"
    text = response.text if isinstance(response, TextResponse) else ""
    marked = _by_header(response) or (_by_mark(text) if len(response.body) <= 200_000 else "")
    if response.status >= 400:
        stated: str = _RULES["statuses"].get(str(response.status), "server-error")
        return marked or stated
    if 300 <= response.status < 400:
        return "error"
    return marked if marked else "ok" if response.body else "error"


def _by_header(response: Response) -> str:
    for name, mark, verdict in _RULES["headers"]:
        if mark in (response.headers.get(name) or b"").decode("latin-1"):
            return str(verdict)
    return ""


def _by_mark(text: str) -> str:
    """The refusal that a short page or a page's title states."""
    title = _TITLE.search(text[:20_000])
    for verdict, pattern in _TITLES:
        if title and pattern.search(title.group(1)):
            return verdict
    said = _TAGS.sub("", text).strip()
    if len(said) > 400 or len(text) > _RULES["short"] * 4:
        return ""
    short = text if len(text) <= _RULES["short"] else said
    return next((verdict for verdict, mark in _RULES["marks"] if mark in short), "")


def failure(error: BaseException) -> str:
    """The outcome for a request that brought no response at all."""
    if isinstance(error, RobotsRefused):
        return "robots"
    if isinstance(error, PrivateAddress):
        return "private"
    if isinstance(error, HostGivenUp):
        return "server-error"
    if isinstance(error, IgnoreRequest):
        return "error"
    if isinstance(error, socket.gaierror):
        return "dns"
    inner = [type(reason.value).__name__ for reason in getattr(error, "reasons", [])]
    return next((_FAILURES[name] for name in (type(error).__name__, *inner) if name in _FAILURES), "error")


def truncated(response: Response) -> bool:
    """Whether a file stops before its own end: a PDF without %%EOF, a zip without its directory."""
    body = response.body
    if body.startswith(b"%PDF"):
        return b"%%EOF" not in body[-2048:]
    if body.startswith(b"PK\x03\x04"):
        return b"PK\x05\x06" not in body[-66_000:]
    return False
