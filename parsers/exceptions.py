"""What can go wrong while reading a file.

    ParserError
    └── Unreadable            this file cannot be read; `kind` says how, the message says what to do
        ├── Empty             no bytes, or nothing but white space
        ├── UnknownFormat     no reader knows these bytes
        ├── Encrypted         a password or a certificate is needed
        ├── Damaged           truncated or broken beyond what the reader can mend
        ├── TooLarge          past a limit that keeps one file from hurting the rest
        └── NeedsTool         readable only with an optional part that is not installed
"""

from __future__ import annotations


class ParserError(Exception):
    """Base of everything the parsers raise on purpose."""


class Unreadable(ParserError):
    """This file cannot be read."""

    kind = "unreadable"


class Empty(Unreadable):
    """The file holds nothing."""

    kind = "empty"


class UnknownFormat(Unreadable):
    """No reader knows these bytes."""

    kind = "unknown-format"


class Encrypted(Unreadable):
    """A password or certificate is needed."""

    kind = "encrypted"


class Damaged(Unreadable):
    """Truncated or broken beyond mending."""

    kind = "damaged"


class TooLarge(Unreadable):
    """Past a size, depth or count limit."""

    kind = "too-large"


class NeedsTool(Unreadable):
    """Readable only with an optional part that is not installed; the message says which and how to get it."""

    kind = "needs-tool"
