"""What a reader of the table has met so far, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.tables.candidates import Candidates
from parsers.tables.place import Head
from parsers.tables.requests.form import Row
from parsers.tables.slots import Line


@dataclass(slots=True)
class State:
    """`kept`: blanks of flattened text are in place; `pending`: the row whose label had no figures; `grid`: the last row's."""

    kept: bool
    total_first: bool = False      # how an unsettled head is read
    unsettled: bool = False        # whether there was one: 总计 and 自然人 in lines of one cell each
    assumed: bool = False          # whether a row had no head that could be read, and took the order of the form
    found: Candidates[Row] = field(default_factory=Candidates)
    heading: list[Line] = field(default_factory=list)
    head: Head = field(default_factory=lambda: Head(()))
    group: str | None = None
    pending: str | None = None
    grid: int = -1
    loose: Line | None = None      # figures without a label, last met
    parted: dict[str, Row] = field(default_factory=dict)      # rows put together from two pages
