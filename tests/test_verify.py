"""`nianbao verify` finds every kind of damage and calls a whole archive whole."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest
import sqlite_utils
from click.testing import CliRunner, Result

from archive import migrations, readings, seals
from archive.merge import merge
from archive.merge import tables as merged
from archive.store import Archive, Link, Observation
from archive.verify import Fault, verify
from crawler.cli import cli
from tests.sample import report

PAGES = [f"<p>第{n}页，神池县司法局。</p>".encode() * (50 * n + 1) for n in range(5)]
PDF = b"%PDF-1.4\n" + random.Random(7).randbytes(70_000) + b"\n%%EOF\n"


def observation(n: int, body: bytes) -> Observation:
    media_type = "application/pdf" if body.startswith(b"%PDF") else "text/html"
    return Observation("r", f"{n:032x}", "article", f"http://a.example/{n}", f"2024-02-01T00:00:{n:02}.000000+00:00",
                       200, "ok", body, media_type=media_type,
                       links=tuple(Link(f"{9 * n + k:032x}", "a.example", f'{{"url": "http://a.example/{k}"}}')
                                   for k in range(9)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path / "a", range(6))
    return tmp_path / "a"


def fill(folder: Path, numbers: range) -> None:
    with Archive(folder) as archive:
        with archive.db:
            archive.db.execute("insert into run(run_id, started_at, command) values ('r', '2024-02-01', 'test')")
        digests = archive.put([observation(n, [*PAGES, PDF][n]) for n in numbers])
        with archive.db:
            readings.save(archive.db, [readings.Reading(str(digest), "1", "{}", "2024-02-02", report(year=2019 + n))
                                       for n, digest in enumerate(digests)])


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
    for table in ("report_version", "report", *seals.PARTS, "reading", "capture", "link", "document"):
        edit(folder, "archive.db", f"delete from {table}")
    assert faults(folder) == []


def test_a_dangling_reference_is_found(folder: Path) -> None:
    edit(folder, "archive.db", "delete from document where media_type = 'application/pdf'")
    assert {fault.what for fault in faults(folder)} == {"capture", "link", "reading"}


def test_a_file_that_is_no_database_is_a_sentence(folder: Path) -> None:
    (folder / "blobs.db").write_bytes(b"not a database, but long enough to be looked at" * 400)
    result = run(folder)
    assert result.exit_code == 1
    assert "file is not a database" in result.stdout


@pytest.mark.parametrize("name", ["archive.db", "blobs.db"])
def test_a_random_flipped_bit_is_found_or_harmless(folder: Path, name: str) -> None:
    whole, before = contents(folder), (folder / name).read_bytes()
    found = 0
    for seed in range(120):
        flip(folder / name, random.Random(seed))
        told = faults(folder)
        assert told or contents(folder) == whole, f"seed {seed}"                       # it fell on unused space
        found += bool(told)
        (folder / name).write_bytes(before)
    assert found > 8


def contents(folder: Path) -> list[object]:
    """Everything both databases say: their schema and every row."""
    with Archive(folder, write=False) as archive:
        found: list[object] = []
        for db in (archive.db, archive.blobs):
            schema = db.execute("select type, name, tbl_name, sql from sqlite_master order by 1, 2").fetchall()
            found += [schema, *(db.execute(f"select * from {row[1]}").fetchall() for row in schema if row[0] == "table")]
        return found


@pytest.mark.parametrize(("table", "change"), [
    ("capture", "url = replace(url, 'a', 'b')"), ("document", "size = size + 1"), ("link", "position = 8 - position"),
    ("frontier", "target = replace(target, '1', '2')"), ("run", "command = 'tests'"), ("report", "year = year + 8"),
    ("cell", "value = value + 1"), ("tag", "value = replace(value, '神', '祌')"), ("reading", "title = ''")])
def test_a_value_that_became_another_is_found_in_every_table(folder: Path, table: str, change: str) -> None:
    damage(folder, table, change)
    assert {fault.what for fault in faults(folder)} == {"reading" if table in (seals.WHOLE, *seals.PARTS) else table}


def damage(folder: Path, table: str, change: str) -> None:
    """What a failing disk does, as far as SQL can do it: no trigger sees it."""
    db = sqlite3.connect(folder / "archive.db")
    with db:
        triggers = db.execute("select name, sql from sqlite_master where type = 'trigger' and tbl_name = ?", (table,))
        for name, _ in (made := triggers.fetchall()):
            db.execute(f"drop trigger {name}")
        db.execute(f"update {table} set {change}")
        for _, sql in made:
            db.execute(sql)
    db.close()


def test_what_was_damaged_before_a_merge_is_told_after_it(folder: Path, tmp_path: Path) -> None:
    damage(folder, "capture", "url = replace(url, 'a', 'b')")
    damage(folder, "cell", "value = value + 1")
    with Archive(tmp_path / "b") as archive:
        merge(archive, folder)
    assert {fault.what for fault in faults(tmp_path / "b")} >= {"capture", "reading"}


def test_merging_whole_archives_keeps_every_seal(folder: Path, tmp_path: Path) -> None:
    fill(tmp_path / "b", range(3, 6))
    with Archive(tmp_path / "b") as archive:
        with archive.db:
            archive.db.execute("update document set first_captured_at = '2023-01-01'")
        merge(archive, folder)
    assert faults(tmp_path / "b") == []


def test_an_archive_from_before_there_were_seals_gets_them_when_it_is_written(tmp_path: Path) -> None:
    old = sqlite_utils.Database(tmp_path / "archive.db")
    migrations.catalogue.apply(old, stop_before="seals")
    with old.conn:
        old.execute("insert into run(run_id, started_at, command) values ('r', '2024-02-01', 'crawl')")
    old.close()
    migrations.blobs.apply(sqlite_utils.Database(tmp_path / "blobs.db"), stop_before="sealed_schema")
    assert faults(tmp_path) == []
    Archive(tmp_path).close()
    assert faults(tmp_path) == []
    damage(tmp_path, "run", "command = 'crawk'")
    assert [fault.what for fault in faults(tmp_path) if fault.what != "schema"] == ["run"]


def test_the_tables_sealed_with_a_reading_are_those_that_merge_with_it(folder: Path) -> None:
    with Archive(folder, write=False) as archive:
        assert {name for name, table in merged(archive.db).items() if table.rule == "part"} == set(seals.PARTS)
        assert not [name for name, table in seals.tables(archive.db).items() if name not in seals.PARTS and archive.db.execute(
            f"select 1 from {name} where seal is null").fetchone()]


def test_a_page_of_rubbish_is_one_sentence_and_the_rest_is_still_looked_at(folder: Path) -> None:
    path = folder / "archive.db"
    data = bytearray(path.read_bytes())
    data[20 * 4096:21 * 4096] = random.Random(1).randbytes(4096)
    path.write_bytes(bytes(data))
    result = run(folder)
    assert result.exit_code == 1 and "Traceback" not in result.output
    assert "archive.db" in result.stdout and "6 files good" in result.stderr


def test_letters_that_are_none_any_more_are_one_sentence_for_every_command(folder: Path) -> None:
    damage(folder, "report", "title = cast(x'e7a59e32e7' as text)")
    assert {fault.what for fault in faults(folder)} == {"report"}
    done = CliRunner().invoke(cli, ["show", "140927:justice:2019", "--archive", str(folder)])
    assert done.exit_code == 6
    assert "is damaged (Could not decode to UTF-8 column 'title'); `nianbao verify` says where" in done.stderr


def test_there_must_be_an_archive(tmp_path: Path) -> None:
    result = run(tmp_path / "none")
    assert result.exit_code == 2
    assert "there is no archive in" in result.stderr
