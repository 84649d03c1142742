"""Reports as PDF set by hand: SimSun by name and not embedded, as office suites saved them, the same bytes every time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.generator.model import Box, Line, Table, Truth

PAPER = (595.0, 842.0)               # A4 in points
MARGIN, SIZE, LEADING = 60.0, 9.0, 12.0
SIZES = {"title": 18.0, "heading": 14.0, "subheading": 12.0, "text": 12.0, "signature": 12.0}
COLUMNS = {10: (1.5, 2, 4, *[1.0] * 7), 4: (3, 2, 2, 2), 3: (8, 1, 2)}     # relative widths by number of columns
Rectangle = tuple[float, float, float, float]                            # left, top, width, height; top counts downwards


@dataclass(slots=True)
class _Sheet:
    """The content streams of the pages, and where the next line goes (`y` counts from the top)."""

    paper: tuple[float, float]
    ruled: bool
    pages: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = MARGIN

    @property
    def width(self) -> float:
        return self.paper[0] - 2 * MARGIN

    def room(self, height: float) -> bool:
        return self.y + height <= self.paper[1] - MARGIN

    def turn(self) -> None:
        self.pages.append([])
        self.y = MARGIN

    def text(self, x: float, y: float, size: float, text: str) -> None:
        codes = text.replace("\u00a0", " ").encode("utf-16-be").hex()
        self.pages[-1].append(f"BT /F1 {size:g} Tf {x:.2f} {self.paper[1] - y - size:.2f} Td <{codes}> Tj ET")

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        if self.ruled:
            self.pages[-1].append(f"{x:.2f} {self.paper[1] - y - height:.2f} {width:.2f} {height:.2f} re S")


def ruled(truth: Truth) -> bytes:
    """A4 with ruled tables that run over pages."""
    return _set(truth, _Sheet(PAPER, True))


def landscape(truth: Truth) -> bytes:
    """The same on paper turned by 90 degrees, so that nearly every table is cut."""
    return _set(truth, _Sheet((PAPER[1], PAPER[0]), True))


def borderless(truth: Truth) -> bytes:
    """The same without a single rule."""
    return _set(truth, _Sheet(PAPER, False))


def _set(truth: Truth, sheet: _Sheet) -> bytes:
    for part in truth.script:
        if isinstance(part, Line):
            _line(sheet, part)
        else:
            _table(sheet, part)
    for number, page in enumerate(sheet.pages, 1):
        page.append(f"BT /F1 9 Tf {sheet.paper[0] / 2 - 12:.2f} 30 Td <{f'- {number} -'.encode('utf-16-be').hex()}> Tj ET")
    return _pdf(sheet, truth.title)


def _line(sheet: _Sheet, line: Line) -> None:
    size = SIZES[line.role]
    indent = "" if line.role in ("title", "signature") else "\u3000\u3000"
    for text in wrap(indent + line.text, sheet.width, size):
        if not sheet.room(size * 1.5):
            sheet.turn()
        x = {"title": (sheet.paper[0] - advance(text, size)) / 2, "signature": sheet.paper[0] - MARGIN - advance(text, size)}
        sheet.text(x.get(line.role, MARGIN), sheet.y, size, text)
        sheet.y += size * 1.5
    sheet.y += 4


def advance(text: str, size: float) -> float:
    """The width of a line in points: ASCII is half as wide as the rest."""
    return sum(size / 2 if ord(char) < 128 or char == "\u00a0" else size for char in text)


def wrap(text: str, width: float, size: float) -> list[str]:
    """Lines no wider than `width`, broken anywhere as Chinese is; printed line breaks are kept."""
    lines = []
    for printed in text.split("\n"):
        line = ""
        for char in printed:
            if line and advance(line + char, size) > width:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


# ---------------------------------------------------------------- tables


@dataclass(slots=True)
class _Placed:
    box: Box
    row: int
    lines: list[str]
    x: float
    width: float


def _table(sheet: _Sheet, table: Table) -> None:
    share = COLUMNS.get(table.width, (1.0,) * table.width)
    edges = [MARGIN + sheet.width * sum(share[:n]) / sum(share) for n in range(len(share) + 1)]
    placed = list(_place(table, edges))
    heights = [max([len(cell.lines) for cell in placed if cell.row == row and cell.box.rows == 1], default=1) * LEADING + 4
               for row in range(len(table.rows))]
    row = 0
    while row < len(heights):
        last = row
        while last < len(heights) and sheet.room(sum(heights[row:last + 1])):
            last += 1
        if last == row:
            sheet.turn()
            continue
        _draw(sheet, [cell for cell in placed if cell.row < last and cell.row + cell.box.rows > row], heights, row, last)
        row = last
    sheet.y += LEADING


def _place(table: Table, edges: list[float]) -> Iterator[_Placed]:
    taken: set[tuple[int, int]] = set()
    for row, boxes in enumerate(table.rows):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + right) for down in range(box.rows) for right in range(box.columns)}
            width = edges[column + box.columns] - edges[column]
            yield _Placed(box, row, wrap(box.text, width - 4, SIZE), edges[column], width)
            column += box.columns


def _draw(sheet: _Sheet, cells: list[_Placed], heights: list[float], first: int, last: int) -> None:
    """Draw rows `first` to `last` of a table here; a cell that runs on to another page is framed on both."""
    top = sheet.y
    for cell in cells:
        begin, end = max(cell.row, first), min(cell.row + cell.box.rows, last)
        y, height = top + sum(heights[first:begin]), sum(heights[begin:end])
        sheet.frame(cell.x, y, cell.width, height)
        if cell.row >= first:
            _fill(sheet, cell, y, height)
    sheet.y = top + sum(heights[first:last])


def _fill(sheet: _Sheet, cell: _Placed, y: float, height: float) -> None:
    """The text in the middle of its frame; what does not fit above the page break is squeezed, never lost."""
    leading = min(LEADING, height / max(len(cell.lines), 1))
    y += (height - leading * len(cell.lines)) / 2
    for number, line in enumerate(cell.lines):
        if line.strip():
            sheet.text(cell.x + (cell.width - advance(line, SIZE)) / 2, y + number * leading + 1, SIZE, line)


# ---------------------------------------------------------------- the file


def _pdf(sheet: _Sheet, title: str) -> bytes:
    first = 6
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(sheet.pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(sheet.pages)}>>",
        "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        "/DW 1000/W[1 95 500]/FontDescriptor<</Type/FontDescriptor/FontName/SimSun/Flags 6/FontBBox[0 -141 1000 859]"
        "/ItalicAngle 0/Ascent 859/Descent -141/CapHeight 683/StemV 95>>>>",
        f"<</Title<feff{title.encode('utf-16-be').hex()}>/CreationDate(D:20240115090000+08'00')>>",
    ]
    encoded = [text.encode() for text in objects]
    for number, page in enumerate(sheet.pages):
        content = zlib.compress("\n".join(page).encode(), 9)
        encoded.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {sheet.paper[0]:g} {sheet.paper[1]:g}]"
                       f"/Resources<</Font<</F1 3 0 R>>>>/Contents {first + 2 * number + 1} 0 R>>".encode())
        encoded.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content))
    return _file(encoded)


def _file(objects: list[bytes]) -> bytes:
    data, offsets = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R/Info 5 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(data + tail % (count, table, count, len(data)))
