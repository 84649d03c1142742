"""The true name of a file, from the many places and encodings that hold it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.header import decode_header, make_header
from urllib.parse import parse_qsl, unquote, unquote_to_bytes, urlsplit

from spiders.page import decode

_STAR = re.compile(r"filename\*\s*=\s*\"?([\w-]*)'[\w-]*'([^;\"]+)", re.I)
_PLAIN = re.compile(r"filename\s*=\s*(?:\"((?:\\.|[^\"\\])*)\"|([^;]+))", re.I)
_ENCODED_WORD = re.compile(r"=\?[\w-]+\?[bq]\?[^?]*\?=", re.I)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>:\"|?*]+")
_DOUBLE = re.compile(r"(\.(?:pdf|docx?|xlsx?|wps|ofd|zip|rar))\1+$", re.I)
_QUERY_NAMES = ("showname", "ftext", "name", "title", "filename", "file_name", "filepath", "file", "e")
_TELLING = re.compile(r"[一-鿿]")
_SAYS_NOTHING = re.compile(r"""
    ^ (?:点击|点此|查看|相关|本文)? (?:附件|下载|原文|正文|全文|文件|文档|年报|链接) (?:下载|查看)? \d{0,2} [:：]? (?:\.\w+)? $
  | ^ (?:pdf|word)版? $
""", re.I | re.X)
_LONGEST = 150


def clean(name: str) -> str:
    """A name safe as a file name: no path, no control characters, one extension, at most 150 characters."""
    name = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = _DOUBLE.sub(r"\1", " ".join(_FORBIDDEN.sub("", name).split()).strip(". "))
    if len(name) <= _LONGEST:
        return name
    stem, dot, ext = name.rpartition(".")
    return stem[:_LONGEST - len(ext) - 1] + dot + ext if dot and len(ext) <= 5 else name[:_LONGEST]


def from_disposition(value: str) -> str:
    """The name in a Content-Disposition header, given as latin-1 text; "" when it has none.

    Understood: raw GBK and raw UTF-8 bytes, `filename*=UTF-8''…`, percent-encoding and RFC 2047 in a plain `filename`.
    """
    if star := _STAR.search(value):
        return clean(_decoded(unquote_to_bytes(star[2].strip()), star[1]))
    plain = _PLAIN.search(value)
    if not plain:
        return ""
    name = (plain[1] if plain[1] is not None else plain[2]).strip().replace('\\"', '"')
    if _ENCODED_WORD.search(name):
        try:
            return clean(str(make_header(decode_header(name))))
        except (LookupError, ValueError):
            return clean(name)
    raw = name.encode("latin-1", "replace")
    return clean(decode(unquote_to_bytes(raw)) if b"%" in raw else decode(raw))


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(raw)


def from_address(url: str) -> str:
    """The name an address holds: a query parameter such as `showname`, else the last part of its path."""
    parts = urlsplit(url)
    asked = {name.lower(): value for name, value in parse_qsl(parts.query, errors="replace")}
    given = [asked[name] for name in _QUERY_NAMES if asked.get(name)]
    return clean(next((name for name in given if _TELLING.search(name)), "") or (given or [unquote(parts.path)])[0])


def best(candidates: Iterable[str], url: str = "") -> str:
    """The first candidate that says something in words, else the first there is, else what the address holds."""
    cleaned = [name for name in (clean(candidate) for candidate in candidates) if name]
    address = from_address(url) if url else ""
    telling = [name for name in (*cleaned, address) if _TELLING.search(name)]
    return next(iter([name for name in telling if not _SAYS_NOTHING.search(name)] or telling or cleaned), address)


def of(url: str, link_text: str, headers: Iterable[tuple[str, str]]) -> str:
    """The best name of a fetched file: its anchor's, else the server's, else its address's; header values as latin-1 text."""
    said = [from_disposition(value) for name, value in headers if name.lower() == "content-disposition"]
    return best([link_text, *said], url)
