"""The streams of a binary Word file: the text, the tables that order it, the data they share; the title.

Source: [MS-DOC] 2.1 (file structure), 2.5 (the file information block).
"""

from __future__ import annotations

import io
from struct import unpack_from

import olefile

from parsers.exceptions import Damaged, Encrypted

_WORD_97 = 0x00C1
_TABLES = ("0Table", "1Table")


class Older(Exception):
    """The file is of Word 95 or before."""


def streams(data: bytes) -> tuple[bytes, bytes, bytes, str]:
    """The text, table and data streams and the title. Raises as `read` does."""
    if not data.startswith(olefile.MAGIC):
        raise Older
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            main = ole.openstream("WordDocument").read()
            tables = sorted(_TABLES, key=lambda name: name != _table_name(main))       # the other where that one is missing
            table, extra = (next((ole.openstream(name).read() for name in names if ole.exists(name)), b"")
                            for names in (tables, ("Data",)))
            title = ole.get_metadata().title if ole.exists("\x05SummaryInformation") else b""
            page = ole.get_metadata().codepage if title else 0
    except (Encrypted, Older, Damaged):
        raise
    except Exception as error:      # olefile lets struct, index and unicode errors out of broken files
        raise Damaged(f"this Word file cannot be opened ({error}); it is incomplete, fetch it again") from error
    if not table:
        raise Damaged("the Word file has lost the stream that orders its text; fetch it again")
    return main, table, extra, _title(title, page)


def _table_name(main: bytes) -> str:
    """The stream that holds the tables of the file `main` belongs to, after a look at whether it can be read at all."""
    if len(main) < 0x1AA:
        raise Damaged("the Word file ends within its head; fetch it again")
    mark, version = unpack_from("<HH", main)
    flags = unpack_from("<H", main, 0x0A)[0]
    if flags & 0x0100:
        raise Encrypted("this Word file is locked with a password; ask the publisher for an open copy")
    if version < _WORD_97:
        raise Older
    if mark != 0xA5EC:
        raise Damaged("this is no Word file inside; open it by hand to see what it is")
    return _TABLES[bool(flags & 0x0200)]


def _title(title: bytes | str | None, page: int | None) -> str:
    if not isinstance(title, bytes):
        return (title or "").strip()
    codec = {65001: "utf-8", -535: "utf-8", 936: "gb18030", 950: "big5hkscs", 1252: "cp1252"}.get(page or 0, "gb18030")
    return title.decode(codec, "replace").strip("\0 \r\n")
