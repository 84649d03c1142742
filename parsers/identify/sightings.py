"""Every place in a document, or around it, that names the agency, with what sort of place it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from urllib.parse import unquote, urlsplit

from parsers import gazetteer, schema
from parsers.identify import functions, prose
from parsers.identify.names import Name, parse
from parsers.identify.reading import Line, squeezed
from parsers.identify.titles import YEAR, subject, title_name
from parsers.models import Document, Evidence, Hints, Outline
from parsers.records import record

_FIELD = re.compile(r"(?:发布机构|发文机关|发布单位|发文单位|公开机构|公开主体|制发机关|责任部门|来源机构|信息来源|文章来源"
                    r"|来源|发布者|所属机构|供稿单位|作者|发布)"
                    r"\s?[::]?\s?([\u4e00-\u9fff()]{3,30})(?=\s|$|[,;|\d]|发布|时间)")
_CRUMB = re.compile(r"->|[>»›/]")
_ACCOUNT = re.compile(r"[“\"『「\"]([\u4e00-\u9fff]{3,16})[”\"』」\"](?:政务)?(?:官方)?(?:微信|微博|公众号|抖音|头条|新媒体)"
                      r"|(?:微信公众号|公众号|微信|微博)[“\"「]([\u4e00-\u9fff]{3,16})[”\"」]"
                      r"|(?:运营|利用|通过|依托)([\u4e00-\u9fff]{4,12})微信(?:公众号|平台)")
_OWN = re.compile(r"(?:我|本)(分局|局|委员会|委|厅|中心|院|校|站|所|处|队|社|馆|镇|乡|街道|办事处|街|团场|师|管委会|公司|办)")
_SOURCE = re.compile(r"source|author|发布机构|发文机关|来源|公开机构|责任部门", re.IGNORECASE)
_END = re.compile(r"\(?20\d\d年\d{1,2}月\d{1,2}日\)?$|文件$")
_DAY = re.compile(r"\(?20\d\d年\d{1,2}月\d{1,2}日?\)?")
_OPENING_LINES = 14


@record
class Sighting:
    """The agency seen once. `name` may be bare or a region; `evidence.source` says where."""

    name: Name
    evidence: Evidence


@record
class Sightings:
    """All of one document, with what it calls itself (我局 → 局; "" when it never says)."""

    seen: tuple[Sighting, ...]
    own: str
    lines: tuple[Line, ...] = ()

    def topics(self) -> tuple[Sighting, ...]:
        """What the text calls its own field (自然资源和规划工作): a last resort for texts that name no agency at all."""
        return tuple(_topics(self.lines, self.own))


def find(document: Document, outline: Outline, lines: Sequence[Line], hints: Hints) -> Sightings:
    """Collect every sighting. Nothing is weighed against anything else here."""
    opening = _opening(outline, lines)
    own = _own(lines)
    seen = [*_outside(document, outline, hints), *_titles(opening), *_fields(document.metas, lines), *_signatures(lines)]
    last = opening[-1].block if opening else -1
    for line in lines:
        if len(line.text) > 7:
            seen += (_sighting(*found, line.where) for found in prose.found(line, line.block <= last))
    seen += _accounts(lines, own)
    return Sightings(tuple(seen), own, tuple(lines))


# ---------------------------------------------------------------- outside and at the head


def _outside(document: Document, outline: Outline, hints: Hints) -> Iterator[Sighting]:
    if hints.agency and (name := parse(squeezed(hints.agency))):
        yield _sighting(name, "declared", hints.agency, "portal")
    yield from _named_by(outline.title, "title", outline.title_where or "title")
    for text, where in outside_titles(document, outline, hints):
        yield from _named_by(text, "link_text", where)


def outside_titles(document: Document, outline: Outline, hints: Hints) -> list[tuple[str, str]]:
    """What else calls the document by a title, each wording once: metas, links to it, its file's name and address."""
    meta = next((value for key, value in document.metas.items() if key.lower() == "articletitle"), document.title)
    found = [(meta, "meta title"), (hints.link_text, "link text"), (hints.page_title, "page title"),
             (hints.file_name.rsplit(".", 1)[0], "file name")]
    found += [(part, "url") for part in unquote(urlsplit(hints.url).path).split("/")]
    once = {squeezed(text): (text, where) for text, where in reversed(found) if not text.isascii()}
    once.pop(squeezed(outline.title), None)
    return list(once.values())


def _named_by(text: str, source: str, where: str) -> Iterator[Sighting]:
    name = title_name(squeezed(text)) if text else None
    if name:
        yield _sighting(name, source, text, where)


def _titles(opening: Sequence[Line]) -> Iterator[Sighting]:
    """Titles of the text itself: short lines near the head, alone or broken over two or three lines."""
    for at, line in enumerate(opening):
        for parts in ((line,), opening[at:at + 2], opening[at:at + 3]):
            text = "".join(part.text for part in parts)
            if len(text) > 90 or any("。" in part.text for part in parts):
                break
            if len(parts) > 1 and not (YEAR.search(parts[0].text) or parse(parts[0].text)):
                break
            if len(parts) > 1 and subject(parts[-1].text) and not _headless(parts[-1].text):
                break
            if name := title_name(text):
                yield _sighting(name, "title", text, line.where)
                break


def _headless(text: str) -> bool:
    """Whether a title line lacks its front: 2020年政府信息公开工作年度报告."""
    match = subject(text)
    return match is not None and not YEAR.sub("", text[:match.start()]).strip("年度工作 ")


def _fields(metas: Mapping[str, str], lines: Sequence[Line]) -> Iterator[Sighting]:
    """发布机构, 来源 and the like, as printed or as page metas; the last crumb that is an agency."""
    for key, value in metas.items():
        if _SOURCE.search(key) and (name := parse(squeezed(value))):
            yield _sighting(name, _publisher(name), value, key)
    for line in lines[:40]:
        for match in _FIELD.finditer(line.spaced):
            name = parse(match[1].replace(" ", ""))
            if name and name.kind != "region":
                yield _sighting(name, _publisher(name), match[0], line.where)
        if prose.is_breadcrumb(line.text):
            yield from _crumbs(line)


def _publisher(name: Name) -> str:
    """A government or its office posts the reports of all its bodies: as a source it says less than a body's own name."""
    return "poster" if name.kind in ("government", "office") and not name.township else "meta"


def _crumbs(line: Line) -> Iterator[Sighting]:
    crumbs = [re.sub(r"信息公开目录|政府信息公开.*|信息公开.*", "", crumb) for crumb in _CRUMB.split(line.text)]
    named = [name for crumb in crumbs if (name := parse(crumb)) and (name.kind != "region" or name.township)]
    if named:
        yield _sighting(named[-1], "breadcrumb", line.spaced, line.where)


def _signatures(lines: Sequence[Line]) -> Iterator[Sighting]:
    """A line that is nothing but a name: at the foot, or at the head next to a date."""
    for at, line in enumerate(lines):
        near = at >= len(lines) - 8 or at < 8
        if not near or len(line.text) > 40:
            continue
        words = _END.sub("", line.text)
        name = parse(words)
        if name and name.kind != "region" and not name.bare:
            dated = words != line.text or _dated(lines[at + 1:at + 2]) or (at > 0 and _dated(lines[at - 1:at]))
            yield _sighting(name, "signature" if dated else "breadcrumb", line.text, line.where)


def _dated(lines: Sequence[Line]) -> bool:
    return bool(lines) and _DAY.fullmatch(lines[0].text) is not None


def _accounts(lines: Sequence[Line], own: str) -> Iterator[Sighting]:
    """Names of official accounts: “绥滨县司法局” in full, “资阳发改” as stem and topic of a 局 that calls itself 我局."""
    for line in lines:
        for match in _ACCOUNT.finditer(line.text) if "微" in line.text or "号" in line.text else ():
            words = next(group for group in match.groups() if group)
            name = parse(words)
            if name and (name.kind != "region" or name.zone) and not name.bare:
                own_zone = name.kind == "region" and own in ("委", "管委会")
                yield _sighting(name, "own_account" if own_zone else "account", match[0], line.where)
            elif own and (name := _stem_and_topic(words, own)):
                yield _sighting(name, "own_account", match[0], line.where)


def _stem_and_topic(words: str, own: str) -> Name | None:
    for size in (4, 3, 2):
        organ = functions.expanded(words[size:] + own)
        if words[:size] in gazetteer.by_stem() and len(words) > size and functions.known(organ):
            return Name(words, "organ", (words[:size],), organ=organ)
    return None


def _topics(lines: Sequence[Line], own: str) -> Iterator[Sighting]:
    if own not in ("局", "厅", "委"):
        return
    for line in lines:
        for match in _topic_pattern().finditer(line.text):
            organ = match[1] + own
            if functions.known(organ):
                yield _sighting(Name(match[1], "organ", organ=functions.expanded(organ)), "topic", match[0], line.where)


@cache
def _topic_pattern() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, functions.stems()), key=len, reverse=True))
    return re.compile(rf"({words})(?:工作信息|工作|系统|领域|事业|高质量发展|部门)")


def _own(lines: Sequence[Line]) -> str:
    """What the text calls itself most: 局 for 我局; "" when it does not."""
    counts: dict[str, int] = {}
    for line in lines:
        for match in _OWN.finditer(line.text):
            counts[match[1]] = counts.get(match[1], 0) + 1
    return max(counts, key=lambda word: counts[word]) if counts else ""


def _opening(outline: Outline, lines: Sequence[Line]) -> list[Line]:
    """The lines before the first section proper, never fewer than a few."""
    parts = zip(outline.sections, outline.starts, strict=False)
    first = next((start for section, start in parts if section.id != "preamble"), 10**9)
    head = [line for line in lines[:60] if line.block < first]
    return head if len(head) >= 4 else list(lines[:max(len(head), _OPENING_LINES)])


def _sighting(name: Name, source: str, quote: str, where: str) -> Sighting:
    weight = float(schema.load("evidence")["agency"][source])
    return Sighting(name, Evidence(source, quote.strip()[:120], where, weight))
