"""Exit codes say what to do next, in the README and in the help as in the code."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.exceptions import ArchiveDamaged, ArchiveError, ArchiveFull, ArchiveLocked, NoArchive, NotFound
from archive.store import Archive
from crawler import exits
from crawler.cli import cli

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("code", "meaning"), exits.MEANINGS.items())
def test_every_code_is_in_the_readme_and_in_the_help(code: int, meaning: str) -> None:
    assert f"| {code} | {meaning} |" in README
    assert f"{code}  {meaning}" in CliRunner().invoke(cli, ["--help"], terminal_width=200).output


def test_every_error_of_the_archive_has_a_code_of_its_own() -> None:
    kinds = (NoArchive, NotFound, ArchiveError, ArchiveFull, ArchiveLocked, ArchiveDamaged)
    assert [exits.code_of(kind("x")) for kind in kinds] == [2, 2, 4, 4, 5, 6]


def test_a_damaged_archive_ends_with_its_code_and_a_sentence(tmp_path: Path) -> None:
    Archive(tmp_path).close()
    (tmp_path / "archive.db").write_bytes(b"this is no database at all, only words" * 99)
    done = CliRunner().invoke(cli, ["status", "--archive", str(tmp_path)])
    assert (done.exit_code, "Traceback" in done.output) == (6, False)
    assert "is damaged" in done.output
