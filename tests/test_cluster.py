"""A real Dask cluster of two workers: what it crawls and reads is what one machine would have, whatever dies on the way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.store import Archive
from archive.verify import Fault, verify
from crawler.cli import cli
from tests import dask
from tests.canonical import differences, dump
from tests.crawling import crawl
from tests.hosts import Town, town
from tests.loopback import Site
from tests.test_crawl import nianbao

pytest.importorskip("distributed", reason="needs the `cluster` extra")

ROOT = Path(__file__).parents[1]
LOCAL = ("--allow-private", "127.0.0.0/8", "--no-browser")


def start(folder: Path, made: Town, scheduler: str, *words: str, patience: int = 10) -> subprocess.Popen[str]:
    program = f"from crawler.cluster import connect; connect.PATIENCE = {patience}; from crawler.cli import cli; cli()"
    told = ["cluster", "crawl", *made.urls(), *words, "--scheduler", scheduler, "--archive", str(folder), *LOCAL]
    return subprocess.Popen([sys.executable, "-c", program, *told], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, preexec_fn=_interruptible)


def _interruptible() -> None:
    """What runs in the background of a shell that is no terminal inherits that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def hits(made: Town) -> int:
    return sum(len(site.hits) for site in made.sites)


def wait_for(made: Town, count: int) -> None:
    until = time.monotonic() + 90
    while hits(made) < count and time.monotonic() < until:
        time.sleep(0.01)
    assert hits(made) >= count


def wait_for_silence(made: Town) -> None:
    until, before = time.monotonic() + 30, -1
    while (now := hits(made)) != before and time.monotonic() < until:
        before = now
        time.sleep(4)                                # more than an answer and a delay take on a busy machine
    assert now == before


def sound(folder: Path) -> bool:
    with Archive(folder, write=False) as archive:
        doubled = archive.db.execute("select 1 from capture group by run_id, uid having count(*) > 1").fetchall()
        return not doubled and not [found for found in verify(archive) if isinstance(found, Fault)]


def test_whatever_dies_on_the_way_nothing_is_lost_or_doubled_and_one_machine_goes_on(tmp_path: Path) -> None:
    """A command that is stopped, a worker that is killed, a scheduler that is killed: each once, at some moment."""
    with town(hosts=3, reports=6, first=12, pause=0.6) as made, dask.cluster(0) as cluster:
        assert crawl(tmp_path / "whole", made.urls())["finished"]
        whole = dump(tmp_path / "whole")

        child = start(tmp_path / "a", made, cluster.address, patience=1)
        _, err = child.communicate(timeout=100)
        assert (child.returncode, "has no workers: start some with `dask worker" in err) == (2, True), err

        cluster.worker()
        made.forget()
        child = start(tmp_path / "a", made, cluster.address)
        wait_for(made, 6)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=200)
        assert child.returncode == 3, err
        made.forget()
        time.sleep(0.7)
        assert not hits(made)                        # its pieces have ended with it

        child = start(tmp_path / "a", made, cluster.address)
        wait_for(made, 6)
        os.killpg(cluster.workers[0].pid, signal.SIGKILL)
        cluster.worker()
        made.forget()
        wait_for(made, 6)
        os.killpg(cluster.scheduler.pid, signal.SIGKILL)
        _, err = child.communicate(timeout=200)
        assert (child.returncode, "is gone; what came is kept" in err, "Traceback" in err) == (3, True, False), err
        assert sound(tmp_path / "a")
        wait_for_silence(made)                       # the worker's piece ends too, before somebody else asks its hosts

        assert crawl(tmp_path / "a", made.urls())["finished"]
        assert differences(whole, dump(tmp_path / "a")) == []
        assert sound(tmp_path / "a")
        assert [site.most_open for site in made.sites] == [1] * len(made.sites)


def test_the_example_of_the_documentation_runs_and_gives_what_one_machine_gives(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "CLUSTER.md").read_text("utf-8")
    (example,) = (block for block in re.findall(r"```sh\n(.*?)```", text, re.S) if "dask scheduler" in block)
    with Site() as free:
        port = str(free.port)
    script = f"set -m\nset -e\n{example}".replace("8786", port).replace("/tmp/", f"{tmp_path}/")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True,
                          timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "documents read, 0 of them unreadable" in done.stderr
    assert "0 faults" in done.stderr
    server = subprocess.Popen([sys.executable, "-m", "crawler.demo", str(tmp_path / "portals")], cwd=ROOT,
                              stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        server.stdout.readline()
        one = nianbao("crawl", "demo-ningguo", "demo-dingxi", "--portals", str(tmp_path / "portals"), "--archive",
                      str(tmp_path / "one"), "--allow-private", "127.0.0.0/8")
        _, err = one.communicate(timeout=200)
        assert one.returncode == 0, err
    finally:
        server.terminate()
        server.communicate()
    assert differences(dump(tmp_path / "one"), dump(tmp_path / "both")) == []


# ---------------------------------------------------------------- no cluster


def test_without_a_scheduler_it_is_a_sentence(tmp_path: Path) -> None:
    with Site() as closed:
        address = f"tcp://127.0.0.1:{closed.port}"
    for wrong in (address, "nowhere"):
        child = start(tmp_path / "a", Town(0), wrong, "http://a.example/", patience=1)
        _, err = child.communicate(timeout=100)
        assert (child.returncode, "no Dask scheduler answers at" in err, "Traceback" in err) == (2, True, False), err
    assert not (tmp_path / "a").exists()


def test_without_dask_it_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = CliRunner().invoke(cli, ["cluster", "crawl", "http://a.example/", "--scheduler", "tcp://127.0.0.1:1", "--archive",
                                    str(tmp_path)])
    assert done.exit_code == 2
    assert "a cluster needs Dask: pip install" in done.stderr


def test_reading_needs_an_archive(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["cluster", "parse", "--scheduler", "tcp://127.0.0.1:1", "--archive", str(tmp_path / "a")])
    assert done.exit_code == 2
    assert "there is no archive in" in done.stderr
