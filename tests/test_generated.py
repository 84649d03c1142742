"""Invented reports in every layout are read exactly: the truth is known because it came first.

`NIANBAO_GENERATED=500 pytest tests/test_generated.py` reads that many; by default three of each layout.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

import pytest

from parsers import Hints, parse
from parsers.models import Report
from tests.generator import Truth, make
from tests.generator.judge import differences, read_cells
from tests.generator.layouts import LAYOUTS
from tests.generator.pdf import STYLES, chromium, print_all

WANTED = int(os.environ.get("NIANBAO_GENERATED", "0"))
EACH = max(3, -(-WANTED // (len(LAYOUTS) + len(STYLES))))
PRINTED = EACH if WANTED else 1
FIRST = 1000
PLAIN = 77


def read(truth: Truth, data: bytes, suffix: str) -> Report:
    """The report as `nianbao read` sees it: the bytes and a file name that says nothing."""
    return parse(data, Hints(file_name=f"report.{suffix}"))


def seeds(layout: str) -> Iterator[int]:
    """Other seeds for every layout, the same in every run."""
    start = FIRST + sorted((*LAYOUTS, *STYLES)).index(layout) * 1000
    yield from range(start, start + (PRINTED if layout in STYLES else EACH))


@pytest.mark.parametrize(("layout", "seed"), [(layout, seed) for layout in LAYOUTS for seed in seeds(layout)])
def test_every_cell_tag_section_and_verdict_is_exact(layout: str, seed: int) -> None:
    shape = LAYOUTS[layout]
    truth = make(seed, solid=shape.solid)
    report = read(truth, shape.render(truth), shape.suffix)
    assert differences(truth, report.to_json()) == []
    assert report.media_type == shape.media_type


@cache
def printed() -> dict[tuple[str, int], tuple[Truth, bytes]]:
    """The reports that a browser prints, all in one start of it."""
    jobs = [(style, seed) for style in STYLES for seed in (*seeds(style), PLAIN)]
    truths = [make(seed, fault="", plain=seed == PLAIN, form="f2021" if seed == PLAIN else "") for _, seed in jobs]
    sheets = print_all(zip(truths, (style for style, _ in jobs), strict=True))
    return {job: (truth, data) for job, truth, data in zip(jobs, truths, sheets, strict=True)}


@pytest.mark.skipif(chromium() is None, reason="no Chromium to print with")
@pytest.mark.parametrize(("style", "seed"), [(style, seed) for style in STYLES for seed in seeds(style)])
def test_a_printed_report_is_read_exactly(style: str, seed: int) -> None:
    truth, data = printed()[style, seed]
    assert differences(truth, read(truth, data, "pdf").to_json()) == []


#: printed without rules: the places of blanks and of words beside numbers are guesswork, so only silence is promised
UNRULED = ("paper_borderless", "pdf_borderless")


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout not in UNRULED])
def test_the_words_and_cells_of_a_report_do_not_depend_on_its_layout(layout: str) -> None:
    truth = make(PLAIN, plain=True, form="f2021", fault="")
    expected = read(truth, LAYOUTS["html_clean"].render(truth), "html")
    report = read(truth, LAYOUTS[layout].render(truth), LAYOUTS[layout].suffix)
    assert values(report) == values(expected)
    assert report.text_digest == expected.text_digest


@pytest.mark.skipif(chromium() is None, reason="no Chromium to print with")
@pytest.mark.parametrize("style", [style for style in STYLES if style not in UNRULED])
def test_the_words_of_a_printed_report_are_those_of_its_page(style: str) -> None:
    truth, data = printed()[style, PLAIN]
    expected = read(truth, LAYOUTS["html_clean"].render(truth), "html")
    report = read(truth, data, "pdf")
    assert values(report) == values(expected)
    assert report.text_digest == expected.text_digest


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout in UNRULED])
def test_tables_printed_without_rules_give_no_wrong_number(layout: str) -> None:
    truth = make(PLAIN, plain=True, form="f2021", fault="")
    assert wrong_numbers(truth, read(truth, LAYOUTS[layout].render(truth), LAYOUTS[layout].suffix)) == {}


@pytest.mark.skipif(chromium() is None, reason="no Chromium to print with")
def test_tables_printed_by_a_browser_without_rules_give_no_wrong_number() -> None:
    truth, data = printed()["pdf_borderless", PLAIN]
    assert wrong_numbers(truth, read(truth, data, "pdf")) == {}


def wrong_numbers(truth: Truth, report: Report) -> dict[tuple[str, str, str], object]:
    """Values that the truth does not have; a missing one is not wrong."""
    return {key: cell["value"] for key, cell in read_cells(report.to_json()).items() if cell["value"] is not None
            and (key not in truth.cells or truth.cells[key].value != Decimal(str(cell["value"])))}


def values(report: Report) -> dict[tuple[str, str, str], object]:
    return {key: (cell["value"], cell["status"]) for key, cell in read_cells(report.to_json()).items()}


@pytest.mark.parametrize("seed", range(FIRST, FIRST + max(10, WANTED // 10)))
def test_text_that_lost_its_columns_gives_no_wrong_number(seed: int) -> None:
    truth = make(seed)
    report = read(truth, LAYOUTS["text_spaces"].render(truth), "txt")
    assert wrong_numbers(truth, report) == {}


def test_the_same_seed_gives_the_same_bytes() -> None:
    for layout in LAYOUTS.values():
        assert layout.render(make(5, solid=layout.solid)) == layout.render(make(5, solid=layout.solid))


@pytest.mark.parametrize("seed", range(50))
def test_a_consistent_report_breaks_no_rule_and_a_fault_breaks_one(seed: int) -> None:
    assert make(seed, fault="").failures == frozenset()
    assert make(seed, fault="row_sum", form="f2021").failures >= {"A01"}
