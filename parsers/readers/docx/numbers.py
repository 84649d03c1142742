"""The automatic numbers of a Word file: which list a paragraph is in, and how its levels look.

Source: ECMA-376 Part 1, 17.9; Word 2003 XML keeps the same in w:lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from parsers.numbering import suffix
from parsers.readers.docx.markup import NAMES, Element, Properties, W, properties, switch, value
from parsers.readers.docx.styles import Style
from parsers.readers.lists import Counters, Level, List


class Numbers(Counters):
    """Automatic numbers as they print."""

    def __init__(self, numbering: Callable[[], Element | None]) -> None:
        super().__init__(lambda: _lists(numbering()))

    def next(self, settings: Properties, style: Style) -> str:
        """The number that stands before the next paragraph, its space included; "" when it has none."""
        if settings and (literal := _literal(settings)) is not None:
            return literal + suffix(literal)
        return self.number(style.number, style.level, style.id) if style.number else ""


def _literal(settings: Properties) -> str | None:
    """The number Word 2003 XML writes beside the list reference, bullets left out; None where there is none."""
    node = properties(settings.get("listPr")).get("t")
    if node is None:
        return None
    words = next((str(text) for name, text in node.attrib.items() if NAMES[name] == "val"), "")
    return words if any(c.isalnum() for c in words) else ""


def _lists(root: Element | None) -> dict[str, List]:
    """The lists by id. Lists with one base share its levels and count together."""
    if root is None:
        return {}
    bases = {element.get(f"{W}abstractNumId") or "": element for element in root.iterfind(f"{W}abstractNum")}
    named = {_value(element, "styleLink"): element for element in bases.values()}
    shared: dict[int, List] = {}
    lists: dict[str, List] = {}
    for number in root.iterfind(f"{W}num"):
        base = bases.get(_value(number, "abstractNumId") or "")
        if base is not None:
            base = named.get(_value(base, "numStyleLink") or "-", base)
            first = shared.setdefault(id(base), List({}, {}))
            first.levels.update(first.levels or _levels(base))
            made = lists[number.get(f"{W}numId") or ""] = List(dict(first.levels), first.counters)
            _override(made, number)
    return lists


def _override(made: List, number: Element) -> None:
    for change in number.iterfind(f"{W}lvlOverride"):
        level = _number(change.get(f"{W}ilvl"), 0)
        made.levels |= _levels(change)
        start = _value(change, "startOverride")
        if start is not None:
            made.starts[level] = _number(start, 1)
            made.levels[level] = replace(made.levels.get(level, Level()), start=_number(start, 1))


def _levels(parent: Element) -> dict[int, Level]:
    return {_number(level.get(f"{W}ilvl"), 0): _level(level) for level in parent.iterfind(f"{W}lvl")}


def _level(level: Element) -> Level:
    settings = properties(level)
    restart = value(settings, "lvlRestart")
    return Level(
        start=_number(value(settings, "start"), 1),
        form=_form(level),
        template=value(settings, "lvlText") or "",
        restart=None if restart is None else _number(restart, 0),
        legal=switch(settings, "isLgl") or False,
        space="" if value(settings, "suff") == "nothing" else None,
        style=value(settings, "pStyle") or "",
    )


def _form(level: Element) -> str:
    """The number format; newer ones hide in mc:AlternateContent as w:format of a custom format."""
    for node in level.iter(f"{W}numFmt"):
        return node.get(f"{W}val") or "decimal"
    return "decimal"


def _number(digits: str | None, default: int) -> int:
    return int(digits) if digits and digits.isdecimal() and len(digits) < 6 else default


def _value(parent: Element, name: str) -> str | None:
    return value(properties(parent), name)
