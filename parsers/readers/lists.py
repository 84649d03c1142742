"""Automatic list numbers as Word counts and prints them, whatever file keeps the lists: XML parts or binary tables.

Source: ECMA-376 Part 1, 17.9 (numbering); [MS-DOC] 2.4.6.3 (determining the formatting of a list level).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from parsers.numbering import numeral, suffix

_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its number looks and when it starts again (`restart` None: after any higher level).

    `template` holds `%1` for the number of the first level, `%2` for the second; `style` is the paragraph style it belongs to.
    """

    start: int = 1
    form: str = "decimal"
    template: str = ""
    restart: int | None = None
    legal: bool = False
    space: str | None = None
    style: str = ""


@dataclass(slots=True)
class List:
    """A list in use: its levels, the counters it shares with its siblings, and the starts it forces once."""

    levels: dict[int, Level]
    counters: dict[int, int]
    starts: dict[int, int] = field(default_factory=dict)

    def level_of(self, style: str) -> int:
        """The level that names the style as its own, else the first."""
        return next((n for n, level in self.levels.items() if style and level.style == style), 0)


class Counters:
    """The numbers of a document's lists, one paragraph after the other. `unknown`: forms that had to be written as digits.

    `load` gives the lists by name at the first paragraph in one: most tables of lists are of no use.
    """

    def __init__(self, load: Callable[[], Mapping[str, List]]) -> None:
        self.unknown: set[str] = set()
        self._load = load

    @cached_property
    def _lists(self) -> Mapping[str, List]:
        return self._load()

    def number(self, name: str, level: int | None, style: str) -> str:
        """The number before the next paragraph of list `name`, its space included; "" where there is none."""
        numbered = self._lists.get(name)
        if numbered is None:
            return ""
        level = numbered.level_of(style) if level is None else level
        if level not in numbered.levels:
            return ""
        _count(numbered, level)
        return self._shown(numbered, level)

    def _shown(self, numbered: List, level: int) -> str:
        shape = numbered.levels[level]
        if shape.form == "bullet":
            return ""

        def sign(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            form = numbered.levels[place].form if place in numbered.levels else "decimal"
            return self._sign(numbered.counters.get(place, 1), "decimal" if shape.legal else form)

        text = _PLACE.sub(sign, shape.template)
        return text + (suffix(text) if shape.space is None else shape.space)

    def _sign(self, value: int, form: str) -> str:
        text = numeral(value, form)
        if text is None:
            self.unknown.add(form)
            return str(value)
        return text


def _count(numbered: List, level: int) -> None:
    counters = numbered.counters
    if level in numbered.starts:
        counters[level] = numbered.starts.pop(level)
    else:
        counters[level] = counters.get(level, numbered.levels[level].start - 1) + 1
    for higher in range(level):
        if higher in numbered.levels:
            counters.setdefault(higher, numbered.levels[higher].start)
    for lower in [n for n in counters if n > level]:
        restart = numbered.levels[lower].restart if lower in numbered.levels else None
        if restart is None or level < restart:
            del counters[lower]
