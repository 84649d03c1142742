"""How numbers, days, addresses and rules are written on a page."""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from archive import dictionary
from archive.catalogue import rows
from archive.site.originals import extension
from archive.site.phrases import PLACES, REASONS, in_chinese
from archive.terms import TERMS


def cell(found: Mapping[str, Any] | None, english: bool = False) -> str:
    """A cell for a person: the number with its unit where it matters, else what stands in its place."""
    if found is None:
        return ""
    if found["value"] is None:
        refusals = TERMS["status"]
        return refusals[found["status"]][int(english)] if found["status"] in ("blank", "position_lost") else str(found["raw"])
    unit = found.get("unit") if found.get("unit") in ("万元", "元") else ""
    return f"{found['value']:,}{unit}"


def day(moment: str | None) -> str:
    """2024-02-01T00:00:00Z → 2024-02-01."""
    return (moment or "")[:10]


def percent(rate: float | None) -> str:
    """0.4 → 40.0 %; an unknown rate is a dash, never zero."""
    return "—" if rate is None else f"{rate * 100:.1f} %"


def mean(value: float | None) -> str:
    """One decimal below ten."""
    return "—" if value is None else f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def heat(value: float, most: float) -> float:
    """How dark a value is, 0 to 1, on a logarithmic scale: a few bodies get most of the requests."""
    return math.log1p(value) / math.log1p(most) if most > 0 else 0.0


def field_name(labels: Mapping[tuple[str, str], str], table: str, row: str, english: bool) -> str:
    """A row of the statutory tables."""
    return dictionary.english(row) if english else labels.get((table, row), row)


def column_name(name: str, english: bool) -> str:
    """A column of the data dictionary in a word or two."""
    label, _ = dictionary.COLUMNS.get(name, (name, ""))
    return name.replace("_", " ").capitalize() if english else label


def path(value: object) -> str:
    """A part of an address of ours."""
    return quote(str(value), safe=":")


_BOX = re.compile(r" \[[\d., ]+\]$")
_PAGE = re.compile(r"\bpage (\d+)")
_KEY = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z_]+)?( (?=table|page|line|p )|$)")


def place(where: str | None, english: bool) -> str:
    """Where in the file; the cell itself is named beside it."""
    told = _BOX.sub("", _KEY.sub("", where or ""))
    return told if english else in_chinese(told, PLACES)


def page(where: str | None) -> str:
    """The number of the page in a place of a PDF; "" for other places."""
    found = _PAGE.search(where or "")
    return found[1] if found else ""


def reason(why: str | None, english: bool) -> str:
    """Why a version was chosen or not."""
    return (why or "") if english else in_chinese(why or "", REASONS)


def format_name(media_type: str) -> str:
    """application/pdf → PDF."""
    return extension(media_type).removeprefix(".").upper()


def rules(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """The rules with how many reports fail each."""
    return rows(db, """select r.*, count(distinct c.report_id) as failed from rules r left join checks c on c.rule = r.rule
                        and c.verdict like 'fail%' group by r.rule order by r.rowid""")
