"""What a page says of its list: how many pages and rows there are, how the files of further pages are named.

The forms in which pages say it are data (`spiders/data/pagers.json`); `spiders.turning` goes on from there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from spiders import addresses
from spiders.listing import Link
from spiders.models import Target
from spiders.page import Page, squeeze

_DATA: dict[str, Any] = json.loads(files("spiders").joinpath("data/pagers.json").read_text("utf-8"))
_SCRIPTS = [(form["form"], re.compile(form["pattern"])) for form in _DATA["scripts"]]
_TEXT = [(form["form"], re.compile(form["pattern"])) for form in _DATA["text"]]
_ROWS = [re.compile(pattern) for pattern in _DATA["rows"]]
_NUMBERED = re.compile(r"^(?P<name>.*?)[_\-](?P<number>\d+)\.(?P<ext>\w+)$")
_BARE = re.compile(r"^(?P<number>\d{1,4})\.(?P<ext>\w+)$")
_PUBLISHED = ("html", "shtml", "htm")          # extensions of pages that are files
_FILES = frozenset(form for form, _ in _SCRIPTS)   # what says it in a script mostly publishes every page as a file of its own
CARRIED = ("depth", "agency", "code")        # state of a column that every page of it keeps


@dataclass(frozen=True, slots=True)
class Pager:
    """What a page says of its list: number of pages, rows in all, and the file name of page {n}."""

    form: str
    pages: int | None = None
    rows: int | None = None
    template: str = ""            # "" when the call names no file
    offset: int | None = None     # file number of page p is p - 1 + offset; None: to be probed

    @property
    def files(self) -> bool:
        """Whether further pages are likely files, named by the call or as systems that make such calls name them."""
        return bool(self.template) or self.form in _FILES


def find(page: Page) -> Pager | None:
    """The pager of a page, None when it shows none."""
    for forms, source in ((_SCRIPTS, page.scripts), (_TEXT, page.visible)):
        for form, pattern in forms:
            if (match := pattern.search(source)) and (pager := _pager(page, form, match.groupdict())):
                return pager
    return None


def _pager(page: Page, form: str, said: dict[str, str | None]) -> Pager | None:
    pages = int(said["pages"] or 0)
    if not pages:
        return None
    name, ext = said.get("name") or "", said.get("ext") or ""
    template = f"{name}_{{n}}.{ext}" if name and ext else ""
    rows = int(said.get("rows") or 0) or declared_rows(page)
    return _numbered(page, Pager(form, pages, rows, template))


def declared_rows(page: Page) -> int | None:
    """The number of rows a page claims in words or in its scripts (共55条, recordCount: '55')."""
    found = (pattern.search(source) for pattern in _ROWS for source in (page.visible, page.scripts))
    return next((int(match["rows"]) for match in found if match), None)


def _numbered(page: Page, pager: Pager) -> Pager:
    """The pager with file name and numbering completed from the numbered links the page itself shows."""
    own = page.url.partition("?")[0].rpartition("/")[2]
    if not pager.template and (bare := _BARE.match(own)):
        return replace(pager, template=f"{{n}}.{bare['ext']}", offset=1)
    stem, _, ext = own.rpartition(".")
    for text, file in _numbered_links(page):
        match = _NUMBERED.match(file)
        if match and text.isdigit() and 2 <= int(text) <= (pager.pages or 0) and (
                pager.template in ("", f"{match['name']}_{{n}}.{match['ext']}")):
            offset = int(match["number"]) - int(text) + 1
            if offset in (0, 1):
                return replace(pager, template=pager.template or f"{match['name']}_{{n}}.{match['ext']}", offset=offset)
    if not pager.template and stem and ext in _PUBLISHED:
        return replace(pager, template=f"{stem}_{{n}}.{ext}")
    return pager


def _numbered_links(page: Page) -> Iterable[tuple[str, str]]:
    for anchor in page.tree.iter("a"):
        href = page.absolute(anchor.get("href") or "")
        if href and addresses.folder(href) == addresses.folder(page.url):
            yield squeeze("".join(map(str, anchor.itertext()))), href.partition("?")[0].rpartition("/")[2]


def mark(rows: Iterable[Link]) -> str:
    """Sixteen hex digits that tell one page's rows from another's, whatever their order; "" for no rows."""
    urls = sorted({row.url for row in rows})
    return hashlib.sha256("\n".join(urls).encode()).hexdigest()[:16] if urls else ""


def further_page(target: Target, url: str, state: Mapping[str, Any], referrer: str = "") -> Target:
    """A further page of the column of `target`; what belongs to the column and not to one page is carried on."""
    carried = {key: value for key, value in target.state.items() if key in CARRIED}
    return Target(url, "list", referrer=referrer or target.url, portal=target.portal, column=target.column or target.url,
                  state=carried | dict(state))
