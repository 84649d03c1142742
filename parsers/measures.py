"""Measures that research reports: rates and shares worked out from the cells of one report.

Each is None when a cell it needs is blank, lost or not in the form, or when its denominator is zero: nothing is assumed.
Exact fractions, to be rounded by whoever shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from parsers.checks.logic import value
from parsers.models import Number, Tables

_RESULTS_2014 = {"granted": ("s14_ans_already_public", "s14_ans_granted"), "partly_granted": ("s14_ans_partly",),
                 "total_handled": ("s14_answered",), "new_received": ("s14_received",)}


def grant_rate(tables: Tables) -> Fraction | None:
    """予以公开 and 部分公开 among all handled. Comparable across forms: fair (schema/crosswalk.json)."""
    return _ratio(_sum(_results(tables, "granted"), _results(tables, "partly_granted")), _results(tables, "total_handled"))


def refusal_rate(tables: Tables) -> Fraction | None:
    """不予公开, all eight grounds, among all handled (2019 on)."""
    return _ratio(_group(tables, "refused_"), _results(tables, "total_handled"))


def not_held_rate(tables: Tables) -> Fraction | None:
    """本机关不掌握 among all handled (2019 on)."""
    return _ratio(_results(tables, "unavailable_not_held"), _results(tables, "total_handled"))


def not_processed_rate(tables: Tables) -> Fraction | None:
    """不予处理, all five grounds, among all handled (2019 on)."""
    return _ratio(_group(tables, "rejected_"), _results(tables, "total_handled"))


def natural_person_share(tables: Tables) -> Fraction | None:
    """Requests by natural persons among all new ones (2019 on)."""
    new = tables.requests.get("new_received", {})
    return _ratio(value(new.get("natural_person")), value(new.get("total")))


def carry_over_rate(tables: Tables) -> Fraction | None:
    """结转下年 among all that was to be handled in the year (2019 on)."""
    due = _sum(_results(tables, "new_received"), _results(tables, "carried_in"))
    return _ratio(_results(tables, "carried_out"), due)


def review_rate(tables: Tables) -> Fraction | None:
    """Reviews per request handled."""
    reviews = tables.remedies.get("review_total") or tables.stat2014.get("s14_review")
    return _ratio(value(reviews), _results(tables, "total_handled"))


def review_correction_rate(tables: Tables) -> Fraction | None:
    """Corrected among reviews that were decided; pending ones do not count."""
    return _ratio(*_decided(tables, "review"))


def suit_correction_rate(tables: Tables) -> Fraction | None:
    """Corrected among suits that were decided, direct and after review together."""
    direct, after = _decided(tables, "suit_direct"), _decided(tables, "suit_after_review")
    return _ratio(_sum(direct[0], after[0]), _sum(direct[1], after[1]))


MEASURES: Mapping[str, Callable[[Tables], Fraction | None]] = {
    measure.__name__: measure for measure in (
        grant_rate, refusal_rate, not_held_rate, not_processed_rate, natural_person_share, carry_over_rate, review_rate,
        review_correction_rate, suit_correction_rate)}


def measures(tables: Tables) -> Mapping[str, Fraction | None]:
    """Every measure of one report by name."""
    return {name: measure(tables) for name, measure in MEASURES.items()}


def _results(tables: Tables, row: str) -> Number | None:
    """The total of a row of section 三, or what stood for it in the 2014 form."""
    if row in tables.requests:
        return value(tables.requests[row].get("total"))
    return _sum(*(value(tables.stat2014.get(field)) for field in _RESULTS_2014[row])) if row in _RESULTS_2014 else None


def _group(tables: Tables, beginning: str) -> Number | None:
    rows = [row for row in tables.requests if row.startswith(beginning)]
    return _sum(*(value(tables.requests[row].get("total")) for row in rows)) if rows else None


def _decided(tables: Tables, kind: str) -> tuple[Number | None, Number | None]:
    upheld, corrected, other = (value(tables.remedies.get(f"{kind}_{result}")) for result in ("upheld", "corrected", "other"))
    return corrected, _sum(upheld, corrected, other)


def _sum(*numbers: Number | None) -> Number | None:
    known = [number for number in numbers if number is not None]
    return sum(known, 0) if known and len(known) == len(numbers) else None


def _ratio(part: Number | None, whole: Number | None) -> Fraction | None:
    return None if part is None or not whole else Fraction(part) / Fraction(whole)
