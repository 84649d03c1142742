"""Whether a line of text is the heading of a section, which one, and how sure its form makes us.

The spellings are in `schema/sections.json`; the place of a heading among the others is `outline`'s business.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from parsers import schema
from parsers.labels import key
from parsers.records import record
from parsers.text import squeeze
from parsers.values import cleaned

_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)}
_STYLES = {
    "han": re.compile(r"^([一二三四五六七八九十]{1,2})[、.,:：]"),
    "bracketed": re.compile(r"^\(([一二三四五六七八九十]{1,2})\)[、.]?"),
    "figure": re.compile(r"^(\d{1,2})[、.,:](?!\d)"),
    "bracketed figure": re.compile(r"^\(?(\d{1,2})\)[、.]?"),
    "part": re.compile(r"^第([一二三四五六七八九十]{1,2}|\d{1,2})(?:部分|章|节)[、.:：]?"),
}
_MARKS = frozenset("一二三四五六七八九十(第")
_UNMARKED = re.compile(r"^(?:([一二三四五六七八九十])|(\d))(?=[\u4e00-\u9fff])")     # 一 总体情况, its space squeezed out
_AHEAD = r"(?:(?:19|20)\d\d年度?|本(?:机关|局|单位|级|年度?|地区|镇|乡|县|市|区))?(?:(?:19|20)\d\d年度?)?"
_END = re.compile(r"[:;。.,、]+$")
_LONGEST = 45         # characters: the longest statutory heading has 27
_TOP = ("han", "part", "figure", "bracketed", "none")
_FORM = ("proactive", "requests", "remedies", "problems", "other")


@record
class Heading:
    """A possible heading: the section it names, how it is numbered, how closely it is spelt, and words run in after it."""

    section: str
    style: str
    number: int
    score: float
    title: str
    rest: str = ""


def heading(text: str) -> Heading | None:
    """The heading that a paragraph is, or begins with (then `rest` holds the words after it); None for other text."""
    return _remembered(text) if len(text) <= _LONGEST else _heading(text)


def _heading(text: str) -> Heading | None:
    shown = cleaned(text).strip().strip("#*").strip()
    style, number, core = _numbered(squeeze(shown[:200]))
    if len(shown) <= _LONGEST and (named := _named(core)):
        return Heading(named[0], style, number, named[1], shown)
    if style == "none" and len(shown) <= _LONGEST and (found := _UNMARKED.match(core)) and (named := _named(core[1:])):
        number = int(found[2]) if found[2] else _DIGITS[found[1]]
        return Heading(named[0], "figure" if found[2] else "han", number, named[1] - 0.5, shown)
    return _run_in(shown, style, number) if style in ("han", "part") else None


_remembered = lru_cache(maxsize=4096)(_heading)         # the same headings and labels stand in every report


def official(found: Heading) -> bool:
    """Whether the words are those of the national form."""
    return key(_numbered(squeeze(found.title))[2]) in _official()[found.section]


def statutory(text: str) -> bool:
    """Whether a line standing among table lines can only be a top heading of the 2019 or 2021 form.

    The first pattern of a section is the form's own wording; the others may also be captions inside older tables.
    """
    found = heading(text)
    if found is None or found.style not in _TOP or found.section not in _FORM:
        return False
    core = _END.sub("", _numbered(squeeze(found.title))[2])
    return official(found) or (found.style != "none" and bool(re.fullmatch(_AHEAD + _patterns(found.section)[0], core)))


def preamble(text: str) -> bool:
    """Whether a paragraph before the first heading says how the report was made."""
    words = squeeze(cleaned(text))
    return any(re.match(pattern, words) for pattern in _patterns("preamble"))


def _numbered(text: str) -> tuple[str, int, str]:
    if not (text[:1].isdigit() or text[:1] in _MARKS):
        return "none", 0, text
    for style, pattern in _STYLES.items():
        if found := pattern.match(text):
            mark = found[1]
            return style, int(mark) if mark.isdigit() else _DIGITS.get(mark, 0), text[found.end():]
    return "none", 0, text


def _named(core: str) -> tuple[str, float] | None:
    core = _END.sub("", core)
    for section, words in _official().items():
        if key(core) in words:
            return section, 3.0
    for section in _official():
        if _spelling(section).fullmatch(core):
            return section, 2.0
    return None


def _run_in(shown: str, style: str, number: int) -> Heading | None:
    """`一、总体情况。2023年，我局…` and `一、总体情况 2023年…`."""
    for stop in re.finditer(r"[。:：;；.]|[ \t\u3000\xa0]+", shown[:_LONGEST + 1]):
        head, rest = shown[:stop.start()], shown[stop.end():].strip()
        named = _named(_numbered(squeeze(head))[2])
        if named and rest:
            return Heading(named[0], style, number, named[1] - 0.5, head, rest)
    return None


@cache
def _official() -> dict[str, frozenset[str]]:
    """Section id → keys of the names in the national form, in the order of the form."""
    named = {s["id"]: {s["zh"]} for s in schema.load("sections")["sections"] if s["id"] != "preamble"}
    named["remedies"] |= {"因政府信息公开工作被申请行政复议、提起行政诉讼情况", "政府信息公开行政复议和行政诉讼情况"}
    return {section: frozenset(key(word) for word in words) for section, words in named.items()}


@cache
def _spelling(section: str) -> re.Pattern[str]:
    return re.compile(_AHEAD + "(?:" + "|".join(f"(?:{pattern})" for pattern in _patterns(section)) + ")")


@cache
def _patterns(section: str) -> tuple[str, ...]:
    return next(tuple(s["patterns"]) for s in schema.load("sections")["sections"] if s["id"] == section)
