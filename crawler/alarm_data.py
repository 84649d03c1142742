"""What the documents of a column give, against what they gave before: worse reading, late reports, and silence."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

FEWEST = 3              # documents that must have got worse before it is no accident
JUMP = 0.4              # by which their share must have grown
SILENCE = 45            # days without a good look at a portal that was watched; the longest wait of any season is 30

Found = tuple[str, str, str, str, str, dict[str, Any]]      # portal, column, since, class, sentence, evidence


class Document(NamedTuple):
    """One document of a column as one parser version read it. `bad`: unreadable, or an error rule failed."""

    portal: str
    url: str
    digest: str
    seen_at: str
    version: int
    bad: bool
    read_at: str


def worse(db: sqlite3.Connection) -> Iterator[Found]:
    """Columns whose documents the newest parser version reads worse, or whose newest documents are read worse."""
    columns = defaultdict(list)
    for row in db.execute("""
        with had as (
          select portal, column_url, digest, min(captured_at) as seen_at from capture
           where digest is not null and column_url <> '' and role in ('article', 'attachment') group by 1, 2, 3)
        select portal, column_url, digest, seen_at, cast(parser_version as integer),
               max(g.outcome = 'unreadable' or exists (select 1 from verdict v where v.reading_id = g.reading_id
                    and v.verdict = 'fail' and v.severity = 'error')), max(g.read_at)
          from had join reading g using (digest) group by 1, 2, 3, 5"""):
        columns[row[:2]].append(Document(*row))
    for documents in columns.values():
        if found := _by_version(documents) or _by_time(documents):
            yield found


def _by_version(documents: Sequence[Document]) -> Found | None:
    """The same documents as two parser versions read them."""
    versions = sorted({document.version for document in documents})[-2:]
    if len(versions) < 2:
        return None
    old, new = ({d.digest: d for d in documents if d.version == version} for version in versions)
    both = old.keys() & new.keys()
    told = f"parser version {versions[1]} against {versions[0]}"
    return _jumped([old[digest] for digest in both], [new[digest] for digest in both], told)


def _by_time(documents: Sequence[Document]) -> Found | None:
    """The documents of the last day that brought any, against all earlier ones."""
    newest = max(document.version for document in documents)
    read = [document for document in documents if document.version == newest]
    day = max(document.seen_at for document in read)[:10]
    return _jumped([d for d in read if d.seen_at[:10] < day], [d for d in read if d.seen_at[:10] == day],
                   "the newest documents against the earlier ones")


def _jumped(before: Sequence[Document], after: Sequence[Document], told: str) -> Found | None:
    was, bad = sum(d.bad for d in before), [d for d in after if d.bad]
    if len(before) < FEWEST or len(bad) < FEWEST or len(bad) / len(after) - was / len(before) < JUMP:
        return None
    said = f"{len(bad)} of {len(after)} documents are unreadable or fail a rule, {was} of {len(before)} before ({told})"
    evidence = {"digests": sorted(d.digest for d in bad)[:6],
                "counts": {"bad": len(bad), "of": len(after), "bad_before": was, "of_before": len(before)}}
    return bad[0].portal, bad[0].url, min(d.read_at for d in bad), "data", said, evidence


def late(db: sqlite3.Connection) -> Iterator[Found]:
    """Columns in which bodies still miss the report that was due last, though they were looked at since."""
    for portal, url, count, year, bodies, since in db.execute("""
        with hole as (select agency_id, year, coalesce(body, agency_id) as body, due_on from coverage
                       where state in ('overdue', 'absent') and year = (select max(year) from coverage
                        where due_on < date('now'))),
        place as (
          select agency_id, portal, column_url from body where column_url not in ('', '*')
           union
          select r.agency_id, c.portal, c.column_url from report r join report_version v using (report_id)
            join capture c on c.digest = v.digest where r.agency_id is not null and c.column_url <> '')
        select portal, column_url, count(distinct agency_id), max(year), group_concat(distinct hole.body), min(due_on)
          from hole join place using (agency_id) group by 1, 2"""):
        yield (portal, url, since, "late", f"{count} bodies have not published for {year}, looked for since it was due",
               {"counts": {"bodies": count, "year": year}, "bodies": bodies.split(",")[:10]})


def unwatched(db: sqlite3.Connection) -> Iterator[Found]:
    """Portals looked at on two days or more, and not well since long ago; without a declaration each column by itself."""
    for portal, url, last, days in db.execute(f"""
        with look as (select portal, iif(portal = '', url, '') as url, walked_at,
                             outcome in ('complete', 'empty', 'partial') as good from walk)
        select portal, url, coalesce(max(iif(good, walked_at, null)), min(walked_at)), count(distinct date(walked_at))
          from look group by 1, 2
        having count(distinct date(walked_at)) > 1
           and julianday('now') - julianday(coalesce(max(iif(good, walked_at, null)), min(walked_at))) > {SILENCE}"""):
        said = f"no look at it went well since {last[:10]}, more than {SILENCE} days"
        yield portal, url, last, "unwatched", said, {"counts": {"days_looked_at": days}, "last_good": last}
