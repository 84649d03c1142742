"""Reports filled in by hand or by chance, with known truth, for tests of what is checked."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from parsers import outline, readers, schema, sniff
from parsers import tables as reading
from parsers.checks import checked, checks
from parsers.models import Cell, Check, Document, Issue, Outline, Report, Tables, Tag, sha256
from parsers.text import plain_text

COLUMNS = ("natural_person", "company", "research_institute", "ngo", "legal_service", "other_org")
REMEDIES = tuple(f["id"] for f in schema.load("tables")["remedy_fields"])
TAGS = {"agency": "清河县水务局", "level": "county", "division_code": "130534", "body_type": "department", "scope": "own",
        "function": "water"}

WHOLE = """清河县水务局2023年政府信息公开工作年度报告
一、总体情况
2023年，我局认真做好主动公开、依申请公开、政府信息管理、平台建设和监督保障工作。
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
公开内容还需丰富。我局将继续改进公开工作，加强培训。
六、其他需要报告的事项
本年度未收取信息处理费。
清河县水务局
2024年1月15日
"""


def rows(version: str) -> tuple[str, ...]:
    return tuple(r["id"] for r in schema.load("tables")["request_rows"] if version in r["versions"])


def results(version: str) -> tuple[str, ...]:
    return tuple(r for r in rows(version) if r not in ("new_received", "carried_in", "total_handled", "carried_out"))


def cell(value: Any, status: str | None = None, where: str = "", **more: Any) -> Cell:
    """A cell of a value; None is a blank."""
    told = status or ("blank" if value is None else "number" if value else "zero")
    return Cell("" if value is None else str(value), value, told, "件" if value is not None else None, where, **more)


def requests(version: str = "f2021", **totals: int) -> dict[str, dict[str, Cell]]:
    """Section 三 all zero but for natural persons, who made everything named: `requests(new_received=2, granted=2, …)`."""
    numbers = {row: dict.fromkeys((*COLUMNS, "total"), 0) for row in rows(version)}
    for row, number in totals.items():
        numbers[row] |= {"natural_person": number, "total": number}
    return {row: {column: cell(n) for column, n in columns.items()} for row, columns in numbers.items()}


def remedies(**numbers: int) -> dict[str, Cell]:
    return {field_id: cell(numbers.get(field_id, 0)) for field_id in REMEDIES}


def proactive(version: str = "f2021", **numbers: Any) -> dict[str, Cell]:
    return {f["id"]: cell(numbers.get(f["id"], 0)) for f in schema.load("tables")["proactive_fields"]
            if version in f["versions"]}


def tables(version: str = "f2021", issues: tuple[Issue, ...] = (), **parts: Any) -> Tables:
    """A full set of tables, all zero but for the parts given."""
    filled = {"requests": requests(version), "proactive": proactive(version), "remedies": remedies(), **parts}
    return Tables(**filled, formats=dict.fromkeys(("requests", "proactive", "remedies"), version), issues=issues)


def make(found: Tables | None = None, text: str = "", year: int = 2023, kind: str = "report", published_on: str = "",
         metas: Mapping[str, str] | None = None, **tags: Any) -> tuple[Report, Document, Outline]:
    """A report with these tables and this text, read by the real reader, and the document and outline it came from."""
    data = text.encode()
    document = Document("text/plain", "text", ())
    if text:
        document = replace(readers.read(data, sniff.media_type(data)), metas=metas or {})
    parts = outline.find(document)
    told = {name: Tag(value, 0.9) for name, value in {**TAGS, "year": year, **tags}.items()}
    report = Report(sha256(data), sha256(data), "text/plain", "text", kind, parts.title, plain_text(document), told,
                    found or reading.find(document, parts), parts.sections, (), (), published_on)
    return report, document, parts


def look(*args: Any, **more: Any) -> tuple[Check, ...]:
    return checks(*make(*args, **more))


def look_whole(*args: Any, **more: Any) -> Report:
    return checked(*make(*args, **more))


def failures(found: tuple[Check, ...], *rules: str) -> list[tuple[str, str, str]]:
    """The failed checks as (rule, verdict, severity), of these rules or of all."""
    return [(c.rule, c.verdict, c.severity) for c in found
            if c.verdict.startswith("fail") and (not rules or c.rule.split("_")[0] in rules)]


def of(found: tuple[Check, ...], rule: str) -> list[Check]:
    return [c for c in found if c.rule.split("_")[0] == rule]


# ---------------------------------------------------------------- by chance


@dataclass
class Sheet:
    """Section 三 in plain numbers: `blank` and `lost` places have none."""

    version: str
    numbers: dict[tuple[str, str], int]
    blank: set[tuple[str, str]] = field(default_factory=set)
    lost: set[tuple[str, str]] = field(default_factory=set)

    def tables(self) -> Tables:
        made: dict[str, dict[str, Cell]] = {}
        for (row, column), number in self.numbers.items():
            made.setdefault(row, {})[column] = self._cell((row, column), number)
        return Tables(requests=made, formats={"requests": self.version})

    def _cell(self, place: tuple[str, str], number: int) -> Cell:
        if place in self.lost:
            return Cell("1 1", None, "position_lost")
        return cell(None) if place in self.blank else cell(number)


def sheet(chance: random.Random) -> Sheet:
    """A consistent section 三: results by chance, totals worked out, some of its zeros left blank."""
    version = chance.choice(("f2019", "f2021"))
    numbers: dict[tuple[str, str], int] = {}
    for column in COLUMNS:
        numbers |= {(row, column): chance.choice((0, 0, 0, 1, 2, 17, 230)) for row in results(version)}
        handled = sum(numbers[row, column] for row in results(version))
        out, carried = chance.choice((0, 0, 1, 9)), chance.randint(0, handled)
        numbers |= {("total_handled", column): handled, ("carried_out", column): out, ("carried_in", column): carried,
                    ("new_received", column): handled + out - carried}
    for row in rows(version):
        numbers[row, "total"] = sum(numbers[row, column] for column in COLUMNS)
    made = Sheet(version, numbers)
    if chance.random() < 0.5:
        made.blank = {place for place, number in numbers.items() if not number and chance.random() < 0.3}
    if chance.random() < 0.2:
        made.lost = set(chance.sample(sorted(numbers), 3)) - made.blank
    return made


def spoil(made: Sheet, chance: random.Random) -> tuple[str, str]:
    """Change one number that is printed; gives its place."""
    place = chance.choice(sorted(set(made.numbers) - made.blank - made.lost))
    made.numbers[place] = chance.choice([n for n in (0, 1, 5, 40, made.numbers[place] + 1) if n != made.numbers[place]])
    return place


def truth(made: Sheet) -> dict[tuple[str, str], str]:
    """The verdict on every sum, worked out here from the plain numbers: (rule, row or column) → verdict."""
    told = {}
    for row in rows(made.version):
        told["A01", row] = _verdict(made, [(row, c) for c in COLUMNS], [(row, "total")])
    for column in (*COLUMNS, "total"):
        told["A02", column] = _verdict(made, [(r, column) for r in results(made.version)], [("total_handled", column)])
        told["A03", column] = _verdict(made, [("new_received", column), ("carried_in", column)],
                                       [("total_handled", column), ("carried_out", column)])
    return told


def _verdict(made: Sheet, left: list[tuple[str, str]], right: list[tuple[str, str]]) -> str:
    places = {*left, *right}
    if places & made.lost:
        return "not_assessable"
    one, other = (sum(made.numbers[p] for p in side if p not in made.blank) for side in (left, right))
    word = "pass" if one == other else "fail"
    return f"{word}_assuming_blank_zero" if places & made.blank else word
