"""`nianbao diff`: what changed between two versions of a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from archive import catalogue, versions
from archive.store import Archive
from crawler.commands import archive_option, print_json

COLOURS = {"+": "green", "-": "red"}


@click.command()
@click.argument("report", nargs=-1, required=True)
@click.option("--between", nargs=2, metavar="A B", help="Two versions, by number or digest as `show --versions` prints them.")
@click.option("--json", "as_json", is_flag=True, help="The differences as one JSON object.")
@archive_option
def command(report: tuple[str, ...], between: tuple[str, str] | None, as_json: bool, archive_dir: Path) -> None:
    """Compare two versions of one REPORT, number by number and sentence by sentence.

    Without --between it is the last change that was more than cosmetic.

    \b
    Example:
      nianbao diff 宝鸡市司法局 2020
      nianbao diff 610300:justice:2020 --between 1 3 --json
    """
    with Archive(archive_dir, write=False) as archive:
        report_id = catalogue.find_report(archive.db, " ".join(report))
        before, after = versions.pair(archive.db, report_id, between or ())
        found = versions.diff(archive.db, before["reading_id"], after["reading_id"])
    if as_json:
        print_json({"report_id": report_id, "before": before, "after": after, **found})
    else:
        click.echo("\n".join(_lines(report_id, before, after, found)))


def _lines(report_id: str, before: Mapping[str, Any], after: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    yield click.style(report_id, bold=True) + f"  {after['change']}"
    for mark, side in (("-", before), ("+", after)):
        yield f"{mark} {side['version']} {side['digest'][:12]} {side['first_seen_at'][:10]} {side['url']}"
    for cell in found["cells"]:
        where = "·".join(part for part in (cell["row_label"] or cell["row_id"], cell["column_label"]) if part)
        yield f"  {where}  {_shown(cell['before'])} → {_shown(cell['after'])}"
    for check in found["checks"]:
        yield f"  {check['rule']}  {check['before'] or '·'} → {check['after'] or '·'}  {check['message']}".rstrip()
    for tag in found["tags"]:
        yield f"  {tag['name']}  {tag['before']} → {tag['after']}"
    yield from (click.style(line, fg=COLOURS.get(line[0])) for line in found["text"][2:])
    if not any(found.values()):
        yield "  the same words and numbers"


def _shown(cell: Mapping[str, Any] | None) -> str:
    """The cell as printed, or · where there is none."""
    return "·" if cell is None else cell["raw"] or f"（{cell['status']}）"
