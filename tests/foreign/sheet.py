"""Workbooks written from nothing: a report on one sheet or its tables apart, typed figures, formulas, what is put away."""

from __future__ import annotations

import io
import re
import zipfile
from html import escape
from random import Random

from tests.foreign.drawing import Box, Drawn
from tests.foreign.report import Made

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATED = "application/vnd.openxmlformats-package.relationships+xml"
_FORMATS = ("General", "0_ ", "#,##0", '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"??_ ;_ @_ ')
_FIGURE = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d*[1-9])?")
DRAWINGS = ("plain", "typed", "counted", "apart", "shifted", "put_away")


class Sheet:
    """Rows of a sheet in the making."""

    def __init__(self, name: str, left: int = 0, top: int = 0) -> None:
        self.name = name
        self.rows: list[str] = [""] * top
        self.hidden: set[int] = set()
        self.merges: list[str] = []
        self.left = left
        self.put_away: int | None = None       # a hidden column among the others

    def line(self, text: str, width: int) -> None:
        """Words across the sheet."""
        self._add([self._cell(0, text)], [(0, 1, width)])

    def table(self, drawn: Drawn, drawing: str, random: Random) -> None:
        below: dict[tuple[int, int], int] = {}
        for number, row in enumerate(drawn.rows):
            cells, merges, at, boxes = [], [], 0, list(row)
            while at < drawn.width:
                if span := below.get((number, at)):
                    at += span
                    continue
                box = boxes.pop(0)
                cells.append(self._cell(at, box.text, box, drawing, random))
                merges.append((at, box.rows, box.cols))
                below |= {(number + down, at): box.cols for down in range(1, box.rows)}
                at += box.cols
            if self.put_away is not None:
                column = chr(65 + self.left + self.put_away)
                cells.append(f'<c r="{column}{{row}}"><v>{random.randrange(90)}</v></c>')
            self._add(cells, merges)
            if drawing == "put_away" and random.random() < 0.2 and not any(box.rows > 1 for box in row) and number > 3:
                self.hidden.add(len(self.rows))
                self._add([self._cell(column, str(random.randrange(90))) for column in range(drawn.width)], [])

    def _add(self, cells: list[str], merges: list[tuple[int, int, int]]) -> None:
        row = len(self.rows) + 1
        self.rows.append("".join(cells).replace("{row}", str(row)))
        self.merges += [f"{self._place(at)}{row}:{self._place(at + cols - 1)}{row + rows - 1}"
                        for at, rows, cols in merges if rows > 1 or cols > 1]

    def _place(self, at: int) -> str:
        column = self.left + at + (self.put_away is not None and at >= self.put_away)
        return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)

    def _cell(self, at: int, text: str, box: Box | None = None, drawing: str = "plain", random: Random | None = None) -> str:
        place = f'<c r="{self._place(at)}{{row}}"'
        if random and drawing != "plain" and _FIGURE.fullmatch(text) and box and not box.note:
            look = random.randrange(len(_FORMATS)) if "." not in text else 0
            formula = "<f>SUM(A1:A2)</f>" if drawing == "counted" else ""
            return f'{place} s="{look}">{formula}<v>{text}</v></c>'
        note = f'<r><rPr><vertAlign val="superscript"/></rPr><t>{escape(box.note)}</t></r>' if box and box.note else ""
        words = f'<t xml:space="preserve">{escape(text)}</t>'
        return f'{place} t="inlineStr"><is>{f"<r>{words}</r>{note}" if note else words}</is></c>' if text or note else ""

    def markup(self) -> str:
        hidden = "" if self.put_away is None else (f'<cols><col min="{self.left + self.put_away + 1}" hidden="1" width="9" '
                                                   f'max="{self.left + self.put_away + 1}"/></cols>')
        rows = "".join(f'<row r="{n}" hidden="{int(n - 1 in self.hidden)}">{row}</row>' for n, row in enumerate(self.rows, 1))
        merges = "".join(f'<mergeCell ref="{merge}"/>' for merge in self.merges)
        return (f'<worksheet xmlns="{_MAIN}">{hidden}<sheetData>{rows}</sheetData>'
                + (f"<mergeCells>{merges}</mergeCells>" if merges else "") + "</worksheet>")


def file(made: Made, drawing: str) -> bytes:
    """The report as XLSX; `drawing` names how its sheets are laid out."""
    random = Random(f"sheet {made.seed} {drawing}")
    shifted = drawing == "shifted"
    sheet = Sheet("年报", left=random.randrange(1, 4) if shifted else 0, top=random.randrange(1, 4) if shifted else 0)
    sheets = [sheet]
    sheet.put_away = random.randrange(1, 3) if drawing == "put_away" else None
    width = max([part.width for part in made.parts if isinstance(part, Drawn)], default=1)
    for part in made.parts:
        if isinstance(part, Drawn):
            if drawing == "apart":
                sheets.append(sheet := Sheet(f"表{len(sheets)}"))
            sheet.table(part, drawing, random)
        else:
            sheet.line(part[1] if isinstance(part, tuple) else part, width)
        if shifted and random.random() < 0.3:
            sheet.rows.append("")
    return _packed(sheets)


def _packed(sheets: list[Sheet]) -> bytes:
    names = "".join(f'<sheet name="{sheet.name}" sheetId="{n}" r:id="r{n}"/>' for n, sheet in enumerate(sheets, 1))
    links = "".join(f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                    for n, _ in enumerate(sheets, 1))
    typed = [("workbook", "sheet.main"), ("styles", "styles"),
             *((f"worksheets/sheet{n}", "worksheet") for n, _ in enumerate(sheets, 1))]
    kinds = [f'<Override PartName="/xl/{part}.xml" ContentType="{_KIND}.{kind}+xml"/>' for part, kind in typed]
    codes = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{escape(code)}"/>' for n, code in enumerate(_FORMATS))
    looks = "".join(f'<xf numFmtId="{200 + n}"/>' for n, _ in enumerate(_FORMATS))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{_RELATED}"/>'
                               f'{"".join(kinds)}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
                       'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}<Relationship Id="s" '
                                      f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts><cellXfs>{looks}</cellXfs></styleSheet>',
    } | {f"xl/worksheets/sheet{n}.xml": sheet.markup() for n, sheet in enumerate(sheets, 1)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text)
    return out.getvalue()
