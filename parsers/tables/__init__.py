"""From grids to canonical cells, by label: never by position, never by the year.

    lines(blocks) ──> requests · proactive · remedies · annex, each giving candidates ──> the fullest of its own section

A value whose place the file lost is recorded as `position_lost` and never put into a column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from parsers.models import Block, Document, Grid, Issue, Outline, Paragraph, Tables
from parsers.tables import annex, proactive, remedies, requests
from parsers.tables.candidates import Candidate, Candidates
from parsers.tables.lines import blanks_kept, lines, paragraph_lines, printed_rows
from parsers.tables.requests.form import Row
from parsers.tables.slots import Line
from parsers.tables.upright import MOST_CELLS
from parsers.text import squeeze

T = TypeVar("T")
_YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
_COMPARED = re.compile(r"(?:供|作|用于)(?:参考|对比|比较|对照)|(?:上一?年度?|去年|往年)的?(?:数据|情况|统计)|数据对[比照]")
_CAPTION_LINES = 2             # paragraphs above a table that may say whose figures it holds
_LONGEST_CAPTION = 60
_FEWEST = {"requests": 3, "proactive": 2, "remedies": 5, "stat2014": 4}     # rows: fewer in loose text are an accident


def find(document: Document, outline: Outline) -> Tables:
    """The statutory cells of a document. What is not printed is not in the result; oddities are issues of it."""
    found, loose = lines(document.blocks), _Loose(document, outline)
    kept = blanks_kept(found)
    request = _best("requests", requests.find, found, kept, loose)
    published = _best("proactive", proactive.find, found, kept, loose)
    remedy = _best("remedies", remedies.find, found, kept, loose)
    indicators = _best("stat2014", lambda rows, _: annex.find(rows), found, kept, loose)
    if len(indicators.rows) < _FEWEST["stat2014"] and (request.rows or published.rows):
        indicators = Candidate(-1)          # a row more in a newer table: 其中：网络申请
    return Tables(
        proactive={f: published.rows[f] for f in proactive.FIELDS if f in published.rows},
        requests=requests.tidied(request.rows),
        remedies=remedies.tidied(remedy.rows),
        stat2014=indicators.rows,
        formats=_formats(request, published, remedy, indicators),
        issues=(*_too_large(document), *dict.fromkeys(
            issue for c in (published, request, remedy, indicators) for issue in c.issues)),
    )


def _too_large(document: Document) -> list[Issue]:
    return [Issue("large-table", f"a grid of {len(block.cells)} cells was not searched for the statutory tables", block.where)
            for block in document.blocks if isinstance(block, Grid) and len(block.cells) > MOST_CELLS]


class _Loose:
    """The paragraphs of a section as lines, for tables that came out as text."""

    def __init__(self, document: Document, outline: Outline) -> None:
        self._blocks, self._outline = document.blocks, outline
        self._read: dict[range, list[Line]] = {}
        self._years = set(_YEAR.findall(squeeze(outline.title)))

    def blocks(self, section: str) -> range:
        """The block indexes of a section; of all blocks when the report has no such section."""
        starts = (*self._outline.starts, len(self._blocks))
        for part, start, end in zip(self._outline.sections, starts, starts[1:], strict=False):
            if part.id == section:
                return range(start, end)
        return range(0)

    def older(self, grid: int) -> bool:
        """Whether the line above a table says that it is another year's, shown for comparison."""
        above = [block for block in self._blocks[max(grid - _CAPTION_LINES, 0):grid][::-1] if isinstance(block, Paragraph)]
        captions = [text for block in above if len(text := squeeze(block.text)) <= _LONGEST_CAPTION]
        said = next((text for text in captions if _YEAR.search(text) or _COMPARED.search(text)), "")
        years = set(_YEAR.findall(said))
        return bool(_COMPARED.search(said)) or bool(years and self._years and years.isdisjoint(self._years))

    def lines(self, section: str) -> list[Line]:
        """The lines of a section; none where an annex, all of whose rows have figures, cannot be."""
        span = self.blocks(section)
        chosen: Sequence[Block] = self._blocks[span.start:span.stop] if span else self._blocks
        if section == "stat2014" and span not in self._read and printed_rows(chosen) < _FEWEST[section]:
            return []
        if span not in self._read:
            self._read[span] = paragraph_lines(chosen)
        return self._read[span]


def _best(
    table: str, find_in: Callable[[Sequence[Line], bool], Candidates[T]], found: Sequence[Line], kept: bool, loose: _Loose,
) -> Candidate[T]:
    inside = loose.blocks(table)
    best = find_in(found, kept).best(inside, table, loose.older)
    if best is None:
        best = find_in(loose.lines(table), False).best(inside, table, loose.older)
        doubtful = best is not None and len(best.rows) < _FEWEST[table]
        best = None if doubtful else best
    return best or Candidate(-1)


def _formats(
    request: Candidate[Row], published: Candidate[T], remedy: Candidate[T], indicators: Candidate[T],
) -> Mapping[str, str]:
    """Table → form. Section 四 is the same in both forms: it goes with its neighbours when they agree."""
    formats = {
        "proactive": proactive.version(published.rows),  # type: ignore[arg-type]
        "requests": requests.version(request.rows),
        "stat2014": annex.version(indicators.rows),  # type: ignore[arg-type]
    }
    neighbours = {formats["proactive"], formats["requests"]} - {""}
    formats["remedies"] = neighbours.pop() if remedy.rows and len(neighbours) == 1 else ""
    return {table: form for table, form in formats.items() if form}
