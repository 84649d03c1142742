"""Tables drawn by other hands than the form's: whatever the heads, labels and spans, every cell is exact."""

from __future__ import annotations

import os

import pytest

from parsers import Hints, parse
from tests.generator import make
from tests.generator.hands import DRAWINGS, draw
from tests.generator.judge import differences

EACH = max(8, int(os.environ.get("NIANBAO_GENERATED", "0")) // len(DRAWINGS))


@pytest.mark.parametrize("style", sorted(DRAWINGS))
def test_every_cell_is_exact_whoever_drew_the_tables(style: str) -> None:
    for seed in range(7000, 7000 + EACH):
        truth = make(seed, form="f2019" if seed % 3 == 0 else "f2021")
        if not any(table == "remedies" for table, _, _ in truth.cells):
            continue
        report = parse(draw(truth, seed, style).encode(), Hints(file_name="report.html"))
        assert [line for line in differences(truth, report.to_json()) if line.startswith("cells")] == [], (style, seed)
