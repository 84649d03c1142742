"""What a page shows: its ink, its pictures, and how far its text can be believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from parsers.exceptions import Damaged
from parsers.layout.ink import Box, Page
from parsers.pdfium import calls
from parsers.pdfium.characters import characters
from parsers.pdfium.drawings import Drawings
from parsers.pdfium.frame import frame_of
from parsers.pdfium.windows import windows

INVISIBLE = (3, 7)         # text rendering modes: neither filled nor stroked
_render_mode = calls.function("FPDFTextObj_GetTextRenderMode", calls.Address)


class Picture(NamedTuple):
    """An image on a page: its box, and the address of its pdfium object, alive as long as the page."""

    box: Box
    handle: int


@dataclass(slots=True)
class Sight:
    """A page looked at. `shapes` are drawn things that are no rules: text turned into outlines has hundreds."""

    page: Page
    pictures: list[Picture] = field(default_factory=list)
    texts: int = 0             # text objects
    shapes: int = 0
    hidden: int = 0            # texts drawn invisibly or under the last picture
    cut: bool = False          # a limit was reached, the rest was not read
    turn: int = 0              # quarter turns to the right that the text needs
    overprint: str = ""        # words over the text that are no part of it
    unmapped: int = 0          # characters whose font does not say which letters they are


def look(handle: Any, number: int) -> Sight:
    """Everything on a page, turned so that its text stands upright. Raises `Damaged`."""
    text = raw.FPDFText_LoadPage(handle)
    if not text:
        raise Damaged(f"the text of page {number} cannot be read; fetch the file again")
    try:
        return _seen(handle, text, number)
    finally:
        raw.FPDFText_ClosePage(text)


def _seen(handle: Any, text: Any, number: int) -> Sight:
    frame = frame_of(handle, text)
    drawn = Drawings(handle, frame)
    ink = characters(text, frame, len(drawn.own_texts) < len(drawn.texts))
    page = Page(number, *frame.size, ink.glyphs, drawn.rules, windows=windows(drawn.own_texts, frame))
    pictures = [Picture(box, thing) for box, thing in drawn.pictures]
    cut = ink.cut or drawn.cut
    return Sight(page, pictures, len(drawn.texts), drawn.shapes, _hidden(drawn), cut, frame.turn, ink.overprint,
                 ink.unmapped)


def _hidden(drawn: Drawings) -> int:
    if not drawn.pictures:
        return 0
    return max(drawn.covered, sum(mode in INVISIBLE for mode in map(_render_mode, drawn.texts)))
