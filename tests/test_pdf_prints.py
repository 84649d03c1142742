"""What printing does to a page: marks over it, figures cut off at its edge, tables no rule holds together."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest

from parsers import Hints, parse, values
from parsers.models import Document, Grid
from parsers.readers import pdf
from tests.generator import Truth, make
from tests.generator.html import article, plain_line, plain_table
from tests.generator.html import page as markup
from tests.generator.judge import differences, read_cells
from tests.generator.pdf import chromium
from tests.pages import bound, frame, page, text

XS, YS = [100, 200, 300], [690, 710, 730]
WORDS = (text(110, 715, "规章"), text(210, 715, "12"), text(110, 695, "行政许可"), text(210, 695, "7"))


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def rows(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for grid in grids(document) for row in grid.rows()]


# ---------------------------------------------------------------- marks on figures, and words over them


def test_a_raised_figure_is_a_mark_and_no_digit() -> None:
    document = pdf.read(bound(page(frame(XS, YS), *WORDS, text(220, 719, "1", size=6))))
    assert rows(document)[0] == ["规章", "12¹"]
    assert values.cell("12¹").value in (12, None)


def test_a_raised_figure_that_found_no_room_on_the_line_is_still_a_mark() -> None:
    document = pdf.read(bound(page(frame([100, 200, 215, 300], [680, 730]), text(110, 705, "许可"), text(203, 710, "12"),
                                   text(203, 700, "1", size=6), text(240, 705, "5"))))
    assert rows(document)[0][1] == "12\n¹"


@pytest.mark.parametrize("over", [
    "q 0.7 0.7 -0.7 0.7 150 650 cm " + text(0, 0, "内部资料9", size=12) + " Q",
    "q 0.7 0.7 0.7 rg " + text(100, 685, "内部资料9", size=40) + " Q",
    "q 0.8 0.8 0.8 rg " + text(106, 713, "内部资料9", size=10) + " Q"], ids=["aslant", "tall and faint", "faint"])
def test_words_over_the_text_are_left_out_of_it_and_named_once(over: str) -> None:
    sheet = page(frame(XS, YS), *WORDS, over)
    document = pdf.read(bound(sheet, sheet))
    assert rows(document) == [["规章", "12"], ["行政许可", "7"]] * 2
    assert [(issue.kind, issue.where) for issue in document.issues] == [("watermark", "page 1")]


def test_a_title_in_large_type_and_light_words_on_their_own_are_text() -> None:
    light = f"0.8 g {text(100, 500, '没有其他事项。')} 0 g"
    document = pdf.read(bound(page(text(100, 760, "年度报告", size=26), light, *WORDS)))
    assert "年度报告" in str(document.blocks[0]) and any("没有其他事项" in str(block) for block in document.blocks)
    assert document.issues == ()


def test_a_letter_with_a_text_of_its_own_stands_where_its_form_puts_it() -> None:
    radical = text(10, 25, "\u2f08")
    letter = f"/Span<</ActualText<FEFF4EBA>>>BDC {radical} EMC"
    form = "\n".join([frame([0, 100, 200], [0, 20, 40]), letter, text(20, 25, "员数"), text(110, 25, "5"), text(10, 5, "规章")])
    assert rows(pdf.read(bound(page("q 0.8 0 0 0.8 100 600 cm /X Do Q"), form=form))) == [["人员数", "5"], ["规章", ""]]


ODD_FONT = (b"/Font<</F 4 0 R/G<</Type/Font/Subtype/Type0/BaseFont/Odd/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype"
            b"/CIDFontType2/BaseFont/Odd/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500"
            b"/FontDescriptor 7 0 R>>]>>>>")


def test_a_figure_in_a_font_without_a_table_of_letters_is_no_figure() -> None:
    sentence = text(110, 650, "以上数据统计期限为全年一月至十二月")
    sheet = page(frame(XS, YS), *WORDS[:3], sentence, "BT /G 10 Tf 210 695 Td <0038> Tj ET")
    document = pdf.read(bound(sheet.replace(b"/Font<</F 4 0 R>>", ODD_FONT)))
    assert rows(document) == [["规章", "12"], ["行政许可", "\ufffd"]]
    assert [issue.kind for issue in document.issues] == ["unmapped-font"]


# ---------------------------------------------------------------- figures at walls and at the edge of what was printed


@pytest.mark.parametrize("x", [85, 88, 90, 92, 94, 96])
def test_a_figure_that_stands_over_the_left_wall_of_its_table_is_whole(x: float) -> None:
    document = pdf.read(bound(page(frame(XS, YS), text(x, 715, "1593"), text(210, 715, "1"), text(110, 695, "2"))))
    assert rows(document)[0] == ["1593", "1"]


@pytest.mark.parametrize("x", [185, 190, 193, 195])
def test_a_figure_over_a_wall_inside_its_table_is_never_two(x: float) -> None:
    document = pdf.read(bound(page(frame(XS, YS), text(x, 715, "1593"), text(110, 695, "2"), text(210, 695, "3"))))
    assert sorted(rows(document)[0]) == ["", "1593"]


def through_a_window(right: float, figure: str, x: float) -> Document:
    """A table without rules on a page printed through a window that ends at `right`; a heading sticks out of it."""
    heads = [text(200, 750, "制发"), text(260, 750, "废止"), text(320, 750, "现行有效件数")]
    lines = [text(100, 730, "规章"), text(200, 730, "10"), text(260, 730, "2"), text(x, 730, figure),
             text(100, 710, "行政许可"), text(200, 710, "11"), text(260, 710, "3"), text(335, 710, "8")]
    return pdf.read(bound(page(f"q 50 50 {right - 50} 750 re W n", *heads, *lines, "Q")))


AT_THE_WINDOW = [("159", 334.0, "159\ufffd"), ("1593", 333.0, "1593\ufffd"), ("15", 334.0, "15")]


@pytest.mark.parametrize(("figure", "x", "shown"), AT_THE_WINDOW)
def test_a_figure_that_ends_where_the_window_does_may_go_on(figure: str, x: float, shown: str) -> None:
    document = through_a_window(350, figure, x)
    [grid] = grids(document)
    assert [cell.text for cell in list(grid.rows())[1]] == ["规章", "10", "2", shown]
    assert grid.cut


def test_a_table_inside_its_window_is_whole() -> None:
    [grid] = grids(through_a_window(500, "159", 334.0))
    assert not grid.cut and [cell.text for cell in list(grid.rows())[1]] == ["规章", "10", "2", "159"]


def test_figures_stay_with_the_label_on_their_own_line() -> None:
    lines = [text(260, 760, "单位"), text(310, 760, "统计数"), text(100, 740, "（一）主动公开政府信息数"), text(260, 740, "条"),
             text(320, 740, "6"), text(130, 722, "其中：主动公开规范性文件数"), text(260, 722, "条"),
             text(100, 704, "制发规范性文件总数"), text(260, 704, "件"), text(320, 704, "1")]
    [grid] = grids(pdf.read(bound(page(*lines))))
    assert [row[-1].text for row in grid.rows()] == ["统计数", "6", "", "1"]


# ---------------------------------------------------------------- printed by a browser


PAPER = ("@page{size:A4;margin:20mm 18mm}table{border-collapse:collapse;width:100%;font-size:9pt}"
         "td{border:1px solid #000;padding:3px}")
MARK = "<style>.m{position:fixed;color:rgba(120,120,120,.3);white-space:nowrap;transform:rotate(-25deg);font-size:12pt}</style>"
EXACT = {
    "a watermark in tiles": MARK + "".join(
        f"<div class=m style='top:{y}px;left:{x}px'>张三1234</div>" for y in range(30, 900, 120) for x in range(0, 600, 150)),
    "a large watermark": "<div style='position:fixed;top:300px;left:90px;font-size:40pt;color:#ccc'>内部资料2024</div>",
    "dashes": "<style>td{border:1px dashed #000}</style>",
    "cells apart": "<style>table{border-collapse:separate;border-spacing:3px;font-size:8pt}</style>",
    "large type on small paper": "<style>@page{size:A5 landscape;margin:10mm}td{font-size:11pt;padding:9px 2px}</style>",
    "no room beside the figures": "<style>td{padding:0;text-align:right}</style>",
    "the head of the table over every page": "<style>@page{size:A5;margin:10mm}tr{break-inside:avoid}</style>",
}
CUT = {f"{side}, {width} px wide": f"<style>div{{overflow:hidden}}table{{width:{width}px;table-layout:fixed}}"
       f"td{{text-align:{side};border:{border};padding:2px}}</style>"
       for side, width, border in (("right", 700, "0"), ("center", 650, "0"), ("left", 760, "0"), ("right", 730, "1px solid"))}


@cache
def prints() -> dict[str, tuple[Truth, bytes]]:
    """A report printed in each style, all in one start of the browser."""
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        sheet = browser.new_page()
        for seed, (name, style) in enumerate((EXACT | CUT).items(), 9100):
            truth = make(seed, fault="", form="f2021")
            body = article(truth.script, line=plain_line, table=lambda table: f"<div>{plain_table(table)}</div>")
            sheet.set_content(markup(truth, body + style, PAPER))
            found[name] = truth, sheet.pdf(prefer_css_page_size=True)
        browser.close()
    return found


needs_browser = pytest.mark.skipif(chromium() is None, reason="no Chromium to print with")


@needs_browser
@pytest.mark.parametrize("style", EXACT)
def test_what_surrounds_the_figures_changes_none_of_them(style: str) -> None:
    truth, data = prints()[style]
    assert differences(truth, parse(data, Hints(file_name="report.pdf")).to_json()) == []


@needs_browser
@pytest.mark.parametrize("style", CUT)
def test_a_table_cut_off_by_the_browser_gives_no_wrong_number(style: str) -> None:
    truth, data = prints()[style]
    shown = read_cells(parse(data, Hints(file_name="report.pdf")).to_json())
    wrong = {key: cell["raw"] for key, cell in shown.items() if cell["value"] is not None
             and (key not in truth.cells or truth.cells[key].value != Decimal(str(cell["value"])))}
    assert wrong == {}
