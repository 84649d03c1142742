"""Does it add up? Every rule of `schema/rules.json` applied to one report.

    checked(report, document, outline)   the report with its checks, and possible repairs as issues
    history, peers                       the rules across years and across agencies: plain functions over many reports

A rule is one line of rules.json and one function: see `rules`. Sums need the line only. Values are never changed here.
"""

from __future__ import annotations

from dataclasses import replace

from parsers.checks import cells, logic, metadata, prose, scanned, structure, sums, timing
from parsers.checks.repairs import MENDED, candidates
from parsers.checks.rules import Material, applied, applying
from parsers.models import Check, Document, Outline, Report

__all__ = ["checked", "checks"]

# importing these modules registers their rules
_MODULES = (cells, logic, metadata, prose, structure, sums, timing)


def checked(report: Report, document: Document, outline: Outline) -> Report:
    """The report with the verdict of every rule that applies to it. What is no report owes nothing and is not checked."""
    report = scanned.weighed(report)
    if report.kind != "report":
        return replace(report, checks=())
    found = checks(report, document, outline)
    broken = any(check.rule in MENDED and check.verdict.startswith("fail") for check in found)
    return replace(report, checks=found, issues=report.issues + (candidates(report.tables) if broken else ()))


def checks(report: Report, document: Document, outline: Outline) -> tuple[Check, ...]:
    """All checks of one report, in the order of rules.json; failures of a rule come before what passed."""
    material = Material(report, document, outline)
    return tuple([check for rule in applying(material.versions) for check in applied(rule, material)])
