"""Word files written from nothing: merges, split runs, deleted and hidden text, tables in tables and in content controls."""

from __future__ import annotations

import io
import zipfile
from html import escape
from random import Random

from tests.foreign.drawing import Box, Drawn
from tests.foreign.report import Made

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    "</Types>"
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
BORDERS = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in SIDES)
PROPERTIES = (
    f'<w:tblPr><w:tblW w:w="9600" w:type="dxa"/><w:tblBorders>{BORDERS}</w:tblBorders>'
    f'<w:tblLayout w:type="fixed"/></w:tblPr>'
)
DRAWINGS = ("plain", "runs", "revised", "controlled", "nested", "twice_headed")


def file(made: Made, drawing: str) -> bytes:
    """The report as DOCX; `drawing` names what its tables suffer."""
    random = Random(f"word {made.seed} {drawing}")
    body = []
    for part in made.parts:
        if isinstance(part, Drawn):
            body.append(table(part, drawing, random) + "<w:p/>")
        else:
            body.append(f"<w:p>{run(part[1] if isinstance(part, tuple) else part)}</w:p>")
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}"><w:body>{"".join(body)}<w:sectPr/></w:body>'
        f"</w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document)):
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    props = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    pieces = text.split("\n")
    return "<w:r>" + props + "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in pieces) + "</w:r>"


def table(drawn: Drawn, drawing: str, random: Random) -> str:
    rows, below = [], {}
    top = next((at for at, row in enumerate(drawn.rows) if any(not box.head for box in row)), 1)
    for number, row in enumerate(drawn.rows):
        cells, at, boxes = [], 0, list(row)
        while at < drawn.width:
            if span := below.get((number, at)):
                cells.append(_cell(Box(cols=span), "<w:vMerge/>", drawing, random))
                at += span
                continue
            if not boxes:
                break
            box = boxes.pop(0)
            below |= {(number + down, at): box.cols for down in range(1, box.rows)}
            cells.append(_cell(box, '<w:vMerge w:val="restart"/>' if box.rows > 1 else "", drawing, random))
            at += box.cols
        head = "<w:trPr><w:tblHeader/></w:trPr>" if number < top else ""
        line = f"<w:tr>{head}{''.join(cells)}</w:tr>"
        rows.append(f"<w:sdt><w:sdtContent>{line}</w:sdtContent></w:sdt>" if drawing == "controlled" else line)
    grid = "<w:tblGrid>" + f'<w:gridCol w:w="{9600 // drawn.width}"/>' * drawn.width + "</w:tblGrid>"
    table = f"<w:tbl>{PROPERTIES}{grid}{''.join(rows)}</w:tbl>"
    if drawing == "nested":
        return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr/>{table}<w:p/></w:tc></w:tr></w:tbl>"
    return table


def _cell(box: Box, merge: str, drawing: str, random: Random) -> str:
    span = f'<w:gridSpan w:val="{box.cols}"/>' if box.cols > 1 else ""
    text = run(box.text)
    if drawing == "runs" and len(box.text) > 1:
        cut = random.randrange(1, len(box.text))
        text = (
            run(box.text[:cut])
            + '<w:bookmarkStart w:id="1" w:name="_GoBack"/><w:bookmarkEnd w:id="1"/>'
            + run(box.text[cut:])
        )
    if drawing == "revised" and not box.head and random.random() < 0.3:
        text = f'<w:ins w:id="1">{text}</w:ins>'
        text += '<w:del w:id="2"><w:r><w:delText>9</w:delText></w:r></w:del>' + run("7", "<w:vanish/>")
    note = run(box.note, '<w:vertAlign w:val="superscript"/>') if box.note else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr><w:p>{text}{note}</w:p></w:tc>"
