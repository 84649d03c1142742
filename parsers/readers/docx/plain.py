"""Tables and paragraphs of words alone, as nearly all are: read in one flat pass over their elements.

Every element must be one that says words or one known to say none; any other leaves the reading to `story`, which knows them
all. Both say the same of the same words; the flat pass costs a third.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from parsers.grids import Part
from parsers.readers.docx.markup import NOTHING, VAL, Element, Properties, W
from parsers.readers.docx.styles import Styles
from parsers.readers.pictures import lines

#: properties that change no word, marks without words, and what only stands around words
_SILENT = """tblPr tblStyle tblpPr tblOverlap tblW tblBorders tblInd tblLayout tblCellMar tblLook tblCaption tblDescription
    tblGrid gridCol trPr trHeight tblHeader cantSplit tblCellSpacing gridAfter wAfter
    tcPr tcW tcBorders top left start bottom right end insideH insideV tl2br tr2bl tcMar noWrap textDirection
    tcFitText vAlign hideMark cnfStyle shd
    pPr keepNext keepLines pageBreakBefore widowControl suppressLineNumbers pBdr between bar suppressAutoHyphens kinsoku
    wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing
    mirrorIndents suppressOverlap jc textAlignment textboxTightWrap divId
    r rPr rFonts b bCs i iCs caps smallCaps outline shadow emboss imprint noProof color w kern position sz szCs highlight u
    effect bdr fitText lang eastAsianLayout em rtl cs ins moveTo hyperlink smartTag smartTagPr attr
    fldSimple bookmarkStart bookmarkEnd proofErr lastRenderedPageBreak"""
_TEXT, _BREAK, _PARAGRAPH, _CELL, _ROW, _STYLE = "t", "br", "p", "tc", "tr", "pStyle"
_KINDS = ({f"{W}{name}": "" for name in _SILENT.split()}
          | {f"{W}{name}": name for name in (_TEXT, _BREAK, _PARAGRAPH, _CELL, _ROW, _STYLE, "gridSpan", "vMerge")})

Cell = tuple[Properties, "list[Part] | Element"]        # its spans; its lines, or itself where they are still to be read
Row = tuple[int, Iterable[Cell]]                        # how many columns are left free before its cells; these


class Words(NamedTuple):
    """What an element of words holds: the rows of a table, or the lines of a paragraph."""

    rows: list[Row]
    lines: list[Part]


def words(element: Element, styles: Styles) -> Words | None:
    """The words of a table or paragraph; None where it holds anything else, or where they may be numbered or hidden."""
    rows: list[Row] = []
    cells: list[Cell] = []
    held = outside = list[Part]()
    style = usual = styles.usual
    text = ""
    if usual.hidden or usual.number:
        return None
    parts = element.iter()
    next(parts)                              # the element itself
    for part in parts:
        kind = _KINDS.get(part.tag)
        if not kind:
            if kind is None:
                return None
        elif kind is _TEXT:
            text += part.text or ""
        elif kind is _PARAGRAPH:
            if text:
                held += lines(text, style.heading)
                text = ""
            style = usual
        elif kind is _CELL:
            if text:
                held += lines(text, style.heading)
                text = ""
            cells.append((NOTHING, held := []))
        elif kind is _BREAK:
            text += "\n"
        elif kind is _ROW:
            rows.append((0, cells := []))
        elif kind is _STYLE:
            style = styles.named(part.get(VAL) or "")
            if style.hidden or style.number:
                return None
        elif not cells:
            return None
        else:
            cells[-1] = ({kind: part, **cells[-1][0]}, held)
    held += lines(text, style.heading)
    return Words(rows, outside)
