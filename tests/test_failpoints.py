"""Killed at every single commit and renaming, each command ends, when given again, like one that was not killed.

The steps of making a new archive are tried at every fourth one only; at all of them with `NIANBAO_FAILPOINTS=all`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive.store import Archive
from crawler import add
from tests.crawling import ROOT
from tests.generator import make
from tests.generator.layouts import LAYOUTS
from tests.loopback import Answer, Site, portal

FEW = 1 if os.environ.get("NIANBAO_FAILPOINTS") == "all" else 4


def trials(stage: str, base: Path, work: Path, *more: object, step: int = 1) -> dict[str, Any]:
    work.mkdir()
    words = [str(each) for each in (stage, step, base, work, *more)]
    done = subprocess.run([sys.executable, "-m", "tests.failpoints", *words], cwd=ROOT, capture_output=True, text=True,
                          timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Three files: two reports and one that cannot be read."""
    folder = tmp_path / "files"
    folder.mkdir()
    for seed in (3, 4):
        (folder / f"{seed}.html").write_bytes(LAYOUTS["html_clean"].render(make(seed)))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\n nothing more")
    return folder


@pytest.fixture
def held(tmp_path: Path, files: Path) -> Path:
    add.add(tmp_path / "held", [files], workers=0)
    return tmp_path / "held"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    Archive(tmp_path / "empty").close()
    return tmp_path / "empty"


def test_a_new_archive_killed_at_every_step_of_its_making(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    found = trials("open", tmp_path / "base", tmp_path / "work", step=FEW)
    assert found["differed"] == {}
    assert found["killed"] >= 8


def test_adding_files_killed_at_every_commit(tmp_path: Path, files: Path, empty: Path) -> None:
    found = trials("add", empty, tmp_path / "work", files)
    assert found["differed"] == {}
    assert found["killed"] >= 10


def test_reading_killed_at_every_commit(tmp_path: Path, held: Path) -> None:
    found = trials("parse", held, tmp_path / "work")
    assert found["differed"] == {}
    assert found["killed"] >= 5


def test_publishing_killed_at_every_commit_and_renaming(tmp_path: Path, held: Path) -> None:
    add.parse(held, workers=1)
    found = trials("publish", held, tmp_path / "work")
    assert found["differed"] == {}
    assert found["killed"] >= 5


def test_merging_killed_at_every_commit(tmp_path: Path, held: Path, files: Path) -> None:
    (files / "5.html").write_bytes(LAYOUTS["html_clean"].render(make(5)))
    add.add(tmp_path / "other", [files / "5.html", files / "3.html"])
    found = trials("merge", held, tmp_path / "work", tmp_path / "other")
    assert found["differed"] == {}
    assert found["killed"] >= 5


def site() -> Site:
    made = portal(3)
    made.routes["/nb/t1.html"] = Answer(LAYOUTS["html_clean"].render(make(3)))
    return made


def test_a_crawl_killed_at_every_commit(tmp_path: Path, empty: Path) -> None:
    with site() as server:
        found = trials("crawl", empty, tmp_path / "work", server.url("/nb/"))
    assert found["differed"] == {}
    assert found["killed"] >= 10
