"""The numbers of lists and outlines, as OpenDocument counts and draws them.

Source: OASIS OpenDocument 1.3, part 3 (list styles, continued lists).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType

from parsers.numbering import numeral, suffix
from parsers.readers.odt.names import LOEXT, STYLE, TEXT, Element, whole
from parsers.xml import local

#: first sign of a number format → its form
_FORMS = MappingProxyType({"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
                           "一": "chineseCountingThousand", "壹": "chineseLegalSimplified", "①": "decimalEnclosedCircle",
                           "甲": "ideographTraditional", "子": "ideographZodiac", "１": "decimalFullWidth", "": "none"})


@dataclass(slots=True)
class List:
    """An open list: its style, its depth, and the counters it shares with the lists it continues."""

    style: str
    counters: dict[int, int] = field(default_factory=dict)


def following(style: Element, counters: dict[int, int], depth: int, start: str | None) -> str:
    """The next number of a list at `depth` (0-based), its space included; "" for bullets and unnumbered levels."""
    shapes = {whole(shape.get(f"{TEXT}level"), 1) - 1: shape for shape in style}
    shape = shapes.get(depth)
    if shape is None:
        return ""
    first = whole(shape.get(f"{TEXT}start-value"), 1)
    counters[depth] = whole(start, first) if start else counters.get(depth, first - 1) + 1
    for lower in [level for level in counters if level > depth]:
        del counters[lower]
    form = shape.get(f"{STYLE}num-format")
    if not form or "bullet" in local(shape.tag):
        return ""
    signs = {level: _sign(shapes.get(level), counters) for level in range(depth + 1)}
    template = shape.get(f"{LOEXT}num-list-format")
    if template:
        text = re.sub(r"%(\d)%", lambda found: signs.get(int(found[1]) - 1, ""), template)
    else:
        shown = whole(shape.get(f"{TEXT}display-levels"), 1)
        inner = ".".join(signs[level] for level in range(max(0, depth + 1 - shown), depth + 1))
        text = (shape.get(f"{STYLE}num-prefix") or "") + inner + (shape.get(f"{STYLE}num-suffix") or "")
    return text + suffix(text)


def _sign(shape: Element | None, counters: dict[int, int]) -> str:
    if shape is None:
        return ""
    level = whole(shape.get(f"{TEXT}level"), 1) - 1
    value = counters.get(level, whole(shape.get(f"{TEXT}start-value"), 1))
    form = (shape.get(f"{STYLE}num-format") or "")[:1]
    return numeral(value, _FORMS.get(form, "decimal")) or ""
