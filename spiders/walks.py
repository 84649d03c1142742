"""What a walk over one page of a column gives, and how its rows are sorted into reports, sub-columns and rejections."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from spiders import addresses, listing, titles, turning
from spiders.listing import Link
from spiders.models import Progress, Rejection, Target
from spiders.page import Page

MOST_DEPTH = 4          # 年报 → year → 部门 → agency
_FOLDERS_TOO = ("number_index", "web_index", "long_number", "year_query")      # dialects in which columns are written as well
_FEWEST_AGENCIES = 3    # agencies side by side that make a directory of columns
_FURNITURE = re.compile(r"foot|friend|header|banner|top-?nav|\blinks?\b|yqlj", re.I)


@dataclass(frozen=True, slots=True)
class Walk:
    """What follows from one page of a column: what to fetch next, and the ledger of this page."""

    links: tuple[Target, ...] = ()
    progress: Progress = field(default_factory=Progress)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows of a page by what they are."""

    reports: tuple[Target, ...] = ()
    columns: tuple[Target, ...] = ()
    rejected: tuple[Rejection, ...] = ()


def static(page: Page, target: Target, platform: str) -> Walk:
    """Walk a list whose rows stand in the page and whose pages are addresses of their own."""
    found = listing.links(page)
    rows = listing.rows(found, target.state.get("like"))
    turn = turning.turn(page, target, rows, platform)
    if not turn.counts:
        return Walk(turn.targets, turn.progress)
    return assemble(page, target, rows, found, turn.targets, turn.progress)


def assemble(page: Page, target: Target, rows: list[Link], found: list[Link],
             further: Iterable[Target], progress: Progress) -> Walk:
    """The walk of a page from its list rows, all its links, the further pages and what the pager said."""
    kept = sort_rows(rows, page, target)
    columns = (*kept.columns, *sub_columns(found, page, target))
    if not kept.reports and columns and not any(r.reason.startswith("look-alike") for r in kept.rejected):
        rows, kept = [], Sorted()          # a page of folders; what else it lists is furniture
        if progress.end_proof in ("", "single-page"):
            progress = replace(progress, end_proof="sub-columns")
    unique = {link.uid: link for link in (*columns, *kept.reports, *further)}
    return Walk(tuple(unique.values()), replace(progress, rows=len(rows), accepted=len(kept.reports), rejected=kept.rejected))


def sort_rows(rows: Iterable[Link], page: Page, target: Target) -> Sorted:
    """Reports to fetch, folders to walk and everything else with the reason it is left alone."""
    reports, columns, rejected = [], [], []
    for row in rows:
        verdict = judge(row, page)
        if verdict.kind == "report":
            reports.append(report(row, page, target))
        elif verdict.kind == "column" and may_descend(row.url, page, target):
            columns.append(column(row, page, target))
        else:
            rejected.append(Rejection(row.url, row.text, verdict.reason or f"not followed: {verdict.kind}"))
    return Sorted(tuple(reports), tuple(columns), tuple(rejected))


def may_be_report(text: str) -> bool:
    """Whether there is an address under which a link with this title leads to a report, or to reports."""
    return titles.judge(text).kind not in ("nav", "look-alike", "other")


def judge(row: Link, page: Page) -> titles.Verdict:
    """A title judged together with where it leads: under an article's address an agency or a year alone is a report."""
    verdict = titles.judge(row.text)
    if not may_be_report(row.text):
        return verdict
    is_article = addresses.is_file(row.url) or addresses.dialect(row.url) not in ("", *_FOLDERS_TOO)
    if verdict.kind in ("agency", "year", "column", "group"):
        return titles.Verdict("report" if is_article or row.day else "column")
    if verdict.kind == "report" and not is_article and (addresses.is_front(row.url) or (
            not row.day and addresses.is_folder(row.url))):
        return titles.Verdict("column")
    return verdict


def report(row: Link, page: Page, target: Target) -> Target:
    """The target of a report's row; a row that is itself a file is a leaf."""
    state = {key: value for key, value in target.state.items() if key in ("agency", "code")}
    return Target(row.url, "attachment" if addresses.is_file(row.url) else "article", referrer=page.url, link_text=row.text,
                  published_on=row.day, portal=target.portal, column=target.column or target.url, state=state)


def sub_columns(found: Iterable[Link], page: Page, target: Target) -> tuple[Target, ...]:
    """Year folders, 部门 and 乡镇 folders, and agencies' own folders under this column, among all links of its page."""
    found = list(found)
    down = [link for link in found if _leads_down(link, page)] or _directory(found, page)
    return tuple(column(link, page, target) for link in down if may_descend(link.url, page, target))


def _directory(found: list[Link], page: Page) -> list[Link]:
    """Folders of agencies elsewhere on the same host, several side by side, where a page leads nowhere else."""
    host, groups = addresses.split(page.url)[0], defaultdict(list)
    for link in found:
        path = addresses.split(link.url)[1]
        if not link.is_row and addresses.split(link.url)[0] == host and len(path.strip("/")) > 1:
            groups[link.place].append(link)
    named = ([link for link in group if titles.judge(link.text).kind == "agency"]
             for place, group in groups.items() if not _FURNITURE.search(place))
    return [link for group in named if len(group) >= _FEWEST_AGENCIES for link in group]


def _leads_down(link: Link, page: Page) -> bool:
    if link.day or addresses.is_file(link.url) or addresses.dialect(link.url) not in ("", *_FOLDERS_TOO):
        return False
    kind = titles.judge(link.text).kind
    below = addresses.folder(link.url).startswith(addresses.folder(page.url))
    beside = addresses.folder(link.url).startswith(_parent(addresses.folder(page.url)))
    return (kind in ("agency", "column") and below) or (kind == "group" and beside) or kind == "year" or (
        kind == "report" and addresses.is_folder(link.url))


def _parent(folder: str) -> str:
    return folder.rstrip("/").rpartition("/")[0] + "/"


def may_descend(url: str, page: Page, target: Target) -> bool:
    """Whether a folder may be walked as a sub-column: same site, not too deep, neither this page nor one above it."""
    same = addresses.site(addresses.split(url)[0]) == addresses.site(addresses.split(page.url)[0])
    depth = int(target.state.get("depth", 0))
    return same and depth < MOST_DEPTH and not _is_above(url, page.url) and not _is_above(url, target.column or target.url)


def _is_above(url: str, here: str) -> bool:
    if "?" in url or "?" in here:
        return url == here
    return addresses.is_folder(url) and addresses.folder(here).startswith(addresses.folder(url))


def column(link: Link, page: Page, target: Target) -> Target:
    """A sub-column as a column of its own; below 部门 or 乡镇 the declared agency no longer speaks for the reports."""
    state: dict[str, Any] = {"depth": int(target.state.get("depth", 0)) + 1}
    if titles.judge(link.text).kind in ("year", "report", "column"):
        state |= {key: value for key, value in target.state.items() if key in ("agency", "code")}
    return Target(link.url, "column", referrer=page.url, link_text=link.text, portal=target.portal, column=link.url,
                  state=state)
