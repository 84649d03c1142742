"""What a generated report is: its known truth, and the script that every renderer prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Number = int | Decimal
Key = tuple[str, str, str]           # table id, row or field id, column id ("" where a table has one value column)
Role = Literal["title", "heading", "subheading", "text", "signature"]


@dataclass(frozen=True, slots=True)
class Expected:
    """One statutory cell: as printed, and what a reader must make of it. `yuan` only where the cell itself names money."""

    raw: str
    value: Number | None
    status: str
    yuan: Number | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `number` is the enumerator that Word may print by itself (`一、`); it is the start of `text`."""

    text: str
    role: Role = "text"
    number: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A cell as drawn, with its spans."""

    text: str
    rows: int = 1
    columns: int = 1
    head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as drawn: rows of boxes; places covered by a span have no box. `part` is its sub-table id of the form."""

    rows: tuple[tuple[Box, ...], ...]
    part: str

    @property
    def width(self) -> int:
        return sum(box.columns for box in self.rows[0])


Script = tuple[Line | Table, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """A report whose every fact is known because it was invented.

    `cells` holds what is printed, `failures` the A-rules that the printed figures break (`A01` …),
    `sections` the (id, heading) pairs in printed order without the preamble, `title` "" when none is printed.
    """

    seed: int
    agency: str
    division_code: str
    level: str
    year: int
    form: str
    title: str
    cells: Mapping[Key, Expected]
    sections: tuple[tuple[str, str], ...]
    script: Script
    failures: frozenset[str] = frozenset()
    quirks: frozenset[str] = field(default_factory=frozenset)

    @property
    def solid(self) -> bool:
        """Whether no cell is blank: only then can text that lost its columns still be read."""
        return all(cell.status != "blank" for cell in self.cells.values())
