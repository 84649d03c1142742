"""Elements by their names: every element is looked at once, so that a name must cost next to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from parsers.xml import local

Element = etree._Element
Properties = Mapping[str, Element]           # the settings of a paragraph, run, row or cell by name

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
NOTHING: Properties = MappingProxyType({})
OFF = frozenset({"0", "false", "off"})
_MANY = 4_096              # names: no honest file has so many

#: elements that stand for what they hold
HOLDERS = frozenset({"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir",
                     "bdo", "sect", "sub-section", "subDoc", "body", "ruby", "rubyBase",
                     "annotation", "content", "AlternateContent", "Choice", "Fallback"})


class _Names(dict[object, str]):
    """The local name of a tag, taken apart at its first use."""

    def __missing__(self, tag: object) -> str:
        if len(self) > _MANY:
            self.clear()
        self[tag] = name = local(tag)
        return name


NAMES = _Names()


def properties(element: Element | None) -> Properties:
    """The children of a properties element by name, the first of each."""
    if element is None or not len(element):
        return NOTHING
    found: dict[str, Element] = {}
    for child in element:
        found.setdefault(NAMES[child.tag], child)
    return found


def value(settings: Properties, name: str) -> str | None:
    """What a setting says; None where it is not made."""
    found = settings.get(name)
    return None if found is None else found.get(VAL)


def switch(settings: Properties, name: str) -> bool | None:
    """An on/off setting: None where it is not made, on where it carries no value."""
    found = settings.get(name)
    return None if found is None else found.get(VAL) not in OFF


def leading(element: Element, tag: str) -> Properties:
    """The settings in the child with that tag: the first by the schema, looked for only where that one is another."""
    for child in element:
        if child.tag == tag:
            return properties(child)
        return properties(element.find(tag)) if len(element) > 1 else NOTHING
    return NOTHING


def alternative(element: Element) -> Element:
    """The one branch of mc:AlternateContent to read: the first choice, which every modern program can draw."""
    return next((child for child in element if len(child)), element[0] if len(element) else element)


def is_gone(element: Element) -> bool:
    """A deletion in Word 2003 XML, or the properties part of a content control."""
    return any(NAMES[name] == "type" and str(value).endswith("Deletion") for name, value in element.attrib.items())


def holds(name: str, element: Element) -> bool:
    """Is an element of that name to be read for what it holds?"""
    return name in HOLDERS and not is_gone(element)
