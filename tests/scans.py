"""Scanned pages for the tests: reports in sheets of any type and size, worn by scanner or camera, every time the same.

    printed(jobs)  → PDFs in drawn styles (`style(random)`), from one start of the browser
    scan(pdf, dpi) → a PDF whose pages are pictures, damaged as `Wear` says
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from random import Random
from typing import Any

import pypdfium2

from tests.generator.html import article, narrow, page, plain_line, plain_table
from tests.generator.model import Table, Truth
from tests.generator.pdf import chromium
from tests.generator.stacking import stack

cv2: Any = import_module("cv2")
np: Any = import_module("numpy")

FAMILIES = ("'Noto Serif CJK SC'", "'Noto Sans CJK SC'", "'AR PL SungtiL GB'", "'AR PL KaitiM GB'", "'WenQuanYi Micro Hei'")
LATIN = ("", "'Liberation Serif',", "'DejaVu Sans',")


@dataclass(frozen=True, slots=True)
class Wear:
    """What the scanner did to a page; lengths in points, so that it is the same page at every resolution."""

    askew: float = 0.7         # degrees at most
    blur: float = 0.3          # standard deviation
    noise: float = 6.0         # grey levels
    specks: int = 60
    shade: float = 0.15        # of the light lost across the page
    bent: float = 0.0          # of the page's width that a corner is out of place
    seals: int = 0             # red stamps over the text
    grey: int = 0              # the ink is this grey
    quality: int = 60          # of the JPEG
    pixels: str = "grey"       # grey or colour


PLAIN = Wear()
WEARS = {
    "plain": PLAIN,
    "askew": Wear(askew=1.0, blur=0.35, noise=8, specks=150, shade=0.25),
    "stamped": Wear(seals=1, pixels="colour"),
    "pale": Wear(grey=95, noise=9, blur=0.35),
    "bent": Wear(askew=0.5, bent=0.008),
    "photo": Wear(askew=0.6, bent=0.02, shade=0.45, blur=0.4, noise=5, specks=0, quality=75, pixels="colour"),
}


def style(random: Random) -> str:
    """The style sheet of one office: type, sizes, heights of rows, widths of columns, rules."""
    size, paper = random.choice((9, 10, 10.5, 11, 12, 14)), random.choice(("A4", "A4", "A4", "A4 landscape"))
    small = min(size, 10.5) if paper == "A4" else size
    widths = "table-layout:fixed;" if random.random() < 0.3 and small < 10 else ""
    return (f"@page{{size:{paper};margin:{random.choice((12, 18, 25))}mm {random.choice((12, 16, 20))}mm}}"
            f"body{{font-family:{random.choice(LATIN)}{random.choice(FAMILIES)};font-size:{random.choice((12, 14, 16))}pt;"
            f"line-height:{random.choice((1.3, 1.6, 2))}}}h1{{font-size:20pt}}h2,h3{{font-size:15pt}}"
            f"table{{border-collapse:collapse;width:100%;{widths}font-size:{small}pt;"
            f"line-height:{random.choice((1.0, 1.2, 1.5))}}}"
            f"td{{border:{random.choice((0.5, 0.75, 1, 1.5))}pt solid {random.choice(('#000', '#000', '#444'))};"
            f"padding:{random.choice((0, 1, 2, 4, 7))}pt {random.choice((1, 2, 4))}pt;"
            f"text-align:{random.choice(('center', 'center', 'left', 'right'))}}}")


def printed(jobs: Sequence[tuple[Truth, Random]]) -> Iterator[bytes]:
    """The PDF of each report in a style of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        sheet = browser.new_page()
        for truth, random in jobs:
            script: Any = random.choice((list, stack, _narrowed))(truth.script)
            sheet.set_content(page(truth, article(script, line=plain_line, table=plain_table), style(random)))
            yield sheet.pdf(prefer_css_page_size=True)
        browser.close()


def _narrowed(script: Any) -> list[Any]:
    return [narrow(part) if isinstance(part, Table) else part for part in script]


def scan(data: bytes, dpi: int, seed: int = 1, wear: Wear = PLAIN) -> bytes:
    """A PDF whose pages are pictures of the pages of another one."""
    document = pypdfium2.PdfDocument(data)
    size = document[0].get_size()
    pictures = [photograph(page, dpi, np.random.default_rng([seed, number]), wear) for number, page in enumerate(document)]
    document.close()
    return bind(pictures, size, wear.quality)


def photograph(page: pypdfium2.PdfPage, dpi: int, random: Any, wear: Wear = PLAIN) -> Any:
    """One page as a bad scanner sees it."""
    bitmap = page.render(scale=dpi / 72)
    picture = bitmap.to_numpy()[:, :, :3].astype(np.float32)
    picture = wear.grey + picture * (255 - wear.grey) / 255
    for _ in range(wear.seals):
        picture = np.minimum(picture, _seal(picture.shape, dpi, random))
    height, width = picture.shape[:2]
    picture = cv2.warpPerspective(picture, _bend(width, height, random, wear), (width, height), flags=cv2.INTER_CUBIC,
                                  borderValue=(255, 255, 255))
    picture = cv2.GaussianBlur(picture, (0, 0), wear.blur * dpi / 72)
    light = 1 - wear.shade * np.linspace(0, 1, width)[None, :] - 0.6 * wear.shade * np.linspace(0, 1, height)[:, None]
    picture = picture * light[:, :, None] + random.normal(0, wear.noise, (height, width, 1))
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    for x, y in zip(random.integers(0, width, wear.specks), random.integers(0, height, wear.specks), strict=True):
        cv2.circle(picture, (int(x), int(y)), max(1, round(dpi / 200)), (60, 60, 60), -1)
    return picture if wear.pixels == "colour" else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


def _bend(width: int, height: int, random: Any, wear: Wear) -> Any:
    """The page turned by its skew, and its corners moved."""
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-wear.askew, wear.askew), 1), [0, 0, 1]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + random.uniform(-wear.bent, wear.bent, corners.shape).astype(np.float32) * width
    return cv2.getPerspectiveTransform(corners, moved) @ turn


def _seal(shape: tuple[int, ...], dpi: int, random: Any) -> Any:
    """A red stamp as large as a government's, a ring with a star, somewhere on the page."""
    layer, radius = np.full(shape, 255, np.uint8), round(59 * dpi / 72)
    x, y = (int(random.integers(radius, max(side - radius, radius + 1))) for side in (shape[1], shape[0]))
    red, thick = (60, 50, 215), max(2, round(1.6 * dpi / 72))
    cv2.circle(layer, (x, y), radius, red, thick)
    angles = np.pi / 5 * np.arange(10) - np.pi / 2
    reach = radius * 0.3 * np.where(np.arange(10) % 2, 0.4, 1)
    cv2.fillPoly(layer, [np.stack([x + reach * np.cos(angles), y + reach * np.sin(angles)], 1).astype(np.int32)], red)
    for turn in np.radians(range(0, 360, 30)):
        at, half = (round(x + 0.78 * radius * np.cos(turn)), round(y + 0.78 * radius * np.sin(turn))), radius // 10
        cv2.rectangle(layer, (at[0] - half, at[1] - half), (at[0] + half, at[1] + half), red, thick)
    return layer


def jpeg(picture: Any, quality: int = 60) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def bind(pictures: list[Any], size: tuple[float, float], quality: int = 60) -> bytes:
    """A PDF of one picture a page."""
    document = pypdfium2.PdfDocument.new()
    for picture in pictures:
        page = document.new_page(*size)
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(io.BytesIO(jpeg(picture, quality)), inline=True)
        image.set_matrix(pypdfium2.PdfMatrix().scale(*size))
        page.insert_obj(image)
        page.gen_content()
    return saved(document)


def saved(document: pypdfium2.PdfDocument) -> bytes:
    file = io.BytesIO()
    document.save(file)
    document.close()
    return file.getvalue()
