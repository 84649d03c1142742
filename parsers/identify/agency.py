"""Whose report it is: sightings completed with a place, grouped by body, and weighed."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers import gazetteer, schema
from parsers.identify import functions, weighing
from parsers.identify.names import STEM_ORGANS, Name
from parsers.identify.places import Choice, Places, resolve
from parsers.identify.sightings import Sighting, Sightings
from parsers.models import Evidence

NATIONAL = "000000"                                   # the division code of the whole country
_PER_SOURCE = 2                                       # sightings of one kind beyond this add nothing
_NAMING = frozenset(("declared", "title", "quoted_title", "link_text", "announced"))
_PARTS = re.compile(r"\([^()]*\)$")
_TELLING = 0.5                                        # a sighting this strong may gain from the portal's place
_OWN_TOWNSHIP = frozenset(("镇", "乡", "街道", "办事处", "街", "团场"))
_OWN_ORGAN = {"局": ("局",), "分局": ("局",), "厅": ("厅",), "委": ("委", "委员会"), "委员会": ("委员会", "委"),
              "中心": ("中心",), "院": ("院",), "校": ("学校", "中学", "小学", "校"), "管委会": ("管理委员会",), "站": ("站",),
              "处": ("处",), "社": ("社",)}
_SELF_FILTERED = frozenset(("body", "subject", "sentence", "region_lead", "contact", "full_contact", "own_rule", "issued",
                            "account", "preamble", "announced"))
_BRANCH_WORD = re.compile(r"(?:直属|监管)?(?:分局|分中心|监管局|支队|大队|派出所|管理站)$")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a body sits: `key` is what its id begins with, `front` the words its full name begins with."""

    key: str
    code: str
    level: str
    front: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """A candidate agency with its support."""

    id: str
    name: str
    function: str
    code: str
    level: str
    score: float
    confidence: float
    evidence: tuple[Evidence, ...]
    place_evidence: tuple[Evidence, ...] = ()


Row = tuple[float, Sighting, Spot, Body]              # weight, what was seen, where it sits, the body it names


@dataclass(frozen=True, slots=True)
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
        if len(said) < 3 and name.text not in said and _could_be_own(sighting, sightings.own) and _spot(name, places) is None:
            meant = resolve(name.places, places.year) if name.places else gazetteer.townships_named(name.township)
            paths = [gazetteer.path(code) or gazetteer.path(code[:6]) for code in meant[:4]]
            said[name.text] = f"{name.text} ({', '.join(paths)})" if paths else name.text
    return tuple(said.values())


def _bodies(seen: Sequence[Sighting], own: str, places: Places) -> tuple[Body, ...]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for sighting in _promoted([s for s in seen if _could_be_own(s, own)], own):
        spot = _spot(sighting.name, places)
        if spot:
            body = _body(sighting.name, spot)
            groups[body.id].append((sighting.evidence.weight * spot.confidence, sighting, spot, body))
    _to_columns(groups)
    _to_longer(groups)
    _to_branches(groups)
    _to_governments(groups)
    _to_townships(groups)
    if own == "分局" and any(_branched(rows) for rows in groups.values()):
        groups = {key: rows for key, rows in groups.items() if _branched(rows)}
    scored = sorted((_scored(group, places) for group in groups.values()), key=lambda body: -body.score)
    return tuple(_confident(body, scored) for body in scored)


def _branched(rows: Sequence[Row]) -> bool:
    return any(sighting.name.branch for _, sighting, _, _ in rows)


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


def _to_longer(groups: dict[str, list[Row]]) -> None:
    """龙岗监管局 beside 深圳市市场监督管理局龙岗监管局 is the same body said shortly: it supports the longer name."""
    branches = {rows[0][1].name.branch: key for key, rows in groups.items() if rows[0][1].name.branch}
    for key in [key for key, rows in groups.items() if rows[0][1].name.text in branches]:
        longer = branches[groups[key][0][1].name.text]
        spot, body = groups[longer][0][2:]
        groups[longer] += [(weight, sighting, spot, body) for weight, sighting, *_ in groups.pop(key)]


def _to_branches(groups: dict[str, list[Row]]) -> None:
    """A branch's parent is part of the branch's own name: what names the parent alone supports the branch."""
    branches = [(key, rows[0][3].name) for key, rows in groups.items() if rows[0][1].name.branch]
    for key, name in branches if len(branches) == 1 else ():
        for other in [k for k, rows in groups.items() if k != key and name.startswith(rows[0][3].name)]:
            spot, body = groups[key][0][2:]
            groups[key] += [(weight, sighting, spot, body) for weight, sighting, *_ in groups.pop(other)]


def _to_columns(groups: dict[str, list[Row]]) -> None:
    """A declaration is the column's default: where the document's own title names another body in full, it gives way."""
    titled = {key for key, rows in groups.items() for row in rows
              if row[1].evidence.source in ("title", "quoted_title") and not row[1].name.bare}
    for key, rows in groups.items():
        if titled and key not in titled:
            groups[key] = [(_column(row) if row[1].evidence.source == "declared" else row) for row in rows]


def _column(row: Row) -> Row:
    weight = float(schema.load("evidence")["agency"]["column"])
    _, sighting, spot, body = row
    evidence = replace(sighting.evidence, source="column", weight=weight)
    return weight, replace(sighting, evidence=evidence), spot, body


def _to_governments(groups: dict[str, list[Row]]) -> None:
    """An office compiles its government's report: what a title names of the two is the author, the other gives way."""
    for key in [key for key in groups if key.endswith(":office")]:
        government = key.removesuffix("office") + "government"
        office, whole = (any(row[1].evidence.source in _NAMING for row in groups.get(k, ())) for k in (key, government))
        if government in groups and office != whole:
            groups.pop(government if office else key)


def _to_townships(groups: dict[str, list[Row]]) -> None:
    """A township's office speaks for it: 请与谷脚镇党政办公室联系."""
    for key in [key for key, rows in groups.items() if rows[0][1].name.township and ":office" in key]:
        government = key.split(":")[0] + ":government"
        if government in groups:
            spot, body = groups[government][0][2:]
            groups[government] += [(weight, sighting, spot, body) for weight, sighting, *_ in groups.pop(key)]


def _scored(group: list[Row], places: Places) -> Body:
    """One body from its sightings: noisy-or over at most two of each kind; named as its best sightings name it."""
    group.sort(key=lambda row: -row[0])
    rest, kept = 1.0, []
    names: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for weight, sighting, _, body in group:
        counts[sighting.evidence.source] += 1
        names[body.name] += weight * (0.01 if sighting.name.bare else 1)   # a completed name follows printed ones
        if counts[sighting.evidence.source] <= _PER_SOURCE:
            rest *= 1 - weight
            kept.append(replace(sighting.evidence, weight=round(weight, 3)))
    top = max(names.values())
    name = max((n for n, w in names.items() if w >= top - 0.25), key=lambda n: (len(n), names[n]))
    spot, body = group[0][2], group[0][3]
    if group[0][0] >= _TELLING and places.portal(spot.code):
        same = Evidence("same_place", gazetteer.path(spot.code), "portal", schema.load("evidence")["agency"]["same_place"])
        rest, kept = rest * (1 - same.weight), [*kept[:7], same]
    return replace(body, name=name, score=min(0.995, 1 - rest), evidence=tuple(kept[:8]), place_evidence=spot.evidence)


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


def _body(name: Name, spot: Spot) -> Body:
    function = _function(name)
    slug = _short(name.organ)
    if function:
        slug = function.id if function.main else f"{function.id}-{slug}"
    if name.branch and spot.level != "county":
        slug += "-" + _short(name.branch)
    kind = function.id if function else ""
    return Body(f"{spot.key}:{slug}", _full_name(name, spot), kind, spot.code, spot.level, 0.0, 0.0, ())


def _function(name: Name) -> functions.Function | None:
    if name.kind in ("government", "administration", "region"):
        return functions.Function("government", True)
    if name.kind == "office":
        return functions.Function("office", True)
    organ = name.organ
    found = functions.function_of(organ) or (functions.function_of(name.system) if name.system else None)
    if found is None and name.kind == "national":
        found = functions.function_of(re.sub(r"^(?:国家|中国)", "", organ).replace("部", "局"))
    return found


def _full_name(name: Name, spot: Spot) -> str:
    if name.kind == "national" or name.system or name.organ in STEM_ORGANS:
        return name.text.removeprefix("中华人民共和国")
    organ = name.organ + name.branch
    if name.kind == "region" and not name.township:
        organ = "管理委员会" if name.zone else "人民政府"
    town = name.township
    if town and name.organ == "办事处" and town.endswith("地区"):
        organ = "办事处"
    return spot.front + town + organ


# ---------------------------------------------------------------- where a body sits


def _spot(name: Name, places: Places) -> Spot | None:
    if name.kind == "national":
        return Spot(NATIONAL, NATIONAL, "national", "", 1.0)
    if name.township:
        return _township(name, places)
    if name.zone:
        return _zone(name, places)
    spot = _division(name, places)
    return _branch(name, spot) if spot and name.branch else spot


def _division(name: Name, places: Places) -> Spot | None:
    meant = resolve(name.places, places.year)
    choice = places.among(meant) if name.places else places.bare(name.qualifier)
    if choice is None and (name.system or name.organ in STEM_ORGANS):
        cities = [code for code in meant if code.endswith("00")]
        choice = Choice(cities[0], 0.9) if len(cities) == 1 else None    # 中国人民银行西安分行 is named after the city
    if choice is None:
        return None
    if not choice.code.isdigit():
        zone = gazetteer.zone(choice.code)
        return replace(_registered(zone, zone.name), confidence=choice.confidence) if zone else None
    unit = gazetteer.division(choice.code, places.year)
    if unit is None:
        return None
    return Spot(unit.code, unit.code, unit.level, front(unit.code, places.year), choice.confidence, choice.evidence)


def front(code: str, year: int | None) -> str:
    """How names of bodies of a division begin: districts after their city (宣城市宣州区), others alone (神池县)."""
    unit = gazetteer.division(code, year)
    if unit is None:
        return ""
    above = gazetteer.division(unit.parent, year)
    district = unit.level == "county" and unit.name.endswith("区") and not unit.name.endswith(("林区", "特区"))
    return (above.name if above and district else "") + unit.name


def _zone(name: Name, places: Places) -> Spot | None:
    printed = "".join(name.places) + name.zone
    registered = gazetteer.zone(name.zone) or gazetteer.zone(printed)
    if registered:
        return _registered(registered, printed)
    choice = places.among(resolve(name.places, places.year)) if name.places else _zone_host(name.zone, places)
    unit = gazetteer.division(choice.code, places.year) if choice else None
    if unit is None or choice is None:
        return None
    level = "prefecture" if unit.level == "province" else "county"
    key = f"{unit.code}z{_short(gazetteer.zone_key(name.zone))}"
    return Spot(key, unit.code, level, printed, min(0.97, choice.confidence), choice.evidence)


def _registered(zone: gazetteer.Zone, printed: str) -> Spot:
    if zone.same:
        return Spot(zone.host, zone.host, zone.level, printed if printed.endswith(zone.name) else zone.name, 0.98)
    return Spot(zone.code or f"{zone.host}z{_short(zone.name)}", zone.code or zone.host, zone.level, printed, 0.98)


def _zone_host(zone: str, places: Places) -> Choice | None:
    """The division whose name or stem the zone's begins with (广东|从化|经济开发区), unless the document speaks of another."""
    fronts: list[str] = []
    rest = zone
    while front := next((rest[:size] for size in (6, 5, 4, 3, 2) if _is_place(rest[:size])), ""):
        fronts.append(front)
        rest = rest.removeprefix(front)
    choice = places.among(resolve(fronts, places.year)) if fronts else None
    if choice is None or places.about(choice.code):
        return choice or places.bare("")
    return places.bare("") or (replace(choice, confidence=0.75) if places.any() else choice)


def _is_place(word: str) -> bool:
    return len(word) > 1 and (word in gazetteer.by_name() or word in gazetteer.by_stem())


def _township(name: Name, places: Places) -> Spot | None:
    codes = gazetteer.townships_named(name.township)
    if name.places:
        county = places.among(resolve(name.places, places.year))
        within = [code for code in codes if county and gazetteer.within(code, county.code)]
        if county is None:
            return None
        code = within[0] if len(within) == 1 else ""
        return _town_spot(name, code or county.code, code, county.confidence, county.evidence, places.year)
    if name.zone:
        code = codes[0] if len(codes) == 1 else ""
        zone = _zone(_zone_of(name), places)
        if zone is None:
            return None
        return Spot(code or f"{zone.key}x{_short(name.township)}", code or zone.code, "township", name.zone, zone.confidence)
    choice = places.among(codes) if codes else None
    if choice:
        sure = (0.98 if places.about(choice.code) else 0.93) if len(codes) == 1 else choice.confidence
        return _town_spot(name, choice.code, choice.code, sure, choice.evidence, places.year)
    county = places.declared() or (places.bare("") if not codes else None)
    unit = gazetteer.division(county.code) if county else None
    if county is None or unit is None or unit.level != "county":
        return None
    return _town_spot(name, county.code, "", county.confidence, county.evidence, places.year)


def _zone_of(name: Name) -> Name:
    """The zone of a township's name alone."""
    return Name(name.zone, "region", name.places, zone=name.zone)


def _town_spot(name: Name, place: str, code: str, sure: float, evidence: tuple[Evidence, ...], year: int | None) -> Spot:
    county = place[:6]
    return Spot(code or f"{county}x{_short(name.township)}", code or county, "township", front(county, year), sure, evidence)


def _branch(name: Name, spot: Spot) -> Spot:
    """A branch serves the place in its own name: 黄石市生态环境局下陆区分局 → 下陆区."""
    words = _BRANCH_WORD.sub("", name.branch)
    units = gazetteer.divisions_named(words) or gazetteer.divisions_of_stem(words)
    inside = [unit.code for unit in units if spot.code in gazetteer.parents(unit.code)]
    if inside:
        return replace(spot, key=inside[-1], code=inside[-1], level="county")
    below = {"province": "prefecture", "prefecture": "county", "county": "township"}
    return replace(spot, level=below.get(spot.level, spot.level), confidence=min(spot.confidence, 0.97))


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


def _short(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:6]
