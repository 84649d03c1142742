"""What single cells hold: blanks, marks, words, fractions, money without a unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from parsers import schema
from parsers.checks.rules import Finding, Material, rule
from parsers.checks.words import name, place, shown
from parsers.models import Cell, Severity

_TABLES = {"proactive": "主动公开表", "requests": "申请表", "remedies": "复议诉讼表", "stat2014": "统计表"}
_MANY = 4            # cells named in one message
_SHOWN = 40          # characters of a cell shown in one
_IN_YUAN = 10_000
_MOST_DECIMALS = 4


def _listed(cells: Sequence[tuple[str, Cell]]) -> str:
    named = ["·".join(name(part) for part in cell_id.split(".")) for cell_id, _ in cells[:_MANY]]
    return "、".join(named) + (" 等" if len(cells) > _MANY else "")


def _quoted(cell: Cell) -> str:
    return " ".join(cell.raw.split())[:_SHOWN]


def _by_table(material: Material, status: str) -> Iterator[tuple[str, list[tuple[str, Cell]]]]:
    """The cells of one status, table by table."""
    found: dict[str, list[tuple[str, Cell]]] = {}
    for table, cell_id, cell in material.by_status.get(status, ()):
        found.setdefault(table, []).append((cell_id, cell))
    yield from found.items()


@rule("C01_blank_cell")
def blank_cell(material: Material) -> Iterator[Finding]:
    """Blanks, counted per table; a table more than half blank is a warning."""
    for table, cells in _by_table(material, "blank"):
        total = sum(found == table for found, *_ in material.tables.cells())
        severity: Severity | None = "warning" if len(cells) * 2 > total else None
        yield Finding("fail", f"{_TABLES[table]} {total} 格中有 {len(cells)} 格空白：{_listed(cells)}",
                      place(*cells[0]), len(cells), total, severity)


@rule("C02_na_mark")
def na_mark(material: Material) -> Iterator[Finding]:
    """`/` and `—` instead of numbers."""
    for table, cells in _by_table(material, "na_mark"):
        yield Finding("fail", f"{_TABLES[table]}有 {len(cells)} 格填“{cells[0][1].raw.strip()}”：{_listed(cells)}",
                      place(*cells[0]), len(cells))


@rule("C03_text_zero")
def text_zero(material: Material) -> Iterator[Finding]:
    """无 instead of 0."""
    for table, cells in _by_table(material, "text_zero"):
        yield Finding("fail", f"{_TABLES[table]}有 {len(cells)} 格以“{cells[0][1].raw.strip()}”代替 0：{_listed(cells)}",
                      place(*cells[0]), len(cells))


@rule("C04_not_integer")
def not_integer(material: Material) -> Iterator[Finding]:
    """Counts with fractions, or below zero where only 增/减 may be."""
    for _, cell_id, cell in material.odd:
        if not cell.value or (isinstance(cell.value, int) and cell.value > 0):
            continue
        kind = _types().get(cell_id.split(".")[0])
        if kind in ("int", "signed_int") and (cell.value != int(cell.value) or (kind == "int" and cell.value < 0)):
            due = "整数" if kind == "signed_int" else "非负整数"
            yield Finding("fail", f"{_listed([(cell_id, cell)])} 填“{_quoted(cell)}”，应为{due}",
                          place(cell_id, cell), cell.value)


@rule("C05_unparsable")
def unparsable(material: Material) -> Iterator[Finding]:
    """Words, two numbers, or doubtful signs in a number cell."""
    for status in ("text", "ambiguous", "ocr_suspect"):
        for _, cell_id, cell in material.by_status.get(status, ()):
            yield Finding("fail", f"{_listed([(cell_id, cell)])} 填“{_quoted(cell)}”，读不出一个数", place(cell_id, cell))


@rule("C06_money_unit_missing")
def money_unit_missing(material: Material) -> Iterator[Finding]:
    """采购总金额 with neither 元 nor 万元 anywhere."""
    cell = material.tables.proactive.get("procurement_amount")
    if cell is not None and cell.value and not cell.unit:
        guess = f"，按大小推定为 {shown(cell.value_yuan)} 元" if cell.value_yuan is not None else "，单位不明"
        yield Finding("fail", f"采购总金额“{cell.raw.strip()}”没有单位{guess}", place("procurement_amount", cell), cell.value)


@rule("C07_money_unit_suspicious")
def money_unit_suspicious(material: Material) -> Iterator[Finding]:
    """A whole number of five digits in 万元 at a county or township body: probably yuan."""
    cell = material.tables.proactive.get("fee_amount_wan")
    if cell is None or cell.value is None or material.tag("level") not in ("county", "township"):
        return
    if material.tag("body_type") != "government" and cell.unit_source != "cell" \
            and cell.value >= _IN_YUAN and cell.value == int(cell.value):
        yield Finding("fail", f"行政事业性收费 {shown(cell.value)} 万元，疑以元填报", place("fee_amount_wan", cell), cell.value)


@rule("C08_decimals")
def decimals(material: Material) -> Iterator[Finding]:
    """More than four decimals of 万元 are less than a yuan."""
    cell = material.tables.proactive.get("fee_amount_wan")
    if cell is not None and isinstance(cell.value, Decimal):
        exponent = cell.value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > _MOST_DECIMALS:
            yield Finding("fail", f"行政事业性收费 {shown(cell.value)} 万元，小数超过四位", place("fee_amount_wan", cell),
                          cell.value)


@rule("C09_glued")
def glued(material: Material) -> Iterator[Finding]:
    """A label and its digits in one cell."""
    for table, cells in _by_table(material, "glued"):
        yield Finding("fail", f"{_TABLES[table]}名称与数字粘连：“{_quoted(cells[0][1])}”", place(*cells[0]), len(cells))


@cache
def _types() -> dict[str, str]:
    tables = schema.load("tables")
    return {field["id"]: field.get("type", "int") for subject in (
        "proactive_fields", "request_rows", "remedy_fields", "stat2014_fields", "local_pre2014_fields")
        for field in tables[subject]}
