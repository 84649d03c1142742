"""Paragraph and run styles of a Word file: heading levels and hiding, with all that they inherit.

Source: ECMA-376 Part 1, 17.7; Word 2003 XML keeps the same in w:styles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers.readers.docx.markup import NAMES, OFF, Element, Properties, W, properties, switch, value

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.I)
_STRUCK = ("strike", "dstrike")
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
        self._unnamed = ""                      # the style of a paragraph that names none
        for element in root if root is not None else ():
            if NAMES[element.tag] == "style":
                self._elements[element.get(f"{W}styleId") or ""] = element
                if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") not in (None, *OFF):
                    self._unnamed = element.get(f"{W}styleId") or ""

    @property
    def usual(self) -> Style:
        """The style of a paragraph that names none."""
        return self.named(self._unnamed)

    def paragraph(self, settings: Properties) -> Style:
        """The style in force for a paragraph with these settings, its own laid over it."""
        if not settings:
            return self.named(self._unnamed)
        return _laid_over(self.named(value(settings, "pStyle") or self._unnamed), settings)

    def is_hidden(self, settings: Properties, inherited: bool) -> bool:
        """Whether a run with these settings is hidden or struck out."""
        own = _unseen(settings)
        if own is not None:
            return own
        style = value(settings, "rStyle")
        return self.named(style).hidden or inherited if style else inherited

    def named(self, name: str) -> Style:
        """The style with that id, with all it inherits."""
        if name not in self._cache:
            style = Style(id=name)
            for settings in reversed(self._chain(name)):
                found = _HEADING.fullmatch(value(settings, "name") or "")
                style = replace(style, heading=int(found[1])) if found else style
                style = _laid_over(style, properties(settings.get("pPr")))
                hidden = _unseen(properties(settings.get("rPr")))
                style = style if hidden is None else replace(style, hidden=hidden)
            self._cache[name] = style
        return self._cache[name]

    def _chain(self, name: str) -> list[Properties]:
        """The settings of a style and of those it is based on."""
        chain: list[Properties] = []
        while name in self._elements and len(chain) < _DEPTH:
            chain.append(properties(self._elements[name]))
            name = value(chain[-1], "basedOn") or ""
        return chain


def _unseen(settings: Properties) -> bool | None:
    """Whether these settings hide words or strike them out; None where they say nothing of it."""
    return True if any(switch(settings, name) for name in _STRUCK) else switch(settings, "vanish")


def _laid_over(style: Style, settings: Properties) -> Style:
    outline = value(settings, "outlineLvl")
    if outline is not None and outline.isdecimal():
        style = replace(style, heading=int(outline) + 1 if int(outline) < 9 else 0)
    if (numbering := settings.get("numPr")) is not None:
        own = properties(numbering)
        level = value(own, "ilvl")
        style = replace(style, number=value(own, "numId") or style.number,
                        level=int(level) if level is not None and level.isdecimal() else style.level)
    return style
