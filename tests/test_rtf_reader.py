"""RTF files written here word by word: code pages, Unicode, tables, and what does not print."""

from __future__ import annotations

import pytest

from parsers.exceptions import Damaged, Empty
from parsers.models import Document, Grid, Paragraph
from parsers.readers import rtf

FONTS = r"{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f1\froman\fcharset0 Times;}{\f2\fnil\fcharset2 Wingdings;}}"


def document(body: str, head: str = r"\ansicpg936\deff0") -> Document:
    return rtf.read((r"{\rtf1\ansi" + head + FONTS + body + "}").encode("ascii"))


def quoted(text: str, codec: str = "gb18030") -> str:
    """Text as RTF writes bytes of a code page."""
    return "".join(f"\\'{byte:02x}" for byte in text.encode(codec))


def texts(made: Document) -> list[str]:
    return [block.text for block in made.blocks if isinstance(block, Paragraph)]


def places(made: Document) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.rowspan, c.colspan, c.text) for b in made.blocks if isinstance(b, Grid) for c in b.cells]


def row(*cells: tuple[str, int, str]) -> str:
    """A table row of (text, right edge, merge words)."""
    return (r"\trowd\trleft0" + "".join(rf"{merge}\cellx{edge}" for _, edge, merge in cells)
            + "".join(rf"\pard\intbl {text}\cell" for text, _, _ in cells) + r"\row" + "\n")


def test_bytes_of_a_code_page_become_text() -> None:
    assert texts(document(quoted("二〇二三年") + r" 12\par" + quoted("总计"))) == ["二〇二三年 12", "总计"]


def test_raw_bytes_and_a_trail_byte_written_as_a_letter_are_understood() -> None:
    raw = "镕".encode("gb18030")          # its second byte is a letter
    data = rb"{\rtf1\ansi\ansicpg936 " + "甲局".encode("gb18030") + b"\\'%02x" % raw[0] + raw[1:] + rb"\par}"
    assert texts(rtf.read(data)) == ["甲局镕"]


def test_unicode_escapes_skip_their_stand_ins() -> None:
    assert texts(document(r"\uc1\u24180 ?\u25253\'3f{\uc2\u20849 ab}c\u-9979 ?")) == ["年报共c\ud905".encode(
        "utf-16", "surrogatepass").decode("utf-16", "replace")]


def test_a_surrogate_pair_is_one_character() -> None:
    assert texts(document(r"\u-10179 ?\u-8704 ?")) == ["\U0001f600"]


def test_the_font_decides_the_code_page() -> None:
    assert texts(document(r"\f0 " + quoted("年报"), head=r"\ansicpg1252\deff1")) == ["年报"]


def test_what_does_not_print_is_not_read() -> None:
    body = (r"{\info{\title T}}{\header head}{\*\generator x;}{\v hidden}{\deleted gone}"
            r"{\field{\*\fldinst DATE}{\fldrslt 2024}}{\*\bkmkstart _GoBack}{\footer foot}{\pict 00ff}")
    made = document(body + r" shown\par")
    assert texts(made) == ["2024 shown"]
    assert made.title == "T"
    assert [issue.kind for issue in made.issues] == ["picture"]


def test_written_list_numbers_stay_and_bullets_go() -> None:
    body = (r"{\listtext " + quoted("一、") + r"\tab}" + quoted("总体情况") + r"\par{\listtext\f2 \'b7\tab}" + quoted("无")
            + r"\par{\listtext 1.\tab}x\par")
    assert texts(document(body)) == ["一、总体情况", "无", "1. x"]


def test_headings_come_from_styles_and_paragraphs() -> None:
    body = r"{\stylesheet{\s1\outlinelevel0 heading 1;}}\pard\s1 A\par\pard\outlinelevel1 B\par\pard C\par"
    assert [b.heading for b in document(body).blocks if isinstance(b, Paragraph)] == [1, 2, 0]


def test_a_table_keeps_spans_and_merges() -> None:
    body = (row(("A", 1000, r"\clvmgf"), ("B", 3000, "")) + row(("", 1000, r"\clvmrg"), ("1", 2010, ""), ("2", 2990, ""))
            + row(("C", 1000, ""), ("3", 2000, r"\clmgf"), ("", 3000, r"\clmrg")) + r"\pard after\par")
    made = document(body)
    assert places(made) == [(0, 0, 2, 1, "A"), (0, 1, 1, 2, "B"), (1, 1, 1, 1, "1"), (1, 2, 1, 1, "2"),
                            (2, 0, 1, 1, "C"), (2, 1, 1, 2, "3")]
    assert texts(made) == ["after"]


def test_a_nested_table_is_a_table_of_its_own() -> None:
    inner = (r"\pard\intbl\itap2 a\nestcell\pard\intbl\itap2 7\nestcell{\*\nesttableprops\trowd\cellx500\cellx900\nestrow}"
             r"{\nonesttables\par}")
    body = (r"\trowd\cellx2000\cellx4000\pard\intbl outer with many words\cell " + inner + r"\pard\intbl tail\cell\row"
            + row(("x", 2000, ""), ("9", 4000, "")) + r"\pard end\par")
    made = document(body)
    assert [[c.text for c in b.cells] for b in made.blocks if isinstance(b, Grid)] == [
        ["outer with many words", "tail", "x", "9"], ["a", "7"]]


def test_a_text_box_and_a_footnote_do_not_break_the_paragraph() -> None:
    body = (r"\pard be{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt \pard boxed\par}}{\shprslt old}}fore"
            r"{\footnote \pard note\par} after\par")
    assert texts(document(body)) == ["before after", "boxed", "note"]


def test_a_cut_file_keeps_its_words_and_says_so() -> None:
    data = (r"{\rtf1\ansi\ansicpg936" + FONTS + row(("A", 1000, ""), ("1", 2000, ""))).encode()
    made = rtf.read(data)
    assert [c[-1] for c in places(made)] == ["A", "1"]
    assert [issue.kind for issue in made.issues] == ["truncated"]


@pytest.mark.parametrize("data", [b"{\\rtf1 }", b"{\\rtf1{\\pict 00}}"])
def test_a_file_without_words_is_empty(data: bytes) -> None:
    with pytest.raises(Empty):
        rtf.read(data)


def test_other_bytes_are_damaged() -> None:
    with pytest.raises(Damaged):
        rtf.read(b"plain")


@pytest.mark.parametrize("body", [
    "{" * 100_000, "}" * 1_000, r"\bin999999999 x", r"\cellx1" * 50_000, r"\trowd\cellx9999999999\intbl a\cell\row",
    r"\u999999999 ?" * 100, r"\itap999999 a\nestcell\nestrow", r"\'zz\'", "\\", r"\cell\cell\row" * 1000,
    r"\intbl a\cell" * 150 + r"\row",
])
def test_hostile_words_do_no_harm(body: str) -> None:
    assert "kept" in "".join(texts(document(r"kept\par" + body)))
