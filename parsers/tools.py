"""Programs of the system that read what we do not: found on the PATH, run in a process of their own within limits."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO

from parsers.exceptions import NeedsTool, TooLarge

MEMORY = 2 << 30     # bytes of address space a program may have
MOST = 256 << 20     # bytes that it may write, into a file or to us


def path(program: str, purpose: str, package: str) -> str:
    """Where a program is. Raises `NeedsTool` with the purpose and the package that brings it."""
    found = shutil.which(program)
    if found is None:
        raise NeedsTool(f"{purpose} needs the program {program} (package {package}); install it and read the file again")
    return found


def output(command: list[str], seconds: float, given: IO[bytes] | None = None, memory: int = MEMORY) -> tuple[bytes, str]:
    """What a program writes to its standard output, and what it said of errors; it is killed past a limit.

    Raises `TooLarge` when it writes more than `MOST` bytes or takes longer than `seconds`.
    """
    late, name = Event(), Path(command[0]).name
    with TemporaryFile() as errors, subprocess.Popen(
            command, stdin=given or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
            env={**os.environ, "LC_ALL": "C.UTF-8"}, start_new_session=True) as child:
        timer = Timer(seconds, _stop, (child, late))
        timer.start()
        try:
            for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, MOST)):
                resource.prlimit(child.pid, limit, (value, value))
            assert child.stdout is not None
            written = child.stdout.read(MOST + 1)
            if len(written) <= MOST:
                child.wait()
        finally:
            _kill(child)
            timer.cancel()
        errors.seek(0)
        said = errors.read(1 << 16).decode("utf-8", "replace").strip()
    if late.is_set():
        raise TooLarge(f"{name} took more than {seconds:g} s for this file and was stopped")
    if len(written) > MOST:
        raise TooLarge(f"{name} makes more than {MOST:,} bytes of this file; unpack it by hand")
    return written, said


def _stop(child: subprocess.Popen[bytes], late: Event) -> None:
    late.set()
    _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
