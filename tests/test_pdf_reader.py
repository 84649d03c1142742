"""PDF files are read as they print: every cell in its place, text as written, nothing lost in silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from parsers.models import Document, Grid, Paragraph
from parsers.readers import pdf

SHARED = Path(__file__).parents[2] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpus is not on this machine")


@pytest.fixture(scope="module")
def huaian() -> Document:
    return pdf.read((SHARED / "huaian_2024.pdf").read_bytes())


def grids(document: Document) -> Iterator[Grid]:
    return (block for block in document.blocks if isinstance(block, Grid))


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def numbers(document: Document, last: int) -> list[list[float]]:
    """The rows whose last so many cells are all numbers."""
    rows = [[cell.text for cell in row][-last:] for grid in grids(document) for row in grid.rows()]
    return [[float(text) for text in row] for row in rows
            if len(row) == last and all(text.replace(".", "").isdigit() for text in row)]


@needs_corpus
def test_every_cell_of_a_real_report_with_tables_over_pages_is_exact(huaian: Document) -> None:
    gold = json.loads((SHARED / "huaian_2024.gold.json").read_text(encoding="utf-8"))
    rows = [list(map(float, row.values())) for row in gold["t3"].values()]
    assert numbers(huaian, 7) == [*rows, [*map(float, gold["t4"][-7:])]]
    assert numbers(huaian, 15) == [list(map(float, gold["t4"]))]
    rows = {row[0].text: [float(cell.text) for cell in row[1:]] for grid in grids(huaian) for row in grid.rows()
            if row and row[0].text in gold["t2"]}
    assert rows == {name: list(map(float, values)) for name, values in gold["t2"].items()}


@needs_corpus
def test_the_text_of_a_real_report_is_whole_paragraphs_without_page_numbers(huaian: Document) -> None:
    words = texts(huaian)
    assert len(words) == 18
    assert words[:2] == ["淮安市人民政府", "2024年政府信息公开工作年度报告"]
    assert not [text for text in words if text.startswith("- ")]
    assert huaian.pages == 6 and huaian.issues == ()
