"""A hostile file costs itself: it is named with its reason, and the next one is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from crawler import workers
from crawler.workers import Job, Result, Workers

HINTS = '{"url": "http://a.example/1.html"}'
GOOD = "<html><body><h1>神池县司法局2019年政府信息公开工作年度报告</h1><p>收到申请三件。</p></body></html>".encode()


def results(*jobs: Job, **limits: Any) -> dict[str, Result]:
    found: dict[str, Result] = {}
    with Workers(lambda result: found.__setitem__(result.digest, result), **limits) as pool:
        for job in jobs:
            pool.submit(job)
    return found


def failure(result: Result) -> tuple[str, str]:
    assert result.failure is not None
    assert result.report is None
    return result.failure


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A `parsers.parse` that does what the first word of its file says; found by the children before the true one."""
    (tmp_path / "sitecustomize.py").write_text("""
import os, sys, time, parsers
true = parsers.parse
def parse(data, hints):
    word = data.split()[0].decode("latin-1")
    if word == "hang": time.sleep(60)
    if word == "loop":
        while True: pass
    if word == "crash": os.abort()
    if word == "eat": return bytearray(1 << 40)
    if word == "deep": raise RecursionError("too deep")
    return true(data, hints)
parsers.parse = parse
""")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path(__file__).parents[1]}")
    return tmp_path


def test_a_good_file_gives_its_report() -> None:
    (result,) = results(Job("a", GOOD, HINTS)).values()
    assert result.failure is None
    assert result.report is not None
    assert "收到申请三件" in result.report["text"]


def test_an_unreadable_file_says_why() -> None:
    found = results(Job("nothing", b"", HINTS), Job("strange", b"\x00\x01\x02\x03" * 50, HINTS))
    assert failure(found["nothing"])[0] == "empty"
    assert failure(found["strange"])[0] == "unknown-format"


def test_each_bad_file_is_named_and_the_others_are_read(hostile: Path) -> None:
    bad = {"hang": "timeout", "loop": "timeout", "crash": "parser-killed", "eat": "out-of-memory", "deep": "parser-bug"}
    jobs = [job for word in bad for job in (Job(word, word.encode() + b" x", HINTS), Job(f"after {word}", GOOD, HINTS))]
    found = results(*jobs, seconds=8, count=2)             # a reader's start counts too, on a machine that has other work
    assert {word: failure(found[word])[0] for word in bad} == bad
    assert all(found[f"after {word}"].report for word in bad)


def test_a_file_past_the_size_limit_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LARGEST", 10)
    assert failure(results(Job("a", GOOD, HINTS))["a"])[0] == "too-large"


def test_several_readers_share_the_work() -> None:
    found = results(*(Job(str(n), GOOD, HINTS) for n in range(20)), count=2)
    assert len(found) == 20
    assert all(result.report for result in found.values())


def test_ctrl_c_reaches_no_reader(hostile: Path) -> None:
    """A terminal sends SIGINT to the whole group; a file that is being read must not be blamed for it."""
    found: dict[str, Result] = {}
    with Workers(lambda result: found.__setitem__(result.digest, result), seconds=3) as pool:
        pool.submit(Job("a", b"hang x", HINTS))
        until = time.monotonic() + 30
        while not (children := _children()) and time.monotonic() < until:
            time.sleep(0.05)
        for child in children:
            os.kill(child, signal.SIGINT)
    assert failure(found["a"])[0] == "timeout"


def _children() -> list[int]:
    listed = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = [int(pid) for path in listed for pid in path.read_text().split()]
    return [pid for pid in pids if b"crawler.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_a_reader_that_is_busy_ends_with_the_process_that_started_it(hostile: Path) -> None:
    program = ("from crawler.workers import Child, Job, read, read_one; child = Child(read_one); "
               "print(child.process.process.pid, flush=True); read(Job('a', b'loop x', '{}'), child)")
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    reader = Path(f"/proc/{int(parent.stdout.readline())}")
    time.sleep(0.5)
    assert reader.exists()
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 30
    while reader.exists() and "Z" not in (reader / "stat").read_text().split()[2] and time.monotonic() < until:
        time.sleep(0.1)
    assert time.monotonic() < until
