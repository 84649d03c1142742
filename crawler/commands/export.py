"""`nianbao export`: files for other projects."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from archive.store import Archive
from crawler.commands import archive_option, say

FORMATS = ("csv",)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "name", type=click.Choice(FORMATS), default="csv", show_default=True)
@archive_option
def command(folder: Path, name: str, archive_dir: Path) -> None:
    """Write the archive's data into FOLDER: a panel (agency × year), cells, checks, reports and a codebook.

    \b
    Example:
      nianbao export release --format csv
    """
    with Archive(archive_dir, write=False) as archive:
        for path in import_module(f"archive.export.{name}").write(archive.db, folder):
            click.echo(path)
    say(f"Written to {folder}; codebook.csv says what each column means.")
