"""A page that comes as data: the answer of a content interface in JSON or JSONP, its article in one of the strings."""

from __future__ import annotations

import html
import json
import re
import string
from collections import deque
from collections.abc import Iterator
from typing import Any

from parsers.sniff import PAYLOAD

_CLOSING = string.whitespace + "\xa0\u3000;)"              # behind the data of a call
_OPENING = re.compile(r"[{\[]")
_TITLE = re.compile(r"(?:^|_)(?:title|bt|biaoti|subject)$|(?:article|doc|news|info)_?title$", re.I)
_DATE = re.compile(r"(?:pub|publish|release|issue|fb)\w*(?:date|time|rq|sj)$|^(?:fbsj|fbrq)$", re.I)
_CJK = re.compile(r"[\u4e00-\u9fff]")
_LEAST = 40                    # Chinese characters of an article
_MOST = 20_000                 # strings looked at


def page(source: str) -> str | None:
    """The article of a JSON answer as a page of its own, with its title and date as metas; None for any other text."""
    source = source.lstrip()
    opens = _OPENING.search(source) if PAYLOAD.match(source) else None
    if opens is None:
        return None
    try:
        data = json.loads(source[opens.start():].rstrip(_CLOSING), strict=False)
    except (ValueError, RecursionError):
        return None
    strings = list(_strings(data))
    article = max((text for _, text in strings), key=lambda text: len(_CJK.findall(text)), default="")
    if len(_CJK.findall(article)) < _LEAST:
        return None
    metas = "".join(f'<meta name="{name}" content="{html.escape(value)}">' for name, pattern in
                    (("ArticleTitle", _TITLE), ("PubDate", _DATE)) if (value := _first(strings, pattern)))
    body = article if "<" in article else html.unescape(article) if "&lt;" in article else f"<pre>{html.escape(article)}</pre>"
    return f"<html><head>{metas}</head><body>{body}</body></html>"


def _first(strings: list[tuple[str, str]], pattern: re.Pattern[str]) -> str:
    return next((text for key, text in strings if pattern.search(key) and text.strip() and len(text) < _LEAST * 3), "")


def _strings(data: Any) -> Iterator[tuple[str, str]]:
    """Every string with the key it stands under, outermost first."""
    queue, seen = deque([("", data)]), 0
    while queue and seen < _MOST:
        key, value = queue.popleft()
        seen += 1
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict):
            queue += value.items()
        elif isinstance(value, list):
            queue += ((key, item) for item in value)
