"""The commands that only look, copy or serve, on one small archive: what they print, their exit codes, their sentences."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler import add, exits
from crawler.cli import cli
from tests.crawling import ROOT
from tests.generator import make
from tests.generator.layouts import LAYOUTS

REPORT = "530127:veterans:2019"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with a warning, and a file that is broken."""
    base = tmp_path_factory.mktemp("commands")
    (base / "report.html").write_bytes(LAYOUTS["html_clean"].render(make(3)))
    (base / "broken.pdf").write_bytes(b"%PDF-1.4\n nothing more")
    add.add(base / "a", [base / "report.html", base / "broken.pdf"])
    return base / "a"


def run(folder: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, words), "--archive", str(folder)])


def test_the_state_names_each_body_with_a_mark_per_year(folder: Path) -> None:
    told = run(folder, "status")
    assert (told.exit_code, "○······  530127:veterans" in told.output) == (0, True)


def test_a_report_is_shown_by_its_name_or_its_id_in_words_or_as_json(folder: Path) -> None:
    assert "嵩明县退役军人事务局" in run(folder, "show", "嵩明县退役军人事务局", "2019").output
    shown = run(folder, "show", REPORT, "--json")
    assert REPORT in json.dumps(json.loads(shown.stdout), ensure_ascii=False)
    assert run(folder, "show", REPORT, "--versions").output.startswith("* 1 ")
    nothing = run(folder, "show", "某某局", "1999")
    assert (nothing.exit_code, nothing.output.startswith("Error: ")) == (exits.USAGE, True)


def test_findings_are_listed_by_severity_and_one_can_be_settled_for_good(folder: Path) -> None:
    assert "damaged (1)" in run(folder, "check").output
    found = json.loads(run(folder, "check", "--json", "--severity", "info").stdout)
    assert {each["severity"] for each in found} == {"warning", "info"}
    subject = next(each["subject"] for each in found if each["name"] == "damaged")
    settled = CliRunner().invoke(cli, ["check", "--archive", str(folder), "settle", subject, "--reason", "原文如此"])
    assert (settled.exit_code, f"settled: {subject}" in settled.output) == (0, True)
    assert "damaged" not in run(folder, "check").output
    unknown = CliRunner().invoke(cli, ["check", "--archive", str(folder), "settle", "nothing", "--reason", "x"])
    assert (unknown.exit_code, unknown.output.startswith("Error: ")) == (exits.USAGE, True)


def test_an_export_names_its_files_and_a_version_belongs_to_a_release(folder: Path, tmp_path: Path) -> None:
    made = run(folder, "export", tmp_path / "out")
    assert made.exit_code == 0
    assert all(Path(line).exists() for line in made.stdout.splitlines())
    assert run(folder, "export", tmp_path / "out", "--version", "2026.11").exit_code == exits.USAGE


def test_a_backup_names_its_files_and_is_whole(folder: Path, tmp_path: Path) -> None:
    made = run(folder, "backup", tmp_path / "copy")
    assert [Path(line).name for line in made.stdout.splitlines()] == ["archive.db", "blobs.db"]
    assert run(tmp_path / "copy", "verify").exit_code == 0
    assert run(folder, "backup", tmp_path / "copy").exit_code != 0


@pytest.mark.parametrize("words", [("status",), ("show", REPORT), ("check",), ("export", "out"), ("backup", "copy"), ("serve",),
                                   ("verify",), ("publish",)])
def test_where_there_is_no_archive_every_command_says_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = run(tmp_path, *words)
    assert (told.exit_code, told.output.startswith("Error: ")) == (exits.USAGE, True)
    assert not list(tmp_path.iterdir())


def test_a_command_that_nobody_knows_is_named() -> None:
    told = CliRunner().invoke(cli, ["crawll"])
    assert (told.exit_code, "No such command" in told.output) == (exits.USAGE, True)


def test_the_site_is_published_when_nothing_was_served_and_ends_when_asked(folder: Path) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["serve", "--port", str(port), "--archive", str(folder)]
    nianbao = [sys.executable, "-c", "from crawler.cli import cli; cli()"]
    with subprocess.Popen([*nianbao, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        until, page = time.monotonic() + 60, ""
        while not page and server.poll() is None and time.monotonic() < until:
            try:
                page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read().decode()
            except OSError:
                time.sleep(0.1)
        server.send_signal(signal.SIGINT)
        _, told = server.communicate(timeout=30)
    assert "年报" in page
    assert "nothing published yet: publishing" in told
    assert "Traceback" not in told
