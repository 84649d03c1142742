"""A crawl in shards: no host is asked by two machines, nothing is lost between them, and merged they are the single crawl."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.store import Archive
from crawler.add import join
from crawler.cli import cli
from crawler.shards import Shard, parse, run_id, shard_of
from tests.canonical import Dump, differences, dump
from tests.crawling import crawl
from tests.hosts import Town, town
from tests.test_crawl import crawl as command

NAMES = st.from_regex(r"[a-z0-9]{1,12}\.[a-z]{2,8}\.gov\.cn", fullmatch=True)


# ---------------------------------------------------------------- which shard


@given(NAMES, st.integers(1, 40))
def test_every_host_falls_on_exactly_one_shard(host: str, of: int) -> None:
    assert sum(Shard(number, of).holds(host) for number in range(1, of + 1)) == 1


@given(NAMES, st.integers(2, 40), st.integers(1, 65535))
def test_hosts_of_one_owner_stay_together_whatever_their_port(host: str, of: int, port: int) -> None:
    owner = host.partition(".")[2]
    assert shard_of(f"{host}:{port}", of) == shard_of(host.upper(), of) == shard_of(f"www.{owner}", of)


def test_the_shard_of_a_host_is_the_same_on_every_machine_and_in_every_version() -> None:
    hosts = ("www.huaian.gov.cn", "zwgk.dingxi.gov.cn", "127.0.0.1:80", "[::1]:80")
    assert [shard_of(host, 8) for host in hosts] == [3, 5, 5, 7]


def test_many_owners_spread_evenly() -> None:
    counts = [0] * 5
    for n in range(5000):
        counts[shard_of(f"www.town{n}.gov.cn", 4)] += 1
    assert counts[0] == 0
    assert min(counts[1:]) > 1100


@pytest.mark.parametrize("text", ["", "3", "0/2", "3/2", "a/b", "1/2/3", "-1/2"])
def test_what_is_no_shard_is_one_sentence(text: str, tmp_path: Path) -> None:
    if text:
        with pytest.raises(ValueError, match="is no shard such as 1/4"):
            parse(text)
        done = CliRunner().invoke(cli, ["crawl", "http://a.example/", "--shard", text, "--archive", str(tmp_path)])
        assert done.exit_code == 2


def test_a_round_without_a_shard_is_a_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["crawl", "http://a.example/", "--round", "may", "--archive", str(tmp_path)])
    assert done.exit_code == 2
    assert "give --shard K/N with it" in done.stderr


def test_machines_that_know_as_much_begin_the_same_round_and_a_name_is_always_the_same_one(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        first = run_id(archive.db, "crawl", ["b", "a"])
        assert first == run_id(archive.db, "crawl", ["a", "b"]) != run_id(archive.db, "crawl", ["a"])
        named = run_id(archive.db, "crawl", ["a", "b"], "2026-11-25")
        for run in (first, named):
            archive.db.execute("insert into run(run_id, started_at, command) values (?, '2026', 'crawl')", (run,))
        assert run_id(archive.db, "crawl", ["a", "b"]) == first                 # it goes on
        archive.db.execute("update run set finished_at = '2026'")
        assert run_id(archive.db, "crawl", ["a", "b"]) not in (first, named)    # the next one
        assert run_id(archive.db, "crawl", ["a", "b"], "2026-11-25") == named


# ---------------------------------------------------------------- crawling


@pytest.fixture(scope="module")
def made() -> Iterator[Town]:
    with town(hosts=4, reports=3) as running:
        yield running


@pytest.fixture(scope="module")
def whole(made: Town, tmp_path_factory: pytest.TempPathFactory) -> Dump:
    """What a crawl of all of the town holds."""
    folder = tmp_path_factory.mktemp("whole")
    assert crawl(folder, made.urls())["finished"]
    held = dump(folder)
    assert len(held["capture"]) > len(held["document"]) > len(held["report"]) > 8
    assert len(held["cell"]) > 500
    return held


@pytest.fixture(scope="module")
def halves(made: Town, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The archives of two machines that crawled half of the town each, by the command."""
    folders, hosts = [tmp_path_factory.mktemp(f"half{number}") for number in (1, 2)], []
    for number, folder in enumerate(folders, 1):
        made.forget()
        done = command(folder, *made.urls(), "--shard", f"{number}/2", "--json", "--no-browser")
        told = json.loads(done.stdout)
        assert (done.returncode, told["finished"]) == (0, True), done.stderr
        assert f"Shard {number}/2 is done; {told['elsewhere']} requests wait for the others" in done.stderr
        hosts.append(asked(made).keys())
    assert hosts[0] | hosts[1] == {site.host for site in made.sites}
    assert not hosts[0] & hosts[1]                                     # no host was asked by both
    return folders


def asked(made: Town) -> dict[str, int]:
    """How often each host was asked for anything, robots.txt too; then forgets."""
    hits = {site.host: len(site.hits) for site in made.sites if site.hits}
    made.forget()
    return hits


def copied(folders: list[Path], into: Path) -> list[Path]:
    return [Path(shutil.copytree(folder, into / str(n))) for n, folder in enumerate(folders)]


def test_two_shards_merged_and_the_rest_crawled_are_the_single_crawl_row_for_row(made: Town, whole: Dump, halves: list[Path],
                                                                                 tmp_path: Path) -> None:
    join(tmp_path, halves[::-1])
    with Archive(tmp_path, write=False) as archive:
        (waiting,) = archive.db.execute("select count(*) from frontier where state = 'todo'").fetchone()
    made.forget()
    rest = crawl(tmp_path, made.urls())
    assert (rest["resumed"], rest["finished"], rest["elsewhere"]) == (True, True, 0)
    assert 0 < waiting <= rest["captures"] < len(whole["capture"]) / 2
    assert differences(whole, dump(tmp_path)) == []
    made.forget()
    over = crawl(tmp_path, made.urls(), shard="1/2", round="1")
    assert (over["finished"], over["captures"], len(over["columns"])) == (True, 0, 4)
    assert not asked(made)


def test_machines_that_get_the_merged_archive_back_do_the_rest_among_themselves(made: Town, whole: Dump, halves: list[Path],
                                                                                tmp_path: Path) -> None:
    merged = tmp_path / "merged"
    join(merged, halves)
    made.forget()
    hosts = []
    again = copied([merged, merged], tmp_path)
    for number, folder in enumerate(again, 1):
        left = crawl(folder, made.urls(), shard=f"{number}/2")["elsewhere"]
        hosts.append(asked(made).keys())
    assert not hosts[0] & hosts[1]
    join(merged, again)
    with Archive(merged, write=False) as archive:
        todo = [url for url, in archive.db.execute("select target ->> 'url' from frontier where state = 'todo'")]
    assert 0 < len(todo) < left                                        # only what leads from one shard to the other
    assert all("/away/" in url for url in todo)
    crawl(merged, made.urls())
    assert differences(whole, dump(merged)) == []


def test_a_shard_given_again_asks_nothing_twice(made: Town, halves: list[Path], tmp_path: Path) -> None:
    (half,) = copied(halves[:1], tmp_path)
    made.forget()
    again = crawl(half, made.urls(), shard="1/2")
    assert (again["resumed"], again["finished"], again["captures"]) == (True, True, 0)
    assert all(path.startswith("/away/") for paths in made.asked().values() for path in paths)     # leads to the other shard
