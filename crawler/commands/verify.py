"""`nianbao verify`: is the archive still what it was?"""

from __future__ import annotations

import time
from pathlib import Path

import click

from archive.store import Archive
from archive.verify import Fault, verify
from crawler.commands import archive_option, is_terminal, print_json, say


@click.command()
@click.option("--json", "as_json", is_flag=True, help="{blobs, bytes, faults} as one JSON object.")
@archive_option
def command(as_json: bool, archive_dir: Path) -> None:
    """Hash every archived file anew, check every row's seal and both databases. Exit 1 when anything is not as it was.

    \b
    Example:
      nianbao verify --archive archive/data
    """
    faults: list[Fault] = []
    blobs = size = 0
    began = time.monotonic()
    with Archive(archive_dir, write=False) as archive:
        for found in verify(archive):
            if isinstance(found, Fault):
                faults.append(found)
            else:
                blobs, size = blobs + 1, size + found
                if is_terminal() and not blobs % 200:
                    click.echo(f"\r{blobs:,} files, {size / 1e6:,.0f} MB", nl=False, err=True)
    if as_json:
        print_json({"blobs": blobs, "bytes": size,
                    "faults": [{"what": fault.what, "message": fault.message} for fault in faults]})
    else:
        for fault in faults:
            click.echo(f"{fault.what}  {fault.message}")
    speed = size / 1e6 / max(time.monotonic() - began, 1e-3)
    say(f"{blobs:,} files good ({size / 1e6:,.1f} MB, {speed:,.0f} MB/s), {len(faults)} faults")
    if faults:
        say("Keep this archive as it is and put a backup in its place; `nianbao merge` adds what the backup does not have yet.")
    raise SystemExit(1 if faults else 0)
