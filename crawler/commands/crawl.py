"""`nianbao crawl`: walk portals into the archive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from crawler import exits
from crawler.commands import archive_option, print_json, readers_option, say
from crawler.ledger_text import ledger_text
from spiders.portals import Portal

if TYPE_CHECKING:
    from crawler.crawl import Outcome, Plan
    from crawler.shards import Shard


@click.command()
@click.argument("targets", nargs=-1, metavar="[PORTAL|URL]...")
@click.option("--year", type=click.IntRange(2008, 2100), help="Only reports whose title names this year, or none.")
@click.option("--limit", type=click.IntRange(1), help="At most this many reports.")
@click.option("--refresh", is_flag=True, help="Fetch everything whole, without asking whether it changed.")
@click.option("--watch", is_flag=True, help="Known reports only on their days: 7, 30, 90 days after the first, then yearly.")
@click.option("--browser/--no-browser", default=True, show_default=True,
              help="Let a browser draw pages that only scripts fill; without it they are named needs-browser.")
@click.option("--allow-private", "networks", multiple=True, metavar="CIDR", help="Private network that may be fetched.")
@click.option("--portals", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Folder of declarations, looked at first.")
@click.option("--shard", metavar="K/N", help="Ask only the hosts of shard K of N; the other machines take the others.")
@click.option("--round", "name", default="", metavar="NAME",
              help="With --shard: the crawl that all machines take part in, such as a date.  [default: the next one]")
@readers_option(0, "one less than there are cores")
@click.option("--json", "as_json", is_flag=True, help="The ledger as one JSON object.")
@archive_option
def command(targets: tuple[str, ...], year: int | None, limit: int | None, refresh: bool, watch: bool, browser: bool,
            networks: tuple[str, ...], folder: Path | None, shard: str | None, name: str, readers: int | None,
            as_json: bool, archive_dir: Path) -> None:
    """Walk declared portals, or a column or home page given by its address; without arguments every verified portal.

    An interrupted crawl goes on where it stopped when the same command is given again.
    Exit 1 when a column is not complete, 3 when work is left, 4 when the disk is full.

    \b
    Example:
      nianbao crawl huaian --year 2024
      nianbao crawl https://www.example.gov.cn/zwgk/zfxxgknb/
      nianbao crawl --shard 1/3          (on the second machine 2/3, on the third 3/3, then merge: docs/CLUSTER.md)
    """
    from crawler.crawl import crawl

    planned = plan_of(targets, folder, year=year, limit=limit, watch=watch)
    planned = planned if readers is None else replace(planned, readers=readers)
    outcome = crawl(archive_dir, replace(planned, refresh=refresh, browser=browser, allow_private=_networks(networks),
                                         shard=_shard(shard, name), round=name))
    tell(outcome, as_json)
    if not outcome.finished:
        say("Work is left; the same command goes on from here.")
    elif outcome.elsewhere:
        say(f"Shard {shard} is done; {outcome.elsewhere:,} requests wait for the others: merge all archives, crawl the rest.")
    raise SystemExit(code_of(outcome))


def plan_of(targets: Sequence[str], folder: Path | None, *, year: int | None = None, limit: int | None = None,
            watch: bool = False) -> Plan:
    """What portals and addresses named on a command line amount to; nothing named means every verified portal."""
    from crawler.crawl import Plan
    from crawler.seasons import budgets
    from spiders.column import ColumnSpider

    urls = [target for target in targets if "://" in target]
    known = _portals([target for target in targets if "://" not in target], bool(targets), folder)
    if not urls and not known:
        raise click.UsageError("no portal is marked verified; name one, or give the address of a column")
    spider: dict[str, Any] = {"portals": known, "urls": urls, "year": year, "limit": limit}
    names = sorted(targets) or sorted(portal.slug for portal in known)
    names += ["--watch"] if watch else []
    names += [f"--{word} {value}" for word, value in (("year", year), ("limit", limit)) if value]   # another walk, another run
    return Plan(
        seeds=ColumnSpider(**spider).seeds(), names=names, watch=watch, spider=spider,
        delays={urlsplit(portal.home).netloc: portal.delay for portal in known if portal.delay is not None},
        budgets=budgets(known) if watch else None, platforms={portal.slug: portal.platform for portal in known},
        tls={host: portal.tls for portal in known if portal.tls for host in portal.netlocs()})


def tell(outcome: Outcome, as_json: bool) -> None:
    """The ledger on stdout."""
    if as_json:
        print_json({"run_id": outcome.run_id, "finished": outcome.finished, "resumed": outcome.resumed,
                    "captures": outcome.captures, "new_documents": outcome.new_documents, "read": outcome.read,
                    "unreadable": outcome.unreadable, "elsewhere": outcome.elsewhere, "columns": list(outcome.columns)})
    else:
        click.echo(ledger_text(outcome))


def code_of(outcome: Outcome) -> int:
    """How a crawl ends."""
    return exits.FINE if outcome.good else exits.PROBLEMS if outcome.finished else exits.LEFT


def _shard(given: str | None, name: str) -> Shard:
    """The shard that is meant, or one clear sentence."""
    from crawler import shards

    if name and not given:
        raise click.UsageError("--round names a crawl in shards: give --shard K/N with it")
    try:
        return shards.parse(given) if given else shards.WHOLE
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--shard") from error


def _portals(names: Sequence[str], any_named: bool, folder: Path | None) -> list[Portal]:
    from spiders import portals

    extra = [folder] if folder else []
    if any_named:
        return [portals.find(name, extra) for name in names]
    return [portal for portal in portals.every(extra) if portal.verified]


def _networks(given: Iterable[str]) -> list[str]:
    """Each a network, or one clear sentence."""
    import ipaddress

    for cidr in given:
        try:
            ipaddress.ip_network(cidr, strict=False)
        except ValueError as error:
            raise click.BadParameter(f"{cidr} is no network such as 127.0.0.0/8", param_hint="--allow-private") from error
    return list(given)
