"""Tables without rules, told by the places of their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.layout.lines import Line
from parsers.models import Grid


def find(lines: Sequence[Line], page: int) -> Iterator[tuple[float, Line | Grid]]:
    for line in lines:
        yield line.y0, line
