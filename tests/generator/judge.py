"""The differences between what was read and what is true, each with the part of the reader it accuses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tests.generator.model import Expected, Key, Truth

Shown = Mapping[str, Any]            # Report.to_json()
_BARE_MONEY = {"number", "money"}    # a plain figure in a money column may be called either


def squeeze(text: str) -> str:
    """Width and white space aside, the words."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def differences(truth: Truth, shown: Shown) -> list[str]:
    """One line per difference, `cells: …`, `tags: …`, `sections: …`, `checks: …`; empty when all is as it should be."""
    return [*_cells(truth, shown), *_tags(truth, shown), *_sections(truth, shown), *_checks(truth, shown)]


def read_cells(shown: Shown) -> dict[Key, Mapping[str, Any]]:
    """Every cell of a report as printed by `read --json`, by table, row and column."""
    cells = {("requests", row, column): cell for row, columns in shown["requests"].items() for column, cell in columns.items()}
    for table in ("proactive", "remedies", "stat2014"):
        cells |= {(table, field, ""): cell for field, cell in shown[table].items()}
    return cells


def _cells(truth: Truth, shown: Shown) -> Iterator[str]:
    found = read_cells(shown)
    for key, expected in truth.cells.items():
        if key not in found:
            yield f"cells: {'.'.join(key)} is missing, printed {expected.raw!r}"
        elif wrong := cell_difference(expected, found[key]):
            yield f"cells: {'.'.join(key)} {wrong}, printed {expected.raw!r}"
    for key, cell in found.items():
        if key not in truth.cells and cell["value"] is not None:
            yield f"cells: {'.'.join(key)} is invented: {cell['raw']!r} = {cell['value']}"


def cell_difference(expected: Expected, cell: Mapping[str, Any]) -> str:
    """How a cell as `read --json` prints it differs from what is true, "" when it does not."""
    value = None if cell["value"] is None else Decimal(str(cell["value"]))
    if value != (None if expected.value is None else Decimal(expected.value)):
        return f"is {cell['value']} ({cell['status']}) instead of {expected.value} ({expected.status})"
    if cell["status"] != expected.status and not {cell["status"], expected.status} <= _BARE_MONEY:
        return f"has status {cell['status']} instead of {expected.status}"
    if squeeze(cell["raw"]) != squeeze(expected.raw):
        return f"reads {cell['raw']!r}"
    if expected.yuan is not None and cell.get("value_yuan") != float(expected.yuan):
        return f"is {cell.get('value_yuan')} yuan instead of {expected.yuan}"
    return ""


def _tags(truth: Truth, shown: Shown) -> Iterator[str]:
    wanted = {"agency": truth.agency, "year": truth.year, "level": truth.level, "division_code": truth.division_code,
              "format_version": truth.form}
    for name, value in wanted.items():
        tag = shown["tags"].get(name, {"value": None})
        if tag["value"] != value:
            yield f"tags: {name} is {tag['value']} instead of {value}"
    if truth.title and squeeze(shown["title"]) != squeeze(truth.title):
        yield f"tags: title is {shown['title']!r} instead of {truth.title!r}"


def _sections(truth: Truth, shown: Shown) -> Iterator[str]:
    found = [(section["id"], squeeze(section["title"])) for section in shown["sections"] if section["id"] != "preamble"]
    wanted = [(name, squeeze(heading)) for name, heading in truth.sections]
    if found != wanted:
        yield f"sections: {found} instead of {wanted}"


def _checks(truth: Truth, shown: Shown) -> Iterator[str]:
    failed = {check["rule"][:3] for check in shown["checks"] if check["verdict"].startswith("fail") and check["rule"][0] == "A"}
    failed -= {"A13", "A14"}         # subsets and local annexes: the generator makes no statement
    if failed != truth.failures:
        yield f"checks: {sorted(failed)} failed instead of {sorted(truth.failures)}"
