"""`nianbao status`: coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from archive import catalogue
from archive.store import Archive
from crawler.commands import archive_option, print_json

#: state → (mark, what it says)
MARKS = {"on_time": ("●", "on time"), "late": ("◐", "late"), "undated": ("○", "undated"),
         "unparsed": ("?", "there, not understood"), "absent": ("✗", "absent, looked three times"),
         "overdue": ("▲", "overdue"), "blocked": ("!", "blocked"), "not_looked": ("·", "not looked"),
         "not_yet_due": ("-", "not yet due")}


@click.command()
@click.option("--year", type=click.IntRange(2008, 2100), help="Only this report year, a line per body with the reason.")
@click.option("--json", "as_json", is_flag=True, help="{columns, coverage} as one JSON object.")
@archive_option
def command(year: int | None, as_json: bool, archive_dir: Path) -> None:
    """Say what the archive covers: every column's last walk, every body's years.

    ● on time  ◐ late  ○ undated  ? there, not understood  ✗ absent (looked three times)  ▲ overdue  ! blocked
    · not looked  - not yet due

    \b
    Example:
      nianbao status --json | python3 -m json.tool
      nianbao status --year 2024
    """
    with Archive(archive_dir, write=False) as archive:
        found = catalogue.status(archive.db)
    if year:
        found["coverage"] = [line for line in found["coverage"] if line["year"] == year]
    if as_json:
        print_json(found)
        return
    coverage = found["coverage"]
    lines = _bodies(coverage) if year else (*_columns(found["columns"]), "", *_years(coverage))
    click.echo("\n".join((*lines, *_sum(coverage))))


def _columns(columns: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for column in columns:
        reason = column["refusal"] or column["end_proof"]
        yield f"{column['outcome']:9} {column['accepted']:5} of {column['rows']:5} rows  {column['url']}  {reason}"


def _years(coverage: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A mark per year, a line per body."""
    if not coverage:
        return
    first, last = min(line["year"] for line in coverage), max(line["year"] for line in coverage)
    yield f"{first}–{last}"
    for agency_id, lines in groupby(coverage, key=lambda line: line["agency_id"]):
        years = {line["year"]: line for line in lines}
        marks = "".join(MARKS[years[year]["state"]][0] if year in years else " " for year in range(first, last + 1))
        yield f"{marks}  {agency_id} {next(iter(years.values()))['body'] or ''}"


def _bodies(coverage: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for line in sorted(coverage, key=lambda line: (list(MARKS).index(line["state"]), line["agency_id"])):
        when = line["first_published_on"] or (line["first_seen_at"] or "")[:10]
        told = f"due {line['due_on']}" + (f", published {when}" if when else f", {line['looks']} good looks since")
        yield f"{MARKS[line['state']][0]} {line['state']:11} {line['agency_id']:28} {line['body'] or ''}  {told}"


def _sum(coverage: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    counts = Counter(line["state"] for line in coverage)
    yield "  ".join(f"{mark} {counts[state]} {said}" for state, (mark, said) in MARKS.items() if counts[state])
