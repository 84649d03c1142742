"""The one place that speaks to pdfium: a PDF's pages as characters, rules and pictures.

    document (opened, loaded) ──page──> look: frame ──> characters, drawings ──> Sight

pdfium is not safe in threads (pypdfium2 #303): one process may read one file at a time.
`calls` runs many of its calls in one go · `bitmaps` gives the pixels of pictures and pages.
"""

from __future__ import annotations

from parsers.pdfium.bitmaps import Bitmap, page_bitmap, picture_bitmap
from parsers.pdfium.document import info, loaded, opened, page_count
from parsers.pdfium.sight import Picture, Sight, look

__all__ = ["Bitmap", "Picture", "Sight", "info", "loaded", "look", "opened", "page_bitmap", "page_count", "picture_bitmap"]
