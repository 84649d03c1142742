"""The text of a binary Word file in reading order: paragraphs with their numbers, fields without their codes, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.grids import Part
from parsers.models import Issue
from parsers.readers.doc.file import File
from parsers.readers.doc.properties import GONE, MAX_DEPTH, RAISED, Paragraph
from parsers.readers.lists import Counters
from parsers.readers.pictures import PICTURE, dropped, lines
from parsers.readers.rows import Tables
from parsers.text import raised

_PARAGRAPHS = re.compile(r"[^\r\x07\x0c]*[\r\x07\x0c]?")
_SIGNS = str.maketrans({"\x0b": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " ", "\t": "\t", "\x01": PICTURE}
                       | {chr(c): None for c in range(32) if chr(c) not in "\x01\t\n\x0b\x0e\x1e"})


class Story:
    """Walks the paragraphs of a story; fields may span them."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._tables = Tables()
        self._fields: list[bool] = []          # one per open field: True while in its code, not yet in its result
        self._pictures = 0
        self._numbers = Counters(lambda: file.lists)

    def parts(self, start: int, end: int) -> list[Part]:
        """The parts between two positions."""
        self._tables, self._fields = Tables(), []
        carried = ""
        for found in _PARAGRAPHS.finditer(self._file.text, start, max(start, end)):
            if not found[0]:
                continue
            last = found.end() - 1
            paragraph = self._file.paragraph(last)
            text = self._printed(found.start(), found.end())
            hidden = not text.strip() and GONE in self._file.gone[found.start():last]     # it takes no number either
            if paragraph.number and not paragraph.ends_row and not hidden:
                number = self._numbers.number(paragraph.number, paragraph.level, str(paragraph.style))
                text = number + text.lstrip() if number else text
            carried += text
            if not (found[0][-1] == "\r" and self._file.gone[last] == GONE) or paragraph.depth > 1:
                self._end(carried, found[0][-1], paragraph)
                carried = ""
        self._end(carried, "\r", Paragraph())
        return dropped(self._tables.parts())

    def issues(self) -> Iterator[Issue]:
        if self._file.truncated:
            yield Issue("truncated", "the file is cut off or broken; its end may be missing")
        if self._pictures:
            yield Issue("picture", f"{self._pictures} picture(s) in the text are not read; look whether they show tables")
        for form in sorted(self._numbers.unknown):
            yield Issue("numbering", f"automatic numbers of the form {form} were written as plain digits")

    def _printed(self, start: int, end: int) -> str:
        text, gone = self._file.text[start:end], self._file.gone[start:end]
        if any(gone):          # field marks stay, for hidden fields end too
            text = "".join(raised(c) if mark == RAISED else c for c, mark in zip(text, gone, strict=True)
                           if mark != GONE or c in "\x13\x14\x15")
        if self._fields or "\x13" in text:
            text = "".join(self._outside(text))
        self._pictures += text.count("\x01")
        text = text.translate(_SIGNS)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _outside(self, text: str) -> Iterator[str]:
        """The characters of `text` outside field codes."""
        for c in text:
            if c == "\x13":
                self._fields.append(True)
            elif c == "\x14" and self._fields:
                self._fields[-1] = False
            elif c == "\x15" and self._fields:
                self._fields.pop()
            elif not any(self._fields):
                yield c

    def _end(self, text: str, mark: str, paragraph: Paragraph) -> None:
        self._fields = [code for code in self._fields[-MAX_DEPTH:] if not code]   # a code without end swallows no more
        depth = max(paragraph.depth, int(mark == "\x07"))
        found = lines(text, paragraph.heading)
        if found or depth or mark != "\r":
            self._tables.add(depth, found)
        if paragraph.ends_row and depth and (mark == "\x07" or depth > 1):
            self._tables.end_row(depth, paragraph.shape)
        elif mark == "\x07" or (paragraph.ends_cell and depth > 1):
            self._tables.end_cell(depth)

