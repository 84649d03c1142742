"""Grids to canonical cells: random true tables, drawn in many ways, come back exactly or are owned to be lost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import labels, outline, parse, tables
from parsers.models import Block, Document, Grid, GridCell, Paragraph, Tables
from parsers.readers import text
from parsers.schema import load

FORM = load("tables")
COLUMNS = {c["id"]: c["label"] for c in FORM["request_columns"]}
KINDS = [c["id"] for c in FORM["request_columns"] if c["group"]]
SPELLINGS = {
    "ngo": ["社会公益组织", "社会组织", "社会公益\n组织"],
    "company": ["商业企业", "商业\n企业"],
    "total": ["总计", "合计"],
}
GROUPS = {
    "results": "三、本年度办理结果",
    "refused": "（三）不予公开",
    "unavailable": "（四）无法提供",
    "rejected": "（五）不予处理",
    "other": "（六）其他处理",
}
Drawn = str | tuple[str, int, int]  # text, or (text, columns, rows)


def rows_of(form: str) -> list[dict[str, str]]:
    return [row for row in FORM["request_rows"] if form in row["versions"]]


def grid(rows: Sequence[Sequence[Drawn]], where: str = "table") -> Grid:
    """Cells as HTML places them: left to right into the first place not covered by a span."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for at, row in enumerate(rows):
        column = 0
        for drawn in row:
            words, wide, high = (drawn, 1, 1) if isinstance(drawn, str) else drawn
            while (at, column) in taken:
                column += 1
            cells.append(GridCell(at, column, words, f"{where} row {at + 1}", high, wide))
            taken |= {(at + down, column + over) for down in range(high) for over in range(wide)}
    return Grid(tuple(cells), where)


def read(*blocks: Block) -> Tables:
    document = Document("text/html", "html", tuple(blocks))
    return tables.find(document, outline.find(document))


def shown(found: Tables) -> dict[str, dict[str, int | None]]:
    return {
        row: {column: cell.value for column, cell in cells.items()} for row, cells in found.requests.items()
    }  # type: ignore[misc]


# ---------------------------------------------------------------- random true tables


Truth = dict[str, dict[str, int | None]]


@st.composite
def truths(draw: st.DrawFn) -> tuple[str, Truth]:
    """A form and its cells; some cells are blank, some numbers are large."""
    form = draw(st.sampled_from(["f2019", "f2021"]))
    random = Random(draw(st.integers(0, 10**6)))

    def value() -> int | None:
        return (
            None
            if random.random() < 0.05
            else random.choice([0, 0, 0, random.randrange(10), random.randrange(10**6)])
        )

    return form, {row["id"]: {column: value() for column in COLUMNS} for row in rows_of(form)}


def label_of(row: dict[str, str]) -> str:
    return row["label"].rsplit("/", 1)[-1]


def widths(random: Random, phantom: bool) -> list[int]:
    """How many grid columns each of three label and seven value columns takes."""
    return [random.choice([1, 1, 2]) if phantom else 1 for _ in range(10)]


def table_rows(
    form: str, truth: Truth, order: list[str], random: Random, phantom: bool
) -> tuple[list[list[Drawn]], list[list[Drawn]]]:
    """(head rows, body rows) with spans; `phantom` columns widen cells at random."""
    wide = widths(random, phantom)
    label, value = wide[:3], dict(zip(order, wide[3:], strict=True))
    spell = {column: random.choice(SPELLINGS.get(column, [COLUMNS[column]])) for column in order}
    kinds = [column for column in order if column in KINDS]
    top: list[Drawn] = []
    for column in order:
        if column not in KINDS:
            top.append((spell[column], value[column], 2))
        elif column == kinds[0]:
            top.append(("法人或其他组织", sum(value[k] for k in kinds), 1))
    head: list[list[Drawn]] = [
        [
            ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", sum(label), 3),
            ("申请人情况", sum(value.values()), 1),
        ],
        top,
        [(spell[k], value[k], 1) for k in kinds],
    ]
    body: list[list[Drawn]] = []
    group = None
    for row in rows_of(form):
        figures: list[Drawn] = [
            ("" if truth[row["id"]][c] is None else str(truth[row["id"]][c]), value[c], 1) for c in order
        ]
        body.append([*leading(row, group, form, label), *figures])
        group = row["group"]
    return head, body


def leading(row: dict[str, str], before: str | None, form: str, label: list[int]) -> list[Drawn]:
    """The label cells of a row: groups span down over their rows."""
    same = [r for r in rows_of(form) if r["group"] == row["group"]]
    results = [r for r in rows_of(form) if r["group"]]
    if not row["group"]:
        return [(label_of(row), sum(label), 1)]
    first: list[Drawn] = [(GROUPS["results"], label[0], len(results))] if row["id"] == "granted" else []
    if row["group"] in ("results", "results_total") or row["id"] == "other_handled":
        return [*first, (label_of(row), label[1] + label[2], 1)]
    opens: list[Drawn] = [(GROUPS[row["group"]], label[1], len(same))] if before != row["group"] else []
    return [*opens, (label_of(row), label[2], 1)]


def flat(rows: list[list[Drawn]]) -> list[list[str]]:
    return [[cell if isinstance(cell, str) else cell[0] for cell in row] for row in rows]


@settings(max_examples=25, deadline=None)
@given(truths(), st.integers(0, 10**6), st.booleans())
def test_a_drawn_table_comes_back_whatever_its_spans(
    made: tuple[str, Truth], seed: int, phantom: bool
) -> None:
    form, truth = made
    head, body = table_rows(form, truth, list(COLUMNS), Random(seed), phantom)
    found = read(grid(head + body))
    assert shown(found) == truth
    assert found.formats["requests"] == form


@settings(max_examples=25, deadline=None)
@given(truths(), st.integers(0, 10**6))
def test_permuted_columns_are_read_by_their_heads(made: tuple[str, Truth], seed: int) -> None:
    form, truth = made
    random = Random(seed)
    kinds, rest = random.sample(KINDS, len(KINDS)), ["natural_person", "total"]
    random.shuffle(rest)
    order = [*rest[:1], *kinds, *rest[1:]]
    head, body = table_rows(form, truth, order, random, phantom=False)
    assert shown(read(grid(head + body))) == truth


@settings(max_examples=25, deadline=None)
@given(truths(), st.integers(0, 10**6))
def test_a_missing_column_is_missing_and_shifts_nothing(made: tuple[str, Truth], seed: int) -> None:
    form, truth = made
    random = Random(seed)
    gone = random.choice(KINDS)
    order = [column for column in COLUMNS if column != gone]
    wide_truth = {row: {c: v for c, v in cells.items() if c != gone} for row, cells in truth.items()}
    head, body = table_rows(form, truth, [*order, gone], random, phantom=False)
    head = [
        head[0],
        head[1],
        [cell for cell in head[2] if cell[0].replace("\n", "") not in SPELLINGS.get(gone, [COLUMNS[gone]])],
    ]
    head[1] = [(c[0], c[1] - 1, c[2]) if c[0] == "法人或其他组织" else c for c in head[1]]  # type: ignore[operator]
    head[0] = [head[0][0], ("申请人情况", 6, 1)]
    assert shown(read(grid(head + [row[:-1] for row in body]))) == wide_truth


@settings(max_examples=25, deadline=None)
@given(truths(), st.integers(0, 10**6), st.booleans(), st.booleans())
def test_a_table_over_several_pages_is_one_table(
    made: tuple[str, Truth], seed: int, again: bool, phantom: bool
) -> None:
    form, truth = made
    random = Random(seed)
    head, body = table_rows(form, truth, list(COLUMNS), random, phantom)
    cuts = sorted(random.sample(range(1, len(body)), 2))
    pages = [body[: cuts[0]], body[cuts[0] : cuts[1]], body[cuts[1] :]]
    blocks = [
        grid((head if again or not at else []) + uncovered(page), f"page {at + 1}")
        for at, page in enumerate(pages)
    ]
    assert shown(read(*blocks)) == truth


def uncovered(page: list[list[Drawn]]) -> list[list[Drawn]]:
    """The rows of one page: spans end with the page."""
    return [
        [(c[0], c[1], min(c[2], len(page) - at)) for c in row if not isinstance(c, str)]
        for at, row in enumerate(page)
    ]


@settings(max_examples=25, deadline=None)
@given(truths(), st.integers(0, 10**6), st.sampled_from(["tabs", "cells", "pipes"]))
def test_flattened_text_comes_back(made: tuple[str, Truth], seed: int, drawing: str) -> None:
    form, truth = made
    head, body = table_rows(form, truth, list(COLUMNS), Random(seed), phantom=False)
    rows = [[cell.replace("\n", "") for cell in row] for row in flat(head + body)]
    lines = {
        "tabs": lambda: ["\t".join(row) for row in rows],
        "pipes": lambda: [" | ".join(row) for row in rows],
        "cells": lambda: ["".join(f"\t{cell}\n" for cell in row) for row in rows],
    }[drawing]()
    found = of_text("\n".join(lines))
    for row, cells in shown(found).items():
        for column, value in cells.items():
            lost = found.requests[row][column].status == "position_lost"
            assert lost or value == truth[row][column], (row, column)
    if all(value is not None for cells in truth.values() for value in cells.values()):
        assert shown(found) == truth


@settings(max_examples=25, deadline=None)
@given(truths(), st.sampled_from(["spaces", "one space", "commas", "below", "below with blank lines"]))
def test_text_without_marks_comes_back_or_is_owned_to_be_lost(made: tuple[str, Truth], drawing: str) -> None:
    form, truth = made
    truth = {
        row: {**cells, "total": cells["total"] or 0} for row, cells in truth.items()
    }  # the last number is the total
    head, body = table_rows(form, truth, list(COLUMNS), Random(0), phantom=False)
    rows = [[cell.replace("\n", "") for cell in row] for row in flat(head + body)]
    joiner = {
        "spaces": "   ",
        "one space": " ",
        "commas": ",",
        "below": "\n",
        "below with blank lines": "\n\n",
    }[drawing]
    found = of_text("\n".join(joiner.join(c for c in row if c or drawing == "commas") for row in rows))
    for row, cells in shown(found).items():
        for column, value in cells.items():
            lost = found.requests[row][column].status in ("position_lost", "blank")
            assert lost or value == truth[row][column], (row, column, found.requests[row][column])
    full = {row for row, cells in truth.items() if None not in cells.values()}
    assert {row for row in full if shown(found).get(row) != truth[row]} == set()


def of_text(words: str) -> Tables:
    document = text.read(
        f"三、收到和处理政府信息公开申请情况\n{words}\n\n四、政府信息公开行政复议、行政诉讼情况\n无。\n".encode()
    )
    return tables.find(document, outline.find(document))


# ---------------------------------------------------------------- one oddity each


FULL: Truth = {
    row["id"]: {column: at * 10 + rank for rank, column in enumerate(COLUMNS)}
    for at, row in enumerate(rows_of("f2021"), 1)
}


def drawn(truth: Truth = FULL, form: str = "f2021") -> tuple[list[list[Drawn]], list[list[Drawn]]]:
    return table_rows(form, truth, list(COLUMNS), Random(1), phantom=False)


def whole(truth: Truth = FULL) -> list[list[Drawn]]:
    head, body = drawn(truth)
    return head + body


def kinds(found: Tables) -> set[str]:
    return {issue.kind for issue in found.issues}


def test_a_label_cut_by_a_page_is_joined() -> None:
    head, body = drawn()
    at = next(n for n, row in enumerate(rows_of("f2021")) if row["id"] == "rejected_reconfirm")
    figures = body[at][-7:]
    upper = [("5.要求行政机关确认或重新出", 1, 1), *figures]
    lower = [("具已获取信息", 1, 1), *[("", 1, 1)] * 7]
    found = read(grid([*head, *body[:at], upper]), grid([lower, *body[at + 1 :]], "page 2"))
    assert shown(found) == FULL
    assert "page-split" in kinds(found)


def sums_hold(value: int) -> dict[str, int | None]:
    return {**dict.fromkeys(COLUMNS, 0), "natural_person": value, "total": value}


def test_figures_cut_by_a_page_are_joined_when_the_sums_agree() -> None:
    truth: Truth = {**FULL, "granted": sums_hold(590)}
    head, body = drawn(truth)
    cut = [[*body[2][:-7], ("59", 1, 1), *[("0", 1, 1)] * 5, ("59", 1, 1)]]
    rest = [[("", 1, 1), ("", 1, 1), ("0", 1, 1), *[("", 1, 1)] * 5, ("0", 1, 1)]]
    upper = [[(c[0], c[1], 1) for c in row] for row in cut]
    found = read(grid(head + body[:2] + upper), grid([*rest, [("", 1, 1), *body[3]]], "page 2"))
    assert shown(found)["granted"] == truth["granted"]


def test_figures_cut_by_a_page_are_lost_when_the_sums_disagree() -> None:
    head, body = drawn()
    upper = [[*[(c[0], c[1], 1) for c in body[2][:-7]], ("59", 1, 1), *[("0", 1, 1)] * 5, ("59", 1, 1)]]
    rest = [[("", 1, 1), ("", 1, 1), ("0", 1, 1), *[("", 1, 1)] * 6]]
    found = read(grid(head + body[:2] + upper), grid([*rest, [("", 1, 1), *body[3]]], "page 2"))
    assert found.requests["granted"]["natural_person"].status == "position_lost"
    assert found.requests["granted"]["total"].value == 59


@pytest.mark.parametrize("numbered", [True, False])
@pytest.mark.parametrize(("upper", "lower", "values"), [
    (["行政规范性文件", "", "", ""], ["", "4", "2", "20"], [4, 2, 20]),
    (["行政规范性文件", "4", "", "20"], ["", "", "2", ""], [4, None, 20]),
    (["行政规范性文件", "1", "", "20"], ["", "5", "2", ""], [None, None, 20])])
def test_a_row_cut_by_a_page_never_reads_as_blank(
        upper: list[str], lower: list[str], values: list[int | None], numbered: bool) -> None:
    head = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    first, rest = [head, ["规章", "3", "1", "12"], upper], [lower]
    if numbered:
        first, rest = [[n, *row] for n, row in zip(("序号", "1", "2"), first, strict=True)], [["", *lower]]
    found = read(grid(first), grid(rest, "page 2")).proactive
    cells = [found[f"normdocs_{name}"] for name in ("issued", "repealed", "in_force")]
    assert [cell.value for cell in cells] == values
    assert "blank" not in {cell.status for cell in cells}


def summed(row: int) -> dict[str, int | None]:
    kinds = {column: row + rank for rank, column in enumerate(COLUMNS) if column != "total"}
    return {**kinds, "total": sum(kinds.values())}


@pytest.mark.parametrize("total_first", [False, True])
def test_where_the_head_is_lost_the_sums_tell_where_the_total_stands(total_first: bool) -> None:
    truth: Truth = {row: summed(at) for at, row in enumerate(FULL)}
    body = [[*row[:-7], *(row[-1:] + row[-7:-1] if total_first else row[-7:])] for row in drawn(truth)[1]]
    assert shown(read(grid(body))) == truth


def test_where_the_head_is_lost_and_no_order_makes_up_the_totals_no_figure_has_a_place() -> None:
    found = read(grid(drawn()[1]))
    assert {cell.status for cells in found.requests.values() for cell in cells.values()} == {"position_lost"}


@pytest.mark.parametrize("zero", ["〇件", "零件", "0件"])
def test_a_zero_with_its_unit_is_a_figure_and_no_unit(zero: str) -> None:
    truth: Truth = {**FULL, "granted": sums_hold(0)}
    head, body = drawn(truth)
    body[2] = [*body[2][:-7], *[zero] * 7]
    assert shown(read(grid(head + body)))["granted"] == truth["granted"]


def test_digits_of_a_narrow_column_are_one_number() -> None:
    head, body = drawn({**FULL, "new_received": sums_hold(628541)})
    body[0] = [body[0][0], ("62854\n1", 1, 1), *body[0][2:7], ("62854\n1", 1, 1)]
    assert shown(read(grid(head + body)))["new_received"] == sums_hold(628541)


def test_a_table_on_its_side_is_turned() -> None:
    upright = grid(whole())
    turned = Grid(
        tuple(GridCell(c.column, c.row, c.text, c.where, c.colspan, c.rowspan) for c in upright.cells)
    )
    assert shown(read(turned)) == FULL


def test_a_second_table_of_another_kind_changes_nothing() -> None:
    other = grid(
        [
            ["类别", "自然人", "单位", "总计"],
            ["行政许可", "5", "6", "11"],
            ["其他", "1", "2", "3"],
            ["总计", "6", "8", "14"],
        ]
    )
    assert (
        shown(
            read(
                Paragraph("一、总体情况"),
                other,
                Paragraph("三、收到和处理政府信息公开申请情况"),
                grid(whole()),
            )
        )
        == FULL
    )


def test_two_full_tables_are_reported_and_the_one_in_its_section_is_taken() -> None:
    older: Truth = {row: {c: (v or 0) + 1 for c, v in cells.items()} for row, cells in FULL.items()}
    found = read(
        Paragraph("一、总体情况"),
        Paragraph("上年的数据。"),
        grid(whole(older)),
        Paragraph("三、收到和处理政府信息公开申请情况"),
        grid(whole()),
    )
    assert shown(found) == FULL
    assert "duplicate-table" in kinds(found)


def test_a_row_the_form_does_not_have_is_reported_not_placed() -> None:
    head, body = drawn()
    extra: list[Drawn] = [("另案处理的申请数量", 3, 1), *[("9", 1, 1)] * 7]
    found = read(grid([*head, *body[:2], extra, *body[2:]]))
    assert shown(found) == FULL
    assert "unknown-row" in kinds(found)


def test_the_same_digits_without_spaces_are_split_only_when_they_can_be() -> None:
    assert shown(
        of_text(
            "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n一、本年新收政府信息公开申请数量0000000\n"
            "二、上年结转政府信息公开申请数量0000000\n（一）予以公开1234\n（二）部分公开 0 0 0 0 0 0 0\n"
            "（七）总计 0 0 0 0 0 0 0"
        )
    ) == {
        "new_received": dict.fromkeys(COLUMNS, 0),
        "carried_in": dict.fromkeys(COLUMNS, 0),
        "granted": dict.fromkeys(COLUMNS),
        "partly_granted": dict.fromkeys(COLUMNS, 0),
        "total_handled": dict.fromkeys(COLUMNS, 0),
    }


# ---------------------------------------------------------------- section 二


def values_of(found: Tables) -> dict[str, object]:
    return {name: cell.value for name, cell in found.proactive.items()}


TWO_2021 = [
    [("第二十条第（一）项", 4, 1)],
    ["信息内容", "本年制\n发件数", "本年（2022）废止件数", "现行有效件数"],
    ["规章", "1", "2", "3"],
    ["行政规范性文件", "4", "", "6"],
    [("第二十条第（五）项", 4, 1)],
    ["信息内容", ("本年处理决定数量", 3, 1)],
    ["行政许可", ("1,207", 3, 1)],
    [("第二十条第（六）项", 4, 1)],
    ["信息内容", ("本年处理决定数量", 3, 1)],
    ["行政处罚", ("8", 3, 1)],
    ["行政强制", ("/", 3, 1)],
    [("第二十条第（八）项", 4, 1)],
    ["信息内容", ("本年收费金额（单位：万元）", 3, 1)],
    ["行政事业性收费", ("12.5", 3, 1)],
]
TRUE_2021 = {
    "rules_issued": 1,
    "rules_repealed": 2,
    "rules_in_force": 3,
    "normdocs_issued": 4,
    "normdocs_repealed": None,
    "normdocs_in_force": 6,
    "licence_decisions": 1207,
    "penalty_decisions": 8,
    "coercion_decisions": None,
    "fee_amount_wan": 12.5,
}


def test_five_little_tables_in_one_grid() -> None:
    found = read(grid(TWO_2021))
    assert values_of(found) == pytest.approx(TRUE_2021)
    assert found.formats == {"proactive": "f2021"}
    assert (found.proactive["fee_amount_wan"].value_yuan, found.proactive["coercion_decisions"].status) == (
        125000,
        "na_mark",
    )


def test_five_little_tables_in_a_grid_each() -> None:
    starts = [0, 4, 7, 11, len(TWO_2021)]
    assert values_of(read(*(grid(TWO_2021[a:b]) for a, b in pairwise(starts)))) == pytest.approx(TRUE_2021)


def test_all_statutory_tables_in_one_grid() -> None:
    found = read(grid([*TWO_2021, *whole(), *REMEDY_ROWS]))
    assert (values_of(found), shown(found)) == (pytest.approx(TRUE_2021), FULL)
    assert [cell.value for cell in found.remedies.values()] == FIGURES


def test_a_head_in_yuan_wins_over_the_form() -> None:
    rows = [["信息内容", "本年收费金额（单位：元）"], ["行政事业性收费", "3940"]]
    cell = read(grid(rows)).proactive["fee_amount_wan"]
    assert (cell.value, cell.unit, cell.unit_source, cell.value_yuan) == (3940, "元", "header", 3940)


def test_the_2019_form_counts_items_and_decisions() -> None:
    rows = [
        ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政许可", "12", "减2", "30"],
        ["其他对外管理服务事项", "5", "增1", "0"],
        ["信息内容", "采购项目数量", "采购总金额"],
        ["政府集中采购", "3", "45.6万元"],
    ]
    found = {name: float(cell.value or 0) for name, cell in read(grid(rows)).proactive.items()}
    assert found == pytest.approx(
        {
            "licence_items_prev": 12,
            "licence_items_delta": -2,
            "licence_decisions": 30,
            "other_service_items_prev": 5,
            "other_service_items_delta": 1,
            "other_service_decisions": 0,
            "procurement_projects": 3,
            "procurement_amount": 45.6,
        }
    )


def test_figures_about_licences_under_other_heads_are_not_section_two() -> None:
    assert not read(
        grid([["事项", "受理", "办结"], ["行政许可", "5", "5"], ["行政处罚", "1", "1"]])
    ).proactive


def test_glued_digits_of_section_two_are_split_by_the_number_of_columns() -> None:
    found = tables.find(
        document := text.read(
            "二、主动公开政府信息情况\n信息内容 本年制发件数 本年废止件数 现行有效件数\n规章000\n"
            "行政规范性文件 2 0 4\n信息内容 本年处理决定数量\n行政许可 12".encode()
        ),
        outline.find(document),
    )
    assert values_of(found) == {
        "rules_issued": 0,
        "rules_repealed": 0,
        "rules_in_force": 0,
        "normdocs_issued": 2,
        "normdocs_repealed": 0,
        "normdocs_in_force": 4,
        "licence_decisions": 12,
    }


# ---------------------------------------------------------------- section 四


OUTCOMES = ["结果\n维持", "结果纠正", "其他\n结果", "尚未审结", "总计"]
FIGURES = [3, 1, 0, 2, 6, 1, 0, 0, 0, 1, 0, 0, 4, 5, 9]
REMEDY_ROWS: list[list[Drawn]] = [
    [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
    [*((name, 1, 2) for name in OUTCOMES), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
    [(name, 1, 1) for name in OUTCOMES * 2],
    [(str(figure), 1, 1) for figure in FIGURES],
]


def remedies(*blocks: Block) -> list[object]:
    found = read(*blocks).remedies
    return [found[field["id"]].value for field in FORM["remedy_fields"]] if found else []


def test_fifteen_figures_under_three_heads() -> None:
    assert remedies(grid(REMEDY_ROWS)) == FIGURES


def test_the_figures_on_the_next_page_and_the_head_again() -> None:
    assert remedies(grid(REMEDY_ROWS[:3]), grid([*REMEDY_ROWS[:3], REMEDY_ROWS[3]], "page 2")) == FIGURES
    assert remedies(grid(REMEDY_ROWS[:3]), grid([REMEDY_ROWS[3]], "page 2")) == FIGURES


def test_suits_before_reviews_are_read_by_their_heads() -> None:
    rows = [
        [REMEDY_ROWS[0][1], REMEDY_ROWS[0][0]],
        [REMEDY_ROWS[1][6], REMEDY_ROWS[1][5], *REMEDY_ROWS[1][:5]],
        REMEDY_ROWS[2],
        [(str(figure), 1, 1) for figure in (*FIGURES[10:], *FIGURES[5:10], *FIGURES[:5])],
    ]
    assert remedies(grid(rows)) == FIGURES


def test_one_surplus_figure_is_dropped_only_when_the_sums_leave_one_way() -> None:
    rows = [*REMEDY_ROWS[:3], [("0", 1, 1)] * 16]
    assert remedies(grid(rows)) == [0] * 15
    found = read(grid([*REMEDY_ROWS[:3], [(str(n), 1, 1) for n in range(16)]]))
    assert {cell.status for cell in found.remedies.values()} == {"position_lost"}


def test_three_rows_for_three_ways_of_remedy() -> None:
    rows = [
        ["", *OUTCOMES],
        *(
            [way, *map(str, FIGURES[at : at + 5])]
            for way, at in (("行政复议", 0), ("未经复议直接起诉", 5), ("复议后起诉", 10))
        ),
    ]
    assert remedies(grid(rows)) == FIGURES


def test_a_head_without_figures_gives_nothing() -> None:
    assert not read(grid(REMEDY_ROWS[:3])).remedies


# ---------------------------------------------------------------- before 2019


def test_indicators_of_2014_by_label_with_local_rows_and_repeated_names() -> None:
    found = read(
        grid(
            [
                ["统计指标", "单位", "统计数"],
                ["一、主动公开情况", "", ""],
                ["（一）主动公开政府信息数\n（不同渠道和方式公开相同信息计1条）", "条", "1,024"],
                ["其中：主动公开规范性文件数", "条", "7"],
                ["主动公开财务预决算信息数", "条", "11"],
                ["四、行政复议数量", "件", "3"],
                ["（一）维持具体行政行为数", "件", "2"],
                ["（二）被依法纠错数", "件", "1"],
                ["（三）其他情形数", "件", "0"],
                ["五、行政诉讼数量", "件", "4"],
                ["（二）被依法纠错数", "件", "4"],
                ["（三）其他情形数", "件", ""],
                ["七、依申请公开信息收取的费用", "元", "500"],
            ]
        )
    )
    assert {name: cell.value for name, cell in found.stat2014.items()} == {
        "s14_published_total": 1024,
        "s14_normdocs_published": 7,
        "local:主动公开财务预决算信息数": 11,
        "s14_review": 3,
        "s14_review_upheld": 2,
        "s14_review_corrected": 1,
        "s14_review_other": 0,
        "s14_suit": 4,
        "s14_suit_corrected": 4,
        "s14_suit_other": None,
        "s14_fees_wan": 500,
    }
    assert (found.stat2014["s14_fees_wan"].unit, found.stat2014["s14_fees_wan"].value_yuan) == ("元", 500)
    assert found.formats == {"stat2014": "f2014"}


def test_of_several_value_columns_the_total_is_taken_or_none() -> None:
    rows = [
        ["（一）收到申请数", "件", "5", "2", "7"],
        ["1.当面申请数", "件", "1", "0", "1"],
        ["2.传真申请数", "件", "0", "0", "0"],
        ["3.网络申请数", "件", "4", "2", "6"],
    ]
    total = read(grid([["统计指标", "单位", "区政府", "区直部门", "合计"], *rows]))
    assert [cell.value for cell in total.stat2014.values()] == [7, 1, 0, 6]
    parts = read(grid([["统计指标", "单位", "区政府", "区直部门", "乡镇街道"], *rows]))
    assert {cell.status for cell in parts.stat2014.values()} == {"position_lost"}
    assert kinds(parts) == {"position-lost"}


def test_local_codes_count_only_for_the_indicator_they_name() -> None:
    found = read(
        grid(
            [
                ["指标名称", "单位", "代码", "数值"],
                ["主动公开信息数", "条", "01", "321"],
                ["其中：全文电子化的主动公开信息数", "条", "02", "300"],
                ["新增的行政规范性文件数", "条", "03", "5"],
                ["工作人员培训人次", "人次", "04", "9"],
                ["网站专栏页面访问量", "人次", "05", "12000"],
            ]
        )
    )
    assert {name: cell.value for name, cell in found.stat2014.items()} == {
        "loc_01": 321,
        "loc_02": 300,
        "loc_03": 5,
        "local:工作人员培训人次": 9,
        "loc_05": 12000,
    }
    assert found.formats == {"stat2014": "f2008s"}


def test_prose_without_tables_gives_no_cell() -> None:
    found = read(
        Paragraph("一、概述"),
        Paragraph("全年主动公开政府信息320条，收到申请3件，均予以公开。"),
        Paragraph("二、依申请公开情况"),
        Paragraph("当面申请1件，网络申请2件。总计3件。"),
    )
    assert not list(found.cells())
    assert not found.formats


def test_a_grid_too_large_for_a_statutory_table_is_left_out_and_said() -> None:
    long = grid([[f"{at}", "行政许可", "本年处理决定数量"] for at in range(2500)])
    found = read(long)
    assert (list(found.cells()), kinds(found)) == ([], {"large-table"})


# ---------------------------------------------------------------- as offices write and draw them


@pytest.mark.parametrize(("label", "row"), [
    ("（六）其他处理—3.其他", "other_misc"), ("(六)其他处理（件）：3、其它", "other_misc"),
    ("（五）不予处理——2.重复申请", "rejected_duplicate"), ("（六）其他处理（单位：件）", "other_handled"),
])
def test_a_label_may_carry_its_group_a_dash_and_a_unit(label: str, row: str) -> None:
    found, group = labels.request_row(label, None)
    assert (found or f"{group}_handled") == row


def test_a_head_may_carry_what_it_stands_under_and_a_unit() -> None:
    assert labels.request_column("法人或其他组织/商业企业（单位：件）") == "company"
    assert labels.request_column("法人或其他组织（商业企业）") == "company"
    assert labels.remedy("行政复议—结果维持（件）") == ("review", "upheld")


def test_a_row_put_between_the_lines_of_a_head_moves_no_column() -> None:
    figures = {"一、本年新收政府信息公开申请数量": "6 5 4 3 2 1 21", "二、上年结转政府信息公开申请数量": "1 0 0 0 0 0 1",
               "四、结转下年度继续办理": "7 0 0 0 0 0 7"}
    html = """<table><tr><td rowspan=3 colspan=2>项目</td><td colspan=7>申请人情况</td></tr><tr><td colspan=9></td></tr>
    <tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr>
    <tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>""" + "".join(
        f"<tr><td colspan=2>{label}</td>" + "".join(f"<td>{n}</td>" for n in row.split()) + "</tr>"
        for label, row in figures.items()) + "</table>"
    row = parse(html.encode()).tables.requests["new_received"]
    assert {column: cell.value for column, cell in row.items()} == {
        "natural_person": 6, "company": 5, "research_institute": 4, "ngo": 3, "legal_service": 2, "other_org": 1, "total": 21}


def test_other_among_the_results_is_other_results_and_a_unit_may_stand_under_the_caption() -> None:
    head = "".join(f"<td>{name}</td>" for name in ("维持", "纠正", "其他", "未审结", "合计"))
    html = f"""<p>行政复议</p><p>单位：件</p><table><tr>{head}</tr>
    <tr><td>4</td><td>3</td><td>2</td><td>1</td><td>10</td></tr></table>"""
    found = parse(html.encode()).tables.remedies
    assert {name: cell.value for name, cell in found.items()} == {
        "review_upheld": 4, "review_corrected": 3, "review_other": 2, "review_pending": 1, "review_total": 10}


def test_a_row_put_between_the_heads_of_section_four_costs_nothing_where_the_sums_agree() -> None:
    five = "".join(f"<td rowspan=2>{name}</td>" for name in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计"))
    figures = [1, 2, 3, 4, 10, 0, 0, 5, 0, 5, 6, 0, 0, 0, 6]
    html = f"""<table><tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr>
    <tr>{five}<td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr><tr><td colspan=15></td></tr>
    <tr>{five * 2}</tr><tr></tr><tr>{"".join(f"<td>{n}</td>" for n in figures)}</tr></table>"""
    assert [cell.value for cell in parse(html.encode()).tables.remedies.values()] == figures
    wrong = html.replace("<td>10</td>", "<td>11</td>")
    assert not [cell for cell in parse(wrong.encode()).tables.remedies.values() if cell.value is not None]


REQUESTED = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开", "（二）部分公开",
             "（六）其他处理", "（七）总计", "四、结转下年度继续办理"]


def requested(first: int, labelled: Sequence[str] = REQUESTED) -> str:
    head = "".join(f"<td>{name}</td>" for name in
                   ("项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"))
    rows = "".join(f"<tr><td>{label}</td>" + f"<td>{first}</td>" + "<td>0</td>" * 5 + f"<td>{first}</td></tr>"
                   for label in labelled)
    return f"<table><tr>{head}</tr>{rows}</table>"


@pytest.mark.parametrize("caption", ["附：2022年收到和处理政府信息公开申请情况（供对比）", "上年数据：", "2022年申请办理情况"])
@pytest.mark.parametrize("before", [False, True])
def test_a_fuller_table_of_the_year_before_is_not_this_years(caption: str, before: bool) -> None:
    this, last = requested(7, REQUESTED[:-2]), f"<p>{caption}</p>" + requested(9)
    tables_ = last + "<p>2023年申请办理情况</p>" + this if before else this + last
    html = f"<p>射阳县林业局2023年政府信息公开工作年度报告</p><p>三、收到和处理政府信息公开申请情况</p>{tables_}"
    assert parse(html.encode()).tables.requests["new_received"]["natural_person"].value == 7


def test_rows_named_like_columns_do_not_lay_two_tables_on_their_side() -> None:
    rows = requested(7, [*REQUESTED[:4], "其他", "总计"]).replace("</table>", "") + \
        requested(9, [*REQUESTED[:4], "其他", "总计"]).removeprefix("<table>")
    found = parse(f"<p>射阳县林业局2023年政府信息公开工作年度报告</p>{rows}".encode()).tables.requests
    assert found["new_received"]["natural_person"].value == 7


def test_results_listed_below_each_other_may_be_called_other_and_stand_beside_blank_columns() -> None:
    rows = "".join(f"<tr>{group}<td>{name}</td><td></td><td>{n}</td></tr>" for n, (group, name) in enumerate(
        [("<td rowspan=5>行政复议</td>", "维持"), ("", "纠正"), ("", "其他"), ("", "尚未审结"), ("", "总计")], 1))
    found = parse(f"<p>四、行政复议、行政诉讼情况</p><table>{rows}</table>".encode()).tables.remedies
    assert {name: cell.value for name, cell in found.items()} == {
        "review_upheld": 1, "review_corrected": 2, "review_other": 3, "review_pending": 4, "review_total": 5}


def test_figures_of_a_row_cut_by_a_page_are_not_its_groups() -> None:
    rows = [["一、本年新收政府信息公开申请数量", *"1000001"], ["（六）其他处理", "1.申请人无正当理由逾期", *"0200002"]]
    head = ["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    html = "<table>" + "".join("<tr>" + "".join(
        f"<td colspan={2 if at == 0 and len(row) == 8 else 1}>{cell}</td>" for at, cell in enumerate(row)) + "</tr>"
        for row in [head, *rows]) + "</table>"
    report = parse(html.encode())
    assert list(report.tables.requests) == ["new_received"]
    assert [issue.kind for issue in report.issues if issue.kind == "unknown-row"] == ["unknown-row"]


def test_a_column_whose_head_cannot_be_read_takes_no_other_columns_place() -> None:
    """The total is blank and the head of 其他 spoilt: its figure is not the total's."""
    head = ["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他\n其他其他", "总计"]
    rows = [["一、本年新收政府信息公开申请数量", *"123456", ""], ["二、上年结转政府信息公开申请数量", *"000001", "1"]]
    drawn = ("".join(f"<td>{cell}</td>" for cell in row) for row in [head, *rows])
    html = "<table>" + "".join(f"<tr>{row}</tr>" for row in drawn) + "</table>"
    assert "total" not in {column for column, cell in parse(html.encode()).tables.requests["new_received"].items()
                           if cell.value is not None}


@pytest.mark.parametrize("spoilt", ["", "一二三", "其他"])
@pytest.mark.parametrize("drawn", ["html", "text"])
def test_where_a_head_is_spoilt_no_figure_stands_in_another_column(spoilt: str, drawn: str) -> None:
    head = ["项目", "自然人", spoilt, "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    rows = [["一、本年新收政府信息公开申请数量", *"123456", "21"],
            ["二、上年结转政府信息公开申请数量", "1", "4", "3", "", "2", "2", "12"],
            ["（一）予以公开", "", "", "", "7", "8", "", "15"], ["（七）总计", "0", "", "0", "0", "0", "0", "0"]]
    expected = dict(zip(("natural_person", "company", "research_institute", "ngo", "legal_service", "other_org", "total"),
                        zip(*(row[1:] for row in rows), strict=True), strict=True))
    if drawn == "text":
        data = "\n".join("\t".join(row) for row in [head, *rows])
    else:
        lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in [head, *rows])
        data = "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
    found = parse(data.encode()).tables.requests
    for at, cells in enumerate(found.values()):
        for column, cell in cells.items():
            assert cell.value is None or str(cell.value) == expected[column][at]


def as_html(rows: Sequence[Sequence[str]]) -> bytes:
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return ("<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>").encode()


APPLICANTS = ["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def test_a_row_that_lost_its_label_fills_no_blank_row_above_it() -> None:
    report = parse(as_html([APPLICANTS, ["一、本年新收政府信息公开申请数量", *"1000001"], ["（一）予以公开", *[""] * 7],
                            ["", *"0200002"], ["（七）总计", *"0200002"]]))
    assert {cell.status for cell in report.tables.requests["granted"].values()} == {"blank"}
    assert "unknown-row" in {issue.kind for issue in report.issues}


def test_figures_beside_other_handled_are_left_out_where_its_three_rows_have_theirs() -> None:
    unpaid = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    report = parse(as_html([APPLICANTS, ["一、本年新收政府信息公开申请数量", *"1000001"], ["（六）其他处理", *"3000003"],
                            [unpaid, *"1000001"], ["3.其他", *"2000002"]]))
    assert list(report.tables.requests) == ["new_received", "other_fee_unpaid", "other_misc"]
    assert "unknown-row" in {issue.kind for issue in report.issues}


def test_the_head_of_the_next_table_goes_on_from_no_row_of_figures() -> None:
    results = ["类别", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    requests = [APPLICANTS, ["一、本年新收政府信息公开申请数量", *"1000001"], ["申请方式：网络申请", *"6897291"]]
    remedies = [results, ["行政复议", *"10001"], ["未经复议直接起诉", *"00202"], ["复议后起诉", *"00000"]]
    data = as_html(requests) + as_html(remedies)
    assert [cell.value for cell in parse(data).tables.remedies.values()] == [1, 0, 0, 0, 1, 0, 0, 2, 0, 2, 0, 0, 0, 0, 0]


def test_a_head_moved_by_a_row_between_is_read_in_order_although_its_rows_stand_in_another_table() -> None:
    head = "<tr><td rowspan=3 colspan=2>项目</td><td colspan=7>申请人情况</td></tr><tr><td colspan=9></td></tr>" \
           "<tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr>" \
           "<tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>"
    rows = as_html([["一、本年新收政府信息公开申请数量", *"102003", "6"], ["二、上年结转政府信息公开申请数量", *"0000000"],
                    ["四、结转下年度继续办理", *"0000000"]])
    found = parse(f"<table>{head}</table>".encode() + rows).tables.requests["new_received"]
    assert [cell.value for cell in found.values()] == [1, 0, 2, 0, 0, 3, 6]


def test_a_row_that_this_years_table_lost_is_not_taken_from_last_years() -> None:
    this = as_html([APPLICANTS, *([label, *"2000002"] for label in REQUESTED[1:])])
    last = as_html([APPLICANTS, *([label, *"9000009"] for label in REQUESTED)])
    title, caption = "<p>射阳县林业局2023年政府信息公开工作年度报告</p>", "<p>附：2022年数据（供对比）</p>"
    found = parse(title.encode() + this + caption.encode() + last).tables.requests
    assert "new_received" not in found
    assert {cells["total"].value for cells in found.values()} == {2}


def test_a_row_of_the_form_of_2021_that_is_called_like_an_indicator_makes_no_annex() -> None:
    own_head = as_html([APPLICANTS]) + as_html([*([label, *"1000001"] for label in REQUESTED), ["其中：网络申请", *"4000004"]])
    found = parse(own_head).tables
    assert (len(found.requests), dict(found.stat2014)) == (len(REQUESTED), {})


def test_a_blank_applicant_does_not_make_a_row_fit_a_head_that_lacks_another() -> None:
    head = ["项目", "自然人", "商业企业", "科研机构", "", "法律服务机构", "其他", "总计"]
    rows = as_html([["一、本年新收政府信息公开申请数量", "", *"50020", "7"], ["（七）总计", "", *"12030", "6"]])
    for cells in parse(as_html([head]) + rows).tables.requests.values():
        assert cells["natural_person"].value is None


PARTED = "5.要求行政机关确认或重新出具已获取信息"


def parted(figures: Sequence[Drawn], *, row: str = "rejected_reconfirm", label: str = PARTED, again: int = 0,
           before: int = 0) -> Tables:
    """A row whose figures end a page, `before` rows early, and whose label begins the next one below `again` lines of head."""
    head, body = drawn()
    at = list(FULL).index(row)
    lower: list[Drawn] = [(label, 1, 1), *[("", 1, 1)] * 7]
    return read(grid([*head, *body[: at - before], [("", 1, 1), *figures]]),
                grid([*head[:again], lower, *body[at + 1 :]], "page 2"))


def figures_of(row: str) -> list[Drawn]:
    return [(str(FULL[row][column]), 1, 1) for column in COLUMNS]


@pytest.mark.parametrize("again", [0, 1, 2, 3])
def test_figures_that_end_a_page_are_of_the_label_that_begins_the_next(again: int) -> None:
    found = parted(figures_of("rejected_reconfirm"), again=again)
    assert shown(found) == FULL
    assert kinds(found) & {"page-split", "unknown-row"} == {"page-split"}


def test_a_blank_among_figures_parted_from_their_label_stays_a_blank() -> None:
    figures = figures_of("rejected_reconfirm")
    figures[2] = ("", 1, 1)
    cells = parted(figures).requests["rejected_reconfirm"]
    assert [cell.value for cell in cells.values()] == [
        None if at == 2 else value for at, value in enumerate(FULL["rejected_reconfirm"].values())]


def test_the_last_row_of_the_form_may_be_parted_too() -> None:
    last = list(FULL)[-1]
    assert shown(parted(figures_of(last), row=last, label="四、结转下年度继续办理")) == FULL


def test_figures_that_end_a_page_are_of_no_row_that_is_not_the_next_of_the_form() -> None:
    found = parted(figures_of("rejected_excessive"), before=1)
    assert {cell.status for cell in found.requests["rejected_reconfirm"].values()} == {"position_lost"}
    assert "position-lost" in kinds(found)


def test_figures_too_few_for_their_places_are_lost_and_never_blank() -> None:
    found = parted([("3", 1, 1), ("4", 1, 1)]).requests["rejected_reconfirm"]
    assert {cell.status for cell in found.values()} == {"position_lost"}


def test_numbers_of_columns_that_end_a_page_are_of_no_row() -> None:
    """Without a row above them only the sums show that they are figures."""
    head, body = drawn()
    numbered: list[Drawn] = [("", 1, 1), *[(str(n), 1, 1) for n in range(1, 8)]]
    blank: list[Drawn] = [("一、本年新收政府信息公开申请数量", 1, 1), *[("", 1, 1)] * 7]
    found = read(grid([*head, numbered]), grid([blank, *body[1:]], "page 2"))
    assert {cell.value for cell in found.requests["new_received"].values()} == {None}


def test_figures_that_all_stand_a_line_from_their_labels_are_given_to_none_by_a_page() -> None:
    """Each label has its figures a line below: what ends the page is of the label above it, not of the one behind."""
    head, body = drawn()
    lines = [half for row in body for half in ([*row[:-7], *[("", 1, 1)] * 7], [*[("", c[1], 1) for c in row[:-7]], *row[-7:]])]
    flat_ = [[(c[0], c[1], 1) if not isinstance(c, str) else c for c in line] for line in lines]
    at = 2 * list(FULL).index("carried_in")
    found = shown(read(grid([*head, *flat_[:at]]), grid(flat_[at:], "page 2")))
    assert [(row, c) for row, cells in found.items() for c, n in cells.items() if n not in (None, FULL[row][c])] == []
