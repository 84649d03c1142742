"""The captures as WACZ, judged by warcio."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from warcio import archiveiterator, statusandheaders, warcwriter

from archive.export import surt, wacz
from archive.store import Archive, Observation
from crawler.add import add
from crawler.webarchive import observations

REPORT = """<html><head><meta charset="utf-8"><title>凤县司法局2018年政府信息公开工作年度报告</title></head><body>
<h1>凤县司法局2018年政府信息公开工作年度报告</h1><p>一、概述</p><p>2018年，我局主动公开政府信息35条，未收到政府信息公开申请。</p>
<p>二、主动公开情况</p><p>全年通过网站公开30条，其他方式公开5条。</p><p>凤县司法局</p></body></html>"""
PAGE, PDF = "<html>年报</html>".encode(), b"%PDF-1.4 \x00\xff"


def look(n: int, url: str, outcome: str = "ok", body: bytes | None = None, status: int = 200, **more: str) -> Observation:
    headers = json.dumps([["Content-Type", "text/html"], ["Content-Encoding", "gzip"], ["ETag", '"x"']])
    kind = "application/pdf" if body == PDF else "text/html"
    return Observation("r", f"{n:032}", "article", url, f"2024-01-0{n}T00:00:00.000000Z", status, outcome, body,
                       media_type=kind, headers=headers, **more)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    with Archive(tmp_path / "a") as archive:
        with archive.db:
            archive.db.execute("insert into run(run_id, started_at, command) values ('r', '2024', 'test')")
        archive.put([look(1, "http://www.x.gov.cn/a.html", body=PAGE, link_text="年报"),
                     look(2, "http://www.x.gov.cn/b.pdf", body=PDF),
                     look(3, "http://mirror.gov.cn/a.html", body=PAGE), look(4, "http://third.gov.cn/a.html", body=PAGE),
                     look(5, "http://www.x.gov.cn/gone.html", "gone", status=404, error="404")])
        wacz.write(archive.db, tmp_path / "one")
        wacz.write(archive.db, tmp_path / "two")
    return tmp_path


def test_every_capture_is_a_record_and_every_revisit_points_at_the_bytes(made: Path) -> None:
    with zipfile.ZipFile(made / "one" / "archive.wacz") as package, package.open("archive/nianbao.warc.gz") as stream:
        seen = []
        for record in archiveiterator.ArchiveIterator(stream, check_digests="raise"):
            told, body = record.rec_headers, record.content_stream().read()
            refers = (told["WARC-Refers-To-Target-URI"], told["WARC-Refers-To-Date"])
            seen.append((record.rec_type, told["WARC-Target-URI"], body, *refers))
            assert not record.http_headers or record.http_headers["Content-Encoding"] is None
    held = ("http://www.x.gov.cn/a.html", "2024-01-01T00:00:00Z")
    assert [row[:3] for row in seen[:2]] == [("response", held[0], PAGE), ("response", "http://www.x.gov.cn/b.pdf", PDF)]
    assert seen[2:4] == [("revisit", f"http://{host}.gov.cn/a.html", b"", *held) for host in ("mirror", "third")]
    assert seen[4][0] == "metadata" and json.loads(seen[4][2])["outcome"] == "gone"


@pytest.fixture
def varied(tmp_path: Path) -> Path:
    """Looks of many kinds at addresses of many spellings: also unchanged ones, and one that begins the archive."""
    page = hashlib.sha256(PAGE).hexdigest()
    urls = ["http://www.x.gov.cn/nb/", "https://x.gov.cn:443/年报/第1页.html", "http://x.gov.cn/col?uid=2&a=1",
            "http://127.0.0.2:81/"]
    with Archive(tmp_path / "a") as archive:
        with archive.db:
            archive.db.execute("insert into run(run_id, started_at, command) values ('r', '2024', 'test')")
        archive.put([look(2, urls[0], body=PAGE), *(look(3 + n, u, body=PDF if n % 2 else PAGE) for n, u in enumerate(urls)),
                     look(1, urls[1], "not_modified", status=304, digest=page),
                     look(8, urls[0], "not_modified", status=304, digest=page), look(9, urls[0], body=PAGE * 2)])
        wacz.write(archive.db, tmp_path / "out")
    return tmp_path


def replayed(package: Path) -> Callable[[str, str], tuple[int, bytes]]:
    """What a replayer answers for an address and 14 digits of time: by the index, revisits resolved one step and no further."""
    with zipfile.ZipFile(package) as opened:
        warc, index = opened.read("archive/nianbao.warc.gz"), opened.read("indexes/index.cdxj").decode().splitlines()
    lines = {tuple(line.split(" ", 2)[:2]): json.loads(line.split(" ", 2)[2]) for line in index}

    def record(url: str, at: str) -> Any:
        told = lines[surt.key(url), at]
        piece = warc[int(told["offset"]):int(told["offset"]) + int(told["length"])]
        return next(iter(archiveiterator.ArchiveIterator(io.BytesIO(piece), check_digests="raise")))

    def answer(url: str, at: str) -> tuple[int, bytes]:
        found = payload = record(url, at)
        if found.rec_type == "revisit":
            told = found.rec_headers
            payload = record(told["WARC-Refers-To-Target-URI"], "".join(c for c in told["WARC-Refers-To-Date"] if c.isdigit()))
        assert payload.rec_type == "response"
        return int((found.http_headers or payload.http_headers).get_statuscode()), payload.content_stream().read()

    return answer


def test_every_capture_replays_with_its_bytes_one_step_deep_and_never_as_not_modified(varied: Path) -> None:
    answer = replayed(varied / "out" / "archive.wacz")
    with Archive(varied / "a", write=False) as archive:
        captures = archive.db.execute("select url, captured_at, digest from capture").fetchall()
        assert len(captures) == 8
        for url, at, digest in captures:
            assert answer(url, "".join(c for c in at[:19] if c.isdigit())) == (200, archive.bytes(digest))


def test_looks_that_found_nothing_changed_come_back_as_such(varied: Path) -> None:
    add(varied / "b", [varied / "out" / "archive.wacz"])
    with Archive(varied / "b", write=False) as back:
        wacz.write(back.db, varied / "again")
        told = back.db.execute("select status, outcome, count(*) from capture group by 1, 2").fetchall()
    assert told == [(200, "ok", 7), (304, "not_modified", 1)]         # the first of all holds the bytes: it is a response
    assert (varied / "again" / "archive.wacz").read_bytes() == (varied / "out" / "archive.wacz").read_bytes()


def test_addresses_in_a_package_are_ascii(varied: Path) -> None:
    with zipfile.ZipFile(varied / "out" / "archive.wacz") as package:
        assert package.read("indexes/index.cdxj").isascii()
        with package.open("archive/nianbao.warc.gz") as stream:
            uris = [record.rec_headers["WARC-Target-URI"] for record in archiveiterator.ArchiveIterator(stream)]
    assert all(uri.isascii() for uri in uris)
    assert any("%E5%B9%B4%E6%8A%A5" in uri for uri in uris)


@pytest.mark.parametrize(("url", "key"), [
    ("http://www.x.gov.cn", "cn,gov,x)/"),
    ("https://www.x.gov.cn:443/a/", "cn,gov,x)/a"),
    ("http://x.gov.cn:8080", "cn,gov,x:8080)/"),
    ("http://www2.x.gov.cn/a/b/", "cn,gov,x)/a/b"),
    ("http://X.GOV.CN./A", "cn,gov,x)/a"),
    ("http://www.gov.cn/x", "cn,gov)/x"),
    ("http://u:p@x.gov.cn/a/#f", "cn,gov,x)/a"),
    ("http://127.0.0.2:8765/x/", "2,0,0,127:8765)/x"),
    ("http://[::1]:80/x", "::1)/x"),
    ("http://中国.gov.cn/x", "cn,gov,xn--fiqs8s)/x"),
    ("http://x.gov.cn/a//b/./c/../d.html", "cn,gov,x)/a/b/d.html"),
    ("http://x.gov.cn/年报.html", "cn,gov,x)/%e5%b9%b4%e6%8a%a5.html"),
    ("http://x.gov.cn/%E5%B9%B4%e6/x%20y+z", "cn,gov,x)/%e5%b9%b4%e6/x%20y+z"),
    ("http://x.gov.cn/%zz?q=100%", "cn,gov,x)/%25zz?q=100%25"),
    ("http://x.gov.cn/a?x=%2525", "cn,gov,x)/a?x=%25"),
    ("http://x.gov.cn/a?z=1&a=2", "cn,gov,x)/a?a=2&z=1"),
    ("http://x.gov.cn/a?", "cn,gov,x)/a"),
    ("http://x.gov.cn/a?x=1&", "cn,gov,x)/a?&x=1"),
    ("http://x.gov.cn/a?t=年报&a=B c", "cn,gov,x)/a?a=b%20c&t=%e5%b9%b4%e6%8a%a5"),
    ("http://x.gov.cn/a.do?jsessionid=ABCDEF0123456789ABCDEF0123456789&x=1", "cn,gov,x)/a.do?x=1"),
    ("http://x.gov.cn/aspx/(S(abcdefghijklmnopqrstuvwx))/a.aspx", "cn,gov,x)/aspx/a.aspx"),
])
def test_an_address_is_found_under_the_key_that_replayers_look_up(url: str, key: str) -> None:
    """The keys that pywb and the Wayback Machine make."""
    assert surt.key(url) == key


def test_every_line_of_the_index_leads_to_its_record(made: Path) -> None:
    with zipfile.ZipFile(made / "one" / "archive.wacz") as package:
        warc, index = package.read("archive/nianbao.warc.gz"), package.read("indexes/index.cdxj").decode()
    lines = index.splitlines()
    assert lines == sorted(lines) and len(lines) == 4 and lines[0].startswith("cn,gov,mirror)/a.html 20240103000000 ")
    for line in lines:
        told = json.loads(line.split(" ", 2)[2])
        piece = warc[int(told["offset"]):int(told["offset"]) + int(told["length"])]
        (record,) = archiveiterator.ArchiveIterator(io.BytesIO(piece))
        assert record.rec_headers["WARC-Target-URI"] == told["url"]


def test_what_was_exported_comes_back_and_goes_out_the_same(made: Path) -> None:
    added = add(made / "b", [made / "one" / "archive.wacz"])
    assert (added.files, added.new_documents, added.skipped) == (5, 2, [])
    with Archive(made / "b", write=False) as back:
        wacz.write(back.db, made / "three")
        assert back.db.execute("select count(*) from capture where digest is not null").fetchone() == (4,)
    assert (made / "three" / "archive.wacz").read_bytes() == (made / "one" / "archive.wacz").read_bytes()


def test_another_crawler_s_warc_is_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    with path.open("wb") as stream:
        writer = warcwriter.WARCWriter(stream, gzip=True)
        picture = b"\x89PNG\r\n\x1a\n" + bytes(99)
        for url, body in [("http://x.gov.cn/nb.html", REPORT.encode()), ("http://x.gov.cn/logo.png", picture)]:
            http = statusandheaders.StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(url, "response", payload=io.BytesIO(body), length=len(body), http_headers=http,
                                               warc_headers_dict={"WARC-Date": "2019-03-01T08:00:00Z"})
            writer.write_record(record)
        lost = ("http://x.gov.cn/c", "sha1:UNKNOWN", "http://x.gov.cn/other", "2018-01-01T00:00:00Z")
        writer.write_record(writer.create_revisit_record(*lost))
    added = add(tmp_path / "a", [path])
    assert (added.files, added.read, added.unreadable) == (2, 1, 0)
    with Archive(tmp_path / "a", write=False) as archive:
        assert archive.db.execute("select report_id, url from reports").fetchall() == [
            ("610330:justice:2018", "http://x.gov.cn/nb.html")]
        assert archive.db.execute("select min(captured_at) from capture").fetchone() == ("2019-03-01T08:00:00Z",)


STRANGE = {
    "an address that is none": (b"WARC-Target-URI: http://[::1\r\n", b"HTTP/1.1 200 OK\r\n\r\nx", 0),
    "an address that names no host": (b"WARC-Target-URI: http:///nb\r\n", b"HTTP/1.1 200 OK\r\n\r\nx", 0),
    "a status that is no number": (b"WARC-Target-URI: http://a.cn/\r\n", b"HTTP/1.1 html><html OK\r\n\r\nx", 0),
    "no address": (b"", b"HTTP/1.1 200 OK\r\n\r\nx", 1)}


@pytest.mark.parametrize("name", STRANGE)
def test_a_record_that_no_crawler_should_write_costs_itself_or_the_rest_of_its_file(tmp_path: Path, name: str) -> None:
    address, said, skipped = STRANGE[name]
    head = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
    record = head + address + b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % len(said) + said + b"\r\n\r\n"
    (tmp_path / "a.warc").write_bytes(record)
    added = add(tmp_path / "a", [tmp_path / "a.warc"])
    assert len(added.skipped) == skipped
    assert added.files == (name == "a status that is no number")


@pytest.mark.parametrize("pages", [
    b'{"url" "http://a.cn/"}', b"[1]", b"5", b"[" * 100_000, b'{"url": 5, "title": [2]}', b"\xff\0"])
def test_titles_that_cannot_be_read_cost_a_package_nothing_else(made: Path, pages: bytes) -> None:
    package = made / "strange.wacz"
    with zipfile.ZipFile(made / "one" / "archive.wacz") as whole, zipfile.ZipFile(package, "w") as strange:
        for name in whole.namelist():
            strange.writestr(name, pages if name == "pages/pages.jsonl" else whole.read(name))
    assert not [found for found in observations("r", package) if isinstance(found, str)]


def test_a_broken_web_archive_is_named_and_what_came_before_is_kept(made: Path) -> None:
    whole = (made / "one" / "archive.wacz").read_bytes()
    (made / "cut.wacz").write_bytes(whole[:-300])
    (made / "not.warc.gz").write_bytes(b"hello")
    added = add(made / "c", [made / "cut.wacz", made / "not.warc.gz"])
    assert len(added.skipped) == 2 and all("not a whole web archive" in sentence for sentence in added.skipped)


def test_the_package_describes_itself_and_is_made_the_same_again(made: Path) -> None:
    with zipfile.ZipFile(made / "one" / "archive.wacz") as package:
        assert all(info.compress_type == zipfile.ZIP_STORED for info in package.infolist())
        described = json.loads(package.read("datapackage.json"))
        for resource in described["resources"]:
            assert resource["hash"] == f"sha256:{hashlib.sha256(package.read(resource['path'])).hexdigest()}"
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").decode().splitlines()]
    assert [page.get("title") for page in pages] == ["All Pages", "年报"]
    assert (made / "one" / "archive.wacz").read_bytes() == (made / "two" / "archive.wacz").read_bytes()
