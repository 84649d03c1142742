"""Scans of invented reports against their truth: cells exact, wrong, missing, and whether each fault was flagged.

    python -m bench.scans [--each 2] [--dpi 200 150] [--first 7000] [--wear plain askew …] [--keep FOLDER]

Every report has a style of its own (type, sizes, heights of rows, widths of columns). A fault is flagged when an issue names
its cell. The scans are read in a worker of their own, as in a crawl: seconds are its CPU time, memory is its peak.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from bench import write
from parsers import Hints, parse
from tests import scans
from tests.generator import Truth, make
from tests.generator.judge import differences, read_cells
from tests.generator.model import Table

Figures = Counter[str]


def main() -> None:
    """Read the scans and print one line each, then the sums."""
    asked = _arguments()
    totals: dict[str, Figures] = {}
    peak = 0.0
    with ProcessPoolExecutor(1, get_context("spawn")) as worker:
        for dpi, wear, truth, data in _scans(asked):
            shown, seconds, peak = worker.submit(reading, data).result()
            figures, faults = judged(truth, shown)
            figures["seconds"] = round(seconds, 1)
            figures["pages"] = len({issue["where"] for issue in shown["issues"] if issue["kind"] == "ocr"})
            figures["tables"] = sum(isinstance(part, Table) for part in truth.script)
            print(f"{dpi} dpi {wear:8} {truth.seed} {dict(figures)}", flush=True)
            for fault in faults[:12]:
                print(f"    {fault}")
            for group in (f"{dpi} dpi", f"{dpi} dpi {wear}"):
                totals.setdefault(group, Counter()).update(figures)
    print(summary(totals, peak))
    print(f"kept as {write('scans', totals)}")


def reading(data: bytes) -> tuple[dict[str, Any], float, float]:
    """A scan as read in this process, the CPU seconds it took, and the peak memory of the process in MB."""
    start = time.process_time()
    shown = parse(data, Hints(file_name="scan.pdf")).to_json()
    return shown, time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def judged(truth: Truth, shown: Mapping[str, Any]) -> tuple[Figures, list[str]]:
    """How many cells are exact, wrong, missing, flagged, and a line for each fault."""
    figures, faults = Counter(cells=len(truth.cells)), []
    found = read_cells(shown)
    for key, expected in truth.cells.items():
        cell = found.get(key)
        value = None if cell is None or cell["value"] is None else Decimal(str(cell["value"]))
        if cell is not None and value == expected.value and (value is not None or cell["status"] == expected.status):
            figures["exact"] += 1
            figures["false alarms"] += flagged(key, cell, shown)
            continue
        sort = "missing" if value is None else "wrong"
        seen = flagged(key, cell, shown)
        figures.update({sort: 1, f"{sort} unflagged": not seen})
        faults.append(f"{sort}{'' if seen else ' UNFLAGGED'} {'.'.join(key)}: {expected.raw!r} read as "
                      f"{cell['raw'] if cell else None!r} {cell['where'] if cell else ''}")
    for key, cell in found.items():
        if key not in truth.cells and cell["value"] is not None:
            figures["invented"] += 1
            faults.append(f"invented {'.'.join(key)}: {cell['raw']!r}")
    others = [line for line in differences(truth, shown) if not line.startswith(("cells", "checks"))]
    figures["tags and sections"] += len(others)
    return figures, [*faults, *others]


def flagged(key: tuple[str, str, str], cell: Mapping[str, Any] | None, shown: Mapping[str, Any]) -> bool:
    """Does an issue name this cell, by its place on the page or by its name?"""
    named = ".".join(part for part in key[1:] if part)
    return any(named in issue["message"].split() or (cell is not None and issue["where"] == cell["where"])
               for issue in shown["issues"] if issue["kind"] == "ocr-doubtful")


def summary(totals: Mapping[str, Figures], peak: float) -> str:
    """A line per group."""
    lines = [f"{group:18} {100 * f['exact'] / f['cells']:6.2f} % of {f['cells']} exact, {f['wrong']} wrong, "
             f"{f['missing']} missing, {f['wrong unflagged'] + f['missing unflagged']} of them unflagged, "
             f"{f['false alarms']} false alarms, {f['seconds'] / max(f['pages'], 1):.2f} s a page, "
             f"{f['seconds'] / max(f['tables'], 1):.2f} s a table"
             for group, f in totals.items()]
    return "\n".join([*lines, f"peak memory of the worker {peak:.0f} MB"])


def _scans(asked: argparse.Namespace) -> Iterator[tuple[int, str, Truth, bytes]]:
    """(dpi, wear, truth, PDF); kept in a folder when one is named, for drawing them takes longer than one thinks."""
    seeds = range(asked.first, asked.first + asked.each * len(asked.wear))
    truths = [make(seed) for seed in seeds]
    sheets = scans.printed([(truth, Random(truth.seed)) for truth in truths])
    files = _kept(asked.keep, seeds) or [*sheets]
    for seed, data in zip(seeds, files, strict=True):
        if asked.keep:
            (asked.keep / f"{seed}.pdf").write_bytes(data)
    for number, (truth, data) in enumerate(zip(truths, files, strict=True)):
        wear = asked.wear[number % len(asked.wear)]
        for dpi in asked.dpi:
            yield dpi, wear, truth, scans.scan(data, dpi, truth.seed, scans.WEARS[wear])


def _kept(folder: Path | None, seeds: range) -> list[bytes]:
    paths = [folder / f"{seed}.pdf" for seed in seeds] if folder else []
    return [path.read_bytes() for path in paths] if paths and all(path.exists() for path in paths) else []


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=2, help="reports for each kind of wear")
    parser.add_argument("--dpi", type=int, nargs="+", default=[200, 150])
    parser.add_argument("--first", type=int, default=7000, help="seed of the first report")
    parser.add_argument("--wear", nargs="+", default=list(scans.WEARS), choices=scans.WEARS)
    parser.add_argument("--keep", type=Path, help="an existing folder for the printed reports")
    return parser.parse_args()


if __name__ == "__main__":
    main()
