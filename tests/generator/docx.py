"""Reports as Word files, written as raw OOXML: spans, content controls, tracked changes, automatic numbers, text boxes."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.generator.model import Box, Line, Table, Truth
from tests.generator.stacking import rows_of

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ALL = (f'{W} xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
       ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
       ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
       ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"')
STYLES = {"title": "Title", "heading": "Heading1", "subheading": "Heading2"}
Paragraph = Callable[[Line], str]
Draw = Callable[[Table], str]


def clean(truth: Truth) -> bytes:
    """Styles for headings, gridSpan and vMerge for spans."""
    return write(truth, paragraph, table)


def numbered(truth: Truth) -> bytes:
    """The enumerators of headings come from automatic numbering, not from the text."""
    return write(truth, _numbered, table)


def tracked(truth: Truth) -> bytes:
    """Inserted text to keep and deleted text to drop, in paragraphs and cells; a bookmark, a hidden run, a split run."""
    return write(truth, _tracked, lambda drawn: table(drawn, _tracked_cell))


def controls(truth: Truth) -> bytes:
    """Paragraphs, rows and cells inside content controls."""
    return write(truth, lambda line: _control(paragraph(line)), lambda drawn: table(drawn, row=_control, cell=_control))


def nested(truth: Truth) -> bytes:
    """Every table inside the single cell of a layout table."""
    head, foot = "<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    return write(truth, paragraph, lambda drawn: head + table(drawn) + foot)


def boxed_title(truth: Truth) -> bytes:
    """The title stands in a text box, once for new and once for old versions of Word."""
    return write(truth, lambda line: _box(line) if line.role == "title" else paragraph(line), table)


def paragraph(line: Line) -> str:
    style = f'<w:pPr><w:pStyle w:val="{STYLES[line.role]}"/></w:pPr>' if line.role in STYLES else ""
    return f"<w:p>{style}{run(line.text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    shown = properties and f"<w:rPr>{properties}</w:rPr>"
    pieces = [f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\n")]
    return f"<w:r>{shown}{'<w:br/>'.join(pieces)}</w:r>"


def _numbered(line: Line) -> str:
    if not line.number:
        return paragraph(line)
    series = 2 if line.number[0].isdigit() else 1
    return (f'<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{series}"/></w:numPr></w:pPr>'
            f"{run(line.text.removeprefix(line.number))}</w:p>")


def _tracked(line: Line) -> str:
    half = len(line.text) // 2
    style = f'<w:pPr><w:pStyle w:val="{STYLES[line.role]}"/></w:pPr>' if line.role in STYLES else ""
    inserted = f'<w:ins w:id="1" w:author="甲">{run(line.text[half:])}</w:ins>'
    mark = '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>'
    return (f'<w:p>{style}{mark}{run(line.text[:half])}{inserted}'
            f'{_deleted("旧稿文字")}{run("隐藏批注", "<w:vanish/>")}</w:p>')


def _tracked_cell(text: str) -> str:
    return f'<w:p>{_deleted("9")}<w:ins w:id="2" w:author="甲">{run(text)}</w:ins></w:p>'


def _deleted(text: str) -> str:
    return f'<w:del w:id="3" w:author="甲"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def _control(content: str) -> str:
    return f'<w:sdt><w:sdtPr><w:id w:val="7"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'


def _box(line: Line) -> str:
    inner = f"<w:txbxContent>{paragraph(line)}</w:txbxContent>"
    return (f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData>'
            f"<wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>")


def _same(content: str) -> str:
    return content


def table(drawn: Table, fill: Callable[[str], str] = lambda text: f"<w:p>{run(text)}</w:p>",
          row: Callable[[str], str] = _same, cell: Callable[[str], str] = _same) -> str:
    grid = "<w:gridCol w:w='700'/>" * drawn.width
    rows = ["".join(cell(_cell(box, below, fill)) for box, below in places) for places in rows_of(drawn)]
    shown = "".join(row(f"<w:tr>{cells}</w:tr>") for cells in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{shown}</w:tbl>"


def _cell(box: Box, continued: bool, fill: Callable[[str], str]) -> str:
    span = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else ""
    merge = "<w:vMerge/>" if continued else '<w:vMerge w:val="restart"/>' if box.rows > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{'<w:p/>' if continued else fill(box.text)}</w:tc>"


def write(truth: Truth, line: Paragraph, draw: Draw) -> bytes:
    """The zip of the parts, without clocks: the same truth gives the same bytes."""
    body = "".join(line(part) if isinstance(part, Line) else draw(part) + "<w:p/>" for part in truth.script)
    core = f"<dc:title>{escape(truth.title)}</dc:title>"
    furniture = "".join(f'<w:{end}Reference xmlns:r="{_R}" w:type="default" r:id="{part}"/>' for part, end in _ENDS.items())
    document = f"<w:document {ALL}><w:body>{body}<w:sectPr>{furniture}</w:sectPr></w:body></w:document>"
    properties = f"<cp:coreProperties {_CORE}>{core}</cp:coreProperties>"
    parts = PARTS | {"word/document.xml": document, "docProps/core.xml": properties}
    return pack({name: XML + text for name, text in parts.items()})


def pack(parts: dict[str, str], stored: tuple[str, ...] = ()) -> bytes:
    """A zip of text parts with a fixed date; names in `stored` are kept uncompressed."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as zipped:
        for name, text in parts.items():
            entry = ZipInfo(name, (2024, 1, 15, 9, 0, 0))
            entry.compress_type = 0 if name in stored else ZIP_DEFLATED
            zipped.writestr(entry, text)
    return buffer.getvalue()


_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"
_M = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = f'xmlns:cp="{_P}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_ENDS = {"rId3": "header", "rId4": "footer"}
_HEADINGS = (("Title", "Title", ""), ("Heading1", "heading 1", '<w:outlineLvl w:val="0"/>'),
             ("Heading2", "heading 2", '<w:outlineLvl w:val="1"/>'))
_WORD_PARTS = {"document": "document.main", "styles": "styles", "numbering": "numbering",
               "header1": "header", "footer1": "footer"}


def _series(number: int, numeral: str, text: str) -> str:
    return (f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{numeral}"/>'
            f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>')


def _relations(*targets: tuple[str, str]) -> str:
    entries = (f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(targets, 1))
    return f'<Relationships xmlns="{_P}/relationships">{"".join(entries)}</Relationships>'


PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_P}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(f'<Override PartName="/word/{part}.xml" ContentType="{_M}.{kind}+xml"/>' for part, kind in _WORD_PARTS.items())
    + "</Types>",
    "_rels/.rels": _relations((f"{_R}/officeDocument", "word/document.xml"),
                              (f"{_P}/relationships/metadata/core-properties", "docProps/core.xml")),
    "word/_rels/document.xml.rels": _relations((f"{_R}/styles", "styles.xml"), (f"{_R}/numbering", "numbering.xml"),
                                               (f"{_R}/header", "header1.xml"), (f"{_R}/footer", "footer1.xml")),
    "word/styles.xml": f"<w:styles {W}>" + "".join(
        f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{name}"/><w:pPr>{level}</w:pPr></w:style>'
        for style, name, level in _HEADINGS) + "</w:styles>",
    "word/numbering.xml": f"<w:numbering {W}>"
    + _series(0, "chineseCountingThousand", "%1、") + _series(1, "decimal", "%1、")
    + "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n - 1}"/></w:num>' for n in (1, 2)) + "</w:numbering>",
    "word/header1.xml": f"<w:hdr {W}><w:p>{run('内部文稿页眉')}</w:p></w:hdr>",
    "word/footer1.xml": f"<w:ftr {W}><w:p>{run('— 1 —')}</w:p></w:ftr>",
}
