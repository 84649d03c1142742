"""`nianbao verify` finds every kind of damage and calls a whole archive whole."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.store import Archive, Observation
from archive.verify import Fault, verify
from crawler.cli import cli

PAGES = [f"<p>第{n}页，神池县司法局。</p>".encode() * (50 * n + 1) for n in range(5)]
PDF = b"%PDF-1.4\n" + random.Random(7).randbytes(70_000) + b"\n%%EOF\n"


def observation(n: int, body: bytes) -> Observation:
    media_type = "application/pdf" if body.startswith(b"%PDF") else "text/html"
    return Observation("r", f"{n:032x}", "article", f"http://a.example/{n}", f"2024-02-01T00:00:{n:02}.000000+00:00",
                       200, "ok", body, media_type=media_type)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Archive(tmp_path / "a") as archive:
        with archive.db:
            archive.db.execute("insert into run(run_id, started_at, command) values ('r', '2024-02-01', 'test')")
        archive.put([observation(n, body) for n, body in enumerate([*PAGES, PDF])])
    return tmp_path / "a"


def faults(folder: Path) -> list[Fault]:
    with Archive(folder, write=False) as archive:
        return [found for found in verify(archive) if isinstance(found, Fault)]


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["verify", "--archive", str(folder), *options])


def edit(folder: Path, name: str, sql: str, *values: object) -> None:
    db = sqlite3.connect(folder / name)
    with db:
        db.execute(sql, values)
    db.close()


def flip(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(bytes(data))


def test_a_whole_archive_verifies(folder: Path) -> None:
    result = run(folder, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"blobs": 6, "bytes": sum(map(len, [*PAGES, PDF])), "faults": []}


def test_one_flipped_bit_in_stored_bytes_is_found(folder: Path) -> None:
    path = folder / "blobs.db"
    data = bytearray(path.read_bytes())
    data[data.index(PDF[5_000:5_020])] ^= 1
    path.write_bytes(bytes(data))
    result = run(folder)
    assert result.exit_code == 1
    assert "no longer those that were archived" in result.stdout


def test_bytes_swapped_for_others_of_equal_length_are_found(folder: Path) -> None:
    edit(folder, "blobs.db", "update blob set data = ? where size > 60000", PDF[::-1])
    assert len(faults(folder)) == 1


def test_a_document_without_bytes_is_found(folder: Path) -> None:
    edit(folder, "blobs.db", "delete from blob where size > 60000")
    (fault,) = faults(folder)
    assert fault.message == "the catalogue knows it, but there are no bytes"


def test_bytes_without_a_document_are_no_fault(folder: Path) -> None:
    edit(folder, "archive.db", "delete from capture")
    edit(folder, "archive.db", "delete from document")
    assert faults(folder) == []


def test_a_dangling_reference_is_found(folder: Path) -> None:
    edit(folder, "archive.db", "delete from document where media_type = 'application/pdf'")
    assert [fault.what for fault in faults(folder)] == ["capture"]


def test_a_file_that_is_no_database_is_a_sentence(folder: Path) -> None:
    (folder / "blobs.db").write_bytes(b"not a database, but long enough to be looked at" * 400)
    result = run(folder)
    assert result.exit_code == 1
    assert "file is not a database" in result.stdout


@pytest.mark.parametrize("seed", range(40))
def test_a_random_flipped_bit_anywhere_in_the_bytes_is_never_served_as_good(folder: Path, seed: int) -> None:
    before = {digest for digest, in sqlite3.connect(folder / "blobs.db").execute("select digest from blob")}
    flip(folder / "blobs.db", random.Random(seed))
    if faults(folder):
        return
    with Archive(folder, write=False) as archive:              # the bit fell on unused space
        assert {digest for digest, in archive.blobs.execute("select digest from blob")} == before
        assert all(archive.bytes(digest) for digest in before)


def test_there_must_be_an_archive(tmp_path: Path) -> None:
    result = run(tmp_path / "none")
    assert result.exit_code == 2
    assert "there is no archive in" in result.stderr
