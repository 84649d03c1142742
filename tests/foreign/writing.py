"""How a clerk writes a number into a cell, and what may be read from it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

Number = int | Decimal
WIDE = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
ZEROS = ("0", "0", "0", "０", "零", "0件", " 0 ", "\u30000", "无", "0.0")
EMPTY = ("", "\u00a0", "\u3000", "/", "—", "－", "——", "-", "／")


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a value cell; `value` is what it says, None for nothing said; `may_abstain` where silence is honest too."""

    text: str
    value: Number | None
    may_abstain: bool = False
    note: str = ""  # a footnote mark that a renderer raises


@dataclass(frozen=True, slots=True)
class Pen:
    """The habits of one report. `empty` is how a zero is left out, "" when zeros are written."""

    zero: str = "0"
    empty: str | None = None
    share: float = 0.0
    grouped: str = ""
    wide: bool = False
    unit: bool = False
    spaced: bool = False
    padded: str = ""
    notes: bool = False

    @classmethod
    def pick(cls, random: Random) -> Pen:
        """Some habits; most reports write plainly."""
        plain = random.random() < 0.3
        if plain:
            return cls()
        empty = random.choice(EMPTY) if random.random() < 0.5 else None
        return cls(
            zero=random.choice(ZEROS),
            empty=empty,
            share=random.choice((0.2, 0.6, 1.0)),
            grouped=random.choice(("", "", ",", "，", " ")),
            wide=random.random() < 0.12,
            unit=random.random() < 0.15,
            spaced=random.random() < 0.1,
            padded=random.choice(("", "", "\u00a0", "\u3000", "\n", "  ")),
            notes=random.random() < 0.15,
        )

    def write(self, number: Number, unit: str, random: Random, *, signed: bool = False) -> Written:
        """One value as this pen writes it."""
        if not number and self.empty is not None and random.random() < self.share:
            return Written(self.empty, None)
        if not number:
            return Written(self.zero, 0)
        text = self._digits(number, signed, random)
        if self.unit and unit:
            text += unit
        if self.notes and random.random() < 0.2:
            return Written(text, number, may_abstain=True, note=random.choice(("①", "[1]", "1", "*", "注1")))
        return Written(self.padded + text + self.padded, number)

    def _digits(self, number: Number, signed: bool, random: Random) -> str:
        if signed and number < 0:
            return random.choice(("-{}", "－{}", "减{}", "(减){}", "（减）{}")).format(-number)
        if signed and random.random() < 0.4:
            return random.choice(("+{}", "增{}", "（增）{}")).format(number)
        text = f"{number:,}".replace(",", self.grouped) if self.grouped else str(number)
        return text.translate(WIDE) if self.wide else text
