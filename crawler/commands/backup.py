"""`nianbao backup`: a copy that can be trusted."""

from __future__ import annotations

from pathlib import Path

import click

from archive.backup import backup
from archive.store import Archive
from crawler.commands import archive_option, say


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@archive_option
def command(folder: Path, archive_dir: Path) -> None:
    """Copy the whole archive into FOLDER, safely also while a crawl writes to it.

    \b
    Example:
      nianbao backup /media/disk/nianbao-2026-11
    """
    with Archive(archive_dir, write=False) as archive:
        for path in backup(archive, folder):
            click.echo(path)
    say(f"Copied; `nianbao verify --archive {folder}` proves it.")
