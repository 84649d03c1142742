"""Tables on their side, their rows the applicants, are stood up whole: over pages, and among other tables in one frame."""

from __future__ import annotations

import pytest

from parsers.models import Grid, GridCell
from parsers.tables.lines import lines

HEAD = ["申请人", "（一）予以公开", "（二）部分公开", "（七）总计"]
ROWS = [["自然人", "1", "2", "3"], ["商业企业", "4", "5", "9"], ["科研机构", "6", "7", "13"], ["其他", "0", "0", "0"],
        ["总计", "11", "14", "25"]]


def grid(rows: list[list[str]], page: int) -> Grid:
    return Grid(tuple(GridCell(at, column, text, f"page {page} row {at + 1}") for at, row in enumerate(rows)
                      for column, text in enumerate(row)), f"page {page}")


def read(*grids: Grid) -> list[list[str]]:
    return [[slot.text for slot in line.slots] for line in lines(grids)]


UPRIGHT = read(grid([HEAD, *ROWS], 1))


def test_a_table_on_its_side_is_stood_up() -> None:
    assert UPRIGHT[1] == ["（一）予以公开", "1", "4", "6", "0", "11"]


@pytest.mark.parametrize("again", [[], [HEAD]], ids=["head once", "head again"])
@pytest.mark.parametrize("cut", range(1, len(ROWS)))
def test_one_that_goes_on_over_a_page_is_stood_up_whole(cut: int, again: list[list[str]]) -> None:
    assert read(grid([HEAD, *ROWS[:cut]], 1), grid([*again, *ROWS[cut:]], 2)) == UPRIGHT


def test_a_name_cut_by_the_page_is_whole() -> None:
    upper, lower = ["商业", *ROWS[1][1:]], ["企业", "", "", ""]
    assert read(grid([HEAD, ROWS[0], upper], 1), grid([HEAD, lower, *ROWS[2:]], 2)) == UPRIGHT


def test_other_tables_in_the_same_frame_stay_as_they_are() -> None:
    above, below = ["行政许可", "本年处理决定数量", "7", ""], ["行政复议", "结果维持", "8", ""]
    assert read(grid([above, HEAD, *ROWS, below], 1)) == [above, *UPRIGHT, below]
