"""Files opened and pages loaded, each closed again whatever happens."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2  # noqa: F401  importing it starts pdfium
import pypdfium2.raw as raw

from parsers.exceptions import Damaged, Encrypted


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
