"""Reports as OpenDocument texts."""

from __future__ import annotations

from html import escape

from tests.generator.docx import pack
from tests.generator.model import Box, Line, Table, Truth
from tests.generator.stacking import rows_of

TYPE = "application/vnd.oasis.opendocument.text"
NS = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table"))
LEVELS = {"title": 0, "heading": 1, "subheading": 2}


def clean(truth: Truth) -> bytes:
    """Headings with outline levels, covered cells, repeated columns, spaces as elements."""
    body = "".join(_line(part) if isinstance(part, Line) else _table(part) for part in truth.script)
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NS} office:version="1.2"><office:body>'
               f"<office:text>{body}</office:text></office:body></office:document-content>")
    manifest = ('<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
                'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPE}"/>'
                '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>')
    return pack({"mimetype": TYPE, "content.xml": content, "META-INF/manifest.xml": manifest}, stored=("mimetype",))


def _line(line: Line) -> str:
    level = LEVELS.get(line.role, 0)
    if level:
        return f'<text:h text:outline-level="{level}">{_text(line.text)}</text:h>'
    return f"<text:p>{_text(line.text)}</text:p>"


def _text(text: str) -> str:
    return escape(text).replace("  ", ' <text:s text:c="1"/>').replace("\n", "<text:line-break/>")


def _table(table: Table) -> str:
    rows = ["".join(_cell(box, below) for box, below in row) for row in rows_of(table)]
    shown = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f'<table:table><table:table-column table:number-columns-repeated="{table.width}"/>{shown}</table:table>'


def _cell(box: Box, continued: bool) -> str:
    covered = "<table:covered-table-cell/>"
    if continued:
        return covered * box.columns
    spans = f' table:number-columns-spanned="{box.columns}" table:number-rows-spanned="{box.rows}"'
    return f"<table:table-cell{spans}><text:p>{_text(box.text)}</text:p></table:table-cell>" + covered * (box.columns - 1)
