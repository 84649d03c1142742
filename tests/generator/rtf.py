"""Reports as RTF, with Chinese as Unicode escapes or as GBK bytes."""

from __future__ import annotations

from collections.abc import Callable

from tests.generator.model import Box, Line, Table, Truth
from tests.generator.stacking import rows_of

Encode = Callable[[str], str]
WIDTH = 700          # twips per column
HEAD = r"{\rtf1\ansi\ansicpg936\deff0\uc1{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}}{\info{\author none}}"


def unicode(truth: Truth) -> bytes:
    """Characters as \\uN? escapes."""
    return _write(truth, _escape)


def gbk(truth: Truth) -> bytes:
    """Characters as \\'hh pairs of code page 936."""
    return _write(truth, lambda text: "".join(_pairs(char) for char in text))


def _write(truth: Truth, encode: Encode) -> bytes:
    parts = [_line(part, encode) if isinstance(part, Line) else _table(part, encode) for part in truth.script]
    return (HEAD + "{\\header\\pard " + encode("内部文稿页眉") + "\\par}\n" + "".join(parts) + "}").encode("ascii")


def _line(line: Line, encode: Encode) -> str:
    return f"\\pard\\plain\\f0 {encode(line.text)}\\par\n"


def _table(table: Table, encode: Encode) -> str:
    return "".join(_row(places, encode) for places in rows_of(table)) + "\\pard\\par\n"


def _row(places: list[tuple[Box, bool]], encode: Encode) -> str:
    definition, content, edge = "", "", 0
    for box, continued in places:
        edge += box.columns * WIDTH
        definition += ("\\clvmrg" if continued else "\\clvmgf" if box.rows > 1 else "") + f"\\cellx{edge}"
        content += f"\\pard\\intbl {'' if continued else encode(box.text)}\\cell\n"
    return f"\\trowd\\trgaph100{definition}\n{content}\\row\n"


def _escape(text: str) -> str:
    return "".join(_char(char) for char in text)


def _char(char: str) -> str:
    if char == "\n":
        return "\\line "
    if char in "\\{}":
        return f"\\{char}"
    if char == "\u00a0":
        return "\\~"
    code = ord(char)
    return char if code < 128 else f"\\u{code if code < 32768 else code - 65536}?"


def _pairs(char: str) -> str:
    try:
        return _char(char) if ord(char) < 128 or char == "\u00a0" else "".join(f"\\'{byte:02x}" for byte in char.encode("gbk"))
    except UnicodeEncodeError:
        return _char(char)
