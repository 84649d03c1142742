"""Which place a document is about: every hint of a division with its weight.

Completes bare names (市司法局) and tells namesakes apart (鼓楼区).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from parsers import codes, gazetteer, schema
from parsers.identify.reading import Line
from parsers.identify.weighing import noisy_or, share
from parsers.models import Document, Evidence, Hints
from parsers.records import record

_CLASS = re.compile(r"自治[区州县旗]|[省市县区州旗盟]")
_INDEX = re.compile(r"索引号[::|]*([0-9A-Z]{6,18})")
_SITE = re.compile(r"(?:政府)?网站标识码[::]?\s*([0-9a-zA-Z]{10})")
_PORTAL = re.compile(r"([\u4e00-\u9fff]{2,4})(?:县|市|区)?(?:政府网|政务网|门户网|新闻网|政府信息网)")
_ABOVE = re.compile(r"(?:人民)?政府(?:办公[厅室])?(?:信息公开办公室)?关于|(?:省|自治区)(?:人民)?政府")
_SUPERIORS = re.compile(r"([市县区州旗盟])委[、,和及]?\1(?:人民)?政府")
_LONGEST = 15
_QUALIFIED_LEVELS = {"省": ("province",), "自治区": ("province",), "市": ("province", "prefecture", "county"),
                     "州": ("prefecture",), "自治州": ("prefecture",), "盟": ("prefecture",), "县": ("county",),
                     "自治县": ("county",), "旗": ("county",), "区": ("county",)}
_QUALIFIED_NAMES = {"省": "省", "自治区": "自治区", "市": "市", "州": "自治州", "自治州": "自治州", "盟": "盟", "县": "县",
                    "自治县": "自治县", "旗": "旗", "区": "区"}


@record
class Hint:
    """One reason to believe in a place; `code` is a division or the name of a zone."""

    code: str
    evidence: Evidence


@record
class Choice:
    """A place chosen, how surely, and why."""

    code: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


class Places:
    """All hints of one document."""

    def __init__(self, document: Document, lines: Sequence[Line], hints: Hints, year: int | None) -> None:
        self.year = year
        self.lines = lines
        self._own_class = _own_class(lines)
        self._hints = [*_declared(hints), *_from_metas(document.metas), *_from_host(hints.url),
                       *_from_index(lines, document.metas), *_from_text(lines, year)]

    def add(self, code: str, evidence: Evidence) -> None:
        self._hints.append(Hint(code, evidence))

    def among(self, candidates: Iterable[str]) -> Choice | None:
        """The one of several units of a name that the document is about; None when the hints do not tell."""
        candidates = tuple(dict.fromkeys(candidates))
        if len(candidates) == 1:
            return Choice(candidates[0], 1.0)
        telling = [*self._telling(candidates), *self._of_own_class(candidates)]
        scored = sorted(((noisy_or(shares[code] for shares in telling), code) for code in candidates), reverse=True)
        if not scored or scored[0][0] < 0.4:
            return None
        (best, code), (second, _) = scored[0], scored[1]
        if best - second < 0.15:
            return None
        sure = min(0.98, share(best, (score for score, _ in scored[1:])))
        return Choice(code, sure, tuple(h.evidence for h in self._about(code))[:3])

    def _of_own_class(self, candidates: Sequence[str]) -> list[dict[str, float]]:
        """What 区委、区政府 says of candidates: that the body's own place is a district."""
        worth = {code: 0.6 * _fits(code, self._own_class, self.year) for code in candidates}
        return [worth] if self._own_class and len(set(worth.values())) > 1 else []

    def bare(self, qualifier: str) -> Choice | None:
        """The place of a bare name such as 市司法局 or 司法局; None when no place or more than one fits."""
        qualifier = qualifier or self._own_class
        fitting = {h.code for h in self._hints if _fits(h.code, qualifier, self.year)}
        scored = sorted(((self._exact(code), code) for code in fitting), reverse=True)
        if not scored:
            return None
        best, code = scored[0]
        rivals = [(score, other) for score, other in scored[1:] if not _one_chain(code, other) or score > best - 0.15]
        if rivals and _one_chain(code, rivals[0][1]) and all(_one_chain(code, o) for _, o in rivals):
            code = max((code, *(o for _, o in rivals)), key=lambda c: len(gazetteer.parents(c)))
            best, rivals = self._exact(code), []
        second = rivals[0][0] if rivals else 0.0
        if best < 0.5 or best - second < 0.15:
            return None
        sure = min(0.98, max(best, 0.95) if len(fitting) == 1 and best >= 0.55 else best)
        evidence = tuple(h.evidence for h in self._about(code))[:3]
        return Choice(code, sure * share(sure, (second,)), evidence)

    def levels(self, qualifier: str) -> set[str]:
        """The levels of all places a bare class word could mean here."""
        units = (gazetteer.division(h.code, self.year) for h in self._hints if _fits(h.code, qualifier, self.year))
        return {unit.level for unit in units if unit}

    def about(self, code: str) -> bool:
        """Whether anything names the place, one in it, or the county of a township."""
        return bool(self._about(code)) or any(h.code == code[:6] for h in self._hints)

    def any(self) -> bool:
        """Whether anything names any place."""
        return bool(self._hints)

    def declared(self) -> Choice | None:
        """The county the portal declares, for townships no list knows."""
        found = next((h for h in self._hints if h.evidence.source == "declared"), None)
        return Choice(found.code, found.evidence.weight, (found.evidence,)) if found else None

    def portal(self, code: str) -> bool:
        """Whether the portal's own marks (declaration, site code, host) name exactly this place."""
        return any(h.code == code and h.evidence.source in ("declared", "site_id_code", "host", "host_initials")
                   and h.evidence.weight >= 0.55 for h in self._hints)

    def _about(self, code: str) -> list[Hint]:
        return [h for h in self._hints if h.code == code or (h.code.isdigit() and gazetteer.within(h.code, code))]

    def _exact(self, code: str) -> float:
        return noisy_or(h.evidence.weight for h in self._hints if h.code == code)

    def _telling(self, candidates: Sequence[str]) -> list[dict[str, float]]:
        """Per reason, what it is worth to each candidate; what speaks for all of them alike tells nothing and is left out."""
        reasons: dict[tuple[str, str, str], dict[str, float]] = {}
        for hint in self._hints:
            worth = reasons.setdefault((hint.evidence.source, hint.evidence.quote, hint.evidence.locator),
                                       dict.fromkeys(candidates, 0.0))
            for code in candidates:
                worth[code] = max(worth[code], hint.evidence.weight * _nearness(hint.code, code))
        return [worth for worth in reasons.values() if len(set(worth.values())) > 1]


def _nearness(hint: str, code: str) -> float:
    """How far a hint of one place speaks for another: fully for itself, less for what lies in it or around it."""
    if hint == code:
        return 1.0
    above = gazetteer.parents(code)
    if hint in above:
        return 0.4 if hint == above[-1] else 0.8
    return 0.7 if gazetteer.within(hint, code) else 0.0


def _own_class(lines: Sequence[Line]) -> str:
    """The class of the place whose 委 and 政府 a text calls its superiors, the lowest it names: 区 for 区委、区政府."""
    text = "".join(line.text for line in lines[:60])
    named = {match[1] for match in _SUPERIORS.finditer(text)}
    return next((word for word in ("旗", "县", "区", "盟", "州", "市") if word in named), "")


@lru_cache(4096)
def resolve(names: tuple[str, ...], year: int | None) -> tuple[str, ...]:
    """The codes a chain of place names may mean: units of the innermost name that lie in the outer ones."""
    if not names:
        return ()
    units = gazetteer.divisions_named(names[-1], year) or gazetteer.divisions_of_stem(names[-1], year) or \
        gazetteer.divisions_named(names[-1])[-1:]
    for outer in reversed(names[:-1]):
        above = {unit.code for unit in (gazetteer.divisions_named(outer) or gazetteer.divisions_of_stem(outer))}
        units = tuple(unit for unit in units if above & set(gazetteer.parents(unit.code))) or units
    return tuple(dict.fromkeys(unit.code for unit in units))


def _fits(code: str, qualifier: str, year: int | None) -> bool:
    """Whether a bare class word can stand for the place: 市 for 安顺市, 区 for a district or a zone."""
    if not code.isdigit():
        return qualifier in ("", "区") or code.endswith(qualifier) or "区" in qualifier
    unit = gazetteer.division(code, year)
    if unit is None or not qualifier:
        return unit is not None
    return unit.level in _QUALIFIED_LEVELS.get(qualifier, ()) and unit.name.endswith(_QUALIFIED_NAMES[qualifier]) and (
        qualifier != "县" or unit.level == "county")


def _one_chain(one: str, other: str) -> bool:
    return one.isdigit() and other.isdigit() and (gazetteer.within(one, other) or gazetteer.within(other, one))


def _weight(kind: str) -> float:
    return float(schema.load("evidence")["place"][kind])


def _declared(hints: Hints) -> list[Hint]:
    if not hints.division_code:
        return []
    return [Hint(hints.division_code[:6], Evidence("declared", hints.division_code, "portal", _weight("declared")))]


def _from_metas(metas: Mapping[str, str]) -> list[Hint]:
    found = []
    for key, value in metas.items():
        site = codes.site_code(value) if key.lower() == "siteidcode" else None
        if site and gazetteer.division(site.division):
            found.append(Hint(site.division, Evidence("site_id_code", value, key, _weight("site_id_code"))))
    return found


def _from_host(url: str) -> list[Hint]:
    host = urlsplit(url).netloc
    found = gazetteer.host_divisions(host)
    if not found and host:
        found = tuple((code, 0.85) for code in gazetteer.provinces_in_path(urlsplit(url).path))
    kind = "host" if found and found[0][1] > 0.8 else "host_initials"
    # a host that several places could have still tells those from all others
    share = 1.0 if len(found) == 1 else 0.7 if len(found) <= 4 else 0.5
    return [Hint(code, Evidence(kind, host, "url", weight * share)) for code, weight in found]


def _from_index(lines: Sequence[Line], metas: Mapping[str, str]) -> list[Hint]:
    """An 索引号 that begins with a division code and a serial number, or with a social credit code (weak)."""
    found = []
    printed = [(m[1], line.where) for line in lines[:30] for m in _INDEX.finditer(line.text)]
    printed += [(value, key) for key, value in metas.items() if "索引" in key]
    for value, where in printed:
        code = value[:18]
        if codes.is_uscc(code) and gazetteer.division(code[2:8]):
            found.append(Hint(code[2:8], Evidence("organ_code", code, where, _weight("organ_code"))))
        elif not codes.is_organisation_code(value[:9]) and gazetteer.division(value[:6]):
            found.append(Hint(value[:6], Evidence("index_number", value, where, _weight("index_number"))))
    found += [Hint(m[1], Evidence("site_id_code", m[1], line.where, _weight("site_id_code")))
              for line in lines if "标识码" in line.text for m in _SITE.finditer(line.text) if gazetteer.division(m[1][:6])]
    return [Hint(h.code[:6], h.evidence) for h in found]


def _from_text(lines: Sequence[Line], year: int | None) -> list[Hint]:
    """Every division named in full, each place once per line, at most five times."""
    found: list[Hint] = []
    counts: dict[str, int] = {}
    for line in lines:
        for name, start, end in _named(line.text):
            units = resolve(name, year)
            weak = len(units) > 1 or _ABOVE.match(line.text, end)
            for code in units:
                counts[code] = counts.get(code, 0) + 1
                if counts[code] <= 5:
                    weight = _weight("text") * (0.4 if weak else 1)
                    found.append(Hint(code, Evidence("text", line.text[max(0, start - 6):end + 10], line.where, weight)))
        for match in _PORTAL.finditer(line.text) if "网" in line.text else ():
            for code in _portal(match[1], year):
                found.append(Hint(code, Evidence("text", match[0], line.where, _weight("text"))))
    return found


def _portal(words: str, year: int | None) -> tuple[str, ...]:
    """松阳政府网 → 松阳县, where the stem is one unit's alone."""
    for size in (4, 3, 2):
        units = gazetteer.divisions_of_stem(words[-size:], year) if len(words) >= size else ()
        if units:
            lowest = [u for u in units if u.level == "county"] or list(units)
            return (lowest[0].code,) if len(units) == 1 else tuple(u.code for u in units if u.level != "county")[:1]
    return ()


def _named(text: str) -> Iterable[tuple[tuple[str, ...], int, int]]:
    """Chains of division names in a squeezed line: (names outermost first, start, end)."""
    table, start, last = gazetteer.by_name(), 0, -1
    chain: list[str] = []
    for match in _CLASS.finditer(text):
        end = match.end()
        size = next((n for n in range(min(_LONGEST, end), 1, -1) if text[end - n:end] in table), 0)
        if not size or start < end - size < last:
            continue
        if end - size == last:
            chain.append(text[end - size:end])
        else:
            if chain:
                yield tuple(chain), start, last
            chain, start = [text[end - size:end]], end - size
        last = end
    if chain:
        yield tuple(chain), start, last

