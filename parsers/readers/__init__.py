"""One module per file format, each with `read(data: bytes) -> Document`.

A reader raises a subclass of `parsers.exceptions.Unreadable` when it cannot read, never returns a silent empty
document, and never lets a library's own exception out.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType

from parsers.exceptions import UnknownFormat, Unreadable
from parsers.models import Document

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: media type (as `parsers.sniff.media_type` gives it) → module of this package
READERS = MappingProxyType({
    "text/html": "html",
    "multipart/related": "html",
    "text/plain": "text",
    "application/pdf": "pdf",
    DOCX: "docx",
    "application/x-wordml": "docx",
    "application/msword": "doc",
    "application/x-ole-storage": "office",
    "application/rtf": "rtf",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.ms-excel": "sheet",
    XLSX: "sheet",
    "application/vnd.oasis.opendocument.spreadsheet": "sheet",
    "application/ofd": "ofd",
    "application/zip": "package",
    "application/vnd.rar": "package",
    "application/x-7z-compressed": "package",
    "image/png": "image",
    "image/jpeg": "image",
    "image/tiff": "image",
})


def read(data: bytes, media_type: str) -> Document:
    """Read `data`, known to be of `media_type`. Raises `Unreadable` (see `parsers.exceptions`)."""
    name = READERS.get(media_type)
    if name is None:
        raise UnknownFormat(f"no reader for {media_type}; readable are {', '.join(sorted(READERS))}")
    document = import_module(f"{__name__}.{name}").read(data)
    if not isinstance(document, Document):
        raise Unreadable(f"the {name} reader returned nothing")
    return document
