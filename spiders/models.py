"""What spiders speak in: what to fetch (`Target`) and what was seen (`Capture`)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["home", "column", "list", "article", "attachment"]


#: the method of a target that is to be drawn by a browser, and what the answer says of the list it turned through
RENDER = "RENDER"
DRAWN_PAGES, DRAWN_END = "X-Nianbao-Pages", "X-Nianbao-End"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fetch, and where its link stood.

    `role`: column = first page of a 年报 column, list = a further page of it, article, attachment, home.
    `state` is the platform's own walking state (JSON values only): it travels with the target through the frontier.
    """

    url: str
    role: Role = "article"
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    referrer: str = ""
    link_text: str = ""
    published_on: str = ""
    portal: str = ""
    column: str = ""
    state: Mapping[str, Any] = field(default_factory=dict)

    @property
    def uid(self) -> str:
        """Identity of the request (method, url, body), 32 hex digits; the same in every run and archive."""
        key = b"\n".join((self.method.encode(), self.url.encode(), self.body))
        return hashlib.sha256(key).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A link in a column that is not followed, and why (`look-alike: 政府网站工作年度报表`, `off-site`, …)."""

    url: str
    link_text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What one page of a column tells about the whole walk; the run's ledger adds these up per column."""

    declared: int | None = None          # total the page claims, in rows
    declared_pages: int | None = None
    rows: int = 0                        # raw rows on this page, before any filtering
    accepted: int = 0
    rejected: tuple[Rejection, ...] = ()
    end_proof: str = ""                  # set on the page that proves the end: last-page, repeat, single-page, empty-marker …
    refusal: str = ""                    # set when the page is no list: needs-adapter, needs-browser, soft-404, challenge …
    platform: str = ""                   # the family that walked this page
    probe: bool = False                  # asked only to learn the numbering: its own outcome says nothing of the column


@dataclass(frozen=True, slots=True)
class Capture:
    """One observation of one target: what came back, the links to follow, and what it says of the column."""

    target: Target
    captured_at: str                     # UTC, ISO 8601 with microseconds
    status: int                          # HTTP status, 0 when nothing came back
    outcome: str                         # ok, not_modified, or a refusal class (docs/ARCHITECTURE.md)
    final_url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    error: str = ""
    links: tuple[Target, ...] = ()
    progress: Progress | None = None
    agency: str = ""                     # the portal's declaration for this column
    division_code: str = ""
