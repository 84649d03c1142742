"""Word 97–2003 files (.doc, and .wps of the same structure), read as they print.

    OLE streams ──File (pieces, property runs)──> paragraphs ──Story (tables)──> Lines ──grids.finish──> Document

Kept: field results, notes and text boxes (after the text). Dropped: hidden and deleted text, field codes, pictures,
headers and footers. Automatic numbers are written out as Word counts them.
Source: [MS-DOC] Word (.doc) Binary File Format.

`streams` what of the container is read · `file` characters and the properties of their places · `properties` what these say ·
`lists` styles and automatic numbers · `story` paragraphs in reading order.
"""

from __future__ import annotations

from struct import error as StructError

from parsers import grids
from parsers.exceptions import Damaged, Empty
from parsers.models import Document
from parsers.readers import office
from parsers.readers.doc.file import File
from parsers.readers.doc.story import Story
from parsers.readers.doc.streams import Older, streams


def read(data: bytes) -> Document:
    """A binary Word file as blocks.

    Word 95 and before is left to LibreOffice. Raises `NeedsTool` without it, `Encrypted`, `Damaged`, `TooLarge`, and
    `Empty` when it shows no words.
    """
    try:
        main, table, extra, title = streams(data)
    except Older:
        return office.read(data)
    try:
        file = File(main, table, extra)
        parts, story = [], Story(file)
        for start, end in file.stories():
            parts += story.parts(start, end)
    except (StructError, IndexError, OverflowError) as error:
        raise Damaged("the structures of this Word file lead nowhere; it is incomplete, fetch it again") from error
    blocks = grids.finish(parts)
    if not blocks:
        raise Empty("the Word file shows no words; its text may be a picture, open it to see")
    return Document("application/msword", "doc", blocks, title=title, issues=tuple(story.issues()))
