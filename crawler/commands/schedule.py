"""`nianbao schedule`: crawls by season."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from crawler.commands import archive_option, print_json, say
from spiders.portals import Portal


@click.command()
@click.argument("targets", nargs=-1, metavar="[PORTAL]...")
@click.option("--dry-run", is_flag=True, help="Say what would be looked at when, and why; fetch nothing.")
@click.option("--days", type=click.IntRange(1, 400), default=7, show_default=True, help="How far --dry-run looks ahead.")
@click.option("--once", is_flag=True, help="Look at what is due now and end: for cron and systemd.")
@click.option("--print", "kind", type=click.Choice(["systemd", "cron"]), help="Print unit files or crontab lines instead.")
@click.option("--allow-private", "networks", multiple=True, metavar="CIDR", help="Private network that may be fetched.")
@click.option("--atom", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="After each round also write the open alarms as an Atom feed.")
@click.option("--webhook", metavar="URL", help="After each round also post alarms that this address has not heard of.")
@click.option("--portals", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Folder of declarations, looked at first.")
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: one JSON object per look.")
@archive_option
def command(targets: tuple[str, ...], dry_run: bool, days: int, once: bool, kind: str | None,
            networks: tuple[str, ...], atom: Path | None, webhook: str | None, folder: Path | None, as_json: bool,
            archive_dir: Path) -> None:
    """Look at portals by season, until stopped: daily around the statutory days, seldom in summer, never in quiet hours.

    Without arguments every verified portal. After each round it says which alarms are open.

    All times are China's. What is due is derived from the archive, so it may be
    stopped and started at any time.

    \b
    Example:
      nianbao schedule --dry-run --days 30
      nianbao schedule huaian dingxi
      nianbao schedule --print systemd
    """
    from crawler import alarm_delivery, schedule, units
    from crawler.commands.crawl import _networks, _portals

    options = [word for cidr in _networks(networks) for word in ("--allow-private", cidr)]
    options += ["--portals", str(folder.resolve())] if folder else []
    if kind:
        told = [*options, *(["--atom", str(atom.resolve())] if atom else []), *(["--webhook", webhook] if webhook else []),
                "--archive", str(archive_dir.resolve())]
        click.echo(units.unit(kind, [*targets, *told]), nl=False)
        return
    portals = _portals(targets, bool(targets), folder)
    if not portals:
        raise click.UsageError("no portal is marked verified; name one")
    if dry_run:
        _forecast(archive_dir, portals, days, as_json)
        return
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    service = schedule.Service(archive_dir, portals, schedule.crawl_process(archive_dir, options),
                               partial(alarm_delivery.after_round, archive_dir, atom, webhook))
    if once:
        say("nothing is due" if not service.tick() else "done")
    else:
        service.run()


def _forecast(archive_dir: Path, portals: Sequence[Portal], days: int, as_json: bool) -> None:
    from archive.store import Archive
    from crawler import schedule
    from crawler.seasons import CHINA

    there = (archive_dir / "archive.db").exists()
    with Archive(archive_dir, write=False) if there else nullcontext() as archive:
        looks = list(schedule.forecast(archive.db if archive else None, portals, datetime.now(UTC), days))
    for look in looks:
        at = look.at.astimezone(CHINA)
        if as_json:
            print_json({"portal": look.portal, "at": at.isoformat(timespec="minutes"), "every_days": look.every,
                        "why": look.why})
        else:
            click.echo(f"{at:%Y-%m-%d %H:%M}  {look.portal:20} {look.why}")
    say(f"{len(looks)} looks at {len({look.portal for look in looks})} portals in {days} days, China time")
