"""A candidate agency: what a name at a place is called in full, its id and its function."""

from __future__ import annotations

import re

from parsers.identify import functions
from parsers.identify.names import STEM_ORGANS, Name
from parsers.identify.sightings import Sighting
from parsers.identify.spots import Spot, short
from parsers.models import Evidence
from parsers.records import record


@record
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


@record
class Row:
    """A sighting with its weight, where it sits and the body it names."""

    weight: float
    sighting: Sighting
    spot: Spot
    body: Body

    @property
    def source(self) -> str:
        return self.sighting.evidence.source

    @property
    def name(self) -> Name:
        return self.sighting.name


def body_of(name: Name, spot: Spot) -> Body:
    """The body a name means at a place, not weighed yet."""
    function = _function(name)
    slug = short(name.organ)
    if function:
        slug = function.id if function.main else f"{function.id}-{slug}"
    if name.branch and spot.level != "county":
        slug += "-" + short(name.branch)
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
    inside = bool(spot.front) and not town and spot.front in organ           # 国网河北省电力有限公司 names its place itself
    return organ if inside else spot.front + town + organ
