"""What OCR may spend on one file: pages, and seconds of the time that a reading process has for it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

MAX_PAGES = 40             # of one file, at 1 to 2 seconds a page
SECONDS = 80.0             # for one file: two thirds of what a reading process has, with which all that was read would be lost
T = TypeVar("T")


class Spent(Exception):
    """The time for OCR ran out within a page."""


class Budget:
    """Pages and seconds left; `why` says which of them ran out, "" while there is some of both."""

    def __init__(self) -> None:
        self.left = SECONDS
        self.taken = 0
        self.until = 0.0

    @property
    def why(self) -> str:
        if self.left <= 0:
            return f"OCR took all of its {SECONDS:g} seconds for the file already"
        return f"{MAX_PAGES} pages of the file were read by OCR already" if self.taken >= MAX_PAGES else ""

    def check(self) -> None:
        """Raises `Spent` when the time is over: asked before every piece of work."""
        if monotonic() > self.until:
            raise Spent

    def spend(self, work: Callable[[], T]) -> T | None:
        """What the work on one page gives; None when it cannot be begun, or not be ended in time."""
        if self.why:
            return None
        self.taken += 1
        start = monotonic()
        self.until = start + self.left
        try:
            return work()
        except Spent:
            return None
        finally:
            self.left -= monotonic() - start
