"""The words of an HTML element, white space as a browser shows it."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

Element = etree._Element

REMEMBERED = 4096              # texts
LONGEST_REMEMBERED = 60        # characters: the labels and zeros of tables come again and again, paragraphs do not
_WHITE = re.compile(r"[ \t\r\n\f]+")
_UNSEEN = re.compile("[\u200b-\u200d\ufeff\xad]")


def clean(text: str) -> str:
    """Text as a browser shows it: white space of the source collapsed, no-break spaces as spaces, ends bare."""
    return _remembered(text) if len(text) <= LONGEST_REMEMBERED else cleaned(text)


def cleaned(text: str) -> str:
    """As `clean`, of a text that will not come again, or that the caller remembers."""
    return _WHITE.sub(" ", _UNSEEN.sub("", text.replace("\xa0", " "))).strip()


_remembered = lru_cache(maxsize=REMEMBERED)(cleaned)


def shown(element: Element) -> str:
    """The words of an element as one line, those of its scripts included; for short elements only."""
    return clean(text(element) if len(element) else element.text or "")


def text(element: Element) -> str:
    """All the words in an element, those of its scripts included."""
    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)
