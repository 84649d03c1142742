"""`nianbao demo`: the whole way, on bundled sample portals."""

from __future__ import annotations

import os
from pathlib import Path

import click

from crawler.commands import archive_option, say


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the site at the end.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port of the site.")
@click.option("--portals-port", default=8765, show_default=True, type=click.IntRange(0, 65535),
              help="Port of the sample portals; another one makes other addresses.")
@click.option("--all", "everything", is_flag=True, help="Read every document again, also those read before.")
@archive_option
def command(serve: bool, port: int, portals_port: int, everything: bool, archive_dir: Path) -> None:
    """Serve two sample portals on loopback, crawl and read them, print the ledger, then serve the site.

    All their reports are invented. Exit 1 when a column is not complete.

    \b
    Example:
      nianbao demo --no-serve --archive /tmp/demo
    """
    from crawler.add import parse
    from crawler.demo import server, walk
    from crawler.ledger_text import ledger_text

    with server.serve(portals_port) as bases:
        for name, base in bases.items():
            moved = "" if base.endswith(f":{portals_port}") or not portals_port else f" (port {portals_port} is taken)"
            say(f"sample portal {name} at {base}/{moved}")
        outcome = walk.walk(archive_dir, bases)
    click.echo(ledger_text(outcome))
    if everything:
        click.echo(f"{parse(archive_dir, True, os.cpu_count() or 1)[0]} documents read again")
    elif not outcome.new_documents and not outcome.read:
        click.echo("nothing new: no document stored, nothing read")
    click.echo(walk.summary(archive_dir))
    if serve:
        from archive import site
        from crawler.published import refresh

        refresh(archive_dir)
        say(f"年报 at http://127.0.0.1:{port}/ (Ctrl-C ends it)")
        site.serve(archive_dir, "127.0.0.1", port)
    raise SystemExit(0 if outcome.good else 1)
