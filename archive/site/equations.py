"""A failed rule with the report's own numbers in it: 新收 33 + 上年结转 0 = 33 ≠ 总计 33 + 结转下年度 6 = 39."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Term:
    """One cell of an equation: what it is called, its number (None when blank), its key in the tables."""

    label: str
    value: int | float | None
    key: str


@dataclass(frozen=True, slots=True)
class Equation:
    """Both sides with their sums; blanks count as nothing here, which is what the rule looked at."""

    left: tuple[Term, ...]
    relation: str
    right: tuple[Term, ...]

    @property
    def sums(self) -> tuple[int | float, int | float]:
        return _sum(self.left), _sum(self.right)

    @property
    def difference(self) -> int | float:
        left, right = self.sums
        return round(abs(left - right), 6)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(term.key for term in (*self.left, *self.right))


def spelled_out(equations: Sequence[str], over: str, key: str, shown: Mapping[str, Any],
                names: Mapping[str, str]) -> Equation | None:
    """The equation of a rule that is about the cell `key`, filled in; None when there is none about it.

    `shown` is the report as `show --json` gives it, `names` row or column id → label.
    """
    row, _, column = key.partition(".")
    for text in equations:
        left, relation, right = re.split(r"\s*(==|>=|<=)\s*", text)
        made = Equation(tuple(_terms(left, over, row, column, shown, names)), relation,
                        tuple(_terms(right, over, row, column, shown, names)))
        if key and key in made.keys and made.difference:
            return made
    return None


def _terms(side: str, over: str, row: str, column: str, shown: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Term]:
    requests = shown["requests"]
    for name in side.split(" + "):
        if over == "row":
            yield _term(names.get(name, name), requests.get(row, {}).get(name), f"{row}.{name}")
        elif over == "column":
            yield from (_term(names.get(each, each), requests[each].get(column), f"{each}.{column}")
                        for each in _named(name, requests))
        else:
            yield from (_term(names.get(name, name), shown[table][name], name)
                        for table in ("proactive", "remedies", "stat2014") if name in shown[table])


def _named(pattern: str, requests: Mapping[str, Any]) -> list[str]:
    return [row for row in requests if row == pattern or (pattern.endswith("*") and row.startswith(pattern[:-1]))]


def _term(label: str, cell: Mapping[str, Any] | None, key: str) -> Term:
    return Term(label, cell["value"] if cell else None, key)


def _sum(terms: Sequence[Term]) -> int | float:
    return round(sum(term.value or 0 for term in terms), 6)
