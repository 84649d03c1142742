"""The quoted texts of a script, found in one pass: where one does not close, no quote of its kind within is tried again."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENS = re.compile("[\"'`]")
_INSIDE = {mark: re.compile(rf"(?:\\.|[^\\{mark}{'' if mark == '`' else chr(10)}])*+", re.S) for mark in "\"'`"}


def literals(script: str) -> Iterator[str]:
    """The texts in quotes and backticks in order, without their quotes, escapes as they stand; only backticks span lines."""
    at, unclosed_until = 0, dict.fromkeys(_INSIDE, 0)
    while found := _OPENS.search(script, at):
        mark, at = found[0], found.end()
        if found.start() < unclosed_until[mark]:
            continue
        inside = _INSIDE[mark].match(script, at)
        end = inside.end() if inside else at
        if script.startswith(mark, end):
            yield script[at:end]
            at = end + 1
        else:
            unclosed_until[mark] = end
