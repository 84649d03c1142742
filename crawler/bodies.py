"""Whose reports are expected: the bodies that portals declare, the governments of their areas, and whoever reported before.

    register(db, portals)     writes what these portals are called and make us expect (tables `portal`, `body`)
    describe(db)              writes when reports are due (table `deadline`)

A declared column is where its agency is looked for. The government of a portal's own area is looked for in the whole portal
(column `*`); those of the units directly below (a prefecture's counties) are expected, and looked at only where a portal
or an earlier report says where they publish. The view `coverage` makes a line per body and year of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from parsers import Hints, gazetteer, parse
from parsers.schema import load
from parsers.timeliness import due
from spiders.portals import Portal

FIRST, LAST = 2008, 2100           # the years for which deadlines are written down

Row = tuple[str, str, str, str, str, str, str, int | None]


def register(db: sqlite3.Connection, portals: Iterable[Portal]) -> None:
    """Know these portals by name, and expect their bodies from now on. Idempotent; the caller owns the transaction."""
    for portal in portals:
        db.execute("insert or replace into portal(portal, name, home, division_code, platform) values (?,?,?,?,?)",
                   (portal.slug, portal.name, portal.home, portal.division_code, portal.platform))
        db.execute("delete from body where portal = ?", (portal.slug,))
        db.executemany("insert or ignore into body values (?,?,?,?,?,?,?,?,null)", _expected(portal))


def describe(db: sqlite3.Connection) -> None:
    """Write down when reports are due. Idempotent; the caller owns the transaction."""
    deadlines = ((kind, year, deadline.on.isoformat()) for kind in sorted(_body_types()) for year in range(FIRST, LAST)
                 if (deadline := due(kind, year)))
    db.executemany("insert or replace into deadline values (?,?,?,null)", deadlines)


def _body_types() -> set[str]:
    return {kind for line in load("timeliness")["due"] for kind in line["body_types"]}


def _expected(portal: Portal) -> Iterator[Row]:
    for column in portal.columns:
        if column.agency:
            yield from _row(portal, column.url, column.agency, portal.division_code, "portal",
                            column.years[0] if column.years else None)
    unit = gazetteer.division(portal.division_code) if portal.division_code else None
    if unit is None or unit.code not in gazetteer.by_code():
        return
    yield from _row(portal, "*", f"{unit.name}人民政府", unit.code, "gazetteer", _first_year(portal))
    for code in _below(unit.code):
        below = gazetteer.division(code)
        assert below is not None
        yield from _row(portal, "", f"{below.name}人民政府", code, "gazetteer", None)


def _first_year(portal: Portal) -> int | None:
    return min((column.years[0] for column in portal.columns if column.years and not column.agency), default=None)


def _row(portal: Portal, column: str, agency: str, code: str, source: str, first: int | None) -> Iterator[Row]:
    """The line of a body, named as its own report would name it; none when nobody can tell who it is."""
    tags = parse(f"{agency}2024年政府信息公开工作年度报告".encode(), Hints(agency=agency, division_code=code)).tags
    if tags["agency_id"].value:
        yield (str(tags["agency_id"].value), portal.slug, column, str(tags["agency"].value), str(tags["body_type"].value),
               str(tags["division_code"].value), source, first)


def _below(code: str) -> list[str]:
    """Units in force directly below a province or prefecture."""
    return [each for each, units in gazetteer.by_code().items()
            if units[-1].until == gazetteer.OPEN and units[-1].parent == code]
