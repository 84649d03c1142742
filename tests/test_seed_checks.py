"""The findings on the reports read by hand: neither fewer nor others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import parsers

SHARED = Path(__file__).parents[2] / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the reports read by hand are not beside this checkout")


def cases() -> list[dict[str, Any]]:
    if not SHARED.is_dir():
        return []
    seeds: list[dict[str, Any]] = json.loads((SHARED / "seeds" / "expected.json").read_text(encoding="utf-8"))["seeds"]
    return seeds


def parsed(seed: dict[str, Any]) -> parsers.Report:
    return parsers.parse((SHARED / "seeds" / seed["file"]).read_bytes())


def failed(report: parsers.Report) -> set[tuple[str, str]]:
    return {(check.rule, check.severity) for check in report.checks if check.verdict.startswith("fail")}


@pytest.mark.parametrize("seed", cases(), ids=lambda seed: str(seed["seed"]))
def test_a_report_read_by_hand_fails_what_the_reader_found(seed: dict[str, Any]) -> None:
    assert failed(parsed(seed)) == {(found["rule"], found["severity"]) for found in seed["violations"]}


@pytest.mark.parametrize("seed", cases(), ids=lambda seed: str(seed["seed"]))
def test_repairs_are_those_the_reader_saw(seed: dict[str, Any]) -> None:
    report = parsed(seed)
    expected = len(seed.get("repair_candidates", ())) or sum("repairable" in v for v in seed["violations"][:2])
    assert sum(issue.kind == "repair-candidate" for issue in report.issues) == expected


@pytest.mark.skipif(not (SHARED / "corpus" / "huaian_2024.pdf").exists(),
    reason="the city's report is not beside this checkout")
def test_a_whole_city_report_adds_up_in_every_sum_and_claim() -> None:
    report = parsers.parse((SHARED / "corpus" / "huaian_2024.pdf").read_bytes())
    assert not [rule for rule, severity in failed(report) if severity != "info"]
    passed = {check.rule for check in report.checks if check.verdict == "pass"}
    assert {"A01_row_sum", "A02_results_sum", "A03_identity", "A04_review_sum", "A05_suit_direct_sum", "A06_suit_after_sum",
            "N01_received_count", "N03_none_remedy_contradiction", "N04_handled_count", "N05_carried_out_count"} <= passed
