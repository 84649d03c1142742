"""The form of section 三: its columns, its rows, the two orders of columns that offices print, the sum that binds them."""

from __future__ import annotations

from collections.abc import Mapping

from parsers import schema
from parsers.models import Cell, Number
from parsers.tables.place import Column, Head
from parsers.values import Field

Row = Mapping[str, Cell]
ORDER = tuple(c["id"] for c in schema.load("tables")["request_columns"])
ORGANISATIONS = frozenset(c["id"] for c in schema.load("tables")["request_columns"] if c["group"])
FIELDS = {row["id"]: row for row in schema.load("tables")["request_rows"]}
FORMS = {row: dict.fromkeys(ORDER, Field.of(form["unit"], form["type"])) for row, form in FIELDS.items()}
STATUTORY = Head(tuple(map(Column, ORDER)))
TOTAL_FIRST = Head((STATUTORY.columns[-1], *STATUTORY.columns[:-1]))
AMBIGUOUS = frozenset({"total_handled", "other_misc"})
ADDED_2021 = frozenset({"other_no_correction", "other_fee_unpaid", "other_misc"})
REMEMBERED = 4096      # lines of labels: the same stand in every report


def sums(row: Mapping[str, Number]) -> bool:
    """A01: the applicants make up the total."""
    return "total" in row and sum(value for column, value in row.items() if column != "total") == row["total"]
