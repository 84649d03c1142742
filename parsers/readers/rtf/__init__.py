"""Rich Text Format, read as it prints: code pages and Unicode, tables with merges and nesting, written list numbers.

    bytes ──tokens──> Reader (groups, words) ──> Story (paragraphs, rows) ──> Lines and Sketches ──grids.finish──> Document

Source: Rich Text Format Specification 1.9.1.

`words` control words and groups · `characters` code pages · `story` paragraphs, notes, text boxes.
"""

from __future__ import annotations

from parsers import grids
from parsers.exceptions import Damaged, Empty
from parsers.models import Document
from parsers.readers.rtf.words import Reader


def read(data: bytes) -> Document:
    """An RTF file as blocks. Raises `Damaged` when it is no RTF, and `Empty` when it prints no words."""
    body = data.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if not body.startswith(b"{\\rtf"):
        raise Damaged("the file does not begin as RTF does; look at its first bytes to see what it is")
    reader = Reader(body)
    parts = reader.run()
    blocks = grids.finish(parts)
    if not blocks:
        raise Empty("the RTF file prints no words; its text may be a picture, open it to see")
    return Document("application/rtf", "rtf", blocks, title=reader.title.strip(), issues=tuple(reader.issues()))
