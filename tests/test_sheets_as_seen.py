"""Spreadsheets say what a person sees who opens them: formats, what is hidden, merged, struck out, raised or not counted yet.

`golden/sheets` holds the workbook made here, saved by LibreOffice in its other formats.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import Hints, parse, read
from parsers.exceptions import Encrypted
from parsers.models import Document, Grid, Paragraph
from parsers.readers.sheet import formats
from tests.hostile import zipped
from tests.test_unread_cells import png

GOLDEN = Path(__file__).parent / "golden" / "sheets"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_KIND = "application/vnd.openxmlformats-officedocument"
FORMATS = ("General", "#,##0", "0.00", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0.0%", '0.00"万元"', "yyyy-mm-dd",
           "0;[Red]0", ";;;")
STRUCK = len(FORMATS)          # the look of cells that are struck out


def workbook(*sheets: str, states: tuple[str, ...] = (), calculation: str = "", drawing: str = "") -> bytes:
    """A workbook of these sheets, each the inside of a worksheet."""
    kinds = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.spreadsheetml.worksheet+xml"/>'
                    for n, _ in enumerate(sheets, 1))
    names = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="r{n}" state="{[*states, *["visible"] * n][n - 1]}"/>'
                    for n, _ in enumerate(sheets, 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.spreadsheetml.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.spreadsheetml.styles+xml"/>'
        f'<Override PartName="/xl/drawings/drawing1.xml" ContentType="{_KIND}.drawing+xml"/>{kinds}</Types>',
        "_rels/.rels": related(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets>{calculation}</workbook>',
        "xl/_rels/workbook.xml.rels": related(*(("worksheet", f"worksheets/sheet{n}.xml") for n, _ in enumerate(sheets, 1)),
                                              ("styles", "styles.xml")),
        "xl/styles.xml": styles(),
    } | {f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{inside}</worksheet>'
         for n, inside in enumerate(sheets, 1)}
    if drawing:
        parts |= {"xl/worksheets/_rels/sheet1.xml.rels": related(("drawing", "../drawings/drawing1.xml")),
                  "xl/drawings/drawing1.xml": drawing, "xl/media/a.png": png(),
                  "xl/drawings/_rels/drawing1.xml.rels": related(("image", "../media/a.png"))}
    return zipped(parts)


def related(*targets: tuple[str, str]) -> str:
    links = "".join(f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
                    for n, (kind, target) in enumerate(targets, 1))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def styles() -> str:
    codes = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
                    for n, code in enumerate(FORMATS))
    looks = "".join(f'<xf numFmtId="{200 + n}" fontId="0" applyNumberFormat="1" xfId="0"/>' for n, _ in enumerate(FORMATS))
    plain = '<sz val="11"/><name val="SimSun"/></font>'
    fonts = f'<fonts count="2"><font>{plain}<font><strike/>{plain}</fonts>'
    return (f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(FORMATS)}">{codes}</numFmts>{fonts}'
            '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
            '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
            f'<cellXfs count="{STRUCK + 1}">{looks}<xf numFmtId="0" fontId="1" applyFont="1" xfId="0"/></cellXfs></styleSheet>')


def row(number: int, *cells: str, more: str = "") -> str:
    """A row of (inside of) cells, from column A; "" leaves one out."""
    placed = (cell.replace("<c", f'<c r="{"ABCDEFGH"[at]}{number}"', 1) for at, cell in enumerate(cells) if cell)
    return f'<row r="{number}" {more}>{"".join(placed)}</row>'


def text(words: str, look: int = 0) -> str:
    return f'<c t="inlineStr" s="{look}"><is>{words if words.startswith("<") else f"<t>{words}</t>"}</is></c>'


def number(value: object, look: int = 0) -> str:
    return f'<c s="{look}"><v>{value}</v></c>'


def rows(document: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in block.rows()] for block in document.blocks if isinstance(block, Grid)]


NOTED = "<r><t>5</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>1</t></r>"
HALF_STRUCK = "<r><rPr><strike/></rPr><t>9</t></r><r><t>6</t></r>"
HEAD = row(1, text("信息内容"), text("本年制发件数"), text("隐藏"), text("本年废止件数"), text("现行有效件数"))
SHEET = ('<cols><col min="3" max="3" width="9" hidden="1"/></cols><sheetData>' + HEAD
         + row(2, text("规章"), number(1234, 1), number(7), number(0, 3), number("1.4299", 5))
         + row(3, text("旧数"), number(8), number(8), number(8), number(8), more='hidden="1"')
         + row(4, text("行政规范性文件"), text(NOTED), number(7), text(HALF_STRUCK), number(9, STRUCK))
         + row(5, text("其他"), number("0.053", 4), "", number("45292", 6), text("007"))
         + '</sheetData><mergeCells count="1"><mergeCell ref="B5:C5"/></mergeCells>')
SEEN = [["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], ["规章", "1234", "0", "1.43万元"],
        ["行政规范性文件", "5¹", "6", ""], ["其他", "5.3%", "2024-01-01", "007"]]


def saved() -> list[bytes]:
    return [workbook(SHEET, f"<sheetData>{row(1, text('旧表'), number(1))}</sheetData>", states=("visible", "hidden")),
            *(path.read_bytes() for path in sorted(GOLDEN.glob("seen.*")))]


@pytest.mark.parametrize("data", saved(), ids=["xlsx", "ods", "xls"])
def test_every_kind_of_workbook_says_what_shows(data: bytes) -> None:
    document = read(data)
    assert [[[words.replace(",", "") for words in row] for row in grid] for grid in rows(document)] == [SEEN]
    assert [issue.kind for issue in document.issues] == ["hidden-part", "hidden-part"]


def test_a_hidden_row_or_column_is_named_and_its_cells_keep_their_places() -> None:
    document = read(saved()[0])
    assert [issue.message.split(";")[0] for issue in document.issues] == [
        "1 hidden sheet(s) are not read", "2 hidden row(s) and column(s) of sheet 表1 are not read"]
    cells = [cell for block in document.blocks if isinstance(block, Grid) for cell in block.cells]
    assert [cell.where for cell in cells if cell.text == "6"] == ["表1 row 4 column 4"]


@pytest.mark.parametrize(("formula", "calculation", "shown"), [
    ("<c><f>SUM(B2:C2)</f></c>", "", "\ufffd"), ("<c><f>SUM(B2:C2)</f><v></v></c>", "", "\ufffd"),
    ("<c><f>SUM(B2:C2)</f><v>3</v></c>", "", "3"), ("<c><f>SUM(B2:C2)</f><v>0</v></c>", "", "0"),
    ("<c><f>SUM(B2:C2)</f><v>0</v></c>", '<calcPr fullCalcOnLoad="1"/>', "\ufffd"),
    ("<c><f>SUM(B2:C2)</f><v>3</v></c>", '<calcPr fullCalcOnLoad="1"/>', "3"),
    ('<c t="str"><f>IF(1,"")</f><v></v></c>', "", ""), ('<c t="str"><f>A1</f><v>无</v></c>', "", "无"),
    ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "", "#DIV/0!"), ('<c t="b"><v>1</v></c>', "", "TRUE"),
    ('<c t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>', "", "\ufffd")])
def test_a_formula_without_its_result_is_neither_blank_nor_zero(formula: str, calculation: str, shown: str) -> None:
    sheet = "<sheetData>" + row(1, text("规章"), number(1), number(2), formula) + row(2, *[text("甲")] * 4) + "</sheetData>"
    document = read(workbook(sheet, calculation=calculation))
    assert rows(document)[0][0] == ["规章", "1", "2", shown]
    assert [issue.kind for issue in document.issues] == (["formula"] if shown == "\ufffd" and "DISPIMG" not in formula else [])


def anchored(end: tuple[int, int]) -> str:
    """A picture on cell C2, ending in a cell."""
    def corner(name: str, row: int, column: int) -> str:
        return (f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
                f"<xdr:rowOff>0</xdr:rowOff></xdr:{name}>")

    return (f'<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main" xmlns:r="{_OFFICE}">'
            f'<xdr:twoCellAnchor>{corner("from", 1, 2)}{corner("to", *end)}<xdr:pic><xdr:blipFill><a:blip r:embed="r1"/>'
            "</xdr:blipFill></xdr:pic><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>")


@pytest.mark.parametrize(("end", "filled", "shown"), [((1, 2), "", "\ufffd"), ((5, 4), "", ""), ((1, 2), number(4), "4")])
def test_a_picture_that_lies_in_a_blank_cell_makes_it_not_legible(end: tuple[int, int], filled: str, shown: str) -> None:
    sheet = ("<sheetData>" + row(1, *map(text, ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")))
             + row(2, text("规章"), number(1), filled, number(3)) + '</sheetData><drawing r:id="r1"/>')
    assert rows(read(workbook(sheet, drawing=anchored(end))))[0][1] == ["规章", "1", shown, "3"]


def test_a_merged_cell_shows_where_its_first_row_or_column_is_hidden() -> None:
    sheet = ('<cols><col min="1" max="1" width="0"/></cols><sheetData>' + row(1, text("总计"), "", number(1), more='hidden="1"')
             + row(2, "", "", number(2)) + row(3, "", "", number(3))
             + '</sheetData><mergeCells><mergeCell ref="A1:B3"/></mergeCells>')
    (grid,) = (block for block in read(workbook(sheet)).blocks if isinstance(block, Grid))
    assert [(c.row, c.column, c.text, c.rowspan, c.colspan) for c in grid.cells] == [
        (0, 0, "总计", 2, 1), (0, 1, "2", 1, 1), (1, 1, "3", 1, 1)]


def test_several_sheets_stand_under_their_names() -> None:
    made = read(workbook(*(f"<sheetData>{row(1, text(name), number(1))}</sheetData>" for name in ("甲", "乙"))))
    assert [block.text for block in made.blocks if isinstance(block, Paragraph)] == ["表1", "表2"]
    assert rows(made) == [[["甲", "1"]], [["乙", "1"]]]


def test_cells_of_a_workbook_keep_their_meaning() -> None:
    sheet = ("<sheetData>" + row(1, *map(text, ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")))
             + row(2, text("规章"), number(1234, 1), "<c><f>1+1</f></c>", number(0, 3))
             + row(3, text("行政规范性文件"), text("１２"), "", number(3, 8)) + "</sheetData>")
    cells = parse(workbook(sheet), Hints()).to_json()["proactive"]
    assert {name: (cell["value"], cell["status"]) for name, cell in cells.items()} == {
        "rules_issued": (1234, "number"), "rules_repealed": (None, "ambiguous"), "rules_in_force": (0, "zero"),
        "normdocs_issued": (12, "number"), "normdocs_repealed": (None, "blank"), "normdocs_in_force": (None, "blank")}


@pytest.mark.parametrize(("value", "code", "shown"), [
    (12, "General", "12"), (0.1 + 0.2, "General", "0.3"), (12.5, "0", "13"), (-7, "0;[Red]0", "-7"), (-7, "0_);(0)", "-7"),
    (14300, "0!.00,", "0.14"), (14300, '0!.0,"万元"', "1.4万元"), (1234567, "0.0,", "1234.6"), (12, 'G/通用格式"件"', "12件"),
    (0, "0;-0;;@", "0"), (3, ";;;", ""), (3, "@", "3"), (12, '"¥"#,##0.00', "12.00"), (3.5, "# ?/?", "3.5"),
    (9, "0-00", "\ufffd"),
    (45292, 'yyyy"年"m"月"d"日"', "2024-01-01"), (5, "m/d/yy", "1900-01-05"), (-1, "yyyy", "\ufffd"), (2, "[>1]0.0;0", "2"),
    (0.5, "0%", "50%"), (1e15, "General", "1000000000000000"), (12, "[$¥-804]0.0", "12.0"), (5, "[Magenta]0", "5")])
def test_a_number_prints_as_its_format_says(value: float, code: str, shown: str) -> None:
    assert formats.printed(value, code) == shown


def test_a_locked_workbook_says_so_in_one_sentence() -> None:
    with pytest.raises(Encrypted, match="password"):
        read((GOLDEN / "seen.xls").read_bytes().replace(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00", 1))
