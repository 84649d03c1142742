"""Who, where, when: the tags of a report, each with the evidence for it.

    lines = reading.lines(document)        # simplified, squeezed
    years                                  # every sign of a year → the year
    names, mentions, titles, prose         # the grammar of agency names; where text holds them
    sightings, places → spots, bodies → merging → agency, kinds

Every tag may be None: a value is given only where its evidence adds up and nothing comes near it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parsers import codes, gazetteer
from parsers.identify import agency, bodies, functions, kinds, names, reading, sightings, spots, years
from parsers.identify.functions import Function
from parsers.identify.places import Places
from parsers.models import Document, Evidence, Hints, Issue, Outline, Tables, Tag
from parsers.records import record

__all__ = ["Function", "Identity", "function_of", "identify"]

NOTHING = Hints()
TAGS = ("agency", "agency_id", "function", "level", "division_code", "division_code_current", "body_type", "scope", "year",
        "format_version")


@record
class Identity:
    """What `identify` found. `tags` holds every name of `TAGS`; `published_on` is ISO or ""."""

    kind: str
    tags: Mapping[str, Tag]
    published_on: str
    issues: tuple[Issue, ...]


def function_of(name: str) -> Function | None:
    """The function of an agency by its name, with or without its place (神池县司法局, 司法局); None when unknown."""
    parsed = names.parse(name)
    return functions.function_of(parsed.organ if parsed and parsed.organ else name)


def identify(document: Document, outline: Outline, tables: Tables, hints: Hints = NOTHING) -> Identity:
    """Tag a document from its words, its metas and what is known of where it was found. Raises nothing."""
    lines = reading.lines(document)
    published = years.published_on(document.metas, lines, hints)
    year = years.decide(document, outline, lines, hints, published)
    near = year.value or (year.candidates[0][0] if year.candidates else None)
    seen = sightings.find(document, outline, lines, hints)
    verdict = agency.decide(seen, Places(document, lines, hints, near))
    body = verdict.chosen
    kind_of_body = kinds.body_type(body.name) if body else "unknown"
    tags = {
        **_agency_tags(verdict, document, lines, hints),
        "body_type": Tag(kind_of_body if body else None, body.confidence if body else 0.0, body.evidence[:1] if body else ()),
        "scope": kinds.scope(body, kind_of_body, lines, outline.title),
        "year": Tag(year.value, year.confidence, year.evidence),
        "format_version": kinds.format_version(tables, outline, lines, near),
    }
    return Identity(
        kind=kinds.kind_of(document, outline, tables, lines, hints),
        tags={name: tags[name] for name in TAGS},
        published_on=published,
        issues=(*_agency_issues(verdict), *_year_issues(year)),
    )


def _agency_tags(verdict: agency.Verdict, document: Document, lines: Sequence[reading.Line], hints: Hints) -> dict[str, Tag]:
    body = verdict.chosen
    if body is None:
        evidence = tuple(e for candidate in verdict.candidates[:3] for e in candidate.evidence[:2])
        sure = verdict.candidates[0].confidence if verdict.candidates else 0.0
        open_tag = Tag(None, sure, evidence)
        level = Tag(verdict.level or None, 0.85 if verdict.level else 0.0, evidence[:1])
        return {"agency": open_tag, "agency_id": open_tag, "function": open_tag, "level": level,
                "division_code": open_tag, "division_code_current": open_tag}
    place = body.place_evidence or tuple(Evidence("agency_prefix", e.quote, e.locator, 0.95) for e in body.evidence[:1])
    # a zone is no division: its level is a rule of thumb and its code may be its host's
    zone = "z" in body.id.split(":")[0]
    return {
        "agency": Tag(body.name, body.confidence, body.evidence),
        "agency_id": Tag(body.id, body.confidence, (*body.evidence[:3], *_codes(document, lines, hints))),
        "function": Tag(body.function or None, body.confidence if body.function else 0.0, body.evidence[:1]),
        "level": Tag(body.level, min(body.confidence, 0.8) if zone else body.confidence, place),
        "division_code": Tag(body.code, min(body.confidence, 0.8) if zone else body.confidence, place),
        "division_code_current": _current(body, place),
    }


def _current(body: bodies.Body, place: tuple[Evidence, ...]) -> Tag:
    """Today's code of the division; None where it was split or the code is no division's."""
    if len(body.code) != 6 or body.code == spots.NATIONAL or gazetteer.division(body.code) is None:
        return Tag(body.code, body.confidence, place)
    code = gazetteer.current(body.code)
    return Tag(code, body.confidence if code else 0.0, place)


def _codes(document: Document, lines: Sequence[reading.Line], hints: Hints) -> tuple[Evidence, ...]:
    """Codes of the body printed where such codes stand: 索引号 and the area of an address."""
    texts = [(value, key) for key, value in document.metas.items() if "索引" in key]
    texts += [(line.spaced.replace("索 引 号", "索引号").split("索引号", 1)[1][:40], line.where)
              for line in lines[:30] if "索引号" in line.text and "索引号" in line.spaced.replace("索 引 号", "索引号")]
    found = [(code, where) for text, where in texts for code in codes.codes_in(text)]
    found += [(code, "url") for code in codes.codes_in(hints.url) if codes.is_uscc(code)]
    return tuple(Evidence("uscc" if len(code) == 18 else "organ_code", code, where, 0.3) for code, where in dict(found).items())


def _agency_issues(verdict: agency.Verdict) -> list[Issue]:
    if verdict.chosen is None:
        found = [f"{body.name} ({body.score:.2f})" for body in verdict.candidates[:3]]
        found += [f"{name}, place unknown" for name in verdict.unplaced]
        said = "candidates: " + "; ".join(found) if found else "no name of an agency was found"
        return [Issue("review", f"The agency is not certain; {said}.", "agency")]
    rivals = [body for body in verdict.candidates[1:3] if body.score >= 0.6]
    return [Issue("review", f"The text also names {body.name} as its author.", "agency") for body in rivals]


def _year_issues(year: years.YearVerdict) -> list[Issue]:
    said = ", ".join(f"{y} ({score:.2f})" for y, score in year.candidates[:3])
    if year.value is None:
        said = f"candidates: {said}" if said else "no year was found"
        return [Issue("review", f"The report's year is not certain; {said}.", "year")]
    rivals = [y for y, score in year.candidates[1:] if score >= 0.8]
    return [Issue("review", f"The report says both {year.value} and {y} of its year.", "year") for y in rivals]
