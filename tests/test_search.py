"""The search page finds exactly the reports in whose name or text a full scan finds every word."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from archive import fulltext
from archive.publish import describe, write
from archive.publish.build import named
from archive.publish.packing import unpack
from archive.site.pages.search import search
from bench.site import Invented
from crawler.published import words

QUERIES = (
    "司法", "宝鸡", "公开", "县", "司法局", "宝鸡市", "依申请公开", "政府信息公开", "宝鸡市司法局", "国家秘密", "行政诉讼",
    "2023年", "2023", "宝鸡 诉讼", "微信公众号 宝鸡市", "区 2020", "宝鸡市 司法局 2019", "业务学习")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Invented reports of Shaanxi and of places all over the country."""
    source = Invented(600, 200, bare=True)
    source.places = [place for place in source.places if place.code.startswith("6103")] + source.places[::97]
    path = tmp_path_factory.mktemp("search") / "browse.db"
    write(path, source, words())
    with closing(describe.opened(path)) as db:
        yield db


def scanned(db: sqlite3.Connection, query: str) -> set[str]:
    cursor = db.execute("select rowid as number, * from reports")
    names = [column[0] for column in cursor.description]
    found = (dict(zip(names, row, strict=True)) for row in cursor)
    return {row["report_id"] for row in found
            if fulltext.contains(f"{named(row)}\n{unpack(db, row['number'])['text']}", query)}


@pytest.mark.parametrize("query", QUERIES)
def test_recall_and_precision_are_one(published: sqlite3.Connection, query: str) -> None:
    expected, found, page = scanned(published, query), set(), 1
    assert expected
    while shown := search(published, {"q": query, "page": str(page)}):
        found |= {row["report_id"] for row in shown["found"]}
        page += 1
        if page > shown["span"]["last"]:
            break
    assert (found, shown["total"]) == (expected, len(expected))
