"""`nianbao parse`: read the archive with the parsers as they are now."""

from __future__ import annotations

import os
from pathlib import Path

import click

from crawler.commands import archive_option, is_terminal, readers_option, say


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also what this parser version has read before.")
@readers_option(1, "one for each core")
@archive_option
def command(everything: bool, readers: int | None, archive_dir: Path) -> None:
    """Read documents that the current parsers have not read. No network.

    \b
    Example:
      nianbao parse --all
    """
    from crawler.add import parse

    read, unreadable = parse(archive_dir, everything, readers or os.cpu_count() or 1, _progress)
    say(f"{read} documents read, of them {unreadable} unreadable" + ("; `nianbao check` says why" if unreadable else ""))


def _progress(read: int) -> None:
    if is_terminal():
        click.echo(f"\r{read:,} read", nl=False, err=True)
