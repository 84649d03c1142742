"""What a file is: told by bytes alone, for whole, cut, wrapped and locked files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from parsers.exceptions import Damaged, Empty, Encrypted, UnknownFormat
from parsers.readers import DOCX, READERS, XLSX
from parsers.sniff import media_type

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*names: str, stored: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if stored:
            archive.writestr("mimetype", stored)
        for name in names:
            archive.writestr(name, "x" * 50)
    return buffer.getvalue()


def ole(*streams: str) -> bytes:
    """A compound file with empty streams: header, one FAT sector, one directory sector per four entries."""
    names = ["Root Entry", *streams, *[""] * (3 - len(streams))]
    header = bytearray(OLE + b"\0" * 504)
    header[24:34] = b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    for offset, value in ((44, 1), (48, 1), (56, 4096), (60, 0xFFFFFFFE), (68, 0xFFFFFFFE), (76, 0)):
        header[offset:offset + 4] = value.to_bytes(4, "little")
    header[80:] = b"\xff" * 432
    fat = b"\xfd\xff\xff\xff\xfe\xff\xff\xff" + b"\xff" * 504
    return bytes(header) + fat + b"".join(_entry(name, n, len(streams)) for n, name in enumerate(names))


def _entry(name: str, number: int, count: int) -> bytes:
    entry = bytearray(128)
    encoded = name.encode("utf-16-le")
    entry[:len(encoded)] = encoded
    entry[64:66] = (len(encoded) + 2 if name else 0).to_bytes(2, "little")
    entry[66] = (5 if number == 0 else 2) if name else 0
    entry[67] = 1
    right = number + 1 if 0 < number < count else 0xFFFFFFFF
    for offset, value in ((68, 0xFFFFFFFF), (72, right), (76, 1 if number == 0 else 0xFFFFFFFF), (116, 0xFFFFFFFE)):
        entry[offset:offset + 4] = value.to_bytes(4, "little")
    return bytes(entry)


CASES = {
    "pdf": (b"%PDF-1.7\n", "application/pdf"),
    "pdf behind junk": (b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n%PDF-1.4\n", "application/pdf"),
    "pdf behind blanks": (b"\r\n\r\n  %PDF-1.4\n", "application/pdf"),
    "docx": (zipped("[Content_Types].xml", "word/document.xml"), DOCX),
    "docx with backslashes": (zipped("[Content_Types].xml", "Word\\document.xml"), DOCX),
    "docx cut off": (zipped("[Content_Types].xml", "word/document.xml")[:180], DOCX),
    "xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), XLSX),
    "odt": (zipped("content.xml", stored="application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
    "odt without its type": (zipped("content.xml", "META-INF/manifest.xml"), "application/vnd.oasis.opendocument.text"),
    "ods": (zipped("content.xml", stored="application/vnd.oasis.opendocument.spreadsheet"),
            "application/vnd.oasis.opendocument.spreadsheet"),
    "flat odt": (b'<?xml version="1.0"?>\n<office:document xmlns:office="x">', "application/vnd.oasis.opendocument.text"),
    "ofd": (zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
    "zip": (zipped("年报.pdf"), "application/zip"),
    "doc": (ole("WordDocument", "1Table"), "application/msword"),
    "xls": (ole("Workbook"), "application/vnd.ms-excel"),
    "old xls": (ole("Book"), "application/vnd.ms-excel"),
    "office file of another kind": (ole("CONTENTS"), "application/x-ole-storage"),
    "doc with a broken directory": (OLE + b"\xff" * 600 + "WordDocument".encode("utf-16-le"), "application/msword"),
    "rtf": (b"{\\rtf1\\ansi x}", "application/rtf"),
    "rtf behind a mark": (b"\xef\xbb\xbf\r\n{\\rtf1 x}", "application/rtf"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
    "jpeg": (b"\xff\xd8\xff\xe0\0", "image/jpeg"),
    "tiff": (b"II*\0\x08\0", "image/tiff"),
    "rar": (b"Rar!\x1a\x07\0", "application/vnd.rar"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0", "application/x-7z-compressed"),
    "html": (b"\r\n<!DOCTYPE html><html>", "text/html"),
    "xhtml": (b"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>", "text/html"),
    "html of word in gbk": ("<html xmlns:o='urn'><head><title>年度报告</title>".encode("gbk"), "text/html"),
    "html behind words": ("公告<br><table><tr><td>年报</td></tr></table>".encode(), "text/html"),
    "html fragment": ("<p>年度报告</p>".encode(), "text/html"),
    "html that names a pdf": (b"<html><body>%PDF-1.4 is a magic</body></html>", "text/html"),
    "html in utf-16": ("\ufeff<html><body>年报</body></html>".encode("utf-16-le"), "text/html"),
    "web archive": (b"From: <x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "multipart/related"),
    "word 2003": (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument>', "application/x-wordml"),
    "flat opc": (b'<?xml version="1.0"?><pkg:package xmlns:pkg="x">', "application/x-wordml"),
    "other xml": (b'<?xml version="1.0"?><datastore/>', "application/xml"),
    "text": ("一、总体情况\n规章\t0\n".encode(), "text/plain"),
    "text in gbk": ("一、总体情况".encode("gbk"), "text/plain"),
    "text that names a tag late": (("年报正文。" * 400 + "<table>").encode(), "text/plain"),
    "text in capitals": (b"BMW and GIF are names", "text/plain"),
    "json": (b'{"total": 3}', "text/plain"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_is_told_by_its_bytes(case: str) -> None:
    data, kind = CASES[case]
    assert media_type(data) == kind


def test_every_kind_that_has_a_reader_is_told() -> None:
    assert set(READERS) <= {kind for _, kind in CASES.values()}


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\0\0\0", b"\xef\xbb\xbf \n", "\ufeff \n".encode("utf-16-le")])
def test_nothing_is_empty(data: bytes) -> None:
    with pytest.raises(Empty):
        media_type(data)


def test_a_locked_office_file_is_encrypted() -> None:
    with pytest.raises(Encrypted):
        media_type(ole("EncryptionInfo", "EncryptedPackage"))


def test_an_office_file_of_nothing_known_is_damaged() -> None:
    with pytest.raises(Damaged):
        media_type(OLE + b"\xff" * 600)


def test_unknown_binary_is_unknown() -> None:
    with pytest.raises(UnknownFormat):
        media_type(bytes(range(256)) * 8)


MATERIAL = Path(__file__).parents[2] / "shared"


@pytest.mark.skipif(not MATERIAL.is_dir(), reason="the shared material is not beside this checkout")
def test_the_material_is_told_apart() -> None:
    assert media_type((MATERIAL / "corpus" / "huaian_2024.pdf").read_bytes()) == "application/pdf"
    assert {media_type(path.read_bytes()) for path in (MATERIAL / "seeds").glob("*.txt")} == {"text/plain"}
    assert {media_type(path.read_bytes()) for path in (MATERIAL / "portals" / "raw").glob("*.html")} == {"text/html"}
