"""`nianbao merge`: archives of several machines into one."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.commands import archive_option, say


@click.command()
@click.argument("others", nargs=-1, required=True, metavar="OTHER...",
                type=click.Path(exists=True, file_okay=False, path_type=Path))
@archive_option
def command(others: tuple[Path, ...], archive_dir: Path) -> None:
    """Add everything that the archives OTHER… hold, then read what became better known.

    In any order, and any number of times, with the same result. The others are only read, also while they are being written.

    \b
    Example:
      nianbao merge /mnt/machine2/data /mnt/machine3/data
    """
    from crawler.add import join

    joined = join(archive_dir, others)
    say(f"{len(others)} archives, {joined.new_documents:,} new files, {joined.rows:,} rows; {joined.read:,} read")
