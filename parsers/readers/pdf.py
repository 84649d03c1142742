"""PDF: characters and drawn rules seen by pdfium, laid out by `parsers.layout`; pages without believable text are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from parsers import layout, ocr, pdfium
from parsers.exceptions import Damaged
from parsers.layout.edges import any_runs_off
from parsers.layout.legible import garbled
from parsers.models import Block, Document, Issue

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 300            # an annual report has 4 to 60
COVERING = 0.6             # of the page: an image this large is the page itself
LEGIBLE = 0.75             # mean sureness of the letters in a picture of text
DRAWN = 200 / 72           # pixels per point, for pages that are drawn to be recognised
SHOWN = 0.08               # of the page: an image this large may hold a table
QUOTED = 20                # characters of a watermark, enough to know it by
FEW_PATHS = 100            # a page with more shapes and no text has its text drawn as outlines
_TITLE = re.compile(r"[\u4e00-\u9fff]{2,}")
_FILE_NAME = re.compile(r"\.(docx?|wps|pdf|xlsx?|ofd|html?|rtf)$|^(microsoft word|powerpoint|未命名|文档\d)", re.I)


def read(data: bytes) -> Document:
    """Read a PDF. Raises `Encrypted` and `Damaged`; what a page does not give up is an issue naming the page."""
    with pdfium.opened(data) as document:
        count = pdfium.page_count(document)
        if count < 1:
            raise Damaged("the PDF has no page that can be read; fetch it again")
        issues = _file_issues(data, count)
        budget = ocr.Budget()
        pages = [_page(document, number, issues, budget) for number in range(1, min(count, MAX_PAGES) + 1)]
        title = _title(pdfium.info(document, "Title"))
    blocks = layout.arrange(page for page in pages if page is not None)
    return Document(MEDIA_TYPE, "pdf", blocks, title, pages=count, issues=(*issues, *_silence(blocks, issues)))


def _file_issues(data: bytes, count: int) -> list[Issue]:
    issues: list[Issue] = []
    if b"%%EOF" not in data[-2048:]:
        issues.append(Issue("truncated", "the PDF ends without its end mark; the last pages may be missing, fetch it again"))
    if count > MAX_PAGES:
        issues.append(Issue("too-many-pages", f"only the first {MAX_PAGES} of {count} pages were read; split the file"))
    return issues


def _page(document: Any, number: int, issues: list[Issue], budget: ocr.Budget) -> layout.Page | None:
    """The ink of one page, recognised where its text layer cannot be believed; what is missing is added to `issues`."""
    where = f"page {number}"
    try:
        with pdfium.loaded(document, number) as handle:
            sight = pdfium.look(handle, number)
            fault = _fault(sight)
            if fault is None:
                issues += [*_cut_off(sight.page), *_overprint(sight, issues), *_unmapped(sight),
                           *_pictured(sight, budget)]
            elif (reading := _recognised(handle, sight, budget)) is not None:
                issues += reading.issues
                return reading.page
    except Damaged as error:
        issues.append(Issue("damaged-page", str(error), where))
        return None
    if sight.cut:
        issues.append(Issue("page-too-full", f"page {number} holds more than can be read; its rest is missing", where))
    if fault is not None:
        issues.append(Issue("needs-ocr", f"page {number} {fault}; {_cure(budget)}", where))
        return None
    return sight.page


def _cure(budget: ocr.Budget) -> str:
    """What to do about what OCR did not read."""
    return f"{budget.why}, split it" if budget.why else f"it needs OCR: {ocr.HINT}"


def _recognised(handle: Any, sight: pdfium.Sight, budget: ocr.Budget) -> ocr.Reading | None:
    """The page by OCR, from its one image as stored, else as drawn; None without OCR, and when the budget is spent."""
    if not ocr.wanted() or budget.why:
        return None
    if len(sight.pictures) == 1 and _covering(sight) and sight.turn == 0 and not sight.page.rules:
        box, bitmap = sight.pictures[0].box, pdfium.picture_bitmap(sight.pictures[0])
        if bitmap is not None:
            page = layout.Page(sight.page.number, box.x1 - box.x0, box.y1 - box.y0)
            return ocr.read(ocr.from_buffer(*bitmap), page, budget)
    drawn = pdfium.page_bitmap(handle, DRAWN)
    if drawn is None:
        return None
    page = layout.Page(sight.page.number, drawn.width / DRAWN, drawn.height / DRAWN)
    return ocr.read(ocr.from_buffer(*drawn), page, budget)


def _pictured(sight: pdfium.Sight, budget: ocr.Budget) -> Iterator[Issue]:
    """Pictures among the text that are large enough to be a table: read into the page, or named."""
    for picture in sight.pictures:
        if not SHOWN <= _share(picture, sight) < COVERING:
            continue
        bitmap = pdfium.picture_bitmap(picture) if ocr.wanted() and sight.turn == 0 else None
        where = f"page {sight.page.number} {picture.box}"
        x0, y0, x1, y1 = picture.box
        page = layout.Page(sight.page.number, x1 - x0, y1 - y0)
        reading = ocr.read(ocr.from_buffer(*bitmap), page, budget, x0, y0) if bitmap else None
        if reading is None:
            shows = f"page {sight.page.number} shows a picture that may hold a table"
            yield Issue("needs-ocr", f"{shows}; {_cure(budget)}", where)
        elif reading.sure > LEGIBLE and len(reading.page.glyphs) > 2:            # else it is a photograph
            sight.page.glyphs += reading.page.glyphs
            sight.page.rules += reading.page.rules
            yield from reading.issues


def _fault(sight: pdfium.Sight) -> str | None:
    """Why the text layer of a page cannot be believed; None when it can."""
    covered = _covering(sight)
    if not sight.page.glyphs:
        return "is a picture without text" if covered or sight.shapes > FEW_PATHS else None
    if covered and sight.hidden > 0.5 * sight.texts:
        return "is a picture over a hidden text that someone's OCR made"
    return "has letters without meaning" if garbled("".join([glyph[0] for glyph in sight.page.glyphs])) else None


def _covering(sight: pdfium.Sight) -> bool:
    """Do pictures (one, or strips side by side) fill the page?"""
    return sum(_share(picture, sight) for picture in sight.pictures) >= COVERING


def _share(picture: pdfium.Picture, sight: pdfium.Sight) -> float:
    box = picture.box
    return (box.x1 - box.x0) * (box.y1 - box.y0) / (sight.page.width * sight.page.height)


def _unmapped(sight: pdfium.Sight) -> list[Issue]:
    """Letters that a font draws without saying which they are: a cell with one is neither a number nor blank."""
    if not sight.unmapped:
        return []
    where = f"page {sight.page.number}"
    message = f"a font on {where} does not say which letters its signs are; {sight.unmapped} of them are shown as \ufffd"
    return [Issue("unmapped-font", message, where)]


def _overprint(sight: pdfium.Sight, issues: Sequence[Issue]) -> list[Issue]:
    """Words over the text are left out of it, and named once in a file."""
    words = sight.overprint[:QUOTED]
    message = f"{words!r} is printed across the text and was taken for a watermark; look whether anything else is under it"
    if not words or any(issue.message == message for issue in issues):
        return []
    return [Issue("watermark", message, f"page {sight.page.number}")]


def _cut_off(page: layout.Page) -> list[Issue]:
    """A table wider than its paper has lost its last columns: what looks blank there was never printed."""
    if any_runs_off(page.rules, page):
        where = f"page {page.number}"
        return [Issue("cut-off", f"a table on {where} runs over the edge of the paper; its last columns are lost", where)]
    return []


def _silence(blocks: tuple[Block, ...], issues: list[Issue]) -> list[Issue]:
    """A file without a word is never empty without a reason."""
    if blocks or issues:
        return []
    return [Issue("no-text", "no page of the PDF shows any text; open it and look")]


def _title(title: str) -> str:
    """The title the producer wrote, unless it is only a file name or has no Chinese words."""
    return title if _TITLE.search(title) and not _FILE_NAME.search(title) else ""
