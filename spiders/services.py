"""What the scripts of a page ask its server for: `$.get`, `$.post`, `$.ajax`, `fetch` and their kin, with address and data.

Only what is written out is understood: texts, sums and variables of the page with one known value; the number of the page
is recognised by its name (`spiders/data/pagers.json`). Requests for counters, logins and the like are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode

from spiders import addresses, calls
from spiders.page import Page

_DATA: dict[str, Any] = json.loads(files("spiders").joinpath("data/pagers.json").read_text("utf-8"))
_PAGE_NAME = re.compile(_DATA["fields"], re.I)
_OTHERS = re.compile(_DATA["not_lists"], re.I)
_TEXT = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`"
_ASK = re.compile(r"(?:\$|jQuery|axios|http|request)\s*\.\s*(?P<verb>get|post|getJSON|ajax|request)\s*\("
                  r"|\.(?P<load>load)\s*\(|(?<![\w.])(?P<fetch>fetch|axios)\s*\(")
_GLOBAL = re.compile(rf"\b(?:var|let|const)?\s*([A-Za-z_$][\w$]*)\s*=\s*({_TEXT}|\d+)\s*[;,\n]")
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "X-Requested-With": "XMLHttpRequest"}
_JSON = {"Content-Type": "application/json; charset=utf-8", "X-Requested-With": "XMLHttpRequest"}
MOST_ASKED = 100       # calls of one page that are looked at
_LONGEST = 4000        # characters of one call that are looked at


@dataclass(frozen=True, slots=True)
class Service:
    """One request a script makes: `turns` is the parameter that holds the number of the page, "" when none does."""

    url: str
    method: str = "GET"
    data: Mapping[str, str] = field(default_factory=dict)
    as_json: bool = False
    turns: str = ""

    def asked(self, number: int) -> tuple[str, bytes, dict[str, str]]:
        """Address, body and headers of the request for a page."""
        data = {**self.data, self.turns: str(number)} if self.turns in self.data else dict(self.data)
        url = addresses.with_parameters(self.url, **{self.turns: number}) if self.turns and self.turns not in data else self.url
        if self.method == "GET":
            joint = "&" if "?" in url else "?"
            return (f"{url}{joint}{urlencode(data)}" if data else url), b"", {"X-Requested-With": "XMLHttpRequest"}
        body = json.dumps(data, ensure_ascii=False) if self.as_json else urlencode(data)
        return url, body.encode(), dict(_JSON if self.as_json else _FORM)


def found(page: Page) -> list[Service]:
    """The requests of a page's scripts that may bring a list, those that turn pages first."""
    known = {name: value.strip("\"'`") for name, value in _GLOBAL.findall(page.scripts)}
    all_ = (each for match in islice(_ASK.finditer(page.scripts), MOST_ASKED) if (each := _service(page, match, known)))
    unique = {(each.url, each.method, tuple(each.data.items())): each for each in all_}
    return sorted(unique.values(), key=lambda each: not each.turns)


def _service(page: Page, match: re.Match[str], known: Mapping[str, str]) -> Service | None:
    arguments = list(_arguments(page.scripts, match.end()))
    if not arguments:
        return None
    verb = (match["verb"] or match["load"] or match["fetch"]).lower()
    options = next((each for each in arguments if each.startswith("{")), "")
    facts = dict(_pairs(options))
    url = facts.get("url") if verb in ("ajax", "request", "axios") and "url" in facts else arguments[0]
    said = facts.get("type") or facts.get("method") or ("post" if verb == "post" else "get")
    data = next((facts[name] for name in ("data", "params", "body") if facts.get(name)), "")
    data = data or (options if verb in ("get", "post", "getjson") else "")
    address = page.absolute(_worked_out(url or "", known) or "")
    if not address or _OTHERS.search(address) or addresses.is_file(address) or re.search(r"\.(?:js|css|png|gif)$", address):
        return None
    return _turning(Service(address, "POST" if "post" in said.lower() else "GET", _filled(data, known),
                            "JSON.stringify" in data or "application/json" in options))


def _turning(service: Service) -> Service:
    """The service with the parameter that turns its pages, wherever it stands."""
    names = [*service.data, *(name for name, _ in parse_qsl(addresses.split(service.url)[1].partition("?")[2], True))]
    return replace(service, turns=next((name for name in names if _PAGE_NAME.match(name)), ""))


def _worked_out(expression: str, known: Mapping[str, str]) -> str | None:
    names = set(re.findall(r"(?<![\w.\"'/?&=])[A-Za-z_$][\w$.]*", re.sub(_TEXT, " ", expression)))
    pages = {name: "1" for name in names if _PAGE_NAME.match(name.rpartition(".")[2]) or name in ("n", "i", "num", "index")}
    filled = re.sub(r"`([^`]*)`", lambda text: "'" + re.sub(r"\$\{([^}]*)\}", r"'+\1+'", text[1]) + "'", expression)
    return calls.evaluate(filled, {**known, **pages})


def _filled(data: str, known: Mapping[str, str]) -> dict[str, str]:
    """The data of a request; what cannot be worked out is sent empty."""
    if data[:1] in "\"'" and "=" in data:
        return dict(parse_qsl(_worked_out(data, known) or "", keep_blank_values=True))
    inner = re.search(r"\{.*\}", data, re.S)
    filled = {}
    for name, value in _pairs(inner[0] if inner else ""):
        plain = value if value in ("true", "false") else "1" if _PAGE_NAME.match(name) else ""
        filled[name] = _worked_out(value, known) or plain
    return filled


def _arguments(source: str, start: int) -> Iterator[str]:
    """The arguments of a call whose bracket opens just before `start`."""
    yield from _parts(source[start:start + _LONGEST], ")")


def _pairs(literal: str) -> Iterator[tuple[str, str]]:
    """Name and expression of each member of an object literal."""
    for part in _parts(literal[1:], "}") if literal else ():
        named = re.match(rf"\s*(?:({_TEXT})|([\w$]+))\s*:\s*(.*)", part, re.S)
        if named:
            yield (named[1] or named[2]).strip("\"'`"), named[3].strip()


def _parts(source: str, end: str) -> Iterator[str]:
    """What stands between commas up to the closing sign, brackets and texts kept whole."""
    depth, last = 0, 0
    for match in re.finditer(rf"{_TEXT}|[()\[\]{{}},]", source):
        sign = match.group()
        if not depth and sign in (",", end):
            if part := source[last:match.start()].strip():
                yield part
            last = match.end()
            if sign == end:
                return
        depth += (sign in "([{") - (sign in ")]}") if len(sign) == 1 else 0
