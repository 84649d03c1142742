"""What a link calls itself: an annual report, something that only looks like one, or a way further down the column.

The words are data (`spiders/data/titles.json`); the order of the questions is the only knowledge here.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from spiders.page import squeeze

Kind = Literal["report", "look-alike", "column", "year", "group", "agency", "nav", "other"]

WORDS: dict[str, Any] = json.loads(files("spiders").joinpath("data/titles.json").read_text("utf-8"))
_REPORT = [re.compile(pattern) for pattern in WORDS["report"]]
_NAV = [re.compile(pattern) for pattern in WORDS["nav"]]
_GROUP = [re.compile(pattern) for pattern in WORDS["group"]]
_EMPTY = [re.compile(pattern, re.I) for pattern in WORDS["empty"]]
_LANDING = [re.compile(pattern) for pattern in WORDS["landing"]]
_COLUMN, _COLUMN_TYPE, _WEAK, _NOT_WEAK, _YEAR, _AGENCY, _NOISE, _DECORATION = (re.compile(WORDS[key]) for key in (
    "column", "column_type", "weak", "not_weak", "year", "agency", "attachment_noise", "decoration"))
_VETO = {reason: re.compile(pattern) for reason, pattern in WORDS["veto"].items()}
_LOOK_ALIKE = {reason: re.compile(pattern) for reason, pattern in WORDS["look_alike"].items()}
_CUT = re.compile(r"(?:\.{2,}|…+|。{2,})$")
_CUT_AT_YEAR = re.compile(r"(?:19|20)\d\d年?度?(?:政府?|信息?|工作)?$")
_DIGITS = str.maketrans("〇○零一二三四五六七八九ОO", "000123456789" + "00")
_CHINESE_YEAR = re.compile(r"二[〇○零OО0][〇○零OО0一二三四五六七八九]{2}")
_YEAR_NUMBER = re.compile(r"(?<!\d)(?:19[89]\d|20[0-4]\d)(?=年|[^\d]|$)")
_BULLET = re.compile(r"^[·•・●◆■□▪»>\-—\s]+")
_LONGEST = 1_000              # characters that are looked at; no title of anything is half as long
_CUT_OVERLAP = 3              # characters of 政府信息公开… before the dots that are enough to go and look
_PHRASES = ("政府信息公开工作年度报告", "政府信息公开年度报告", "信息公开工作年度报告", "信息公开年报", "政务公开年度报告")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a link text is, and for a look-alike or other link the reason it is not followed."""

    kind: Kind
    reason: str = ""


def normal(text: str) -> str:
    """A link text without white space, full-width forms and a leading bullet; Chinese year digits as figures."""
    text = _BULLET.sub("", squeeze(unicodedata.normalize("NFKC", text[:_LONGEST].replace("…", "……"))))
    return _CHINESE_YEAR.sub(lambda match: match[0].replace("二", "2").translate(_DIGITS), text)


def years(text: str) -> tuple[int, ...]:
    """The years a title names, in order."""
    return tuple(int(number) for number in _YEAR_NUMBER.findall(normal(text)))


def cut(text: str) -> bool:
    """Whether the list cut the title short (标题标题...)."""
    return bool(_CUT.search(text.strip()))


@lru_cache(4096)
def judge(text: str) -> Verdict:
    """What `text` says it is, read as a link within an annual-report column."""
    title = normal(text)
    if not title or any(pattern.search(title) for pattern in _NAV):
        return Verdict("nav", "navigation")
    if _COLUMN.search(title):
        return Verdict("column")
    if _YEAR.search(title):
        return Verdict("year")
    if any(pattern.search(title) for pattern in _GROUP):
        return Verdict("group")
    return _judge_title(title)


def _judge_title(title: str) -> Verdict:
    strong = any(pattern.search(title) for pattern in _REPORT)
    for reason, pattern in _VETO.items() if strong else ():
        if pattern.search(title):
            return Verdict("look-alike", f"look-alike: {reason}")
    if not strong and _of_agency(title):
        return Verdict("report")
    for reason, pattern in _LOOK_ALIKE.items():
        if pattern.search(title) and (not strong or reason == "政府网站工作年度报表"):
            return Verdict("look-alike", f"look-alike: {reason}")
    if strong or _weak(title) or _cut_short(title):
        return Verdict("report")
    if _AGENCY.search(title):
        return Verdict("agency")
    return Verdict("other", "not an annual report by its title")


def _weak(title: str) -> bool:
    """年报 without 信息公开: only as agency + year + 年报, nothing else in the title."""
    found = _WEAK.search(title)
    if not found:
        return False
    who = found["who"] or found["who2"] or ""
    return not who or (bool(_AGENCY.search(f"某某{who}")) and not _NOT_WEAK.search(who))


def _of_agency(title: str) -> bool:
    """An agency with a year and 年报 and no other word, though its name holds what other reports are about (交通, 教育 …)."""
    found = _WEAK.search(title)
    return bool(found and found["who"] and _weak(title))


def _cut_short(title: str) -> bool:
    """A cut title that stops within or after 信息公开, or so soon after its year that nobody can tell: worth a look."""
    if not cut(title):
        return False
    stem = _CUT.sub("", title)
    return "信息公开" in stem or bool(_CUT_AT_YEAR.search(stem)) or any(
        stem.endswith(phrase[:length]) for phrase in _PHRASES for length in range(_CUT_OVERLAP, len(phrase)))


def landing_rank(text: str) -> int:
    """How near a link leads to the column: 1 for the disclosure platform, more for what stands above, 0 for none."""
    bare = _DECORATION.sub("", normal(text))
    return next((rank for rank, pattern in enumerate(_LANDING, 1) if pattern.search(bare)), 0)


def is_column_name(text: str) -> bool:
    """Whether a page's ColumnType, ColumnName or breadcrumb names an annual-report column."""
    return bool(_COLUMN_TYPE.search(normal(text)))


def is_noise(name: str) -> bool:
    """Whether a file offered beside every article (application forms, guides) is no part of a report."""
    return bool(_NOISE.search(normal(name)))


def empty_marker(text: str) -> str:
    """The words by which a text says that a list is empty, else ""."""
    bare = squeeze(text)
    return next((found[0] for pattern in _EMPTY if (found := pattern.search(bare))), "")


def soft_404(text: str) -> bool:
    """Whether a short page only says that there is no page."""
    bare = squeeze(text).lower()
    return len(bare) < 400 and any(words in bare for words in WORDS["soft_404"])


def is_report_body(text: str) -> bool:
    """Whether a text is a report itself: at least three of the statutory headings stand in it."""
    bare = squeeze(text)
    return len(bare) > 600 and sum(heading in bare for heading in WORDS["sections"]) >= 3
