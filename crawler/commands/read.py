"""`nianbao read`: understand files without an archive."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.commands import print_json
from crawler.report_text import report_text
from parsers import Hints, Unreadable, ocr, parse


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", default="", help="Where the file came from: evidence for agency and year.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file and line.")
@click.option("--ocr/--no-ocr", "use_ocr", default=None, help="Read scans or leave them; default: when OCR is installed.")
def command(files: tuple[Path, ...], url: str, as_json: bool, use_ocr: bool | None) -> None:
    """Read FILES and print what was found in them and why.

    Exit 1 when a file could not be read.

    \b
    Example:
      nianbao read 司法局2023年报.pdf --json
    """
    if use_ocr is not None:
        ocr.switch(use_ocr)
    failed = False
    for file in files:
        shown = _read(file, url)
        failed |= "tags" not in shown
        if as_json:
            print_json({"file": str(file)} | shown)
        else:
            click.echo(report_text(str(file), shown))
    raise SystemExit(1 if failed else 0)


def _read(file: Path, url: str) -> dict[str, object]:
    """The report as JSON, or only its issue when the file cannot be read."""
    try:
        return parse(file.read_bytes(), Hints(url=url, file_name=file.name)).to_json()
    except Unreadable as error:
        return {"issues": [{"kind": error.kind, "message": str(error), "where": ""}]}
