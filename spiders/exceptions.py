"""What can go wrong with a portal's declaration.

    SpiderError
    ├── PortalError           a declaration is missing, misspelt or names an unknown platform
    └── FetchError            a page to look at could not be had
"""

from __future__ import annotations


class SpiderError(Exception):
    """Base of everything the spiders raise on purpose; the message is one sentence for a person."""


class PortalError(SpiderError):
    """A portal declaration cannot be used; the message names the file and the key."""


class FetchError(SpiderError):
    """A page could not be fetched for a look; the message names the address and what stood in the way."""
