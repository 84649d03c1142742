"""Numbers as lists print them: the words behind "automatic numbering", for every format that stores only the counter.

`numeral(7, "chineseCounting")` → "七". The names of the forms are those of WordprocessingML (ECMA-376 Part 1, 17.18.59);
other formats map theirs onto them.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def numeral(value: int, form: str) -> str | None:
    """`value` written in `form`; plain digits where the form has no sign for it; None for a form nobody knows here."""
    write = _FORMS.get(form)
    return None if write is None else write(value)


def suffix(number: str) -> str:
    """What stands between an automatic number and its words: nothing after a mark, else one space."""
    return "" if not number or number[-1] in "、）)．：。》】〉〕，" else " "


def _chinese(value: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """Chinese numerals with place words up to 9,999: 二十一, 一百零五."""
    if not 0 < value < 10_000:
        return str(value)
    words, gap = "", False
    for place in range(len(str(value)) - 1, -1, -1):
        digit = value // 10**place % 10
        if digit:
            words += ("零" if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = not digit and bool(words)
    return words[1:] if words.startswith("一十") else words


def _counting(value: int) -> str:
    return _chinese(value) if value < 100 else "".join(_DIGITS[int(digit)] for digit in str(value))


def _roman(value: int) -> str:
    if not 0 < value < 4_000:
        return str(value)
    words = ""
    for size, sign in _ROMAN:
        words += sign * (value // size)
        value %= size
    return words


def _letters(value: int) -> str:
    """a … z, then aa, bb …: the sign repeated, as word processors do."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value <= 780 else str(value)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda value: signs[(value - 1) % len(signs)] if value > 0 else str(value)


def _signs(first: str, last: int) -> Callable[[int], str]:
    """Forms with one character per number, up to `last`."""
    return lambda value: chr(ord(first) + value - 1) if 0 < value <= last else str(value)


def _circled(value: int) -> str:
    """①–⑳, then ㉑–㉟ and ㊱–㊿, which Unicode keeps in two other places."""
    for low, high, first in ((1, 20, "①"), (21, 35, "㉑"), (36, 50, "㊱")):
        if low <= value <= high:
            return chr(ord(first) + value - low)
    return str(value)


def _full_width(value: int) -> str:
    return str(value).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})


_FORMS: MappingProxyType[str, Callable[[int], str]] = MappingProxyType({
    "decimal": str,
    "ordinal": str,
    "cardinalText": str,
    "none": lambda value: "",
    "bullet": lambda value: "",
    "decimalZero": lambda value: f"{value:02d}",
    "numberInDash": lambda value: f"- {value} -",
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerLetter": _letters,
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": lambda value: "".join(_DIGITS[int(digit)] for digit in str(max(value, 0))),
    "japaneseDigitalTenThousand": lambda value: "".join(_DIGITS[int(digit)] for digit in str(max(value, 0))),
    "chineseLegalSimplified": lambda value: _chinese(value, _LEGAL, "拾佰仟"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalHalfWidth": str,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _signs("⑴", 20),
    "decimalEnclosedFullstop": _signs("⒈", 20),
    "ideographEnclosedCircle": _signs("㊀", 10),
    "ideographParenthesesEnclosed": _signs("㈠", 10),
})
