"""Pictures of pages (PNG, JPEG, TIFF), read by OCR; a TIFF may hold many."""

from __future__ import annotations

from parsers import layout, ocr
from parsers.exceptions import NeedsTool
from parsers.models import Document, Issue

LONG_SIDE = 842.0          # points: a picture does not say how large its paper was, nearly all are A4
_KINDS = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"))


def read(data: bytes) -> Document:
    """Read a picture. Raises `NeedsTool` without the OCR parts, `Damaged` and `TooLarge`."""
    if not ocr.wanted():
        raise NeedsTool(f"the file is a picture; reading it needs OCR, which is off or not installed: {ocr.HINT}")
    pictures = ocr.decode(data)
    budget = ocr.Budget()
    tried = [ocr.read(picture, _page(picture, number), budget) for number, picture in enumerate(pictures, 1)]
    readings = [reading for reading in tried if reading is not None]
    issues = [issue for reading in readings for issue in reading.issues]
    if len(readings) < len(pictures):
        only = f"only {len(readings)} of {len(pictures)} pages were read: {budget.why}; split the file"
        issues.append(Issue("too-many-pages", only))
    blocks = layout.arrange(reading.page for reading in readings)
    if not blocks:
        issues.append(Issue("no-text", "the picture shows no text that OCR can see; open it and look"))
    kind = next((kind for start, kind in _KINDS if data.startswith(start)), "image/tiff")
    return Document(kind, "image", blocks, pages=len(pictures), issues=tuple(issues))


def _page(picture: object, number: int) -> layout.Page:
    height, width = picture.shape[:2]  # type: ignore[attr-defined]
    scale = LONG_SIDE / max(height, width)
    return layout.Page(number, width * scale, height * scale)
