"""Reports as text, in the dialects of the tools that flattened them."""

from __future__ import annotations

from collections.abc import Callable

from tests.generator.model import Line, Table, Truth
from tests.generator.stacking import rows_of

LEVELS = {"title": "# ", "heading": "## ", "subheading": "### "}


def one_cell_per_line(truth: Truth) -> bytes:
    """Each cell on its own line after a tab, an empty line between rows."""
    return _text(truth, lambda table: "".join("".join(f"\t{text}\n" for text in row) + "\n" for row in _rows(table)))


def pipes(truth: Truth) -> bytes:
    """Cells between pipes, one row per line."""
    return _text(truth, lambda table: "".join(" | ".join(_flat(row)) + " |\n" for row in _rows(table)))


def tabs(truth: Truth) -> bytes:
    """Cells between tabs, one row per line."""
    return _text(truth, lambda table: "".join("\t".join(_flat(row)) + "\n" for row in _rows(table)))


def browser(truth: Truth) -> bytes:
    """What a browser gives as the text of a page: tabs between cells, lines broken where cells break them."""
    return _text(truth, lambda table: "\n" + "\n".join("\t".join(row) for row in _rows(table)) + "\n\n")


def browser_paragraphs(truth: Truth) -> bytes:
    """The same where every cell holds a paragraph: the tab between two cells stands on a line of its own."""
    def draw(table: Table) -> str:
        rows = ["\n\n\t\n\n".join(text or "\u00a0" for text in row) for row in _rows(table)]
        return "\n" + "\n\n\n\n\n".join(rows) + "\n\n"

    return _text(truth, draw, dict.fromkeys(LEVELS, ""))


def spaces(truth: Truth) -> bytes:
    """Cells between spaces, spaces within a cell gone."""
    return _text(truth, lambda table: "".join("  ".join("".join(text.split()) for text in row) + "\n" for row in _rows(table)))


def markdown(truth: Truth) -> bytes:
    """Headings with #, tables with pipes at both ends and a rule under the first row; covered places are empty cells."""
    def draw(table: Table) -> str:
        rows = [[text for box, below in row for text in ["" if below else box.text, *[""] * (box.columns - 1)]]
                for row in rows_of(table)]
        lines = ["| " + " | ".join(_flat(row)) + " |" for row in rows]
        return "\n".join(["", lines[0], "|" + " --- |" * table.width, *lines[1:], "", ""])

    return _text(truth, draw, LEVELS)


def _text(truth: Truth, draw: Callable[[Table], str], levels: dict[str, str] | None = None) -> bytes:
    parts = []
    for part in truth.script:
        if isinstance(part, Line):
            parts.append((levels or {}).get(part.role, "") + part.text + "\n" + ("\n" if levels else ""))
        else:
            parts.append(draw(part))
    return "".join(parts).encode()


def _rows(table: Table) -> list[list[str]]:
    return [[box.text for box in row] for row in table.rows]


def _flat(row: list[str]) -> list[str]:
    return [text.replace("\n", "") for text in row]
