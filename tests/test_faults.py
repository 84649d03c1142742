"""Faults beneath the archive: a broken page, a folder that cannot be written, a clock that jumps, two writers at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from archive import reports
from archive.exceptions import ArchiveError, ArchiveLocked
from archive.store import Archive
from archive.verify import Fault, verify
from crawler.cli import cli
from tests import flapping
from tests.crawling import crawl
from tests.loopback import portal
from tests.test_downloader import versioned
from tests.test_store import ROOT, begin, dump, seen


def filled(folder: Path) -> list[str]:
    with begin(folder) as archive:
        return [digest for digest in archive.put([seen(n, Random(n).randbytes(30_000)) for n in range(20)]) if digest]


@pytest.mark.parametrize("name", ["archive.db", "blobs.db"])
@pytest.mark.parametrize("seed", range(6))
def test_a_page_of_rubbish_is_a_fault_that_is_told_and_never_wrong_bytes(tmp_path: Path, name: str, seed: int) -> None:
    digests = filled(tmp_path)
    true = [Random(n).randbytes(30_000) for n in range(20)]
    data = bytearray((tmp_path / name).read_bytes())
    at = Random(seed).randrange(1, len(data) // 4096) * 4096          # any page but the first, which test_verify breaks
    data[at:at + 4096] = Random(seed).randbytes(4096)
    (tmp_path / name).write_bytes(data)
    with Archive(tmp_path, write=False) as archive:
        assert [found for found in verify(archive) if isinstance(found, Fault)]
        for digest, body in zip(digests, true, strict=True):
            try:
                assert archive.bytes(digest) == body
            except ArchiveError:
                continue
    for words in (["status"], ["verify"]):
        done = CliRunner().invoke(cli, [*words, "--archive", str(tmp_path)])
        assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)


def test_a_folder_that_cannot_be_written_is_a_sentence_and_can_still_be_read(tmp_path: Path) -> None:
    digests = filled(tmp_path / "a")
    program = ("import sys; from pathlib import Path\n"
               "from archive.store import Archive; from archive.exceptions import ArchiveError\n"
               "try: Archive(Path(sys.argv[1]))\nexcept ArchiveError as error: print(error)\n"
               "with Archive(Path(sys.argv[1]), write=False) as archive: print(len(archive.bytes(sys.argv[2])))")
    for path in (tmp_path / "a").iterdir():
        path.chmod(0o444)
    (tmp_path / "a").chmod(0o555)
    try:
        done = subprocess.run([*_nobody(), sys.executable, "-c", program, str(tmp_path / "a"), digests[0]], cwd=ROOT,
                              capture_output=True, text=True, check=False)
    finally:
        (tmp_path / "a").chmod(0o755)
    assert done.stdout.splitlines()[-1:] == ["30000"], done.stderr
    assert "cannot write to" in done.stdout


def _nobody() -> list[str]:
    """Root writes everywhere: without its capability it does not."""
    return ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if os.geteuid() == 0 else []


def test_a_clock_that_goes_backwards_changes_no_bytes_and_loses_no_capture(tmp_path: Path) -> None:
    later, earlier = "2031-01-01T00:00:00.000000Z", "1999-01-01T00:00:00.000000Z"
    with begin(tmp_path) as archive:
        (first,) = archive.put([seen(1, captured_at=later)])
        (second,) = archive.put([seen(1, captured_at=earlier)])
        (third,) = archive.put([seen(1, b"corrected" * 99, captured_at=earlier.replace("01-01", "01-02"))])
        assert first == second != third
        assert archive.db.execute("select count(*) from capture").fetchone() == (3,)
        assert archive.db.execute("select first_captured_at from document where digest = ?", (first,)).fetchone() == (earlier,)
        reports.choose(archive.db)
    with Archive(tmp_path, write=False) as archive:
        assert not [found for found in verify(archive) if isinstance(found, Fault)]


def test_of_two_writers_in_two_processes_one_writes_and_the_other_is_told(tmp_path: Path) -> None:
    filled(tmp_path)
    before = dump(tmp_path)
    program = ("import sys; from pathlib import Path; from archive.store import Archive; Archive(Path(sys.argv[1]));"
               "print('mine', flush=True); sys.stdin.read()")
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(ArchiveLocked, match=str(other.pid)):
            Archive(tmp_path)
        other.kill()
    Archive(tmp_path).close()                              # a dead writer holds nothing
    assert dump(tmp_path) == before


@pytest.mark.parametrize(("flaps", "first"), [(1, ("complete", "")), (40, ("refused", "dns"))])
def test_a_name_that_comes_and_goes_is_tried_again_or_named_and_had_the_next_time(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flaps: int, first: tuple[str, str]) -> None:
    with portal(2) as site:
        url = site.url("/nb/", host=flapping.NAME)
        monkeypatch.setenv("NIANBAO_TEST_FLAPS", str(flaps))
        (column,) = crawl(tmp_path, [url], readers=0, TWISTED_DNS_RESOLVER="tests.flapping.Resolver")["columns"]
        assert (column["outcome"], column["refusal"]) == first
        monkeypatch.setenv("NIANBAO_TEST_FLAPS", "0")
        (column,) = crawl(tmp_path, [url], readers=0, TWISTED_DNS_RESOLVER="tests.flapping.Resolver")["columns"]
        assert (column["outcome"], column["accepted"]) == ("complete", 2)


def test_a_page_called_unchanged_whose_bytes_are_damaged_here_is_asked_for_whole(tmp_path: Path) -> None:
    with portal(2) as site:
        for path, route in list(site.routes.items()):
            site.routes[path] = versioned(route, '"1"')             # type: ignore[arg-type]
        crawl(tmp_path, [site.url("/nb/")], readers=0)
        with Archive(tmp_path) as archive, archive.blobs:
            archive.blobs.execute("update blob set data = zeroblob(length(data))")
        site.hits.clear()
        again = crawl(tmp_path, [site.url("/nb/")], readers=0)
        asked = ["If-None-Match" in hit.headers for hit in site.hits if hit.path == "/nb/"]
    assert asked == [True, False]
    assert [(column["outcome"], column["accepted"]) for column in again["columns"]] == [("complete", 2)]
    assert "damaged" in again["stderr"]
