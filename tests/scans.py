"""Scanned pages for the tests: a PDF drawn, askew, blurred, dirtied, unevenly lit and saved as JPEG, every time the same."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pypdfium2

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")


def scan(data: bytes, dpi: int, seed: int = 1) -> bytes:
    """A PDF whose pages are pictures of the pages of another one."""
    document = pypdfium2.PdfDocument(data)
    size = document[0].get_size()
    pictures = [photograph(page, dpi, np.random.default_rng(seed)) for page in document]
    document.close()
    return bind(pictures, size)


def photograph(page: pypdfium2.PdfPage, dpi: int, random: Any) -> Any:
    """One page in grey as a bad scanner sees it."""
    picture = page.render(scale=dpi / 72, grayscale=True).to_numpy().reshape(-1, page.render(scale=dpi / 72).width).copy()
    height, width = picture.shape
    askew = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-0.7, 0.7), 1)
    picture = cv2.warpAffine(picture, askew, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.6 * dpi / 200 + 0.2)
    light = 1 - 0.15 * np.linspace(0, 1, width)[None, :] - 0.1 * np.linspace(0, 1, height)[:, None]
    picture = np.clip(picture * light + random.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)
    for x, y in zip(random.integers(0, width, 60), random.integers(0, height, 60), strict=True):
        cv2.circle(picture, (int(x), int(y)), 1, 60, -1)
    return picture


def jpeg(picture: Any) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 60])[1])


def bind(pictures: list[Any], size: tuple[float, float]) -> bytes:
    """A PDF of one picture a page."""
    document = pypdfium2.PdfDocument.new()
    for picture in pictures:
        page = document.new_page(*size)
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(_file(jpeg(picture)), inline=True)
        image.set_matrix(pypdfium2.PdfMatrix().scale(*size))
        page.insert_obj(image)
        page.gen_content()
    return saved(document)


def saved(document: pypdfium2.PdfDocument) -> bytes:
    file = _file()
    document.save(file)
    document.close()
    return bytes(file.getvalue())


def _file(data: bytes = b"") -> Any:
    return import_module("io").BytesIO(data)
