"""A cell that shows only a picture is not legible, and what is struck out is not said, in every office format alike.

`golden/unread` holds the Word file made here, saved by LibreOffice in its other formats.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from parsers import Hints, parse, read
from parsers.exceptions import Empty
from parsers.models import Document, Grid, Paragraph
from tests.hostile import zipped

GOLDEN = Path(__file__).parent / "golden" / "unread"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELS = "application/vnd.openxmlformats-package.relationships+xml"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SPACES = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
          'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
          'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
          'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
          f'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="{_REL}"')


def png() -> bytes:
    """One dot."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


def picture(size: int = 200_000) -> str:
    """A picture in the line, half a centimetre high."""
    return (f'<w:drawing><wp:inline><wp:extent cx="{size}" cy="{size}"/><wp:docPr id="1" name="a"/>{_graphic(size)}</wp:inline>'
            "</w:drawing>")


def floating(size: int) -> str:
    """A picture beside the line, as seals are."""
    return (f'<w:drawing><wp:anchor simplePos="0" relativeHeight="1" behindDoc="0" locked="0" layoutInCell="1" '
            'allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            '<wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH>'
            '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
            f'<wp:extent cx="{size}" cy="{size}"/><wp:wrapNone/><wp:docPr id="2" name="b"/>'
            f"{_graphic(size)}</wp:anchor></w:drawing>")


def _graphic(size: int) -> str:
    return ('<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            '<pic:cNvPr id="1" name="a"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId1"/></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size}" cy="{size}"/></a:xfrm><a:prstGeom prst="rect"/>'
            "</pic:spPr></pic:pic></a:graphicData></a:graphic>")


VML = '<w:pict><v:shape style="width:9pt;height:9pt"><v:imagedata r:id="rId1"/></v:shape></w:pict>'
SEAL = 1_500_000               # EMU: four centimetres


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def drawn(drawing: str) -> str:
    return f"<w:r>{drawing}</w:r>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f'<w:tc><w:tcPr><w:tcW w:w="1500" w:type="dxa"/></w:tcPr><w:p>{cell}</w:p></w:tc>'
                              for cell in cells) + "</w:tr>"


def table(*rows: str) -> str:
    grid = '<w:gridCol w:w="1500"/>' * rows[0].count("<w:tc>")
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl><w:p/>"


def word(body: str) -> bytes:
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="png" ContentType="image/png"/>'
                               f'<Default Extension="rels" ContentType="{_RELS}"/>'
                               f'<Override PartName="/word/document.xml" ContentType="{_KIND}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_REL}/officeDocument" '
                       'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
                                        f'Type="{_REL}/image" Target="media/a.png"/></Relationships>',
        "word/media/a.png": png(),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"})


HEAD = row(run("信息内容"), run("本年制发件数"), run("本年废止件数"), run("现行有效件数"))
REGULATIONS = row(run("规章"), drawn(picture()), run("0"), run("1") + drawn(picture()))
NORMATIVE = row(run("行政规范性文件"), run("5", "<w:strike/>") + run("6"), run("7", "<w:strike/>"),
                run("8", '<w:strike w:val="0"/>'))
STAMPED = row(run("其他"), run("3"), drawn(floating(SEAL)), run("4"))
TITLE = f"<w:p>{run('甲局2023年政府信息公开工作年度报告')}</w:p>"
BODY = (f"{TITLE}<w:p>{drawn(picture())}</w:p>" + table(HEAD, REGULATIONS, NORMATIVE, STAMPED)
        + f"<w:p>{run('附件')}</w:p>" + table(row(drawn(picture()), run("印章"))) + f"<w:p>{run('另附')}</w:p>"
        + table(row(drawn(picture())), row(run("说明"))))
CELLS = [["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], ["规章", "\ufffd", "0", "1"],
         ["行政规范性文件", "6", "", "8"], ["其他", "3", "", "4"]]


def rows(document: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in block.rows()] for block in document.blocks if isinstance(block, Grid)]


def saved() -> list[bytes]:
    return [word(BODY), *(path.read_bytes() for path in sorted(GOLDEN.glob("unread.*")))]


@pytest.mark.parametrize("data", saved(), ids=["docx", "doc", "odt", "rtf"])
def test_every_office_format_calls_the_same_cells_not_legible(data: bytes) -> None:
    document = read(data)
    assert rows(document) == [CELLS, [["", "印章"]]]
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)][1:] == ["附件", "另附", "说明"]


@pytest.mark.parametrize(("shown", "read_as"), [
    (drawn(picture()), "\ufffd"), (drawn(VML), "\ufffd"), (drawn(picture(SEAL)), "\ufffd"),
    (drawn(floating(200_000)), "\ufffd"), (drawn(floating(SEAL)), ""), (run("5") + drawn(picture()), "5"),
    (f"<w:r><w:rPr><w:vanish/></w:rPr>{picture()}</w:r>", ""), ("", "")])
def test_what_stands_in_a_cell_of_a_word_file_decides_whether_it_is_blank(shown: str, read_as: str) -> None:
    other = row(run("行政规范性文件"), run("5"), run("6"), run("7"))
    data = word(TITLE + table(HEAD, row(run("规章"), run("2"), shown, run("4")), other))
    cell = parse(data, Hints()).to_json()["proactive"]["rules_repealed"]
    assert (cell["raw"], cell["status"]) == (read_as, {"\ufffd": "ambiguous", "": "blank", "5": "number"}[read_as])


def test_a_table_of_pictures_alone_says_nothing() -> None:
    with pytest.raises(Empty):
        read(word(table(row(*[drawn(picture())] * 3))))
