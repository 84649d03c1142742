"""`nianbao serve`: the site."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.commands import archive_option, say


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535))
@archive_option
def command(host: str, port: int, archive_dir: Path) -> None:
    """Serve what was published as a site, read-only, until interrupted. Publishes first when nothing was.

    A later `nianbao publish` shows at once, without a restart.

    \b
    Example:
      nianbao serve --port 8001
    """
    from archive import site
    from archive.publish import published
    from archive.store import Archive
    from crawler.published import refresh

    with Archive(archive_dir, write=False):
        pass                                     # a missing or damaged archive says so before anything listens
    if not published(archive_dir / "browse.db"):
        say("nothing published yet: publishing")
        refresh(archive_dir)
    say(f"年报 at http://{host}:{port}/ (Ctrl-C ends it)")
    site.serve(archive_dir, host, port)
