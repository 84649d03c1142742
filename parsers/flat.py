"""Tables that lost their lines: which lines of plain text are rows, and where their cells end.

`rows(lines)` knows pipes, tabs, commas, wide gaps, a label followed by numbers, and one cell per line.
Columns are lost in all of them, so what comes out is ranks, never places.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from parsers.values import SIGNED, cell

_GAP = re.compile(r" {2,}|[ ]?\u3000+[ ]?|[ \xa0]{2,}")
_DELIMITER = re.compile(r"^[\s|:\-+=─━═┄┈\u2500-\u257f]*(?:-{2,}|={2,}|[─━═┄┈]+)[\s|:\-+=\u2500-\u257f]*$")
_UPRIGHTS = str.maketrans("│┃║┆┇┊┋╎╏", "|||||||||")
_THOUSANDS = re.compile(r"\d,\d{3}(?!\d)")
_QUOTED = re.compile(r'"[^"]*"')
_SPACED = re.compile(r"(?<!\S)[\u4e00-\u9fff](?: [\u4e00-\u9fff](?!\S))+")      # 自 然 人 is one word
_SENTENCE = re.compile(r"[。！？!?]")
_LONGEST_CELL = 60
_LONGEST_LINE = 600       # characters: sixteen cells and the spaces between them
_LONGEST_WORD = 14
_MANY_COMMAS = 4


def pipes(lines: Sequence[str]) -> list[list[str]]:
    """The rows drawn with `|` in `lines`; an outer pipe is a frame, not a blank cell, when every line has it."""
    bare = [line.strip() for line in lines if line.strip()]
    opened = all(line.startswith("|") for line in bare)
    closed = all(line.endswith("|") for line in bare)
    rows = [(line[1:] if opened else line).removesuffix("|" if closed else "") for line in bare]
    return [[part.strip() for part in row.split("|")] for row in rows]


def is_rule(line: str) -> bool:
    """Whether a line is a rule: the one Markdown draws under a head, or those a console program draws around rows."""
    return bool(_DELIMITER.match(line))


def barred(line: str) -> str:
    """The line with the uprights of box drawing as plain bars."""
    return line if line.isascii() else line.translate(_UPRIGHTS)


def commas(line: str) -> list[str] | None:
    """The cells of a row parted by commas or semicolons: at least two, half of what follows the label blank or a number."""
    bare = _QUOTED.sub("", line)
    if line.count(_sign(line)) < 2 or _SENTENCE.search(line) or (_THOUSANDS.search(bare) and _GAP.search(bare.strip())):
        return None
    cells = separated(line)
    values = sum(not c or is_value(c) for c in cells)
    return cells if len(cells) > 2 and values * 2 >= len(cells) - 1 and max(map(len, cells)) <= _LONGEST_CELL else None


def separated(line: str) -> list[str]:
    """The cells of a line that commas or semicolons part, those in quotation marks taken whole."""
    return [part.strip() for part in next(csv.reader([line], delimiter=_sign(line), skipinitialspace=True), [])]


def _sign(line: str) -> str:
    """What parts the cells of a line."""
    return ";" if line.count(";") > line.count(",") else ","


def numbers(line: str) -> list[str] | None:
    """The cells of `label 1 0 0` or `1 0 0`: a label and the numbers that end the line; None when none do."""
    words = line.split()
    first = len(words)
    while first and is_value(words[first - 1]):
        first -= 1
    label = " ".join(words[:first])
    if first == len(words) or len(label) > _LONGEST_CELL or _SENTENCE.search(label) or (not label and len(words) < 2):
        return None
    return ([label] if label else []) + words[first:]


def gaps(line: str) -> list[str] | None:
    """The cells of a row whose columns stand apart by two or more spaces; None when nothing stands apart."""
    cells = [part.strip() for part in _GAP.split(line.strip()) if part.strip()]
    if len(cells) < 2 or max(map(len, cells)) > _LONGEST_CELL or _SENTENCE.search(line):
        return None
    return [piece for part in cells for piece in ((None if _is_one(part) else numbers(part)) or [part])]


def words(line: str) -> list[str] | None:
    """The cells of a head such as `信息内容 本年制发件数 现行有效件数`: short words apart by single spaces."""
    cells = _SPACED.sub(lambda word: word[0].replace(" ", ""), line).split()
    return cells if len(cells) > 1 and max(map(len, cells)) <= _LONGEST_WORD else None


@lru_cache(8192)
def is_value(text: str) -> bool:
    """Whether a printed word can only be a value: a number, a mark or 无, never a blank."""
    return cell(text).status not in ("text", "blank") or cell(text, SIGNED).status in ("number", "zero")


def _is_one(text: str) -> bool:
    """Whether a print is one value, its thousands apart or not: `2 253件` is, `2 25` is not."""
    return is_value(text) and cell(text).status not in ("text", "ambiguous")


def is_short(line: str) -> bool:
    """Whether a line is short enough, and unlike a sentence, to be a label of a table, or is drawn as a row."""
    if len(line) > _LONGEST_LINE or _SENTENCE.search(line):
        return False
    return len(line.strip()) <= _LONGEST_CELL or _is_head(line) or any(
        kind(line) is not None for kind in (numbers, commas, gaps))


def _is_head(line: str) -> bool:
    """Whether a line is short words between commas: the head of comma-separated rows."""
    return line.count(",") >= _MANY_COMMAS and max(map(len, line.split(","))) <= _LONGEST_WORD


def rows(lines: list[str]) -> list[list[str]]:
    """Each line as a row of cells; a line that is not drawn as a row is a row of one cell."""
    kinds = (_bars, _commas_like(lines), gaps, numbers, words)
    made = []
    for line in lines:
        cells = line.split("\t") if "\t" in line.strip("\t") else [line.strip()] if _is_one(line.strip()) else None
        made.append(cells or next((found for kind in kinds if (found := kind(line.strip())) is not None), None)
                    or [line.strip()])
    return made


def _bars(line: str) -> list[str] | None:
    return pipes([line])[0] if line.count("|") > 1 else None


def _commas_like(lines: list[str]) -> Callable[[str], list[str] | None]:
    """Among comma-separated rows a head without numbers is one too."""
    if sum(commas(line) is not None for line in lines) < 2:
        return lambda line: None
    return lambda line: separated(line) or None if "," in line or ";" in line else None
