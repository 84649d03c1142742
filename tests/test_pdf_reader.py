"""PDF files are read as they print: every cell in its place, text as written, nothing lost in silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random

import pdfplumber
import pytest

from parsers import outline, tables, values
from parsers.exceptions import Damaged, Encrypted, Unreadable
from parsers.layout.aligned import recut
from parsers.layout.ink import Glyph
from parsers.layout.lines import piece_of
from parsers.models import Document, Grid, Paragraph
from parsers.pdfium import characters, letters
from parsers.readers import pdf
from parsers.text import squeeze
from tests.generator import Truth, make
from tests.generator.layouts import LAYOUTS
from tests.pages import bound, frame, page, text

SHARED = Path(__file__).parents[2] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpus is not on this machine")


@pytest.fixture(scope="module")
def huaian() -> Document:
    return pdf.read((SHARED / "huaian_2024.pdf").read_bytes())


def grids(document: Document) -> Iterator[Grid]:
    return (block for block in document.blocks if isinstance(block, Grid))


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def numbers(document: Document, last: int) -> list[list[float]]:
    """The rows whose last so many cells are all numbers."""
    rows = [[cell.text for cell in row][-last:] for grid in grids(document) for row in grid.rows()]
    return [[float(text) for text in row] for row in rows
            if len(row) == last and all(text.replace(".", "").isdigit() for text in row)]


@needs_corpus
def test_every_cell_of_a_real_report_with_tables_over_pages_is_exact(huaian: Document) -> None:
    gold = json.loads((SHARED / "huaian_2024.gold.json").read_text(encoding="utf-8"))
    rows = [list(map(float, row.values())) for row in gold["t3"].values()]
    assert numbers(huaian, 7) == [*rows, [*map(float, gold["t4"][-7:])]]
    assert numbers(huaian, 15) == [list(map(float, gold["t4"]))]
    published = {row[0].text: [float(cell.text) for cell in row[1:]] for grid in grids(huaian) for row in grid.rows()
            if row and row[0].text in gold["t2"]}
    assert published == {name: list(map(float, values)) for name, values in gold["t2"].items()}


@needs_corpus
def test_the_text_of_a_real_report_is_whole_paragraphs_without_page_numbers(huaian: Document) -> None:
    words = texts(huaian)
    assert len(words) == 18
    assert words[:2] == ["淮安市人民政府", "2024年政府信息公开工作年度报告"]
    assert not [text for text in words if text.startswith("- ")]
    assert huaian.pages == 6 and huaian.issues == ()


# ---------------------------------------------------------------- invented reports


@pytest.mark.parametrize("layout", ["paper_ruled", "paper_landscape", "paper_borderless"])
@pytest.mark.parametrize("seed", range(301, 309))
def test_every_cell_of_a_page_set_by_hand_is_exact(layout: str, seed: int) -> None:
    truth = make(seed)
    assert wrong_cells(truth, pdf.read(LAYOUTS[layout].render(truth))) == []


GOLDEN = Path(__file__).parent / "golden" / "pdf"


@pytest.mark.parametrize("case", sorted(GOLDEN.iterdir()), ids=lambda case: case.name)
def test_golden_pages_give_their_cells_and_sections(case: Path) -> None:
    document = pdf.read((case / "input.pdf").read_bytes())
    parts = outline.find(document)
    found = {".".join(key): cell.raw for *key, cell in tables.find(document, parts).cells()}
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert {key: squeeze(raw) for key, raw in found.items()} == expected["cells"]
    assert [section.id for section in parts.sections if section.id != "preamble"] == expected["sections"]


def wrong_cells(truth: Truth, document: Document) -> list[str]:
    """Cells that are not read as they were printed."""
    found = {(table, row, column): cell for table, row, column, cell in
             tables.find(document, outline.find(document)).cells()}
    return [f"{'.'.join(key)}: {cell.raw!r}" for key, cell in truth.cells.items()
            if key not in found or squeeze(found[key].raw) != squeeze(cell.raw) or found[key].value != cell.value]


# ---------------------------------------------------------------- single pages, written by hand


TWO_BY_TWO = (text(110, 715, "规章"), text(210, 715, "0"), text(110, 695, "行政许可"), text(210, 695, "12"))
XS, YS = [100, 200, 300], [690, 710, 730]


def rows(document: Document) -> list[list[str]]:
    [grid] = grids(document)
    return [[cell.text for cell in row] for row in grid.rows()]


@pytest.mark.parametrize("draw", ["S", "f"])
def test_stroked_rules_and_thin_bars_are_walls(draw: str) -> None:
    document = pdf.read(bound(page(frame(XS, YS, draw), *TWO_BY_TWO)))
    assert rows(document) == [["规章", "0"], ["行政许可", "12"]]
    assert next(grids(document)).cells[3].where.startswith("page 1 row 2 column 2 [200,132,300,152]")


def test_a_table_inside_a_form_is_seen_where_the_form_is_placed() -> None:
    words = (text(10, 25, "规章"), text(110, 25, "0"), text(10, 5, "许可"), text(110, 5, "7"))
    form = "\n".join([frame([0, 100, 200], [0, 20, 40]), *words])
    document = pdf.read(bound(page("q 1 0 0 1 100 600 cm /X Do Q"), form=form))
    assert rows(document) == [["规章", "0"], ["许可", "7"]]
    assert next(grids(document)).cells[0].where == "page 1 row 1 column 1 [100,202,200,222]"


@pytest.mark.parametrize(("turn", "matrix"), [(90, "0 1 -1 0 595 0"), (180, "-1 0 0 -1 595 842"), (270, "0 -1 1 0 0 842")])
@pytest.mark.parametrize("declared", [True, False])
def test_a_turned_page_reads_like_an_upright_one(turn: int, matrix: str, declared: bool) -> None:
    size = (842, 595) if turn % 180 else (595, 842)
    shift = {90: "0 1 -1 0 842 0", 180: matrix, 270: "0 -1 1 0 0 595"}[turn]
    more = f"/Rotate {turn}" if declared else ""
    title = text(100, 760, "政府信息公开工作年度报告")
    turned = page(f"q {shift} cm", frame(XS, YS), *TWO_BY_TWO, title, "Q", size=size, more=more)
    document = pdf.read(bound(turned))
    assert rows(document) == [["规章", "0"], ["行政许可", "12"]]
    assert texts(document) == ["政府信息公开工作年度报告"]


def test_a_missing_wall_is_a_span() -> None:
    walls = "100 690 m 100 730 l S 300 690 m 300 730 l S 200 690 m 200 710 l S"
    floors = "100 690 m 300 690 l S 100 710 m 300 710 l S 100 730 m 300 730 l S"
    document = pdf.read(bound(page(walls, floors, text(150, 715, "第二十条"), text(110, 695, "规章"), text(210, 695, "0"))))
    [grid] = grids(document)
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in grid.cells] == [
        ("第二十条", 0, 0, 1, 2), ("规章", 1, 0, 1, 1), ("0", 1, 1, 1, 1)]


def test_a_blank_cell_stays_blank_in_its_place() -> None:
    document = pdf.read(bound(page(frame([100, 200, 300, 400], YS), text(110, 715, "规章"), text(310, 715, "5"))))
    assert rows(document) == [["规章", "", "5"], ["", "", ""]]


def test_text_that_runs_over_a_wall_stays_one_value() -> None:
    document = pdf.read(bound(page(frame([100, 200, 225, 300], YS), text(110, 715, "许可"), text(201, 715, "3985758"))))
    assert rows(document)[0] == ["许可", "3985758", ""]


def test_a_number_broken_by_a_narrow_column_is_whole_and_two_numbers_are_two() -> None:
    broken = page(frame([100, 200, 225, 300], [680, 730]), text(110, 700, "许可"), text(203, 710, "6285"), text(203, 698, "41"),
                  text(240, 704, "7"))
    two = page(frame([100, 200, 300], [680, 730]), text(110, 700, "许可"), text(203, 710, "62"), text(203, 698, "41"))
    assert rows(pdf.read(bound(broken))) == [["许可", "628541", "7"]]
    assert rows(pdf.read(bound(two)))[0][1] not in ("62\n41", "6241")


def test_a_page_of_nothing_but_rules_is_a_page_without_text() -> None:
    empty = page(frame([50, 200, 350], [500, 520, 540]))
    assert texts(pdf.read(bound(empty, page(text(50, 700, "本年收到申请三件。")), empty))) == ["本年收到申请三件。"]


def test_a_word_in_one_piece_that_ends_in_a_digit_is_no_label_with_a_figure_behind_it() -> None:
    mark, label = Glyph("W01", 10, 10, 40, 20), [Glyph(each, 10 * n, 10, 10 * n + 10, 20) for n, each in enumerate("件12")]
    assert [recut._tail(piece_of(glyphs)) for glyphs in ([mark], [label[0], mark], label)] == [0, 0, 1]


def test_false_bold_counts_once() -> None:
    document = pdf.read(bound(page(text(100, 700, "总体情况11"), text(100.4, 700, "总体情况11"))))
    assert texts(document) == ["总体情况11"]


def test_radicals_are_the_letters_they_look_like() -> None:
    assert [letters._letter(code) for code in (0x2EC5, 0x2F00, 0x2FC8)] == ["见", "一", "黄"]


def test_rows_that_are_tables_of_their_own_are_read_by_rank() -> None:
    """Each has walls of its own: what stands above a figure says nothing of it, its place in the row does."""
    figures = ["0", "", "12", "7", "3"]
    parts = [frame([100, 400], [580, 716])]
    for at, figure in enumerate(figures):
        top, wall = 716 - 26 * at, 180 + 20 * at
        parts += [frame([100, wall, wall + 60, 400], [top - 18, top]), text(104, top - 13, f"第{'一二三四五'[at]}类"),
                  text(wall + 5, top - 13, figure), text(wall + 66, top - 13, str(at))]
    [grid] = grids(pdf.read(bound(page(*parts))))
    assert not grid.aligned
    assert [[cell.text for cell in row] for row in grid.rows()] == [
        [f"第{'一二三四五'[at]}类", figure, str(at)] for at, figure in enumerate(figures)]


def test_a_hyphen_at_the_end_of_a_line_is_one() -> None:
    parts = (frame([100, 160, 200], [660, 710]), text(110, 690, "其他组织-"), text(110, 678, "商业企业"), text(170, 690, "3"))
    assert rows(pdf.read(bound(page(*parts)))) == [["其他组织-\n商业企业", "3"]]


def test_lines_are_joined_into_paragraphs_over_pages_and_furniture_is_dropped() -> None:
    line = "政府信息公开工作的情况如下所述各项均已按照要求办理完毕全年没有发生需要另行说明的事"
    first = page(text(100, 810, "某市某局文件", 9), text(120, 700, line[:-1]), text(100, 680, line), text(100, 100, line),
                 text(280, 30, "- 1 -", 9))
    second = page(text(100, 810, "某市某局文件", 9), text(100, 760, "并上网公布。"), text(120, 740, "二、主动公开"),
                  text(280, 30, "- 2 -", 9))
    assert texts(pdf.read(bound(first, second))) == [line[:-1] + line, line + "并上网公布。", "二、主动公开"]


def test_bare_numbers_in_the_margin_go_only_when_they_count_the_pages() -> None:
    counted = [page(text(100, 700, f"第{n}部分的内容。"), text(290, 30, str(n))) for n in (1, 2)]
    odd = [page(text(100, 700, f"第{n}部分的内容。"), text(290, 30, "37")) for n in (1, 2)]
    assert texts(pdf.read(bound(*counted))) == ["第1部分的内容。", "第2部分的内容。"]
    assert "37" in texts(pdf.read(bound(*odd)))


# ---------------------------------------------------------------- what cannot be believed, and what is broken


IMAGE = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x7f EI Q"
WORDS = "政府信息公开工作年度报告由本机关编制并向社会公布"


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_OCR", "0")


@pytest.mark.usefixtures("without_ocr")
@pytest.mark.parametrize("parts", [(IMAGE,), (IMAGE, text(100, 700, WORDS, mode=3)), (text(100, 700, WORDS), IMAGE)],
                         ids=["picture", "invisible text", "text under the picture"])
def test_a_picture_of_a_page_is_named_as_needing_ocr(parts: tuple[str, ...]) -> None:
    document = pdf.read(bound(page(text(100, 700, WORDS)), page(*parts)))
    assert texts(document) == [WORDS]
    assert [(issue.kind, issue.where) for issue in document.issues] == [("needs-ocr", "page 2")]


@pytest.mark.usefixtures("without_ocr")
def test_text_over_a_background_picture_is_believed() -> None:
    document = pdf.read(bound(page(IMAGE, text(100, 700, WORDS))))
    assert texts(document) == [WORDS] and document.issues == ()


@pytest.mark.usefixtures("without_ocr")
def test_letters_without_meaning_are_not_taken_for_text() -> None:
    document = pdf.read(bound(page(text(100, 700, "".join(chr(0x41 + n % 50) for n in range(60))))))
    assert document.blocks == () and [issue.kind for issue in document.issues] == ["needs-ocr"]


@pytest.mark.usefixtures("without_ocr")
def test_a_western_page_is_text() -> None:
    words = "the quick brown fox jumps over the lazy dog and runs away"
    assert squeeze("".join(texts(pdf.read(bound(page(text(60, 700, words))))))) == squeeze(words)


def test_a_unit_broken_off_its_number_stands_beside_it_again() -> None:
    document = pdf.read(bound(page(frame([100, 200, 240, 300], [680, 730]), text(110, 700, "收费"), text(203, 710, "2.5万"),
                                   text(203, 698, "元"))))
    assert rows(document)[0][1] == "2.5万元"


def test_a_page_of_figures_is_text() -> None:
    document = pdf.read(bound(page(text(100, 700, "72 64 178 37 351 13 4 8 1 26 12 1 1 6 20"))))
    assert document.blocks and document.issues == ()


def test_an_empty_pdf_is_not_silently_empty() -> None:
    assert [issue.kind for issue in pdf.read(bound(page(""))).issues] == ["no-text"]


def test_junk_before_the_head_does_no_harm() -> None:
    assert texts(pdf.read(b"\r\n\r\n<!-- x -->\n" + bound(page(text(100, 700, WORDS))))) == [WORDS]


def test_a_file_without_its_end_says_so_or_is_damage() -> None:
    whole = bound(*[page(text(100, 700, WORDS)) for _ in range(3)])
    assert [issue.kind for issue in pdf.read(whole[:whole.rindex(b"xref")]).issues] == ["truncated"]
    with pytest.raises(Damaged):
        pdf.read(whole[:200])


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.4\n" + b"\0" * 2000, b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF"])
def test_no_pdf_at_all_is_damage(data: bytes) -> None:
    with pytest.raises(Damaged):
        pdf.read(data)


def test_a_locked_pdf_is_refused_as_locked() -> None:
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<%s>/U<%s>>>/ID[<00><00>]/Info" % (b"11" * 32, b"22" * 32)
    with pytest.raises(Encrypted):
        pdf.read(bound(page(text(100, 700, WORDS))).replace(b"/Info", lock))


def test_only_so_many_pages_are_read_and_the_rest_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    document = pdf.read(bound(*[page(text(100, 700, WORDS + "。")) for _ in range(5)]))
    assert document.pages == 5 and len(texts(document)) == 2
    assert [issue.message for issue in document.issues] == ["only the first 2 of 5 pages were read; split the file"]


def test_a_page_with_more_than_can_be_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(characters, "MAX_CHARS", 10)
    assert [issue.kind for issue in pdf.read(bound(page(text(100, 700, WORDS)))).issues] == ["page-too-full"]


def test_a_form_that_draws_itself_ends() -> None:
    looped = bound(page("/X Do", text(100, 700, WORDS)), form="/X Do").replace(
        b"/BBox[0 0 600 900]/Resources<<", b"/BBox[0 0 600 900]/Resources<</XObject<</X 6 0 R>>")
    assert texts(pdf.read(looped)) == [WORDS]


OFF_THE_PAPER = [
    (text(582, 695, "1593"), "159\ufffd"),           # the paper ends within the figure
    (text(575, 695, "1593"), "1593\ufffd"),          # it ends where the figure does, which may go on
    (text(555, 695, "159"), "159\ufffd"),            # a browser dropped the rest, which stood in the margin
    (text(620, 695, "1593"), "\ufffd"),              # the figure stands beside the paper
    ("", "\ufffd")]


@pytest.mark.parametrize(("figure", "shown"), OFF_THE_PAPER)
def test_a_cell_running_off_the_paper_is_neither_a_number_nor_blank(figure: str, shown: str) -> None:
    document = pdf.read(bound(page(frame([300, 400, 700], YS), text(310, 715, "规章"), text(410, 715, "5"), figure)))
    assert rows(document) == [["规章", "5"], ["", shown]]
    assert (values.cell(shown).value, values.cell(shown).status) == (None, "ambiguous")
    assert "cut-off" in {issue.kind for issue in document.issues}


def test_a_figure_cut_off_at_either_side_of_the_paper_is_marked() -> None:
    document = pdf.read(bound(page(frame([-20, 60, 120], YS), text(-7, 715, "1593"), text(70, 715, "1"), text(70, 695, "2"))))
    assert rows(document) == [["\ufffd593", "1"], ["", "2"]]


@pytest.mark.parametrize(("written", "kept"), [
    ("某市2023年政府信息公开工作年度报告", True), ("Microsoft Word - 年报.doc", False), ("2023年报.docx", False),
    ("report", False), ("", False)])
def test_the_title_of_the_file_is_kept_when_it_is_one(written: str, kept: bool) -> None:
    assert pdf.read(bound(page(text(100, 700, WORDS)), title=written)).title == (written if kept else "")


@pytest.mark.parametrize("seed", range(60))
def test_bytes_changed_at_random_give_a_document_or_a_refusal(seed: int) -> None:
    random = Random(seed)
    data = bytearray(bound(page(frame(XS, YS), *TWO_BY_TWO), page(text(100, 700, WORDS))))
    for _ in range(random.randrange(1, 40)):
        data[random.randrange(len(data))] = random.randrange(256)
    try:
        document = pdf.read(bytes(data[:random.randrange(len(data) // 2, len(data) + 1)]))
    except Unreadable:
        return
    assert document.blocks or document.issues


# ---------------------------------------------------------------- against another reader


@pytest.mark.parametrize("seed", [311, 312])
def test_pdfplumber_sees_the_same_cells_in_ruled_tables(seed: int) -> None:
    data = LAYOUTS["paper_ruled"].render(make(seed))
    with pdfplumber.open(BytesIO(data)) as other:
        wanted = [squeeze("".join(cell for cell in row if cell)) for sheet in other.pages for table in sheet.extract_tables()
                  for row in table]
    found = [squeeze("".join(cell.text for cell in row)) for grid in grids(pdf.read(data)) for row in grid.rows()]
    assert [row for row in found if row] == [row for row in wanted if row]
