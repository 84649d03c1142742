"""One body through the years: what last year's report says about this year's.

`history(reports)` takes the reports of one body and one scope (any order, gaps allowed) and returns the checks of each report
that has a report of the year before it. Amendments: give the chosen version of each year only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import log10

from parsers import schema
from parsers.checks.across import Checks, Filed, masked, shingles, similarity, values, verdicts
from parsers.checks.rules import Finding
from parsers.checks.words import name, shown
from parsers.models import Number, Severity, Verdict

FORMS = frozenset({"f2019", "f2021"})
ITEM_KINDS = ("licence", "other_service", "penalty", "coercion", "fee")
SERIES = ("new_received.total", "total_handled.total", "carried_out.total", "licence_decisions", "penalty_decisions",
          "coercion_decisions", "fee_amount_wan", "review_total", "suit_direct_total", "suit_after_review_total")
STOCKS = ("_in_force", "_public_total", "_items_prev", "_items_delta")
_SAME, _LEAST_TEXT = 0.90, 300
_TENFOLD, _FEW = 1, 50
_Found = Iterator[tuple[str, str, Finding]]
_Holds = Callable[[Number, Number], bool]


def history(reports: Sequence[Filed]) -> Checks:
    """Rules Y01–Y08 for every pair of neighbouring years; checks by the key of the later report."""
    ordered = sorted(reports, key=lambda report: report.year)
    return verdicts(found for before, after in pairwise(ordered) if after.year == before.year + 1
                    for found in _compared(before, after))


def _compared(before: Filed, after: Filed) -> _Found:
    for rule_id, look in _LOOKS.items():
        for finding in look(before, after):
            yield after.key, rule_id, finding


def carry_link(before: Filed, after: Filed) -> Iterator[Finding]:
    """What was carried out of one year is carried into the next; the total weighs more than its parts."""
    if not _forms(before, after, "requests") <= FORMS:
        return
    for column in (c["id"] for c in schema.load("tables")["request_columns"]):
        out, carried = before.number(f"carried_out.{column}"), after.number(f"carried_in.{column}")
        yield _equal(f"{name(column)}：{before.year} 年结转下年度 {{}}，{after.year} 年上年结转 {{}}", out, carried,
                     f"carried_in.{column}", "error" if column == "total" else "warning")


def in_force_roll(before: Filed, after: Filed) -> Iterator[Finding]:
    """In force = last year's + issued − repealed."""
    if _forms(before, after, "proactive") != {"f2021"}:
        return
    for kind in ("rules", "normdocs"):
        last = before.number(f"{kind}_in_force")
        issued, repealed = after.number(f"{kind}_issued"), after.number(f"{kind}_repealed")
        due = None if last is None or issued is None or repealed is None else last + issued - repealed
        yield _equal(f"{name(kind + '_in_force')}：上年加制发减废止应为 {{}}，填 {{}}", due, after.number(f"{kind}_in_force"),
                     f"{kind}_in_force")


def items_roll(before: Filed, after: Filed) -> Iterator[Finding]:
    """Items at the end of last year are this year's 上一年项目数量."""
    if _forms(before, after, "proactive") != {"f2019"}:
        return
    for kind in ITEM_KINDS:
        prev, delta = before.number(f"{kind}_items_prev"), before.number(f"{kind}_items_delta")
        due = None if prev is None or delta is None else prev + delta
        yield _equal(f"{name(kind + '_items_prev')}：上年年末应为 {{}}，填 {{}}", due, after.number(f"{kind}_items_prev"),
                     f"{kind}_items_prev")


def public_total_monotone(before: Filed, after: Filed) -> Iterator[Finding]:
    """What is public stays public."""
    if _forms(before, after, "proactive") != {"f2019"}:
        return
    for kind in ("rules", "normdocs"):
        field = f"{kind}_public_total"
        one, other = before.number(field), after.number(field)
        yield _judged(f"{name(field)}：由 {{}} 减为 {{}}", one, other, field, lambda a, b: b >= a)


def pending_resolves(before: Filed, after: Filed) -> Iterator[Finding]:
    """Cases pending at the end of last year are among this year's."""
    if not _forms(before, after, "remedies") <= FORMS:
        return
    for kind in ("review", "suit_direct", "suit_after_review"):
        field = f"{kind}_total"
        pending, total = before.number(f"{kind}_pending"), after.number(field)
        yield _judged(f"{name(field)}：上年尚未审结 {{}}，今年总计只有 {{}}", pending, total, field, lambda a, b: b >= a)


def self_near_duplicate(before: Filed, after: Filed) -> Iterator[Finding]:
    """The same text with other figures."""
    one, other = masked(before.text, before.agency), masked(after.text, after.agency)
    if min(len(one), len(other)) < _LEAST_TEXT:
        return
    alike = similarity(shingles(one), shingles(other))
    yield Finding("fail" if alike >= _SAME else "pass", f"与 {before.year} 年度的正文相似度 {alike:.0%}", "text")


def table_copied(before: Filed, after: Filed) -> Iterator[Finding]:
    """A table with numbers in it that equals last year's in every cell; stocks alone may well stay."""
    for table, zh in (("proactive", "主动公开表"), ("requests", "申请表"), ("remedies", "复议诉讼表"), ("stat2014", "统计表")):
        one, other = values(before.tables, table), values(after.tables, table)
        flows = [number for cell_id, number in other.items() if number and not cell_id.endswith(STOCKS)]
        if one and flows and before.form(table) == after.form(table):
            same = one == other
            yield Finding("fail" if same else "pass", f"{zh}与 {before.year} 年度完全相同" if same else "", table)


def spike(before: Filed, after: Filed) -> Iterator[Finding]:
    """A tenfold change of more than fifty."""
    for series in SERIES:
        words = f"{name(series.split('.')[0])}：由 {{}} 变为 {{}}"
        yield _judged(words, before.number(series), after.number(series), series, _steady)


_LOOKS = {
    "Y01_carry_link": carry_link, "Y02_in_force_roll": in_force_roll, "Y03_items_roll": items_roll,
    "Y04_public_total_monotone": public_total_monotone, "Y05_pending_resolves": pending_resolves,
    "Y06_self_near_duplicate": self_near_duplicate, "Y07_table_copied": table_copied, "Y08_spike": spike,
}
RULES = frozenset(_LOOKS)


def _forms(before: Filed, after: Filed, table: str) -> set[str]:
    return {before.form(table), after.form(table)}


def _equal(words: str, due: Number | None, told: Number | None, where: str, severity: Severity = "warning") -> Finding:
    finding = _judged(words, due, told, where, lambda a, b: a == b)
    return finding._replace(severity=severity)


def _judged(words: str, one: Number | None, other: Number | None, where: str, holds: _Holds) -> Finding:
    if one is None or other is None:
        return Finding("not_assessable", f"{where} 两年中有一年没有可比的数字", where)
    verdict: Verdict = "pass" if holds(one, other) else "fail"
    return Finding(verdict, words.format(shown(one), shown(other)) if verdict == "fail" else "", where, one, other)


def _steady(one: Number, other: Number) -> bool:
    if abs(float(other) - float(one)) < _FEW:
        return True
    return one > 0 and other > 0 and abs(log10(float(other) / float(one))) < _TENFOLD
