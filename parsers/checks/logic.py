"""What the numbers of sections 二 to 四 cannot be at the same time, beyond plain sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parsers.checks.rules import Finding, Material, rule
from parsers.checks.sums import NO_NUMBER, certain
from parsers.checks.words import name, place, shown
from parsers.models import Cell, Number, Verdict

ITEM_KINDS = ("licence", "other_service", "penalty", "coercion")
RULE_FIELDS = ("rules_made", "rules_published", "rules_public_total", "rules_issued", "rules_repealed", "rules_in_force")
_LAWMAKERS = frozenset({("government", "province"), ("government", "prefecture"), ("government_office", "province"),
                        ("government_office", "prefecture"), ("department", "national"), ("government", "national"),
                        ("vertical", "national"), ("directly_affiliated", "national")})
_UNUSUAL_SUITS, _UNUSUAL_SHARE = 5, 2


def lenient(cells: Mapping[str, Cell], *ids: str) -> tuple[list[Number], bool] | None:
    """The numbers of these fields, blanks as zero, and whether any was blank; None when one is missing or not certain."""
    values: list[Number] = []
    for field in ids:
        if not certain(cells.get(field)):
            return None
        values.append(cells[field].value or 0)
    return values, any(cells[field].value is None for field in ids)


def verdict(holds: bool, assumed: bool) -> Verdict:
    """The verdict on a condition whose blanks were read as zero when `assumed`."""
    if assumed:
        return "pass_assuming_blank_zero" if holds else "fail_assuming_blank_zero"
    return "pass" if holds else "fail"


def value(cell: Cell | None) -> Number | None:
    """The certain number of a cell, or None."""
    return None if cell is None or cell.status in NO_NUMBER else cell.value


@rule("L05_no_items_but_decisions")
def no_items_but_decisions(material: Material) -> Iterator[Finding]:
    """No items of power at the end of the year, yet decisions under them."""
    for kind, (prev, delta, decisions), assumed, where in _items(material):
        holds = prev + delta != 0 or decisions == 0
        yield Finding(verdict(holds, assumed), "" if holds else
                      f"{name(kind)}：事项数 {shown(prev)} {shown(delta)} 合计为 0，处理决定却有 {shown(decisions)}",
                      where, decisions, 0)


@rule("L06_decisions_equal_items")
def decisions_equal_items(material: Material) -> Iterator[Finding]:
    """Decisions that are exactly the stock of items: the column was read as a total."""
    for kind, (prev, delta, decisions), assumed, where in _items(material):
        holds = delta == 0 or decisions == 0 or decisions != prev + delta
        yield Finding(verdict(holds, assumed), "" if holds else
                      f"{name(kind)} {shown(decisions)} = 上一年项目 {shown(prev)} + 增减 {shown(delta)}，疑填成了年末项目数",
                      where, decisions, prev + delta)


@rule("L07_rules_without_power")
def rules_without_power(material: Material) -> Iterator[Finding]:
    """规章 reported by a body that cannot make any."""
    cells = material.tables.proactive
    filled = [(field, number) for field in RULE_FIELDS if (number := value(cells.get(field)))]
    if not filled:
        return
    if material.tag("body_type") is None or material.tag("level") is None:
        yield Finding("not_assessable", "不知道机关的层级和类型")
    elif (str(material.tag("body_type")), str(material.tag("level"))) not in _LAWMAKERS:
        field, number = filled[0]
        yield Finding("fail", f"{name(field)} {shown(number)}，而该机关没有规章制定权", place(field, cells[field]), number, 0)


@rule("L08_procurement_pair")
def procurement_pair(material: Material) -> Iterator[Finding]:
    """Projects without money, or money without projects."""
    cells = material.tables.proactive
    found = lenient(cells, "procurement_projects", "procurement_amount")
    if found is None:
        return
    (projects, amount), assumed = found
    holds = (projects == 0) == (amount == 0)
    yield Finding(verdict(holds, assumed), "" if holds else f"采购项目 {shown(projects)} 个，采购总金额 {shown(amount)}",
                  place("procurement_amount", cells["procurement_amount"]), projects, amount)


@rule("L09_direct_suits_after_2024")
def direct_suits_after_2024(material: Material) -> Iterator[Finding]:
    """Many direct suits although refusals must go to review first."""
    if material.year is None or material.year < 2024:
        yield Finding("pass", "2024 年以前不限")
        return
    suits = value(material.tables.remedies.get("suit_direct_total"))
    refused = [value(row.get("total")) for row_id, row in material.tables.requests.items() if row_id.startswith("refused_")]
    if suits is None or not refused or None in refused:
        return
    total = sum(number for number in refused if number is not None)
    unusual = suits >= _UNUSUAL_SUITS and suits * _UNUSUAL_SHARE > total
    where = place("suit_direct_total", material.tables.remedies["suit_direct_total"])
    yield Finding("fail" if unusual else "pass", f"直接起诉 {shown(suits)} 件，不予公开 {shown(total)} 件", where, suits, total)


def _items(material: Material) -> Iterator[tuple[str, tuple[Number, Number, Number], bool, str]]:
    cells = material.tables.proactive
    for kind in ITEM_KINDS:
        ids = (f"{kind}_items_prev", f"{kind}_items_delta", f"{kind}_decisions")
        if found := lenient(cells, *ids):
            prev, delta, decisions = found[0]
            yield f"{kind}_decisions", (prev, delta, decisions), found[1], place(ids[2], cells[ids[2]])
