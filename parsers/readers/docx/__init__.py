"""Word files in XML: .docx (transitional and strict), flat OPC and Word 2003 XML, read as they print.

    package ──Parts──> styles, numbering ──Story──> Lines and Sketches ──grids.finish──> Document

Kept: insertions, moved-to text, field results, text boxes once, content controls, automatic numbers written out.
Dropped: deletions, moved-from text, hidden text, field codes, bookmarks, comments, headers and footers.
Source: ECMA-376 Part 1 (WordprocessingML); for Word 2003 the WordprocessingML schema of Office 2003.

`package` which parts say something · `story` paragraphs in reading order · `runs` the words of one · `plain` tables and
paragraphs of words alone · `cells` rows, cells and their spans · `markup` elements and their names.
"""

from __future__ import annotations

from parsers import grids
from parsers.exceptions import Empty
from parsers.models import Document
from parsers.readers.docx.numbers import Numbers
from parsers.readers.docx.package import unpacked
from parsers.readers.docx.story import Story
from parsers.readers.docx.styles import Styles
from parsers.readers.pictures import dropped


def read(data: bytes) -> Document:
    """A Word file as blocks. Raises `Damaged`, `Encrypted`, `TooLarge`, and `Empty` when it shows no words."""
    parts = unpacked(data)
    story = Story(Styles(parts.styles), Numbers(parts.numbering))
    content = story.parts(parts.body)
    for root in parts.notes:
        content += story.notes(root)
    blocks = grids.finish(dropped(content))
    if not blocks:
        raise Empty("the Word file shows no words; its text may be a picture, open it to see")
    return Document(parts.media_type, "docx", blocks, title=parts.title, issues=tuple(story.issues()))
