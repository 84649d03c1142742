"""OFD files are read as they print, whatever frame, matrix or steps their characters are given in."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers import outline, tables
from parsers.exceptions import Damaged
from parsers.models import Document, Grid, Paragraph
from parsers.readers import ofd, pdf
from tests.generator import make
from tests.generator.layouts import LAYOUTS
from tests.ofd import content, from_pdf, package


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def printed(document: Document) -> dict[tuple[str, str, str], str]:
    """The statutory cells as printed."""
    found = tables.find(document, outline.find(document))
    return {(table, row, column): cell.raw for table, row, column, cell in found.cells()}


def text_object(attributes: str, code: str, text: str) -> str:
    return f"<ofd:TextObject ID='9' Font='3' {attributes}><ofd:TextCode {code}>{text}</ofd:TextCode></ofd:TextObject>"


@pytest.mark.parametrize("layout", ["paper_ruled", "paper_landscape", "paper_borderless"])
@pytest.mark.parametrize("seed", [71, 72, 73])
def test_an_ofd_says_what_the_pdf_of_the_same_report_says(layout: str, seed: int) -> None:
    data = LAYOUTS[layout].render(make(seed))
    wanted, found = pdf.read(data), ofd.read(from_pdf(data, steps=bool(seed % 2)))
    assert printed(found) == printed(wanted)
    assert texts(found) == texts(wanted)
    assert found.pages == wanted.pages


def test_characters_stand_where_matrix_boundary_and_steps_put_them() -> None:
    objects = (text_object("Boundary='20 20 60 8' Size='4'", "X='0' Y='4' DeltaX='g 3 4'", "甲乙丙丁")
               + text_object("Boundary='20 40 60 8' Size='1' CTM='4 0 0 4 0 0'", "X='0' Y='1' DeltaX='1 1 1'", "戊己庚辛")
               + text_object("Boundary='20 60 60 8' Size='4'", "X='0' Y='4'", "没有步长"))
    document = ofd.read(package([content(objects)], "年度报告"))
    assert texts(document) == ["甲乙丙丁", "戊己庚辛", "没有步长"]
    assert document.title == "年度报告"


def test_a_frame_drawn_as_one_path_is_a_table() -> None:
    frame = ("<ofd:PathObject ID='5' Boundary='20 20 80 20' LineWidth='0.3'><ofd:AbbreviatedData>"
             "M 0 0 L 80 0 L 80 20 L 0 20 C M 40 0 L 40 20 M 0 10 L 80 10</ofd:AbbreviatedData></ofd:PathObject>")
    words = "".join(text_object(f"Boundary='{x} {y} 30 6' Size='4'", f"X='0' Y='4' DeltaX='{step}'", text)
                    for x, y, step, text in ((24, 22, 4, "规章"), (64, 22, 0, "0"), (24, 32, 4, "收费"), (64, 32, 2, "12")))
    [grid] = grids(ofd.read(package([content(frame + words)])))
    assert [[cell.text for cell in row] for row in grid.rows()] == [["规章", "0"], ["收费", "12"]]
    assert grid.cells[3].where.startswith("page 1 row 2 column 2 [")


def test_a_page_that_is_one_picture_is_named_as_needing_ocr() -> None:
    picture = "<ofd:ImageObject ID='7' Boundary='0 0 210 297' CTM='210 0 0 297 0 0' ResourceID='3'/>"
    words = text_object("Boundary='20 20 60 8' Size='4'", "X='0' Y='4' DeltaX='g 3 4'", "甲乙丙丁")
    document = ofd.read(package([content(words), content(picture)]))
    assert [(issue.kind, issue.where) for issue in document.issues] == [("needs-ocr", "page 2")]


def test_a_page_whose_xml_is_broken_costs_only_itself() -> None:
    words = text_object("Boundary='20 20 60 8' Size='4'", "X='0' Y='4' DeltaX='g 3 4'", "甲乙丙丁")
    document = ofd.read(package([content(words), "<ofd:Page"]))
    assert texts(document) == ["甲乙丙丁"]
    assert [(issue.kind, issue.where) for issue in document.issues] == [("damaged-page", "page 2")]


def test_absurd_numbers_are_no_places() -> None:
    wild = text_object("Boundary='1e308 1e308 1 1' Size='1e308'", "X='1e308' Y='4' DeltaX='g 99999999 1e308'", "远")
    document = ofd.read(package([content(wild)]))
    assert texts(document) == [] and document.issues


@pytest.mark.parametrize("name", ["OFD.xml", "Doc_0/Document.xml"])
def test_a_missing_entry_is_damage(name: str) -> None:
    whole = zipfile.ZipFile(io.BytesIO(package([content("")])))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as rest:
        for member in whole.namelist():
            if member != name:
                rest.writestr(member, whole.read(member))
    with pytest.raises(Damaged):
        ofd.read(file.getvalue())
