"""Reports with several deviations at once, however carried: nothing false is said of them, and hardly a cell is missed.

`NIANBAO_BLIND=100 pytest tests/test_blind.py` reads that many by each carrier; by default five.
"""

from __future__ import annotations

import os

import pytest

from parsers import Report as Reading
from parsers import parse
from tests.blind.carriers import CARRIERS
from tests.blind.reports import Report, invent

EACH = int(os.environ.get("NIANBAO_BLIND", "5"))


#: the carriers that keep spans; without them a row put between the lines of a head leaves a head that names other columns
WHOLE = ("article", "frame", "script", "attribute", "interface", "markdown", "sheet")


def reports(name: str, *without: str) -> list[Report]:
    first = 1_000 * (1 + sorted(CARRIERS).index(name))
    left_out = frozenset(without if name in WHOLE else (*without, "row between"))
    return [invent(seed, 2 + seed % 3, left_out) for seed in range(first, first + EACH)]


def values(report: Reading) -> dict[tuple[str, str, str], object]:
    return {(table, row, column): cell.value for table, row, column, cell in report.tables.cells()}


@pytest.mark.parametrize("name", sorted(CARRIERS))
def test_nothing_false_is_said_of_a_report(name: str) -> None:
    for report in reports(name):
        found = parse(CARRIERS[name](report))
        said = {key: value for key, value in values(found).items() if value is not None}
        false = {key: (value, report.figures.get(key)) for key, value in said.items() if report.figures.get(key) != value}
        assert (false, found.kind, found.tags["year"].value) == ({}, "report", report.year), report.deviations
        assert found.tags["agency"].value in (None, report.agency)


@pytest.mark.parametrize("name", WHOLE)
def test_every_cell_is_read_where_the_page_loses_none(name: str) -> None:
    for report in reports(name, "spoilt head"):
        found = values(parse(CARRIERS[name](report)))
        missed = {key for key, value in report.figures.items() if found.get(key) != value}
        assert missed <= report.doubtful, report.deviations
