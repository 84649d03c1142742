"""Can a text layer be believed? Fonts without a usable code table give letters without meaning."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

FEW_HAN = 0.20             # of the letters: a Chinese page has more (measured 0.72)
MANY_BAD = 0.20            # of the letters: unreadable ones (measured 0.01 to 0.04 in good files, 0.41 in bad ones)
ENOUGH_LETTERS = 30        # fewer say nothing about a page
MOSTLY_SMALL = 0.80        # of the letters: a-z on a page of English or pinyin
ENOUGH_VOWELS = 0.28       # of those: English has 0.38, pinyin more, a scrambled alphabet 0.19
_HAN = re.compile(r"[\u3400-\u9fff]")
_SMALL, _VOWEL = re.compile(r"[a-z]"), re.compile(r"[aeiou]")


def garbled(text: str) -> bool:
    """Is the text of a page what a broken font gives? Figures are left out: a page of a table may be all figures."""
    han = len(_HAN.findall(text))
    if han > 0.5 * len(text):
        return False
    kinds = Counter(unicodedata.category(character) for character in text)
    bad = kinds["Cc"] + kinds["Co"] + kinds["Cn"] + text.count("\ufffd")
    letters = bad + sum(count for kind, count in kinds.items() if kind[0] == "L")
    if letters < ENOUGH_LETTERS:
        return False
    return bad > MANY_BAD * letters or (han < FEW_HAN * letters and not _western(text, letters))


def _western(text: str, letters: int) -> bool:
    small = len(_SMALL.findall(text))
    return small >= MOSTLY_SMALL * letters and len(_VOWEL.findall(text)) >= ENOUGH_VOWELS * small
