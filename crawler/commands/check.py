"""`nianbao check`: what a person should look at."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from archive import catalogue
from archive.store import Archive
from crawler.commands import archive_option, print_json, say


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON array, each finding with its subject.")
@click.option("--severity", type=click.Choice(["error", "warning", "info"]), default="info",
              help="At least this grave.")
@archive_option
@click.pass_context
def command(ctx: click.Context, as_json: bool, severity: str, archive_dir: Path) -> None:
    """List failed checks and open issues, gravest first. Exit 1 while an error is open.

    \b
    Example:
      nianbao check --severity warning
      nianbao check settle '8d94abfdb1f9 N02_none_received_contradiction line 408' --reason '原文如此'
    """
    ctx.obj = archive_dir
    if ctx.invoked_subcommand:
        return
    with Archive(archive_dir, write=False) as archive:
        found = _at_least(catalogue.open_findings(archive.db), severity)
    if as_json:
        print_json(found)
    else:
        _print(found)
    raise SystemExit(1 if any(f["severity"] == "error" for f in found) else 0)


@command.command()
@click.argument("subject")
@click.option("--reason", required=True, help="Why this needs no more work.")
@click.pass_obj
def settle(archive_dir: Path, subject: str, reason: str) -> None:
    """Close one finding for good, with a reason that stays in the archive.

    SUBJECT is the finding's `subject` as `nianbao check --json` prints it.

    \b
    Example:
      nianbao check settle '8d94abfdb1f9 N02_none_received_contradiction line 408' --reason '原文如此'
    """
    with Archive(archive_dir) as archive, archive.db:
        catalogue.settle(archive.db, subject, reason, datetime.now(UTC).isoformat(timespec="seconds"))
    say(f"settled: {subject}")


def _at_least(found: list[dict[str, Any]], severity: str) -> list[dict[str, Any]]:
    grave = ["error", "warning", "info"]
    return [f for f in found if grave.index(f["severity"]) <= grave.index(severity)]


def _print(found: list[dict[str, Any]]) -> None:
    for (severity, name), group in groupby(found, key=lambda f: (f["severity"], f["name"])):
        members = list(group)
        click.echo(f"{severity} {name} ({len(members)})")
        for finding in members:
            click.echo(f"  {finding['report_id']} {finding['message']} {finding['locator']} {finding['url']}")
    say(f"{len(found)} open")
