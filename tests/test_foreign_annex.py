"""Annexes of before 2019 as provinces print them: no figure under another row's name, own rows under their own.

`NIANBAO_FOREIGN=200 pytest tests/test_foreign_annex.py` reads that many of each drawing; by default ten.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from parsers import parse
from parsers.schema import load
from tests.foreign import annex, html, plain, word
from tests.foreign.judge import score

EACH = int(os.environ.get("NIANBAO_FOREIGN", "10"))
OLD_LIST = load("tables")["local_pre2014_fields"]


@pytest.mark.parametrize("drawing", ["plain", "divisions", "word", "bars", "tabs", "boxed"])
def test_every_row_of_an_annex_is_found_by_its_words(drawing: str) -> None:
    for seed in range(EACH):
        made = annex.invent(seed)
        data = (word.file(made, "runs") if drawing == "word" else html.page(made, drawing) if drawing in html.DRAWINGS
                else plain.text(made, drawing))
        assert score(made, parse(data).to_json()).notes == [], (seed, made.shapes)


def page(rows: Sequence[Sequence[str]]) -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<p>附件：政府信息公开情况统计表</p><table border=1>{body}</table>".encode()


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 0, 1, 3), (0, 2, 1, 3), (2, 0, 3)])
@pytest.mark.parametrize("halves", [False, True])
def test_the_old_local_list_is_read_by_code_and_words(order: Sequence[int], halves: bool) -> None:
    head = ("指标名称", "单位", "代码", "数值")
    rows = [(field["label"], field["unit"], field["code"], str(100 + at)) for at, field in enumerate(OLD_LIST)]
    lines = [[row[at] for at in order] for row in (head, *rows)]
    if halves:
        blank = [""] * len(order)
        left, right = lines[1:19], [*lines[19:], blank]
        lines = [[*lines[0], *lines[0]], *([*a, *b] for a, b in zip(left, right, strict=True))]
    report = parse(page(lines))
    assert {name: cell.value for name, cell in report.tables.stat2014.items()} == {
        field["id"]: 100 + at for at, field in enumerate(OLD_LIST)}
    assert report.tables.formats == {"stat2014": "f2008s"}


def test_a_row_number_is_no_code_and_no_figure() -> None:
    rows = [("序号", "统计指标", "单位", "统计数"),
            ("1", "主动公开政府信息数", "条", "12"), ("2", "其中：主动公开规范性文件数", "条", "3"),
            ("3", "制发规范性文件总数", "件", "3"), ("4", "收到申请数", "件", "5")]
    read = parse(page(rows)).tables.stat2014
    assert {name: cell.value for name, cell in read.items()} == {
        "s14_published_total": 12, "s14_normdocs_published": 3, "s14_normdocs_made": 3, "s14_received": 5}


@pytest.mark.parametrize("local", [
    "分管负责同志参加新闻发布会次数", "政务公开栏公开政府信息数", "主动公开政府文件数", "逾期办结数", "邮件申请数",
    "涉及工作秘密", "热线电话回应事件数", "不同意部分公开答复数", "临时人员数", "省政府网站公开政府信息数"])
def test_a_province_s_own_row_keeps_its_own_name(local: str) -> None:
    rows = [("统计指标", "单位", "统计数"), ("主动公开政府信息数", "条", "12"), ("政府公报公开政府信息数", "条", "1"),
            ("收到申请数", "件", "5"), (local, "条", "77")]
    read = parse(page(rows)).tables.stat2014
    assert {name: cell.value for name, cell in read.items()} == {
        "s14_published_total": 12, "s14_via_gazette": 1, "s14_received": 5, f"local:{local}": 77}


def test_last_year_s_column_is_not_this_year_s() -> None:
    rows = [("统计指标", "单位", "本年数", "上年数"), ("主动公开政府信息数", "条", "12", "9"),
            ("制发规范性文件总数", "件", "3", "8"), ("收到申请数", "件", "5", "6")]
    read = parse(page(rows)).tables.stat2014
    assert [cell.value for cell in read.values()] == [12, 3, 5]


def test_the_unit_printed_in_a_label_is_the_unit() -> None:
    rows = [("统计指标", "统计数"), ("收到申请数（件）", "5"), ("申请办结数（件）", "5"),
            ("依申请公开信息收取的费用（元）", "500")]
    read = parse(page(rows)).tables.stat2014
    assert (read["s14_fees_wan"].unit, read["s14_fees_wan"].value_yuan) == ("元", 500)


def test_of_two_years_beside_each_other_the_later_is_read() -> None:
    rows = [("主动公开政府信息数", "条", "3", "5"), ("制发规范性文件总数", "件", "1", "2"), ("收到申请数", "件", "7", "8"),
            ("当面申请数", "件", "6", "4")]
    for years in (("2016年", "2017年"), ("2017年度", "2016年度")):
        table = [("统计指标", "单位", *years), *rows]
        page = "<table>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in table) + "</table>"
        found = parse(page.encode()).tables.stat2014
        at = 3 if years[1].startswith("2017") else 2
        assert [cell.value for cell in found.values()] == [int(row[at]) for row in rows]


def test_codes_stand_behind_the_labels_although_numbers_stand_before_them() -> None:
    rows = [("序号", "统计指标", "代码", "统计数"), ("1", "主动公开政府信息数（条）", "01", "35"),
            ("2", "制发规范性文件总数（件）", "02", "4"), ("3", "收到申请数（件）", "03", "12"),
            ("4", "当面申请数（件）", "04", "0")]
    page = "<table>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows) + "</table>"
    assert [cell.value for cell in parse(page.encode()).tables.stat2014.values()] == [35, 4, 12, 0]


@pytest.mark.parametrize("head", [("名目", "", "", ""), ("指标名称", "单位", "", "数值")])
def test_a_local_list_is_told_by_its_codes_although_its_head_is_lost(head: Sequence[str]) -> None:
    fields = load("tables")["local_pre2014_fields"]
    rows = [head, *((f["label"], f["unit"], f["code"], str(n)) for n, f in enumerate(fields))]
    page = "<table>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows) + "</table>"
    found = parse(page.encode()).tables.stat2014
    assert found
    assert {name for name in found if not name.startswith("loc_")} == set()
    assert all(cell.value == int(name[4:]) - 1 for name, cell in found.items())
