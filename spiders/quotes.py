"""Quoted texts in scripts, found in one pass whatever stands there.

A quote that is never closed sends a regular expression to the end of the script, from every quote anew: a page of a million
of them takes hours. Here a text that does not close is remembered, and no quote of its kind within is tried again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENS = re.compile("[\"']")
_INSIDE = {mark: re.compile(rf"(?:\\.|[^\\{mark}{'' if mark == '`' else chr(10)}])*+", re.S) for mark in "\"'`"}


class Quotes:
    """Where the quoted texts of a source end. Texts in `"` and `'` end on their line, those in backticks anywhere."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._open_until = dict.fromkeys(_INSIDE, 0)

    def end(self, at: int) -> int:
        """The place after the quote that closes the text whose opening quote stands at `at`; 0 when none does."""
        mark = self.source[at]
        if at < self._open_until[mark]:
            return 0
        inside = _INSIDE[mark].match(self.source, at + 1)
        end = inside.end() if inside else at
        if self.source.startswith(mark, end):
            return end + 1
        self._open_until[mark] = end
        return 0

    def texts(self) -> Iterator[str]:
        """All texts in `"` and `'` in order, without their quotes, escapes as they stand."""
        at = 0
        while found := _OPENS.search(self.source, at):
            end = self.end(found.start())
            if end:
                yield self.source[found.end():end - 1]
            at = end or found.end()
