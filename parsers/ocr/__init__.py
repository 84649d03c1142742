"""Pictures of pages into the same characters and rules that a text layer gives; everything offline, on one core.

    pixels ──upright──> rules (OpenCV) ──> cells and lines cut out ──> recogniser (PP-OCR in onnxruntime) ──> layout.Page

A page is read cell by cell, because a detector of text loses the lone zeros that make up most of a statutory table.
About 1.3 seconds of CPU a page on one thread, 0.6 GB of memory. Simplified Chinese and ASCII; printed, not handwritten.

`pixels` grey and even in light · `flatten` level and square · `walls` the rules · `strips` the lines · `recogniser` their
words · `marks` dashes and slashes by their shape · `wording` labels and figures by what is known of forms · `sheet` the page ·
`limits` what one file may cost.
What the sums of the form say about the cells is `parsers.checks.scanned`.

The parts it needs come with `pip install nianbao[ocr]` and are loaded at first use.
`NIANBAO_OCR=1` asks for it (and a missing part is an error), `0` forbids it, unset takes it when it is installed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from parsers import layout
from parsers.exceptions import NeedsTool
from parsers.models import Issue
from parsers.ocr.limits import Budget as Budget

VARIABLE = "NIANBAO_OCR"
PARTS = ("cv2", "numpy", "onnxruntime", "rapidocr")
HINT = "pip install nianbao[ocr]"


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as recognised, what a person must look at, and how sure its letters are on the whole (0 to 1)."""

    page: layout.Page
    issues: tuple[Issue, ...]
    sure: float


def switch(on: bool | None) -> None:
    """Ask for OCR, forbid it, or leave it to what is installed: for this process and those it starts."""
    if on is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = "1" if on else "0"


def wanted() -> bool:
    """Is OCR to be used? Raises `NeedsTool` when it was asked for and is not installed."""
    asked = os.environ.get(VARIABLE, "")
    if asked == "0" or (asked == "" and missing()):
        return False
    require()
    return True


def missing() -> list[str]:
    """The parts that are not installed."""
    return [name for name in PARTS if find_spec(name) is None]


def require() -> None:
    """Raises `NeedsTool` unless all parts are installed."""
    if gone := missing():
        raise NeedsTool(f"reading scanned pages needs {', '.join(gone)}; install them with: {HINT}")


def read(pixels: Any, page: layout.Page, budget: Budget, left: float = 0.0, top: float = 0.0) -> Reading | None:
    """Recognise a picture of a page, or of a part of it whose corner is at (`left`, `top`); None when the budget is spent.

    `pixels` is a grey or BGR array, `page` says the number of the page and the size of the picture in points.
    """
    from parsers.ocr import sheet

    return budget.spend(lambda: sheet.read(pixels, page, left, top, budget.check))


def decode(data: bytes) -> list[Any]:
    """The pictures in a PNG, JPEG or TIFF file, as arrays. Raises `Damaged`, `TooLarge`."""
    from parsers.ocr import pixels

    return pixels.decode(data)


def from_buffer(buffer: bytes, width: int, height: int, stride: int, channels: int) -> Any:
    """The array of a bitmap in memory."""
    from parsers.ocr import pixels

    return pixels.from_buffer(buffer, width, height, stride, channels)
