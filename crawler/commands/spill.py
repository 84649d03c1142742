"""`nianbao spill`: large files out of blobs.db, and back."""

from __future__ import annotations

from pathlib import Path

import click

from archive.exceptions import NoArchive
from archive.spill import shrink, size_of, spill, unspill
from archive.store import Archive
from archive.verify import Fault
from crawler import exits
from crawler.commands import archive_option, is_terminal, say


@click.command()
@click.option("--over", type=click.FloatRange(0), default=1.0, show_default=True, metavar="MB", help="What is large.")
@click.option("--back", is_flag=True, help="Everything back into blobs.db.")
@archive_option
def command(over: float, back: bool, archive_dir: Path) -> None:
    """Move large archived files out of blobs.db into the archive's folder objects/, which may lie on another disk.

    Every command reads them there as before; what is moved is hashed first and read back. Safe to interrupt.

    \b
    Example:
      nianbao spill --over 2
      nianbao spill --back
    """
    if not (archive_dir / "archive.db").exists():
        raise NoArchive(f"there is no archive in {archive_dir}; `nianbao crawl` or `nianbao add` makes one")
    before, moved, size, faults = size_of(archive_dir), 0, 0, list[Fault]()
    with Archive(archive_dir) as archive:
        for found in unspill(archive) if back else spill(archive, int(over * 1e6)):
            if isinstance(found, Fault):
                faults.append(found)
                continue
            moved, size = moved + 1, size + found
            if is_terminal():
                click.echo(f"\r{moved:,} files, {size / 1e6:,.0f} MB", nl=False, err=True)
        room = shrink(archive)
    for fault in faults:
        click.echo(f"{fault.what}  {fault.message}")
    say(f"{moved:,} files ({size / 1e6:,.1f} MB) {'back into' if back else 'out of'} blobs.db: {before / 1e6:,.1f} MB, "
        f"now {size_of(archive_dir) / 1e6:,.1f} MB; {len(faults)} damaged and left where they are")
    if not room:
        say("The space is free for new files inside blobs.db; its disk has no room to give it back: free some and spill again.")
    raise SystemExit(exits.PROBLEMS if faults else exits.FINE)
