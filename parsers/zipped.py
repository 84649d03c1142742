"""Members of a zip, read within limits: the shared ground of docx, xlsx, odt and ofd.

Sizes are checked twice, as the directory declares them and as they come out, because a bomb lies.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from lxml import etree

from parsers import xml
from parsers.exceptions import Damaged, Encrypted, TooLarge

MAX_MEMBERS = 20_000
MAX_MEMBER = 64 << 20          # bytes; the largest honest document.xml seen is under 10 MB
MAX_TOTAL = 256 << 20
MAX_RATIO = 400                # deflate stops near 1,030; tables of empty cells reach about 100
_USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL = b"PK\x03\x04"
RATIO_FROM = 4 << 20           # small members may be as repetitive as they like


class Zipped:
    """A zip file held in memory. `names` in the order of its directory, `/` as separator whatever the writer used."""

    def __init__(self, data: bytes) -> None:
        """Raises `Damaged` when the directory cannot be read and `TooLarge` when it lists too much."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
            raise Damaged(f"the zip directory cannot be read ({error}); the file is cut off, fetch it again") from error
        self._data = data
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise TooLarge(f"the zip lists {len(infos):,} members, more than {MAX_MEMBERS:,}; unpack it by hand")
        self._infos = {member_name(info): info for info in infos}
        self._folded = {name.lstrip("/").lower(): name for name in self._infos}
        self._spent = 0

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._folded

    def read(self, name: str) -> bytes:
        """The bytes of a member, found without regard to case.

        Raises `Damaged` (missing, broken), `Encrypted` (a password), `TooLarge` (past a limit).
        """
        info = self._infos.get(self._folded.get(name.lstrip("/").lower(), ""))
        if info is None:
            raise Damaged(f"the zip has no member {name}; the file is incomplete, fetch it again")
        if info.flag_bits & 1:
            raise Encrypted(f"{name} is locked with a password; ask the publisher for an open copy")
        self._allow(name, info.file_size, info.compress_size)
        data = self._unpacked(name, info)
        self._spent += len(data)
        return data

    def xml(self, name: str) -> etree._Element:
        """The root of an XML member; raises as `read` and `parsers.xml.parse` do."""
        return xml.parse(self.read(name), name)

    def _allow(self, name: str, size: int, packed: int) -> None:
        if size > MAX_MEMBER or size + self._spent > MAX_TOTAL:
            raise TooLarge(f"{name} unpacks to {size:,} bytes; the limit is {MAX_MEMBER:,} a member, {MAX_TOTAL:,} in all")
        if size > RATIO_FROM and size > MAX_RATIO * max(packed, 1):
            raise TooLarge(f"{name} is packed more than {MAX_RATIO} to 1; it is a zip bomb, not a document")

    def _unpacked(self, name: str, info: zipfile.ZipInfo) -> bytes:
        try:
            data = self._inflated(info) if info.compress_type in _USUAL else self._streamed(info)
        except NotImplementedError as error:
            raise Damaged(f"{name} is packed by a method this reader does not know ({error})") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error) as error:
            raise Damaged(f"{name} cannot be unpacked ({error}); the file is damaged, fetch it again") from error
        if len(data) > info.file_size:
            raise TooLarge(f"{name} is longer than its directory says; it is a zip bomb, not a document")
        return data

    def _inflated(self, info: zipfile.ZipInfo) -> bytes:
        """A stored or deflated member at once, up to one byte more than it should have: a fifth of the cost of a stream."""
        if self._data[info.header_offset:info.header_offset + 4] != _LOCAL:
            raise zipfile.BadZipFile("no member begins where the directory says")
        names, extra = struct.unpack_from("<HH", self._data, info.header_offset + 26)
        begin = info.header_offset + 30 + names + extra
        data = self._data[begin:begin + info.compress_size]
        if info.compress_type == zipfile.ZIP_DEFLATED:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, info.file_size + 1)
        if len(data) <= info.file_size and zlib.crc32(data) != info.CRC:
            raise zipfile.BadZipFile("its bytes do not add up to its CRC-32")
        return data

    def _streamed(self, info: zipfile.ZipInfo) -> bytes:
        with self._zip.open(info) as member:
            return member.read(info.file_size + 1)


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name in its true letters: names without the Unicode flag are GBK or UTF-8 taken for cp437."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        for encoding in ("utf-8", "gb18030"):
            try:
                name = info.filename.encode("cp437").decode(encoding)
            except UnicodeError:
                continue
            break
    return name.replace("\\", "/")
