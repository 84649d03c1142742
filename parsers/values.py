"""What one printed cell means: `cell(raw, field)` gives a `Cell` that keeps the print beside the value.

Blank is never zero, `/` is not applicable, 无 in a number cell is zero, and a unit printed in the cell wins over the form's.
Source: the fill-in notes of 国办公开办函〔2019〕60号 and 〔2021〕30号, and what agencies print in practice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, Self

from parsers.models import Cell, Number
from parsers.text import INVISIBLE

#: Word fields that converters print as text
ARTEFACT = re.compile(r"\[bookmark:[^\]]*\]|\[?_GoBack\]?|HYPERLINK\s+\"[^\"]*\"|\\\*\s*MERGEFORMAT|\bEMBED\s+\S+", re.I)
YUAN = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000, "万": 10_000, "亿": 100_000_000}
_MAY_BE_ARTEFACT = re.compile(r"[\[_\\\"Ee]")          # what any of them contains
_REMEMBERED = 8192           # the same zeros and labels stand in every report

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_MEASURE = r"(?:件次|人次|万件|件|条|项|次|个|篇|人|份|家|宗|起|例|部|户|则|批|场|期)"
_DASH_BEFORE_FIGURE = re.compile(r"(?<![\d.])[−–—‐‑‒﹣](?=\s*\d)")     # signs that word processors put for a minus
_GROUP_SPACE = re.compile(rf"^[0-9]{{1,3}}(?: [0-9]{{3}})+(?:\.[0-9]+)?\s*{_MEASURE}?$")
_PLAIN = re.compile(rf"^({_NUMBER})\s*(万|亿)?{_MEASURE}?$")
_ZERO = re.compile(rf"^(?:〇|零)\s*{_MEASURE}?$")
_NOTHING = re.compile(r"^(?:无|没有|未发生|暂无|无此项)$")
_NOT_APPLICABLE = re.compile(r"^(?:[/\\\-–—―─_]+|N/?A|不适用|不涉及)$", re.I)
_APPROXIMATE = re.compile(rf"^(?:(?:约|近|大约|超过?|逾)\s*({_NUMBER})|({_NUMBER})\s*(?:余|多)){_MEASURE}?(?:左右|以上)?$")
_MONEY = re.compile(rf"^({_NUMBER})\s*(亿元|百万元|万元|千元|元|亿|万)(?:整|人民币)?$")
_OCR = re.compile(r"^[0-9OoIl|]+$")
_TWO = re.compile(rf"^[+\-]?{_NUMBER}{_MEASURE}?(?:[\s/、,;~]+[+\-]?{_NUMBER}{_MEASURE}?)+$")
#: a figure with the mark of a footnote behind it: circled, raised, starred, or named as one
_RAISED = "\u00b2\u00b3\u00b9\u2070-\u2079\u207d\u207e"
_NOTED = re.compile(rf"^((?:\(?[-+增减]\)?)?[0-9](?:[0-9., ]*[0-9])?[^\W\d注]{{0,2}})\s*"
                    rf"(?:[{_RAISED}]+|[\u2460-\u2473]|\*{{1,3}}|※|\[注?[0-9{_RAISED}]{{1,2}}\]|【注?[0-9{_RAISED}]{{1,2}}】|"
                    rf"\(注[0-9{_RAISED}]{{0,2}}\)|注[0-9{_RAISED}]{{0,2}})$")
_KEPT = frozenset("⁽⁾")
_CUT = re.compile(r"^[0-9.,]*\ufffd[0-9.,]*$")    # a figure, or a blank, that the paper or a font did not show whole
_MINUS = re.compile(rf"^\(?-\s*({_NUMBER})\)?{_MEASURE}?$")
_SIGN = r"\(?(增加|减少|新增|增|减|\+|-|↑|↓)?\)?"
_CHANGE = re.compile(rf"{_SIGN}\s*({_NUMBER})\s*{_MEASURE}?\s*\(?(增加|减少|增|减|↑|↓)?\)?")
_BRACKETED = re.compile(r"^\([0-9.,]+\)$")       # a minus in bookkeeping, a footnote elsewhere: nobody can tell
_SEPARATORS = re.compile(r"[\s/、,;，。]+")
_DOWN = frozenset({"减少", "减", "-", "↓"})


class Field(NamedTuple):
    """What the form says of a cell: its unit, whether it may be 增 or 减, whether it is money, and who names the unit."""

    unit: str | None = "件"
    signed: bool = False
    money: bool = False
    source: str = "form"

    @classmethod
    def of(cls, unit: str | None, kind: str = "int", source: str = "form") -> Self:
        """The field of a unit and a type as the schema names them."""
        return cls(unit, kind == "signed_int", kind == "money" or unit in YUAN, source)

    def measured_in(self, unit: str | None, source: str = "form") -> Self:
        """The same field where the file names another unit."""
        return self._replace(unit=unit, money=self.money or unit in YUAN, source=source)


COUNT = Field()
SIGNED = Field(signed=True)


def cell(raw: str, field: Field = COUNT, where: str = "") -> Cell:
    """Read one printed cell of `field`."""
    value, status, unit = _meaning(raw, field.signed, field.money)
    if value is None:
        return Cell(raw, None, status, None, where)
    if unit or field.money:
        return _priced(raw, where, field, value, status, unit)
    return Cell(raw, value, status, field.unit, where, field.source)


def number(raw: str) -> Number | None:
    """The value of a printed count, or None."""
    return _meaning(raw, COUNT.signed, COUNT.money)[0]


def may_hold_artefact(text: str) -> bool:
    """Whether a text has a sign without which it holds no field of a word processor: a cheap look before `artefact`."""
    return _MAY_BE_ARTEFACT.search(text) is not None


def artefact(text: str) -> re.Match[str] | None:
    """The first field of a word processor that a text holds."""
    return ARTEFACT.search(text) if _MAY_BE_ARTEFACT.search(text) else None


def cleaned(text: str) -> str:
    """The text without the fields of word processors."""
    return ARTEFACT.sub("", text) if _MAY_BE_ARTEFACT.search(text) else text


@lru_cache(_REMEMBERED)
def tidy(raw: str) -> str:
    """The print without converter artefacts, invisible signs and outer space; full-width forms folded, wraps joined.

    Circled and raised figures stay as they are: folding would turn `5①` into 51.
    """
    text = _DASH_BEFORE_FIGURE.sub("-", INVISIBLE.sub("", cleaned(raw)))
    if not text.isascii():
        text = "".join(c if c in _KEPT or unicodedata.category(c) == "No" else unicodedata.normalize("NFKC", c) for c in text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    joined = "".join(lines) if _wrapped(lines) else " ".join(lines)
    return re.sub(r"\s+", " ", joined).strip().rstrip("。;、")


def speaks_of_number(raw: str) -> bool:
    """Whether the print could stand in a value cell: blank, a mark or a number, not a label."""
    return cell(raw, SIGNED).status != "text"


@lru_cache(_REMEMBERED)
def filled(raw: str) -> bool:
    """Whether anything is printed there."""
    return bool(tidy(raw))


def _wrapped(lines: list[str]) -> bool:
    """One number broken by a narrow column fills every line but the last; two numbers below each other do not."""
    if len(lines) < 2 or not all(re.fullmatch(r"[0-9.,]+", line) for line in lines):
        return True if len(lines) > 1 and not any(c.isdigit() for c in "".join(lines)) else len(lines) < 2
    widths = [len(line) for line in lines]
    return widths[0] > 1 and len(set(widths[:-1])) == 1 and widths[-1] <= widths[0] and (
        widths[-1] < widths[0] or "." in lines[0] + lines[-1])


@lru_cache(_REMEMBERED)
def _meaning(raw: str, signed: bool, money: bool) -> tuple[Number | None, str, str]:
    """(value, status, unit the print names or "") of a print in a field that may be signed or is an amount of money."""
    text = tidy(raw)
    noted = _NOTED.match(text)
    text = noted[1] if noted else text
    for meaning in _MEANINGS:
        if found := meaning(text, signed, money):
            return found if len(found) == 3 else (*found, "")
    return None, "text", ""


_Found = tuple[Number | None, str] | tuple[Number | None, str, str]


def _blank(text: str, _signed: bool, _money: bool) -> _Found | None:
    return (None, "blank") if not text else None


def _marks(text: str, _signed: bool, _money: bool) -> _Found | None:
    if _NOT_APPLICABLE.match(text):
        return None, "na_mark"
    return (0, "text_zero") if _NOTHING.match(text) else None


def _change(text: str, signed: bool, _money: bool) -> _Found | None:
    """`(减)7`, `增3`, `+1/-2`: the sum of the signed parts, in 增/减 fields only."""
    if not signed:
        return None
    parts = list(_CHANGE.finditer(text))
    rest = _SEPARATORS.sub("", _CHANGE.sub("", text))
    if not parts or rest or _BRACKETED.match(text):
        return None
    if len(parts) > 1 and not all(p[1] or p[3] or _number(p[2]) == 0 for p in parts):
        return None
    total = sum((-_number(p[2]) if {p[1], p[3]} & _DOWN else _number(p[2])) for p in parts)
    return total, "number" if total else "zero"


def _plain(text: str, _signed: bool, money: bool) -> _Found | None:
    if _ZERO.match(text):
        return 0, "zero"
    if _GROUP_SPACE.match(text):
        text = text.replace(" ", "")
    found = _PLAIN.match(text)
    if not found or (found[2] and money):
        return None
    value = _number(found[1]) * (YUAN[found[2]] if found[2] else 1)
    return _whole(value), "number" if value else "zero"


def _money(text: str, _signed: bool, _money: bool) -> _Found | None:
    found = _MONEY.match(text)
    if not found:
        return None
    value = _number(found[1])
    unit = found[2] + ("" if found[2].endswith("元") else "元")
    return value, "money" if value else "zero", unit


def _rough(text: str, _signed: bool, _money: bool) -> _Found | None:
    found = _APPROXIMATE.match(text)
    return (_number(found[1] or found[2]), "approx") if found else None


def _negative(text: str, _signed: bool, _money: bool) -> _Found | None:
    found = _MINUS.match(text)
    return (-_number(found[1]), "number") if found else None


def _doubtful(text: str, _signed: bool, _money: bool) -> _Found | None:
    if _TWO.match(text) or _CUT.match(text) or _footnoted(text):
        return None, "ambiguous"
    return (None, "ocr_suspect") if _OCR.match(text) else None


def _footnoted(text: str) -> bool:
    """A number with a circled or raised figure, or such a figure alone; before words it is only their enumerator."""
    rest = "".join(c for c in text if unicodedata.category(c) != "No").strip()
    return rest != text and (not rest or _PLAIN.match(rest) is not None)


_MEANINGS: tuple[Callable[[str, bool, bool], _Found | None], ...] = (
    _blank, _marks, _change, _plain, _money, _rough, _negative, _doubtful)


def _priced(raw: str, where: str, field: Field, value: Number, status: str, unit: str) -> Cell:
    """An amount. Where neither cell, header nor form names the unit, yuan or 万元 is inferred only from a telling size."""
    source = "cell"
    if not unit:
        unit, source = field.unit or "", field.source
    if unit in YUAN:
        return Cell(raw, value, status, unit, where, source, _whole(Decimal(value) * YUAN[unit]))
    if value == 0:
        return Cell(raw, 0, status, None, where, "zero", 0)
    yuan = _inferred_yuan(value)
    status = "money" if status == "number" else status
    return Cell(raw, value, status, None, where, "inferred" if yuan is not None else "", yuan)


def _inferred_yuan(value: Number) -> Number | None:
    if value == int(value):
        return int(value) if value >= 10_000 else None
    return _whole(Decimal(value) * 10_000) if value < 1_000 else None


def _number(digits: str) -> Number:
    return _whole(Decimal(digits.replace(",", "")))


def _whole(value: Number) -> Number:
    return int(value) if value == int(value) else value
