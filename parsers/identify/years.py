"""Which year a report is about: every sentence, title, address and date that says so, weighed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from parsers import schema
from parsers.identify import weighing
from parsers.identify.reading import Line, normal, squeezed
from parsers.identify.sightings import outside_titles
from parsers.identify.titles import SUBJECT, subject
from parsers.models import Document, Evidence, Grid, Hints, Outline
from parsers.records import record

FIRST, LAST = 2003, 2099
_Y = r"(20\d\d)"
# characters are lost in scraped text: 自202111日起至20211231日, 20231月1日起至202312月31日
_PERIOD = re.compile(rf"{_Y}年?0?1月?0?1日?(?:起|开始)?,?(?:至|到|[-—―–~～]+|起至)(?:{_Y}年?|当年|同年)?1?2月?3?[01]日?")
_PERIOD_OTHER = re.compile(rf"{_Y}年\d{{1,2}}月\d{{1,2}}日(?:起|开始)?,?(?:至|到|[-—–~]+){_Y}年12月3[01]日")
_PERIOD_WORDS = re.compile(r"统计|期限|时限|数据|期间|截止|截至|时间|起止|范围")
_HEADER = re.compile(rf"本年(?:度)?\({_Y}(?:年度?)?\)")
_REPORT = re.compile(rf".*{_Y}(?:年度|年|度)?[^,。;《》]{{0,40}}$")
_AFTER_REPORT = re.compile(rf"^\(?{_Y}年?度?\)?")
_NOTICE = re.compile(r"^.{0,12}(?:通知|格式|函|意见|要点|方案)")
_FIELDS = re.compile(r"索引号|发布机构|公开目录|文号|来源|日期|时间")    # a line of page facts is no half of a title
_LEAD = re.compile(rf"(?:^|[。;])(?:\(?[一二三四五六七八九十\d]{{1,2}}[)、.])?(?:总体情况|概述)?(?:在)?{_Y}年(?:度|以来|来"
                   rf"|期间|,|,|我|全|市|县|区|省|在|共|本|[\u4e00-\u9fff])")
_AS_OF = re.compile(rf"截[至止]到?{_Y}年(?:12月|底|末|年底|年末)")
_MENTION = re.compile(rf"{_Y}年(?!\d{{1,2}}月)")
_DATE = re.compile(rf"{_Y}[年\-/.](\d{{1,2}})[月\-/.](\d{{1,2}})日?")
_PRINTED = re.compile(r"(?:发布日期|发布时间|公开日期|生成日期|成文日期|发文日期|信息时间|发文时间|时间|日期|公开时间"
                      r"|更新时间)[::]?\s*" + _DATE.pattern)
_QUERY_YEAR = re.compile(rf"(?:fbtime|timeframe|nbyear|year|nf|niandu)={_Y}\b", re.IGNORECASE)
_PATH_REPORT = re.compile(rf"{_Y}(?:nd?|niandu?|nian)(?:du)?(?:zf|xx|gk|nb)|{_Y}(?:n|nd|nian|year|ndbg)(?:_\d+)?(?=/|$)"
                          rf"|(?:nb|nb_|nd)_?{_Y}(?:n)?(?=/|$)", re.IGNORECASE)
_PATH_YEAR = re.compile(rf"/{_Y}(?:n\d+)?(?=/(?!\d\d?/))")
_PATH_DATE = re.compile(r"(?:/|t|_)(20\d\d)[-/]?(0[1-9]|1[0-2])(?:[-/]?([0-3]\d))?(?=[/_\-.]|\d*\.)"
                        r"|/(20\d\d)/(\d{1,2})/(\d{1,2})/")
_YEAR = re.compile(_Y)
_BRACKETED = re.compile(r"《[^《》]*》?")
_SAID = re.compile(rf"{_Y}年度报告|{_Y}年(?:度)?[\u4e00-\u9fff]{{0,24}}(?:信息公开|政务公开)(?:工作)?(?:实际|情况|开展情况"
                   r"|主要工作报告|年度报告)")
_SIGNED = re.compile(rf"[(\u4e00-\u9fff]{{0,20}}?{_DATE.pattern}\)?")
_PUBLISHED = re.compile(r"pubdate|publishdate|发布日期|发布时间|生成日期|公开日期", re.IGNORECASE)
_EARLY = 8                                            # reports appear in the first months of the next year


Sign = tuple[int, Evidence]                           # a year and the reason for it


@record
class YearVerdict:
    """The accepted year or None, its confidence, all evidence, and the candidates by score, best first."""

    value: int | None
    confidence: float
    evidence: tuple[Evidence, ...]
    candidates: tuple[tuple[int, float], ...]


def decide(document: Document, outline: Outline, lines: Sequence[Line], hints: Hints, published: str) -> YearVerdict:
    """Weigh every sign of the year; name the best only where `weighing.accepted` believes it."""
    signs: dict[int, list[Evidence]] = defaultdict(list)
    for year, evidence in _signs(document, outline, lines, hints, published):
        if FIRST <= year <= LAST:
            signs[year].append(evidence)
    scores = sorted(((_score(found), year) for year, found in signs.items()), reverse=True)
    if not scores:
        return YearVerdict(None, 0.0, (), ())
    best, year = scores[0]
    weights = [score for score, _ in scores]
    kept = tuple(sign for _, other in scores for sign in signs[other][:6])
    return YearVerdict(year if weighing.accepted(weights) else None, best * weighing.share(best, weights[1:]), kept,
                       tuple((y, s) for s, y in scores))


def _score(found: Sequence[Evidence]) -> float:
    """Noisy-or over the strongest sign of each kind."""
    best: dict[str, float] = {}
    for evidence in found:
        best[evidence.source] = max(best.get(evidence.source, 0.0), evidence.weight)
    return weighing.noisy_or(best.values(), 0.9995)


def _signs(document: Document, outline: Outline, lines: Sequence[Line], hints: Hints, published: str) -> Iterator[Sign]:
    yield from _periods(lines)
    yield from _titles(document, outline, lines, hints)
    yield from _headers(document)
    yield from _leads(lines)
    yield from _address(hints.url)
    yield from _dates(lines, published, hints.url)


def _sign(year: str | int, source: str, quote: str, where: str, share: float = 1.0) -> Sign:
    weight = float(schema.load("evidence")["year"][source]) * share
    return int(year), Evidence(source, quote.strip()[:100], where, round(weight, 3))


def _periods(lines: Sequence[Line]) -> Iterator[Sign]:
    for line in lines:
        for pattern in (_PERIOD, _PERIOD_OTHER):
            for match in pattern.finditer(line.text):
                said = _PERIOD_WORDS.search(line.text[max(0, match.start() - 30):match.start()])
                end = match[2] or match[1]
                share = (1.0 if said else 0.85) * (1.0 if match[1] == end or pattern is _PERIOD_OTHER else 0.5)
                yield _sign(end, "period_sentence", line.text[max(0, match.start() - 10):match.end() + 2], line.where, share)


def _titles(document: Document, outline: Outline, lines: Sequence[Line], hints: Hints) -> Iterator[Sign]:
    if year := title_year(squeezed(outline.title)):
        yield _sign(year, "title", outline.title, outline.title_where)
    for text, where in outside_titles(document, outline, hints):
        if year := title_year(squeezed(text)):
            yield _sign(year, "link_text", text, where)
    for at, line in enumerate(lines[:40]):
        joined = line.text + (lines[at + 1].text if at + 1 < len(lines) else "")
        if "20" not in joined:
            continue
        short = len(line.text) <= 60 and "。" not in line.text
        broken = short and len(joined) < 90 and not subject(line.text) and not _FIELDS.search(line.text)
        text = joined if broken else line.text
        if "公开" in text or "年度报告" in text:
            yield from _said(text, line, short)


def _said(text: str, line: Line, short: bool) -> Iterator[Sign]:
    """The year of each 政府信息公开…报告 in a line: a title, a quoted title or an announcement."""
    for match in SUBJECT.finditer(text):
        front, quoted = text[:match.start()], text.rfind("《", 0, match.start()) > text.rfind("》", 0, match.start())
        year = _REPORT.match(front[-60:]) or _AFTER_REPORT.search(text[match.end():]) or _YEAR.search(match[0])
        if not year or _NOTICE.match(text[match.end():]) or ("关于" in front[-30:] and not short):
            continue
        source = "quoted_title" if quoted else "title" if short and line.text else "preamble"
        yield _sign(year[1], source, (front[-30:] + match[0]), line.where)
        if source != "quoted_title":
            return
    text = _BRACKETED.sub("", text)
    for match in _SAID.finditer(text):
        if not _NOTICE.match(text[match.end():]) and "关于" not in text[max(0, match.start() - 12):match.start()]:
            yield _sign(match[1] or match[2], "preamble", match[0], line.where)


def title_year(text: str) -> str:
    """The year in a squeezed title, the last before 政府信息公开…报告 or one inside or right after it; "" when none."""
    for match in SUBJECT.finditer(text):
        before, after = text[max(0, match.start() - 50):match.start()], text[match.end():match.end() + 8]
        found = _YEAR.findall(before) or _YEAR.findall(match[0] + after)
        if found:
            return str(found[-1])
    return ""


def _headers(document: Document) -> Iterator[Sign]:
    for block in document.blocks:
        if isinstance(block, Grid):
            for cell in block.cells[:12]:
                if "本年" in cell.text and (match := _HEADER.search(squeezed(cell.text))):
                    yield _sign(match[1], "table_header", cell.text, cell.where or block.where)


def _leads(lines: Sequence[Line]) -> Iterator[Sign]:
    """2019年,我局…: the year sentences begin with, and the year named most."""
    mentions = Counter(m[1] for line in lines for m in _MENTION.finditer(line.text))
    for line in lines[:40]:
        if (match := _LEAD.search(line.text)) and not SUBJECT.search(line.text[match.end():match.end() + 30]):
            share = 1.0 if mentions[match[1]] * 2 >= max(mentions.values()) else 0.6
            yield _sign(match[1], "body_lead", line.text[match.start():match.end() + 20], line.where, share)
            break
    ends = {m[1]: (m[0], line.where) for line in lines for m in _AS_OF.finditer(line.text)}
    if len(ends) == 1:
        yield from (_sign(year, "as_of", quote, where) for year, (quote, where) in ends.items())
    common = mentions.most_common(2)
    if len(common) == 1:
        yield _sign(common[0][0], "sole_year", f"{common[0][0]}年 ×{common[0][1]}", "text")
    elif common and common[0][1] > 1.5 * common[1][1]:
        yield _sign(common[0][0], "body_years", f"{common[0][0]}年 ×{common[0][1]}", "text")


def _address(url: str) -> Iterator[Sign]:
    parts = urlsplit(url)
    for match in _QUERY_YEAR.finditer(parts.query):
        yield _sign(match[1], "url_report_year", match[0], "url")
    for match in _PATH_REPORT.finditer(parts.path):
        year = next(group for group in match.groups() if group)
        named = bool(re.search(r"(?:zf|xx|gk|nb)$", match[0], re.IGNORECASE))
        yield _sign(year, "url_report_year" if named else "url_year", match[0], "url")
    for match in _PATH_YEAR.finditer(parts.path):
        yield _sign(match[1], "url_year", match[0], "url", 0.6)


def _dates(lines: Sequence[Line], published: str, url: str) -> Iterator[Sign]:
    """The year before each date of publication; the address only where the page says nothing, for migrations move it."""
    if published and int(published[5:7]) <= _EARLY:
        yield _sign(int(published[:4]) - 1, "publish_date_minus_1", published, "published_on")
    elif not published and (day := url_date(url)) and int(day[5:7]) <= _EARLY:
        yield _sign(int(day[:4]) - 1, "url_date_minus_1", day, "url")
    for line, (year, month, _) in signature_dates(lines):
        if month <= _EARLY:
            yield _sign(year - 1, "signature_date_minus_1", line.text, line.where)


def url_date(url: str) -> str:
    """The date in an address, ISO, to the day; "" when none. After migrations it may be years late."""
    for match in _PATH_DATE.finditer(urlsplit(url).path):
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        if day and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{year}-{int(month):02d}-{int(day):02d}"
    return ""


def signature_dates(lines: Sequence[Line]) -> Iterator[tuple[Line, tuple[int, int, int]]]:
    """Dates that stand alone on a line near the head or the foot."""
    near = [*lines[:8], *lines[max(8, len(lines) - 8):]]
    for line in near:
        if match := _SIGNED.fullmatch(line.text):
            yield line, (int(match[1]), int(match[2]), int(match[3]))


def published_on(metas: Mapping[str, str], lines: Sequence[Line], hints: Hints) -> str:
    """The day of publication, ISO: page metas, the portal's listing, the printed field, else the signature; "" when unknown."""
    for key, value in metas.items():
        if _PUBLISHED.search(key) and (match := _DATE.search(normal(value))):
            return _iso(match)
    if match := _DATE.search(normal(hints.published_on)):
        return _iso(match)
    for line in lines[:40]:
        if "20" in line.text and (match := _PRINTED.search(line.spaced) or _PRINTED.search(line.text)):
            return _iso(match)
    for _, (year, month, day) in signature_dates(lines):
        return f"{year}-{month:02d}-{day:02d}"
    return ""


def _iso(match: re.Match[str]) -> str:
    year, month, day = match[1], int(match[2]), int(match[3])
    return f"{year}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""
