"""Across bodies: the same file twice, copied texts, outliers, copies of one report that disagree, absence and change.

Every function takes plain sequences and gives checks by the key of the report (or of the agency, where a report is missing).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from itertools import combinations
from math import log1p
from statistics import median
from urllib.parse import urlsplit
from zlib import crc32

from parsers.checks.across import Checks, Filed, failed, masked, shingles, similarity, values, verdicts
from parsers.checks.rules import Finding
from parsers.checks.words import name, shown
from parsers.models import Check
from parsers.timeliness import due, status

SERIES = ("new_received.total", "licence_decisions", "penalty_decisions", "coercion_decisions", "review_total",
          "suit_direct_total", "fee_amount_wan")
RULES = frozenset({"P02_peer_outlier", "D01_same_bytes_other_agency", "D02_near_duplicate_other_agency", "D03_format_conflict",
                   "T02_missing", "T03_changed_after_publication", "M06_host_not_registered"})
_COPIED, _LEAST_TEXT = 0.95, 300
_SKETCH, _CROWD = 12, 200          # smallest hashes kept of a text; a hash shared by more texts than this is boilerplate
_FEWEST_PEERS, _FAR = 10, 6
_MAD_TO_SIGMA = 1.4826
_TABLES = ("proactive", "requests", "remedies", "stat2014")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One capture of a report: when, where, and what its bytes and words were."""

    key: str
    url: str
    captured_at: str
    digest: str
    text_digest: str


def outliers(reports: Sequence[Filed]) -> Checks:
    """P02: numbers far from those of bodies with the same function, level and year (robust z on a log scale)."""
    groups: dict[tuple[str, str, int], list[Filed]] = {}
    for report in reports:
        if report.function and report.level:
            groups.setdefault((report.function, report.level, report.year), []).append(report)
    return verdicts(found for peers in groups.values() for series in SERIES for found in _outliers(peers, series))


def same_bytes(reports: Sequence[Filed]) -> Checks:
    """D01: one file found as the report of two bodies."""
    by_digest: dict[str, list[Filed]] = {}
    for report in reports:
        by_digest.setdefault(report.digest, []).append(report)
    shared = (group for group in by_digest.values() if len({r.agency_id for r in group if r.agency_id}) > 1)
    return verdicts(
        (report.key, "D01_same_bytes_other_agency", Finding("fail", f"同一文件也是{_others(report, group)}的年报", "file"))
        for group in shared for report in group)


def near_duplicates(reports: Sequence[Filed]) -> Checks:
    """D02: texts of two bodies that are the same but for names and figures. Candidates by shared smallest hashes."""
    texts = {report.key: masked(report.text, report.agency) for report in reports}
    known = {report.key: report for report in reports if len(texts[report.key]) >= _LEAST_TEXT}
    pieces = {key: shingles(texts[key]) for key in known}
    pairs = candidates({key: sketch(pieces[key]) for key in known}, {key: known[key].agency_id for key in known})
    return verdicts(found for one, other in pairs
                    for found in _near(known[one], known[other], similarity(pieces[one], pieces[other])))


def pieces_of(report: Filed) -> Counter[str]:
    """What `copied` compares of a report's text."""
    return shingles(masked(report.text, report.agency))


def copied(one: Filed, other: Filed, left: Counter[str], right: Counter[str]) -> Checks:
    """D02 for one pair of candidates, given the pieces of each."""
    return verdicts(_near(one, other, similarity(left, right)))


def format_conflicts(copies: Sequence[Filed]) -> Checks:
    """D03: HTML, PDF and Word copies of one report (same agency and year) with different numbers."""
    return verdicts(found for one, other in combinations(copies, 2) if one.digest != other.digest
                    for found in _conflicts(one, other))


def missing(agency: str, body_type: str, year: int, today: date, looks: int, first: date | None) -> Check | None:
    """T02: nothing found 30 days after the due date, after three good looks on different days; else None."""
    deadline = due(body_type, year)
    if status(deadline, first, today, looks) != "missing" or deadline is None:
        return None
    return failed("T02_missing", f"{agency} {year} 年度的年报到 {today.isoformat()} 仍未见到，期限 {deadline.on.isoformat()}，"
                                 f"已在 {looks} 个不同日子查看", agency)


def changes(sightings: Sequence[Sighting]) -> Checks:
    """T03: amended in place (same address, other words), reissued (other address, other words), or only cosmetic."""
    seen: dict[str, list[Sighting]] = {}
    for sighting in sorted(sightings, key=lambda s: s.captured_at):
        seen.setdefault(sighting.key, []).append(sighting)
    return verdicts((key, "T03_changed_after_publication", finding) for key, captures in seen.items()
                    for finding in _changes(captures))


def host(key: str, url: str, hosts: Iterable[str]) -> Checks:
    """M06: whether the address a report was finally read from is that of a registered government site."""
    found = (urlsplit(url).hostname or "").lower()
    fits = found.endswith(".gov.cn") or any(found == known or found.endswith(f".{known}") for known in hosts)
    finding = Finding("pass" if fits else "fail", f"网址属于 {found or '（没有主机名）'}", "url")
    return verdicts([(key, "M06_host_not_registered", finding)])


def _outliers(peers: Sequence[Filed], series: str) -> Iterator[tuple[str, str, Finding]]:
    numbers = {report.key: number for report in peers if (number := report.number(series)) is not None and number >= 0}
    logs = {key: log1p(float(number)) for key, number in numbers.items()}
    if len(logs) < _FEWEST_PEERS:
        return
    middle = median(logs.values())
    spread = _MAD_TO_SIGMA * median(abs(log - middle) for log in logs.values())
    usual = f"同类 {len(logs)} 个机关的中位数 {median(float(number) for number in numbers.values()):g}"
    for key, log in logs.items():
        far = spread > 0 and abs(log - middle) / spread >= _FAR
        words = f"{name(series.split('.')[0])} {shown(numbers[key])}，{usual}"
        yield key, "P02_peer_outlier", Finding("fail" if far else "pass", words if far else "", series, numbers[key])


def _others(report: Filed, group: Sequence[Filed]) -> str:
    return "、".join(sorted({other.agency or other.key for other in group if other.agency_id != report.agency_id})[:3])


def sketch(pieces: Iterable[str]) -> tuple[int, ...]:
    """The smallest hashes of a text's pieces: texts that share none of them have little in common."""
    return tuple(nsmallest(_SKETCH, {_hash(piece) for piece in pieces}))


def sketch_of(report: Filed) -> tuple[int, ...]:
    """The sketch of a report's text; empty when the text is too short to compare."""
    text = masked(report.text, report.agency)
    return sketch(shingles(text)) if len(text) >= _LEAST_TEXT else ()


def candidates(sketches: Mapping[str, Sequence[int]], bodies: Mapping[str, str],
               among: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
    """Pairs of keys of different bodies (body by key) whose sketches share half their marks, sorted.

    Texts as alike as D02 asks share nine of ten. With `among`, only the pairs that one of these keys is in.
    """
    holders: dict[int, list[str]] = {}
    for key in sketches:
        for mark in sketches[key]:
            holders.setdefault(mark, []).append(key)
    pairs = set()
    for key in sketches if among is None else sketches.keys() & set(among):
        shared = Counter(other for mark in sketches[key] if len(holders[mark]) <= _CROWD for other in holders[mark])
        pairs |= {(min(key, other), max(key, other)) for other, marks in shared.items()
                  if 2 * marks >= max(len(sketches[key]), len(sketches[other])) and bodies[key] != bodies[other]}
    yield from sorted(pairs)


def _hash(piece: str) -> int:
    """The same on every machine; what collides is compared in full and does no harm."""
    return crc32(piece.encode())


def _near(one: Filed, other: Filed, alike: float) -> Iterator[tuple[str, str, Finding]]:
    if alike >= _COPIED:
        for report, twin in ((one, other), (other, one)):
            words = f"正文与{twin.agency or twin.key} {twin.year} 年度的相似度 {alike:.0%}"
            yield report.key, "D02_near_duplicate_other_agency", Finding("fail", words, twin.key)


def _conflicts(one: Filed, other: Filed) -> Iterator[tuple[str, str, Finding]]:
    pairs = [(cell_id, left, right) for table in _TABLES for cell_id, left in values(one.tables, table).items()
             if left is not None and (right := values(other.tables, table).get(cell_id)) is not None]
    different = [(cell_id, left, right) for cell_id, left, right in pairs if left != right]
    for report, twin in ((one, other), (other, one)):
        finding = Finding("pass", f"与 {twin.media_type} 文件的 {len(pairs)} 格全部相同", twin.digest[:12])
        if different:
            cell_id, *sides = different[0]
            left, right = sides if report is one else reversed(sides)
            named = "·".join(name(part) for part in cell_id.split("."))
            words = f"与 {twin.media_type} 文件有 {len(different)} 格不同，如 {named}：{shown(left)} 与 {shown(right)}"
            finding = Finding("fail", words, twin.digest[:12], left, right)
        if pairs:
            yield report.key, "D03_format_conflict", finding


def _changes(captures: Sequence[Sighting]) -> Iterator[Finding]:
    first = captures[0]
    for later in captures[1:]:
        if later.digest == first.digest:
            continue
        where = f"{later.url} {later.captured_at[:10]}"
        if later.text_digest == first.text_digest:
            yield Finding("pass", f"{later.captured_at[:10]} 起文件不同而文字相同", where)
        else:
            how = "原址改动" if later.url == first.url else "另址重发"
            yield Finding("fail", f"{how}：{first.captured_at[:10]} 与 {later.captured_at[:10]} 的文字不同", where)
        first = later
    if len({capture.digest for capture in captures}) == 1:
        yield Finding("pass", f"{len(captures)} 次采集都相同", captures[0].url)
