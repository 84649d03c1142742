"""`nianbao read`: for people, for programs, as a page; each file in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import html

from crawler.cli import cli
from tests.generator import make
from tests.generator.judge import read_cells
from tests.generator.layouts import LAYOUTS

TRUTH = make(77, plain=True, form="f2021", fault="")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "年报.html"
    path.write_bytes(LAYOUTS["html_clean"].render(TRUTH))
    return path


def read(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["read", *map(str, arguments)])


def test_json_is_one_object_a_file_with_every_cell(report: Path) -> None:
    result = read(report, report, "--json")
    assert result.exit_code == 0
    objects = [json.loads(line) for line in result.output.splitlines()]
    assert [shown["file"] for shown in objects] == [str(report)] * 2
    assert {key: cell["raw"] for key, cell in read_cells(objects[0]).items()} == {k: c.raw for k, c in TRUTH.cells.items()}


def test_the_summary_names_who_when_every_row_and_every_section(report: Path) -> None:
    output = read(report).output
    for words in (TRUTH.agency, str(TRUTH.year), "（七）总计", "行政规范性文件", "复议后起诉", *(h for _, h in TRUTH.sections)):
        assert words in output


def test_the_columns_of_the_summary_stand_below_each_other(report: Path) -> None:
    lines = read(report).output.splitlines()
    start = next(at for at, line in enumerate(lines) if "自然人" in line)
    widths = {sum(2 if ord(c) > 0x2E80 else 1 for c in line) for line in lines[start:start + 26] if "…" not in line}
    assert len(widths) == 1


def test_a_page_shows_the_grid_as_drawn_beside_the_cells_read_from_it(report: Path) -> None:
    page: Any = html.fromstring(read(report, "--html").output)
    assert not page.xpath("//script | //link | //img | //*[@src]")
    cell = page.xpath("//td[text()='（七）总计']/following-sibling::td[last()]/a")[0]
    total = TRUTH.cells["requests", "total_handled", "total"]
    assert cell.text_content().replace(",", "") == str(total.value)
    drawn = page.get_element_by_id(cell.get("href").removeprefix("#"))
    assert "（七）总计" in drawn.getparent().text_content()


@pytest.mark.parametrize(("data", "kind"), [
    (b"", "empty"), (b"%PDF-1.4\n", "damaged"), (bytes(range(256)) * 9, "unknown-format"), (b"PK\x03\x04cut", "damaged")])
def test_a_file_that_cannot_be_read_is_one_issue_with_its_digest_and_exit_one(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "坏.doc"
    path.write_bytes(data)
    result = read(path, "--json")
    assert result.exit_code == 1
    shown = json.loads(result.output)
    assert len(shown["digest"]) == 64
    assert [issue["kind"] for issue in shown["issues"]] == [kind]
    assert kind in read(path).output


def test_a_crash_of_the_reader_costs_one_file(report: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("""
import os, parsers
true = parsers.parse
parsers.parse = lambda data, hints: os.abort() if data == b"crash" else true(data, hints)
""")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[1]}")
    crash = tmp_path / "crash.txt"
    crash.write_bytes(b"crash")
    result = read(crash, report, "--json")
    assert result.exit_code == 1
    lost, found = map(json.loads, result.output.splitlines())
    assert lost["issues"][0]["kind"] == "parser-killed"
    assert found["tags"]["agency"]["value"] == TRUTH.agency
