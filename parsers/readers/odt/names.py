"""Names of the OpenDocument schema, and its counts."""

from __future__ import annotations

from lxml import etree

Element = etree._Element

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def whole(value: str | None, default: int) -> int:
    """A positive whole number, capped where it is absurd."""
    if not value or not value.isdecimal() or not value.strip("0"):
        return default
    return int(value) if len(value) < 7 else 10**6
