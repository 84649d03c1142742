"""sqlite-utils without pandas and numpy, which it imports where they are installed (the extra `release`).

We hand it no frames; importing them costs every command 0.3 s of CPU and 70 MB (measured).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_UNUSED = ("pandas", "numpy")


@contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    """Within, what is not imported yet cannot be: that is what None in `sys.modules` means."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))             # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _without(_UNUSED):
    from sqlite_utils import Database, Migrations

__all__ = ["Database", "Migrations"]
