"""The data of `words.json` in the shapes the other modules ask for."""

from __future__ import annotations

import json
import re
from importlib import resources

_WORDS = json.loads((resources.files(__package__) / "words.json").read_text("utf-8"))

CONTENT_IDS = frozenset(_WORDS["content_ids"])
CONTENT_CLASSES = frozenset(_WORDS["content_classes"])
CONTENT_TAGS = frozenset(_WORDS["content_tags"])
CONTENT_COMMENTS = tuple((re.compile(f"<!--(?:{begin})-->", re.I), re.compile(f"<!--(?:{end})-->", re.I))
                         for begin, end in _WORDS["content_comments"])
FURNITURE = frozenset(_WORDS["furniture"])
FURNITURE_PARTS = frozenset(_WORDS["furniture_parts"])
BREADCRUMB = frozenset(_WORDS["breadcrumb"])
TITLE = frozenset(_WORDS["title"])
INFO_LABELS = frozenset(_WORDS["info_labels"])
INFO_KEYS = frozenset(_WORDS["info_keys"])

_SEPARATORS = re.compile(r"[\s_\-]+")


def names(value: str) -> set[str]:
    """The words of a class or id attribute, small letters: whole names and their parts ("info-bar" → info-bar, info, bar)."""
    whole = value.lower().split()
    return {*whole, *(part for name in whole for part in _SEPARATORS.split(name))}
