"""What a look saw, kept as a WARC beside the declaration, to be walked again without the network.

A look is a fixture: when a walk of a portal goes wrong later, its recording still shows what the page once was, and a change
to a walker can be tried on it (`nianbao portal check NAME --recorded`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from archive.export import whole
from archive.warc import Writer
from spiders.exceptions import FetchError, PortalError
from spiders.look import Source
from spiders.models import Target
from spiders.page import Page

_TARGET = "Nianbao-Target"       # identity of the request: POSTs to one address differ only by their body
_CODED = frozenset({"content-length", "content-encoding", "transfer-encoding"})      # bodies are kept decoded


def path_of(declaration: Path) -> Path:
    """Where the recording of a declaration lies: `anyang.toml` → `anyang.warc.gz`."""
    return declaration.with_suffix(".warc.gz")


@dataclass
class Recorder:
    """Fetches, and remembers every page for `save`."""

    source: Source
    pages: list[tuple[str, str, Page]] = field(default_factory=list)       # uid of the target, when, what came back

    def get(self, target: Target) -> Page:
        """The page behind a target. Raises what `source` raises."""
        page = self.source.get(target)
        self.pages.append((target.uid, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", page))
        return page

    def save(self, path: Path) -> None:
        """Write the pages as gzipped WARC/1.1 responses, one member each; an older recording is replaced as a whole."""
        with whole(path) as draft, draft.open("wb") as stream:
            writer = Writer(stream, gzip=True, warc_version="1.1")
            for uid, at, page in self.pages:
                writer.write_record(_record(writer, uid, at, page))


def _record(writer: Writer, uid: str, at: str, page: Page) -> Any:
    told = [(name, value) for name, value in page.headers if name.lower() not in _CODED]
    http = StatusAndHeaders(f"{page.status} Recorded", [*told, ("Content-Length", str(len(page.body)))], protocol="HTTP/1.1")
    return writer.create_warc_record(page.url, "response", payload=io.BytesIO(page.body), http_headers=http,
                                     warc_headers_dict={"WARC-Date": at, _TARGET: uid})


@dataclass(frozen=True)
class Recording:
    """Answers from a recording; raises `FetchError` for what it does not hold."""

    path: Path
    pages: dict[str, Page]

    @classmethod
    def load(cls, path: Path) -> Recording:
        """Read a recording whole. Raises `PortalError` when there is none, or it is broken."""
        try:
            with path.open("rb") as stream:
                return cls(path, dict(_pages(stream)))
        except FileNotFoundError:
            raise PortalError(f"there is no recording {path}; `nianbao portal new ADDRESS --force` makes one") from None
        except (OSError, EOFError, ArchiveLoadFailed) as error:
            raise PortalError(f"{path}: not a whole WARC file ({error}); record it anew with `nianbao portal new`") from error

    def get(self, target: Target) -> Page:
        """The page recorded for a target."""
        try:
            return self.pages[target.uid]
        except KeyError:
            raise FetchError(f"{target.url}: not in the recording {self.path.name}") from None


def _pages(stream: Any) -> Iterator[tuple[str, Page]]:
    for record in ArchiveIterator(stream):
        if record.rec_type == "response":
            headers = tuple(record.http_headers.headers)
            yield record.rec_headers[_TARGET], Page(record.rec_headers["WARC-Target-URI"], record.content_stream().read(),
                                                    int(record.http_headers.get_statuscode()), headers)
