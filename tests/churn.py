"""What changes in a file although nothing was changed, and the smallest change that is one: a digit in a table."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from tests.generator.model import Table, Truth

Churn = Callable[[bytes, Random], bytes]

#: fields of a file's metadata in bytes that keep their length, as writers rewrite them
_DATE = rb"D:(\d{14})"
_XMP = (b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        b"<xmp:ModifyDate>%s</xmp:ModifyDate></x:xmpmeta><?xpacket end='w'?>")


def _put(pattern: str, made: Callable[[Random], str]) -> Churn:
    """HTML with what matches `pattern` (group 1 kept) followed by something made up."""
    return lambda data, random: _text(data, lambda text: re.sub(pattern, lambda m: m[1] + made(random), text, count=1))


def _text(data: bytes, change: Callable[[str], str]) -> bytes:
    encoding = "utf-8" if _is_utf8(data) else "gb18030"
    return change(data.decode(encoding)).encode(encoding)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _number(random: Random) -> str:
    return str(random.randrange(10_000, 99_999))


HTML: Mapping[str, Churn] = {
    "visits": _put(r'(<span id="hits">)\d+', _number),
    "visitor": _put(r"(您是第 )\d+", _number),
    "nonce": _put(r"(<script)", lambda r: f' nonce="{r.getrandbits(64):x}"'),
    "token": _put(r"(</form>)", lambda r: f'<input type="hidden" name="_csrf" value="{r.getrandbits(128):x}">'),
    "meta_token": _put(r"(<head>)", lambda r: f'<meta name="csrf-token" content="{r.getrandbits(128):x}">'),
    "made_at": _put(r"(</body>)", lambda r: f"<!-- generated 2024-05-0{r.randrange(1, 9)} by node {_number(r)} -->"),
    "script_time": _put(r"(var visits = )\d+", _number),
    "cache_buster": _put(r"(<head>)", lambda r: f'<link rel="stylesheet" href="/css/a.css?v={_number(r)}">'),
    "session": _put(r'(href="/zwgk/)', lambda r: f";jsessionid={r.getrandbits(96):X}"),
    "today": _put(r'(<div class="header">)', lambda r: f"<span>今天是2024年5月{r.randrange(1, 29)}日 星期三</span>"),
    "weather": _put(r'(<div class="header">)', lambda r: f"<div>晴 {r.randrange(1, 30)}℃</div>"),
    "news": _put(r'(<h3>相关信息</h3><ul>)', lambda r: f'<li><a href="./t{_number(r)}.html">第{_number(r)}次会议召开</a></li>'),
    "space": _put(r"(<body>)", lambda r: "\n" * r.randrange(1, 9)),
    "footer_year": _put(r"(电话：0000-)\d+", _number),
}
PDF: Mapping[str, Churn] = {
    "dates": lambda data, random: re.sub(_DATE, b"D:2024%010d" % random.randrange(10**10), data),
    "id": lambda data, random: data.replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[<%032x><%032x>]" % (
        random.getrandbits(128), random.getrandbits(128))),
    "xmp": lambda data, random: _appended(data, b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream",
                                          _XMP % b"2024-05-0%d" % random.randrange(1, 9)),
    "comment": lambda data, random: data + b"\n%% sent %d\n" % random.randrange(10**9),
}


def _appended(data: bytes, shape: bytes, stream: bytes) -> bytes:
    """An incremental update that adds a metadata stream, as editors save."""
    number, before = 900, data.rindex(b"startxref")
    old = int(data[before:].split()[1])
    size = re.findall(rb"/Size (\d+)", data)[-1]
    body = b"\n%d 0 obj\n%s\nendobj\n" % (number, shape % (len(stream), stream))
    tail = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    assert size
    return data + body + tail % (number, len(data) + 1, number + 1, old, len(data) + len(body))


def _zip(data: bytes, random: Random) -> bytes:
    """The same members, later, with another save date."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(zipfile.ZipInfo(member, (2024, 5, random.randrange(1, 29), 0, 0, 0)), old.read(member))
        if "docProps/app.xml" not in old.namelist():
            new.writestr("docProps/app.xml", f"<Properties><TotalTime>{random.randrange(999)}</TotalTime></Properties>")
    return held.getvalue()


SAVED: Mapping[str, Churn] = {"saved_again": _zip}
CHURN: Mapping[str, Mapping[str, Churn]] = {"html": HTML, "pdf": PDF, "docx": SAVED, "odt": SAVED}


def numbers(truth: Truth) -> list[tuple[int, int, int]]:
    """Where plain numbers stand: part of the script, row, box."""
    return [(n, row, column) for n, part in enumerate(truth.script) if isinstance(part, Table)
            for row, boxes in enumerate(part.rows) for column, box in enumerate(boxes)
            if box.text.strip().isdigit() and box.text.isascii()]


def another_digit(truth: Truth, random: Random) -> tuple[Truth, str, str]:
    """The report with one digit of one number of its tables changed; also the cell before and after, as printed."""
    n, row, column = random.choice(numbers(truth))
    table = truth.script[n]
    assert isinstance(table, Table)
    box = table.rows[row][column]
    spot = random.choice([place for place, char in enumerate(box.text) if char.isdigit()])
    digit = random.choice([d for d in "123456789" if d != box.text[spot]])
    changed = replace(box, text=box.text[:spot] + digit + box.text[spot + 1:])
    boxes = (*table.rows[row][:column], changed, *table.rows[row][column + 1:])
    rows = (*table.rows[:row], boxes, *table.rows[row + 1:])
    script = (*truth.script[:n], replace(table, rows=rows), *truth.script[n + 1:])
    return replace(truth, script=script), box.text.strip(), changed.text.strip()
