"""`nianbao demo`: the whole way, on bundled sample portals."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.commands import archive_option, say


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the site at the end.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Port of the site.")
@click.option("--portals-port", default=8765, show_default=True, type=click.IntRange(0, 65535),
              help="Port of the sample portals; another one makes other addresses.")
@click.option("--all", "everything", is_flag=True,
              help="Also a simulated portal of every family, and one host for every way to be refused.")
@click.option("--browser/--no-browser", default=False, help="With --all: also pass the doors that only browsers pass.")
@archive_option
def command(serve: bool, port: int, portals_port: int, everything: bool, browser: bool, archive_dir: Path) -> None:
    """Serve two sample portals on loopback, crawl and read them, print the ledger, then serve the site.

    All their reports are invented. Exit 1 when a column is not what it should be: complete, or refused as it must be.

    \b
    Example:
      nianbao demo --no-serve --archive /tmp/demo
      nianbao demo --all --no-serve --archive /tmp/all
    """
    from crawler.demo import everything as all_portals
    from crawler.demo import server, walk
    from crawler.ledger_text import ledger_text

    with server.serve(portals_port) as bases, all_portals.served(portals_port if everything else None) as places:
        for name, base in bases.items():
            moved = "" if base.endswith(f":{portals_port}") or not portals_port else f" (port {portals_port} is taken)"
            say(f"sample portal {name} at {base}/{moved}")
        if places:
            say(f"simulated portals on {sum(len(place.netlocs()) for place in places.values())} more hosts")
        outcome = walk.walk(archive_dir, bases, places, browser and everything, **(all_portals.HURRIED if places else {}))
    click.echo(ledger_text(outcome))
    good = outcome.good
    if not outcome.new_documents and not outcome.read:
        click.echo("nothing new: no document stored, nothing read")
    if places:
        text, good = all_portals.judged(archive_dir, outcome, places, browser)
        click.echo(text)
    click.echo(walk.summary(archive_dir))
    if serve:
        from archive import site
        from crawler.published import refresh

        refresh(archive_dir)
        say(f"年报 at http://127.0.0.1:{port}/ (Ctrl-C ends it)")
        site.serve(archive_dir, "127.0.0.1", port)
    raise SystemExit(0 if good else 1)
