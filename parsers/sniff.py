"""What a file is, told by its bytes and never by its name: portals serve RTF as .doc, HTML as .pdf, anything as octets."""

from __future__ import annotations

import io
import re
import zipfile

import olefile

from parsers.charset import decode
from parsers.exceptions import Damaged, Empty, Encrypted, UnknownFormat
from parsers.readers import DOCX, XLSX

ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
WORDML = "application/x-wordml"       # Word 2003 XML and flat OPC: a .docx or .doc in a single XML file
DOC = "application/msword"
XLS = "application/vnd.ms-excel"

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xdb\xa5", DOC),                # Word 2 and before
    (b"\x09\x08", XLS),                # bare BIFF, without the OLE container
)
#: stream of an OLE file → media type; the first found decides
_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS),
            ("PowerPoint Document", "application/vnd.ms-powerpoint"))
#: member of a zip → media type; the first found decides
_MEMBERS = (("ofd.xml", "application/ofd"), ("word/", DOCX), ("xl/", XLSX),
            ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"))

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|table|tbody|div|p|span|script|style|link|frameset|"
                   r"iframe|br|h[1-6]|center|font|ul|ol|a|img|article|section)\b", re.I)
_WORDML = re.compile(r"<\?mso-application\s+progid=[\"']Word|<\w+:wordDocument\b|<pkg:package\b")
_FLAT = re.compile(r"<office:document\b")         # OpenDocument in a single XML file
#: how JSON and JSONP begin, behind all white space
PAYLOAD = re.compile(r"(?:/\*\*/)?\s*(?:[\w$.]{1,60}\s*\(\s*)?[{\[]\s*[\"{\[]")
_CARRIED = re.compile(r"(?:<|\\u003c|&lt;)(?:p|div|table|span|br|h[1-6]|section)\b", re.I)
_MAIL = re.compile(r"^(?:from|mime-version|subject|date|content-type|message-id|snapshot-content-location|x-[\w-]+):",
                   re.I)
_RELATED = re.compile(r"^content-type:\s*multipart/(?:related|alternative|mixed)", re.I | re.M)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def media_type(data: bytes) -> str:
    """The media type of `data`, a key of `parsers.readers.READERS` where one can read it.

    Raises `Empty` (nothing but white space or zeros), `Encrypted` (a locked office file), `UnknownFormat`, `Damaged`.
    """
    body = data.lstrip(b"\x00\t\n\x0b\x0c\r ") if data[:1] in b"\x00\t\n\x0b\x0c\r " else data
    if not body.removeprefix(b"\xef\xbb\xbf").strip():
        raise Empty("the file holds no bytes; fetch it again")
    if b"%PDF-" in data[:1024] and not _HTML.match(decode(body[:200]).lstrip()):
        return "application/pdf"
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(body)
    if body.startswith(olefile.MAGIC):
        return _ole(body)
    if body.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{\\rtf"):
        return "application/rtf"
    for magic, name in _MAGIC:
        if body.startswith(magic) and (len(magic) > 2 or _is_binary(body)):
            return name
    return _text(data)


def _zip(data: bytes) -> str:
    names, kind = _members(data)
    if kind.startswith("application/"):
        return kind
    for start, name in _MEMBERS:
        if any(member.startswith(start) for member in names):
            return name
    return "application/zip"


def _members(data: bytes) -> tuple[list[str], str]:
    """Names in a zip, small letters, and the words of its `mimetype`; from the local headers where the end is cut off."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.replace("\\", "/").lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        found = re.finditer(rb"PK\x03\x04.{22}(..)..", data, re.S)
        names = [data[m.end():m.end() + int.from_bytes(m[1], "little")].decode("utf-8", "replace").lower() for m in found]
    # OpenDocument stores its type first and unpacked, so that it can be read at a fixed place
    kind = re.match(rb"PK\x03\x04.{26}mimetype(application/[\w.+-]+?)(?=PK)", data, re.S)
    if kind is None and "content.xml" in names and "meta-inf/manifest.xml" in names:
        return names, ODT
    return names, kind[1].decode() if kind else ""


def _ole(data: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = {path[-1].lower() for path in ole.listdir()}
    except Exception as error:      # olefile lets struct, index and unicode errors out of broken directories
        names = {name.lower() for name, _ in _STREAMS if name.encode("utf-16-le") in data}
        if not names:
            raise Damaged(f"the directory of this office file cannot be read ({error}); fetch it again") from error
    if "encryptedpackage" in names:
        raise Encrypted("this office file is locked with a password; ask the publisher for an open copy")
    for stream, name in _STREAMS:
        if stream.lower() in names:
            return name
    return "application/x-ole-storage"


def _text(data: bytes) -> str:
    head = decode(data[:8192])
    if len(_CONTROL.findall(head)) * 50 > len(head):
        raise UnknownFormat("these bytes are no text and no format known here; open the file by hand to see what it is")
    head = head.lstrip() or decode(data).lstrip()[:8192]          # a template may begin with thousands of blank lines
    if not head:
        raise Empty("the file holds nothing but white space")
    if _MAIL.match(head) and _RELATED.search(head):
        return "multipart/related"
    if head.startswith("<") and _WORDML.search(head):
        return WORDML
    if head.startswith("<") and _FLAT.search(head):
        return ODT
    if PAYLOAD.match(head) and _CARRIED.search(decode(data)):
        return "text/html"
    found = _HTML.search(head)
    # a page may begin with words (a server's notice, template rubbish), a text that mentions a tag late is still a text
    if found and (head.startswith("<") or found.start() < 512):
        return "text/html"
    if head.startswith("<?xml") or re.match(r"<[\w:]+[^<>]*>", head):
        return "text/html" if "</" in head and not head.startswith("<?xml") else "application/xml"
    return "text/plain"


def _is_binary(data: bytes) -> bool:
    return bool(_CONTROL.search(data[:256].decode("latin-1")))
