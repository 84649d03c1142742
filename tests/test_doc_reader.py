"""Binary Word files: invented reports saved as .doc by LibreOffice, whose truth is made again from the seed in their name."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from parsers import parse
from parsers.exceptions import Damaged, Encrypted, NeedsTool, Unreadable
from parsers.models import Paragraph
from parsers.readers import doc
from tests.generator import docx, make
from tests.generator.judge import read_cells

GOLDEN = Path(__file__).parent / "golden" / "doc"
CASES = sorted(GOLDEN.glob("*.doc"))
FIB = b"\xec\xa5"                          # the first bytes of the text stream


def patched(place: int, value: bytes) -> bytes:
    """The first case with other bytes at `place` of its text stream."""
    data = bytearray(CASES[0].read_bytes())
    start = data.index(FIB, 512) + place
    data[start:start + len(value)] = value
    return bytes(data)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_doc_gives_the_cells_of_its_docx(case: Path) -> None:
    style, seed = case.stem.split("_")
    other = parse(getattr(docx, style)(make(int(seed))))
    report = parse(case.read_bytes())
    assert report.media_type == "application/msword"
    assert read_cells(report.to_json()).keys() == read_cells(other.to_json()).keys()
    for key, cell in read_cells(report.to_json()).items():
        expected = read_cells(other.to_json())[key]
        assert (cell["raw"], cell["value"]) == (expected["raw"], expected["value"]), key
    assert report.text_digest == other.text_digest


def test_old_and_locked_files_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for old in (patched(2, b"\x68\x00"), b"\xdb\xa5" + bytes(100)):
        with pytest.raises(NeedsTool, match="soffice"):
            doc.read(old)
    with pytest.raises(Encrypted):
        doc.read(patched(0x0A, b"\xff\x03"))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_what_is_older_than_word_97_or_refuses_it() -> None:
    made = doc.read(patched(2, b"\x68\x00"))
    assert made.reader == "office"
    assert [b.text for b in made.blocks if isinstance(b, Paragraph)] == [
        b.text for b in doc.read(patched(0, b"")).blocks if isinstance(b, Paragraph)]
    with pytest.raises(Damaged, match="LibreOffice cannot"):
        doc.read(b"\xdb\xa5" + bytes(100))


def test_a_file_without_its_order_of_text_is_damaged() -> None:
    with pytest.raises(Damaged):
        doc.read(patched(0x1A2, b"\xff\xff\xff\x7f"))


@pytest.mark.parametrize("seed", range(60))
def test_broken_bytes_give_a_document_or_say_so(seed: int) -> None:
    random = Random(seed)
    data = bytearray(random.choice(CASES).read_bytes())
    for _ in range(random.choice((1, 20, 400))):
        data[random.randrange(len(data))] = random.randrange(256)
    if seed % 3 == 0:
        del data[random.randrange(len(data)):]
    try:
        assert doc.read(bytes(data)).blocks
    except Unreadable as error:
        assert str(error)
