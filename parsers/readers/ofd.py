"""OFD (GB/T 33190-2016): a zip of XML pages whose text and path objects are laid out by `parsers.layout`.

Seals, signatures and annotations are not part of the text and are left out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from parsers import layout
from parsers.exceptions import Damaged
from parsers.layout.ink import Box, Glyph, Rule, rule_of
from parsers.layout.legible import garbled
from parsers.models import Document, Issue
from parsers.xml import local
from parsers.zipped import Zipped

MEDIA_TYPE = "application/ofd"
MAX_PAGES = 300
MAX_OBJECTS = 60_000       # per page
MAX_DEPTH = 16             # of blocks in blocks
POINT = 72 / 25.4          # OFD measures in millimetres
ASCENT = 0.86              # of the font size above the baseline
COVERING = 0.6             # of the page: an image this large is the page itself

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_STEPS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}      # operands of the path operators
Matrix = tuple[float, float, float, float, float, float]
_PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read(data: bytes) -> Document:
    """Read an OFD file. Raises `Damaged`, `Encrypted`, `TooLarge`; pages that need OCR are issues naming them."""
    package = _Package(Zipped(data))
    issues: list[Issue] = []
    addresses = package.pages
    if not addresses:
        raise Damaged("the OFD has no page; fetch it again")
    if len(addresses) > MAX_PAGES:
        only = f"only the first {MAX_PAGES} of {len(addresses)} pages were read; split the file"
        issues.append(Issue("too-many-pages", only))
    pages = [_page(package, address, number, issues) for number, address in enumerate(addresses[:MAX_PAGES], 1)]
    blocks = layout.arrange(page for page in pages if page is not None)
    if not blocks and not issues:
        issues.append(Issue("no-text", "no page of the OFD shows any text; open it and look"))
    return Document(MEDIA_TYPE, "ofd", blocks, package.title, pages=len(addresses), issues=tuple(issues))


class Object(NamedTuple):
    """A page object with the frame that its coordinates are in."""

    element: etree._Element
    matrix: Matrix
    box: Box


@dataclass
class _Package:
    """The parts of the zip by what they are for."""

    zipped: Zipped
    root: str = ""
    title: str = ""
    document: etree._Element = field(init=False)

    def __post_init__(self) -> None:
        entry = self.zipped.xml("OFD.xml")
        self.title = _text(entry, "Title")
        self.root = _text(entry, "DocRoot").lstrip("/")
        if not self.root:
            raise Damaged("the OFD does not say where its document is; fetch it again")
        self.document = self.zipped.xml(self.root)

    @property
    def pages(self) -> list[str]:
        return [self.address(node.get("BaseLoc", "")) for node in _all(self.document, "Page") if node.get("BaseLoc")]

    @property
    def size(self) -> Box:
        """The page area that holds where a page names none, in points."""
        return _area(self.document) or Box(0, 0, 210 * POINT, 297 * POINT)

    def template(self, name: str) -> etree._Element | None:
        for node in _all(self.document, "TemplatePage"):
            if node.get("ID") == name:
                return self.zipped.xml(self.address(node.get("BaseLoc", "")))
        return None

    def address(self, place: str) -> str:
        """A place named inside the document, from the root of the zip."""
        return place.lstrip("/") if place.startswith("/") else posixpath.normpath(
            posixpath.join(posixpath.dirname(self.root), place))


def _page(package: _Package, address: str, number: int, issues: list[Issue]) -> layout.Page | None:
    """The ink of a page; None where its text cannot be had, which is then an issue."""
    where = f"page {number}"
    try:
        content = package.zipped.xml(address)
    except Damaged as error:
        issues.append(Issue("damaged-page", str(error), where))
        return None
    area = _area(content) or package.size
    page = layout.Page(number, area.x1 - area.x0, area.y1 - area.y0)
    images = 0.0
    for count, item in enumerate(_objects(package, content)):
        if count >= MAX_OBJECTS:
            issues.append(Issue("page-too-full", f"page {number} holds more than can be read; its rest is missing", where))
            break
        kind = local(item.element.tag)
        if kind == "TextObject":
            page.glyphs += _glyphs(item)
        elif kind == "PathObject":
            page.rules += _rules(item)
        elif kind == "ImageObject":
            images += (item.box.x1 - item.box.x0) * (item.box.y1 - item.box.y0) / (page.width * page.height)
    page.glyphs = [glyph for glyph in page.glyphs if _shows(page, *glyph[1:])]
    page.rules = [rule for rule in page.rules if _shows(page, *rule)]
    return _checked(page, images, issues)


def _checked(page: layout.Page, images: float, issues: list[Issue]) -> layout.Page | None:
    text = "".join(glyph.text for glyph in page.glyphs)
    fault = "is a picture without text" if not text and images >= COVERING else (
        "has letters without meaning" if garbled(text) else None)
    if fault is None:
        return page
    where = f"page {page.number}"
    issues.append(Issue("needs-ocr", f"{where} {fault}; it needs OCR: pip install nianbao[ocr]", where))
    return None


def _shows(page: layout.Page, x0: float, y0: float, x1: float, y1: float) -> bool:
    """Does a thing stand on the page? Its middle does, and its places are numbers of this world."""
    return 0 <= x0 + x1 <= 2 * page.width and 0 <= y0 + y1 <= 2 * page.height


# ---------------------------------------------------------------- objects of a page


def _objects(package: _Package, content: etree._Element) -> Iterator[Object]:
    """The text, path and image objects of a page and of the template pages beneath it, in drawing order."""
    for node in content:
        if local(node.tag) == "Template" and (beneath := package.template(node.get("TemplateID", ""))) is not None:
            yield from _nested(beneath, 0)
    yield from _nested(content, 0)


def _nested(node: etree._Element, depth: int) -> Iterator[Object]:
    for child in node:
        kind = local(child.tag)
        if kind in ("TextObject", "PathObject", "ImageObject") and child.get("Visible", "true") != "false":
            yield Object(child, _matrix(child), _box(child))
        elif kind in ("Content", "Layer", "PageBlock") and depth < MAX_DEPTH:
            yield from _nested(child, depth + 1)


def _box(element: etree._Element) -> Box:
    """The Boundary of an object, in points."""
    x, y, width, height = [*_numbers(element.get("Boundary", "")), 0.0, 0.0, 0.0, 0.0][:4]
    return Box(x * POINT, y * POINT, (x + width) * POINT, (y + height) * POINT)


def _matrix(element: etree._Element) -> Matrix:
    numbers = _numbers(element.get("CTM", ""))
    return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) if len(numbers) == 6 else _PLAIN


def _apply(item: Object, x: float, y: float) -> tuple[float, float]:
    """A point of an object on the page, in points: its matrix first, then the corner of its boundary."""
    a, b, c, d, e, f = item.matrix
    return item.box.x0 + (a * x + c * y + e) * POINT, item.box.y0 + (b * x + d * y + f) * POINT


def _glyphs(item: Object) -> Iterator[Glyph]:
    """The characters of a text object at their places; a code the file leaves without a step gets the width of its kind."""
    size = _first(item.element.get("Size"), 0.0)
    stretch = _first(item.element.get("HScale"), 1.0)
    if size <= 0:
        return
    x = y = 0.0
    for code in item.element:
        if local(code.tag) != "TextCode":
            continue
        x, y = _first(code.get("X"), x), _first(code.get("Y"), y)
        text = (code.text or "").replace("\n", "").replace("\r", "")
        right, down = _deltas(code.get("DeltaX", "")), _deltas(code.get("DeltaY", ""))
        for index, character in enumerate(text):
            width = size * stretch * (0.5 if ord(character) < 0x2000 else 1.0)
            if not character.isspace():
                yield _glyph(item, character, x, y, width, size)
            step = right[index] if index < len(right) else (0.0 if index < len(down) else width)
            x, y = x + step, y + (down[index] if index < len(down) else 0.0)


def _glyph(item: Object, character: str, x: float, y: float, width: float, size: float) -> Glyph:
    corners = [_apply(item, *corner) for corner in ((x, y - ASCENT * size), (x + width, y + (1 - ASCENT) * size))]
    (x0, y0), (x1, y1) = corners
    return Glyph(character, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _deltas(text: str) -> list[float]:
    """The steps from character to character; `g 3 5.2` stands for three steps of 5.2."""
    steps: list[float] = []
    words = iter(text.split())
    for word in words:
        if word == "g":
            count, step = next(words, "0"), next(words, "0")
            steps += [_first(step, 0.0)] * min(int(_first(count, 0.0)), 10_000)
        else:
            steps.append(_first(word, 0.0))
    return steps


def _rules(item: Object) -> Iterator[Rule]:
    """The straight edges of a path; a thin filled bar is a rule, a filled background is none."""
    stroked = item.element.get("Stroke", "true") != "false"
    filled = item.element.get("Fill", "false") == "true"
    data = next((child.text or "" for child in item.element if local(child.tag) == "AbbreviatedData"), "")
    lines = list(_segments(data))
    if not lines or not (stroked or filled):
        return
    points = [_apply(item, *point) for line in lines for point in line]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    bar = rule_of(min(xs), min(ys), max(xs), max(ys))
    if bar is not None:
        yield bar
    elif stroked:
        for start, end in zip(points[::2], points[1::2], strict=True):
            edge = rule_of(*start, *end) if abs(start[0] - end[0]) < 0.5 or abs(start[1] - end[1]) < 0.5 else None
            if edge is not None:
                yield edge


def _segments(data: str) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight pieces of a path in the coordinates of its object."""
    words = data.replace(",", " ").split()
    start = here = (0.0, 0.0)
    index = 0
    while index < len(words):
        operator = words[index]
        count = _STEPS.get(operator, 0)
        operands = [_first(word, 0.0) for word in words[index + 1:index + 1 + count]]
        index += 1 + count
        if operator == "C":
            yield here, start
            here = start
        elif len(operands) == count and count:
            point = (operands[-2], operands[-1])
            if operator == "L":
                yield here, point
            elif operator in "MS":
                start = point
            here = point


# ---------------------------------------------------------------- XML


def _area(node: etree._Element) -> Box | None:
    """The physical box that a page, or the document for its pages, declares, in points."""
    text = _text(node, "PhysicalBox")
    numbers = _numbers(text)
    if len(numbers) < 4 or numbers[2] <= 0 or numbers[3] <= 0:
        return None
    return Box(0.0, 0.0, numbers[2] * POINT, numbers[3] * POINT)


def _all(node: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in node.iter() if local(child.tag) == name]


def _text(node: etree._Element, name: str) -> str:
    return next(((child.text or "").strip() for child in _all(node, name)), "")


def _numbers(text: str) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text)]


def _first(text: str | None, otherwise: float) -> float:
    """The number a text begins with, else the given one."""
    match = _NUMBER.match(text.strip()) if text else None
    return float(match[0]) if match else otherwise
