"""`nianbao export`: files for other projects."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from archive.store import Archive
from crawler.commands import archive_option, say

FORMATS = ("csv", "parquet", "dta", "datapackage", "wacz")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "name", type=click.Choice(FORMATS), default="csv", show_default=True,
              help="datapackage is a whole release: all formats, codebook, changes and checksums.")
@click.option("--version", default="", metavar="YYYY.MM", help="Name of the release; this month when not given.")
@click.option("--since", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER",
              help="The release before, for the changes between the two.")
@archive_option
def command(folder: Path, name: str, version: str, since: Path | None, archive_dir: Path) -> None:
    """Write the archive's data into FOLDER: a panel (agency × year), cells, checks, reports and a codebook.

    \b
    Example:
      nianbao export release --format csv
      nianbao export 2026.11 --format datapackage --since 2026.10
    """
    if name != "datapackage" and (version or since):
        raise click.UsageError("--version and --since belong to --format datapackage")
    with Archive(archive_dir, write=False) as archive:
        module = import_module(f"archive.export.{name}")
        more = (version, since) if name == "datapackage" else ()
        for path in module.write(archive.db, folder, *more):
            click.echo(path)
    say(f"Written to {folder}.")
