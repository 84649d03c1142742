"""One module per subcommand, each with a click command named `command`, and the options they share."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def archive_option(function: F) -> F:
    """`--archive DIR`, else $NIANBAO_ARCHIVE, else archive/data below the working directory."""
    return click.option(
        "--archive", "archive_dir", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
        default=lambda: os.environ.get("NIANBAO_ARCHIVE", "archive/data"),
        help="Where the archive lives.  [default: $NIANBAO_ARCHIVE, else archive/data]",
    )(function)


def readers_option(least: int, default: str) -> Callable[[F], F]:
    """`--readers N`, None when it is not given."""
    return click.option("--readers", type=click.IntRange(least), metavar="N",
                        help=f"Processes that read reports{'; 0 keeps them for `nianbao parse`' if not least else ''}."
                             f"  [default: {default}]")


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout, Chinese as it is."""
    click.echo(json.dumps(value, ensure_ascii=False))


def say(sentence: str) -> None:
    """A sentence for the person at the terminal: stderr, never mixed into data."""
    click.echo(sentence, err=True)


def is_terminal() -> bool:
    """Whether progress is worth drawing."""
    return sys.stderr.isatty()
