"""What a body is for: its function by name, and where the name of an organ begins in running text.

Bureaux combine topics freely (文化广电旅游体育局), so beside the listed names an organ is any run of topics and an ending.
"""

from __future__ import annotations

from functools import cache

from parsers import schema
from parsers.records import record

ENDINGS = ("管理委员会办公室", "领导小组办公室", "委员会办公室", "服务中心", "管理中心", "管理办公室",
           "服务局", "管理局", "监督局", "工作局", "事务局", "执法局", "建设局", "发展局", "促进局",
           "委员会", "办公室", "办公厅", "总局", "中心", "局", "厅", "委", "办")
_PLAIN = ("委员会", "办公室", "局", "厅", "委", "办")
_JOINTS = "和与及、"
_LONGEST_TOPIC = 14


@record
class Function:
    """The function of an organ. `main` is False for a body beside the main one of its function (公路局 beside 交通运输局):
    such bodies need an id of their own."""

    id: str
    main: bool


@cache
def function_of(organ: str) -> Function | None:
    """The function of an organ's name without its place (司法局, 县 already cut off); None when nothing is known."""
    organ = expanded(organ)
    listed = _listed().get(organ)
    if listed:
        return listed
    if organ.startswith("人民政府"):                   # 人民政府外事办公室
        return function_of(organ.removeprefix("人民政府"))
    topics = _topics_of(organ)
    if topics is None:
        return None
    main = topics[0] in _main_topics() and not organ.endswith(("中心", "分局", "大队", "支队", "总队"))
    return Function(_topics()[topics[0]], main)


def expanded(organ: str) -> str:
    """The full name of a usual short one: 卫健局 → 卫生健康局."""
    short: dict[str, str] = schema.load("functions")["short"]
    return short.get(organ, organ)


def known(organ: str) -> bool:
    """Whether the whole string is the name of an organ."""
    return organ in _listed() or organ in schema.load("functions")["short"] or _topics_of(organ) is not None


def known_at(text: str, start: int) -> bool:
    """Whether the name of an organ begins there: 人民政府|外事办公室."""
    return any(known(text[start:start + size]) for size in range(4, 16))


@cache
def stems() -> dict[str, str]:
    """Topics of four characters or more by function: what a text calls its own field (自然资源和规划工作)."""
    return {topic: function for topic, function in _topics().items() if len(topic) >= 4}


def organ_start(text: str, end: int) -> int | None:
    """Where the organ that ends at `end` begins, or None when no known organ ends there."""
    if text[end - 1:end] not in _last_characters():
        return None
    names = _names()
    listed = next((end - n for n in _sizes() if end >= n and text[end - n:end] in names), None)
    composed = _composed_start(text, end)
    found = [start for start in (listed, composed) if start is not None]
    return min(found) if found else None


def _composed_start(text: str, end: int) -> int | None:
    if not text.endswith(ENDINGS, 0, end):
        return None
    for cut in (e for e in ENDINGS if text.endswith(e, 0, end)):
        start = _topics_start(text, end - len(cut))
        if start is not None:
            return start
    return None


def _topics_start(text: str, end: int) -> int | None:
    """Walk back over topics joined by 和, 与 or nothing."""
    table, at, start = _topics(), end, None
    while at > 0:
        size = next((n for n in range(min(_LONGEST_TOPIC, at), 1, -1) if text[at - n:at] in table), 0)
        if not size:
            break
        at = start = at - size
        if at > 2 and text[at - 1] in _JOINTS and any(text[at - 1 - n:at - 1] in table for n in range(2, 9)):
            at -= 1
    return start


def _topics_of(organ: str) -> tuple[str, ...] | None:
    """The topics of an organ whose whole name is made of them, first one first."""
    if _composed_start(organ, len(organ)) != 0:
        return None
    table = _topics()
    first = next((organ[:n] for n in range(_LONGEST_TOPIC, 1, -1) if organ[:n] in table), None)
    return (first,) if first else None


@cache
def _listed() -> dict[str, Function]:
    table: dict[str, Function] = {}
    for function in schema.load("functions")["functions"]:
        beside = set(function.get("beside", ()))
        for name in (*function["names"], *beside):
            table.setdefault(name, Function(function["id"], name not in beside))
        for past in function.get("history", ()):
            if past["name"]:
                table[past["name"]] = Function(function["id"], past["relation"] in ("renamed", "succeeded", "abolished"))
    return table


@cache
def _main_topics() -> frozenset[str]:
    """Topics that by themselves name the main body of a function: 交通运输, but not 公路."""
    main = [name for name, function in _listed().items() if function.main]
    return frozenset(name.removesuffix(ending) for name in main for ending in _PLAIN if name.endswith(ending))


@cache
def _names() -> frozenset[str]:
    return frozenset({*_listed(), *schema.load("functions")["short"]})


@cache
def _last_characters() -> frozenset[str]:
    return frozenset(name[-1] for name in (*_names(), *ENDINGS))


@cache
def _sizes() -> tuple[int, ...]:
    return tuple(sorted({len(name) for name in _names()}, reverse=True))


@cache
def _topics() -> dict[str, str]:
    return {topic: function["id"] for function in reversed(schema.load("functions")["functions"])
            for topic in function.get("topics", ())}
