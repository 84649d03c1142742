"""Pixels of pictures and of whole pages."""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from parsers.pdfium.sight import Picture

MAX_PIXELS = 1 << 27       # of a picture; A3 at 600 dpi has 70 million


class Bitmap(NamedTuple):
    """Pixels in memory: rows of `stride` bytes, `channels` bytes a pixel (grey, BGR or BGR with a fourth)."""

    buffer: bytes
    width: int
    height: int
    stride: int
    channels: int


def picture_bitmap(picture: Picture) -> Bitmap | None:
    """The pixels of an image as they are stored; None when it is turned or skewed, or cannot be decoded."""
    matrix = raw.FS_MATRIX()
    handle = ctypes.cast(picture.handle, raw.FPDF_PAGEOBJECT)
    raw.FPDFPageObj_GetMatrix(handle, matrix)
    if matrix.b or matrix.c or matrix.a <= 0 or matrix.d <= 0:
        return None
    return _copied(raw.FPDFImageObj_GetBitmap(handle))


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
