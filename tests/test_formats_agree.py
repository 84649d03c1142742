"""One report in many formats has the same cells and the same words, automatic numbers included."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import parse, read
from parsers.models import Paragraph, Report
from tests.foreign import html, numbered, plain, word
from tests.foreign.judge import score
from tests.foreign.report import invent
from tests.generator.judge import read_cells, squeeze

GOLDEN = Path(__file__).parent / "golden" / "numbered"
SEEDS = (102, 104)
CONVERTED = sorted(path for path in GOLDEN.iterdir() if path.suffix != ".pdf")


def counted(seed: int) -> Report:
    """The report whose enumerators only Word's counters know."""
    return parse(numbered.file(invent(seed, plain=True)))


def cells(report: Report) -> dict[tuple[str, str, str], object]:
    return {key: (cell["value"], cell["status"]) for key, cell in read_cells(report.to_json()).items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_automatic_numbers_are_written_out_as_word_prints_them(seed: int) -> None:
    made = invent(seed, plain=True)
    lines = [block.text for block in read(numbered.file(made)).blocks if isinstance(block, Paragraph)]
    assert list(map(squeeze, lines)) == list(map(squeeze, numbered.words(made)))


@pytest.mark.parametrize("path", CONVERTED, ids=lambda path: path.name)
def test_the_counters_of_every_word_processor_give_the_same_words(path: Path) -> None:
    expected, report = counted(int(path.stem)), parse(path.read_bytes())
    assert report.text_digest == expected.text_digest
    assert cells(report) == cells(expected)
    assert not [issue for issue in report.issues if issue.kind == "numbering"]


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_in_the_text_and_numbers_from_counters_are_the_same_words(seed: int) -> None:
    made, expected = numbered.written(invent(seed, plain=True)), counted(seed)
    for data in (html.page(made, "plain"), word.file(made, "plain"), plain.text(made, "bars"), plain.text(made, "boxed")):
        report = parse(data)
        assert report.text_digest == expected.text_digest, report.reader
        assert cells(report) == cells(expected), report.reader


def test_rows_cut_by_a_page_that_prints_the_head_again_are_whole() -> None:
    made = invent(104, plain=True)
    assert score(made, parse((GOLDEN / "104.pdf").read_bytes()).to_json()).notes == []
