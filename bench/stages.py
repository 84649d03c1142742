"""What understanding a report costs beside reading it: CPU milliseconds per stage, medians over invented reports.

    python -m bench.stages [--reports 120]

Tagging and checking together stay under 5 ms, whatever the reader took. Kept as bench/out/stages.json.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import TypeVar

from bench import write
from parsers import Hints, checks, identify, outline, parse, read, tables
from tests.generator import make
from tests.generator.layouts import LAYOUTS

BAR = 5.0                                              # milliseconds, tags and checks of one report
Made = TypeVar("Made")


def main() -> int:
    """Measure, print the table, keep it as JSON; exit 1 above the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=120)
    wanted = parser.parse_args().reports
    stages: dict[str, list[float]] = defaultdict(list)
    shapes = list(LAYOUTS.values())
    for number in range(wanted + len(shapes)):
        shape = shapes[number % len(shapes)]
        data = shape.render(make(number, solid=shape.solid))
        one = spent(data, Hints(file_name=f"report.{shape.suffix}"))
        for stage, cost in one.items() if number >= len(shapes) else ():     # the first of each layout warms caches
            stages[stage].append(cost)
    figures = {stage: round(median(costs), 3) for stage, costs in stages.items()}
    for stage, cost in figures.items():
        print(f"{stage:18} {cost:7.2f} ms")
    print(f"kept as {write('stages', figures)}")
    return 0 if figures["identify + checks"] <= BAR else 1


def spent(data: bytes, hints: Hints) -> dict[str, float]:
    """Milliseconds of CPU per stage for one file."""
    costs: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], Made]) -> Made:
        start = time.process_time()
        made = work()
        costs[stage] = (time.process_time() - start) * 1000
        return made

    report = parse(data, hints)
    document = timed("read", lambda: read(data))
    parts = timed("outline", lambda: outline.find(document))
    cells = timed("tables", lambda: tables.find(document, parts))
    timed("identify", lambda: identify.identify(document, parts, cells, hints))
    timed("checks", lambda: checks.checked(report, document, parts))
    return costs | {"identify + checks": costs["identify"] + costs["checks"]}


if __name__ == "__main__":
    raise SystemExit(main())
