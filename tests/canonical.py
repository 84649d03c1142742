"""What an archive holds, without the hours, the ports and the order in which it came: equal archives give equal dumps."""

from __future__ import annotations

from pathlib import Path

from archive.store import Archive

Dump = dict[str, list[tuple[object, ...]]]

#: per name what counts; times, run ids and headers (they carry the server's clock) are the machine's own
_CATALOGUE = {
    "capture": """select uid, portal, column_url, role, url, final_url, status, outcome, digest, link_text, published_on,
                         agency, division_code, error, progress from capture""",
    "document": "select digest, size, media_type from document",
    "link": "select page_uid, digest, position, uid, host, target from link",
    "walk": """select portal, url, platform, outcome, refusal, declared, declared_pages, walked, rows, accepted, rejected,
                      reasons, end_proof from walk""",
    "reading": "select reading_id, digest, parser_version, hints, outcome, kind, reader, title, text_digest from reading",
    "tag": "select * from tag", "cell": "select * from cell", "section": "select * from section",
    "verdict": "select * from verdict",
    "issue": "select issue_id, digest, kind, message, locator from issue",
    "report": "select * from report", "report_version": "select report_id, digest, url, chosen, why from report_version",
    "finding": "select * from finding", "frontier": "select uid, state from frontier",
    "run": "select command, targets, state, finished_at is not null from run",
}


def dump(folder: Path) -> Dump:
    """Every row that counts, sorted, by table; of the blobs digest and size."""
    with Archive(folder, write=False) as archive:
        found = {name: sorted(archive.db.execute(sql).fetchall(), key=repr) for name, sql in _CATALOGUE.items()}
        return found | {"blob": sorted(archive.blobs.execute("select digest, size from blob"))}


def differences(one: Dump, other: Dump) -> list[str]:
    """Row by row what only one of two dumps holds; nothing when they are equal."""
    return [f"{sign} {name} {row}" for name in one for sign, left, right in (("-", one, other), ("+", other, one))
            for row in left[name] if row not in right[name] or left[name].count(row) > right[name].count(row)]
