"""`nianbao status`: coverage."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import click

from archive import catalogue
from archive.store import Archive
from crawler.commands import archive_option, print_json

MARKS = {"on_time": "●", "late": "◐", "undated": "○", "absent": "✗", "blocked": "!", "not_looked": "·",
         "not_yet_due": " "}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="{columns, coverage} as one JSON object.")
@archive_option
def command(as_json: bool, archive_dir: Path) -> None:
    """Say what the archive covers: every column's last walk, every agency's years.

    ● on time  ◐ late  ○ undated  ✗ absent (looked three times)  ! blocked  · not looked

    \b
    Example:
      nianbao status --json | python3 -m json.tool
    """
    with Archive(archive_dir, write=False) as archive:
        found = catalogue.status(archive.db)
    if as_json:
        print_json(found)
        return
    for column in found["columns"]:
        reason = column["refusal"] or column["end_proof"]
        counts = f"{column['outcome']:9} {column['accepted']:5} of {column['rows']:5} rows"
        click.echo(f"{counts}  {column['url']}  {reason}")
    years: dict[str, dict[int, str]] = defaultdict(dict)
    for line in found["coverage"]:
        years[line["agency_id"]][line["year"]] = MARKS[line["state"]]
    if years:
        first, last = min(min(y) for y in years.values()), max(max(y) for y in years.values())
        click.echo(f"\n{first}–{last}")
    for agency, marks in years.items():
        click.echo("".join(marks.get(year, " ") for year in range(first, last + 1)) + f"  {agency}")
