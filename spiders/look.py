"""A look at a portal before or between crawls: its lists are walked, its reports only named, nothing is stored."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from spiders import addresses, portals, titles
from spiders.column import ColumnSpider
from spiders.exceptions import FetchError, PortalError
from spiders.models import Capture, Target
from spiders.page import Page
from spiders.portals import Column, Portal

MOST_PAGES = 40            # list pages of one look; a crawl knows no such bound


class Source(Protocol):
    """Where pages come from: the network, or a recording."""

    def get(self, target: Target) -> Page:
        """The page behind a target. Raises FetchError when there is none to be had."""


@dataclass
class Look:
    """What a look found: captures of home, column and list pages, and what could not be fetched."""

    captures: list[Capture] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    more: bool = False     # there were further list pages

    def reports(self, root: str = "") -> list[Target]:
        """The reports a crawl would follow, of one column and everything below it, or of all."""
        wanted = self._below(root) if root else None
        pages = (c for c in self.captures if wanted is None or c.target.column in wanted)
        found = {link.uid: link for page in pages for link in page.links if link.role in ("article", "attachment")}
        return list(found.values())

    def _below(self, root: str) -> set[str]:
        known = {root}
        for capture in self.captures:          # in the order walked: a parent comes before its children
            if capture.target.column in known:
                known |= {link.column for link in capture.links if link.role == "column"}
        return known

    def columns(self) -> list[Capture]:
        """The columns worth declaring: first pages that hold reports or lead to columns below them, not those below."""
        below = {link.column for c in self.captures if c.target.role == "column" for link in c.links if link.role == "column"}
        return [c for c in self.captures if c.target.role in ("column", "article") and c.progress and not c.progress.refusal
                and c.target.column not in below and (c.progress.accepted or any(link.role == "column" for link in c.links))]

    def refusals(self) -> list[str]:
        """Why pages were no lists, each reason once."""
        return sorted({c.progress.refusal for c in self.captures if c.progress and c.progress.refusal})

    def years(self, root: str) -> set[int]:
        """The years that the titles of a column's reports name."""
        return {year for report in self.reports(root) for year in titles.years(report.link_text)[:1]}


def look(spider: ColumnSpider, source: Source) -> Look:
    """Walk home, column and list pages of the spider's seeds, each once, at most forty."""
    seen, found = set[str](), Look()
    queue = deque(spider.seeds())
    while queue:
        target = queue.popleft()
        if target.uid in seen or target.role not in ("home", "column", "list"):
            continue
        if len(seen) >= MOST_PAGES:
            found.more = True
            break
        seen.add(target.uid)
        try:
            page = source.get(target)
        except FetchError as error:
            found.failures.append(str(error))
            continue
        capture = spider.capture(target, page, _outcome(page.status))
        found.captures.append(capture)
        queue.extend(capture.links)
    return found


def _outcome(status: int) -> str:
    return "ok" if status == 200 else "gone" if status in (404, 410) else "waf" if status in (401, 403) else "server-error"


# ---------------------------------------------------------------- declarations from what was seen


def declaration(url: str, seen: Look) -> Portal:
    """The declaration of a portal as far as its pages tell it; raises PortalError when no column was found."""
    columns = [capture for capture in seen.columns() if capture.progress]
    if not columns:
        reasons = seen.failures or seen.refusals()
        raise PortalError(f"no annual-report column found from {url}" + (f": {'; '.join(reasons)}" if reasons else ""))
    first = columns[0]
    page = Page(first.final_url, first.body or b"")
    code = page.metas.get("siteidcode", "")[:6]
    return Portal(slug=slug(url), name=page.metas.get("sitename") or urlsplit(url).hostname or url, home=_home(url),
                  division_code=code if code.isdigit() else "", platform=(first.progress.platform if first.progress else ""),
                  columns=tuple(Column(each.target.url) for each in columns))


def _home(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def slug(url: str) -> str:
    """A short name for a portal from its host: www.sz.gov.cn → sz, zwgk.dx.gov.cn → zwgk-dx."""
    host = addresses.split(url)[0]
    labels = [label for label in host.split(".") if label not in ("www", "gov", "cn", "com", "org", "net")]
    return "-".join(labels) or host.replace(".", "-")


def write(portal: Portal, folder: Path, force: bool = False) -> Path:
    """Write a declaration as `<slug>.toml`. Raises PortalError rather than overwrite a file unasked."""
    path = folder / f"{portal.slug}.toml"
    if path.exists() and not force:
        raise PortalError(f"{path} exists already; use --force to write it anew")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(portals.to_toml(portal), "utf-8")
    return path


def from_csv(path: Path) -> list[Portal]:
    """Declarations from a table with the columns name, code and home; raises PortalError naming the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_from_rows(path, csv.DictReader(file)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PortalError(f"{path.name}: cannot be read as CSV in UTF-8: {error}") from error


def _from_rows(path: Path, rows: Iterable[dict[str, str]]) -> Iterable[Portal]:
    taken: set[str] = set()
    for number, row in enumerate(rows, 2):
        name, code, home = ((row.get(key) or "").strip() for key in ("name", "code", "home"))
        if not name or not home:
            raise PortalError(f"{path.name}, line {number}: name and home must be given; the columns are name,code,home")
        if urlsplit(home).scheme not in ("http", "https") or not urlsplit(home).hostname:
            raise PortalError(f"{path.name}, line {number}: home must be a full http or https address, not '{home}'")
        short = slug(home) if slug(home) not in taken else f"{slug(home)}-{code or number}"
        taken.add(short)
        yield Portal(slug=short, name=name, home=home, division_code=code)
