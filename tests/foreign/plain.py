"""Text files: tables with bars, tabs, commas, semicolons, box-drawing signs, spaces, or a cell to a line."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import east_asian_width

from tests.foreign.drawing import Drawn
from tests.foreign.html import every_place
from tests.foreign.report import Made

Lines = Callable[[list[list[str]]], list[str]]


def text(made: Made, drawing: str) -> bytes:
    """The report as a text file; `drawing` names how its tables are written, `gbk_…` in that character set."""
    lines = []
    for part in made.parts:
        if isinstance(part, Drawn):
            lines += DRAWINGS[drawing](
                every_place(
                    part, lambda box: " ".join((box.text + (f"[{box.note}]" if box.note.isdecimal() else box.note)).split("\n"))
                )
            )
        else:
            lines.append(part[1] if isinstance(part, tuple) else part)
    return "\n".join(lines).encode("utf-16" if drawing == "boxed" else "gb18030" if drawing == "tabs" else "utf-8")


def bars(rows: list[list[str]]) -> list[str]:
    """Markdown, with the line of dashes under the first row."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return ["", lines[0], "|" + "---|" * len(rows[0]), *lines[1:], ""]


def tabs(rows: list[list[str]]) -> list[str]:
    return ["\t".join(row) for row in rows]


def commas(rows: list[list[str]]) -> list[str]:
    return [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]


def boxed(rows: list[list[str]]) -> list[str]:
    """Rules of box-drawing signs, as console programs print tables."""
    widths = [max(2, *(_width(row[at]) for row in rows)) for at in range(len(rows[0]))]

    def rule(left: str, middle: str, right: str) -> str:
        return left + middle.join("─" * width for width in widths) + right

    lines = [
        "│" + "│".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) + "│"
        for row in rows
    ]
    inner = [line for text in lines for line in (text, rule("├", "┼", "┤"))][:-1]
    return [rule("┌", "┬", "┐"), *inner, rule("└", "┴", "┘")]


def _width(cell: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in cell)


def ruled(rows: list[list[str]]) -> list[str]:
    """Plus signs and dashes, as databases print tables."""
    return [line.translate(str.maketrans("┌┬┐├┼┤└┴┘─│", "+++++++++-|")) for line in boxed(rows)]


def closed(rows: list[list[str]]) -> list[str]:
    """A tab behind every cell, the last one too."""
    return [line + "\t" for line in tabs(rows)]


def semicolons(rows: list[list[str]]) -> list[str]:
    return [";".join(row) for row in rows]


def lines(rows: list[list[str]]) -> list[str]:
    """A line for every cell that prints anything."""
    return [cell for row in rows for cell in row if cell.strip()]


def spaces(rows: list[list[str]]) -> list[str]:
    """What prints, with spaces between."""
    return [" ".join(cell.strip() for cell in row if cell.strip()) for row in rows]


DRAWINGS: dict[str, Lines] = {"bars": bars, "tabs": tabs, "commas": commas, "boxed": boxed, "ruled": ruled, "closed": closed,
                              "semicolons": semicolons, "lines": lines, "spaces": spaces}
