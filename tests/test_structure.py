"""The house rules: imports run downhill, commands explain themselves, the wheel has four packages and starts."""

from __future__ import annotations

import ast
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from crawler.cli import cli

ROOT = Path(__file__).parents[1]
OURS = {"crawler", "spiders", "parsers", "archive"}
FORBIDDEN = {
    "spiders": {"crawler", "archive", "parsers", "sqlite3", "sqlite_utils", "playwright"},
    "parsers": {"crawler", "archive", "spiders", "scrapy", "sqlite3", "sqlite_utils", "playwright", "twisted"},
    "archive": {"crawler", "parsers", "spiders", "scrapy", "playwright", "twisted"},
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_imports_run_downhill(package: str) -> None:
    uphill = {f"{path.relative_to(ROOT)} imports {name}" for path in (ROOT / package).rglob("*.py")
              for name in imported(path) if name in FORBIDDEN[package]}
    assert not uphill


def commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{prefix}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")


@pytest.mark.parametrize(("name", "command"), list(commands(cli)))
def test_every_command_has_help_with_an_example(name: str, command: click.Command) -> None:
    assert command.help
    assert "Example:" in command.help
    assert f"nianbao {name}" in command.help


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [name for name in cli.list_commands(click.Context(cli)) if f"`nianbao {name}" not in readme]


def test_the_wheel_has_the_four_packages_and_starts_in_an_empty_environment(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True)
    (wheel,) = tmp_path.glob("nianbao-*.whl")
    inside = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in inside if not name.endswith(".dist-info")} == OURS
    venv.create(tmp_path / "env", with_pip=False, system_site_packages=False)
    python = tmp_path / "env" / "bin" / "python"
    site = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    # the dependencies of this environment, but our code only from the wheel
    program = f"import sys; sys.path[:0] = [{str(wheel)!r}]; sys.path.append({str(site)!r}); " \
              "import crawler.cli as c; print(c.__file__); c.cli(['--help'], standalone_mode=False)"
    started = subprocess.run([python, "-P", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "nianbao-" in started.stdout.splitlines()[0]
    assert "Crawl, archive, read" in started.stdout
