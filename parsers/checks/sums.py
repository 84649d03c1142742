"""The sums: every rule whose line in rules.json says what `holds`, such as `published_total >= normdocs_published`.

Terms are ids of rows (`over` column), columns (`over` row) or fields; `refused_*` stands for all rows of the form with that
beginning. A blank or / counts as zero in the lenient verdict only. A cell without a certain number, or a missing one, makes
its sum not assessable.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import cache, partial
from typing import NamedTuple

from parsers import schema
from parsers.checks import rules
from parsers.checks.rules import Finding, Material, Rule
from parsers.checks.words import name, place, shown
from parsers.models import Cell, Number, Tables

EMPTY = frozenset({"blank", "na_mark"})
NO_NUMBER = {"position_lost": "列的位置已丢失", "ambiguous": "读法不唯一", "text": "不是数字", "glued": "名称与数字粘连",
             "ocr_suspect": "识别存疑", "approx": "是约数"}
_OPERATORS: Mapping[str, Callable[[Number, Number], bool]] = {"==": operator.eq, "<=": operator.le, ">=": operator.ge}
_NEGATED = {"==": "≠", "<=": ">", ">=": "<"}
_PASS, _LENIENT_PASS = Finding("pass"), Finding("pass_assuming_blank_zero")
_EXPRESSION = re.compile(r"(.+?) (==|<=|>=) (.+)")


class Equation(NamedTuple):
    """`left operator right`, both sides sums of terms."""

    left: tuple[str, ...]
    operator: str
    right: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        return self.left + self.right


class Row(NamedTuple):
    """An equation laid over certain cells, one for each of its terms: `of` is the row or column, `prefix` makes places."""

    equation: Equation
    cells: tuple[Cell | None, ...]
    of: str = ""
    prefix: str = "{}"

    @property
    def title(self) -> str:
        """What the row or column is called."""
        return name(self.of) if self.of else ""


@cache
def equation(text: str, version: str = "") -> Equation:
    """Read one `holds` expression; `*` is spelt out for the rows of `version`. Raises ValueError for anything else."""
    found = _EXPRESSION.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no sum: write `a + b == c`, with ==, <= or >=")
    return Equation(_spelt(found[1], version), found[2], _spelt(found[3], version))


def laid(rule: Rule, tables: Tables) -> Iterator[Row]:
    """Every place in the tables where a rule's equations must hold."""
    lay = {"row": _over_rows, "column": _over_columns, "": _over_fields}[rule.over]
    for text in rule.holds:
        yield from lay(text, tables)


def judged(row: Row) -> Finding:
    """Whether one equation holds."""
    lenient = False
    for cell in row.cells:
        if cell is None or (cell.status not in EMPTY if cell.value is None else cell.status in NO_NUMBER):
            return Finding("not_assessable", _unknown(row), _where(row))
        lenient = lenient or cell.value is None
    middle = len(row.equation.left)
    left, right = _total(row.cells[:middle]), _total(row.cells[middle:])
    if _OPERATORS[row.equation.operator](left, right):
        return _LENIENT_PASS if lenient else _PASS
    message = _message(row, left, right) + ("（空白按 0 计）" if lenient else "")
    return Finding("fail_assuming_blank_zero" if lenient else "fail", message, _where(row), left, right)


def request_version(tables: Tables) -> str:
    """The form whose rows section 三 must have."""
    told = tables.formats.get("requests", "")
    return told or ("f2021" if "other_misc" in tables.requests else "f2019")


def request_rows(version: str) -> tuple[str, ...]:
    """The ids of the rows of section 三 in one form, in its order."""
    return tuple(row["id"] for row in schema.load("tables")["request_rows"] if version in row["versions"])


def _look(rule_id: str, material: Material) -> Iterator[Finding]:
    for row in laid(rules.rules()[rule_id], material.tables):
        yield judged(row)


def _over_rows(text: str, tables: Tables) -> Iterator[Row]:
    of = equation(text)
    terms = of.terms
    for row_id, cells in tables.requests.items():
        yield Row(of, tuple([cells.get(term) for term in terms]), row_id, f"{row_id}.{{}}")


def _over_columns(text: str, tables: Tables) -> Iterator[Row]:
    of = equation(text, request_version(tables))
    rows = [tables.requests.get(term, {}) for term in of.terms]
    for column in (c["id"] for c in schema.load("tables")["request_columns"]):
        yield Row(of, tuple([row.get(column) for row in rows]), column, f"{{}}.{column}")


def _over_fields(text: str, tables: Tables) -> Iterator[Row]:
    of = equation(text)
    cells = tuple([tables.proactive.get(term) or tables.remedies.get(term) or tables.stat2014.get(term) for term in of.terms])
    if any(cells):
        yield Row(of, cells)


def _spelt(side: str, version: str) -> tuple[str, ...]:
    terms: list[str] = []
    for term in side.split(" + "):
        terms += [row for row in request_rows(version) if fnmatch(row, term)] if "*" in term else [term]
    return tuple(terms) if terms != ["0"] else ()


def _total(cells: Sequence[Cell | None]) -> Number:
    return sum([cell.value or 0 for cell in cells if cell is not None], 0)


def certain(cell: Cell | None) -> bool:
    """Whether a cell counts in a sum: it has a sure number, or is empty (and then counts as zero in the lenient verdict)."""
    return cell is not None and (cell.status in EMPTY if cell.value is None else cell.status not in NO_NUMBER)


def _unknown(row: Row) -> str:
    """Why the sum cannot be worked out."""
    for term, cell in zip(row.equation.terms, row.cells, strict=True):
        if not certain(cell):
            subject = f"{row.title}：{name(term)}" if row.title else name(term)
            return f"{subject} {NO_NUMBER.get(cell.status, '没有可用的数字') if cell else '缺这一格'}"
    return ""


def _message(row: Row, left: Number, right: Number) -> str:
    middle = len(row.equation.left)
    sides = (_side(row.equation.left, row.cells[:middle], left), _side(row.equation.right, row.cells[middle:], right))
    body = f" {_NEGATED[row.equation.operator]} ".join(sides)
    return f"{row.title}：{body}" if row.title else body


def _side(terms: Sequence[str], cells: Sequence[Cell | None], total: Number) -> str:
    """`新收 2 + 上年结转 0`; long sums show only what is not zero, then their total."""
    parts = [(name(term), cell.value or 0) for term, cell in zip(terms, cells, strict=True) if cell is not None]
    if len(parts) > 2:
        parts = [part for part in parts if part[1]]
    if len(parts) > 4 or not parts:
        return f"各项之和 {shown(total)}" if terms else "0"
    words = " + ".join(f"{word} {shown(value)}" for word, value in parts)
    return f"{words}（共 {shown(total)}）" if len(parts) > 2 else words


def _where(row: Row) -> str:
    """The place of the total: the side with a single term, the right one first."""
    sides = sorted((row.equation.right, row.equation.left), key=lambda side: len(side) != 1)
    term = next(side for side in sides if side)[-1]
    return place(row.prefix.format(term), row.cells[row.equation.terms.index(term)])


for _rule in rules.rules().values():
    if _rule.holds and not _rule.across:
        rules.LOOKS[_rule.id] = partial(_look, _rule.id)
