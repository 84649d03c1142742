"""Whether twice as much hostile input costs twice as much: every reader of pages and every pattern, on input made for it.

    python -m bench.linear [--size 20000] [--only pages patterns] [--least 0.05]

Each input is one piece repeated to fill so many characters, then twice and four times as many. An input is told when its
CPU grew by more than three for twice the length, from a cost of at least `--least` seconds on. Patterns are found by looking
through the modules, and each is tried on pieces made of what it itself looks for.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import parsers
import spiders
from bench import write
from parsers.exceptions import ParserError
from spiders import platforms
from spiders.column import ColumnSpider
from spiders.models import Target
from spiders.page import Page

COLUMN = "http://www.shenchi.gov.cn/zwgk/zfxxgkndbg/"
STEEP = 3.0                    # times the cost for twice the length: two and the noise, four is a square
LONGEST = 2                    # seconds for one look: longer is told as it stands
ENOUGH = 2                     # inputs told of one reader at one place

Reader = Callable[[str], object]


class Slow(BaseException):
    """A look that takes too long to wait for."""


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise Slow


# ---------------------------------------------------------------- pages


#: where in a page the repeated piece stands
WRAPS = {
    "body": "<html><title>政府信息公开年报</title><body><h2>政府信息公开年报</h2>{}</body></html>",
    "script": "<html><title>政府信息公开年报</title><body><script>{}</script></body></html>",
    "written": "<html><title>政府信息公开年报</title><body><script>document.write('<p>');{}</script></body></html>",
    "click": "<html><title>年报</title><body><span onclick=\"{}\">下一页</span><span onclick=\"go(2)\">2</span></body></html>",
    "href": "<html><title>年报</title><body><a href=\"{}\">下一页</a></body></html>",
    "title": "<html><title>{}</title><body><a href='/a/1.html' title=\"{}\">{}</a></body></html>",
    "class": "<html><title>年报</title><body><div class=\"{}\"><a href='/a/1.html'>下一页</a></div></body></html>",
    "attributes": "<html><title>年报</title><body><div {}><a href='/a/1.html'>2019年年报</a></div></body></html>",
    "store": "<html><script type='text/xml'><datastore>{}</datastore></script><div id='1'></div>",
    "base64": "<html><script>atob()</script><body><div>{}</div></body></html>",
    "table": "<html><body><h1>神池县司法局2019年政府信息公开工作年度报告</h1><table>{}</table></body></html>",
    "answer": "{{\"data\":[{}]}}",
    "bare": "{}",
}
#: what is repeated; `#` is a number that differs each time
PIECES: list[str] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


def filled(wrap: str, piece: str, size: int) -> str:
    """The piece repeated to about so many characters, in its place; each `#` in it another number."""
    made, number = list[str](), 0
    while size > 0:
        made.append(piece.replace("#", str(number)))
        size -= len(made[-1])
        number += 1
    return wrap.replace("{{", "\0").replace("}}", "\1").replace("{}", "".join(made)).replace("\0", "{").replace("\1", "}")


def _walk(state: dict[str, Any], role: str) -> Reader:
    target = Target(COLUMN, role=role, column=COLUMN, state=state)
    return lambda source: ColumnSpider().see(target, Page(COLUMN, source.encode("utf-8", "replace")), "ok")


def _platform(name: str) -> Reader:
    target, family = Target(COLUMN, role="column", column=COLUMN), platforms.named(name)

    def look(source: str) -> None:
        page = Page(COLUMN, source.encode("utf-8", "replace"))
        family.recognise(page)
        family.walk(page, target)
    return look


def _read(source: str) -> None:
    try:
        parsers.parse(source.encode("utf-8", "replace"))
    except ParserError:
        return


def page_readers() -> dict[str, Reader]:
    """Whoever looks at a whole page, by name."""
    walks = {"a column": "column", "a home page": "home", "an article": "article"}
    return {"read": _read} | {f"walk {what}": _walk({}, role) for what, role in walks.items()} | {
        f"platform {name}": _platform(name) for name in platforms.names()}


def page_inputs() -> Iterator[tuple[str, str, Callable[[int], str]]]:
    for place, wrap in WRAPS.items():
        for piece in PIECES:
            yield place, repr(piece), lambda size, wrap=wrap, piece=piece: filled(wrap, piece, size)      # type: ignore[misc]


# ---------------------------------------------------------------- patterns


def patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern of the readers, by the module and name under which it was found first."""
    found: dict[re.Pattern[str], str] = {}
    for package in (spiders, parsers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("gazetteer.build"):
                for name, pattern in _held(importlib.import_module(module.name)):
                    found.setdefault(pattern, f"{module.name}.{name}")
    return {name: pattern for pattern, name in found.items()}


def _held(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, value in vars(module).items():
        yield from ((name, each) for each in _within(value, 4))


def _within(value: object, deep: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif deep and isinstance(value, dict):
        for each in value.values():
            yield from _within(each, deep - 1)
    elif deep and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _within(each, deep - 1)
    elif deep and hasattr(value, "__dict__") and not isinstance(value, type | ModuleType) and not callable(value):
        yield from _within(vars(value), deep - 1)
    elif deep and getattr(value, "__slots__", None) and not isinstance(value, type | ModuleType):
        yield from _within([getattr(value, name, None) for name in value.__slots__], deep - 1)


def letters(pattern: re.Pattern[str]) -> list[str]:
    """For each place of a pattern a text that it takes there: characters, and runs of literals."""
    texts: dict[str, None] = {}

    def walk(tree: Any) -> str:
        run = ""
        for kind, given in tree:
            here = _text(kind, given, walk)
            if kind is not codes.LITERAL:
                texts.update(dict.fromkeys([run, here] if here else [run]))
                run = run + here if len(run) < 12 else here
            else:
                run += here
        texts[run] = None
        return run
    walk(parser.parse(pattern.pattern, pattern.flags))
    return [text for text in texts if text]


def _text(kind: Any, given: Any, walk: Callable[[Any], str]) -> str:
    if kind is codes.LITERAL:
        return chr(given)
    if kind is codes.NOT_LITERAL:
        return "a" if given != ord("a") else "b"
    if kind is codes.ANY:
        return "x"
    if kind is codes.IN:
        return _of_class(given)
    if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return walk(given[2]) * max(1, min(given[0], 3))
    if kind is codes.SUBPATTERN:
        return walk(given[3])
    if kind is codes.ATOMIC_GROUP:
        return walk(given)
    if kind is codes.BRANCH:
        return next(iter([walk(each) for each in given[1]]))
    if kind in (codes.ASSERT, codes.ASSERT_NOT):
        walk(given[1])
    return ""


def _of_class(given: Any) -> str:
    refused = {chr(value) for kind, value in given if kind is codes.LITERAL}
    if given[0][0] is codes.NEGATE:
        return next(each for each in "a1 中.-" if each not in refused)
    for kind, value in given:
        if kind is codes.LITERAL:
            return chr(value)
        if kind is codes.RANGE:
            return chr(value[0])
        if kind is codes.CATEGORY:
            return {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a"}.get(value, "a")
    return "a"


def pattern_inputs(pattern: re.Pattern[str]) -> Iterator[tuple[str, Callable[[int], str]]]:
    texts = letters(pattern)
    joined = dict.fromkeys([*texts, *(a + b for a in texts[:14] for b in texts[:14]), " ", "1", "a", "年"])
    for text in joined:
        yield repr(text), lambda size, text=text: (text * (size // len(text) + 1))[:size]      # type: ignore[misc]


# ---------------------------------------------------------------- measuring


def cost(reader: Reader, source: str) -> float:
    """Seconds of CPU for one look; LONGEST when it takes longer."""
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    began = time.process_time()
    try:
        reader(source)
    except Slow:
        return float(LONGEST)
    except RecursionError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - began


def steep(reader: Reader, made: Callable[[int], str], size: int, least: float) -> list[float]:
    """The costs of one, two and four times as much, when they grow too fast; else nothing."""
    costs = [cost(reader, made(size))]
    for times in (2, 4):
        if times == 4 and costs[1] < least / 2:
            return []
        costs.append(cost(reader, made(times * size)))
    if STEEP * costs[1] < costs[2] < LONGEST:                       # once more: something else may have been at work
        costs[1:] = [min(one, cost(reader, made(times * size))) for one, times in zip(costs[1:], (2, 4), strict=True)]
    grew = costs[2] >= LONGEST or (costs[2] >= least and costs[2] > STEEP * costs[1])
    return [round(each, 3) for each in costs] if grew else []


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    ask.add_argument("--size", type=int, default=20_000)
    ask.add_argument("--least", type=float, default=0.05)
    ask.add_argument("--only", nargs="*", default=["pages", "patterns"])
    ask.add_argument("--like", default="")
    given = ask.parse_args()
    signal.signal(signal.SIGPROF, _ring)
    looks, told = 0, Counter[str]()
    found: dict[str, list[float]] = {}

    def look(who: str, what: str, reader: Reader, made: Callable[[int], str]) -> None:
        nonlocal looks
        if given.like not in f"{who} {what}" or told[who] >= ENOUGH:
            return
        looks += 1
        if costs := steep(reader, made, given.size, given.least):
            found[f"{who} · {what}"] = costs
            told[who] += 1
            print(f"{who} · {what}: {costs}", flush=True)

    if "pages" in given.only:
        for who, reader in page_readers().items():
            for place, what, made in page_inputs():
                look(f"{who}, {place}", what, reader, made)
    if "patterns" in given.only:
        for who, pattern in patterns().items():
            for what, made in pattern_inputs(pattern):
                look(who, what, pattern.search, made)
    write("linear", {"size": given.size, "inputs": looks, "steep": found})
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
