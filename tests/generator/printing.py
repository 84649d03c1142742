"""How officials print a figure: each quirk with what a reader must still understand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from parsers.schema import load
from tests.generator.model import Expected, Key, Number

_TABLES = load("tables")
TYPES = {field["id"]: field["type"] for name in ("proactive_fields", "stat2014_fields") for field in _TABLES[name]}
UNITS = {field["id"]: field["unit"] for name in ("proactive_fields", "stat2014_fields") for field in _TABLES[name]}
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
YUAN = {"元": 1, "万元": 10_000}

ZEROS: dict[str, tuple[str, int | None]] = {
    "0": ("zero", 0), "０": ("zero", 0), "0件": ("zero", 0), "无": ("text_zero", 0),
    "": ("blank", None), "\u3000": ("blank", None), "\u00a0": ("blank", None),
    "/": ("na_mark", None), "—": ("na_mark", None), "－": ("na_mark", None),
}
PADS = ("{}", "\u3000{}", "{}\u00a0", "\u00a0\u3000{}", " {} ")
LESS = ("-{}", "(减){}", "（减）{}", "减{}", "－{}", "↓{}")
MORE = ("{}", "+{}", "增{}", "（增）{}", "＋{}")


@dataclass(frozen=True, slots=True)
class Hand:
    """The habits of whoever filled in the form. `zeros` are the ways this hand writes nothing, drawn per cell."""

    zeros: tuple[str, ...] = ("0",)
    pad: str = "{}"
    digits: Callable[[str], str] = str
    thousands: str = ""
    less: str = "-{}"
    more: str = "{}"
    money: str = ""                  # unit written inside money cells, "" when left to the form
    quirks: frozenset[str] = frozenset()


def pick_hand(random: Random, *, solid: bool = False) -> Hand:
    """Half of the hands are plain; the others have one to three habits. A `solid` hand leaves no cell blank."""
    quirks: set[str] = set()
    if random.random() < 0.5:
        names = ["zeros", "pad", "full-width", "thousands", "sign", "money"]
        quirks = set(random.sample(names, random.randrange(1, 4)))
    odd = [zero for zero in ZEROS if zero != "0" and not (solid and ZEROS[zero][0] == "blank")]
    return Hand(
        zeros=("0", random.choice(odd)) if "zeros" in quirks else ("0",),
        pad=random.choice(PADS[1:]) if "pad" in quirks else "{}",
        digits=_full_width if "full-width" in quirks else str,
        thousands=random.choice((",", "，")) if "thousands" in quirks else "",
        less=random.choice(LESS[1:]) if "sign" in quirks else LESS[0],
        more=random.choice(MORE[1:]) if "sign" in quirks else MORE[0],
        money=random.choice(("元", "万元")) if "money" in quirks else "",
        quirks=frozenset(quirks),
    )


def print_cell(key: Key, number: Number, hand: Hand, random: Random) -> Expected:
    """The cell as this hand prints it."""
    field = key[1]
    if number == 0:
        zero = random.choice(hand.zeros)
        status, value = ZEROS[zero]
        return Expected(zero if status == "blank" else hand.pad.format(zero), value, status)
    if TYPES.get(field) == "signed_int":
        raw = (hand.more if number > 0 else hand.less).format(_digits(-number if number < 0 else number, hand))
        return Expected(hand.pad.format(raw), number, "number")
    if UNITS.get(field) in ("万元", "unspecified"):
        return _print_money(field, number, hand)
    return Expected(hand.pad.format(_digits(number, hand)), number, "number")


def _print_money(field: str, number: Number, hand: Hand) -> Expected:
    """Money with its unit in the cell, or a bare number in the unit that the form prints (none for 采购总金额)."""
    printed = UNITS[field] if UNITS[field] in YUAN else "元"
    unit = hand.money or printed
    shown = Decimal(number) * YUAN[printed] / YUAN[unit]
    raw = hand.pad.format(_digits(shown, hand) + hand.money)
    yuan = _plain(shown * YUAN[unit])
    return Expected(raw, _plain(shown), "money" if hand.money else "number", yuan if hand.money else None)


def _digits(number: Number, hand: Hand) -> str:
    whole, _, rest = f"{_plain(number):f}".partition(".")
    if hand.thousands and len(whole) > 3:
        whole = f"{int(whole):,}".replace(",", hand.thousands)
    return hand.digits(whole + (f".{rest}" if rest else ""))


def _plain(number: Number) -> Decimal:
    number = Decimal(number)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _full_width(text: str) -> str:
    return text.translate(FULL_WIDTH)
