"""A body, cell, note or text box in reading order: its paragraphs with their numbers, its tables."""

from __future__ import annotations

from collections.abc import Iterator

from parsers import grids
from parsers.grids import Line, Part
from parsers.models import Issue
from parsers.readers.docx import cells, plain
from parsers.readers.docx.markup import NAMES, Element, Properties, W, alternative, holds, leading, properties
from parsers.readers.docx.numbers import Numbers
from parsers.readers.docx.runs import Runs
from parsers.readers.docx.styles import Styles
from parsers.readers.pictures import lines, marked

_PARAGRAPH_PROPERTIES = f"{W}pPr"


class Story:
    """Walks every story of a file once."""

    def __init__(self, styles: Styles, numbers: Numbers) -> None:
        self._styles = styles
        self._numbers = numbers
        self._runs = Runs(styles, self.parts)
        self._carried = ""                    # words of a paragraph whose mark was deleted: they join the next
        self._foreign = 0

    def parts(self, container: Element) -> list[Part]:
        """The parts of a story, complete with what a last deleted paragraph mark left over."""
        outer, self._carried = self._carried, ""
        found: list[Part] = []
        self._take(container, found)
        if left := self._carried.strip():
            found.append(Line(left))
        self._carried = outer
        return found

    def notes(self, root: Element) -> list[Part]:
        """Footnotes or endnotes, without the separators Word keeps among them."""
        return [part for note in root if note.get(f"{W}type") in (None, "normal") for part in self.parts(note)]

    def issues(self) -> Iterator[Issue]:
        if self._runs.pictures:
            yield Issue("picture", f"{self._runs.pictures} picture(s) in the text are not read; look whether they show tables")
        if self._foreign:
            yield Issue("foreign-part", f"{self._foreign} part(s) in another format inside the Word file are not read")
        for form in sorted(self._numbers.unknown):
            yield Issue("numbering", f"automatic numbers of the form {form} were written as plain digits")

    def _take(self, container: Element, found: list[Part]) -> None:
        for child in container:
            name = NAMES[child.tag]
            if name == "p":
                self._paragraph(child, found)
            elif name == "tbl":
                found += self._table(child)
            elif name == "AlternateContent":
                self._take(alternative(child), found)
            elif name == "altChunk":
                self._foreign += 1
            elif holds(name, child):
                self._take(child, found)

    def _words(self, element: Element) -> plain.Words | None:
        """The words of a table or paragraph that has nothing else and no field or deleted mark before it to go on with."""
        return None if self._carried or self._runs.in_field else plain.words(element, self._styles)

    def _table(self, table: Element) -> list[Part]:
        words = self._words(table)
        boxes = cells.boxes(words.rows, self.parts) if words else marked(cells.boxes(cells.rows(table), self.parts))
        return grids.settle(boxes)

    def _paragraph(self, paragraph: Element, found: list[Part]) -> None:
        simple = self._words(paragraph)
        if simple:
            found += simple.lines
        else:
            self._full(paragraph, found)

    def _full(self, paragraph: Element, found: list[Part]) -> None:
        settings = leading(paragraph, _PARAGRAPH_PROPERTIES)
        style = self._styles.paragraph(settings)
        words = self._runs.words(paragraph, style.hidden)
        text = "".join(words.text)
        if (settings or style.number) and (text or not words.hidden):    # one wholly hidden takes no number either
            number = self._numbers.next(settings, style)
            text = number + text.lstrip() if number else text
        text, self._carried = self._carried + text, ""
        if settings and _mark_is_gone(settings):
            self._carried = text
        elif text:
            found += lines(text, style.heading)
        found += words.boxes


def _mark_is_gone(settings: Properties) -> bool:
    mark = settings.get("rPr")
    return mark is not None and "del" in properties(mark)
