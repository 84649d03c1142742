"""What a printed label means: spellings of rows, columns and groups looked up in `schema/labels.json`.

A label is compared by its key: full-width forms folded, spaces, quotes and punctuation gone. When the key as printed is
unknown, the label is tried without its bracketed remarks, its enumerator and the group name it may carry in front.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cache, lru_cache

from parsers import schema
from parsers.text import squeeze
from parsers.values import cleaned

_DELIMITED = r"[一二三四五六七八九十]{1,3}[、.,:]|\d{1,2}[、.,:)](?!\d)|[A-Za-z][.)、]"
_BRACKETED = r"\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)[、.]?"
_ORDINAL = r"第[一二三四五六七八九十]{1,3}(?:部分|章|节)[、.:]?"
_BARE = r"\d{1,2}(?=[\u4e00-\u9fff])|[一二三四五六七八九](?=\((?:[一二三四五六七八九]|\d)\)|\d{1,2}[.、])"
ENUMERATOR = re.compile(rf"^(?:{_BRACKETED}|{_DELIMITED}|{_ORDINAL}|{_BARE})")
_REMARK = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LEAD = re.compile(r"^(?:其中|含)[:,]?")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
#: what offices put around the words of the form
_ADDED = re.compile(r"^(?:属于|涉及|涉|因|系)|(?:的?情形|的?情况|件数|数量|总数|数|的)$")
_GROUP_END = re.compile(r"^(?:的?情况|的?情形|数量|数|信息)+(?=[:：,，、/–—―-]|[(（]?[\d一二三四五六七①-⑳])")
_UNIT = re.compile(r"^\((?:单位:?)?[件条次项]\)")
_UNIT_BEHIND = re.compile(r"\((?:单位:?)?[件条次项]\)$")
_NOT_A_WORD = re.compile(r"[^\u4e00-\u9fff〇A-Za-z0-9]")
_NEAR = 0.84          # below this, neighbours such as 行政许可 and 行政处罚 begin to look alike
_APART = 0.05         # two neighbours as near as this to each other: nobody can tell
_SHORTEST_NEAR = 5
_LONGEST_NEAR = 80
_OTHER_WORD = 2       # characters that stand for others beside each other
_MOST_SLIPS = 3
_REMEMBERED = 8192    # the same labels stand in every report


@lru_cache(_REMEMBERED)
def key(text: str) -> str:
    """The letters, digits and characters of a label: what labels are compared by."""
    return _NOT_A_WORD.sub("", squeeze(cleaned(text)))


@lru_cache(_REMEMBERED)
def bare(text: str) -> str:
    """A label without its bracketed remarks, year, enumerators and a leading 其中."""
    text = squeeze(cleaned(text))
    while (shorter := _LEAD.sub("", ENUMERATOR.sub("", text))) != text:
        text = shorter
    return key(_YEAR.sub("", _REMARK.sub("", text)) or text)


@lru_cache(_REMEMBERED)
def core(text: str) -> str:
    """A bare label without the words that add nothing: 涉及国家秘密的 and 属于国家秘密 are 国家秘密, 予以公开数 is 予以公开."""
    text = bare(text)
    while len(shorter := _ADDED.sub("", text)) > 1 and shorter != text:
        text = shorter
    return text


@lru_cache(_REMEMBERED)
def lookup(name: str, text: str) -> str | None:
    """The id in table `name` of `labels.json` whose spelling this label is, or None. Near spellings of long labels count."""
    spellings = _spellings(name)
    for form in _forms(text):
        if form in spellings:
            return spellings[form]
    return _nearest(spellings, bare(text))


@lru_cache(_REMEMBERED)
def known(name: str, text: str) -> bool:
    """Whether the label is in the list or table `name`, spelt exactly."""
    spellings = _spellings(name)
    return any(form in spellings for form in _forms(text))


@lru_cache(_REMEMBERED)
def request_row(text: str, group: str | None) -> tuple[str | None, str | None]:
    """(row id, group id) of a label of section 三; `group` is the group it stands in, for 其他 and 总计.

    The label may carry its group in front (三、本年度办理结果（一）予以公开); either id may be None.
    """
    rest, group = _without_groups(text, group)
    if rest is None:
        return ("other_handled" if group == "other" else None), group
    row = lookup("request_rows", rest) or _cores("request_rows").get(core(rest)) or _by_pattern(bare(rest))
    if row == "other_misc" and group != "other":
        row = None
    return row, group


@lru_cache(_REMEMBERED)
def spelt_row(text: str) -> bool:
    """Whether a label is a row of section 二 or 三 in words that are listed, not only near or like them."""
    rest, _ = _without_groups(text, None)
    return rest is not None and (known("request_rows", rest) or core(rest) in _cores("request_rows")
                                 or known("proactive_rows", rest))


@lru_cache(_REMEMBERED)
def request_column(text: str) -> str | None:
    """The column of section 三 that a head names, alone or with what it stands under: 法人或其他组织（商业企业）."""
    rest = key(_UNIT_BEHIND.sub("", squeeze(text)))
    groups = _spellings("request_column_groups")
    while name := next((s for s in sorted(groups, key=len, reverse=True) if rest.startswith(s) and rest != s), None):
        rest = rest[len(name):]
    return lookup("request_columns", text) or (lookup("request_columns", rest) if rest != key(text) else None)


@lru_cache(_REMEMBERED)
def remedy(text: str) -> tuple[str | None, str | None]:
    """(group, result) of a label of section 四: 结果维持, 行政复议, or both: 行政复议结果维持."""
    group, rest = None, key(_UNIT_BEHIND.sub("", squeeze(text)))
    spellings = _spellings("remedy_groups")
    while name := next((s for s in sorted(spellings, key=len, reverse=True) if rest.startswith(s)), None):
        group, rest = spellings[name], rest[len(name):]
    result = lookup("remedy_results", rest) if rest else None
    return (group, result) if result or not rest else (lookup("remedy_groups", text), None)


@lru_cache(_REMEMBERED)
def indicator(text: str, after: int = 0) -> str | None:
    """The id of a label of the 2014 table; of labels printed twice (被依法纠错数) the first below place `after` is meant."""
    places = _indicators()
    for form in (*_forms(text), bare(text).removesuffix("数"), f"{bare(text)}数"):
        if form in places:
            order, found = next((p for p in places[form] if p[0] > after), places[form][-1])
            return found if order > after or len(places[form]) == 1 else None
    near = _nearest({spelling: hits[0][1] for spelling, hits in places.items() if len(hits) == 1}, bare(text))
    return near if near and any(_is_slip(spelling, bare(text)) for spelling, hits in places.items()
                                if any(found == near for _, found in hits)) else None


def _is_slip(spelling: str, form: str) -> bool:
    """Whether two labels differ by slips of the pen: 分管 for 主要 is another row, 网战 for 网站 is not."""
    steps = [step for step in SequenceMatcher(None, spelling, form, autojunk=False).get_opcodes() if step[0] != "equal"]
    before = any(step == "insert" and not b for step, _, _, b, _ in steps)               # 不同意公开 is not 同意公开
    return not before and len(steps) <= _MOST_SLIPS and all(
        max(a_end - a, b_end - b) < _OTHER_WORD for _, a, a_end, b, b_end in steps)


@cache
def _indicators() -> Mapping[str, tuple[tuple[int, str], ...]]:
    """Key of a label → (place in the form, id), in the order of the form."""
    found: dict[str, list[tuple[int, str]]] = {}
    extra = schema.load("labels")["stat_spellings"]
    for field in schema.load("tables")["stat2014_fields"]:
        label = re.sub(r"^[一二三四五六七八九](?=\()", "", squeeze(field["label"]))
        for form in {bare(label), *map(key, extra.get(field["id"], ()))}:
            found.setdefault(form, []).append((field["order"], field["id"]))
    return {form: tuple(hits) for form, hits in found.items()}


@cache
def row_spellings() -> frozenset[str]:
    """The keys of every row label of the statutory tables."""
    return frozenset(_spellings("request_rows")) | frozenset(_spellings("proactive_rows"))


@lru_cache(_REMEMBERED)
def is_unit(text: str) -> bool:
    """Whether a print is a unit and nothing else: 件, （万元）."""
    return key(text) in _spellings("units")


@lru_cache(_REMEMBERED)
def column_unit(text: str) -> str | None:
    """The unit of money that a header prints in its remark: 采购总金额（万元） gives 万元."""
    found = re.search(r"[(（:：]?\s*(?:单位[:：])?\s*(亿元|百万元|万元|千元|元)", text)
    return found[1] if found else None


@lru_cache(_REMEMBERED)
def _forms(text: str) -> list[str]:
    plain = squeeze(cleaned(text))
    return [f for f in (key(plain), key(_YEAR.sub("", plain)), key(ENUMERATOR.sub("", plain)), bare(plain)) if f]


@cache
def _spellings(name: str) -> Mapping[str, str]:
    table = schema.load("labels")[name]
    if isinstance(table, list):
        return {key(spelling): spelling for spelling in table}
    return {key(spelling): label_id for label_id, spellings in table.items() for spelling in spellings}


def _nearest(spellings: Mapping[str, str], form: str) -> str | None:
    if not _SHORTEST_NEAR <= len(form) <= _LONGEST_NEAR:
        return None
    scores: dict[str, float] = {}
    matcher = SequenceMatcher(None, "", form)
    for spelling, label_id in spellings.items():
        if len(spelling) >= _SHORTEST_NEAR and (score := _likeness(matcher, spelling, len(form))):
            scores[label_id] = max(scores.get(label_id, 0), score)
    ranked = sorted(scores, key=lambda label_id: -scores[label_id])
    if not ranked or scores[ranked[0]] < _NEAR:
        return None
    return ranked[0] if len(ranked) == 1 or scores[ranked[0]] - scores[ranked[1]] > _APART else None


def _likeness(matcher: SequenceMatcher[str], spelling: str, length: int) -> float:
    """How alike the matcher's label and a spelling are, 0 to 1; 0 as soon as a cheap bound shows that it cannot matter."""
    least = _NEAR - _APART
    if 2 * min(length, len(spelling)) < least * (length + len(spelling)):
        return 0
    matcher.set_seq1(spelling)
    return matcher.ratio() if matcher.quick_ratio() >= least else 0


def _without_groups(text: str, group: str | None) -> tuple[str | None, str | None]:
    """Strip the group names in front; None for the rest when nothing else stands there."""
    rest = squeeze(cleaned(text))
    spellings = _spellings("request_groups")
    while True:
        bald = ENUMERATOR.sub("", rest)
        name = next((s for s in sorted(spellings, key=len, reverse=True) if bald.startswith(s)), None)
        if name is None:
            return rest, group
        group = spellings[name]
        rest = _GROUP_END.sub("", _UNIT.sub("", bald[len(name):])).lstrip(":：,，、/-–—―_|>·")
        if not _ADDED.sub("", key(_REMARK.sub("", rest))):
            return None, group


@cache
def _cores(name: str) -> Mapping[str, str]:
    """Core of a label → id, where one id has it."""
    ids: dict[str, set[str]] = {}
    for spelling, label_id in _spellings(name).items():
        ids.setdefault(core(spelling), set()).add(label_id)
    return {form: found.pop() for form, found in ids.items() if len(found) == 1}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["id"], re.compile(row["core_regex"])) for row in schema.load("tables")["request_rows"]
                 if row["id"] not in ("other_misc", "total_handled", "other_handled"))


def _by_pattern(form: str) -> str | None:
    found = {row for row, pattern in _patterns() if pattern.search(form)} if len(form) <= _LONGEST_NEAR else set()
    return found.pop() if len(found) == 1 else None
