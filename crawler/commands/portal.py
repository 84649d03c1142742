"""`nianbao portal`: declarations of portals."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from crawler.commands import print_json, say
from crawler.ledger_text import ADVICE
from crawler.recording import Recorder, Recording, path_of
from parsers import gazetteer
from spiders import portals, titles
from spiders.column import ColumnSpider
from spiders.exceptions import PortalError
from spiders.fetching import Fetcher, Network
from spiders.look import Look, declaration, from_csv, look, write
from spiders.portals import Portal

LEVELS = {"province": "省", "prefecture": "市", "county": "县"}
F = TypeVar("F", bound=Callable[..., Any])


def networks(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks named on the command line, in CIDR notation."""
    try:
        return tuple(ipaddress.ip_network(cidr, strict=False) for cidr in given)
    except ValueError as error:
        raise click.BadParameter(f"{error}; write for example 127.0.0.0/8", context, parameter) from error


def fetch_options(function: F) -> F:
    """How a look fetches."""
    private = click.option("--allow-private", "allowed", multiple=True, metavar="CIDR", callback=networks,
                           help="Private network to fetch from.")
    delay = click.option("--delay", default=2.0, show_default=True, help="Seconds between requests to one host.")
    return private(delay(function))


def folder_option(function: F) -> F:
    """Where declarations are looked for first."""
    return click.option("--portals", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
                        help="Folder of declarations, looked at before the others.  [default: portals]")(function)


@click.group()
def command() -> None:
    """Declare portals, and see what their declarations find.

    \b
    Example:
      nianbao portal new https://www.example.gov.cn/zwgk/zfxxgknb/
    """


@command.command()
@click.argument("url")
@click.option("--force", is_flag=True, help="Overwrite a declaration of the same name.")
@folder_option
@fetch_options
def new(url: str, force: bool, folder: Path | None, allowed: tuple[Network, ...], delay: float) -> None:
    """Look at a column or home page, write its declaration, and print what a crawl would follow.

    The pages seen are recorded beside the declaration, as NAME.warc.gz.

    \b
    Example:
      nianbao portal new https://www.example.gov.cn/
    """
    recorder = Recorder(Fetcher(allowed, delay))
    seen = look(ColumnSpider(urls=[url]), recorder)
    _say_advice(seen)
    portal = declaration(url, seen)
    path = write(portal, folder or Path("portals"), force)
    recorder.save(path_of(path))
    say(f"wrote {path}: platform {portal.platform}, {len(portal.columns)} column(s); see whether its facts are right")
    for report in seen.reports():
        click.echo(f"{report.link_text}\t{report.published_on}\t{report.url}")
    _say_rest(seen)


@command.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per column.")
@click.option("--recorded", is_flag=True, help="Walk the pages that `portal new` recorded; nothing is fetched.")
@folder_option
@fetch_options
def check(name: str, as_json: bool, recorded: bool, folder: Path | None, allowed: tuple[Network, ...], delay: float) -> None:
    """Walk a portal's lists and compare the years they hold with those declared. Exits 1 when some are missing.

    \b
    Example:
      nianbao portal check shenzhen
    """
    portal = portals.find(name, _folders(folder))
    source = Recording.load(_recording(portal)) if recorded else Fetcher(allowed, max(delay, portal.delay or 0.0))
    seen = look(ColumnSpider(portals=[portal]), source)
    found = [_compared(portal, root, years, seen) for root, years in _expected(portal)]
    for column in found:
        print_json(column) if as_json else _print(column)
    _say_advice(seen)
    _say_rest(seen)
    if any(column["missing"] or not column["reports"] for column in found):
        raise SystemExit(1)


def _recording(portal: Portal) -> Path:
    return path_of(portal.path or Path(f"{portal.slug}.toml"))


def _expected(portal: Portal) -> list[tuple[str, tuple[int, int] | None]]:
    return [(column.url, column.years) for column in portal.columns] or [("", None)]


def _compared(portal: Portal, root: str, years: tuple[int, int] | None, seen: Look) -> dict[str, Any]:
    wanted = set(range(years[0], years[1] + 1)) if years else set()
    found = seen.years(root)
    return {"portal": portal.slug, "url": root or portal.home, "reports": len(seen.reports(root)), "found": sorted(found),
            "missing": sorted(wanted - found), "unexpected": sorted(found - wanted) if years else [],
            "refusals": seen.refusals(),
            "undated": sum(not titles.years(report.link_text) for report in seen.reports(root))}


def _print(column: dict[str, Any]) -> None:
    click.echo(f"{column['url']}: {column['reports']} report(s)")
    for mark, state in (("●", "found"), ("✗", "missing"), ("?", "unexpected"), ("!", "refusals")):
        if column[state]:
            click.echo(f"  {mark} {state}: {', '.join(str(each) for each in column[state])}")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per portal.")
@folder_option
def list_(as_json: bool, folder: Path | None) -> None:
    """List the portals that are declared.

    \b
    Example:
      nianbao portal list --json
    """
    for portal in portals.every(_folders(folder)):
        if as_json:
            print_json({"slug": portal.slug, "name": portal.name, "home": portal.home, "division_code": portal.division_code,
                        "level": portal.level, "platform": portal.platform, "verified": portal.verified,
                        "columns": [column.url for column in portal.columns], "file": str(portal.path)})
        else:
            click.echo(f"{portal.slug:16} {len(portal.columns)} column(s)  {portal.name}  {portal.home}")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite declarations of the same name.")
@folder_option
def import_(file: Path, force: bool, folder: Path | None) -> None:
    """Write one declaration per line of a CSV file with the columns name, code and home.

    The level follows from the code, the six digits of GB/T 2260; a code that no division bears is refused.

    \b
    Example:
      nianbao portal import counties.csv --portals portals
    """
    declared = [_levelled(file, portal) for portal in from_csv(file)]
    for portal in declared:
        write(portal, folder or Path("portals"), force)
    say(f"wrote {len(declared)} declaration(s) to {folder or Path('portals')}")


def _levelled(file: Path, portal: Portal) -> Portal:
    if not portal.division_code:
        return portal
    units = gazetteer.by_code().get(portal.division_code)
    if not units:
        raise PortalError(f"{file.name}: {portal.name}: no division bears the code '{portal.division_code}'; "
                          "leave it empty when it is not known")
    return replace(portal, level=LEVELS[units[0].level])


def _folders(folder: Path | None) -> tuple[Path, ...]:
    return (folder,) if folder else ()


def _say_advice(seen: Look) -> None:
    for refusal in seen.refusals():
        say(f"{refusal}: {ADVICE.get(refusal, 'see docs/LOGS.md')}")


def _say_rest(seen: Look) -> None:
    for failure in seen.failures:
        say(failure)
    if seen.more:
        say("there were more list pages than a look goes through; a crawl walks them all")
