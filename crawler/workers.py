"""Parsing in child processes: a file that hangs, crashes or eats memory costs itself and nothing else.

pdfium and lxml are C and not thread-safe; hostile files are daily bread. Each child reads one file at a time under limits
on address space, CPU and wall time; one that dies or overruns is replaced and the file becomes a failure with its reason.
"""

from __future__ import annotations

import json
import queue
import resource
import signal
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from typing import Any

from crawler.child import Process

MEMORY = 4 << 30     # bytes of address space (reserved, not used); the largest honest report needs a tenth
SECONDS = 120        # of wall time per file; a 500-page PDF needs 5
LARGEST = 200 << 20  # bytes of a file worth trying


@dataclass(frozen=True, slots=True)
class Job:
    """One document to read: its digest, its bytes, and what is known of where it was found (JSON).

    `drawn` asks for the blocks of the document as well.
    """

    digest: str
    data: bytes
    hints: str
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a job: the report as JSON values plus `text` (and `blocks`), or (issue kind, sentence)."""

    digest: str
    hints: str
    report: dict[str, Any] | None
    failure: tuple[str, str] | None = None


class Workers:
    """A pool of reading processes. `submit` returns at once; `done(result)` is called from a thread of the pool.

    Use as a context manager: leaving it waits for everything submitted.
    """

    def __init__(self, done: Callable[[Result], None], count: int = 1, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.done = done
        self.seconds = seconds
        self.memory = memory
        self.open = 0
        self._count = threading.Lock()
        self._jobs: queue.Queue[Job | None] = queue.Queue(4 * count)
        self._threads = [threading.Thread(target=self._serve, name=f"reader-{n}", daemon=True) for n in range(count)]

    def __enter__(self) -> Workers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def submit(self, job: Job) -> None:
        """Queue one document; waits while the queue is full."""
        with self._count:
            self.open += 1
        self._jobs.put(job)

    def _serve(self) -> None:
        child: Child | None = None
        while (job := self._jobs.get()) is not None:
            child = child or Child(read_one, self.memory)
            result = read(job, child, self.seconds)
            if not child.alive:
                child = None
            self.done(result)
            with self._count:
                self.open -= 1
        if child is not None:
            child.stop()


def read(job: Job, child: Child, seconds: float = SECONDS) -> Result:
    """What a child makes of a job; afterwards it may be alive no more."""
    if len(job.data) > LARGEST:
        return Result(job.digest, job.hints, None, ("too-large", f"{len(job.data):,} bytes, more than {LARGEST:,}"))
    try:
        report, failure = child.ask(seconds, job.data, job.hints, job.drawn)
    except Lost as lost:
        report = None
        failure = ("timeout", f"reading took more than {seconds:g} s and was stopped") if lost.late else (
            "parser-killed", "the file brought its reading process down")
    return Result(job.digest, job.hints, report, failure)


class Lost(Exception):
    """A child that gave no answer: it was `late`, or it died. It is gone, and alive no more."""

    def __init__(self, late: bool) -> None:
        super().__init__("a child process was late" if late else "a child process died")
        self.late = late


class Child:
    """One process that calls a function of a module again and again, and the pipe to it."""

    def __init__(self, function: Callable[..., Any], memory: int = MEMORY) -> None:
        # inherited by the child: Ctrl-C is for the crawl, a file must not be blamed for it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self.process = Process("crawler.workers:answer_forever", memory)
        self.pipe = self.process.pipe
        self.function = function
        self.alive = True

    def ask(self, seconds: float, *given: Any) -> Any:
        """What the function returns for `given`. Raises `Lost`."""
        try:
            self.pipe.send((self.function, given))
            if self.pipe.poll(seconds):
                return self.pipe.recv()
        except (EOFError, OSError) as error:
            self._kill()
            raise Lost(late=False) from error
        self._kill()
        raise Lost(late=True)

    def _kill(self) -> None:
        self.alive = False
        self.process.kill()

    def stop(self) -> None:
        """Let it end."""
        self.process.stop()


def answer_forever(pipe: Connection, memory: int) -> None:
    """The child: answer what comes until the pipe closes, with at most so many bytes of memory."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while True:
        try:
            function, given = pipe.recv()
        except EOFError:
            return
        pipe.send(function(*given))


def read_one(data: bytes, hints: str, drawn: bool = False) -> tuple[dict[str, Any] | None, tuple[str, str] | None]:
    """(report, None), or (None, (issue kind, sentence)) when the file cannot be read or the parser has a bug."""
    from parsers import Hints, Unreadable, parse, read

    try:
        report = parse(data, Hints(**json.loads(hints)))
        blocks = {"blocks": [asdict(block) for block in read(data).blocks]} if drawn else {}
        return report.to_json() | {"text": report.text} | blocks, None
    except Unreadable as error:
        return None, (error.kind, str(error))
    except MemoryError:
        return None, ("out-of-memory", "the file needs more memory than a reader may have")
    except Exception as error:  # noqa: BLE001 - a bug in a parser is an issue of that file, with its name
        return None, ("parser-bug", f"{type(error).__name__}: {error}")
