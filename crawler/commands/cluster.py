"""`nianbao cluster`: crawling and reading on the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from crawler import exits
from crawler.commands import archive_option, is_terminal, say
from crawler.commands.crawl import _networks, code_of, plan_of, tell


@click.group()
def command() -> None:
    """Crawl and read on the workers of a Dask cluster, into the archive here; docs/CLUSTER.md sets one up.

    \b
    Example:
      nianbao cluster crawl --scheduler tcp://10.0.0.1:8786
    """


def scheduler_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--scheduler ADDRESS`, else $NIANBAO_SCHEDULER."""
    return click.option("--scheduler", required=True, envvar="NIANBAO_SCHEDULER", metavar="ADDRESS", show_envvar=True,
                        help="Where the Dask scheduler listens, such as tcp://10.0.0.1:8786.")(function)


def _progress(told: str) -> None:
    if is_terminal():
        click.echo(f"\r{told:100}", nl=False, err=True)


@command.command("crawl")
@click.argument("targets", nargs=-1, metavar="[PORTAL|URL]...")
@scheduler_option
@click.option("--shards", "count", type=click.IntRange(1), help="How many.  [default: one for each thread of the cluster]")
@click.option("--year", type=click.IntRange(2008, 2100), help="Only reports whose title names this year, or none.")
@click.option("--browser/--no-browser", default=True, show_default=True, help="Let the workers draw pages in a browser.")
@click.option("--allow-private", "networks", multiple=True, metavar="CIDR", help="Private network that may be fetched.")
@click.option("--portals", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Folder of declarations, looked at first.")
@click.option("--json", "as_json", is_flag=True, help="The ledger as one JSON object.")
@archive_option
def crawl_command(targets: tuple[str, ...], scheduler: str, count: int | None, year: int | None, browser: bool,
                  networks: tuple[str, ...], folder: Path | None, as_json: bool, archive_dir: Path) -> None:
    """Walk declared portals, or columns given by address, on the workers: a host is asked by one of them at a time.

    The run is that of `nianbao crawl` with the same targets: each goes on where the other stopped. Everything is fetched whole.

    \b
    Example:
      nianbao cluster crawl --scheduler tcp://10.0.0.1:8786 --shards 8
    """
    from crawler.cluster.crawling import crawl

    plan = replace(plan_of(targets, folder, year=year), browser=browser, allow_private=_networks(networks))
    outcome = crawl(archive_dir, plan, scheduler, count or 0, _progress)
    tell(outcome, as_json)
    if not outcome.finished:
        say("Work is left; the same command goes on from here, and so does `nianbao crawl`.")
    raise SystemExit(code_of(outcome))


@command.command("parse")
@scheduler_option
@click.option("--all", "everything", is_flag=True, help="Read every document again, also those read before.")
@archive_option
def parse_command(scheduler: str, everything: bool, archive_dir: Path) -> None:
    """Read on the workers what the current parsers have not read; the archive stays here.

    \b
    Example:
      nianbao cluster parse --scheduler tcp://10.0.0.1:8786
    """
    from archive.exceptions import NoArchive
    from crawler.cluster.reading import parse

    if not (archive_dir / "archive.db").exists():
        raise NoArchive(f"there is no archive in {archive_dir}; `nianbao crawl` or `nianbao add` makes one")
    done = parse(archive_dir, scheduler, everything, _progress)
    left = f", {done.left:,} left" if done.left else ""
    say(f"{done.read:,} documents read, {done.unreadable:,} of them unreadable{left}")
    raise SystemExit(exits.LEFT if done.left else exits.FINE)
