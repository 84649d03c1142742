"""The five seed reports come out as their hand-made gold says: every section, every cell, no value invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parsers import outline, tables
from parsers.models import Cell, Outline, Tables
from parsers.readers import text

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
GOLD: dict[str, Any] = (
    json.loads((SEEDS / "expected.json").read_text(encoding="utf-8")) if SEEDS.is_dir() else {"seeds": []}
)
COLUMNS = GOLD.get("columns", [])

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the folder with the seed reports is not beside this checkout"
)
seeds = pytest.mark.parametrize("gold", GOLD["seeds"], ids=lambda gold: gold["seed"])


def parsed(gold: dict[str, Any]) -> tuple[Outline, Tables]:
    document = text.read((SEEDS / gold["file"]).read_bytes())
    parts = outline.find(document)
    return parts, tables.find(document, parts)


@seeds
def test_sections_begin_where_the_gold_says(gold: dict[str, Any]) -> None:
    parts, _ = parsed(gold)
    assert [(s.id, s.where) for s in parts.sections] == [
        (name, f"line {line}") for name, line, _ in gold["sections"] if line
    ]
    assert [s.title for s in parts.sections] == [
        title.lstrip("# ").strip() for _, line, title in gold["sections"] if line
    ]


@seeds
def test_the_title_is_the_printed_one(gold: dict[str, Any]) -> None:
    parts, _ = parsed(gold)
    printed = gold["tags"]["title"] if gold["tags"].get("title_source") is None else None
    assert parts.title == (printed or "")


@seeds
def test_section_two_equals_the_gold(gold: dict[str, Any]) -> None:
    _, cells = parsed(gold)
    assert cells.proactive.keys() == gold["proactive"].keys()
    for field, expected in gold["proactive"].items():
        shown = cells.proactive[field]
        assert (shown.raw, shown.where) == (expected["raw"], f"line {expected['line']}"), field
        assert float(shown.value if shown.value is not None else -1) == expected["value"], field
        for fact in ("value_yuan", "unit_source", "unit"):
            assert fact not in expected or getattr(shown, fact) == expected[fact], (field, fact)


@seeds
def test_section_three_equals_the_gold(gold: dict[str, Any]) -> None:
    _, cells = parsed(gold)
    inferred = set(gold.get("requests_alignment", {}).get("inferred", ()))
    assert cells.requests.keys() == gold["requests"].keys()
    for row, expected in gold["requests"].items():
        for column, value in zip(COLUMNS, expected, strict=True):
            shown = cells.requests[row][column]
            if f"{row}.{column}" in inferred:
                assert (shown.value, shown.status) == (None, "position_lost"), (row, column)
            else:
                assert (shown.value, shown.status in {"zero", "number"}) == (value, value is not None), (
                    row,
                    column,
                )


@seeds
def test_section_four_equals_the_gold(gold: dict[str, Any]) -> None:
    _, cells = parsed(gold)
    assert {field: cell.value for field, cell in cells.remedies.items()} == (gold["remedies"] or {})


@seeds
def test_the_form_is_told_by_the_tables(gold: dict[str, Any]) -> None:
    _, cells = parsed(gold)
    assert set(cells.formats.values()) == {gold["tags"]["format_version"]}


def statuses(gold: dict[str, Any], row: str) -> list[str]:
    cells: dict[str, Cell] = dict(parsed(gold)[1].requests[row])
    return [cells[column].status for column in COLUMNS]


def test_left_packed_rows_keep_the_total_and_nothing_else() -> None:
    gold = GOLD["seeds"][1]
    assert statuses(gold, "granted") == ["position_lost"] * 6 + ["number"]
    assert statuses(gold, "refused_state_secret") == ["blank"] * 7


def test_a_total_alone_leaves_its_applicants_blank() -> None:
    assert statuses(GOLD["seeds"][2], "granted") == ["blank"] * 6 + ["number"]


@pytest.mark.parametrize(
    ("seed", "kinds"),
    [
        (0, {"converter-artefact", "numbering-broken", "heading-variant"}),
        (1, {"position-lost"}),
        (2, {"surplus-values", "page-split"}),
        (3, {"converter-artefact"}),
        (4, {"converter-artefact"}),
    ],
)
def test_what_is_odd_is_said(seed: int, kinds: set[str]) -> None:
    parts, cells = parsed(GOLD["seeds"][seed])
    assert {issue.kind for issue in parts.issues + cells.issues} == kinds
