"""OLE containers and binary Word files made by hand: streams by name, text in pieces of one or two bytes a letter.

Source: [MS-CFB]; [MS-DOC] 2.5 (FIB), 2.9.38 (Clx).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST = 4096               # bytes: smaller streams would lie elsewhere
TEXT = 0x800                   # where the text begins in the stream of a Word file


def container(streams: Mapping[str, bytes], *, sector: int = 512) -> bytes:
    """An OLE file with these streams; sectors of 512 bytes are version 3, of 4096 version 4."""
    held = {name: data.ljust(_SMALLEST, b"\0") for name, data in streams.items()}
    fat = [_FAT]
    body = b""
    starts = {}
    for name, data in held.items():
        count = -(-len(data) // sector)
        starts[name] = len(fat)
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
        body += data.ljust(count * sector, b"\0")
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    entries += [_entry(name, 2, starts[name], len(data), right=n + 1 if n < len(held) else _FREE)
                for n, (name, data) in enumerate(held.items(), 1)]
    directory = b"".join(entries)
    count = -(-len(directory) // sector)
    first = len(fat)
    fat += [*range(first + 1, first + count), _END]
    table = b"".join(struct.pack("<I", place) for place in fat).ljust(sector, b"\xff")
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3 if sector == 512 else 4, 0xFFFE,
                       sector.bit_length() - 1, 6, count if sector > 512 else 0, 1, first, 0, _SMALLEST, _END, 0, _END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    return head.ljust(sector, b"\0") + table + body + directory.ljust(count * sector, b"\0")


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII16xI16xIQ", letters, len(letters), kind, 1, _FREE, right, child, 0, start, size)


def word(*pieces: str | bytes, flags: int = 0x0200, table: str = "1Table", sector: int = 512) -> bytes:
    """A Word 97 file whose text comes in pieces: `str` of two bytes a letter, `bytes` of one."""
    text, places, cps = b"", [], [0]
    for piece in pieces:
        place = TEXT + len(text)
        places.append(place if isinstance(piece, str) else (2 * place) | 0x40000000)
        text += piece.encode("utf-16-le") if isinstance(piece, str) else piece
        text += b"\0" * (len(text) % 2)
        cps.append(cps[-1] + len(piece))
    plc = struct.pack(f"<{len(cps)}I", *cps) + b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    clx = b"\x02" + struct.pack("<I", len(plc)) + plc
    main = bytearray(TEXT)
    struct.pack_into("<HH", main, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<I", main, 0x4C, cps[-1])
    struct.pack_into("<II", main, 0x9A + 8 * 33, 0, len(clx))
    return container({"WordDocument": bytes(main) + text, table: clx}, sector=sector)
