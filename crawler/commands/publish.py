"""`nianbao publish`: what the site serves."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.commands import archive_option, is_terminal, say


@click.command()
@click.option("--force", is_flag=True, help="Build again although nothing changed.")
@click.option("--anyway", is_flag=True, help="Also while documents read worse than before (`nianbao alarms`).")
@archive_option
def command(force: bool, anyway: bool, archive_dir: Path) -> None:
    """Build browse.db from the archive: lean tables, sums, full text. A running site shows it at once.

    The file is put in place whole or not at all; a crawl may go on meanwhile. Nothing is done when nothing changed today.
    While an alarm says that documents read worse than before, what was published last stays: exit 1.

    \b
    Example:
      nianbao publish
    """
    from crawler.published import refresh

    made = refresh(archive_dir, force=force, anyway=anyway, progress=_drawn if is_terminal() else lambda count: None)
    said = "is current" if made.unchanged else f"written, {made.path.stat().st_size / 1e6:.1f} MB"
    say(f"{made.path} {said}: {made.reports} report{'' if made.reports == 1 else 's'}")


def _drawn(count: int) -> None:
    click.echo(f"\r{count} reports", nl=False, err=True)
