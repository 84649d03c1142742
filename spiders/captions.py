"""What is said of a link: its title, in its words or beside them, and the date printed nearest to it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lxml.etree import _Element as Element

from spiders import dates, titles
from spiders.page import spaced, squeeze, words
from spiders.places import ROWS

_MOST_WITHIN = 1_000   # characters and elements within a link that are looked at for a date of their own
_MOST_BESIDE = 50      # elements beside a link that only says 更多, of which one is its heading
_LONGEST_DAY = 20      # characters of an element that holds a date and nothing more
_LONGEST_HEADING = 20
_NEIGHBOURS = 20       # elements after a row among which its date may stand


def title(element: Element) -> str:
    """The full title: the title attribute where it says more than the (often cut) text, dates left out."""
    shown = _without_dates(element)
    hint = (element.get("title") or "").strip() or ("" if shown else _pictured(element))
    if not hint:
        hint = next((child.get("title", "").strip() for child in element.iterdescendants() if child.get("title")), "")
    if not hint and titles.judge(shown).kind == "nav":
        return _headed(element) or shown
    stem = squeeze(shown).rstrip(".… ")
    return dates.strip(hint) if hint and (squeeze(hint).startswith(stem) or len(hint) > len(shown)) else shown


def _pictured(element: Element) -> str:
    """What a picture says in words where a link is nothing but a picture, or an area of one."""
    alts = ((each.get("alt") or "").strip() for each in (element, *element.iterdescendants("img")))
    return next((alt for alt in alts if alt), "")


def _headed(element: Element) -> str:
    """The heading beside a link that only says 更多: short words in the element around it."""
    for parent in itertools.islice(element.iterancestors(), 2):
        heading = _around(parent, element).strip() if len(parent) <= _MOST_BESIDE else ""
        if heading or len(parent) > _MOST_BESIDE:
            return heading if len(squeeze(heading)) <= _LONGEST_HEADING else ""
    return ""


def _without_dates(element: Element) -> str:
    text = words(element)
    whole = squeeze(text)
    for child, part in _within(element):
        if part and len(squeeze(part)) <= _LONGEST_DAY and squeeze(part) != whole and dates.find(spaced(child)):
            text = text.replace(part, " ")
    return dates.strip(" ".join(text.split()))


def _within(element: Element) -> Iterator[tuple[Element, str]]:
    """The elements within a link and their words, as far as a link reaches that is one."""
    looked = 0
    for child in element.iterdescendants():
        if isinstance(child.tag, str) and looked <= _MOST_WITHIN:
            part = words(child)
            looked += len(part) + 1
            yield child, part


def day(element: Element, row: Element) -> str:
    """The date nearest to a link: within it, then in its row, then in the loose text beside it."""
    if found := _day_within(element):
        return found
    node = element
    while node is not row:
        parent = node.getparent()
        if parent is None:
            break
        node = parent
        if dates.may_hold(said := spaced(node)) and (found := dates.find(said.replace(spaced(element), " ", 1))):
            return found
    return dates.find(_beside(row)) if row.tag not in ROWS else ""


def _day_within(element: Element) -> str:
    for child, part in _within(element):
        if len(squeeze(part)) <= _LONGEST_DAY and (found := dates.find(spaced(child))):
            return found
    text = words(element)
    stripped = dates.strip(text)
    return dates.find(text.replace(stripped, " ")) if stripped != text else ""


def _around(node: Element, element: Element) -> str:
    """The text of `node` without the words of the link itself."""
    return spaced(node).replace(spaced(element), " ", 1)


def _beside(row: Element) -> str:
    """The loose text after a row up to the next link."""
    text = row.tail or ""
    for sibling in itertools.islice(row.itersiblings(), _NEIGHBOURS):
        if not isinstance(sibling.tag, str) or sibling.find(".//a") is not None:
            break
        if sibling.tag in ("a", *ROWS) and (row.tag, sibling.tag) != ("dt", "dd"):
            break
        text += " " + words(sibling) + " " + (sibling.tail or "")
    return text
