"""Full text: what is found is exactly what a full scan finds."""

from __future__ import annotations

import random
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import fulltext

QUERIES = (
    "司法", "宝鸡", "公开", "县", "局", "司法局", "宝鸡市", "依申请公开", "政府信息公开", "宝鸡市司法局",
    "未收到政府信息公开申请", "国家秘密", "行政诉讼", "2023年", "2023", "宝鸡 诉讼", "微信公众号 宝鸡市", "年", "pdf",
    "２０２３ 年度", "12月31日")

_WORDS = (
    "宝鸡市", "司法局", "公开", "依申请公开", "政府信息公开", "未收到政府信息公开申请", "国家秘密", "行政诉讼", "县", "凤翔县",
    "2023年", "2023 年", "２０２３年", "12023年", "12月31日", "1", "微信公众号", "宝 鸡", "，", "。", " ", "\n",
    "PDF", "pdf2", "年度", "局", "的")


def index(texts: list[str]) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute(f"create virtual table search using fts5(name, body, content='', columnsize=0, tokenize='{fulltext.TOKENIZE}')")
    db.executemany("insert into search(rowid, name, body) values (?, '', ?)",
                   ((n, fulltext.tokens(text)) for n, text in enumerate(texts)))
    return db


def found(db: sqlite3.Connection, query: str) -> set[int]:
    return {n for (n,) in db.execute("select rowid from search where search match ?", (fulltext.match(query),))}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    draw = random.Random(49)
    return ["".join(draw.choices(_WORDS, k=draw.randint(1, 30))) for _ in range(3000)]


@pytest.fixture(scope="module")
def db(texts: list[str]) -> sqlite3.Connection:
    return index(texts)


@pytest.mark.parametrize("query", QUERIES)
def test_the_index_finds_exactly_what_a_full_scan_finds(db: sqlite3.Connection, texts: list[str], query: str) -> None:
    scanned = {n for n, text in enumerate(texts) if fulltext.contains(text, query)}
    assert scanned
    assert found(db, query) == scanned


@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8), st.data())
def test_every_word_cut_out_of_a_text_finds_it(parts: list[str], data: st.DataObject) -> None:
    words = fulltext.words("".join(parts))
    if words:
        word = data.draw(st.sampled_from(words))
        start = data.draw(st.integers(0, len(word) - 1))
        cut = word[start:data.draw(st.integers(start + 1, len(word)))]
        text = fulltext.normal("".join(parts))
        if fulltext.contains(text, cut):
            with index([text]) as db:
                assert found(db, cut) == {0}
            db.close()


@given(st.text(max_size=30))
def test_nothing_a_person_types_breaks_the_query(query: str) -> None:
    with index(["宝鸡"]) as db:
        if fulltext.match(query):
            found(db, query)
    db.close()


def test_blanks_and_width_inside_a_date_do_not_hide_it() -> None:
    with index(["截至 ２０２３ 年 12 月底"]) as db:
        assert found(db, "2023年12月") == {0}
    db.close()


def test_a_snippet_marks_the_words_as_they_are_printed() -> None:
    assert ("２０２３ 年", True) in fulltext.snippet("我局在２０２３ 年收到申请", "2023年")


def test_a_snippet_of_an_absent_word_is_the_beginning() -> None:
    assert fulltext.snippet("我局收到申请", "诉讼") == [("我局收到申请", False)]
