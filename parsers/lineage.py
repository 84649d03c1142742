"""Bodies over time: what became of an agency, from the names and codes its reports carried.

    rows = lineage([Sighting("140927:justice", 2015, "神池县司法局"), …])

Pure: the same sightings in any order give the same rows. Names and years of reforms come from `schema/functions.json`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from parsers import codes, schema
from parsers.gazetteer import current


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """One agency as one report named it; `code` is a social credit or organisation code when the report printed one."""

    agency_id: str
    year: int
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One step of a body's life: `agency_id` under `name` until `year`, then `later_id` under `later_name`.

    `relation`: renamed (one body, other name), succeeded (the function's new body), merged_into (ended in another body),
    moved (the division's code changed). `why` is one sentence for people.
    """

    agency_id: str
    name: str
    year: int
    relation: str
    later_id: str
    later_name: str
    why: str


def lineage(sightings: Iterable[Sighting]) -> list[Row]:
    """Every step the sightings show, sorted. Names seen only once as a variant within a year are not steps."""
    by_id: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sorted(set(sightings)):
        by_id[sighting.agency_id].append(sighting)
    rows = [row for group in by_id.values() for row in _renamed(group)]
    rows += [row for group in by_id.values() for row in _merged(group, by_id)]
    rows += [row for group in by_id.values() for row in _moved(group, by_id)]
    return sorted(rows)


def _renamed(group: list[Sighting]) -> list[Row]:
    """Steps from one year's name to another's within one id."""
    names = _name_by_year(group)
    years = sorted(names)
    return [Row(group[0].agency_id, names[a], a, _relation(group[0].agency_id, names[a], names[b], group), group[0].agency_id,
                names[b], f"{names[a]} in {a}, {names[b]} in {b}.")
            for a, b in pairwise(years) if names[a] != names[b]]


def _name_by_year(group: list[Sighting]) -> dict[int, str]:
    """One name per year: the one most reports of the year carry, the longest among equals."""
    votes: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sighting in group:
        votes[sighting.year][sighting.name] += 1
    return {year: max(names, key=lambda name: (names[name], len(name), name)) for year, names in votes.items()}


def _relation(agency_id: str, before: str, after: str, group: list[Sighting]) -> str:
    """renamed when the code stayed or the reform says so; succeeded when the code changed or the reform says so."""
    kept = {codes.organisation_code(s.code) for s in group if s.name == before and s.code}
    later = {codes.organisation_code(s.code) for s in group if s.name == after and s.code}
    if kept and later:
        return "renamed" if kept & later else "succeeded"
    past = _reforms().get(agency_id.split(":", 1)[1].split("-")[0], {})
    return next((relation for name, relation in past.items() if before.endswith(name) and relation == "succeeded"), "renamed")


def _merged(group: list[Sighting], by_id: dict[str, list[Sighting]]) -> list[Row]:
    """A body beside the main one (旅游局, 质量技术监督局) that ended when a reform merged it into the main one."""
    last = max(group, key=lambda sighting: sighting.year)
    place, _, slug = last.agency_id.partition(":")
    function, _, beside = slug.partition("-")
    relation = next((r for name, r in _reforms().get(function, {}).items() if last.name.endswith(name)), "")
    heirs = [s for s in by_id.get(f"{place}:{function}", ()) if s.year > last.year]
    if not beside or not relation.startswith("merged_into") or not heirs:
        return []
    heir = min(heirs)
    return [Row(last.agency_id, last.name, last.year, "merged_into", heir.agency_id, heir.name,
                f"{last.name} reported last for {last.year}; its function went to {heir.name}.")]


def _moved(group: list[Sighting], by_id: dict[str, list[Sighting]]) -> list[Row]:
    """The same function in the same place under the place's later code (莱芜市, 九江县 → 柴桑区)."""
    last = max(group, key=lambda sighting: sighting.year)
    place, _, slug = last.agency_id.partition(":")
    later = current(place) if len(place) == 6 and place.isdigit() else None
    heirs = [s for s in by_id.get(f"{later}:{slug}", ()) if s.year > last.year]
    if later in (None, place) or not heirs:
        return []
    heir = min(heirs)
    return [Row(last.agency_id, last.name, last.year, "moved", heir.agency_id, heir.name,
                f"The division {place} became {later}; {heir.name} reports since {heir.year}.")]


@cache
def _reforms() -> dict[str, dict[str, str]]:
    """Former names and their relation to the body of today, by function."""
    return {function["id"]: {past["name"]: past["relation"] for past in function.get("history", ()) if past["name"]}
            for function in schema.load("functions")["functions"]}
