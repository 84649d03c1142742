"""Where a body sits: the division, zone or township of its name, completed from what else the document says."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from parsers import gazetteer
from parsers.identify.names import STEM_ORGANS, Name
from parsers.identify.places import Choice, Places, resolve
from parsers.models import Evidence
from parsers.records import record

NATIONAL = "000000"                                   # the division code of the whole country
_BRANCH_WORD = re.compile(r"(?:直属|监管)?(?:分局|分中心|监管局|支队|大队|派出所|管理站)$")
_BELOW = {"province": "prefecture", "prefecture": "county", "county": "township"}


@record
class Spot:
    """Where a body sits: `key` is what its id begins with, `front` the words its full name begins with."""

    key: str
    code: str
    level: str
    front: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


def find(name: Name, places: Places) -> Spot | None:
    """The place of a name; None where it stays open."""
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
    key = f"{unit.code}z{short(gazetteer.zone_key(name.zone))}"
    return Spot(key, unit.code, level, printed, min(0.97, choice.confidence), choice.evidence)


def _registered(zone: gazetteer.Zone, printed: str) -> Spot:
    if zone.same:
        return Spot(zone.host, zone.host, zone.level, printed if printed.endswith(zone.name) else zone.name, 0.98)
    return Spot(zone.code or f"{zone.host}z{short(zone.name)}", zone.code or zone.host, zone.level, printed, 0.98)


def _zone_host(zone: str, places: Places) -> Choice | None:
    """The division whose name or stem the zone's begins with (广东|从化|经济开发区), unless the document speaks of another."""
    fronts: list[str] = []
    rest = zone
    while front := next((rest[:size] for size in (6, 5, 4, 3, 2) if _is_place(rest[:size])), ""):
        fronts.append(front)
        rest = rest.removeprefix(front)
    choice = places.among(resolve(tuple(fronts), places.year)) if fronts else None
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
        return Spot(code or f"{zone.key}x{short(name.township)}", code or zone.code, "township", name.zone, zone.confidence)
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
    return Spot(code or f"{county}x{short(name.township)}", code or county, "township", front(county, year), sure, evidence)


def _branch(name: Name, spot: Spot) -> Spot:
    """A branch serves the place in its own name: 黄石市生态环境局下陆区分局 → 下陆区."""
    words = _BRANCH_WORD.sub("", name.branch)
    units = gazetteer.divisions_named(words) or gazetteer.divisions_of_stem(words)
    inside = [unit.code for unit in units if spot.code in gazetteer.parents(unit.code)]
    if inside:
        return replace(spot, key=inside[-1], code=inside[-1], level="county")
    return replace(spot, level=_BELOW.get(spot.level, spot.level), confidence=min(spot.confidence, 0.97))


def short(words: str) -> str:
    """Six characters that stand for words in an id."""
    return hashlib.sha256(words.encode()).hexdigest()[:6]
