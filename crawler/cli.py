"""The `nianbao` command. Each subcommand is one module of `crawler.commands` and calls one function."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import click

from crawler import commands


class Mistake(click.ClickException):
    """An error raised on purpose: its one sentence, exit 2."""

    exit_code = 2


class Commands(click.Group):
    """Subcommands found by file name and imported only when used, so that `--help` and one command start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(commands.__path__) if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{commands.__name__}.{name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Turn the errors we raise on purpose into one sentence and exit 2; anything else is a bug and keeps its trace."""
        from archive.exceptions import ArchiveError
        from parsers.exceptions import ParserError
        from spiders.exceptions import SpiderError

        try:
            return super().invoke(ctx)
        except (ArchiveError, ParserError, SpiderError) as error:
            raise Mistake(str(error)) from error


@click.group(cls=Commands)
@click.version_option(package_name="nianbao")
def cli() -> None:
    """Crawl, archive, read and check the annual open-government-information reports of Chinese government bodies.

    \b
    Example:
      nianbao demo
    """
