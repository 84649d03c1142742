"""One body under several names, or several bodies of which one only posted, compiled or is declared: who gives way to whom."""

from __future__ import annotations

from dataclasses import replace

from parsers import schema
from parsers.identify.bodies import Row

Groups = dict[str, list[Row]]                         # sightings by id of the body they name

_TITLES = frozenset(("title", "quoted_title"))
_AUTHORS = frozenset(("announced", "preamble", "subject", "sole", "sole_branch", "own_account", "own_rule", "region_lead"))


def merge(groups: Groups, own: str) -> Groups:
    """The groups after every rule; `own` is what the text calls itself."""
    _demote_columns(groups)
    _join_zones(groups)
    _join_short_branches(groups)
    _join_parents(groups)
    _choose_governments(groups)
    _join_township_offices(groups)
    branched = {key: rows for key, rows in groups.items() if any(row.name.branch for row in rows)}
    return branched if own == "分局" and branched else groups


def shortens(short: str, name: str) -> bool:
    """Whether a name is another with characters left out: 廊坊开发区 of 廊坊经济技术开发区."""
    rest = iter(name)
    return all(character in rest for character in short)


def _join(groups: Groups, key: str, other: str) -> None:
    """Take the sightings of one body as support of another."""
    first = groups[other][0]
    groups[other] += [replace(row, spot=first.spot, body=first.body) for row in groups.pop(key)]


def _demote_columns(groups: Groups) -> None:
    """A declaration is the column's default: it gives way where the document's own title names another body in full, and
    where it is a government's, whose columns hold the reports of all its bodies, to any words that name the author."""
    titled = {key for key, rows in groups.items() if any(row.source in _TITLES and not row.name.bare for row in rows)}
    named = {key for key, rows in groups.items() if any(row.source in _TITLES | _AUTHORS for row in rows)}
    for key, rows in groups.items():
        general = rows[0].name.kind in ("government", "office")
        if key not in titled and (named if general else titled) - {key}:
            source = "poster" if general else "column"
            groups[key] = [(_as(source, row) if row.source == "declared" else row) for row in rows]


def _as(source: str, row: Row) -> Row:
    """A sighting taken as one of another kind."""
    weight = float(schema.load("evidence")["agency"][source])
    evidence = replace(row.sighting.evidence, source=source, weight=weight)
    return replace(row, weight=weight, sighting=replace(row.sighting, evidence=evidence))


def _join_zones(groups: Groups) -> None:
    """廊坊开发区 beside 廊坊经济技术开发区 is the same zone said shortly."""
    zones = {key: rows[0] for key, rows in groups.items() if rows[0].name.zone}
    for key, row in zones.items():
        longer = [other for other, that in zones.items() if other in groups and _is_short_zone(row, that)]
        if len(longer) == 1:
            _join(groups, key, longer[0])


def _is_short_zone(row: Row, other: Row) -> bool:
    short, long = row.name.zone, other.name.zone
    same = row.body.id.rpartition(":")[2] == other.body.id.rpartition(":")[2] and row.spot.code[:4] == other.spot.code[:4]
    return same and len(short) < len(long) and shortens(short, long)


def _join_short_branches(groups: Groups) -> None:
    """龙岗监管局 beside 深圳市市场监督管理局龙岗监管局 is the same branch said shortly."""
    branches = {rows[0].name.branch: key for key, rows in groups.items() if rows[0].name.branch}
    for key in [key for key, rows in groups.items() if rows[0].name.text in branches]:
        _join(groups, key, branches[groups[key][0].name.text])


def _join_parents(groups: Groups) -> None:
    """A branch's parent is part of the branch's own name: what names the parent alone supports the branch."""
    branches = [(key, rows[0].body.name) for key, rows in groups.items() if rows[0].name.branch]
    for key, name in branches if len(branches) == 1 else ():
        for other in [k for k, rows in groups.items() if k != key and name.startswith(rows[0].body.name)]:
            _join(groups, other, key)


def _choose_governments(groups: Groups) -> None:
    """An office compiles its government's report: of the two the one is the author that is called so more plainly."""
    for office in [key for key in groups if key.endswith(":office")]:
        government = office.removesuffix("office") + "government"
        if government in groups:
            ranks = {key: max(_authorship(row) for row in groups[key]) for key in (office, government)}
            if ranks[office] != ranks[government]:
                groups.pop(min(ranks, key=lambda key: ranks[key]))


def _authorship(row: Row) -> int:
    """How plainly a sighting says that the body reports on itself; that an office put the text together says nothing."""
    if row.source in _TITLES or row.source in ("link_text", "announced"):
        return 3
    if row.source in ("subject", "region_lead") or (row.source == "preamble" and row.name.kind != "office"):
        return 2
    return int(row.source == "declared")


def _join_township_offices(groups: Groups) -> None:
    """A township's office speaks for it: 请与谷脚镇党政办公室联系."""
    for key in [key for key, rows in groups.items() if rows[0].name.township and ":office" in key]:
        government = key.split(":")[0] + ":government"
        if government in groups:
            _join(groups, key, government)
