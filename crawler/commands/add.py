"""`nianbao add`: local files into the archive."""

from __future__ import annotations

import os
from pathlib import Path

import click

from crawler.commands import archive_option, readers_option, say


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@readers_option(1, "one for each core")
@archive_option
def command(paths: tuple[Path, ...], readers: int | None, archive_dir: Path) -> None:
    """Archive local files, and the files below folders, and read them.

    WARC and WACZ files of other crawlers are taken apart: every response becomes a capture of its own address and time.

    Exit 1 when a file could not be taken or read.

    \b
    Example:
      nianbao add ~/年报/2023 报告.pdf
      nianbao add crawl.wacz
    """
    from crawler.add import add

    added = add(archive_dir, paths, readers or os.cpu_count() or 1)
    for sentence in added.skipped:
        say(sentence)
    say(f"{added.files} files, {added.new_documents} new; {added.read} read, of them {added.unreadable} unreadable"
        + ("; `nianbao check` says why" if added.unreadable else ""))
    raise SystemExit(1 if added.skipped or added.unreadable else 0)
