"""What one walk over a page finds: elements by what their names make of them, what is hidden, and all the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from lxml import etree

from parsers.page.unseen import hiding_classes, is_aside, is_unseen
from parsers.page.wording import text
from parsers.page.words import BREADCRUMB, CONTENT_CLASSES, CONTENT_IDS, FURNITURE, FURNITURE_PARTS, INFO_KEYS, TITLE, names

Element = etree._Element

_KEY = re.compile("|".join(r"\s*".join(key) for key in sorted(INFO_KEYS)))
_LABEL = re.compile(rf"[\s【\[]*(?:{_KEY.pattern})")
_FIRST = frozenset("【[").union(key[0] for key in INFO_KEYS)

_TELLING = frozenset({"class", "id", "style", "hidden", "color"})
_ROLES = ("content", "furniture", "breadcrumb", "title")


class Survey(NamedTuple):
    """`named` lists for each role the elements that have it by their class or id, the styles of pasted Word text left out.

    `labels` are the elements that begin like the label of a header table (索引号 …).
    """

    named: Mapping[str, list[Element]]
    hidden: list[Element]
    labels: list[Element]
    text: str


def survey(root: Element) -> Survey:
    """Walk a page once for everything that goes by names, styles and first words."""
    found, hiding = Survey({role: [] for role in _ROLES}, [], [], text(root)), hiding_classes(root)
    labelled = _KEY.search(found.text) is not None
    for element in root.iter():
        if labelled and (said := element.text) and (said[0] in _FIRST or (said[0].isspace() and not said.isspace())) and (
                _LABEL.match(said)):
            found.labels.append(element)
        attributes = element.keys()
        if not attributes or _TELLING.isdisjoint(attributes):              # nearly every cell and link
            continue
        if "class" in attributes or "id" in attributes:
            for role in _roles(element.get("class", ""), element.get("id", "") if "id" in attributes else ""):
                found.named[role].append(element)
            if hiding and is_aside(element, hiding):
                found.hidden.append(element)
        if is_unseen(element, attributes):
            found.hidden.append(element)
    return found


def unfolded(page: Survey) -> Survey:
    """The survey with every hidden panel as shown, of which another with the same class stands open beside it."""
    hidden = set(page.hidden)
    return page._replace(hidden=[element for element in page.hidden if not _is_panel(element, hidden)])


def _is_panel(element: Element, hidden: set[Element]) -> bool:
    classes = set((element.get("class") or "").split())
    beside = chain(element.itersiblings(), element.itersiblings(preceding=True))
    return any(classes.intersection((other.get("class") or "").split()) for other in beside if other not in hidden)


@lru_cache(maxsize=4096)
def _roles(classes: str, identity: str) -> tuple[str, ...]:
    """What an element of these names may be."""
    if classes.startswith("Mso"):
        return ()
    whole = f"{classes} {identity}".lower().split()
    parts = names(f"{classes} {identity}")
    holds = (identity.strip().lower() in CONTENT_IDS or not CONTENT_CLASSES.isdisjoint(classes.lower().split()),
             not FURNITURE.isdisjoint(whole) or not FURNITURE_PARTS.isdisjoint(parts),
             not BREADCRUMB.isdisjoint(parts), not TITLE.isdisjoint(parts))
    return tuple(role for role, held in zip(_ROLES, holds, strict=True) if held)
