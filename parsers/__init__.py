"""Bytes in, plain data out. Imports neither Scrapy nor SQLite, nothing of the crawler, spiders or archive.

    document = read(data)             # any format → paragraphs and grids
    report = parse(data, document)    # → tags, statutory cells, sections, checks, issues

`PARSER_VERSION` changes whenever the same bytes may give another result; `nianbao parse` then reads the archive anew.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from parsers.exceptions import ParserError, Unreadable
from parsers.models import Document, Hints, Issue, Report, sha256

PARSER_VERSION = "5"

_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|odt|zip|rar|7z)(?=$|[?#])", re.IGNORECASE)

__all__ = ["PARSER_VERSION", "Document", "Hints", "ParserError", "Report", "Unreadable", "parse", "read"]


def read(data: bytes) -> Document:
    """Read a file of any supported format, told by its bytes. Raises `Unreadable`."""
    from parsers import readers, sniff  # inside, so that importing this package loads no reader or gazetteer

    return readers.read(data, sniff.media_type(data))


def parse(data: bytes, hints: Hints | None = None) -> Report:
    """Understand one file as a report. Raises `Unreadable`; anything understood in part is an issue of the report."""
    from parsers import checks, identify, outline, tables
    from parsers.text import canonical_text, plain_text

    hints = _sound(hints or Hints())
    document = read(data)
    parts = outline.find(document)
    cells = tables.find(document, parts)
    identity = identify.identify(document, parts, cells, hints)
    report = Report(
        digest=sha256(data),
        text_digest=sha256(canonical_text(document, parts).encode()),
        media_type=document.media_type,
        reader=document.reader,
        kind=identity.kind,
        title=parts.title or document.title or hints.link_text,
        text=plain_text(document),
        tags=identity.tags,
        tables=cells,
        sections=parts.sections,
        checks=(),
        issues=document.issues + parts.issues + cells.issues + identity.issues + _instead(document, identity.kind, hints),
        published_on=identity.published_on,
        links=document.links,
    )
    return checks.checked(report, document, parts)


def _sound(hints: Hints) -> Hints:
    """The hints without an address that is none: what strangers name so in a web archive."""
    try:
        urlsplit(hints.url)
    except ValueError:
        return replace(hints, url="")
    return hints


def _instead(document: Document, kind: str, hints: Hints) -> tuple[Issue, ...]:
    """A page or a line of text that is no report where a file was promised: an error saved under the name of the file."""
    promised = _FILE.search(hints.url) or _FILE.search(hints.file_name)
    if promised is None or document.reader not in ("html", "text") or kind != "other":
        return ()
    title = document.title or "without a title"
    what = f"a web page ({title})" if document.reader == "html" else "a line of text"
    return (Issue("page-not-file", f"{what} came where a {promised[0]} file was promised; fetch it again"),)
