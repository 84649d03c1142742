"""`nianbao alarms`: columns that ask for a person."""

from __future__ import annotations

from pathlib import Path

import click

from archive.store import Archive
from crawler.commands import archive_option, print_json, say
from spiders.column import now

COLOURS = {"hard": "red", "soft": "yellow"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array, each alarm with its evidence.")
@click.option("--atom", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Also write an Atom feed.")
@click.option("--webhook", metavar="URL", help="Also post alarms that this address has not heard of, as JSON.")
@click.option("--accept", nargs=2, metavar="FINGERPRINT REASON",
              help="First, take what a soft alarm tells as how its column is now.")
@archive_option
def command(as_json: bool, atom: Path | None, webhook: str | None, accept: tuple[str, str] | None, archive_dir: Path) -> None:
    """Say which columns are blocked, down, moved, removed, redesigned, shrunk, late or unwatched, and where reading got worse.

    Worked out anew from the archive each time: an alarm is gone when a look goes well. Exit 1 while a hard one is open.

    \b
    Example:
      nianbao alarms
      nianbao alarms --atom alarms.xml --webhook https://example.org/hook
    """
    from crawler import alarm_delivery
    from crawler.alarms import accept as take
    from crawler.alarms import alarms

    if webhook and not webhook.startswith(("http://", "https://")):
        raise click.BadParameter("an address that begins with http:// or https://", param_hint="--webhook")
    if accept:
        with Archive(archive_dir) as archive, archive.db:
            take(archive.db, *accept, now())
    with Archive(archive_dir, write=False) as archive:
        found = alarms(archive.db)
    if atom:
        alarm_delivery.write_atom(atom, found)
    if as_json:
        print_json([alarm.shown() for alarm in found])
    for alarm in () if as_json else found:
        name = click.style(f"{alarm.severity} {alarm.kind:10}", fg=COLOURS[alarm.severity])
        click.echo(f"{name} {alarm.portal} {alarm.url}\n"
                   f"     {alarm.said}, since {alarm.since[:10]}. {alarm.action}")
    if webhook:
        with Archive(archive_dir) as archive:
            say(f"{alarm_delivery.post(archive.db, webhook, found)} posted")
    say(f"{len(found)} open")
    raise SystemExit(1 if any(alarm.severity == "hard" for alarm in found) else 0)
