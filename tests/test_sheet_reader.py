"""Spreadsheets and archives of files."""

from __future__ import annotations

import io
import shutil
import struct
import sys
import zipfile
import zlib
from collections.abc import Mapping

import pytest

from parsers import read, tools
from parsers.exceptions import Damaged, Empty, Encrypted, NeedsTool, TooLarge
from parsers.models import Document, Grid

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
REPORT = "<html><body>" + "<p>本机关全年主动公开信息。</p>" * 20 + "</body></html>"


def xlsx(rows: list[list[str | int | None]], merged: str = "") -> bytes:
    """A workbook with one sheet, written cell by cell."""
    lines = []
    for r, row in enumerate(rows, 1):
        cells = "".join(_xml(f"{chr(64 + c)}{r}", value) for c, value in enumerate(row, 1) if value is not None)
        lines.append(f'<row r="{r}">{cells}</row>')
    merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/'
                               f'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
                               f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
                               f'ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_REL}/officeDocument" '
                       'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="统计表" sheetId="1" r:id="r1"/>'
                           "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
                                      f'Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData>{merge}</worksheet>'}
    return zipped(parts)


def _xml(place: str, value: str | int) -> str:
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def zipped(parts: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return data.getvalue()


def test_a_sheet_is_a_grid_with_spans_blanks_and_whole_numbers() -> None:
    document = read(xlsx([["统计指标", "单位", "统计数"], ["收到申请数", None, 12], ["当面申请数", "件", 0]], "A2:B2"))
    (grid,) = document.blocks
    assert isinstance(grid, Grid)
    texts = {(c.row, c.column): (c.text, c.colspan) for c in grid.cells}
    assert texts[1, 0] == ("收到申请数", 2)
    assert texts[1, 2] == ("12", 1)
    assert texts[2, 2] == ("0", 1)
    assert (1, 1) not in texts


def test_an_empty_workbook_is_empty_and_a_cut_one_damaged() -> None:
    with pytest.raises(Empty):
        read(xlsx([]))
    with pytest.raises(Damaged):
        read(xlsx([["a"]])[:300])


def test_an_archive_gives_its_fullest_document_and_names_the_others() -> None:
    document = read(zipped({"说明.txt": "说明", "年报.html": REPORT, "图.bin": b"\x00\x01\x02\x03" * 9}))
    assert document.reader == "package/html"
    assert {issue.where for issue in document.issues} >= {"说明.txt", "图.bin"}


def test_an_archive_without_documents_and_one_of_another_kind_say_so() -> None:
    with pytest.raises(Empty, match="no document"):
        read(zipped({"图.bin": b"\x00\x01\x02\x03" * 9}))


needs_bsdtar = pytest.mark.skipif(shutil.which("bsdtar") is None, reason="bsdtar is not installed")


def rar(members: Mapping[str, str], locked: bool = False) -> bytes:
    """A RAR 4 file of stored members with names in GBK, as Chinese offices make them."""
    def block(kind: int, flags: int, body: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    made = b"Rar!\x1a\x07\x00" + block(0x73, 0x80 * locked, bytes(6))
    for name, words in members.items():
        data, label = words.encode(), name.encode("gbk")
        made += block(0x74, 0x8000, struct.pack(
            "<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), 0x21, 20, 0x30, len(label), 0x20) + label) + data
    return made + block(0x7B, 0x4000, b"")


@needs_bsdtar
def test_a_rar_with_gbk_names_is_read_by_bsdtar() -> None:
    document = read(rar({"说明.txt": "说明", "2023年报.html": REPORT}))
    assert (document.reader, document.media_type) == ("package/html", "application/vnd.rar")
    assert {issue.where for issue in document.issues} >= {"说明.txt"}


@needs_bsdtar
def test_a_locked_or_cut_rar_says_so() -> None:
    with pytest.raises(Encrypted):
        read(rar({"年报.html": REPORT}, locked=True))
    with pytest.raises(Damaged):
        read(rar({"年报.html": REPORT})[:200])


def test_a_rar_without_bsdtar_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NeedsTool, match="bsdtar"):
        read(b"Rar!\x1a\x07\x01\x00" + bytes(40))


def test_a_tool_past_its_limits_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge, match="took more"):
        tools.output([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)
    monkeypatch.setattr(tools, "MOST", 1000)
    with pytest.raises(TooLarge, match="1,000 bytes"):
        tools.output([sys.executable, "-c", "print('x' * 100_000)"], 20)


def test_a_picture_without_ocr_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_OCR", "0")
    with pytest.raises(NeedsTool):
        read(b"\x89PNG\r\n\x1a\n" + bytes(40))


def ods(rows: str, manifest: str = "") -> bytes:
    """An OpenDocument workbook with one sheet of these rows."""
    office, table = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    content = (f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" '
               'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
               f'<table:table table:name="统计表">{rows}</table:table></office:spreadsheet></office:body>'
               "</office:document-content>")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        file.writestr("content.xml", content)
    return data.getvalue()


def _ods_row(*cells: str, repeated: int = 1) -> str:
    filled = "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
                     for cell in cells)
    return f'<table:table-row table:number-rows-repeated="{repeated}">{filled}</table:table-row>'


def test_an_opendocument_sheet_is_read() -> None:
    document = read(ods(_ods_row("规章", "0") + _ods_row("行政许可", "12")))
    assert [[cell.text for cell in row] for row in grid_of(document).rows()] == [["规章", "0"], ["行政许可", "12"]]
    assert document.media_type == "application/vnd.oasis.opendocument.spreadsheet"


def test_a_locked_or_endless_opendocument_sheet_is_refused() -> None:
    with pytest.raises(Encrypted):
        read(ods(_ods_row("规章"), manifest="<encryption-data/>"))
    with pytest.raises(TooLarge):
        read(ods(_ods_row("规章", repeated=1_000_000)))


def test_a_hidden_sheet_is_not_read() -> None:
    parts = unzipped(xlsx([["规章", 3]]))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</sheets>", (
        b'<sheet name="\xe6\x97\xa7\xe8\xa1\xa8" sheetId="2" state="hidden" r:id="r2"/></sheets>'))
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", (
        f'<Relationship Id="r2" Type="{_REL}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>').encode())
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"<v>3</v>", b"<v>9</v>")
    document = read(zipped(dict(parts)))
    assert [cell.text for cell in grid_of(document).cells] == ["规章", "3"]


def test_columns_in_which_nothing_begins_are_no_columns() -> None:
    rows = [["规章", None, None, 1, None, 2], ["行政许可", None, None, 3, None, None]]
    grid = grid_of(read(xlsx(rows, merged="A1:C1")))
    assert [(cell.text, cell.column, cell.colspan) for cell in grid.cells] == [
        ("规章", 0, 1), ("1", 1, 1), ("2", 2, 1), ("行政许可", 0, 1), ("3", 1, 1), ("", 2, 1)]


def grid_of(document: Document) -> Grid:
    return next(block for block in document.blocks if isinstance(block, Grid))


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}
