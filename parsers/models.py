"""The values that flow through the parsers, all frozen.

    bytes ──reader──> Document (Paragraph | Grid)* ──parse──> Report (tags, cells, sections, checks, issues)

A reader knows one file format and nothing of reports; everything after it knows reports and nothing of formats.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from operator import attrgetter
from typing import Any, Literal

from parsers.records import record

Severity = Literal["error", "warning", "info"]
Verdict = Literal["pass", "fail", "pass_assuming_blank_zero", "fail_assuming_blank_zero", "not_assessable"]
Number = int | Decimal


@record
class Issue:
    """Something a person must look at: what kind, one sentence, and where in the file."""

    kind: str
    message: str
    where: str = ""


# ---------------------------------------------------------------- what a reader makes


@record
class Paragraph:
    """A run of text. `heading` is the level the file itself claims (h1, outline level 1 → 1), 0 when it claims none."""

    text: str
    where: str = ""
    heading: int = 0


@record
class GridCell:
    """One real cell of a grid, at its top left place (0-based), with its spans; text as printed, line breaks kept."""

    row: int
    column: int
    text: str
    where: str = ""
    rowspan: int = 1
    colspan: int = 1


@record
class Grid:
    """A table as drawn. `cells` in reading order; places covered by a span have no cell of their own.

    `aligned` is False when the source kept the order of the cells of a row but lost their columns
    (flattened text): then a cell's `column` is only its rank in the row. `cut` is True when the paper or window
    it was printed on ended before it did: it may have had more columns.
    """

    cells: tuple[GridCell, ...]
    where: str = ""
    aligned: bool = True
    cut: bool = False

    @property
    def height(self) -> int:
        return max([c.row + c.rowspan for c in self.cells], default=0)

    @property
    def width(self) -> int:
        return max([c.column + c.colspan for c in self.cells], default=0)

    def rows(self) -> Iterator[list[GridCell]]:
        """The cells that begin in each row, left to right; a row wholly covered from above is an empty list."""
        rows: list[list[GridCell]] = [[] for _ in range(self.height)]
        for cell in self.cells:
            rows[cell.row].append(cell)
        for row in rows:
            row.sort(key=attrgetter("column"))
        return iter(rows)


Block = Paragraph | Grid


@record
class Link:
    """A link to a file that the page offers (attachment, embedded viewer): address as printed, and its best name."""

    url: str
    name: str = ""


@record
class Document:
    """What a reader saw: blocks in reading order, whatever the format.

    `title` is what the file itself calls its title (page meta, core properties), never a guess from the text.
    `metas` are named facts of the file, keys as printed (ArticleTitle, PubDate, ContentSource, SiteIDCode, 索引号 …).
    """

    media_type: str
    reader: str
    blocks: tuple[Block, ...]
    title: str = ""
    metas: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    pages: int = 1
    issues: tuple[Issue, ...] = ()


@record
class Hints:
    """What is known of a file from outside its bytes: where it was found and what the portal declares.

    Every field may be empty. `agency` and `division_code` are the portal's declaration for the column.
    """

    url: str = ""
    link_text: str = ""
    page_title: str = ""
    published_on: str = ""
    agency: str = ""
    division_code: str = ""
    file_name: str = ""


# ---------------------------------------------------------------- what parse makes


@record
class Evidence:
    """Why a tag has its value: the kind of source, the words, where they stand, and how much they weigh (0–1)."""

    source: str
    quote: str
    locator: str
    weight: float


@record
class Tag:
    """A derived fact. `value` is None when the evidence is too thin; the evidence is kept all the same."""

    value: str | int | None
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@record
class Cell:
    """One statutory cell. `raw` as printed; `value` in `unit`, None for blank, not applicable, unreadable or lost place.

    `status`: number, zero, text_zero, money, approx → a value; blank, na_mark, text, ambiguous, glued, position_lost,
    ocr_suspect → none. `unit_source`: form, header, cell, inferred, zero or "". `value_yuan` only for money.
    """

    raw: str
    value: Number | None
    status: str
    unit: str | None = None
    where: str = ""
    unit_source: str = ""
    value_yuan: Number | None = None


@record
class Section:
    """One part of a report: canonical id, the heading as printed, its text (tables left out), where it begins."""

    id: str
    title: str
    text: str
    where: str = ""


@record
class Check:
    """A rule applied once: its verdict, the numbers on both sides, and the place."""

    rule: str
    verdict: Verdict
    severity: Severity
    message: str
    left: Number | None = None
    right: Number | None = None
    where: str = ""


@record
class Tables:
    """The canonical cells of one document, by schema id; `formats` says per table which form its labels follow.

    `requests[row_id][column_id]`. `stat2014` also carries local rows under `local:<label as printed>` and `loc_NN`.
    """

    proactive: Mapping[str, Cell] = field(default_factory=dict)
    requests: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    remedies: Mapping[str, Cell] = field(default_factory=dict)
    stat2014: Mapping[str, Cell] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    def cells(self) -> Iterator[tuple[str, str, str, Cell]]:
        """Every cell as (table_id, row_id, column_id, cell); column_id is "" where a table has a single value column."""
        for row, columns in self.requests.items():
            for column, cell in columns.items():
                yield "requests", row, column, cell
        for table, fields in (("proactive", self.proactive), ("remedies", self.remedies), ("stat2014", self.stat2014)):
            for field_id, cell in fields.items():
                yield table, field_id, "", cell


@record
class Outline:
    """The parts of a report. `title` may be joined from several lines; `body` is the index of the first block after it."""

    title: str = ""
    title_where: str = ""
    title_blocks: tuple[int, ...] = ()
    body: int = 0
    sections: tuple[Section, ...] = ()
    starts: tuple[int, ...] = ()          # block index at which each section begins, parallel to `sections`
    issues: tuple[Issue, ...] = ()


@record
class Report:
    """Everything understood of one file. `kind`: report, attachment_page (the report is in a linked file), other."""

    digest: str
    text_digest: str
    media_type: str
    reader: str
    kind: str
    title: str
    text: str
    tags: Mapping[str, Tag]
    tables: Tables
    sections: tuple[Section, ...]
    checks: tuple[Check, ...]
    issues: tuple[Issue, ...]
    published_on: str = ""
    links: tuple[Link, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object that `nianbao read --json` and `show --json` print; its keys are a contract."""
        return {
            "digest": self.digest, "text_digest": self.text_digest, "media_type": self.media_type,
            "reader": self.reader, "kind": self.kind, "title": self.title, "published_on": self.published_on,
            "tags": {name: _tag(tag) for name, tag in self.tags.items()},
            "formats": dict(self.tables.formats),
            "proactive": {i: _cell(c) for i, c in self.tables.proactive.items()},
            "requests": {r: {c: _cell(cell) for c, cell in row.items()} for r, row in self.tables.requests.items()},
            "remedies": {i: _cell(c) for i, c in self.tables.remedies.items()},
            "stat2014": {i: _cell(c) for i, c in self.tables.stat2014.items()},
            "sections": [{"id": s.id, "title": s.title, "text": s.text, "where": s.where} for s in self.sections],
            "checks": [{"rule": c.rule, "verdict": c.verdict, "severity": c.severity, "message": c.message,
                        "left": number(c.left), "right": number(c.right), "where": c.where} for c in self.checks],
            "issues": [{"kind": i.kind, "message": i.message, "where": i.where} for i in self.issues],
        }


def number(value: Number | None) -> int | float | None:
    """A JSON number: an int where the value is whole, else a float."""
    if value is None or isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def sha256(data: bytes) -> str:
    """The digest that names documents and texts everywhere: SHA-256 as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def _tag(tag: Tag) -> dict[str, Any]:
    evidence = [{"source": e.source, "quote": e.quote, "locator": e.locator, "weight": e.weight} for e in tag.evidence]
    return {"value": tag.value, "confidence": round(tag.confidence, 4), "evidence": evidence}


def _cell(cell: Cell) -> dict[str, Any]:
    shown: dict[str, Any] = {"raw": cell.raw, "value": number(cell.value), "status": cell.status,
                             "unit": cell.unit, "where": cell.where}
    if cell.value_yuan is not None or cell.unit_source in ("cell", "inferred", "header"):
        shown |= {"unit_source": cell.unit_source, "value_yuan": number(cell.value_yuan)}
    return shown
