"""Blobs outside blobs.db: every command reads them as before, and a kill at any line loses nothing."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import blobs
from archive.backup import backup
from archive.exceptions import ArchiveDamaged
from archive.export import wacz
from archive.merge import merge
from archive.spill import shrink, spill, unspill
from archive.store import Archive, Observation
from archive.verify import Fault, verify
from crawler.cli import cli

ROOT = Path(__file__).parents[1]
DRAW = random.Random(6)
PDFS = [b"%PDF-1.4\n" + DRAW.randbytes(40_000 + 9_000 * n) for n in range(12)]
PAGE = "<p>神池县司法局</p>".encode() * 20
LONG = b"".join(b"<p>%d</p>" % DRAW.getrandbits(64) for _ in range(9_000))       # large even when packed


def put(folder: Path, *bodies: bytes) -> None:
    with Archive(folder) as archive:
        with archive.db:
            archive.db.execute("insert or ignore into run(run_id, started_at, command) values ('r', '2024-02-01', 'test')")
        archive.put([Observation("r", hashlib.sha256(body).hexdigest()[:32], "article", f"http://a.example/{n}",
                                 f"2024-02-01T00:00:{n:02}.000000Z", 200, "ok", body,
                                 media_type="application/pdf" if body.startswith(b"%PDF") else "text/html")
                     for n, body in enumerate(bodies)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "a", PAGE, LONG, *PDFS)
    return tmp_path / "a"


def held(folder: Path) -> dict[str, bytes]:
    with Archive(folder, write=False) as archive:
        assert not [found for found in verify(archive) if isinstance(found, Fault)]
        return {digest: archive.bytes(digest) for digest, in archive.db.execute("select digest from document")}


def files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "objects").rglob("*") if path.is_file())


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["spill", "--archive", str(folder), *words])


def spilled(folder: Path, over: int = 30_000) -> Path:
    with Archive(folder) as archive:
        assert len(list(spill(archive, over))) == 13
    return folder


def test_large_files_go_out_and_come_back_and_their_space_is_returned(folder: Path) -> None:
    before, size = held(folder), (folder / "blobs.db").stat().st_size
    done = run(folder, "--over", "0.03")
    assert done.exit_code == 0
    assert "13 files" in done.stderr
    assert len(files(folder)) == 13
    assert (folder / "blobs.db").stat().st_size < size / 5
    assert held(folder) == before
    assert run(folder, "--back").exit_code == 0
    assert not files(folder)
    assert held(folder) == before
    assert (folder / "blobs.db").stat().st_size > size / 2


def test_a_file_outside_is_the_document_itself_or_a_zst_of_it(folder: Path) -> None:
    spilled(folder)
    names = {path.name: path for path in files(folder)}
    assert names[hashlib.sha256(PDFS[0]).hexdigest()].read_bytes() == PDFS[0]
    (packed,) = [path for path in names.values() if path.suffix == ".zst"]
    assert packed.stem == hashlib.sha256(LONG).hexdigest()


def test_spilling_again_moves_only_what_is_new(folder: Path) -> None:
    spilled(folder)
    put(folder, *PDFS, b"%PDF-1.4\n" + bytes(50_000))
    with Archive(folder) as archive:
        assert list(spill(archive, 30_000)) == [50_009]


def test_merging_from_and_into_spilled_archives_gives_all_bytes(folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "b", PDFS[0], b"%PDF-1.4\n" + bytes(40_000))
    spilled(folder)
    for into, other in (("b", folder), ("a", tmp_path / "b")):
        with Archive(tmp_path / into) as archive:
            merge(archive, other)
    assert held(tmp_path / "a") == held(tmp_path / "b")
    assert len(held(folder)) == 15


def test_a_backup_holds_the_files_too(folder: Path, tmp_path: Path) -> None:
    before = held(spilled(folder))
    with Archive(folder, write=False) as archive:
        backup(archive, tmp_path / "copy")
    shutil.rmtree(folder)
    assert held(tmp_path / "copy") == before


def test_a_backup_begun_before_everything_came_back_is_whole(folder: Path, tmp_path: Path,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    before, true = held(spilled(folder)), blobs.row_of

    def row_of(*given: object) -> blobs.Row | None:
        monkeypatch.setattr(blobs, "row_of", true)
        with Archive(folder) as writer:                       # between the copy of the rows and the copy of the files
            list(unspill(writer))
        return true(*given)                                   # type: ignore[arg-type]

    monkeypatch.setattr(blobs, "row_of", row_of)
    with Archive(folder, write=False) as archive:
        backup(archive, tmp_path / "copy")
    assert held(tmp_path / "copy") == before


def test_bytes_that_come_back_between_the_look_at_their_row_and_at_their_file_are_given(
        folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, true = held(spilled(folder)), blobs._filed

    def filed(*given: object) -> blobs.Row:
        monkeypatch.setattr(blobs, "_filed", true)
        with Archive(folder) as writer:                       # the row is read, its file is gone
            list(unspill(writer))
        return true(*given)                                   # type: ignore[arg-type]

    digest = hashlib.sha256(PDFS[0]).hexdigest()
    with Archive(folder, write=False) as archive:
        monkeypatch.setattr(blobs, "_filed", filed)
        assert archive.bytes(digest) == PDFS[0]
    assert not files(folder)
    assert held(folder) == before


def test_an_export_for_web_archives_is_the_same_from_files(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("warcio", reason="WACZ needs the `release` extra")
    with Archive(folder) as archive:
        wacz.write(archive.db, tmp_path / "one")
        list(spill(archive, 0))
        wacz.write(archive.db, tmp_path / "two")
    assert (tmp_path / "one" / "archive.wacz").read_bytes() == (tmp_path / "two" / "archive.wacz").read_bytes()


def test_a_missing_and_a_changed_file_are_found(folder: Path) -> None:
    gone, bent = files(spilled(folder))[:2]
    gone.unlink()
    data = bytearray(bent.read_bytes())
    data[999] ^= 4
    bent.write_bytes(data)
    with Archive(folder, write=False) as archive:
        found = {fault.what: fault.message for fault in verify(archive) if isinstance(fault, Fault)}
        with pytest.raises(ArchiveDamaged, match="there is no file"):
            archive.bytes(gone.name)
    assert found.keys() == {gone.name.removesuffix(".zst"), bent.name.removesuffix(".zst")}
    assert str(gone) in found[gone.name.removesuffix(".zst")]
    back = run(folder, "--back")
    assert back.exit_code == 1
    assert "2 damaged and left where they are" in back.stderr
    assert files(folder) == [bent]


def test_what_is_damaged_inside_is_not_moved(folder: Path) -> None:
    with Archive(folder) as archive, archive.blobs:
        archive.blobs.execute("update blob set data = zeroblob(length(data)) where size = ?", (len(PDFS[3]),))
    done = run(folder, "--over", "0.03")
    assert done.exit_code == 1
    assert hashlib.sha256(PDFS[3]).hexdigest() in done.stdout
    assert len(files(folder)) == 12


def test_a_full_disk_is_a_sentence_and_loses_nothing(folder: Path) -> None:
    before = held(folder)
    limited = ("import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)); import signal;"
               " signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from crawler.cli import cli; cli()")
    done = subprocess.run([sys.executable, "-c", limited, "spill", "--over", "0.03", "--archive", str(folder)], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 4
    assert done.stderr.startswith("Error:") and "Traceback" not in done.stderr
    assert held(folder) == before


def test_there_must_be_an_archive(tmp_path: Path) -> None:
    assert run(tmp_path / "none").exit_code == 2
    assert not (tmp_path / "none").exists()


def test_where_the_disk_has_no_room_the_space_is_kept_for_new_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(folder)._replace(free=10_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with Archive(folder) as archive:
        assert shrink(archive)
        list(spill(archive, 30_000))
        assert not shrink(archive)


def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_left_over(folder: Path) -> None:
    draw, before = random.Random(1), held(folder)
    program = ("import sys; from pathlib import Path; from archive import spill; from archive.store import Archive\n"
               "spill.GROUP = 2\nwith Archive(Path(sys.argv[1])) as archive:\n"
               "    print('open', flush=True)\n    while True:\n"
               "        list(spill.spill(archive, 30_000)); spill.shrink(archive); list(spill.unspill(archive))\n")
    for _ in range(12):
        child = subprocess.Popen([sys.executable, "-c", program, str(folder)], cwd=ROOT, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(draw.random() * 0.25)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        assert held(folder) == before
    assert run(folder, "--over", "0.03").exit_code == 0
    assert len(files(folder)) == 13
    assert run(folder, "--back").exit_code == 0
    assert not files(folder)
    assert held(folder) == before
