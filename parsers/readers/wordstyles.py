"""What Word keeps apart from the text: heading levels and hiding by style, and the numbers of automatic lists.

Source: ECMA-376 Part 1, 17.7 (styles) and 17.9 (numbering); Word 2003 XML keeps the same in w:styles and w:lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from parsers.numbering import suffix
from parsers.readers.lists import Counters, Level, List
from parsers.xml import local

Element = etree._Element
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.I)
_OFF = frozenset({"0", "false", "off"})
_DEPTH = 20                    # styles that inherit from each other in a ring end here


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with all it inherits. `number`, `level`: its list, None where it names none."""

    id: str = ""
    heading: int = 0
    hidden: bool = False
    number: str | None = None
    level: int | None = None


class Styles:
    """The styles of a document by id, resolved on demand."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._cache: dict[str, Style] = {}
        self._default = ""
        for element in root if root is not None else ():
            if local(element.tag) == "style":
                self._elements[element.get(f"{W}styleId") or ""] = element
                if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") not in (None, *_OFF):
                    self._default = element.get(f"{W}styleId") or ""

    def paragraph(self, properties: Element | None) -> Style:
        """The style in force for a paragraph with these properties, its own settings laid over it."""
        style = self._style(_value(properties, "pStyle") or self._default)
        return _laid_over(style, properties)

    def is_hidden(self, properties: Element | None, inherited: bool) -> bool:
        """Whether a run with these properties is hidden text."""
        if properties is None:
            return inherited
        own = _switch(properties, "vanish")
        if own is not None:
            return own
        style = _value(properties, "rStyle")
        return self._style(style).hidden or inherited if style else inherited

    def _style(self, name: str) -> Style:
        if name not in self._cache:
            style, chain = Style(id=name), self._chain(name)
            for element in reversed(chain):
                found = _HEADING.fullmatch(_value(element, "name") or "")
                style = replace(style, heading=int(found[1])) if found else style
                style = _laid_over(style, element.find(f"{W}pPr"))
                hidden = _switch(element.find(f"{W}rPr"), "vanish")
                style = style if hidden is None else replace(style, hidden=hidden)
            self._cache[name] = style
        return self._cache[name]

    def _chain(self, name: str) -> list[Element]:
        chain: list[Element] = []
        while name in self._elements and len(chain) < _DEPTH:
            chain.append(self._elements[name])
            name = _value(chain[-1], "basedOn") or ""
        return chain


def _laid_over(style: Style, properties: Element | None) -> Style:
    if properties is None:
        return style
    outline = _value(properties, "outlineLvl")
    if outline is not None and outline.isdecimal():
        style = replace(style, heading=int(outline) + 1 if int(outline) < 9 else 0)
    numbering = properties.find(f"{W}numPr")
    if numbering is not None:
        level = _value(numbering, "ilvl")
        style = replace(style, number=_value(numbering, "numId") or style.number,
                        level=int(level) if level is not None and level.isdecimal() else style.level)
    return style


# ---------------------------------------------------------------- numbers


class Numbers(Counters):
    """Automatic numbers as they print."""

    def __init__(self, root: Element | None) -> None:
        super().__init__(_lists(root) if root is not None else {})

    def next(self, properties: Element | None, style: Style) -> str:
        """The number that stands before the next paragraph, its space included; "" when it has none."""
        if (literal := _literal(properties)) is not None:
            return literal + suffix(literal)
        return self.number(style.number or "", style.level, style.id)


def _literal(properties: Element | None) -> str | None:
    """The number Word 2003 XML writes beside the list reference, bullets left out; None where there is none."""
    for node in properties.iterfind(f"{W}listPr/{{*}}t") if properties is not None else ():
        words = next((str(value) for name, value in node.attrib.items() if local(name) == "val"), "")
        return words if any(c.isalnum() for c in words) else ""
    return None


def _lists(root: Element) -> dict[str, List]:
    abstract = {element.get(f"{W}abstractNumId") or "": element for element in root.iterfind(f"{W}abstractNum")}
    named = {_value(element, "styleLink"): element for element in abstract.values()}
    shared: dict[int, dict[int, int]] = {}
    lists: dict[str, List] = {}
    for number in root.iterfind(f"{W}num"):
        base = abstract.get(_value(number, "abstractNumId") or "")
        if base is None:
            continue
        base = named.get(_value(base, "numStyleLink") or "-", base)
        made = List(_levels(base), shared.setdefault(id(base), {}))
        _override(made, number)
        lists[number.get(f"{W}numId") or ""] = made
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
    template = _value(level, "lvlText") or ""
    restart = _value(level, "lvlRestart")
    return Level(
        start=_number(_value(level, "start"), 1),
        form=_form(level),
        template=template,
        restart=None if restart is None else _number(restart, 0),
        legal=_switch(level, "isLgl") or False,
        space="" if _value(level, "suff") == "nothing" else None,
        style=_value(level, "pStyle") or "",
    )


def _form(level: Element) -> str:
    """The number format; newer ones hide in mc:AlternateContent as w:format of a custom format."""
    for node in level.iter(f"{W}numFmt"):
        return node.get(f"{W}val") or "decimal"
    return "decimal"


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 6 else default


def _value(parent: Element | None, name: str) -> str | None:
    found = parent.find(f"{W}{name}") if parent is not None else None
    return None if found is None else found.get(f"{W}val")


def _switch(parent: Element | None, name: str) -> bool | None:
    """An on/off property: None where it is not set, on where it carries no value."""
    found = parent.find(f"{W}{name}") if parent is not None else None
    return None if found is None else found.get(f"{W}val") not in _OFF
