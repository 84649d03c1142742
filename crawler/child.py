"""A Python process of our own, spoken to through a pipe, that ends when we do.

Unlike those of `multiprocessing`: they may not be started by a daemon, as the workers of a cluster are, and outlive a parent
that was killed.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection

_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from crawler.child import main; main()"
_EVERY = 0.5                 # seconds between two looks at whether the parent is still there


class Process:
    """Runs `module:function(pipe, *numbers)` in a new process.

    Our end of the pipe raises `EOFError` or `OSError` when it has ended.
    """

    def __init__(self, function: str, *numbers: int) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        told = [json.dumps(sys.path), function, *map(str, (theirs.fileno(), os.getpid(), *numbers))]
        with theirs:
            self.process = subprocess.Popen([sys.executable, "-c", _PROGRAM, *told], pass_fds=[theirs.fileno()],
                                            stdin=subprocess.DEVNULL)

    def interrupt(self) -> None:
        """Ctrl-C, as a person would."""
        self.process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End it now."""
        self.process.kill()
        self.process.wait()
        self.pipe.close()

    def stop(self, seconds: float = 5) -> None:
        """Let it see that no more comes, and end it when it does not."""
        self.pipe.close()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()


def main() -> None:
    """The child's side."""
    _, function, handle, parent, *numbers = sys.argv[1:]
    threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    module, _, name = function.partition(":")
    getattr(importlib.import_module(module), name)(Connection(int(handle)), *map(int, numbers))


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_EVERY)
    os._exit(1)
