"""Scanned pages are read cell by cell; what is not sure is said, and without the OCR parts nothing is silently empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from importlib import import_module
from typing import Any

import pytest

from parsers import ocr, outline, parse, tables
from parsers.checks import scanned as scanned_cells
from parsers.exceptions import Damaged, NeedsTool
from parsers.models import Document, Grid, Issue, Paragraph, Report
from parsers.ocr import limits
from parsers.readers import image, pdf
from parsers.text import squeeze
from tests.generator import make
from tests.generator.judge import read_cells
from tests.generator.layouts import LAYOUTS

needs_parts = pytest.mark.skipif(bool(ocr.missing()), reason=f"OCR is not installed: {ocr.HINT}")
SEED = 901


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(ocr.VARIABLE, raising=False)
    yield


@pytest.fixture(scope="module")
def scanned() -> bytes:
    return scans().scan(LAYOUTS["paper_ruled"].render(make(SEED)), 200)     # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def read_scan(scanned: bytes) -> Document:
    return pdf.read(scanned)


def scans() -> Any:
    return import_module("tests.scans")


def kinds(document: Document) -> set[str]:
    return {issue.kind for issue in document.issues}


def values(document: Document) -> dict[tuple[str, str, str], Any]:
    found = tables.find(document, outline.find(document))
    return {(table, row, column): cell.value for table, row, column, cell in found.cells()}


@needs_parts
def test_a_scan_at_200_dpi_gives_the_cells_of_its_report(read_scan: Document) -> None:
    truth = {key: cell.value for key, cell in make(SEED).cells.items()}
    found = values(read_scan)
    wrong = {key: (found.get(key), value) for key, value in truth.items() if found.get(key) not in (value, None)}
    missing = [key for key, value in truth.items() if value is not None and found.get(key) is None]
    assert wrong == {}
    assert len(missing) <= 0.01 * len(truth)
    assert [issue.where for issue in read_scan.issues if issue.kind == "ocr"] == ["page 1", "page 2"]


@needs_parts
def test_doubtful_cells_are_named_at_their_place_in_the_grid(read_scan: Document) -> None:
    places = {cell.where for grid in grids(read_scan) for cell in grid.cells}
    named = {issue.where for issue in read_scan.issues if issue.kind == "ocr-doubtful" and " row " in issue.where}
    assert named <= places


@needs_parts
def test_the_narrative_of_a_scan_is_its_words(read_scan: Document) -> None:
    wanted, found = (squeeze("".join(b.text for b in document.blocks if isinstance(b, Paragraph)))
                     for document in (pdf.read(LAYOUTS["paper_ruled"].render(make(SEED))), read_scan))
    assert SequenceMatcher(None, wanted, found, autojunk=False).ratio() > 0.97


@needs_parts
def test_a_page_scanned_on_its_side_is_turned() -> None:
    parts = scans()
    document = import_module("pypdfium2").PdfDocument(LAYOUTS["paper_ruled"].render(make(SEED)))
    picture = parts.photograph(document[1], 120, parts.np.random.default_rng(1))
    document.close()
    upright = pdf.read(parts.bind([picture], (595, 842)))
    turned = pdf.read(parts.bind([parts.np.rot90(picture).copy()], (842, 595)))
    assert [grid.width for grid in grids(turned)] == [grid.width for grid in grids(upright)]


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


@needs_parts
@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_a_picture_file_is_a_page(suffix: str) -> None:
    parts = scans()
    page = import_module("pypdfium2").PdfDocument(LAYOUTS["paper_ruled"].render(make(SEED)))[0]
    data = bytes(parts.cv2.imencode(suffix, parts.photograph(page, 100, parts.np.random.default_rng(1)))[1])
    document = image.read(data)
    assert document.reader == "image" and document.pages == 1
    assert grids(document) and "ocr" in kinds(document)


@needs_parts
def test_a_broken_picture_is_damage() -> None:
    with pytest.raises(Damaged):
        image.read(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)


@needs_parts
def test_with_ocr_forbidden_a_scan_says_which_pages_need_it(scanned: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.VARIABLE, "0")
    document = pdf.read(scanned)
    assert [(issue.kind, issue.where) for issue in document.issues] == [("needs-ocr", "page 1"), ("needs-ocr", "page 2")]
    assert document.blocks == ()


def test_a_picture_without_the_ocr_parts_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PARTS", ("a_part_that_nobody_has",))
    with pytest.raises(NeedsTool, match=r"pip install nianbao\[ocr\]"):
        image.read(b"\x89PNG")


def test_asking_for_ocr_that_is_not_installed_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PARTS", ("a_part_that_nobody_has",))
    ocr.switch(True)
    with pytest.raises(NeedsTool, match="a_part_that_nobody_has"):
        ocr.wanted()
    ocr.switch(None)
    assert not ocr.wanted()


@needs_parts
@pytest.mark.parametrize(("drawn", "said"), [("dash", "—"), ("slash", "/"), ("one", None), ("seven", None), ("zero", None)])
def test_marks_are_told_by_their_shape(drawn: str, said: str | None) -> None:
    marks, parts = import_module("parsers.ocr.marks"), scans()
    strip = parts.np.full((48, 48), 255, parts.np.uint8)
    if drawn in ("dash", "slash"):
        start, end = ((8, 24), (40, 24)) if drawn == "dash" else ((16, 42), (32, 6))
        parts.cv2.line(strip, start, end, 0, 3)
    else:
        digit = {"one": "1", "seven": "7", "zero": "0"}[drawn]
        parts.cv2.putText(strip, digit, (10, 40), parts.cv2.FONT_HERSHEY_SIMPLEX, 1.4, 0, 3)
    assert marks.mark(strip) == said


@needs_parts
def test_every_cell_that_a_worn_scan_loses_or_changes_is_named() -> None:
    truth, parts = make(SEED + 1, form="f2021"), scans()
    report = parse(parts.scan(LAYOUTS["paper_ruled"].render(truth), 130, 3, parts.WEARS["askew"]))
    found = read_cells(report.to_json())
    doubted = {issue.message.split()[0] for issue in report.issues if issue.kind == "ocr-doubtful"}
    lost = {key for key, cell in truth.cells.items() if key not in found or found[key]["value"] != cell.value}
    assert {".".join(filter(None, key[1:])) for key in lost} <= doubted
    assert len(lost) <= 0.05 * len(truth.cells)


@pytest.fixture(scope="module")
def printed_report() -> Report:
    return parse(LAYOUTS["paper_ruled"].render(make(SEED + 2, form="f2021", fault="", plain=True)))


def as_scan(report: Report, **changed: Any) -> Report:
    """The report as if OCR had read it, some cells of the row `new_received` read otherwise (None: not at all)."""
    row = {column: replace(cell, value=changed.get(column, cell.value), raw=str(changed.get(column, cell.raw)))
           for column, cell in report.tables.requests["new_received"].items() if changed.get(column, 0) is not None}
    pages = {cell.where.split(" row")[0] for _, _, _, cell in report.tables.cells()}
    requests = {**report.tables.requests, "new_received": row}
    return scanned_cells.weighed(replace(report, tables=replace(report.tables, requests=requests),
                                         issues=tuple(Issue("ocr", "read by OCR", page) for page in sorted(pages))))


def doubtful(report: Report) -> set[str]:
    return {issue.message.split()[0] for issue in report.issues if issue.kind == "ocr-doubtful"}


def test_sums_that_hold_leave_no_cell_of_a_scan_doubtful(printed_report: Report) -> None:
    assert doubtful(as_scan(printed_report)) == set()


def test_a_wrong_figure_is_where_two_failing_sums_meet(printed_report: Report) -> None:
    weighed = as_scan(printed_report, company=70_001)
    assert doubtful(weighed) == {"new_received.company"}
    place = printed_report.tables.requests["new_received"]["company"].where
    assert place in {issue.where for issue in weighed.issues if issue.kind == "ocr-doubtful"}
    assert weighed.tables.requests["new_received"]["company"].value == 70_001


def test_a_cell_that_was_not_found_is_doubtful(printed_report: Report) -> None:
    assert "new_received.company" in doubtful(as_scan(printed_report, company=None))


def test_a_report_with_text_is_not_weighed(printed_report: Report) -> None:
    assert scanned_cells.weighed(printed_report) is printed_report


@needs_parts
@pytest.mark.parametrize(("read_as", "sure", "label"), [
    ("尚末审结", 0.9, "尚未审结"),            # one letter of four
    ("结果红正", 0.9, "结果纠正"),
    ("(七)总汁", 0.5, "(七)总计"),            # one of two, and not sure
    ("(七)总汁", 0.9, "(七)总汁"),            # one of two, but sure: who knows
    ("结果维正", 0.9, "结果维正"),            # as near to 结果维持 as to 结果纠正
    ("1234", 0.1, "1234"),                    # figures are never mended
    ("本办法自发布之日起施行", 0.1, "本办法自发布之日起施行"),
])
def test_a_label_is_mended_only_where_one_alone_is_near(read_as: str, sure: float, label: str) -> None:
    assert import_module("parsers.ocr.wording").label(read_as, sure, 0.8) == label


@needs_parts
@pytest.mark.parametrize(("read_as", "wide", "figure", "sure"), [
    ("1 8 0 5", True, "1805", 0.99), ("1 8 0 5", False, "1 8 0 5", 0.99), ("0 0", True, "0 0", 0.99), ("0.", False, "0", 0.5),
    ("2.5", False, "2.5", 0.99), ("152, 188", False, "152,188", 0.99), ("1,234", False, "1,234", 0.99),
])
def test_figures_lose_the_spaces_of_full_width_and_stray_points(read_as: str, wide: bool, figure: str, sure: float) -> None:
    recogniser, wording = import_module("parsers.ocr.recogniser"), import_module("parsers.ocr.wording")
    assert wording.figure(recogniser.Words(read_as, 0.99), wide) == (figure, sure)


@needs_parts
def test_lines_whose_letters_touch_are_cut_apart() -> None:
    parts = scans()
    mask = parts.np.zeros((75, 300), parts.np.uint8)
    for top in (2, 26, 50):                                 # three lines of six letters, some of them grown together
        for left in range(5, 180, 30):
            parts.cv2.rectangle(mask, (left, top), (left + 22, top + 20), 255, 2)
    mask[20:52, 15:17] = 255
    spots = import_module("parsers.ocr.strips").Spots(mask, 2.0)
    lines = list(spots.lines(spots.inside(0, 0, 300, 75), 1.0))
    assert [round(line.y0, -1) for line in lines] == [0, 20, 50]


@needs_parts
def test_a_bent_page_is_straight_again_and_its_places_are_those_of_the_picture() -> None:
    parts, flatten = scans(), import_module("parsers.ocr.flatten")
    page = parts.np.full((1200, 900), 255, parts.np.uint8)
    for y in range(150, 1100, 100):
        parts.cv2.line(page, (100, y), (800, y), 0, 3)
    for x in range(100, 801, 100):
        parts.cv2.line(page, (x, 150), (x, 1050), 0, 3)
    corners = parts.np.array([[0, 0], [900, 0], [900, 1200], [0, 1200]], parts.np.float32)
    moved = parts.np.array([[0, 0], [900, 14], [890, 1200], [8, 1190]], parts.np.float32)
    bend = parts.cv2.getPerspectiveTransform(corners, moved)
    flat = flatten.flatten(parts.cv2.warpPerspective(page, bend, (900, 1200), borderValue=255), 1.5)
    rows = parts.np.nonzero((flat.image[:, 200:700] < 128).mean(axis=1) > 0.9)[0]
    rules = parts.np.split(rows, parts.np.flatnonzero(parts.np.diff(rows) > 1) + 1)
    assert len(rules) == 10                                 # every rule has whole rows to itself
    wanted = bend @ parts.np.array([450, 150, 1.0])
    assert flat.origin(450, int(rules[0][0])) == pytest.approx(wanted[:2] / wanted[2], abs=6)


@needs_parts
def test_a_seal_fades_and_the_letters_under_it_stay() -> None:
    parts = scans()
    picture = parts.np.full((200, 200, 3), 230, parts.np.uint8)
    parts.cv2.circle(picture, (100, 100), 60, (60, 50, 215), -1)
    parts.cv2.rectangle(picture, (90, 90), (110, 110), (30, 25, 60), -1)
    grey = import_module("parsers.ocr.pixels").grey(picture)
    side = grey.shape[0] / 200
    assert grey[round(100 * side), round(60 * side)] > 220 and grey[round(100 * side), round(100 * side)] < 120


@needs_parts
def test_the_lines_of_a_bent_page_without_rules_are_level_again() -> None:
    parts, flatten = scans(), import_module("parsers.ocr.flatten")
    page = parts.np.full((1200, 900), 255, parts.np.uint8)
    for y in range(100, 1100, 40):
        for x in range(100, 800, 24):
            parts.cv2.rectangle(page, (x, y), (x + 16, y + 16), 0, 3)
    corners = parts.np.array([[0, 0], [900, 0], [900, 1200], [0, 1200]], parts.np.float32)
    moved = parts.np.array([[0, 0], [900, 20], [900, 1200], [0, 1212]], parts.np.float32)
    bend = parts.cv2.getPerspectiveTransform(corners, moved)
    flat = flatten.flatten(parts.cv2.warpPerspective(page, bend, (900, 1200), borderValue=255), 1.5)
    for rows in (slice(60, 360), slice(840, 1140)):
        line = (flat.image[rows, 100:800] < 128).mean(axis=1)
        assert (line < 0.01).sum() > 0.4 * len(line)        # between level lines there is nothing


@needs_parts
def test_strokes_of_letters_stacked_in_tight_rows_are_no_walls() -> None:
    parts, walls = scans(), import_module("parsers.ocr.walls")
    ink = parts.np.zeros((400, 600), parts.np.uint8)
    for y in range(50, 351, 50):
        parts.cv2.line(ink, (50, y), (550, y), 255, 2)
    for x in (50, 300, 550):
        parts.cv2.line(ink, (x, 50), (x, 350 if x != 300 else 150), 255, 2)
    for y in (200, 250):                                    # 王 over 王: upright from rule to rule, with strokes beside it
        parts.cv2.line(ink, (150, y), (150, y + 50), 255, 2)
        for down in (10, 24, 38):
            parts.cv2.line(ink, (135, y + down), (165, y + down), 255, 3)
    _, columns = walls.standing(walls.Strokes(ink, 2.5, True), walls.Strokes(ink, 2.5, False))
    assert sorted(round(stroke.at, -1) for stroke in columns) == [50, 300, 550]


@needs_parts
def test_a_figure_beside_its_wall_stays_in_its_cell_where_walls_of_other_rows_are_near() -> None:
    parts = scans()
    page = parts.np.full((1170, 827), 255, parts.np.uint8)                        # A4 at 100 dpi
    for y in (100, 140, 180, 220, 260):
        parts.cv2.line(page, (60, y), (760, y), 0, 2)
    for x, top, bottom in ((60, 100, 260), (760, 100, 260), (400, 100, 180), (394, 180, 260)):
        parts.cv2.line(page, (x, top), (x, bottom), 0, 2)
    for x, y in ((384, 130), (700, 130), (384, 170), (700, 170), (378, 210), (700, 210), (378, 250), (700, 250)):
        parts.cv2.putText(page, "3", (x, y), parts.cv2.FONT_HERSHEY_SIMPLEX, 0.65, 0, 2)
    grid = grids(pdf.read(parts.bind([page], (595, 842))))[0]
    assert [[cell.text for cell in row] for row in grid.rows()] == [["3", "3"]] * 4


@needs_parts
def test_after_many_scanned_pages_the_rest_says_that_it_was_not_read(monkeypatch: pytest.MonkeyPatch, scanned: bytes) -> None:
    monkeypatch.setattr(limits, "MAX_PAGES", 1)
    issues = [issue for issue in pdf.read(scanned).issues if issue.kind == "needs-ocr"]
    assert [issue.where for issue in issues] == ["page 2"] and "split it" in issues[0].message


@needs_parts
def test_a_page_that_takes_all_the_time_of_a_file_says_that_it_was_not_read(
        monkeypatch: pytest.MonkeyPatch, scanned: bytes) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.01)
    issues = [issue for issue in pdf.read(scanned).issues if issue.kind == "needs-ocr"]
    assert [issue.where for issue in issues] == ["page 1", "page 2"]
    assert all("OCR took all of its 0.01 seconds" in issue.message for issue in issues)


@needs_parts
def test_the_walls_of_one_low_row_stand_and_a_figure_one_between_its_rules_is_none() -> None:
    parts, walls = scans(), import_module("parsers.ocr.walls")
    ink = parts.np.zeros((200, 600), parts.np.uint8)
    for y in (50, 80):                                      # 12 points apart
        parts.cv2.line(ink, (50, y), (550, y), 255, 2)
    for x in (50, 200, 350, 550):
        parts.cv2.line(ink, (x, 50), (x, 80), 255, 2)
    parts.cv2.line(ink, (275, 54), (275, 76), 255, 2)       # the 1, its ends 1.6 points from the rules
    _, columns = walls.standing(walls.Strokes(ink, 2.5, True), walls.Strokes(ink, 2.5, False))
    assert sorted(round(stroke.at, -1) for stroke in columns) == [50, 200, 350, 550]


@needs_parts
def test_an_empty_cell_under_a_seal_is_doubtful() -> None:
    parts = scans()
    page = parts.np.full((1170, 827, 3), 255, parts.np.uint8)
    for y in (100, 140, 180, 220):
        parts.cv2.line(page, (60, y), (760, y), (0, 0, 0), 2)
    for x in (60, 300, 760):
        parts.cv2.line(page, (x, 100), (x, 220), (0, 0, 0), 2)
    for y in (130, 170, 210):
        parts.cv2.putText(page, "12", (100, y), parts.cv2.FONT_HERSHEY_SIMPLEX, 0.65, (0, 0, 0), 2)
    parts.cv2.circle(page, (500, 160), 15, (60, 50, 215), -1)
    document = pdf.read(parts.bind([page], (595, 842)))
    under = [cell.where for grid in grids(document) for cell in grid.cells if cell.row == 1 and cell.column == 1]
    assert under and {issue.where for issue in document.issues if issue.kind == "ocr-doubtful"} == set(under)
