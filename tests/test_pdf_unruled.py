"""Tables without rules as browsers and offices print them: what the eye puts together is together, and nothing else."""

from __future__ import annotations

from parsers.models import Grid, Paragraph
from parsers.readers import pdf
from tests.pages import bound, page, text

LINE = 12             # points from line to line inside a cell
HEAD = (text(60, 750, "项目"), text(250, 750, "自然人"), text(350, 750, "总计"))


def read(*parts: str) -> list[list[str]]:
    """The rows of every grid on one page."""
    return [[cell.text for cell in row] for block in pdf.read(bound(page(*parts))).blocks if isinstance(block, Grid)
            for row in block.rows()]


def row(y: float, *figures: str, at: tuple[float, ...] = (250, 350)) -> tuple[str, ...]:
    return tuple(text(x, y, figure) for x, figure in zip(at, figures, strict=True) if figure)


def test_figures_in_the_middle_of_labels_of_two_lines_are_their_row() -> None:
    labels = ("1.属于国|家秘密", "2.其他法|律禁止", "3.危及三|安全", "4.保护第三|方权益")
    parts = [part for at, label in enumerate(labels) for part in (
        text(60, 730 - 30 * at, label.split("|")[0]), text(60, 730 - 30 * at - LINE, label.split("|")[1]),
        *row(724 - 30 * at, str(10 + at), str(20 + at)))]
    assert read(*HEAD, *parts)[1:] == [
        [label.replace("|", "\n"), str(10 + at), str(20 + at)] for at, label in enumerate(labels)]


def test_rows_are_told_from_their_numbers_in_front() -> None:
    parts = [part for at in range(4) for part in (
        text(30, 730 - 20 * at, str(at + 1)), text(60, 730 - 20 * at, f"第{'一二三四'[at]}类申请"),
        *row(730 - 20 * at, "5", "7"))]
    assert read(*HEAD, *parts)[1:] == [[str(at + 1), f"第{'一二三四'[at]}类申请", "5", "7"] for at in range(4)]


def test_a_counted_row_without_figures_keeps_its_number_and_its_blanks() -> None:
    parts = [part for at in range(5) for part in (
        text(30, 730 - 20 * at, str(at + 1)), text(60, 730 - 20 * at, f"第{'一二三四五'[at]}类申请"),
        *row(730 - 20 * at, *(("", "") if at == 2 else ("5", "7"))))]
    assert read(*HEAD, *parts)[3] == ["3", "第三类申请", "", ""]


def test_figures_that_only_look_like_a_count_stay_figures() -> None:
    parts = [part for at in range(4) for part in (
        text(60, 730 - 20 * at, f"第{'一二三四'[at]}类"), *row(730 - 20 * at, str(at + 1), "9"))]
    assert [cells[1:] for cells in read(*HEAD, *parts)[1:]] == [[str(at + 1), "9"] for at in range(4)]


def test_a_nought_in_words_is_a_figure() -> None:
    parts = [part for at, figure in enumerate(("零", "3", "〇")) for part in (
        text(60, 730 - 20 * at, f"第{'一二三'[at]}类"), *row(730 - 20 * at, figure, "零"))]
    assert [cells[1:] for cells in read(*HEAD, *parts)[1:]] == [["零", "零"], ["3", "零"], ["〇", "零"]]


def test_a_heading_of_the_form_between_two_tables_is_no_row() -> None:
    heading = "四、政府信息公开行政复议、行政诉讼情况"
    parts = (*HEAD, text(60, 740, "（七）总计"), *row(740, "1", "2"), text(60, 720, "结转下年度"), *row(720, "3", "4"),
             text(60, 700, heading), text(60, 680, "结果维持"), text(250, 680, "结果纠正"), text(350, 680, "总计"), *row(
                 660, "5", "6", "7", at=(60, 250, 350)), *row(640, "5", "6", "7", at=(60, 250, 350)))
    blocks = pdf.read(bound(page(*parts))).blocks
    assert heading in [block.text for block in blocks if isinstance(block, Paragraph)]
    assert sum(isinstance(block, Grid) for block in blocks) == 2


def test_figures_of_two_columns_are_not_one_where_they_come_near() -> None:
    figures = (("1", "9"), ("2", "13"), ("39", "26"))          # 39 ends 3 points before its neighbour
    parts = [part for at, pair in enumerate(figures) for part in (
        text(60, 730 - 20 * at, f"第{'一二三'[at]}类"), *row(730 - 20 * at, *pair, at=(250, 263)))]
    head = text(60, 760, "项目"), text(240, 760, "其他"), text(263, 760, "总计")
    assert [cells[1:] for cells in read(*head, *parts)[-3:]] == [list(pair) for pair in figures]


def test_a_figure_right_behind_its_label_stands_in_its_column() -> None:
    parts = [part for at, label in enumerate(("规章", "规范性文件很多很", "行政许可")) for part in (
        text(170 if at == 1 else 60, 730 - 20 * at, label), *row(730 - 20 * at, str(at), "8"))]
    assert [cells[-3:] for cells in read(*HEAD, *parts)[1:]] == [
        ["规章", "0", "8"], ["规范性文件很多很", "1", "8"], ["行政许可", "2", "8"]]


def test_a_row_whose_label_swallowed_a_figure_says_nothing_of_blanks() -> None:
    """Glued to the label and in no column of its own: which figure is missing cannot be known."""
    parts = (*HEAD, text(60, 740, "规章"), *row(740, "1", "2"), text(60, 720, "规范性文件00"), *row(720, "", "3"),
             text(60, 700, "行政许可"), *row(700, "4", "5"))
    found = {cells[0]: cells[1:] for cells in read(*parts)}
    assert found["规章"] == ["1", "2"]
    assert "" not in found["规范性文件00"]


def test_figures_of_the_next_row_are_no_rest_of_a_broken_number() -> None:
    parts = (*HEAD, text(60, 740, "第一类"), *row(740, "400", "0"), *row(727, "452", "1"),
             text(60, 710, "第二类"), *row(710, "31", "2"))
    assert not {"400\n452", "400452", "01", "0\n1"} & {cell for cells in read(*parts) for cell in cells}


def test_group_labels_share_the_rows_that_they_stand_in_the_middle_of() -> None:
    lower = ("制发", "废止", "有效")
    parts = [part for group, name in enumerate(("规章", "规范文件")) for at, label in enumerate(lower) for part in (
        text(140, 730 - 20 * (3 * group + at), label), *row(730 - 20 * (3 * group + at), "6", "7"),
        *([text(60, 730 - 20 * (3 * group + at), name)] if at == 1 else []))]
    grid = next(block for block in pdf.read(bound(page(*HEAD, *parts))).blocks if isinstance(block, Grid))
    assert [(cell.text, cell.row, cell.rowspan) for cell in grid.cells if cell.text in ("规章", "规范文件")] == [
        ("规章", 1, 3), ("规范文件", 4, 3)]
