"""The page of rules is what rules.json says."""

from __future__ import annotations

from pathlib import Path

from parsers.checks.page import page
from parsers.checks.rules import rules

PAGE = Path(__file__).parents[1] / "docs" / "RULES.md"


def test_the_page_of_rules_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m parsers.checks.page > docs/RULES.md"


def test_the_page_names_every_rule() -> None:
    assert not [rule_id for rule_id in rules() if f"`{rule_id}`" not in page()]
