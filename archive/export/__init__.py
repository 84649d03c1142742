"""What leaves the archive for other projects. One module per format, each with `write(db, folder) -> list[Path]`.

Missing, blank, zero and not applicable stay four different things: a cell has a value, or a status that says why not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A draft beside `path` to write into; it takes the name when all went well, and goes when it did not."""
    draft = path.with_name(f"{path.name}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
