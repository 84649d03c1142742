"""Binary Word files: invented reports saved as .doc by LibreOffice, whose truth is made again from the seed in their name."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

import parsers
from parsers import parse
from parsers.exceptions import Damaged, Encrypted, NeedsTool, Unreadable
from parsers.models import Paragraph
from parsers.readers import doc
from tests import ole
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


def texts(data: bytes) -> list[str]:
    return [block.text for block in parsers.read(data).blocks if isinstance(block, Paragraph)]


TITLE, BODY = "甲局2023年度报告", "全年收到申请12件。"


@pytest.mark.parametrize("data", [
    ole.word(f"{TITLE}\r{BODY}\r"),
    ole.word(f"{TITLE}\r{BODY}\r", flags=0, table="0Table"),
    ole.word(f"{TITLE}\r{BODY}\r", flags=0, table="1Table"),
    ole.word(f"{TITLE}\r{BODY}\r", flags=0x0200, table="0Table"),
    ole.word(f"{TITLE}\r{BODY}\r", sector=4096),
    ole.word(f"{TITLE}\r", "全年收到申请", b"12", "件。\r", flags=0x0204),
    ole.word("甲局", b"2023", "年度报告\r" + BODY[:4], BODY[4:] + "\r", flags=0x0204),
    ole.word(f"{TITLE}\r{BODY}\r".encode("gb18030")),
    ole.word(f"{TITLE}\r", f"{BODY}\r".encode("gb18030"), flags=0x0204)],
    ids=["usual", "0Table", "0Table named 1Table", "1Table named 0Table", "large sectors", "saved fast", "cut in a word",
         "one byte a letter in GBK", "partly in GBK"])
def test_files_of_other_writers_say_the_same(data: bytes) -> None:
    assert texts(data) == [TITLE, BODY]


@pytest.mark.parametrize(("piece", "shown"), [
    (b"\x93A\x94\x97\x97b\r", "“A”——b"), (b"caf\xe9 na\xefve\r", "café naïve"), (b"\xb1\xb05\r", "±°5"), (b"12\r", "12")])
def test_western_signs_of_one_byte_stay_what_they_are(piece: bytes, shown: str) -> None:
    assert texts(ole.word(f"{TITLE}\r", piece)) == [TITLE, shown]


@pytest.mark.parametrize("data", [ole.container({"EncryptionInfo": b"", "EncryptedPackage": b""}),
                                  ole.word("a\r", flags=0x0300), ole.word("a\r", flags=0x8300)],
                         ids=["docx or xlsx", "doc", "doc, obscured"])
def test_a_locked_file_says_so_in_one_sentence(data: bytes) -> None:
    with pytest.raises(Encrypted, match="locked with a password; ask the publisher for an open copy"):
        parsers.read(data)


@pytest.mark.parametrize(("data", "lost"), [
    (ole.word("a\r", table="Table"), "lost the stream"), (ole.word(), "lost the order")])
def test_a_word_file_without_its_tables_or_with_empty_ones_is_damaged(data: bytes, lost: str) -> None:
    with pytest.raises(Damaged, match=lost):
        parsers.read(data)
