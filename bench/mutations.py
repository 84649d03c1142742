"""Broken columns told and named rightly, and false alarms: every simulated portal broken in every way, beside healthy looks.

    python -m bench.mutations [WAY…] [--healthy 5]

A hard mutation must be told after one look, a soft one after two. A soft mutation counts for a column only where the walk lost
reports by it, or its page shows no list any more.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import write
from crawler.alarms import alarms
from crawler.demo import simulated
from crawler.demo.simulation import Asked, Reply, Simulation
from tests.mutations import FRONT, HARD, SCRIPT, Mutation, Watched, healthy

_ROW = re.compile(r"<(li|tr)\b(?:(?!<\1\b).)*?</\1>", re.S)


def everywhere(text: str) -> Mutation:
    return lambda asked, reply: Reply(text)


def fewer(asked: Asked, reply: Reply) -> Reply:
    """Every second row of a page left out."""
    text, number = _text(reply), count()
    return replace(reply, body=_ROW.sub(lambda row: "" if next(number) % 2 else row.group(), text)) if text else reply


def without_a_year(asked: Asked, reply: Reply) -> Reply:
    """No row that speaks of 2020."""
    text = _text(reply)
    return replace(reply, body=_ROW.sub(lambda row: "" if "2020年" in row.group() else row.group(), text)) if text else reply


def _text(reply: Reply) -> str:
    try:
        return reply.data().decode() if reply.status == 200 else ""
    except UnicodeDecodeError:
        return ""


GIVES_NOTHING = {"redesigned", "removed", "blocked"}
SOFT: dict[str, tuple[Mutation, set[str]]] = {
    "every second row gone": (fewer, {"shrunk"}), "a year gone": (without_a_year, {"shrunk", "removed"}),
    "home page": (everywhere(FRONT), GIVES_NOTHING),
    "script page": (everywhere(SCRIPT), GIVES_NOTHING)}


def broken(name: str, mutation: Mutation, kinds: set[str], looks: int) -> Counter[str]:
    """One portal broken one way after two good looks: columns that had to be told, were told, were named rightly."""
    found: Counter[str] = Counter()
    with TemporaryDirectory() as folder, Watched(Path(folder), settled(name)) as watched:
        before = {line["url"]: line for _ in range(2) for line in watched.look() if line["outcome"] == "complete"}
        for _ in range(looks):
            after = {line["url"]: line for line in watched.look(mutation)}
        told = {alarm.url: alarm.kind for alarm in alarms(watched.db)}
        for url in before.keys() & after.keys():
            lost = after[url]["accepted"] < before[url]["accepted"] or after[url]["outcome"] in ("broken", "refused")  # type: ignore[operator]
            found.update({"columns": lost, "told": lost and url in told, "named": lost and told.get(url) in kinds})
    return found


def settled(name: str) -> Simulation:
    """A simulated portal past what happens during its first walk."""
    portal = simulated.portal(name)
    with TemporaryDirectory() as folder, Watched(Path(folder), portal) as watched:
        watched.look()
    return portal


def at_rest(name: str, looks: int) -> Counter[str]:
    """Looks of columns at a healthy portal, and alarms after any of them."""
    found: Counter[str] = Counter()
    with TemporaryDirectory() as folder, Watched(Path(folder), settled(name)) as watched:
        for _ in range(looks):
            fine = {line["url"] for line in watched.look(healthy) if line["outcome"] in ("complete", "empty")}
            found.update({"looks": len(fine), "alarms": sum(alarm.url in fine for alarm in alarms(watched.db))})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ways", nargs="*", help="only these ways to break")
    parser.add_argument("--healthy", type=int, default=5, help="healthy looks at each portal")
    wanted = parser.parse_args()
    figures: dict[str, dict[str, int]] = {}
    ways = [(way, mutation, {kind}, 1) for way, (mutation, kind) in HARD.items()]
    ways += [(way, mutation, kinds, 2) for way, (mutation, kinds) in SOFT.items()]
    for way, mutation, kinds, looks in (each for each in ways if not wanted.ways or each[0] in wanted.ways):
        found: Counter[str] = sum((broken(name, mutation, kinds, looks) for name in simulated.walkable()), Counter())
        figures[way] = {key: found[key] for key in ("columns", "told", "named")}
        print(f"{way:24} {json.dumps(figures[way])}", flush=True)
    rest: Counter[str] = sum((at_rest(name, wanted.healthy) for name in simulated.walkable()), Counter())
    figures["healthy"] = {"looks": rest["looks"], "alarms": rest["alarms"]}
    print(f"{'healthy':24} {json.dumps(figures['healthy'])}")
    print(write("mutations", figures))


if __name__ == "__main__":
    main()
