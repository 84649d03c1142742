"""docs/THREATS.md is true to the tests: every row of its tables names one that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "THREATS.md").read_text("utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| what")]
TEXTS = {path.stem: path.read_text("utf-8") for path in TESTS.glob("test_*.py")}
KNOWN = {name for text in TEXTS.values() for name in re.findall(r"^def (test_\w+)", text, re.M)} | set(TEXTS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_threat_has_an_outcome_and_a_test_that_is_there(row: list[str]) -> None:
    assert len(row) == 3
    named = re.findall(r"`(test_\w+)`", row[2])
    assert named or row[2] == "by hand"
    assert set(named) <= KNOWN


def test_the_tables_are_found() -> None:
    assert len(ROWS) > 50
