"""Values written in JavaScript inside pages: JSON and everything a browser reads as if it were JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from spiders.writes import unescape

_TOKEN = re.compile(r"""\s*(?:
    (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>-?\d+(?:\.\d+)?)
  | (?P<name>[A-Za-z_$][\w$]*)
  | (?P<sign>.)
)""", re.X | re.S)
_NAMED = {"true": True, "false": False, "null": None, "undefined": None}
_DEEPEST = 60


def value_after(source: str, pattern: str) -> Any:
    """The object or list that begins where `pattern` ends in `source`; None when there is none that can be read.

    Keys may stand without quotes, texts in either kind of quotes, commas may trail; names of other values read as None.
    """
    found = re.search(pattern, source)
    if not found:
        return None
    start = found.end()
    while start < len(source) and source[start] in " \t\r\n":
        start += 1
    try:
        return json.JSONDecoder().raw_decode(source, start)[0]
    except ValueError:
        pass
    try:
        return _Literal(source, start).value(0)
    except ValueError:
        return None


class _Literal:
    """A reader of one literal."""

    def __init__(self, source: str, at: int) -> None:
        self.source, self.at = source, at

    def token(self) -> tuple[str, str]:
        match = _TOKEN.match(self.source, self.at)
        if not match:
            raise ValueError("the literal does not end")
        self.at = match.end()
        kind = match.lastgroup or ""
        return kind, match[kind]

    def peek(self) -> str:
        before = self.at
        text = self.token()[1]
        self.at = before
        return text

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError("the literal is too deep")
        kind, text = self.token()
        if kind == "text":
            return unescape(text[1:-1])
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "name":
            return _NAMED.get(text)
        if text == "[":
            return self.list_(depth)
        if text == "{":
            return self.object_(depth)
        raise ValueError(f"no value begins with {text}")

    def list_(self, depth: int) -> list[Any]:
        held: list[Any] = []
        while self.peek() != "]":
            held.append(self.value(depth + 1))
            self.past_comma("]")
        self.token()
        return held

    def object_(self, depth: int) -> dict[str, Any]:
        held: dict[str, Any] = {}
        while self.peek() != "}":
            kind, key = self.token()
            if self.token()[1] != ":":
                raise ValueError("a key without a value")
            held[unescape(key[1:-1]) if kind == "text" else key] = self.value(depth + 1)
            self.past_comma("}")
        self.token()
        return held

    def past_comma(self, end: str) -> None:
        if self.peek() == ",":
            self.token()
        elif self.peek() != end:
            raise ValueError("no comma between values")
