"""Rows taken in one step say what the walk over their elements says; cells in flow stand where a browser puts them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from parsers import grids
from parsers.exceptions import TooLarge
from parsers.grids import Flow, Sketch
from parsers.models import Document, Grid, GridCell
from parsers.page import content, plain
from parsers.readers import html

WORDS = st.sampled_from(("", " ", "0", "信息内容", "\u3000", "&nbsp;3 ", "一、<b>总体</b>情况", "\n甲\n乙 ", "长" * 70))
TAGS = st.sampled_from(("p", "div", "br", "center", "span", "ul", "li", "h3", "section", "table><tr><td", "ol", "pre"))
INNER = st.recursive(WORDS, lambda inner: st.builds("{0}<{2}>{1}</{2}>{0}".format, inner, inner, TAGS), max_leaves=6)
SPANS = st.sampled_from(("", "", "", " rowspan=2", " colspan=3", " rowspan=0", " class='x' colspan=2", " rowspan=3 colspan=2"))
CELLS = st.builds("<{2}{1}>{0}</{2}>{3}".format, INNER, SPANS, st.sampled_from(("td", "td", "td", "th", "p")), WORDS)
LOOSE = st.sampled_from(("", "", "\n", "字"))
ROWS = st.builds("{1}<tr>{1}{0}</tr>{1}".format, st.lists(CELLS, max_size=5).map("".join), LOOSE)
TABLES = st.builds("<table>{}</table>".format, st.lists(ROWS, min_size=1, max_size=5).map("".join))
PIECES = st.one_of(TABLES, TABLES, INNER, st.builds("<ol><li>{}</li></ol>".format, TABLES))
PAGES = st.lists(PIECES, min_size=1, max_size=3).map("".join)


def read(page: str) -> Document | str:
    try:
        return html.read(f"<html><body>{page}<p>全年没有收到申请。</p></body></html>".encode())
    except TooLarge as error:
        return str(error)


@settings(deadline=None)
@given(PAGES)
def test_a_row_of_plain_cells_is_read_in_one_step_as_by_the_walk(page: str) -> None:
    quick = read(page)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "cells", lambda row: None)
        assert read(page) == quick


def shown(rows: Sequence[Sequence[tuple[int, int]]]) -> dict[tuple[int, int], int]:
    """Which cell, by number, a browser shows at every place: each goes to the first free one of its row; none over another."""
    places: dict[tuple[int, int], int] = {}
    number = 0
    for row, cells in enumerate(rows):
        column = 0
        for tall, wide in cells:
            while (row, column) in places:
                column += 1
            width = next((n for n in range(1, wide) if (row, column + n) in places), wide)
            for y in range(row, min(row + tall, len(rows))):
                places |= {(y, x): number for x in range(column, column + width)}
            column, number = column + width, number + 1
    return places


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=6), min_size=1, max_size=8))
def test_cells_in_flow_stand_where_a_browser_shows_them(rows: list[list[tuple[int, int]]]) -> None:
    rows = [[(1, 1)] * 100, *rows]          # a cell begins in every column, so that none is dropped
    flows = [[Flow((grids.Line("字"),), "字", tall, wide) for tall, wide in row] for row in rows]
    (sketch,) = grids.place(flows)
    assert isinstance(sketch, Sketch)
    places = {(y, x): number for number, cell in enumerate(sketch.cells) for y in range(cell.row, cell.row + cell.rowspan)
              for x in range(cell.column, cell.column + cell.colspan)}
    assert places == shown(rows)


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("一、十部分3鿿一龥𠀀字"))))
def test_chinese_characters_and_numbers_of_headings_are_counted_as_patterns_count_them(text: str) -> None:
    assert content._chinese(text) == len(re.findall("[\u4e00-\u9fff]", text))
    chapters = re.findall(r"[一二三四五六七八九十](?:、|部分)", text)
    figures = re.findall(r"(?<!\d)\d{1,2}、(?=[\u4e00-\u9fff])", text)
    assert content._headings(text) == len(chapters) + len(figures)


@pytest.mark.parametrize("entries", ["栏目{}", "{}、栏目", "第{}部分"])
def test_a_menu_judged_as_a_whole_is_taken_out_as_one_judged_entry_by_entry(entries: str) -> None:
    menu = "".join(f"<li class='nav-item'>{entries.format(n)}</li>" for n in range(30))
    page = f"<html><body><ul>{menu}</ul><div id='x'>{'全年没有收到申请。' * 200}</div></body></html>"
    quick = html.read(page.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "_is_menu", lambda *_: False)
        assert html.read(page.encode()) == quick


def test_one_table_in_a_cell_that_is_repeated_has_places_of_its_own_each_time() -> None:
    cells = [GridCell(0, n, "字") for n in range(2)]
    first, second = grids.finish([Sketch(cells), Sketch(cells)])
    assert isinstance(first, Grid) and isinstance(second, Grid)
    assert [cell.where for cell in (*first.cells, *second.cells)] == ["table 1 row 1"] * 2 + ["table 2 row 1"] * 2


def test_words_in_paragraphs_of_a_cell_are_lines_however_deep() -> None:
    for depth in (1, 3, 20):
        cell = etree.fromstring("<td>" + "<div>" * depth + "甲<br/>乙" + "</div>" * depth + "</td>")
        row = etree.Element("tr")
        row.append(cell)
        found = plain.cells(row)
        assert found is None if depth > 8 else found is not None and [each.text for each in found] == ["甲\n乙"]
