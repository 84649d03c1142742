"""Flattened text: which lines are paragraphs, which are rows, and where their cells end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import outline, parse, tables
from parsers.exceptions import Empty
from parsers.models import Document, Grid, Paragraph
from parsers.readers import text

GOLDEN = Path(__file__).parent / "golden" / "text"


def read(words: str) -> Document:
    return text.read(words.encode())


def rows(document: Document, number: int = 0) -> list[list[str]]:
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    return [[cell.text.strip() for cell in row] for row in grids[number].rows()]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def test_a_cell_per_line_behind_a_tab_with_blank_lines_between_rows() -> None:
    found = read(
        "二、主动公开政府信息情况\n\t信息内容\n\t本年新\n制作数量\n\t对外公开总数量\n\n\t规章\n\t0\n\t\n\n\n三、其他\n正文在此。"
    )
    assert rows(found) == [["信息内容", "本年新\n制作数量", "对外公开总数量"], ["规章", "0", ""]]
    assert paragraphs(found) == ["二、主动公开政府信息情况", "三、其他", "正文在此。"]
    assert [cell.where for cell in found.blocks[1].cells][:3] == ["line 2", "line 3", "line 5"]  # type: ignore[union-attr]


def test_a_covered_first_cell_is_a_blank_cell() -> None:
    assert rows(read("\t三、办理结果\n\t予以公开\n\t1\n\t2\n\n\t\n\t部分公开\n\t0\n\t0\n")) == [
        ["三、办理结果", "予以公开", "1", "2"],
        ["", "部分公开", "0", "0"],
    ]


def test_cells_between_tabs_keep_their_blanks_and_a_blank_line_cuts_the_table() -> None:
    found = read("信息内容\t本年\t\t\n规章\t0\t\t3\n\n行政许可\t7\t\t\n")
    assert rows(found) == [["信息内容", "本年", "", ""], ["规章", "0", "", "3"]]
    assert rows(found, 1) == [["行政许可", "7", "", ""]]


def test_pipes_with_and_without_outer_pipes() -> None:
    assert rows(read("信息内容 | 本年 | 上年 | |\n规章 | 0 | 1")) == [
        ["信息内容", "本年", "上年", "", ""],
        ["规章", "0", "1"],
    ]
    assert rows(read("| 信息内容 | 本年 |\n| --- | :-: |\n| 规章 |  |")) == [
        ["信息内容", "本年"],
        ["规章", ""],
    ]


def test_marks_of_headings_become_levels() -> None:
    found = read(
        "# 某局2022年政府信息公开工作年度报告\n\n## 一、总体情况\n\n正文。\n\n#### 二、主动公开政府信息情况"
    )
    assert [(b.text, b.heading) for b in found.blocks if isinstance(b, Paragraph)] == [
        ("某局2022年政府信息公开工作年度报告", 1),
        ("一、总体情况", 2),
        ("正文。", 0),
        ("二、主动公开政府信息情况", 4),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "信息内容,本年制发件数,现行有效件数\n规章,0,0\n行政规范性文件,2,4\n其他,1,",
        "信息内容   本年制发件数   现行有效件数\n规章   0   0\n行政规范性文件   2   4\n其他  1",
        "信息内容 本年制发件数 现行有效件数\n规章 0 0\n行政规范性文件 2 4\n其他 1",
        "信息内容　　本年制发件数　　现行有效件数\n规章　　0　　0\n行政规范性文件　　2　　4\n其他　　1",
    ],
)
def test_rows_without_marks(words: str) -> None:
    found = rows(read(f"二、主动公开政府信息情况\n{words}\n三、收到和处理政府信息公开申请情况\n无。"))
    assert found[:3] == [
        ["信息内容", "本年制发件数", "现行有效件数"],
        ["规章", "0", "0"],
        ["行政规范性文件", "2", "4"],
    ]
    assert found[3][:2] == ["其他", "1"]


def test_one_cell_per_line_without_any_mark_is_a_column_of_cells() -> None:
    found = read(
        "二、主动公开政府信息情况\n信息内容\n本年制发件数\n现行有效件数\n规章\n0\n0\n行政规范性文件\n2\n4\n三、收到和处理政府信息公开申请情况"
    )
    assert rows(found) == [
        [word]
        for word in ["信息内容", "本年制发件数", "现行有效件数", "规章", "0", "0", "行政规范性文件", "2", "4"]
    ]
    assert paragraphs(found) == ["二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]


@pytest.mark.parametrize(
    "words",
    [
        "2022年,我局公开信息103条,其中政策解读5条,办事指南20条。\n收到申请3件,均已答复。",
        "联系电话 0000 123456\n邮编 100000\n某某局",
        "\t一、总体情况\n\t我局认真落实条例，全年公开信息103条，按时更新栏目，完善制度，组织培训，听取意见，逐条整改，年内没有发生责任追究的情形，群众满意度持续提升，窗口服务更加便捷，线上线下同步办理。",
        "首页 > 政务公开 > 年报\n某局\n2022年1月10日",
    ],
)
def test_prose_is_no_table(words: str) -> None:
    assert not [block for block in read(words).blocks if isinstance(block, Grid)]


def test_the_last_paragraph_of_a_table_is_not_swallowed() -> None:
    found = read("\t规章\n\t0\n\t0\n我局今年没有制发规章。\n落款")
    assert rows(found) == [["规章", "0", "0"]]
    assert paragraphs(found) == ["我局今年没有制发规章。", "落款"]


def test_figures_wrapped_in_a_narrow_cell_stay_in_their_cell() -> None:
    assert rows(read("\t规章\n\t62854\n1\n\t0\n")) == [["规章", "62854\n1", "0"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_the_country(encoding: str) -> None:
    assert paragraphs(text.read("某局2022年度政府信息公开工作报告，现予公布。".encode(encoding))) == [
        "某局2022年度政府信息公开工作报告，现予公布。"
    ]


def test_every_kind_of_line_end_counts_as_one_line() -> None:
    found = read("甲\r\n乙\r丙\n\n丁")
    assert [block.where for block in found.blocks] == ["line 1", "line 2", "line 3", "line 5"]


def test_an_empty_file_says_so() -> None:
    with pytest.raises(Empty, match="nothing but white space"):
        read(" \n\t\n\u3000")


@given(st.text(alphabet="一二三0123 \t|,，。\n#情况", max_size=120))
def test_no_text_breaks_the_reader_and_no_word_is_lost(words: str) -> None:
    try:
        found = read(words)
    except Empty:
        return
    seen = "".join(
        b.text if isinstance(b, Paragraph) else "".join(c.text for c in b.cells) for b in found.blocks
    )
    kept = str.maketrans("", "", ' \t\n|,#-:"')
    assert sorted(seen.translate(kept)) == sorted(words.translate(kept))
    assert tables.find(found, outline.find(found)) is not None


# ---------------------------------------------------------------- golden


def shown(path: Path) -> dict[str, Any]:
    document = text.read(path.read_bytes())
    parts = outline.find(document)
    cells = tables.find(document, parts)
    return {
        "title": parts.title,
        "sections": [[s.id, s.title, s.where] for s in parts.sections],
        "formats": dict(cells.formats),
        "cells": {
            ".".join(filter(None, (table, row, column))): [
                c.raw,
                None if c.value is None else float(c.value),
                c.status,
                c.where,
            ]
            for table, row, column, c in cells.cells()
        },
        "issues": sorted({issue.kind for issue in parts.issues + cells.issues}),
    }


@pytest.mark.parametrize("case", sorted(GOLDEN.iterdir()), ids=lambda case: case.name)
def test_golden_text(case: Path) -> None:
    expected = case / "expected.json"
    found = shown(case / "input.txt")
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was missing and is written now: read it, then run the tests again")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_a_single_row_of_many_figures_between_commas_is_a_table() -> None:
    heads = ",".join(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3)
    said = "四、政府信息公开行政复议、行政诉讼情况\n行政复议,,,,,行政诉讼,,,,,,,,,\n" \
           f",,,,,未经复议直接起诉,,,,,复议后起诉,,,,\n{heads}\n" \
           "1,0,0,0,1,0,2,0,0,2,0,0,0,0,0\n五、存在的主要问题及改进情况\n公开不够及时。\n"
    found = parse(said.encode()).tables.remedies
    assert [cell.value for cell in found.values()] == [1, 0, 0, 0, 1, 0, 2, 0, 0, 2, 0, 0, 0, 0, 0]


def test_a_heading_between_tables_with_tabs_is_no_part_of_a_cell() -> None:
    said = "行政许可\t7\n行政处罚\t3\n三、依申请公开政府信息情况\n情况如下：\n" \
           "一、本年新收政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1\n"
    assert "三、依申请公开政府信息情况" in [getattr(block, "text", "") for block in text.read(said.encode()).blocks]


APPLICANTS = "自然人,1,0,2\n商业企业,0,0,0\n总计,1,0,2"


@pytest.mark.parametrize("long", ["", "，行政机关不再处理其政府信息公开申请" * 30])
def test_a_long_head_above_comma_separated_values_is_a_row_however_long(long: str) -> None:
    head = f'申请人,（一）予以公开,"（二）部分公开（区分处理的,只计这一情形）",（三）不予公开1.属于国家秘密{long}'
    found = read(f"三、收到和处理政府信息公开申请情况\n{head}\n{APPLICANTS}\n四、其他\n正文。")
    assert rows(found)[0][:3] == ["申请人", "（一）予以公开", "（二）部分公开（区分处理的,只计这一情形）"]
    assert rows(found)[0][3:] == [f"（三）不予公开1.属于国家秘密{long}"]
    assert len(rows(found)) == 4


def test_a_number_in_quotation_marks_keeps_its_commas() -> None:
    found = read(f'{APPLICANTS}\n其他, 1 ,　0," 2,323 "')
    assert rows(found)[-1] == ["其他", "1", "0", "2,323"]


def test_comma_separated_rows_of_blanks_are_rows() -> None:
    found = read("信息内容,本年制发件数,本年废止件数\n规章,\u3000,\u3000\n行政规范性文件,\u3000,1\n行政许可,,\n行政处罚,,")
    assert rows(found) == [["信息内容", "本年制发件数", "本年废止件数"], ["规章", "", ""], ["行政规范性文件", "", "1"],
                           ["行政许可", "", ""], ["行政处罚", "", ""]]


@pytest.mark.parametrize("mark", ["三、", "（三）", "(三)、", "第三部分 "])
def test_a_heading_of_the_form_parts_tables_however_it_is_numbered(mark: str) -> None:
    found = read(f"规章\t1\t2\n行政规范性文件\t0\t0\n{mark}收到和处理政府信息公开申请情况\n申请人\t予以公开\n"
                 "自然人\t1\n（三）不予公开\t2")
    assert paragraphs(found) == [f"{mark}收到和处理政府信息公开申请情况"]
    assert [len(rows(found, number)) for number in (0, 1)] == [2, 3]


ORGANISATIONS = ["法人或其他组织", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]


@pytest.mark.parametrize(("rows_of_values", "shown"), [
    (["1 1 0 0 0 0 0", "3 2 1 0 0 0 0"], {"total": 3, "natural_person": 2, "company": 1}),       # 总计 is the first column
    (["1 0 0 0 0 0 1", "2 1 0 0 0 0 3"], {"total": 3, "natural_person": 2, "company": 1}),       # 总计 hangs down at the end
    (["5 0 0 0 0 0 5", "0 0 0 0 0 0 0"], {"total": None, "natural_person": None, "company": None})])
def test_a_total_above_the_applicants_in_a_cell_a_line_is_placed_by_the_sums_alone(
        rows_of_values: list[str], shown: dict[str, int | None]) -> None:
    lines = ["三、收到和处理政府信息公开申请情况", "办理情况", "申请人情况", "总计", "自 然 人", *ORGANISATIONS]
    for label, values in zip(("（一）予以公开", "（二）部分公开"), rows_of_values, strict=True):
        lines += [label, *values.split()]
    report = parse("\n".join([*lines, "四、其他", "正文。"]).encode()).to_json()
    row = report["requests"]["partly_granted" if shown["total"] else "granted"]
    assert {column: row[column]["value"] for column in shown} == shown


@pytest.mark.parametrize(("line", "row"), [
    ("办理总计  2 253件  0  2 253件", ["办理总计", "2 253件", "0", "2 253件"]), ("2 253件", ["2 253件"]),
    ("总计 自 然 人 法人或其他组织", ["总计", "自然人", "法人或其他组织"]), ("其他;1;0;1", ["其他", "1", "0", "1"])])
def test_what_is_one_word_or_one_figure_stays_together(line: str, row: list[str]) -> None:
    assert rows(read(f"{line}\n规章;0;0;0\n行政许可;1;1;1\n行政处罚;0;1;0"))[0] == row


def test_a_row_of_which_only_the_label_is_there_is_no_row_of_blanks() -> None:
    report = parse(f"三、收到和处理政府信息公开申请情况\n自然人 {' '.join(ORGANISATIONS[1:])} 总计\n（一）予以公开\n"
                   "（二）部分公开 1 0 0 0 0 0 1\n（四）无法提供 1.本机关不掌握相关政府信息 2 0 0 0 0 0 2\n"
                   "四、其他\n正文。".encode()).to_json()
    assert {cell["status"] for cell in report["requests"]["granted"].values()} == {"position_lost"}
    assert report["requests"]["partly_granted"]["natural_person"]["value"] == 1


def test_figures_that_may_be_one_of_thousands_are_not_chosen_by_their_sums() -> None:
    report = parse(f"三、收到和处理政府信息公开申请情况\n自然人 {' '.join(ORGANISATIONS[1:])} 总计\n"
                   "（一）予以公开 2 253 0 0 0 0 0 2 253\n（二）部分公开 1 0 0 0 0 0 1\n四、其他\n正文。".encode()).to_json()
    assert {cell["value"] for cell in report["requests"]["granted"].values()} == {None}


def test_nothing_below_a_loose_table_is_lost_where_lines_of_a_table_above_were_joined() -> None:
    joined = "信息内容\n\t\n本年制发件数\n\t\n本年废止件数\n规章\n\t\n1\n\t\n2\n行政规范性文件\n\t\n4\n\t\n5\n"
    prose = "本机关在这一年度里认真落实各项要求，" * 5 + "。"
    loose = "主动公开 12\n依申请公开 3\n咨询 45\n投诉 6"
    told = [f"第{number}句话说明本年度的情况，" * 5 + "。" for number in "一二三"]
    found = read("\n".join([joined, prose, "", loose, "", *told]))
    assert [block.text for block in found.blocks if isinstance(block, Paragraph)] == [prose, *told]
