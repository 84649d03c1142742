"""`nianbao show`: one report of the archive."""

from __future__ import annotations

from pathlib import Path

import click

from archive import catalogue
from archive.store import Archive
from crawler.commands import archive_option, print_json
from crawler.report_text import report_text


@click.command()
@click.argument("report", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Everything about the report as one JSON object.")
@archive_option
def command(report: tuple[str, ...], as_json: bool, archive_dir: Path) -> None:
    """Show one REPORT: its tags, cells, checks, documents, captures and versions.

    REPORT is a report id, the beginning of a digest, or words that fit only one report.

    \b
    Example:
      nianbao show 宝鸡市司法局 2020
    """
    with Archive(archive_dir, write=False) as archive:
        shown = catalogue.show(archive.db, catalogue.find_report(archive.db, " ".join(report)))
    if as_json:
        print_json(shown)
        return
    click.echo(report_text(shown["report_id"], shown))
    for version in shown["versions"]:
        click.echo(f"{'*' if version['chosen'] else ' '} {version['digest'][:12]} {version['url']} {version['why']}")
