"""The words of a cell mended by what is known of forms: labels misread by a letter, figures set in full width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from parsers import labels, schema
from parsers.ocr.recogniser import Words
from parsers.text import squeeze

FULL_WIDTH = 0.85          # width of a figure in heights: those of half width stand closer
LIKE_FIGURES = frozenset("○〇OoDQ口品回SsIl|ZzBg")
MOST = 0.7                 # of the figures of a page: 11 and 17 are narrow even in full width
_SPACED = re.compile(r"[1-9]\d?( \d{1,2})+")
_FIGURE = re.compile(r"[-+\d,.，．０-９/—－ ]+")
_THOUSANDS = re.compile(r"\d{1,3}([,，] ?\d{3})+")        # a wide comma leaves room that looks like a space
_STRAY = re.compile(r"[.,·、'‘’`:： ]*(\d(?:[\d,.]*\d)?)[.,·、'‘’`:： ]*")
_TABLES = ("request_columns", "request_column_groups", "request_groups", "request_rows", "proactive_corner",
           "proactive_columns", "proactive_rows", "remedy_groups", "remedy_results", "stat_columns")


def known(text: str) -> bool:
    """Is this a label that the forms print, nearly or exactly? Then an unsure letter of it matters to nobody."""
    plain = squeeze(text)
    return labels.key(labels.ENUMERATOR.sub("", plain)) in _spellings() or labels.lookup("request_rows", plain) is not None \
        or labels.indicator(plain) is not None


def label(text: str, sure: float, least: float) -> str:
    """The label of a form that these words are but for a letter or two; the words themselves where it is not certain.

    Of two letters one may be wrong only where the recogniser was less sure than `least`. Figures are never touched.
    """
    plain = squeeze(text)
    start = labels.ENUMERATOR.match(plain)
    rest = labels.key(plain[start.end():] if start else plain)
    if len(rest) < 2 or rest in _spellings() or not re.search(r"[\u4e00-\u9fff]", rest) or (len(rest) < 3 and sure >= least):
        return text
    allowed = (1 if len(rest) < 7 else 2) + (sure < least and len(rest) > 3)
    near = {spelling: distance for spelling in _spellings() if (distance := _distance(rest, spelling, allowed)) <= allowed}
    best = [spelling for spelling, distance in near.items() if distance == min(near.values())]
    meant = {_spellings()[spelling] for spelling in best}
    return (start[0] if start else "") + best[0] if len(meant) == 1 else text


@cache
def _spellings() -> Mapping[str, str]:
    """What each spelling of a label means: its table and id."""
    words = schema.load("labels")
    tables = ((name, words[name] if isinstance(words[name], dict) else {"": words[name]}) for name in _TABLES)
    return {labels.key(spelling): f"{name} {meaning}" for name, table in tables
            for meaning, spellings in table.items() for spelling in spellings}


def _distance(one: str, other: str, most: int) -> int:
    """Letters to change, add or leave out; `most` + 1 as soon as it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, wanted in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != wanted))
        if min(row) > most:
            return most + 1
    return row[-1]


def is_figure(text: str) -> bool:
    """Figures and marks alone, as they fill the cells of a form."""
    return _FIGURE.fullmatch(text) is not None


def maybe_figure(text: str) -> bool:
    """Could an unsure reading be of a figure? It is short, or holds one."""
    return len(text) < 3 or is_figure(text)


def figure(words: Words, wide: bool) -> Words:
    """A figure without the spaces of full width and without a stray point at its ends, which makes it doubtful."""
    text, sure = words
    if (wide and _SPACED.fullmatch(text)) or _THOUSANDS.fullmatch(text):
        text = text.replace(" ", "")
    if (inner := _STRAY.fullmatch(text)) and inner[1] != text:
        text, sure = inner[1], min(sure, 0.5)
    return Words(text, sure)


def full_width(figures: Iterable[tuple[str, float, float]]) -> bool:
    """Are the figures of a page set in full width, so that the spaces between them are none? Given as (text, width, height)."""
    wide = [(width / (len(text.replace(" ", "")) * height)) > FULL_WIDTH for text, width, height in figures
            if len(text) > 1 and height > 0 and re.fullmatch(r"[\d ]+", text)]
    return sum(wide) > MOST * len(wide)
