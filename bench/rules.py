"""The printed sums of invented reports, whose truth is known: false alarms and misses of the A rules, over every layout.

    python -m bench.rules [--reports 10000]

Kept as bench/out/rules.json after every block; a run that was interrupted goes on where it stopped, a larger number goes
on from there. Exit 1 when a sum was called wrong that is right, or right that is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from bench import OUT, write
from parsers import PARSER_VERSION, Hints, parse
from tests.generator import make
from tests.generator.layouts import LAYOUTS

UNRULED = ("paper_borderless", "text_spaces")          # places are lost there: cells, and so sums, are not promised
SHAPES = [shape for name, shape in sorted(LAYOUTS.items()) if name not in UNRULED]
UNSTATED = {"A13", "A14"}                              # subsets and local annexes: the generator makes no statement
BLOCK = 500
FIRST = 100_000                                        # seeds that no test uses


def main() -> int:
    """Judge what is left, keeping the figures after every block, and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    wanted = parser.parse_args().reports
    figures = kept()
    while figures["reports"] < wanted:
        for number in range(figures["reports"], min(wanted, figures["reports"] + BLOCK)):
            judge(number, figures)
        write("rules", figures)
        print(f"\r{figures['reports']} of {wanted}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"{figures['reports']} reports, {figures['broken']} broken sums in them: "
          f"{len(figures['false_alarms'])} false alarms, {len(figures['misses'])} misses")
    return 1 if figures["false_alarms"] or figures["misses"] else 0


def kept() -> dict[str, Any]:
    """The figures of the last run of this parser, or none yet."""
    path = OUT / "rules.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if found.get("parser") == PARSER_VERSION:
        return found
    return {"parser": PARSER_VERSION, "reports": 0, "broken": 0, "false_alarms": [], "misses": []}


def judge(number: int, figures: dict[str, Any]) -> None:
    """Read one invented report and add what its sums were called to the figures."""
    shape = SHAPES[number % len(SHAPES)]
    truth = make(FIRST + number, solid=shape.solid)
    report = parse(shape.render(truth), Hints(file_name=f"report.{shape.suffix}"))
    failed = {check.rule[:3] for check in report.checks if check.verdict.startswith("fail") and check.rule[0] == "A"} - UNSTATED
    where = f"{FIRST + number} {shape.suffix}"
    figures["reports"] += 1
    figures["broken"] += len(truth.failures)
    figures["false_alarms"] += [f"{where} {rule}" for rule in sorted(failed - truth.failures)]
    figures["misses"] += [f"{where} {rule}" for rule in sorted(truth.failures - failed)]


if __name__ == "__main__":
    raise SystemExit(main())
