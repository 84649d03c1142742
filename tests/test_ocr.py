"""Scanned pages are read cell by cell; what is not sure is said, and without the OCR parts nothing is silently empty."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from importlib import import_module
from typing import Any

import pytest

from parsers import ocr, outline, tables
from parsers.exceptions import Damaged, NeedsTool
from parsers.models import Document, Grid, Paragraph
from parsers.readers import image, pdf
from parsers.text import squeeze
from tests.generator import make
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
