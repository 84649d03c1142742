"""Archived bytes for a browser, unable to run, send or fetch anything."""

from __future__ import annotations

import re
from collections.abc import Mapping

EXTENSIONS = {"image/png": ".png", "image/jpeg": ".jpg",
              "text/html": ".html", "application/pdf": ".pdf", "application/msword": ".doc", "text/plain": ".txt",
              "application/rtf": ".rtf", "application/vnd.oasis.opendocument.text": ".odt", "application/ofd": ".ofd",
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
              "application/vnd.ms-excel": ".xls", "application/zip": ".zip", "application/vnd.rar": ".rar"}

#: what an archived file may do once shown: draw itself with its own styles; no script, no form, no request
_SANDBOX = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
#: Chromium's PDF viewer does not start inside a sandbox
_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_INLINE = {"text/html": _SANDBOX, "text/plain": _SANDBOX, "application/pdf": _PDF, "image/png": _SANDBOX,
           "image/jpeg": _SANDBOX}


_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def headers(digest: str, media_type: str, name: str = "") -> Mapping[str, str]:
    """Headers that make a stranger's file harmless; what a browser cannot show is offered as a download."""
    made = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "etag": f'"{digest}"',
            "cross-origin-resource-policy": "same-origin", "accept-ranges": "bytes",
            "cache-control": "private, max-age=31536000, immutable",
            "content-security-policy": _INLINE.get(media_type, _SANDBOX)}
    if media_type not in _INLINE:
        made["content-disposition"] = f'attachment; filename="{name or digest[:12]}{extension(media_type)}"'
    return made


def part(headers: Mapping[str, str], digest: str, size: int) -> range | None:
    """The bytes that a Range header asks for, as a PDF viewer does; empty when there are none such, None for the whole.

    One range only; what is not understood or was asked of other bytes is ignored (RFC 9110, 14.2).
    """
    asked = _RANGE.fullmatch(headers.get("range", ""))
    if asked is None or not any(asked.groups()) or headers.get("if-range", f'"{digest}"') != f'"{digest}"':
        return None
    first, last = asked.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    return range(int(first), min(size, int(last) + 1 if last else size)) if not last or int(first) <= int(last) else None


def extension(media_type: str) -> str:
    """File name ending for a download."""
    return EXTENSIONS.get(media_type, ".bin")


def content_type(media_type: str, body: bytes) -> str:
    """Media type, and for text the charset that decodes it: UTF-8, else GB 18030 whatever the page declares."""
    if not media_type.startswith("text/"):
        return media_type
    try:
        body.decode("utf-8")
        return f"{media_type}; charset=utf-8"
    except UnicodeDecodeError:
        return f"{media_type}; charset=gb18030"
