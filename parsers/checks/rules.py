"""What a rule is, what it looks at, and how its findings become checks.

A rule is one line of `schema/rules.json` (id, severities, versions, words for people) and one small function registered with
`@rule("A01_row_sum")` that yields `Finding`s. Silence of the function means the rule's `fine` sentence (pass) or its `needs`
sentence (not assessable). Failures become one `Check` each; passes one per verdict, with their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from parsers import narrative, schema
from parsers.models import Cell, Check, Document, Number, Outline, Report, Severity, Tables, Verdict
from parsers.records import record
from parsers.timeliness import signed_on

LOWER: Mapping[Severity, Severity] = {"error": "warning", "warning": "info", "info": "info"}
_COUNTS = frozenset({"number", "zero"})
_NUMBERED_FORMS = ("f2019", "f2021")


@record
class Rule:
    """One line of rules.json. `severity` lists the grades the rule may give, the usual one first."""

    id: str
    severity: tuple[Severity, ...]
    versions: tuple[str, ...]
    title: str
    title_en: str
    expr: str
    note: str = ""
    fine: str = ""
    needs: str = ""
    unit: str = "处"
    over: str = ""
    holds: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    across: str = ""


class Finding(NamedTuple):
    """What a rule saw at one place. `severity` only where it differs from the rule's usual one."""

    verdict: Verdict
    message: str = ""
    where: str = ""
    left: Number | None = None
    right: Number | None = None
    severity: Severity | None = None


@dataclass(frozen=True)
class Material:
    """All that a rule may look at; what several rules need is worked out once."""

    report: Report
    document: Document
    outline: Outline

    @property
    def tables(self) -> Tables:
        return self.report.tables

    def tag(self, name: str) -> str | int | None:
        tag = self.report.tags.get(name)
        return tag.value if tag else None

    @cached_property
    def year(self) -> int | None:
        year = self.tag("year")
        return int(year) if year is not None else None

    @cached_property
    def agency(self) -> str:
        return str(self.tag("agency") or "")

    @cached_property
    def versions(self) -> frozenset[str]:
        """The forms this report follows: by its tables, else its tag, else the form in force that year."""
        told = {version for version in self.tables.formats.values() if version}
        if not told and self.tag("format_version"):
            told = {str(self.tag("format_version"))}
        return frozenset(told or ({nominal_format(self.year)} if self.year else set(_NUMBERED_FORMS)))

    @cached_property
    def paragraphs(self) -> tuple[narrative.Passage, ...]:
        return narrative.paragraphs(self.document, self.outline)

    @cached_property
    def passages(self) -> tuple[narrative.Passage, ...]:
        return narrative.joined(self.paragraphs)

    @cached_property
    def odd(self) -> tuple[tuple[str, str, Cell], ...]:
        """The cells that are no plain count, as (table, id for people and places, cell)."""
        return tuple((table, f"{row}.{column}" if column else row, cell) for table, row, column, cell in self.tables.cells()
                     if cell.status not in _COUNTS or not isinstance(cell.value, int) or cell.value < 0)

    @cached_property
    def by_status(self) -> Mapping[str, list[tuple[str, str, Cell]]]:
        """The odd cells by what makes them odd."""
        found: dict[str, list[tuple[str, str, Cell]]] = {}
        for entry in self.odd:
            found.setdefault(entry[2].status, []).append(entry)
        return found

    @cached_property
    def facts(self) -> tuple[narrative.Fact, ...]:
        return narrative.facts(self.passages, self.year, self.agency)

    @cached_property
    def prose(self) -> str:
        """All passages, one per line: to see quickly whether something is anywhere."""
        return "\n".join(passage.text for passage in self.passages)

    @cached_property
    def signed(self) -> tuple[date, str] | None:
        """The date below the report, and its place."""
        return signed_on(self.document, self.outline)

    @cached_property
    def sections(self) -> frozenset[str]:
        return frozenset(section.id for section in self.report.sections)

    def has_table(self, section: str) -> bool:
        """Whether the table of this section has any cell."""
        tables = {"proactive": self.tables.proactive, "requests": self.tables.requests, "remedies": self.tables.remedies}
        return bool(tables.get(section))

    @cached_property
    def there(self) -> frozenset[str]:
        """What of that which rules need, by the names in their `of`, there is anything of."""
        return frozenset(name for name, look in _THERE.items() if look(self))


_TABLES = ("proactive", "requests", "remedies", "stat2014")
_THERE: Mapping[str, Callable[[Material], Any]] = {
    **{name: attrgetter(name) for name in ("year", "agency")}, "prose": attrgetter("passages"),
    **{name: attrgetter(f"tables.{name}") for name in (*_TABLES, "formats")},
    "text": lambda material: material.report.text.strip(),
    "sections": lambda material: material.sections - {"preamble"},
    "overview": lambda material: "overview" in material.sections,
    "other": lambda material: "other" in material.sections,
    "level": lambda material: material.tag("level"),
    "cells": lambda material: any(getattr(material.tables, name) for name in _TABLES),
}


Look = Callable[[Material], Iterable[Finding]]
LOOKS: dict[str, Look] = {}


def rule(rule_id: str) -> Callable[[Look], Look]:
    """Register the function that applies a rule to one report."""
    def register(look: Look) -> Look:
        LOOKS[rule_id] = look
        return look
    return register


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of rules.json."""
    return {line["id"]: _rule(line) for line in schema.load("rules")["rules"]}


@cache
def nominal_format(year: int) -> str:
    """The national form that reports of a year should follow. Local annexes (f2008s) are nobody's duty."""
    for version in schema.load("tables")["format_versions"]:
        first, last = version["nominal_report_years"]
        if version["id"] != "f2008s" and first <= year <= (last or year):
            return str(version["id"])
    return "f2008"


def applies(rule: Rule, versions: frozenset[str]) -> bool:
    """Whether a rule is about any of these forms."""
    return "all" in rule.versions or not versions.isdisjoint(rule.versions)


@lru_cache(64)
def applying(versions: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that one report of these forms is held against, in the order of rules.json."""
    return tuple(rule for rule in rules().values() if rule.id in LOOKS and applies(rule, versions))


def applied(rule: Rule, material: Material) -> list[Check]:
    """The checks that one rule gives for one report."""
    if not material.there.issuperset(rule.of):
        missing = [schema.load("rules")["materials"][name] for name in rule.of if name not in material.there]
        return [check(rule, Finding("not_assessable", f"无法核对：没有{'、'.join(missing)}"))]
    return summarised(rule, LOOKS[rule.id](material))


def summarised(rule: Rule, findings: Iterable[Finding]) -> list[Check]:
    """Failures one by one; passes counted, one check per verdict; one check for all that could not be assessed."""
    groups: dict[Verdict, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.verdict, []).append(finding)
    if not groups:
        return [_silent(rule.id)]
    fails = [*groups.get("fail", ()), *groups.get("fail_assuming_blank_zero", ())]
    return [check(rule, finding) for finding in (*fails, *_counted(rule, groups, bool(fails)))]


@cache
def _silent(rule_id: str) -> Check:
    """What a rule says whose function found nothing to say."""
    rule = rules()[rule_id]
    return check(rule, Finding("pass", rule.fine) if rule.fine else Finding("not_assessable", f"无法核对：{rule.needs}"))


def check(rule: Rule, finding: Finding) -> Check:
    """A finding as a check: only failures carry a grade, one step lower when blanks had to count as zero."""
    severity: Severity = "info"
    if finding.verdict.startswith("fail"):
        severity = finding.severity or rule.severity[0]
    if finding.verdict == "fail_assuming_blank_zero":
        severity = LOWER[severity]
    return Check(rule.id, finding.verdict, severity, finding.message, finding.left, finding.right, finding.where)


def _counted(rule: Rule, groups: Mapping[Verdict, list[Finding]], after_fails: bool) -> Iterator[Finding]:
    rest = "其余 " if after_fails else ""
    if passed := groups.get("pass"):
        yield _only(passed) or Finding("pass", f"{rest}{len(passed)} {rule.unit}全部相符")
    if lenient := groups.get("pass_assuming_blank_zero"):
        yield Finding("pass_assuming_blank_zero", f"{rest}{len(lenient)} {rule.unit}把空白当作 0 时相符")
    if unknown := groups.get("not_assessable"):
        reasons = list(dict.fromkeys(finding.message for finding in unknown))
        more = f" 等 {len(reasons)} 种原因" if len(reasons) > 3 else ""
        yield Finding("not_assessable", f"{len(unknown)} {rule.unit}无法核对：{'；'.join(reasons[:3])}{more}",
                      unknown[0].where)


def _only(passed: list[Finding]) -> Finding | None:
    return passed[0] if len(passed) == 1 and passed[0].message else None


def _rule(line: Mapping[str, Any]) -> Rule:
    listed = {key: tuple(value) for key, value in line.items() if isinstance(value, list)}
    return Rule(**{**line, "versions": ("all",), **listed})
