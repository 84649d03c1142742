"""Spreadsheets, XLS, XLSX and ODS: what a person sees who opens them, each sheet a grid or the text and tables on it.

    file ──xlsx | xls | ods | other──> Sheet (texts as they print, merges, what is hidden) ──layout──> Paragraphs and Grids

Sheets, rows and columns that are hidden are not read, and an issue says how many said something: they are what a clerk
put away, older figures or working, as a rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import olefile

from parsers.exceptions import Empty
from parsers.models import Block, Document, Issue, Paragraph
from parsers.readers import XLSX
from parsers.readers.sheet import layout, ods, other, xls, xlsx
from parsers.readers.sheet.layout import Sheet
from parsers.sniff import ODS, media_type
from parsers.zipped import Zipped

_HIDDEN = "{} hidden row(s) and column(s) of sheet {} are not read; show them in the workbook to see what they say"
_UNKNOWN = "{} formula(s) on sheet {} have no result in the file and are not legible; open it, save it, and add it again"


def read(data: bytes) -> Document:
    """Read every sheet that shows and holds anything; its name stands above it when there are several.

    Raises `Damaged`, `Encrypted`, `TooLarge`, and `Empty` when no cell says anything.
    """
    kind = media_type(data)
    found = [(sheet, shows) for sheet, shows in _sheets(data, kind) if sheet.texts]
    read = [sheet for sheet, shows in found if shows] or [sheet for sheet, _ in found]
    grids = [(sheet.name, grid) for sheet in read if (grid := sheet.grid()).cells]
    if not grids:
        raise Empty("the workbook has no filled cell; fetch it again or look at it by hand")
    blocks: list[Block] = []
    for name, grid in grids:
        blocks += [Paragraph(name, name)] if len(grids) > 1 else []
        blocks += layout.parted(grid)
    return Document(kind, "sheet", tuple(blocks), pages=len(grids), issues=tuple(_issues(read, len(found) - len(read))))


def _sheets(data: bytes, kind: str) -> Iterator[tuple[Sheet, bool]]:
    if kind == ODS:
        return ods.sheets(Zipped(data))
    if kind == XLSX and xlsx.WORKBOOK in (inside := Zipped(data)):
        return xlsx.Workbook(inside).sheets()
    if data.startswith(olefile.MAGIC) and (stream := xls.records(data)):
        return xls.Workbook(stream).sheets()
    return other.sheets(data)


def _issues(read: Sequence[Sheet], hidden: int) -> Iterator[Issue]:
    if hidden:
        yield Issue("hidden-part", f"{hidden} hidden sheet(s) are not read; show them in the workbook to see what they say")
    for sheet in read:
        if sheet.unseen:
            yield Issue("hidden-part", _HIDDEN.format(sheet.unseen, sheet.name), sheet.name)
        if sheet.unknown:
            yield Issue("formula", _UNKNOWN.format(sheet.unknown, sheet.name), sheet.name)
