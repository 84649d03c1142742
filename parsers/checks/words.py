"""What rows, columns and fields are called in messages, and where a cell is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from parsers import schema
from parsers.models import Cell, Number

_ENUMERATOR = re.compile(r"^[一二三四五六七八九十]*(?:\([一二三四五六七八九十]\))?(?:\d\.)?(?:其中：)?")


def name(cell_id: str) -> str:
    """The short Chinese name of a row, column or field; the id itself for a local row."""
    return _names().get(cell_id) or cell_id.removeprefix("local:")


def place(cell_id: str, cell: Cell | None) -> str:
    """The cell's id and its place in the file: names one finding for good."""
    return f"{cell_id} {cell.where}".strip() if cell else cell_id


def shown(value: Number) -> str:
    """A number as people write it."""
    return f"{value:f}" if not isinstance(value, int) else str(value)


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for table, row, column, _, row_label, column_label, _ in schema.fields():
        if table == "proactive":
            names[row] = f"{row_label}{column_label}"
        elif not column:
            names[row] = _ENUMERATOR.sub("", row_label).replace("/", "·")
    names.update(schema.load("rules")["names"])
    return names
