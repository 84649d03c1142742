"""What the rules over many reports look at: one report's cells and words, without the file it came from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from parsers.checks.logic import value
from parsers.checks.rules import Finding, check, rules, summarised
from parsers.models import Cell, Check, Number, Report, Tables

Checks = Mapping[str, tuple[Check, ...]]
_MASKED = re.compile(r"[0-9０-９〇零一二三四五六七八九十百千]+|\s+")
_SHINGLE = 5


@dataclass(frozen=True)
class Filed:
    """One report among others. `key` names it in the result: a report id, or the digest where there is none.

    `text` is the narrative (sections without tables); facts that nobody knows are empty.
    """

    key: str
    year: int
    tables: Tables
    text: str = ""
    digest: str = ""
    text_digest: str = ""
    media_type: str = ""
    agency: str = ""
    agency_id: str = ""
    function: str = ""
    level: str = ""
    url: str = ""

    def number(self, cell_id: str) -> Number | None:
        """The certain number of `normdocs_issued` or `new_received.total`, or None."""
        row, _, column = cell_id.partition(".")
        if column:
            return value(self.tables.requests.get(row, {}).get(column))
        return value(self.tables.proactive.get(row) or self.tables.remedies.get(row) or self.tables.stat2014.get(row))

    def form(self, table: str) -> str:
        return self.tables.formats.get(table, "")


def filed(report: Report, key: str = "", url: str = "") -> Filed:
    """A freshly parsed report as one among others; without a key its digest names it."""
    return from_json(report.to_json(), key, url)


def from_json(report: Mapping[str, Any], key: str = "", url: str = "") -> Filed:
    """The same from the object of `read --json`, as the archive keeps it."""
    tags = {name: str(tag["value"]) for name, tag in report["tags"].items() if tag["value"] is not None}
    tables = Tables(
        proactive=_cells(report["proactive"]), remedies=_cells(report["remedies"]), stat2014=_cells(report["stat2014"]),
        requests={row: _cells(columns) for row, columns in report["requests"].items()}, formats=report.get("formats", {}))
    return Filed(
        key=key or report["digest"], year=int(tags.get("year", 0)), tables=tables,
        text="\n".join(section["text"] for section in report["sections"]), digest=report["digest"],
        text_digest=report["text_digest"], media_type=report["media_type"], agency=tags.get("agency", ""),
        agency_id=tags.get("agency_id", ""), function=tags.get("function", ""), level=tags.get("level", ""), url=url)


def masked(text: str, name: str = "") -> str:
    """Text without figures, years, white space and the body's own name: what a template leaves."""
    return _MASKED.sub("", text.replace(name, "") if name else text)


def shingles(text: str) -> Counter[str]:
    """The overlapping five-character pieces of a masked text, counted."""
    return Counter(text[at:at + _SHINGLE] for at in range(len(text) - _SHINGLE + 1))


def similarity(one: Counter[str], other: Counter[str]) -> float:
    """0 to 1: twice the shared pieces over all pieces (Dice)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def verdicts(found: Iterable[tuple[str, str, Finding]]) -> Checks:
    """Checks by report key, from findings given as (report key, rule id, finding)."""
    grouped: dict[str, dict[str, list[Finding]]] = {}
    for key, rule_id, finding in found:
        grouped.setdefault(key, {}).setdefault(rule_id, []).append(finding)
    return {key: tuple(one for rule_id, findings in by_rule.items() for one in summarised(rules()[rule_id], findings))
            for key, by_rule in grouped.items()}


def failed(rule_id: str, message: str, where: str = "", left: Number | None = None, right: Number | None = None) -> Check:
    """One failure on its own, for rules that have no report to hang on."""
    return check(rules()[rule_id], Finding("fail", message, where, left, right))


def values(tables: Tables, table: str) -> Mapping[str, Number | None]:
    """Every cell of one table by its id."""
    return {f"{row}.{column}" if column else row: value(cell)
            for name, row, column, cell in tables.cells() if name == table}


def by_agency(reports: Sequence[Filed]) -> Mapping[str, list[Filed]]:
    """Reports grouped by agency, oldest first; those without an agency are left out."""
    found: dict[str, list[Filed]] = {}
    for report in sorted(reports, key=lambda report: (report.year, report.key)):
        if report.agency_id:
            found.setdefault(report.agency_id, []).append(report)
    return found


def _cells(cells: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Cell]:
    return {cell_id: _cell(cell) for cell_id, cell in cells.items()}


def _cell(cell: Mapping[str, Any]) -> Cell:
    known = {name: cell[name] for name in (f.name for f in fields(Cell)) if name in cell}
    return Cell(**{**known, "value": _number(cell["value"]), "value_yuan": _number(cell.get("value_yuan"))})


def _number(shown: int | float | None) -> Number | None:
    return Decimal(str(shown)) if isinstance(shown, float) else shown
