"""The `nianbao` command. Each subcommand is one module of `crawler.commands` and calls one function."""

from __future__ import annotations

import errno
import importlib
import pkgutil
from typing import Any, NoReturn

import click

from crawler import commands, exits


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
        """Turn the errors we raise on purpose into one sentence and a code; anything else is a bug and keeps its trace."""
        from archive.exceptions import ArchiveError, ArchiveFull
        from archive.store import explained
        from crawler.cluster import NoCluster
        from parsers.exceptions import ParserError
        from spiders.exceptions import SpiderError

        try:
            with explained("the archive"):
                return super().invoke(ctx)
        except (ArchiveError, NoCluster, ParserError, SpiderError) as error:
            _end(error)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            _end(ArchiveFull(f"the disk of {error.filename or 'the output'} is full; free some space"))
        except KeyboardInterrupt:
            commands.say("Interrupted; the same command goes on from here.")
            raise SystemExit(exits.LEFT) from None


def _end(error: Exception) -> NoReturn:
    """One sentence, and the code that says what to do."""
    commands.say(f"Error: {error}")
    raise SystemExit(exits.code_of(error)) from error


_EXITS = "\b\nExit codes:\n" + "\n".join(f"  {code}  {meaning}" for code, meaning in exits.MEANINGS.items())


@click.group(cls=Commands, epilog=_EXITS)
@click.version_option(package_name="nianbao")
def cli() -> None:
    """Crawl, archive, read and check the annual open-government-information reports of Chinese government bodies.

    \b
    Example:
      nianbao demo
    """
