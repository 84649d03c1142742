"""How a number in a cell prints: by its number format, as far as that changes what is said.

Decimals, percent, scaling (`0.0,` prints thousands), words behind the number and values that do not print are kept to;
thousands separators, currency signs, colours and brackets around negatives are not: they say nothing else.
Source: ECMA-376 Part 1, 18.8.30 (number formats).
"""

from __future__ import annotations

import itertools
import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from parsers.readers.pictures import NOT_LEGIBLE

#: the formats that files name by number alone
BUILT_IN = MappingProxyType({
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss",
    47: "mm:ss", **dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy/m/d")})
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|[_*].')
_BRACKETS = re.compile(r"\[(?!<|>|=|h+\]|m+\]|s+\])[^\]]*\]", re.I)           # colours, currencies, numerals
_GENERAL = re.compile(r"general|g/通用格式", re.I)
_DATE = re.compile(r"[ymdhs年月日时分秒]", re.I)
_EXPONENT = re.compile(r"[0#?]E[+-]", re.I)
_DIGITS = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*)?,*")
_POINTED = re.compile(r"\x00\.\x01(0+)(,*)")                         # 0!.0, prints units of ten thousand
_WORDS = re.compile("\x00([^\x01]*)\x01")
_LONGEST = 300                 # characters of a format
_EPOCHS = MappingProxyType({False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)})
_LAST_DAY = 2_958_465          # 9999-12-31


class Format(NamedTuple):
    """One section of a number format, as far as it is kept to: ten to the `scale` times the number, then the `words`.

    `kind`: number, plain (as many decimals as the number has), date, nothing, unknown.
    """

    kind: str
    decimals: int = 0
    scale: int = 0
    words: str = ""


def printed(number: float, code: str, *, since_1904: bool = False) -> str:
    """The number as it prints in that format; a day as ISO writes it; U+FFFD where the format is beyond us.

    A zero that prints as a stroke or not at all is a zero still, unless nothing in the cell prints.
    """
    form = _section(number, code)
    if form.kind == "date":
        return _day(number, since_1904)
    if form.kind in ("nothing", "unknown"):
        return "" if form.kind == "nothing" else NOT_LEGIBLE
    value = Decimal(f"{number:.15g}").scaleb(form.scale)
    if form.kind == "plain":
        return plain(value) + form.words
    rounded = value.quantize(Decimal(1).scaleb(-form.decimals), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):f}{form.words}"


def plain(value: Decimal | float) -> str:
    """A number without a format: no point behind a whole one, no exponent."""
    text = f"{value if isinstance(value, Decimal) else Decimal(f'{value:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _section(number: float, code: str) -> Format:
    sections = _parsed(code)
    if number < 0 and len(sections) > 1:
        return sections[1]
    if number == 0 and len(sections) > 2 and sections[2].kind not in ("nothing", "unknown"):
        return sections[2]
    return sections[0]


@lru_cache(1024)
def _parsed(code: str) -> tuple[Format, ...]:
    """The sections for positive numbers, negative ones and zero, as many as the format has."""
    masked = _LITERAL.sub(lambda found: f"\x00{found[1] or found[2] or ''}\x01", _BRACKETS.sub("", code))
    if len(code) > _LONGEST or re.search(r"\[[<>=]", masked):
        return (Format("plain"),)
    return tuple(_format(section) for section in _split(masked)[:3])


def _split(masked: str) -> list[str]:
    """At the semicolons outside of words."""
    places = [found.start() for found in re.finditer(";", masked)
              if masked.count("\x00", 0, found.start()) == masked.count("\x01", 0, found.start())]
    edges = [-1, *places, len(masked)]
    return [masked[left + 1:right] for left, right in itertools.pairwise(edges)]


def _format(section: str) -> Format:
    bare = _WORDS.sub("", section).strip()
    if not bare:
        return Format("unknown" if _words(section) else "nothing")
    if _GENERAL.search(bare) or "@" in bare or _EXPONENT.search(bare):
        return Format("plain", words=_words(section))
    if _DATE.search(bare):
        return Format("date")
    found = _DIGITS.search(section)
    if found is None or "/" in bare:                             # a fraction
        return Format("plain")
    percents = bare.count("%")
    words, behind = "%" * percents + _words(section[found.end():]), section[found.end():]
    if pointed := _POINTED.match(behind):
        decimals = len(pointed[1])
        return Format("number", decimals, -decimals - 3 * len(pointed[2]), _words(behind[pointed.end():]))
    if re.search("[0#?]", _WORDS.sub("", behind)):               # words between the figures
        return Format("unknown")
    thousands = len(found[0]) - len(found[0].rstrip(","))
    return Format("number", len(found[0].partition(".")[2].rstrip(",")), 2 * percents - 3 * thousands, words)


def _words(section: str) -> str:
    """The words that print: a unit, as a rule."""
    return "".join(_WORDS.findall(section)).strip()


def _day(number: float, since_1904: bool) -> str:
    """The day, with its hour where it has one."""
    if not 0 <= number < _LAST_DAY:
        return NOT_LEGIBLE
    number += 1 if not since_1904 and number < 60 else 0          # a 29 February 1900 that never was
    moment = _EPOCHS[since_1904] + timedelta(seconds=round(number * 86_400))
    return str(moment.date()) if not (moment.hour or moment.minute or moment.second) else str(moment)
