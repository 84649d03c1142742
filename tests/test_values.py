"""What one printed cell means."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.values import COUNT, Field, cell, speaks_of_number, tidy

CHANGE = Field.of("项", "signed_int")
MONEY = Field.of("unspecified", "money")
FEE = Field.of("万元", "decimal")


@pytest.mark.parametrize(
    ("raw", "value", "status"),
    [
        ("0", 0, "zero"),
        ("０", 0, "zero"),
        ("〇", 0, "zero"),
        ("零", 0, "zero"),
        ("0件", 0, "zero"),
        ("0.0", 0, "zero"),
        ("", None, "blank"),
        ("\u3000\xa0 ", None, "blank"),
        ("\u200b", None, "blank"),
        ("[bookmark: _GoBack]", None, "blank"),
        ("/", None, "na_mark"),
        ("——", None, "na_mark"),
        ("－", None, "na_mark"),
        ("N/A", None, "na_mark"),
        ("不适用", None, "na_mark"),
        ("无", 0, "text_zero"),
        ("没有", 0, "text_zero"),
        ("无。", 0, "text_zero"),
        ("7", 7, "number"),
        (" ７ ", 7, "number"),
        ("7件", 7, "number"),
        ("3 人次", 3, "number"),
        ("1.2万", 12000, "number"),
        ("1,234", 1234, "number"),
        ("１，２３４", 1234, "number"),
        ("1 234", 1234, "number"),
        ("1,23", None, "ambiguous"),
        ("62854\n1", 628541, "number"),
        ("12\n件", 12, "number"),
        ("3\n5", None, "ambiguous"),
        ("12\n34", None, "ambiguous"),
        ("1 2", None, "ambiguous"),
        ("3/4", None, "ambiguous"),
        ("5①", 5, "number"),
        ("3²", 3, "number"),
        ("12[1]", 12, "number"),
        ("12件*", 12, "number"),
        ("0注1", 0, "zero"),
        ("①5", None, "ambiguous"),
        ("12(1)", None, "text"),
        ("12 1", None, "ambiguous"),
        ("约30", 30, "approx"),
        ("30余件", 30, "approx"),
        ("近30", 30, "approx"),
        ("o", None, "ocr_suspect"),
        ("1O", None, "ocr_suspect"),
        ("l", None, "ocr_suspect"),
        ("详见附件1", None, "text"),
        ("略", None, "text"),
        ("100%", None, "text"),
        ("(减)7", None, "text"),
        ("规章000", None, "text"),
        ("3.5", Decimal("3.5"), "number"),
        ("-7", -7, "number"),
    ],
)
def test_a_count_keeps_its_meaning(raw: str, value: int | None, status: str) -> None:
    read = cell(raw, COUNT)
    assert (read.raw, read.value, read.status) == (raw, value, status)
    assert read.unit == ("件" if value is not None else None)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("(减)7", -7),
        ("（减）7", -7),
        ("减7", -7),
        ("减少7项", -7),
        ("-7", -7),
        ("－7", -7),
        ("↓7", -7),
        ("(-7)", -7),
        ("7(减)", -7),
        ("(增)3", 3),
        ("增3", 3),
        ("+3", 3),
        ("＋3", 3),
        ("↑3", 3),
        ("3", 3),
        ("0", 0),
        ("0/0", 0),
        ("增1/减2", -1),
        ("+1/-2", -1),
        ("增加3项，减少2项", 1),
        ("(7)", None),
        ("1/2", None),
        ("增", None),
    ],
)
def test_a_change_is_signed_by_word_or_mark(raw: str, value: int | None) -> None:
    assert cell(raw, CHANGE).value == value


@pytest.mark.parametrize(
    ("raw", "field", "value", "unit", "source", "yuan"),
    [
        ("2.5万元", MONEY, Decimal("2.5"), "万元", "cell", 25000),
        ("25000元", MONEY, 25000, "元", "cell", 25000),
        ("1.2亿元", MONEY, Decimal("1.2"), "亿元", "cell", 120000000),
        ("2.5万", MONEY, Decimal("2.5"), "万元", "cell", 25000),
        ("318406", MONEY, 318406, None, "inferred", 318406),
        ("3.25", MONEY, Decimal("3.25"), None, "inferred", 32500),
        ("500", MONEY, 500, None, "", None),
        ("0", MONEY, 0, None, "zero", 0),
        ("0万元", MONEY, 0, "万元", "cell", 0),
        ("0.3940", FEE, Decimal("0.3940"), "万元", "form", 3940),
        ("0", FEE, 0, "万元", "form", 0),
        ("3940元", FEE, 3940, "元", "cell", 3940),
        ("7.5", Field.of("万元", "money", "header"), Decimal("7.5"), "万元", "header", 75000),
    ],
)
def test_money_says_where_its_unit_comes_from(
    raw: str,
    field: Field,
    value: Decimal,
    unit: str | None,
    source: str,
    yuan: int | None,
) -> None:
    read = cell(raw, field)
    assert (read.value, read.unit, read.unit_source, read.value_yuan) == (value, unit, source, yuan)


def test_the_print_and_the_place_are_kept() -> None:
    read = cell("　 ７件", COUNT, "page 2 row 3")
    assert (read.raw, read.where) == ("　 ７件", "page 2 row 3")


@given(st.integers(0, 10**12), st.sampled_from(["{}", "{:,}", " {} ", "{}件", "\u3000{}"]))
def test_every_count_is_read_as_written(number: int, form: str) -> None:
    assert cell(form.format(number), COUNT).value == number


@given(st.text(max_size=30))
def test_no_print_breaks_the_reading_and_blank_is_never_a_number(raw: str) -> None:
    read = cell(raw, COUNT)
    assert read.raw == raw
    assert (read.value is None) == (read.status in {"blank", "na_mark", "text", "ambiguous", "ocr_suspect"})
    assert tidy(raw) or read.status == "blank"
    assert isinstance(speaks_of_number(raw), bool)


@pytest.mark.parametrize("sign", "-－−–—‐‑﹣")
def test_any_dash_before_a_figure_is_a_minus(sign: str) -> None:
    assert cell(f"{sign}3", CHANGE).value == -3
    assert cell(sign, CHANGE).value is None


def test_a_range_is_no_negative_number() -> None:
    assert cell("1–3", CHANGE).value is None
