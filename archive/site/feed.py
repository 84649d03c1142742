"""The newest reports as Atom (RFC 4287)."""

from __future__ import annotations

import sqlite3
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from archive.catalogue import rows

_ENTRIES = 50


def atom(db: sqlite3.Connection, base: str, agency_id: str = "") -> str:
    """The reports first captured last, of one body when asked for."""
    found = rows(db, f"""select report_id, agency, title, year, published_on, first_captured_at, checks_failed from reports
                          where ?1 in ('', agency_id) order by first_captured_at desc, report_id limit {_ENTRIES}""", agency_id)
    updated = found[0]["first_captured_at"] if found else "1970-01-01T00:00:00Z"
    address = f"{base}/feed.atom" + (f"?agency={quote(agency_id)}" if agency_id else "")
    head = (f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
            f"<title>年报 nianbao</title><id>{escape(address)}</id><updated>{_moment(updated)}</updated>"
            f'<author><name>nianbao</name></author><link rel="self" href={quoteattr(address)}/>')
    return head + "".join(_entry(row, base) for row in found) + "</feed>\n"


def _entry(row: dict[str, object], base: str) -> str:
    address = f"{base}/report/{quote(str(row['report_id']))}"
    title = f"{row['agency'] or row['title'] or row['report_id']} {row['year'] or ''}".strip()
    said = f"公布于 {row['published_on']}" if row["published_on"] else "无公布日期"
    failed = f"，{row['checks_failed']} 项不符" if row["checks_failed"] else ""
    return (f"<entry><title>{escape(title)}</title><id>{escape(address)}</id><link href={quoteattr(address)}/>"
            f"<updated>{_moment(str(row['first_captured_at']))}</updated><summary>{escape(said + failed)}</summary></entry>")


def _moment(text: str) -> str:
    """RFC 3339 wants a zone and seconds."""
    moment = (text if "T" in text else f"{text}T00:00:00")[:19]
    return f"{moment}Z"
