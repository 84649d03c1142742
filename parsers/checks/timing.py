"""Whether a report came in time, and whether it says anything at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from parsers.checks.metadata import dates
from parsers.checks.rules import Finding, Material, rule
from parsers.checks.sums import EMPTY
from parsers.timeliness import due, first_published

_MIGRATED = timedelta(days=365)      # a page dated a year after its deadline tells of a new website, not of a late report
_POWERLESS = frozenset({"public_enterprise", "party_or_mass"})


@rule("T01_late")
def late(material: Material) -> Iterator[Finding]:
    """The first date that can be true against the day the report was due."""
    if material.year is None:
        return
    deadline = due(str(material.tag("body_type") or "unknown"), material.year)
    told: dict[date, tuple[str, str]] = {}
    for what, day, where in dates(material):
        told.setdefault(day, (what, where))
    first = first_published(material.year, told)
    if deadline is None or first is None:
        return
    what, where = told[first]
    words = f"{what} {first.isoformat()}，期限 {deadline.on.isoformat()}（{deadline.basis}）"
    if what != "落款" and first > deadline.on + _MIGRATED:
        yield Finding("not_assessable", f"{words}：晚一年以上，可能是网站迁移后的日期", where)
    elif first > deadline.on:
        yield Finding("fail", words, where, severity=deadline.severity)
    else:
        yield Finding("pass", words, where)


@rule("P01_all_zero")
def all_zero(material: Material) -> Iterator[Finding]:
    """Every number of the report is zero."""
    if any(cell.value for table, _, _, cell in material.tables.cells() if table != "stat2014"):
        return
    cells = [cell for table, _, _, cell in material.tables.cells() if table != "stat2014"]
    if material.tag("body_type") in _POWERLESS or any(cell.value is None and cell.status not in EMPTY for cell in cells):
        return
    if any(cell.value is not None for cell in cells):
        yield Finding("fail", f"{len(cells)} 格全部为 0 或空白", "tables", 0)
