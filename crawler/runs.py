"""The ledger of a run: what each column declared, what was walked and taken, and how its end was proved.

Everything is added up from the captures, so a run that was killed and resumed gives the same ledger.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

#: outcomes that mean somebody kept us out, as against a page that broke
REFUSALS = ("robots", "geo", "waf", "challenge", "tls", "dns", "timeout", "gone", "soft-404", "needs-browser", "private",
            "server-error")
EMPTY_PROOFS = ("empty-marker",)
#: files that the portal lists and no longer has: told, but the column is no less complete for them
GONE = {"gone", "soft-404"}
#: an unfinished run older than this is left as it is: what it saw first is no longer what stands there
RESUMED_WITHIN = timedelta(days=7)


@dataclass
class Column:
    """One column's walk in one run."""

    portal: str
    url: str
    platform: str = ""
    declared: int | None = None
    declared_pages: int | None = None
    walked: int = 0
    rows: int = 0
    accepted: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    end_proof: str = ""
    refusals: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    walked_at: str = ""

    @property
    def outcome(self) -> str:
        """complete, partial, empty, refused or broken: see docs/ARCHITECTURE.md."""
        if not self.walked or (self.refusals and not self.rows and not self.accepted):
            return "refused" if self.refusal in REFUSALS else "broken"
        if not self.rows and not self.accepted:
            if self.end_proof in EMPTY_PROOFS:
                return "empty"
            return "complete" if self.end_proof == "sub-columns" else "broken"
        if self.refusals or self.missed.keys() - GONE:
            return "partial"
        exact = self.declared == self.rows
        more = bool(self.end_proof) and (self.declared is None or self.rows > self.declared)
        return "complete" if exact or more else "partial"

    @property
    def refusal(self) -> str:
        """The commonest reason why something is missing, or why nothing could be read."""
        reasons = self.refusals or self.missed
        if reasons:
            return reasons.most_common(1)[0][0]
        return "needs-adapter" if not self.rows and not self.end_proof else ""


def begin(db: sqlite3.Connection, command: str, targets: Sequence[str], started_at: str, named: str = "") -> tuple[str, bool]:
    """(run_id, resumed): the unfinished run of the same targets, else a new one. The caller owns the transaction.

    `named` is the id of the one run that is meant, finished or not; it is made where there is none.
    """
    wanted = json.dumps(sorted(targets), ensure_ascii=False)
    _abandon(db, started_at, named)
    left = db.execute("select run_id from run where run_id = ?1 or (?1 = '' and finished_at is null and targets = ?2"
                      " and command = ?3) order by started_at desc limit 1", (named, wanted, command)).fetchone()
    if left:
        return str(left[0]), True
    run_id = named or uuid.uuid4().hex
    db.execute("insert into run(run_id, started_at, command, targets) values (?,?,?,?)", (run_id, started_at, command, wanted))
    return run_id, False


def is_finished(db: sqlite3.Connection, run_id: str) -> bool:
    """Whether a run's ledger is closed."""
    return db.execute("select finished_at from run where run_id = ?", (run_id,)).fetchone()[0] is not None


def _abandon(db: sqlite3.Connection, now: str, but: str) -> None:
    """Close what nobody came back to."""
    since = (datetime.fromisoformat(now) - RESUMED_WITHIN).isoformat()
    old = db.execute("select run_id from run where finished_at is null and started_at < ? and run_id <> ?",
                     (since, but)).fetchall()
    db.executemany("delete from frontier where run_id = ?", old)
    db.executemany("update run set state = 'abandoned', finished_at = started_at where run_id = ?", old)


def finish(db: sqlite3.Connection, run_id: str, finished_at: str, platforms: Mapping[str, str]) -> list[dict[str, Any]]:
    """Write the ledger and close the run; returns the ledger. The caller owns the transaction."""
    columns = ledger(db, run_id, platforms)
    _store(db, run_id, columns)
    db.execute("update run set finished_at = ?, state = 'done' where run_id = ?", (finished_at, run_id))
    db.execute("delete from frontier where run_id = ?", (run_id,))
    return [shown(column) for column in columns]


def ledger(db: sqlite3.Connection, run_id: str, platforms: Mapping[str, str]) -> list[Column]:
    """Every column of the run, added up from its captures."""
    columns: dict[tuple[str, str], Column] = {}
    for portal, url, role, outcome, progress, at in db.execute(
            "select portal, column_url, role, outcome, progress, captured_at from capture where run_id = ?"
            " and column_url <> '' order by captured_at, capture_id", (run_id,)):
        column = columns.setdefault((portal, url), Column(portal, url, platforms.get(portal, "")))
        column.walked_at = at
        if role in ("column", "list", "home") or progress:          # a column page may itself be the report
            _add_page(column, outcome, json.loads(progress) if progress else {})
        elif outcome not in ("ok", "not_modified"):
            column.missed[outcome] += 1
    _not_asked(db, run_id, columns)
    return list(columns.values())


def _not_asked(db: sqlite3.Connection, run_id: str, columns: Mapping[tuple[str, str], Column]) -> None:
    """What the run ended without having fetched."""
    left = db.execute("select coalesce(target ->> 'portal', ''), coalesce(target ->> 'column', ''), target ->> 'role', count(*)"
                      " from frontier where run_id = ? and state = 'todo' group by 1, 2, 3", (run_id,))
    for portal, url, role, count in left:
        if column := columns.get((portal, url)):
            (column.refusals if role in ("column", "list", "home") else column.missed)["not-asked"] += count


def _add_page(column: Column, outcome: str, page: dict[str, Any]) -> None:
    if outcome in ("ok", "not_modified"):
        column.walked += 1
    elif not page.get("end_proof") and not page.get("probe") and not page.get("refusal"):
        column.refusals[outcome] += 1
    column.platform = page.get("platform", column.platform)
    column.declared = page.get("declared", column.declared)
    column.declared_pages = page.get("declared_pages", column.declared_pages)
    column.rows += page.get("rows", 0)
    column.accepted += page.get("accepted", 0)
    column.rejected.update(page.get("rejected", {}))
    column.end_proof = page.get("end_proof", column.end_proof)
    if page.get("refusal"):
        column.refusals[page["refusal"]] += 1


def _store(db: sqlite3.Connection, run_id: str, columns: Iterable[Column]) -> None:
    db.executemany("insert or replace into walk values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,null)", (
        (run_id, c.portal, c.url, c.platform, c.outcome, c.refusal, c.declared, c.declared_pages, c.walked, c.rows,
         c.accepted, c.rejected.total(), json.dumps(c.rejected, ensure_ascii=False), c.end_proof, c.walked_at)
        for c in columns))


def shown(column: Column) -> dict[str, Any]:
    """A column of the ledger as plain values."""
    return {"portal": column.portal, "url": column.url, "platform": column.platform, "outcome": column.outcome,
            "refusal": column.refusal, "declared": column.declared, "walked": column.walked, "rows": column.rows,
            "accepted": column.accepted, "rejected": dict(column.rejected), "missed": dict(column.missed),
            "end_proof": column.end_proof}
