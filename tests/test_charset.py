"""Bytes to text where declarations lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.charset import decode, score

TEXT = "云溪县水利局二〇二三年政府信息公开工作年度报告，全年主动公开信息八十六条，办理申请五件。"
GBK_ONLY = "朱镕基题字，喆堃瑄"          # in GBK, not in GB2312


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-32"])
@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "iso-8859-1", "nonsense"])
def test_the_bytes_are_believed_before_any_declaration(codec: str, declared: str) -> None:
    assert decode(TEXT.encode(codec), declared) == TEXT


@pytest.mark.parametrize("meta", ["gb2312", "GBK", "utf-8", "iso-8859-1", "big5"])
@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
def test_a_lying_meta_does_no_harm(meta: str, codec: str) -> None:
    page = f"<html><head><meta charset='{meta}'></head><body>{TEXT}{GBK_ONLY}</body></html>"
    assert decode(page.encode(codec)) == page


def test_big5_is_read_where_it_is_declared() -> None:
    words = "政府資訊公開年度報告，本機關主動公開資訊與處理決定總計"
    assert decode(f"<meta charset=big5>{words}".encode("big5")).endswith(words)
    assert decode(words.encode("big5"), "Big5") == words


@pytest.mark.parametrize("size", [1, 2])
def test_a_cut_tail_leaves_the_rest_readable(size: int) -> None:
    assert decode((TEXT * 3).encode()[:-size]) == (TEXT * 3)[:-1]
    assert decode((TEXT * 3).encode("gbk")[:-1])[:-1] == (TEXT * 3)[:-1]


def test_a_character_cut_in_the_middle_does_not_turn_the_page_to_mojibake() -> None:
    data = TEXT.encode()
    assert decode(data[:31] + data[32:] + data * 3).endswith(TEXT * 3)


@pytest.mark.parametrize("word", ["联通", "年报", "规章", "一"])
def test_short_words_are_read_in_either_encoding(word: str) -> None:
    assert decode(word.encode("gbk")) == word
    assert decode(word.encode()) == word


def test_the_wide_space_of_old_systems_is_a_space() -> None:
    assert decode(TEXT.encode("gbk") + b"\xa3\xa0" + "尾".encode("gbk")) == TEXT + "　尾"


def test_unmarked_utf_16_shows_in_its_zeros() -> None:
    assert decode(f"<html><body><p>{TEXT}</p></body></html>".encode("utf-16-le")).endswith(f"{TEXT}</p></body></html>")


def test_prose_scores_above_mojibake() -> None:
    assert score(TEXT) > 0.6 > score(TEXT.encode().decode("gb18030", "replace"))
    assert score("plain") == 0.0


@given(st.binary(max_size=400))
def test_any_bytes_become_text(data: bytes) -> None:
    assert "\x00" not in decode(data)


@given(st.text(alphabet=st.characters(codec="gb18030", exclude_characters="\x00\ufeff\ue5e5"), min_size=20, max_size=200))
def test_any_utf_8_text_with_prose_comes_back(text: str) -> None:
    assert decode((TEXT + text).encode()) == TEXT + text
