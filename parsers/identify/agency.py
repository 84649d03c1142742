"""Whose report it is: sightings completed with a place, grouped by body, and weighed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from parsers import gazetteer, schema
from parsers.identify import spots, weighing
from parsers.identify.bodies import Body, Row, body_of
from parsers.identify.merging import Groups, merge, shortens
from parsers.identify.places import Places, resolve
from parsers.identify.sightings import Sighting, Sightings
from parsers.models import Evidence
from parsers.records import record

_PER_SOURCE = {"poster": 1}                           # sightings of one kind beyond this, else 2, add nothing
_NAMING = {"bare": 0.01, "poster": 0.005}             # completed names follow printed ones, posters' follow all
_TELLING = 0.5                                        # a sighting this strong may gain from the portal's place
_OWN_TOWNSHIP = frozenset(("镇", "乡", "街道", "办事处", "街", "团场"))
_OWN_ORGAN = {"局": ("局",), "分局": ("局",), "厅": ("厅",), "委": ("委", "委员会"), "委员会": ("委员会", "委"),
              "中心": ("中心",), "院": ("院",), "校": ("学校", "中学", "小学", "校"), "管委会": ("管理委员会",), "站": ("站",),
              "处": ("处",), "社": ("社",)}
_SELF_FILTERED = frozenset(("body", "subject", "sentence", "region_lead", "contact", "full_contact", "own_rule", "issued",
                            "account", "preamble", "announced", "meta", "poster", "breadcrumb", "declared"))


@record
class Verdict:
    """The accepted body or None, every candidate (best first), the level when only that is certain, and names whose place
    stays open, each with the places it may mean."""

    chosen: Body | None
    candidates: tuple[Body, ...]
    level: str = ""
    unplaced: tuple[str, ...] = ()


def decide(sightings: Sightings, places: Places) -> Verdict:
    """Complete, group and weigh. Names the best body only where `weighing.accepted` believes it."""
    found = _bodies(sightings.seen, sightings.own, places)
    topics = () if found else sightings.topics()
    if len({s.name.organ for s in topics}) == 1:
        found = _bodies(topics[:1], sightings.own, places)
    if weighing.accepted([body.score for body in found]):
        return Verdict(found[0], found)
    return Verdict(None, found, _level_alone(sightings, found, places), _unplaced(sightings, places))


def _unplaced(sightings: Sightings, places: Places) -> tuple[str, ...]:
    """Names seen whose place is open: 鼓楼区民政局 (江苏省/南京市/鼓楼区, …); the first three."""
    said: dict[str, str] = {}
    for sighting in sightings.seen:
        name = sighting.name
        if len(said) == 3 or name.text in said or not _could_be_own(sighting, sightings.own):
            continue
        if spots.find(name, places) is None:
            meant = resolve(name.places, places.year) if name.places else gazetteer.townships_named(name.township)
            paths = [gazetteer.path(code) or gazetteer.path(code[:6]) for code in meant[:4]]
            said[name.text] = f"{name.text} ({', '.join(paths)})" if paths else name.text
    return tuple(said.values())


def _bodies(seen: Sequence[Sighting], own: str, places: Places) -> tuple[Body, ...]:
    groups: Groups = defaultdict(list)
    for sighting in _promoted([s for s in seen if _could_be_own(s, own)], own):
        if spot := spots.find(sighting.name, places):
            body = body_of(sighting.name, spot)
            groups[body.id].append(Row(sighting.evidence.weight * spot.confidence, sighting, spot, body))
    scored = sorted((_scored(rows, places) for rows in merge(groups, own).values()), key=lambda body: -body.score)
    return tuple(_confident(body, scored) for body in scored)


def _promoted(seen: Sequence[Sighting], own: str) -> Sequence[Sighting]:
    """Where the text says 我局 and names one bureau in full and no other, that name counts for more."""
    organs = {s.name.text for s in seen if s.name.kind == "organ" and not s.name.bare}
    towns = {s.name.township for s in seen if s.name.township}
    lone = towns if own in _OWN_TOWNSHIP else organs
    if not own or len(lone) != 1:
        return seen
    weight = float(schema.load("evidence")["agency"]["sole_branch" if own == "分局" else "sole"])
    return [replace(s, evidence=replace(s.evidence, source="sole", weight=weight))
            if s.evidence.source == "body" and lone & {s.name.text, s.name.township} else s for s in seen]


def _scored(group: Sequence[Row], places: Places) -> Body:
    """One body from its sightings: noisy-or over at most two of each kind; named as its best sightings name it."""
    group = sorted(group, key=lambda row: -row.weight)
    rest, kept = 1.0, []
    names: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for row in group:
        counts[row.source] += 1
        names[row.body.name] += row.weight * _NAMING.get("bare" if row.name.bare else row.source, 1.0)
        if counts[row.source] <= _PER_SOURCE.get(row.source, 2):
            rest *= 1 - row.weight
            kept.append(replace(row.sighting.evidence, weight=round(row.weight, 3)))
    name = _fullest(names)
    spot, body = group[0].spot, group[0].body
    if group[0].weight >= _TELLING and places.portal(spot.code):
        same = Evidence("same_place", gazetteer.path(spot.code), "portal", schema.load("evidence")["agency"]["same_place"])
        rest, kept = rest * (1 - same.weight), [*kept[:7], same]
    return replace(body, name=name, score=min(0.995, 1 - rest), evidence=tuple(kept[:8]), place_evidence=spot.evidence)


def _fullest(names: Mapping[str, float]) -> str:
    """The best supported name, or a longer one nearly as good, with its place as fully as it is printed anywhere."""
    top = max(names.values())
    best = max((name for name, weight in names.items() if weight >= top - 0.25), key=lambda name: (len(name), names[name]))
    return max((name for name, weight in names.items() if shortens(best, name) and weight >= 0.4), key=len, default=best)


def _confident(body: Body, bodies: Sequence[Body]) -> Body:
    """The score, lowered by how strong the others are."""
    others = (other.score for other in bodies if other.id != body.id)
    return replace(body, confidence=body.score * weighing.share(body.score, others))


def _could_be_own(sighting: Sighting, own: str) -> bool:
    """Whether the text's own words for itself (我局, 我镇) allow the name; titles and fields are taken as they are."""
    name = sighting.name
    if sighting.evidence.source not in _SELF_FILTERED or not own:
        return True
    if own in _OWN_TOWNSHIP:
        return bool(name.township)
    if own not in _OWN_ORGAN:
        return True
    if name.kind == "region":
        return own in ("委", "委员会", "管委会") and bool(name.zone)
    return (name.branch or name.organ).endswith(_OWN_ORGAN[own])


def _level_alone(sightings: Sightings, found: Sequence[Body], places: Places) -> str:
    """The level when the body stays open: a township calls itself one; namesakes may all be counties."""
    if sightings.own in _OWN_TOWNSHIP - {"办事处", "街"}:
        return "township"
    codes = (code for s in sightings.seen if s.evidence.source in ("title", "quoted_title", "preamble")
             if s.name.places and not s.name.township for code in resolve(s.name.places, places.year))
    levels = {unit.level for code in codes if (unit := gazetteer.division(code))}
    levels |= {body.level for body in found if body.score >= 0.35}
    bare = {s.name.qualifier for s in sightings.seen if s.name.bare and s.evidence.source in ("title", "subject", "preamble")}
    levels |= places.levels(bare.pop()) if len(bare) == 1 and not levels else set()
    return levels.pop() if len(levels) == 1 else ""
