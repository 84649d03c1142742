"""`nianbao show`: one report of the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from archive import catalogue
from archive.store import Archive
from crawler.commands import archive_option, print_json
from crawler.report_text import report_text


@click.command()
@click.argument("report", nargs=-1, required=True)
@click.option("--versions", "only_versions", is_flag=True, help="Only its versions, oldest first, and what became of each.")
@click.option("--json", "as_json", is_flag=True, help="Everything about the report as one JSON object.")
@archive_option
def command(report: tuple[str, ...], only_versions: bool, as_json: bool, archive_dir: Path) -> None:
    """Show one REPORT: its tags, cells, checks, documents, captures and versions.

    REPORT is a report id, the beginning of a digest, or words that fit only one report.

    \b
    Example:
      nianbao show 宝鸡市司法局 2020
      nianbao show 宝鸡市司法局 2020 --versions
    """
    with Archive(archive_dir, write=False) as archive:
        report_id = catalogue.find_report(archive.db, " ".join(report))
        shown = None if only_versions else catalogue.show(archive.db, report_id)
        versions = shown["versions"] if shown else catalogue.versions(archive.db, report_id)
    if as_json:
        print_json(shown or {"report_id": report_id, "versions": versions})
        return
    if shown:
        click.echo(report_text(report_id, shown))
    click.echo("\n".join(_versions(versions)))


def _versions(versions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for v in sorted(versions, key=lambda v: int(v["version"])):
        seen = f"{v['first_seen_at'][:10]}–{v['last_seen_at'][:10]} ({v['looks']}×)"
        yield (f"{'*' if v['chosen'] else ' '} {v['version']} {v['change']:8} {v['state']:8} {seen} {v['digest'][:12]}"
               f" {v['url']} {v['why']}")
