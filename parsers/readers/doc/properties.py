"""What the properties of paragraphs, rows and characters say: single property modifiers, read into values.

Source: [MS-DOC] 2.6 (single property modifiers), 2.9 (TDefTableOperand).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from struct import unpack_from

from parsers import grids
from parsers.readers.rows import CellShape, RowShape

MAX_DEPTH = 50                 # of tables in tables
GONE, RAISED = 1, 2            # marks of characters that do not print, and of those that stand raised
HUGE = (0x6646, 0x6645)        # the properties lie in the data stream: they are too many for their page
_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_TABS, _OUTLINE, _LIST, _LEVEL_OF_LIST = 0xC615, 0x2640, 0x460B, 0x260A
_MOST_LISTED = 0x7FE           # a list number beyond says that the paragraph has none
_TABLE, _MERGE, _DOWN = 0xD608, 0x5624, 0xD62B
_SYMBOL, _SCRIPT, _RISE = 0x6A09, 0x2A48, 0x4845
_UNSEEN = (0x083C, 0x0800, 0x0837, 0x2A53)            # hidden, deleted, struck out once and twice
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)                     # bytes of an operand by the top bits of its code; 0: it says itself

Property = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What the properties of one paragraph say: heading level, depth in tables, what its mark ends."""

    heading: int = 0
    depth: int = 0
    ends_cell: bool = False        # of a nested table; cells of outer tables have a mark of their own
    ends_row: bool = False
    style: int = 0
    number: str = ""               # its list, "" for none
    level: int | None = None
    shape: RowShape = field(default_factory=RowShape)


def paragraph(style: int, laid: Iterable[Property]) -> Paragraph:
    """The paragraph of a style that these properties, the style's first, make."""
    found = dict[int, bytes]()
    merges: list[Property] = []
    for code, operand in laid:
        found[code] = operand
        merges += [(code, operand)] if code in (_MERGE, _DOWN) else []
    flags = {code for code, operand in found.items() if operand[:1] not in (b"", b"\0")}
    depth = int.from_bytes(found.get(_DEPTH, b""), "little") or int(_IN_TABLE in flags)
    outline = found[_OUTLINE][0] + 1 if found.get(_OUTLINE) else style
    number = int.from_bytes(found.get(_LIST, b""), "little")
    level = found.get(_LEVEL_OF_LIST)
    return Paragraph(outline if 1 <= outline <= 9 else 0, min(depth, MAX_DEPTH), _INNER_CELL in flags,
                     bool({_ROW_END, _INNER_ROW_END} & flags), style,
                     str(number) if 0 < number <= _MOST_LISTED else "", level[0] if level else None,
                     _shape(found.get(_TABLE, b""), merges))


def properties(held: bytes) -> Iterator[Property]:
    """(code, operand) of every property; operands that say their own length come without it."""
    place = 0
    while place + 2 < len(held):
        code = unpack_from("<H", held, place)[0]
        place += 2
        size = _SIZES[code >> 13]
        if code == _TABLE:
            size = int.from_bytes(held[place:place + 2], "little") - 1
            place += 2
        elif code == _TABS and held[place] == 255:
            return                             # a list of tabs too long to say its length; nothing of use follows it
        elif not size:
            size = held[place]
            place += 1
        if size < 0:
            return
        yield code, held[place:place + size]
        place += size


def mark(held: bytes) -> int:
    found = dict(properties(held))
    if _SYMBOL in found or any(found.get(code, b"")[:1] in (b"\1", b"\x81") for code in _UNSEEN):
        return GONE
    rise = int.from_bytes(found.get(_RISE, b""), "little", signed=True)
    return RAISED if found.get(_SCRIPT) == b"\1" or rise > 0 else 0


def _shape(table: bytes, merges: list[Property]) -> RowShape:
    """A row definition: edges in twips and merges of its cells."""
    count = min(table[0], grids.MAX_COLUMNS) if table else 0
    if not count or len(table) < 1 + 2 * (table[0] + 1):
        return RowShape()
    edges = unpack_from(f"<{count + 1}h", table, 1)
    flags = [int.from_bytes(table[place:place + 2], "little")
             for place in range(3 + 2 * table[0], 3 + 2 * table[0] + 20 * count, 20)]
    for code, operand in merges:
        _merge(flags, code, operand)
    cells = tuple(CellShape(edge, "restart" if flag & 1 else "continue" if flag & 2 else "",
                       "restart" if flag & 0x40 else "continue" if flag & 0x20 else "")
             for edge, flag in zip(edges[1:], flags, strict=True))
    return RowShape(edges[0], cells)


def _merge(flags: list[int], code: int, operand: bytes) -> None:
    """Merges said after the row definition: across from one cell to before another, or down from one cell."""
    if len(operand) < 2:
        return
    if code == _DOWN and operand[0] < len(flags):
        flags[operand[0]] = flags[operand[0]] & ~0x60 | (operand[1] & 3) << 5
    elif code == _MERGE:
        for cell in range(operand[0], min(operand[1], len(flags))):
            flags[cell] = flags[cell] & ~3 | (1 if cell == operand[0] else 2)
