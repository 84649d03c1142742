"""Cells that OCR read, weighed by the sums of the form: each is verified, doubtful, or rests on recognition alone.

A sum that holds verifies its cells. Where sums fail, the cells that two of them share are doubtful, else all of theirs.
Cells of the form that were not found, or hold no number, are doubtful too. No value is ever changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from parsers import schema
from parsers.checks import rules, sums
from parsers.models import Cell, Issue, Report, Tables

READ, DOUBTFUL = "ocr", "ocr-doubtful"
_PAGE = re.compile(r"page \d+")
_SURE = sums.EMPTY | {"number", "zero", "text_zero", "money", "approx"}

Cells = Mapping[str, Cell | None]    # by `row.column` or field; None: the form has it, the file does not show it


def weighed(report: Report) -> Report:
    """The report with an issue for each doubtful cell; unchanged unless OCR read a page of it."""
    pages = {issue.where for issue in report.issues if issue.kind == READ}
    if not pages:
        return report
    cells = {name: cell for name, cell in _cells(report.tables).items() if cell is None or _page(cell.where) in pages}
    holding, failing = _judged(report.tables)
    unsure = {issue.where for issue in report.issues if issue.kind == DOUBTFUL}
    doubts = {name: why for name, cell in cells.items() if (why := _doubt(name, cell, holding, failing, unsure))}
    certain = {cell.where for name, cell in cells.items() if cell and name not in doubts}
    told = {cell.where for name in doubts if (cell := cells[name])}
    kept = [issue for issue in report.issues if issue.kind != DOUBTFUL or issue.where not in certain | told]
    verified = sum(name in holding and name not in doubts for name, cell in cells.items() if cell)
    summary = Issue("ocr-weighed", f"of {len(cells)} cells read by OCR {verified} are verified by sums, "
                    f"{len(doubts)} are doubtful, {len(cells) - verified - len(doubts)} rest on recognition alone")
    return replace(report, issues=(*kept, *(_issue(name, cells[name], why) for name, why in doubts.items()), summary))


def _doubt(name: str, cell: Cell | None, holding: Counter[str], failing: frozenset[str], unsure: set[str]) -> str:
    """Why a cell must be looked at, "" when it need not."""
    if cell is None:
        return "was not found on the page"
    if cell.status not in _SURE:
        return f"reads {cell.raw!r}, which is no certain number"
    if name in failing:
        return f"reads {cell.raw!r}, but its sums fail"
    if cell.where in unsure and (name not in holding or cell.value is None):
        return f"reads {cell.raw!r}, but the letters are not sure"
    return ""


def _issue(name: str, cell: Cell | None, why: str) -> Issue:
    return Issue(DOUBTFUL, f"{name} {why}; look at the picture", cell.where if cell else "")


def _page(where: str) -> str:
    found = _PAGE.match(where)
    return found[0] if found else ""


def _cells(tables: Tables) -> dict[str, Cell | None]:
    """Every cell that was found, and every one that the forms found here must have."""
    found: dict[str, Cell | None] = {".".join(filter(None, (row, column))): cell for _, row, column, cell in tables.cells()}
    for name in _wanted(tables):
        found.setdefault(name, None)
    return found


def _wanted(tables: Tables) -> Iterator[str]:
    versions = set(tables.formats.values())
    version = "f2021" if "f2021" in versions else "f2019" if versions & {"f2019"} else ""
    forms = schema.load("tables")
    if version:
        yield from (field["id"] for field in forms["proactive_fields"] if version in field["versions"])
        yield from (field["id"] for field in forms["remedy_fields"])
        columns = [column["id"] for column in forms["request_columns"]]
        yield from (f"{row}.{column}" for row in sums.request_rows(version) for column in columns)
    elif "f2014" in versions:
        yield from (field["id"] for field in forms["stat2014_fields"])


def _judged(tables: Tables) -> tuple[Counter[str], frozenset[str]]:
    """How many sums hold for each cell, and the cells that failing sums accuse."""
    held: Counter[str] = Counter()
    failed: list[list[str]] = []
    for row in _sums(tables):
        verdict = sums.judged(row).verdict
        found = {row.prefix.format(term): cell for term, cell in zip(row.equation.terms, row.cells, strict=True)
                 if cell is not None}
        if verdict.startswith("pass") and row.equation.operator == "==":
            held.update(name for name, cell in found.items() if cell.value is not None)
        elif verdict.startswith("fail"):
            failed.append(list(found))
    return held, frozenset(_accused(failed))


def _accused(failed: list[list[str]]) -> Iterator[str]:
    often = Counter(name for names in failed for name in names)
    for names in failed:
        shared = [name for name in names if often[name] > 1]
        yield from shared or names


def _sums(tables: Tables) -> Iterable[sums.Row]:
    for rule in rules.rules().values():
        if rule.holds and not rule.across and rule.severity[0] == "error":
            yield from sums.laid(rule, tables)
