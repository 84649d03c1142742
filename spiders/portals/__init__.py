"""The portals we know: one TOML file each, `<province>/<slug>.toml`, with facts only.

Looked for in the folders given, in `$NIANBAO_PORTALS`, in `./portals` and among the bundled ones; the first file of a
name wins. Example:

    name = "示例市人民政府"
    home = "https://www.example.gov.cn/"
    division_code = "370100"
    level = "市"
    platform = "trs"                 # optional; recognised on the first page otherwise
    hosts = ["zwgk.example.gov.cn"]  # optional; where else its files and articles live
    delay = 3.0                      # optional; seconds between requests, never below the general minimum
    tls = "legacy"                   # optional; a server too old for today's handshake, see crawler.downloader.transport
    verified = true                  # somebody has looked at these addresses

    [[column]]
    agency = "示例市人民政府"
    url = "https://www.example.gov.cn/zwgk/zfxxgknb/"
    expect = { years = [2019, 2024] }

    [schedule]                       # optional: when `nianbao schedule` looks, see crawler/seasons.py
    quiet = "07:00-21:00"
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from spiders import platforms
from spiders.exceptions import PortalError
from spiders.models import Target

BUNDLED = Path(__file__).parent
_KEYS: dict[str, type | tuple[type, ...]] = {
    "name": str, "home": str, "division_code": str, "level": str, "platform": str, "hosts": list, "contact": str,
    "notes": str, "delay": (int, float), "tls": str, "verified": bool, "column": list, "schedule": dict}
_SCHEDULE_KEYS: dict[str, type | tuple[type, ...]] = {
    "quiet": str, "every": int, "daily": list, "budget": int, "pause": bool}
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
_DAYS = re.compile(r"(0\d|1[0-2])-[0-3]\d/(0\d|1[0-2])-[0-3]\d")
_TLS = ("", "legacy")
_COLUMN_KEYS: dict[str, type | tuple[type, ...]] = {"agency": str, "url": str, "function": str, "expect": dict}


@dataclass(frozen=True, slots=True)
class Column:
    """One annual-report column: whose it is, where it begins, and the first and last year it should hold, if known."""

    url: str
    agency: str = ""
    function: str = ""
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Portal:
    """A government website as declared. `slug` is its file's name; `delay` in seconds."""

    slug: str
    name: str
    home: str
    division_code: str = ""
    level: str = ""
    platform: str = ""
    hosts: tuple[str, ...] = ()
    contact: str = ""
    notes: str = ""
    delay: float | None = None
    tls: str = ""
    verified: bool = False
    columns: tuple[Column, ...] = ()
    schedule: Mapping[str, Any] = field(default_factory=dict)
    path: Path | None = None

    def own_hosts(self) -> tuple[str, ...]:
        """Every host the portal declares, by address or by name."""
        declared = (self.home, *(column.url for column in self.columns))
        return tuple(dict.fromkeys([*(urlsplit(url).hostname or "" for url in declared), *self.hosts]))

    def netlocs(self) -> tuple[str, ...]:
        """The same with the ports that its addresses name."""
        declared = (self.home, *(column.url for column in self.columns))
        return tuple(dict.fromkeys([*(urlsplit(url).netloc for url in declared), *self.hosts]))

    def targets(self) -> tuple[Target, ...]:
        """Where its walk begins: its columns, or its home when it declares none."""
        if not self.columns:
            return (Target(self.home, "home", portal=self.slug, column=self.home, state=self._state(self.name)),)
        return tuple(Target(column.url, "column", referrer=self.home, portal=self.slug, column=column.url,
                            state=self._state(column.agency)) for column in self.columns)

    def _state(self, agency: str) -> dict[str, str]:
        return {key: value for key, value in (("agency", agency), ("code", self.division_code)) if value}


def load(path: Path) -> Portal:
    """The declaration in `path`. Raises PortalError naming file and key."""
    try:
        facts = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PortalError(f"{path.name}: cannot be read as TOML: {error}") from error
    _check(path, facts, _KEYS, "")
    for key in ("name", "home"):
        if not facts.get(key):
            raise PortalError(f"{path.name}: the key '{key}' is missing")
    _check_address(path, "home", facts["home"])
    _check_schedule(path, facts.get("schedule", {}))
    if facts.get("platform") and facts["platform"] not in platforms.names():
        raise PortalError(f"{path.name}: platform '{facts['platform']}' is unknown; known are {', '.join(platforms.names())}")
    if facts.get("tls", "") not in _TLS:
        raise PortalError(f"{path.name}: the key 'tls' may only be \"legacy\", not '{facts['tls']}'")
    columns = tuple(_column(path, number, each) for number, each in enumerate(facts.pop("column", []), 1))
    return Portal(slug=path.stem, path=path, columns=columns, hosts=tuple(facts.pop("hosts", ())), **facts)


def _check(path: Path, facts: Mapping[str, Any], keys: Mapping[str, type | tuple[type, ...]], where: str) -> None:
    for key, value in facts.items():
        if key not in keys:
            raise PortalError(f"{path.name}: unknown key '{where}{key}'; known are {', '.join(keys)}")
        if not isinstance(value, keys[key]) or (isinstance(value, bool) and keys[key] is not bool):
            raise PortalError(f"{path.name}: the key '{where}{key}' has a value of the wrong kind ({type(value).__name__})")


def _check_schedule(path: Path, facts: Mapping[str, Any]) -> None:
    _check(path, facts, _SCHEDULE_KEYS, "schedule.")
    if not _HOURS.fullmatch(facts.get("quiet", "00:00-00:00")):
        raise PortalError(f"{path.name}: the key 'schedule.quiet' must be two times such as '07:00-21:00'")
    if not all(isinstance(days, str) and _DAYS.fullmatch(days) for days in facts.get("daily", [])):
        raise PortalError(f"{path.name}: the key 'schedule.daily' must be a list of days such as '01-10/01-20'")


def _column(path: Path, number: int, facts: Any) -> Column:
    where = f"column {number}: "
    if not isinstance(facts, dict):
        raise PortalError(f"{path.name}: write each column as a table [[column]]")
    _check(path, facts, _COLUMN_KEYS, where)
    if not facts.get("url"):
        raise PortalError(f"{path.name}: the key '{where}url' is missing")
    _check_address(path, f"{where}url", facts["url"])
    return Column(facts["url"], facts.get("agency", ""), facts.get("function", ""), _years(path, where, facts.get("expect")))


def _check_address(path: Path, key: str, url: str) -> None:
    try:
        good = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        good = False
    if not good:
        raise PortalError(f"{path.name}: the key '{key}' must be a full http or https address, not '{url}'")


def _years(path: Path, where: str, expect: Mapping[str, Any] | None) -> tuple[int, int] | None:
    if expect is None:
        return None
    years = expect.get("years")
    if set(expect) != {"years"} or not isinstance(years, list) or len(years) != 2 or not all(type(y) is int for y in years):
        raise PortalError(f"{path.name}: the key '{where}expect' must read {{ years = [first, last] }}")
    return years[0], years[1]


def folders(extra: Iterable[Path] = ()) -> list[Path]:
    """Where declarations are looked for, first to last."""
    named = [Path(each) for each in os.environ.get("NIANBAO_PORTALS", "").split(os.pathsep) if each]
    return [folder for folder in (*extra, *named, Path("portals"), BUNDLED) if folder.is_dir()]


def files(extra: Iterable[Path] = ()) -> dict[str, Path]:
    """The file of every known portal by slug; nothing is opened."""
    found: dict[str, Path] = {}
    for folder in folders(extra):
        for path in sorted(folder.rglob("*.toml")):
            found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def every(extra: Iterable[Path] = ()) -> Iterator[Portal]:
    """All known portals, by slug. Raises PortalError at the first bad one."""
    return (load(path) for path in files(extra).values())


def find(slug: str, extra: Iterable[Path] = ()) -> Portal:
    """The portal of that name. Raises PortalError when nobody declared it."""
    path = files(extra).get(slug)
    if path is None:
        raise PortalError(f"there is no portal '{slug}'; `nianbao portal list` shows those there are")
    return load(path)


def to_toml(portal: Portal) -> str:
    """The declaration as a file; only facts that are known are written."""
    lines = [f"{each.name} = {_value(value)}" for each in fields(portal)
             if each.name not in ("slug", "columns", "schedule", "path")
             and (value := getattr(portal, each.name)) not in ("", (), None)]
    for column in portal.columns:
        lines += ["", "[[column]]", *(f"{key} = {_value(value)}" for key, value in (
            ("agency", column.agency), ("url", column.url), ("function", column.function)) if value)]
        if column.years:
            lines.append(f"expect = {{ years = [{column.years[0]}, {column.years[1]}] }}")
    if portal.schedule:
        lines += ["", "[schedule]", *(f"{key} = {_value(value)}" for key, value in portal.schedule.items())]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "")
    return f'"{escaped}"'
