"""A whole report on one sheet, each paragraph a row of the table; and columns of a table that print nothing at all."""

from __future__ import annotations

import pytest

from parsers import parse

TEXT = [
    "射阳县林业局2023年政府信息公开工作年度报告",
    "根据《中华人民共和国政府信息公开条例》要求，由射阳县林业局编制本报告，统计期限自2023年1月1日起至2023年12月31日止。",
    "一、总体情况", "2023年，我局以公开为常态、不公开为例外，全年主动公开各类信息204条，其中政策文件23条，回应关切4次。",
    "三、收到和处理政府信息公开申请情况",
]
ROWS = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开",
        "（七）总计", "四、结转下年度继续办理"]
FIGURES = [["", "2", "", "", "", "1", "3"], ["", "", "", "", "", "1", "1"], ["", "2", "", "", "", "2", "4"],
           ["", "2", "", "", "", "2", "4"], [""] * 7]
HEAD = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
END = ["五、存在的主要问题及改进情况", "公开的时效性有待增强，解读形式较为单一，下一步将加强培训。",
       "六、其他需要报告的事项", "无"]
EXPECTED = [[None, 2, None, None, None, 1, 3], [None] * 5 + [1, 1], [None, 2, None, None, None, 2, 4],
            [None, 2, None, None, None, 2, 4], [None] * 7]


def row(cells: list[str], first: str = "") -> str:
    return "<tr>" + first + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def table(*, own_head: bool, before: str = "", after: str = "") -> str:
    head = f"<tr>{before}<td colspan=3></td>" + "".join(f"<td>{cell}</td>" for cell in HEAD) + f"{after}</tr>"
    body = [f"<tr>{before}<td colspan=3>{label}</td>" + "".join(f"<td>{cell}</td>" for cell in figures) + f"{after}</tr>"
            for label, figures in zip(ROWS, FIGURES, strict=True)]
    body[2] = body[2].replace("<td colspan=3>", "<td>三、本年度办理结果</td><td colspan=2>")
    return f"<table>{head}{'</table><table>' if own_head else ''}{''.join(body)}</table>"


def values(html: str) -> list[list[object]]:
    return [[cell.value for cell in cells.values()] for cells in parse(html.encode()).tables.requests.values()]


@pytest.mark.parametrize("own_head", [False, True])
@pytest.mark.parametrize(("before", "after"), [("", ""), ("", "<td></td>"), ("<td></td>", ""), ("<td></td>", "<td></td>")])
def test_a_column_without_any_print_moves_no_figure(own_head: bool, before: str, after: str) -> None:
    words = "".join(f"<p>{line}</p>" for line in TEXT)
    found = values(words + table(own_head=own_head, before=before, after=after))
    assert all(got in (value, None) for line, expected in zip(found, EXPECTED, strict=True)
               for got, value in zip(line, expected, strict=True))
    assert own_head or found == EXPECTED


def test_a_report_on_one_sheet_has_its_title_its_sections_and_its_cells() -> None:
    def said(lines: list[str]) -> str:
        return "".join(f"<tr><td colspan=8>{line}</td></tr><tr><td></td></tr>" for line in lines)

    rows = row(["", *HEAD]) + "".join(row([label, *figures]) for label, figures in zip(ROWS, FIGURES, strict=True))
    report = parse(f"<html><body><table>{said(TEXT)}{rows}{said(END)}</table></body></html>".encode())
    assert report.title == TEXT[0]
    assert (report.tags["agency"].value, report.tags["year"].value) == ("射阳县林业局", 2023)
    assert [s.id for s in report.sections] == ["preamble", "overview", "requests", "problems", "other"]
    assert [[cell.value for cell in cells.values()] for cells in report.tables.requests.values()] == EXPECTED


def test_a_remark_below_a_table_does_not_part_it() -> None:
    remark = "<tr><td colspan=8>注：本表数据截至2023年12月31日，与上年口径一致。</td></tr>"
    rows = row(["", *HEAD]) + "".join(row([label, *figures]) for label, figures in zip(ROWS[:3], FIGURES, strict=False))
    more = "".join(row([label, *figures]) for label, figures in zip(ROWS[3:], FIGURES[3:], strict=True))
    assert values(f"<p>{TEXT[0]}</p><table>{rows}{remark}{more}</table>") == EXPECTED
