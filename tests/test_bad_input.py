"""Files that would hurt or mislead: each costs a bounded time and memory and gives its one reason, never a silent nothing."""

from __future__ import annotations

import io
import json
import zipfile
from itertools import pairwise

import pytest

from crawler.workers import Job, Result, Workers
from tests.test_pdf_reader import TWO_BY_TWO, XS, YS, bound, frame, page, text
from tests.test_sniff import ole

SECONDS, MEMORY = 60, 3 << 29       # of a reading process: half the time and less than half the memory it usually has


def zipped(name: str, content: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def laughing(root: str) -> str:
    """XML of a thousand bytes whose text would be ten thousand million times as long."""
    grown = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise("abcdefghijk"))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "年报">{grown}]><{root} xmlns:w="w" xmlns:ofd="o">&k;</{root}>'


def locked_pdf() -> bytes:
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<%s>/U<%s>>>/ID[<00><00>]/Info" % (b"11" * 32, b"22" * 32)
    return bound(page(text(100, 700, "年报"))).replace(b"/Info", lock)


def error_page(title: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><hr>nginx</body></html>".encode()


BAD = {
    "a zip bomb": (zipped("年报.html", bytes(80 << 20)), "too-large"),
    "a docx bomb": (zipped("word/document.xml", bytes(80 << 20)), "too-large"),
    "an archive in an archive": (zipped("年报.zip", zipped("年报.html", "年报")), "empty"),
    "an XML bomb in a docx": (zipped("word/document.xml", laughing("w:document")), "damaged"),
    "an XML bomb in an ofd": (zipped("OFD.xml", laughing("ofd:OFD")), "damaged"),
    "an XML bomb as Word 2003": (laughing("w:wordDocument").encode(), "damaged"),
    "a locked pdf": (locked_pdf(), "encrypted"),
    "a locked docx": (ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    "a page that a script leaves": (b"<html><head><script>location.href='/x'</script></head><body></body></html>", "empty"),
    "five hundred pages": (bound(*[page(frame(XS, YS), *TWO_BY_TWO)] * 500), "too-many-pages"),
    "an error page": (error_page("404 Not Found"), "page-not-file"),
    "a Chinese error page": (error_page("您访问的页面不存在"), "page-not-file"),
}


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """All of them through one reading process, one after the other."""
    found: dict[str, Result] = {}
    with Workers(lambda result: found.__setitem__(result.digest, result), seconds=SECONDS, memory=MEMORY) as pool:
        for name, (data, _) in BAD.items():
            pool.submit(Job(name, data, json.dumps({"file_name": "2023年报.pdf"})))
    return found


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gives_its_one_reason(results: dict[str, Result], name: str) -> None:
    result, expected = results[name], BAD[name][1]
    if result.failure is not None:
        assert result.failure[0] == expected
        assert len(result.failure[1]) < 300
    else:
        assert result.report is not None
        assert [issue["kind"] for issue in result.report["issues"] if issue["kind"] != "review"] == [expected]
