"""The figures of bench/out as one Markdown table, each beside the bar it is held to (bench/bars.toml).

    python -m bench.table
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import OUT

BARS = Path(__file__).with_name("bars.toml")


def table(files: Sequence[str] | None = None) -> str:
    """The table of all files measured, or of those named."""
    bars = tomllib.loads(BARS.read_text("utf-8"))["bar"]
    return "\n".join(["| what | measured | bar | met |", "|---|---:|---:|---|", *_rows(bars, files)]) + "\n"


def _rows(bars: Sequence[Mapping[str, Any]], files: Sequence[str] | None) -> Iterator[str]:
    for bar in bars:
        path = OUT / f"{bar['file']}.json"
        if path.exists() and (files is None or bar["file"].partition("_")[0] in files):
            yield _row(bar, sorted(_numbers(_at(json.loads(path.read_text("utf-8")), bar["at"]))))


def _at(figures: Any, names: Sequence[str]) -> Any:
    for name in names:
        figures = figures[name]
    return figures


def _numbers(found: Any) -> Iterator[float]:
    if isinstance(found, Mapping):
        for each in found.values():
            yield from _numbers(each)
    else:
        yield float(found)


def _row(bar: Mapping[str, Any], numbers: Sequence[float]) -> str:
    worst = numbers[0] if "most" not in bar else numbers[-1]
    shown = f"{worst:g}" if len(numbers) == 1 else f"{numbers[0]:g} … {numbers[-1]:g}"
    if "least" in bar:
        return f"| {bar['what']} | {shown} | ≥ {bar['least']:g} | {'yes' if worst >= bar['least'] else '**no**'} |"
    if "most" in bar:
        return f"| {bar['what']} | {shown} | ≤ {bar['most']:g} | {'yes' if worst <= bar['most'] else '**no**'} |"
    return f"| {bar['what']} | {shown} | | |"


if __name__ == "__main__":
    print(table())
