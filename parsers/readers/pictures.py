"""Pictures in the text of office files: a cell that shows nothing else is not legible, which is something else than blank.

    reader ──PICTURE in the words──> lines ──> marked (the cells of a table) ──> grids.settle; dropped (outside of tables)

What a picture says is unknown; beside words, and in the narrow tables that only arrange, it is taken for an ornament.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from parsers.grids import Box, Line, Part

PICTURE = "\ufffc"             # stands where a picture stands in the line
NOT_LEGIBLE = "\ufffd"         # what is printed there cannot be read
SEAL = 2.8                     # centimetres: what stands beside the line and is as high is a seal, a logo or a photograph
FEW_CELLS = 3                 # a row of fewer may be layout, its picture an ornament


def lines(text: str, heading: int) -> list[Part]:
    """The lines of a paragraph that are not empty; a picture is one only where the paragraph has no words."""
    if PICTURE in text:
        text = text.replace(PICTURE, "").strip() or PICTURE
    if "\n" in text:
        return [Line(line.strip(), heading) for line in text.split("\n") if line.strip()]
    text = text.strip()
    return [Line(text, heading)] if text else []


def marked(boxes: Sequence[Box]) -> Sequence[Box]:
    """The cells of a table without pictures: those among others of their row that show nothing else are not legible."""
    if not any(_is_picture(part) for box in boxes for part in box.content):
        return boxes
    beside = Counter(box.row for box in boxes)
    has_words = any(not _is_picture(part) for box in boxes for part in box.content)
    return [box._replace(content=_seen(box.content, has_words and beside[box.row] >= FEW_CELLS)) for box in boxes]


def dropped(parts: Iterable[Part]) -> list[Part]:
    """The parts outside of tables without pictures."""
    return [part for part in parts if not _is_picture(part)]


def _seen(content: Sequence[Part], counts: bool) -> Sequence[Part]:
    words = dropped(content)
    return words if words or not content or not counts else [Line(NOT_LEGIBLE)]


def _is_picture(part: Part) -> bool:
    return isinstance(part, Line) and part.text == PICTURE
