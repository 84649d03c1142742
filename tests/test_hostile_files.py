"""Files made to hurt are read or refused by name, in bounded memory: entities, bombs, far-off cells, names, endless lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest

from parsers import read
from parsers.exceptions import Damaged, TooLarge, Unreadable
from parsers.models import Document
from tests.generator import make
from tests.generator.layouts import LAYOUTS
from tests.hostile import sheet, workbook, zipped

SECRET = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "' + "&a;" * 90 + '">]>'
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REPORT = LAYOUTS["html_clean"].render(make(3))


def cell(place: str, value: str = "<v>1</v>") -> str:
    return f'<c r="{place}">{value}</c>'


@pytest.mark.parametrize("entities", [SECRET, LAUGHS])
@pytest.mark.parametrize("kind", ["docx", "ofd", "xlsx", "odt"])
def test_entities_are_refused_in_every_format(kind: str, entities: str) -> None:
    files = {
        "docx": {"word/document.xml": entities + f'<w:document xmlns:w="{W}">&b;</w:document>'},
        "odt": {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": entities + "<a>&b;</a>"},
        "ofd": {"OFD.xml": entities + "<OFD>&b;</OFD>"},
    }
    inline = '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    with pytest.raises(Damaged, match="entities"):
        read(zipped(files[kind]) if kind in files else workbook(sheet(inline, before=entities)))


@pytest.mark.parametrize("markup", [
    pytest.param(sheet(f'{ONE}<row r="1048576">{cell("XFD1048576")}</row>'), id="corner to corner"),
    pytest.param(sheet(f'<row r="1">{cell("XFD1")}</row><row r="1048576"><c><v>1</v></c></row>'), id="placed by its row"),
    pytest.param(sheet(ONE, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), id="one merge over all"),
    pytest.param(sheet(ONE, " " * (65 << 20)), id="packed small"),
    pytest.param(sheet("<row>" * 5_000), id="nested"),
])
def test_a_sheet_beyond_all_measure_is_refused_before_it_takes_memory(markup: str) -> None:
    with pytest.raises(TooLarge):
        read(workbook(markup))


@pytest.mark.parametrize("rows", [cell("ZZZZZZZ9"), cell("A99999999999"), cell("9A"), "<row r='x'>" + cell("") + "</row>"])
def test_a_cell_where_no_sheet_has_one_is_damage_or_ignored(rows: str) -> None:
    try:
        assert isinstance(read(workbook(sheet(f'<row r="1">{rows}</row>'))), Document)
    except Unreadable:
        return


def test_cells_that_only_carry_a_style_may_lie_anywhere() -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read(workbook(sheet(ONE + far))).blocks


NAMES = ("../../etc/cron.d/x.html", "/etc/passwd.html", "C:\\Windows\\x.html", "a/../../x.html", "\n.html", "x" * 60_000)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_the_name_of_a_member_is_only_a_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = read(zipped({name: REPORT}))
    assert found.blocks
    assert not list(tmp_path.iterdir())


def test_an_archive_of_archives_is_not_followed_down() -> None:
    data = REPORT
    for _ in range(9):
        data = zipped({"a.zip": data})
    with pytest.raises(Unreadable, match="inside an archive"):
        read(data)


LINES = {
    "words": "年度报告" * 300_000, "spaces": "<p>" + " " * 5_000_000, "attribute": f"<p title='{'x' * 9_000_000}'>年度报告",
    "tags": "<p>年</p>" * 30_000, "links": "<a href=1>年</a>" * 10_000, "comment": "<!--" * 1_000_000,
    "script": "<script>document.write('" + "\\'" * 1_000_000, "islands": "<script>" + "<![CDATA[" * 200_000,
    "site code": "网站标识码" + " " * 300_000, "position": "<p class='position'>年" + " " * 300_000 + "度",
    "entities": "&amp;lt;" * 300_000, "quotes": '"' * 1_000_000,
    "brackets": "<" * 1_000_000, "styles": "<p style='" + "a:b;" * 500_000 + "'>年",
}


@pytest.mark.parametrize("line", LINES)
def test_a_page_of_one_endless_line_is_read_or_refused(line: str) -> None:
    program = ("import resource, sys; from parsers import parse, Unreadable; resource.setrlimit(resource.RLIMIT_CPU, (20, 20));"
               "resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\n"
               "try: parse(sys.stdin.buffer.read())\nexcept Unreadable: pass")
    page = f"<html><body>{LINES[line]}</body></html>".encode()
    done = subprocess.run([sys.executable, "-c", program], input=page, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]


RUNS = {
    "words": ["乡镇街道"],
    "words apart": ["乡镇街道", ""],
    "few numbers": [*["乡镇街道"] * 9, "受理 1"],
    "labels": ["名称,种类,方式,结果,备注"],
    "indented paragraphs": ["\t政府信息"],
    "indented below words": ["乡镇", "\t街道"],
    "few values": [*["乡镇街道"] * 9, "受理,1,2,3"],
}


def calls(data: bytes) -> int:
    """How many calls reading a text takes."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        read(data)
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("run", RUNS)
def test_twice_as_many_short_lines_take_no_more_than_twice_the_steps(run: str) -> None:
    _, once, twice = (calls("\n".join(RUNS[run] * (lines // len(RUNS[run]))).encode()) for lines in (10, 500, 1000))
    assert twice < 2.2 * once
