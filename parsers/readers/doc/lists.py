"""The tables of a binary Word file that say how paragraphs are styled and numbered: STSH, PlfLst with its LVLs, PlfLfo.

Source: [MS-DOC] 2.9.271 (STSH), 2.9.150 (LVL), 2.9.191 (PlfLfo). Broken tables end where they break: what was read stays.
"""

from __future__ import annotations

from dataclasses import replace
from struct import error as StructError
from struct import unpack_from

from parsers.readers.lists import Level, List

_STYLES, _LISTS, _OVERRIDES = 1, 73, 74      # places in the table of (fc, lcb) pairs of the FIB
_PAIRS = 0x9A
_MOST_LISTS = 4_000
_LEVELS = 9
_PARAGRAPH_STYLE = 1
_NO_STYLE = 0xFFF
_MOST_BASES = 20                             # styles that inherit from each other in a ring end here

#: MSONFC number formats → the names of WordprocessingML
_FORMS = (
    "decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "ordinal", "cardinalText", "ordinalText", "hex",
    "chicago", "ideographDigital", "japaneseCounting", "aiueo", "iroha", "decimalFullWidth", "decimalHalfWidth",
    "japaneseLegal", "japaneseDigitalTenThousand", "decimalEnclosedCircle", "decimalFullWidth2", "aiueoFullWidth",
    "irohaFullWidth", "decimalZero", "bullet", "ganada", "chosung", "decimalEnclosedFullstop", "decimalEnclosedParen",
    "decimalEnclosedCircleChinese", "ideographEnclosedCircle", "ideographTraditional", "ideographZodiac",
    "ideographZodiacTraditional", "taiwaneseCounting", "ideographLegalTraditional", "taiwaneseCountingThousand",
    "taiwaneseDigital", "chineseCounting", "chineseLegalSimplified", "chineseCountingThousand",
)
_OTHER_FORMS = {57: "numberInDash", 255: "none"}


def styles(main: bytes, table: bytes) -> dict[int, list[bytes]]:
    """Paragraph style → the paragraph properties it lays on, those of the style it is based on first."""
    own: dict[int, tuple[int, bytes]] = {}
    try:
        place, length = unpack_from("<II", main, _PAIRS + 8 * _STYLES)
        data = table[place:place + length]
        head = unpack_from("<H", data)[0]
        count, fixed = unpack_from("<HH", data, 2)
        place = 2 + head
        for number in range(count):
            size = unpack_from("<H", data, place)[0]
            if size:
                own[number] = _style(data[place + 2:place + 2 + size], fixed)
            place += 2 + size
    except (StructError, IndexError):
        pass
    return {number: _inherited(own, number) for number in own}


def _style(data: bytes, fixed: int) -> tuple[int, bytes]:
    """(style it is based on, its own paragraph properties)."""
    kind_and_base, = unpack_from("<H", data, 2)
    place = fixed + 2 + 2 * unpack_from("<H", data, fixed)[0] + 2
    held = b""
    if kind_and_base & 0xF == _PARAGRAPH_STYLE:
        size = unpack_from("<H", data, place)[0]
        held = data[place + 4:place + 2 + size]
    return kind_and_base >> 4, held


def _inherited(own: dict[int, tuple[int, bytes]], number: int) -> list[bytes]:
    chain: list[bytes] = []
    while number in own and len(chain) < _MOST_BASES and number != _NO_STYLE:
        base, held = own[number]
        chain.insert(0, held)
        number = base
    return chain


def lists(main: bytes, table: bytes) -> dict[str, List]:
    """Every list by the number that paragraphs call it by, from "1"."""
    made: dict[str, List] = {}
    try:
        levels = _levels(main, table)
        place, length = unpack_from("<II", main, _PAIRS + 8 * _OVERRIDES)
        data = table[place:place + length]
        count = min(unpack_from("<I", data)[0], _MOST_LISTS) if length >= 4 else 0
        counters: dict[int, dict[int, int]] = {}
        place = 4 + 16 * count
        for number in range(count):
            key = unpack_from("<i", data, 4 + 16 * number)[0]
            changes = data[4 + 16 * number + 12]
            one = List(dict(levels.get(key, {})), counters.setdefault(key, {}))
            made[str(number + 1)] = one
            place += 4
            for _ in range(changes):
                place = _override(one, data, place)
    except (StructError, IndexError):
        pass
    return made


def _levels(main: bytes, table: bytes) -> dict[int, dict[int, Level]]:
    """List → its levels; the levels lie behind the lists, outside what the FIB counts."""
    place, length = unpack_from("<II", main, _PAIRS + 8 * _LISTS)
    if length < 2:
        return {}
    count = min(unpack_from("<H", table, place)[0], _MOST_LISTS)
    heads = [table[place + 2 + 28 * n:place + 30 + 28 * n] for n in range(count)]
    place += 2 + 28 * count
    found: dict[int, dict[int, Level]] = {}
    for head in heads:
        levels: dict[int, Level] = {}
        found[unpack_from("<i", head)[0]] = levels
        for number in range(1 if head[26] & 1 else _LEVELS):
            level, place = _level(table, place)
            style = unpack_from("<H", head, 8 + 2 * number)[0]
            levels[number] = replace(level, style=str(style) if style != _NO_STYLE else "")
    return found


def _level(data: bytes, place: int) -> tuple[Level, int]:
    """The level at `place`, and the place behind it."""
    start, form, flags = unpack_from("<iBB", data, place)
    follow, characters, paragraph, limit = data[place + 15], data[place + 24], data[place + 25], data[place + 26]
    place += 28 + characters + paragraph
    length = unpack_from("<H", data, place)[0]
    letters = data[place + 2:place + 2 + 2 * length].decode("utf-16-le", "replace")
    template = "".join(f"%{ord(c) + 1}" if ord(c) < _LEVELS else c for c in letters)
    name = _FORMS[form] if form < len(_FORMS) else _OTHER_FORMS.get(form, "decimal")
    level = Level(start, name, template, limit if flags & 8 else None, bool(flags & 4), "" if follow == 2 else None)
    return level, place + 2 + 2 * length


def _override(one: List, data: bytes, place: int) -> int:
    """Lay one change of a level over a list; gives the place behind it."""
    start, flags = unpack_from("<iI", data, place)
    number = flags & 0xF
    place += 8
    if flags & 0x20:
        level, place = _level(data, place)
        one.levels[number] = replace(level, style=one.levels.get(number, level).style)
    if flags & 0x10:
        one.starts[number] = start if not flags & 0x20 else one.levels[number].start
        one.levels[number] = replace(one.levels.get(number, Level()), start=one.starts[number])
    return place
