"""Why a request was not made at all. Each reason has its outcome (docs/ARCHITECTURE.md, names of outcomes).

    Refused
    ├── PrivateAddress     the address is not of the public internet
    ├── RobotsRefused      robots.txt forbids it, or nobody knows whether it would
    └── NeedsBrowser       only a browser can draw the page, and none may be used
"""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """A request that is not made; `outcome` is what the archive says of it."""

    outcome = "error"


class PrivateAddress(Refused):
    """The address is not of the public internet."""

    outcome = "private"


class RobotsRefused(Refused):
    """robots.txt forbids this, or nobody knows whether it would: then `outcome` says what stood before the file."""

    def __init__(self, sentence: str, outcome: str = "robots") -> None:
        super().__init__(sentence)
        self.outcome = outcome


class NeedsBrowser(Refused):
    """Only a browser can draw this page, and there is none or none is wanted."""

    outcome = "needs-browser"
