"""The text of an RTF file in the making: paragraphs, the notes and text boxes that interrupt them, tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.grids import Part
from parsers.readers.pictures import dropped, lines
from parsers.readers.rows import RowShape, Tables
from parsers.readers.rtf.characters import whole


@dataclass(slots=True)
class _Paragraph:
    """What is known of the paragraph being read; `parts` are those finished before it in the same note or text box."""

    text: list[str] = field(default_factory=list)
    number: list[str] = field(default_factory=list)
    depth: int = 0                             # of tables around it: 0 outside
    heading: int = 0
    parts: list[Part] = field(default_factory=list)


class Story:
    """Takes words and marks one after the other; `parts` is what they make."""

    def __init__(self) -> None:
        self.now = _Paragraph()
        self._tables = Tables()
        self._notes: list[Part] = []
        self._floats: list[Part] = []          # text boxes anchored in the paragraph being read
        self._interrupted: list[_Paragraph] = []

    def parts(self) -> list[Part]:
        """All parts of the text, notes last."""
        self.end_paragraph()
        return dropped(self._tables.parts() + self._notes)

    def end_paragraph(self) -> None:
        found = lines(self._words(), self.now.heading)
        if self._interrupted:
            self.now.parts += found
        elif found or self._floats:
            self._tables.add(self.now.depth, [*found, *self._floats])
            self._floats = []

    def interrupt(self) -> None:
        """A note or text box begins inside the paragraph."""
        self._interrupted.append(self.now)
        self.now = _Paragraph(depth=self.now.depth, heading=self.now.heading)

    def resume(self, *, note: bool) -> None:
        """Back from a note or text box to the paragraph it stands in."""
        if self._interrupted:
            self.end_paragraph()
            target = self._notes if note else self._floats
            target += self.now.parts
            self.now = self._interrupted.pop()

    def end_cell(self, depth: int) -> None:
        if not self._interrupted:              # tables in text boxes are read as lines
            self.now.depth = depth
        self.end_paragraph()
        if not self._interrupted:
            self._tables.end_cell(depth)

    def end_row(self, depth: int, shape: RowShape) -> None:
        if not self._interrupted:
            self.end_paragraph()
            self._tables.end_row(depth, shape)

    def _words(self) -> str:
        text, number = whole("".join(self.now.text)), whole("".join(self.now.number)).strip()
        self.now.text, self.now.number = [], []
        if not any(character.isalnum() for character in number):     # a bullet is no word
            return text
        return f"{number} {text.lstrip()}" if number[-1].isascii() and number[-1] not in ")" else number + text.lstrip()
