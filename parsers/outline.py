"""The parts of a report: its title, and the best increasing sequence of section headings.

Sub-headings inside 一 reuse the numbers and nearly the words of the real ones, introductions list them all, and some
reports lack or renumber a section. Every possible heading gets a score (spelling, numbering, its own table below it), and
dynamic programming picks the sequence in the order of the form with the highest sum.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsers import labels, schema
from parsers.headings import Heading, heading, official, preamble, statutory
from parsers.models import Block, Document, Grid, GridCell, Issue, Outline, Paragraph, Section
from parsers.text import squeeze
from parsers.values import artefact, cleaned, may_hold_artefact

_ORDER: dict[str, int] = {s["id"]: s["no"] for s in schema.load("sections")["sections"] if "no" in s}
_NEAR = 40                     # blocks: how far above its table a heading may stand
_MOST_CELLS = 1_000            # cells of a grid looked at for its labels
_MOST_CANDIDATES = 500          # possible headings; a report has about twenty
_ENOUGH = 2.0
_HOUSE_STYLE, _OTHER_STYLE, _NUMBER, _TABLE, _TEXT = 1.5, -1.5, 0.5, 3.0, 0.5
_TITLE = re.compile(r"(?:公开|政务).{0,12}(?:年度?)?.{0,12}报告|年度?工作?报告|年报$|年度报告")
_TITLE_END = re.compile(r"(?:报告|年报)(?:[(（].{0,12}[)）])?$")
_HEADLESS = re.compile(r"^(?:关于|[12][0-9]{3}|二[〇○零OoＯ0]|年|度|政府信息|政务|信息公开|公开|工作|情况|报告)")
_NO_TITLE = re.compile(
    r"[。；;，,！？>|]|^本|^根据|^现将|当前位置|首页|来源[:：]|日期[:：]|时间[:：]|字体|索引号|下一篇|上一篇|附件")
_LONGEST_TITLE = 80
_SIGNS = {"proactive": ("proactive_columns", 1), "requests": ("request_rows", 3), "remedies": ("remedy_results", 4)}


@dataclass(slots=True)
class _Candidate:
    """A possible heading: its block, the last block it takes, its row when it stands inside a grid."""

    at: int
    last: int
    heading: Heading
    where: str
    row: int = -1
    score: float = 0.0

    @property
    def place(self) -> tuple[int, int]:
        return self.at, self.row

    @property
    def order(self) -> int:
        return _ORDER.get(self.heading.section, 0)


def find(document: Document) -> Outline:
    """Title, sections and their places. A section that is not there is left out; nothing is guessed."""
    blocks = document.blocks
    candidates = _scored(blocks, _candidates(blocks))
    chosen = _chosen(candidates)
    first = chosen[0].at if chosen else len(blocks)
    title_blocks, title = _title(blocks, first)
    body = title_blocks[-1] + 1 if title_blocks else 0
    opening = _preamble(blocks, body, first)
    return Outline(
        title=title,
        title_where=blocks[title_blocks[0]].where if title_blocks else "",
        title_blocks=title_blocks,
        body=body,
        sections=(*opening, *_sections(blocks, chosen)),
        starts=(*(body for _ in opening), *(c.at for c in chosen)),
        issues=(*_artefacts(blocks), *_irregular(chosen)),
    )


# ---------------------------------------------------------------- headings


def _candidates(blocks: Sequence[Block]) -> list[_Candidate]:
    headings = [heading(block.text) if isinstance(block, Paragraph) else None for block in blocks]
    found = []
    for at, (block, named) in enumerate(zip(blocks, headings, strict=True)):
        if isinstance(block, Grid):
            found += _in_grid(block, at)
        elif named:
            found.append(_Candidate(at, at, named, block.where))
        elif not any(headings[at:at + 2]) and (joined := _over_two_lines(blocks, at)):
            found.append(_Candidate(at, at + 1, joined, block.where))
    return found[:_MOST_CANDIDATES]


def _in_grid(grid: Grid, at: int) -> list[_Candidate]:
    """Headings that stand as a row of their own between the rows of one big table."""
    if len(grid.cells) > _MOST_CELLS or not any(map(statutory, {cell.text for cell in grid.cells})):
        return []
    filled = ([cell for cell in row if cell.text.strip()] for row in grid.rows())
    alone = [row[0] for row in filled if len(row) == 1]
    own = bool(alone) and bool(_tables_in(grid))          # the captions of older annexes are spelt like headings
    return [_Candidate(at, at, named, cell.where, cell.row) for cell in alone
            if (named := heading(cell.text)) and (statutory(cell.text) or (own and named.style in ("han", "part")))]


def _over_two_lines(blocks: Sequence[Block], at: int) -> Heading | None:
    """A long heading that the page width broke in two."""
    here, below = blocks[at], blocks[at + 1] if at + 1 < len(blocks) else None
    if not isinstance(here, Paragraph) or not isinstance(below, Paragraph):
        return None
    if len(here.text) > 40 or len(below.text) > 25 or not labels.ENUMERATOR.match(squeeze(here.text)):
        return None
    joined = heading(here.text.strip() + below.text.strip())
    return joined if joined and not joined.rest else None


def _scored(blocks: Sequence[Block], candidates: list[_Candidate]) -> list[_Candidate]:
    house = _house_style(candidates)
    with_table = _above_tables(blocks, candidates)
    starts = {c.at for c in candidates}
    for c in candidates:
        score = c.heading.score + _style_score(c.heading, house)
        score += _NUMBER * (c.heading.number == c.order and c.order > 0)
        score += _TABLE * (c.place in with_table)
        followed = c.row >= 0 or (c.last + 1 < len(blocks) and c.last + 1 not in starts)
        score += _TEXT * (bool(c.heading.rest) or followed)
        c.score = score
    return candidates


def _style_score(found: Heading, house: str) -> float:
    if found.style == house:
        return _HOUSE_STYLE
    return 0.0 if found.style in ("han", "part") else _OTHER_STYLE if "bracketed" in found.style else -0.5


def _house_style(candidates: list[_Candidate]) -> str:
    """The way of numbering that names the most different sections; 一、 wins a tie."""
    named: dict[str, set[str]] = defaultdict(set)
    for c in candidates:
        named[c.heading.style].add(c.heading.section)
    return max(named, key=lambda style: (len(named[style]), style == "han"), default="han")


def _above_tables(blocks: Sequence[Block], candidates: list[_Candidate]) -> set[tuple[int, int]]:
    """The places of the candidates that stand last before a table of their own section."""
    chosen = set()
    for at, block in enumerate(blocks):
        for section in _tables_in(block) if isinstance(block, Grid) else ():
            above = [c for c in candidates if c.heading.section == section and at - _NEAR <= c.at <= at]
            chosen |= {max(above, key=lambda c: (c.heading.style != "none", c.place)).place} if above else set()
    return chosen


def _tables_in(grid: Grid) -> list[str]:
    """The sections whose tables a grid holds, by how many of its cells say so."""
    named = Counter([section for cell in grid.cells[:_MOST_CELLS] for section in _sections_naming(cell.text)])
    return [section for section, count in named.items() if count >= _SIGNS[section][1]]


@lru_cache(8192)
def _sections_naming(text: str) -> tuple[str, ...]:
    """The sections in whose tables a label stands."""
    return tuple(section for section, (names, _) in _SIGNS.items() if 1 < len(text) <= 60 and labels.known(names, text))


def _chosen(candidates: list[_Candidate]) -> list[_Candidate]:
    """The increasing sequence with the highest sum of scores, with the headings of older forms that follow its style."""
    best: list[tuple[float, list[_Candidate]]] = []
    main = [c for c in candidates if c.order and c.score >= _ENOUGH]
    for c in main:
        before = [b for b, other in zip(best, main, strict=False)
                  if other.order < c.order and (other.last, other.row) < c.place]
        score, path = max(before, key=lambda b: b[0], default=(0.0, []))
        best.append((score + c.score, [*path, c]))
    path = max(best, key=lambda b: b[0], default=(0.0, []))[1]
    return sorted([*path, *_older(candidates, path)], key=lambda c: c.place)


def _older(candidates: list[_Candidate], path: list[_Candidate]) -> list[_Candidate]:
    styles = {c.heading.style for c in path}
    found: dict[str, _Candidate] = {}
    for c in candidates:
        if not c.order and c.heading.style in styles and c.score >= _ENOUGH:
            found.setdefault(c.heading.section, c)
    return list(found.values())


# ---------------------------------------------------------------- sections


def _sections(blocks: Sequence[Block], chosen: list[_Candidate]) -> list[Section]:
    ends = [*(c.at for c in chosen), len(blocks)][1:]
    return [Section(c.heading.section, c.heading.title, _text(blocks[c.last + 1:end], c.heading.rest), c.where)
            for c, end in zip(chosen, ends, strict=True)]


def _preamble(blocks: Sequence[Block], body: int, first: int) -> list[Section]:
    said = [b for b in blocks[body:first] if isinstance(b, Paragraph) and preamble(b.text)]
    return [Section("preamble", "", _text(blocks[body:first]), said[0].where)] if said and first < len(blocks) else []


def _text(blocks: Sequence[Block], rest: str = "") -> str:
    texts = [rest, *(b.text for b in blocks if isinstance(b, Paragraph))]
    return "\n".join(clean for text in texts if (clean := cleaned(text).strip()))


# ---------------------------------------------------------------- title


def _title(blocks: Sequence[Block], first: int) -> tuple[tuple[int, ...], str]:
    """The first lines above the sections that together read as a title; the agency may stand on a line of its own."""
    places = [at for at, b in enumerate(blocks[:first]) if isinstance(b, Paragraph) and squeeze(b.text)]
    texts = [_line(blocks[at]) for at in places]
    plain = [squeeze(text) for text in texts]
    found = [window for window in _windows(texts) if _is_title("".join(plain[window[0]:window[1]]))]
    if not found:
        return (), ""
    start, end = min(found, key=lambda w: (_level(blocks[places[w[1] - 1]]), w[1] - w[0], w[0]))
    while start > 0 and end - start < 4 and _HEADLESS.match(texts[start]) and _could_lead(texts[start - 1]):
        start -= 1
    return tuple(places[start:end]), "".join(texts[start:end])


def _windows(texts: list[str]) -> list[tuple[int, int]]:
    return [(start, start + size) for size in (1, 2, 3) for start in range(len(texts) - size + 1)]


def _level(block: Block) -> int:
    return block.heading or 9 if isinstance(block, Paragraph) else 9


def _is_title(plain: str) -> bool:
    return bool(len(plain) <= _LONGEST_TITLE and _TITLE.search(plain) and _TITLE_END.search(plain)
                and not _NO_TITLE.search(plain))


def _could_lead(text: str) -> bool:
    plain = squeeze(text)
    return 2 < len(plain) <= 30 and not _NO_TITLE.search(plain) and not re.search(r":|\d月|\d-\d|\d{5}", plain)


def _line(block: Block) -> str:
    return cleaned(block.text).strip() if isinstance(block, Paragraph) else ""


# ---------------------------------------------------------------- issues


def _artefacts(blocks: Sequence[Block]) -> list[Issue]:
    parts: list[Paragraph | GridCell] = [block for block in blocks if isinstance(block, Paragraph)]
    parts += [cell for block in blocks if isinstance(block, Grid) for cell in block.cells]
    if not may_hold_artefact("".join([part.text for part in parts])):
        return []
    return [Issue("converter-artefact", f"a word processor left {found[0]} in the text", part.where)
            for part in parts if (found := artefact(part.text))]


def _irregular(chosen: list[_Candidate]) -> list[Issue]:
    issues = []
    for c in chosen:
        where, number = c.where, c.heading.number
        if c.order and (number != c.order or c.heading.style != "han"):
            issues.append(Issue("numbering-broken", f"{c.heading.title} should be section {c.order} of the form", where))
        if c.order and not official(c.heading):
            issues.append(Issue("heading-variant", f"{c.heading.title} is not the heading of the form", where))
    return issues
