"""`nianbao read`: understand files without an archive."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from crawler.commands import print_json
from crawler.report_html import report_html
from crawler.report_text import report_text
from crawler.workers import LARGEST, Job, Result, Workers
from parsers import Hints, ocr
from parsers.models import sha256


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", default="", help="Where the file came from: evidence for agency and year.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file and line.")
@click.option("--html", "as_html", is_flag=True, help="One page: every table as drawn beside the cells read from it.")
@click.option("--ocr/--no-ocr", "use_ocr", default=None, help="Read scans or leave them; default: when OCR is installed.")
def command(files: tuple[Path, ...], url: str, as_json: bool, as_html: bool, use_ocr: bool | None) -> None:
    """Read FILES and print what was found in them and why.

    Each file is read in a process of its own, within limits of time and memory. Exit 1 when a file could not be read.

    \b
    Example:
      nianbao read 司法局2023年报.pdf --json
      nianbao read 司法局2023年报.pdf --html > 年报.html
    """
    if as_json and as_html:
        raise click.UsageError("choose one of --json and --html")
    if use_ocr is not None:
        ocr.switch(use_ocr)
    failed = False
    pages = []
    for file, shown in _read(files, url, drawn=as_html):
        failed |= "tags" not in shown
        blocks = shown.pop("blocks", [])
        if as_html:
            pages.append((str(file), shown, blocks))
        elif as_json:
            print_json({"file": str(file)} | shown)
        else:
            click.echo(report_text(str(file), shown))
    if as_html:
        click.echo(report_html(pages))
    raise SystemExit(1 if failed else 0)


def _read(files: Iterable[Path], url: str, *, drawn: bool) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each file with its report as JSON, or with its digest and only its issue when it cannot be read."""
    results: queue.Queue[Result] = queue.Queue()
    with Workers(results.put) as pool:
        for file in files:
            data = _bytes(file)
            hints = json.dumps(asdict(Hints(url=url, file_name=file.name)))
            pool.submit(Job(sha256(data), data, hints, drawn))
            result = results.get()
            if result.report is None:
                kind, sentence = result.failure or ("unreadable", "nothing came back")
                yield file, {"digest": result.digest, "issues": [{"kind": kind, "message": sentence, "where": ""}]}
            else:
                result.report.pop("text", None)
                yield file, result.report


def _bytes(file: Path) -> bytes:
    """The bytes of a file, no more of them than show that it is too large to try."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be opened: {error.strerror}") from error
