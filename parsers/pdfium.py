"""The one place that speaks to pdfium: a PDF's pages as characters, rules and pictures.

pdfium is not safe in threads (pypdfium2 #303): one process may read one file at a time.
"""

from __future__ import annotations

import ctypes
import math
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2  # noqa: F401  importing it starts pdfium
import pypdfium2.raw as raw

from parsers.exceptions import Damaged, Encrypted
from parsers.layout.ink import Box, Glyph, Page, Rule, rule_of

MAX_CHARS = 60_000         # per page; a dense page has 3,000
MAX_OBJECTS = 60_000       # per page, forms included; a page of statutory tables has about 600
MAX_SEGMENTS = 4_000       # per path
MAX_PIXELS = 1 << 27       # of a picture; A3 at 600 dpi has 70 million
MAX_DEPTH = 8              # of forms in forms
ASCENT = 0.86              # of the font size above the baseline
INVISIBLE = (3, 7)         # text rendering modes: neither filled nor stroked
TURN_SAMPLES = 24          # characters looked at to tell how a page is turned

Matrix = tuple[float, float, float, float, float, float]
_PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Picture(NamedTuple):
    """An image on a page: its box, and its pdfium object, alive as long as the page."""

    box: Box
    handle: Any


@dataclass(slots=True)
class Sight:
    """What a page shows: its ink, its pictures, and how far its text can be believed."""

    page: Page
    pictures: list[Picture] = field(default_factory=list)
    texts: int = 0             # text objects
    paths: int = 0             # drawn shapes that are no rules: text turned into outlines has hundreds
    hidden: int = 0            # of them drawn invisibly or under the last picture
    cut: bool = False          # a limit was reached, the rest was not read
    turn: int = 0              # quarter turns to the right that the text needs


@contextmanager
def opened(data: bytes) -> Iterator[Any]:
    """An open document. Raises `Encrypted` or `Damaged`."""
    start = data.find(b"%PDF", 0, 1 << 20)
    data = data[start:] if start > 0 else data
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise _refusal(raw.FPDF_GetLastError())
    try:
        yield document
    finally:
        raw.FPDF_CloseDocument(document)


def _refusal(code: int) -> Exception:
    if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return Encrypted("the PDF is locked with a password or certificate; ask the publisher for an open copy")
    return Damaged("the PDF is broken or cut off and cannot be opened; fetch it again")


def page_count(document: Any) -> int:
    return int(raw.FPDF_GetPageCount(document))


def info(document: Any, key: str) -> str:
    """An entry of the information dictionary (Title, Author …), "" when there is none."""
    name = key.encode()
    size = raw.FPDF_GetMetaText(document, name, None, 0)
    buffer = ctypes.create_string_buffer(size + 2)
    raw.FPDF_GetMetaText(document, name, buffer, size)
    return buffer.raw[:max(size - 2, 0)].decode("utf-16-le", "replace").strip()


@contextmanager
def loaded(document: Any, number: int) -> Iterator[Any]:
    """The page of that number (from 1). Raises `Damaged`."""
    page = raw.FPDF_LoadPage(document, number - 1)
    if not page:
        raise Damaged(f"page {number} is broken and cannot be read; fetch the file again")
    try:
        yield page
    finally:
        raw.FPDF_ClosePage(page)


def look(handle: Any, number: int) -> Sight:
    """Everything on a page, turned so that its text stands upright. Raises `Damaged`."""
    text = raw.FPDFText_LoadPage(handle)
    if not text:
        raise Damaged(f"the text of page {number} cannot be read; fetch the file again")
    try:
        frame = _frame(handle, text)
        sight = Sight(Page(number, *frame.size), turn=frame.turn)
        sight.page.glyphs, sight.cut = _glyphs(text, frame)
        _Objects(frame, sight).walk(handle)
        return sight
    finally:
        raw.FPDFText_ClosePage(text)


class Bitmap(NamedTuple):
    """Pixels in memory: rows of `stride` bytes, `channels` bytes a pixel (grey, BGR or BGR with a fourth)."""

    buffer: bytes
    width: int
    height: int
    stride: int
    channels: int


def picture_bitmap(picture: Picture) -> Bitmap | None:
    """The pixels of an image as they are stored; None when it is turned or skewed, or cannot be decoded."""
    a, b, c, d, _, _ = _matrix(picture.handle)
    if b or c or a <= 0 or d <= 0:
        return None
    return _copied(raw.FPDFImageObj_GetBitmap(picture.handle))


def page_bitmap(handle: Any, scale: float) -> Bitmap | None:
    """The page drawn in grey on white, `scale` pixels a point, as a viewer shows it."""
    width, height = (round(scale * side) for side in (raw.FPDF_GetPageWidthF(handle), raw.FPDF_GetPageHeightF(handle)))
    if not 0 < width * height <= MAX_PIXELS:
        return None
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_Gray, None, 0)
    if bitmap:
        raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        raw.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, width, height, 0, raw.FPDF_GRAYSCALE | raw.FPDF_ANNOT)
    return _copied(bitmap)


def _copied(bitmap: Any) -> Bitmap | None:
    """The pixels of a pdfium bitmap, which is freed."""
    if not bitmap:
        return None
    try:
        channels = {raw.FPDFBitmap_Gray: 1, raw.FPDFBitmap_BGR: 3}.get(raw.FPDFBitmap_GetFormat(bitmap), 4)
        width, height = raw.FPDFBitmap_GetWidth(bitmap), raw.FPDFBitmap_GetHeight(bitmap)
        stride = raw.FPDFBitmap_GetStride(bitmap)
        if not 0 < width * height <= MAX_PIXELS:
            return None
        buffer = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * height)
        return Bitmap(buffer, width, height, stride, channels)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)


# ---------------------------------------------------------------- the frame of a page


class Frame(NamedTuple):
    """The visible box of a page in its own coordinates and the quarter turns that bring its text upright."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn % 2 else (width, height)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the page as it is read: points from the top left."""
        if self.turn == 0:
            return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)
        if self.turn == 1:
            return Box(bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.turn == 2:
            return Box(self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        return Box(self.top - top, self.right - right, self.top - bottom, self.right - left)


def _frame(page: Any, text: Any) -> Frame:
    """Text that runs up the page (a landscape table on a portrait page, or /Rotate) is turned before it is read."""
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, box)
    turn = _turn(text)
    if turn is None:
        turn = -raw.FPDFPage_GetRotation(page) % 4
    return Frame(box.left, box.bottom, box.right, box.top, turn)


def _turn(text: Any) -> int | None:
    """0 upright, 1 text running up, 2 upside down, 3 running down; None on a page without text."""
    count = raw.FPDFText_CountChars(text)
    matrix, votes = raw.FS_MATRIX(), [0, 0, 0, 0]
    for index in range(0, count, max(1, count // TURN_SAMPLES)):
        if raw.FPDFText_GetUnicode(text, index) > 32 and raw.FPDFText_GetMatrix(text, index, matrix):
            votes[round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4] += 1
    return votes.index(max(votes)) if any(votes) else None


# ---------------------------------------------------------------- characters


def _glyphs(text: Any, frame: Frame) -> tuple[list[Glyph], bool]:
    """The visible characters in the order of the file, and whether there were more than the limit."""
    count = raw.FPDFText_CountChars(text)
    loose_box, rect = raw.FPDFText_GetLooseCharBox, raw.FS_RECTF()
    pointer, placed, turned = ctypes.byref(rect), frame.box, frame.turn != 0
    edge_x, edge_y = frame.left, frame.top
    heights: dict[tuple[float, float], tuple[float, float]] = {}
    glyphs: list[Glyph] = []
    for index, character in enumerate(_characters(text, min(count, MAX_CHARS))):     # the hot loop of the reader
        if character in _SPACES:
            continue
        loose_box(text, index, pointer)
        left, top, right, bottom = rect.left, rect.top, rect.right, rect.bottom
        if turned:
            x0, y0, x1, y1 = placed(left, bottom, right, top)
        else:
            x0, y0, x1, y1 = left - edge_x, edge_y - top, right - edge_x, edge_y - bottom
        height = heights.get((y0, y1))
        if height is None:
            height = heights[y0, y1] = _on_baseline(text, index, frame, Box(x0, y0, x1, y1))
        glyphs.append(Glyph(character, x0, height[0], x1, height[1]))
    return list(_on_paper([g for g in glyphs if g[4] > g[2]], *frame.size)), count > MAX_CHARS


def _on_paper(glyphs: Sequence[Glyph], width: float, height: float) -> Iterator[Glyph]:
    """The characters that the paper shows; where a word runs over its side, U+FFFD stands for what is cut off."""
    seen = [0 <= g[1] + g[3] <= 2 * width and 0 <= g[2] + g[4] <= 2 * height for g in glyphs]
    for at, glyph in enumerate(glyphs):
        if seen[at]:
            yield glyph
        elif at and seen[at - 1] and _adjoin(glyphs[at - 1], glyph):
            yield Glyph("\ufffd", width - 1, glyph[2], width, glyph[4])
        elif at + 1 < len(glyphs) and seen[at + 1] and _adjoin(glyph, glyphs[at + 1]):
            before = min(0.0, glyphs[at + 1][1]) - 0.1                     # the next one may stand half on the paper
            yield Glyph("\ufffd", before, glyph[2], 2 - before, glyph[4])


def _adjoin(left: Glyph, right: Glyph) -> bool:
    """Do two characters stand side by side, as in a word?"""
    height = right[4] - right[2]
    return abs(left[4] - right[4]) < 0.5 * height and -0.5 * height < right[1] - left[3] < 0.3 * height


def _characters(text: Any, count: int) -> list[str]:
    """The letter of every character; "" for the first half of a rare one, whose box its second half has too."""
    buffer = ctypes.create_string_buffer(2 * count + 2)
    pointer = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    if raw.FPDFText_GetText(text, 0, count, pointer) == count + 1:                  # else it left some out
        codes = struct.unpack(f"<{count}H", buffer.raw[:2 * count])
    else:
        codes = tuple(raw.FPDFText_GetUnicode(text, index) for index in range(count))
    return [chr(code) if 0x2FFF < code < 0xD800 else _character(code, lead)
            for lead, code in zip((0, *codes), codes, strict=False)]


_SPACES = frozenset(map(chr, (9, 10, 11, 12, 13, 32, 0x85, 0xA0, 0xAD, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029,
                              0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF))) | {""}


def _character(code: int, lead: int) -> str:
    """The letter of a code, `lead` being the code before it: letters outside the basic plane come in two halves."""
    if 0xDC00 <= code < 0xE000 and 0xD800 <= lead < 0xDC00:
        return chr(0x10000 + ((lead - 0xD800) << 10) + (code - 0xDC00))
    if 0xD800 <= code < 0xDC00:
        return ""
    if code == 2:                                       # how pdfium marks a hyphen at the end of a line
        return "-"
    if (code < 32 and code not in (9, 10, 11, 12, 13)) or code in (0xFFFE, 0xFFFF) or 0xDC00 <= code < 0xE000:
        return "\ufffd"                                 # a character without meaning is never taken for a blank
    return _RADICALS.get(code) or chr(code)


def _on_baseline(text: Any, index: int, frame: Frame, box: Box) -> tuple[float, float]:
    """Top and bottom of a character by its baseline and font size: fonts on one line disagree on their own heights.

    The box that pdfium gives is kept where its origin is no baseline (vertical writing) or far off (odd Type 3 fonts).
    """
    matrix, x, y = raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetMatrix(text, index, matrix)
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    origin = frame.box(x.value, y.value, x.value, y.value)
    centred = abs(origin.x0 - (box.x0 + box.x1) / 2) < 0.2 * size and box.x1 - box.x0 > 0.7 * size
    if centred or not 0 < size < 3 * (box.y1 - box.y0) + 12 or not box.y0 - 0.6 * size < origin.y0 < box.y1 + 0.6 * size:
        return box.y0, box.y1
    return origin.y0 - ASCENT * size, origin.y0 + (1 - ASCENT) * size


#: Radicals that fonts give in place of the same-looking letters (producers map glyphs back to the first code they find).
#: Kangxi radicals fold by NFKC, save three that mainland fonts draw in their modern form; the supplement has no folding.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | dict(zip(
    map(ord, "⼾⾭⿈⺁⺇⺌⺒⺓⺛⺝⺟⺠⺫⺬⺮⺶⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳"),
    "户青黄厂几小巳幺旡月母民目示竹羊虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟", strict=True))


# ---------------------------------------------------------------- drawn things


class _Objects:
    """A walk over the drawn objects of a page: straight strokes and bars become rules, images pictures."""

    def __init__(self, frame: Frame, sight: Sight) -> None:
        self.frame = frame
        self.sight = sight
        self.left = MAX_OBJECTS
        self.texts: list[Any] = []
        self.covered = 0           # text objects drawn before the last picture

    def walk(self, page: Any) -> None:
        count = raw.FPDFPage_CountObjects(page)
        self._each((raw.FPDFPage_GetObject(page, index) for index in range(count)), _PLAIN, 0)
        self.sight.texts = len(self.texts)
        if self.sight.pictures:
            invisible = sum(raw.FPDFTextObj_GetTextRenderMode(thing) in INVISIBLE for thing in self.texts)
            self.sight.hidden = max(self.covered, invisible)

    def _each(self, objects: Iterator[Any], outer: Matrix, depth: int) -> None:
        kind_of = raw.FPDFPageObj_GetType
        for thing in objects:
            if self.left <= 0:
                self.sight.cut = True
                return
            self.left -= 1
            kind = kind_of(thing)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self.texts.append(thing)
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(thing, outer)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self._picture(thing, outer)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                count = raw.FPDFFormObj_CountObjects(thing)
                inner = _times(_matrix(thing), outer)
                self._each((raw.FPDFFormObj_GetObject(thing, index) for index in range(count)), inner, depth + 1)

    def _picture(self, thing: Any, outer: Matrix) -> None:
        self.sight.pictures.append(Picture(self._placed(_bounds(thing), outer), thing))
        self.covered = len(self.texts)

    def _path(self, thing: Any, outer: Matrix) -> None:
        """A thin path is its box; of any other only the straight edges are taken, unless it is a filled background."""
        box = self._placed(_bounds(thing), outer)
        if (rule := rule_of(*box)) is not None:
            if _drawn(thing)[0] or _drawn(thing)[1]:
                self.sight.page.rules.append(rule)
            return
        self.sight.paths += 1
        stroked, filled = _drawn(thing)
        count = raw.FPDFPath_CountSegments(thing)
        if stroked or (filled and count > 5):
            self.sight.page.rules += self._edges(thing, min(count, MAX_SEGMENTS), _times(_matrix(thing), outer))

    def _edges(self, thing: Any, count: int, matrix: Matrix) -> Iterator[Rule]:
        x, y = ctypes.c_float(), ctypes.c_float()
        start = last = (0.0, 0.0)
        for index in range(count):
            segment = raw.FPDFPath_GetPathSegment(thing, index)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = _apply(matrix, x.value, y.value)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == raw.FPDF_SEGMENT_LINETO:
                yield from self._edge(last, point)
            last = point
            if raw.FPDFPathSegment_GetClose(segment):
                yield from self._edge(last, start)
                last = start

    def _edge(self, a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rule]:
        if abs(a[0] - b[0]) > 0.5 and abs(a[1] - b[1]) > 0.5:
            return                                      # a slant is no wall
        rule = rule_of(*self.frame.box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))
        if rule is not None:
            yield rule

    def _placed(self, bounds: tuple[float, float, float, float], outer: Matrix) -> Box:
        left, bottom, right, top = bounds
        if outer is not _PLAIN:
            corners = [_apply(outer, x, y) for x in (left, right) for y in (bottom, top)]
            left, right = min(x for x, _ in corners), max(x for x, _ in corners)
            bottom, top = min(y for _, y in corners), max(y for _, y in corners)
        return self.frame.box(left, bottom, right, top)


def _bounds(thing: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _drawn(thing: Any) -> tuple[bool, bool]:
    """Whether a path is stroked and whether it is filled; neither for clips."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(thing, fill, stroke)
    return bool(stroke.value), fill.value != 0


def _matrix(thing: Any) -> Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
