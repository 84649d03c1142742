"""Who, when and where from: whether the places of a report that say so agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise

from parsers import schema
from parsers.checks.rules import Finding, Material, rule
from parsers.models import Paragraph
from parsers.text import squeeze
from parsers.timeliness import china_date

_HAN_YEAR = str.maketrans("〇○零OoＯ一二三四五六七八九", "000000123456789")
_YEAR = re.compile(r"((?:19|20)\d\d|二[〇○零OoＯ0][〇○零OoＯ0一二三四五六七八九]{2})(?=年|度)")
_PERIOD = re.compile(r"(?:统计|数据|报告)[^。;]{0,16}?((?:19|20)\d\d)年0?1月0?1日[^。;]{0,8}?(?:((?:19|20)\d\d)年)?12月31日")
_PREAMBLE = re.compile(r"(?:现将|由|本报告是)《?([\u4e00-\u9fff]{4,30}?)((?:19|20)\d\d)年")
_HEAD_YEAR = re.compile(r"本年\s*[(（]\s*((?:19|20)\d\d)\s*年?\s*[)）]")
_NAME = re.compile(r"^([\u4e00-\u9fff()·]{3,40}?)(?:关于)?(?:(?:19|20)\d\d|二[〇○零OoＯ0])")
_ORGAN = re.compile(r"^[\u4e00-\u9fff]{2,30}(?:局|委员会|厅|办公室|政府|办事处|中心|管委会|委|院|队|公署|公司|所|处|站)$")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,10}?(?:示范区|开发区|新区|自治[区州县]|省|市|县|区|州|盟|旗|镇|乡|街道)")
_PUBLISHER = ("发布机构", "ContentSource", "contentsource", "发布单位", "信息来源", "来源", "Author")
_LAST = 8
_SUBJECT = re.compile(r"(?:^|[。;])(?:(?:19|20)\d\d年(?:度)?,?|全年,?|一年来,?|本年度,?)?")
_DOES = r"(?=(?:共|未|没有|全年|累计|主动|认真|严格|收到|按照|根据|高度重视|扎实|切实|坚持|深入|积极))"


@rule("M01_year_conflict")
def year_conflict(material: Material) -> Iterator[Finding]:
    """Period sentence, title and heads of columns, each against the others."""
    told = dict(_years(material))
    if not told:
        return
    words = "，".join(f"{place} {year}" for place, year in told.items())
    if len(set(told.values())) > 1:
        yield Finding("fail", f"年度互相矛盾：{words}", "year")
    elif material.year not in told.values():
        yield Finding("fail", f"{words}，而年度定为 {material.year}", "year")
    else:
        yield Finding("pass", f"{words}，一致")


@rule("M02_agency_conflict")
def agency_conflict(material: Material) -> Iterator[Finding]:
    """Title, preamble and signature; then other names of the same place and function in the text."""
    told = list(_names(material))
    for (place, name, _), (other_place, other, where) in pairwise(told):
        if not compatible(name, other):
            yield Finding("fail", f"机关名称互相矛盾：{place}作“{name}”，{other_place}作“{other}”", where)
    variants = sorted(_variants(material))
    if variants:
        yield Finding("fail", f"同一机关有几种名称：{'、'.join(variants)}", "agency", severity="info")
    elif told:
        yield Finding("pass", f"机关名称一致：{'、'.join(dict.fromkeys(name for _, name, _ in told))}")


@rule("M03_level_conflict")
def level_conflict(material: Material) -> Iterator[Finding]:
    """The tagged level against the level that the division code has."""
    code, level = str(material.tag("division_code") or ""), material.tag("level")
    if len(code) < 6 or level in (None, "national"):
        return
    registered = "province" if code[2:6] == "0000" else "prefecture" if code[4:6] == "00" else "county"
    registered = "township" if len(code) > 6 and code[6:9].strip("0") else registered
    fits = level == registered or (level == "township" and registered in ("county", "prefecture"))
    yield Finding("pass" if fits else "fail", f"层级 {level}，区划代码 {code} 属 {registered}", "level")


@rule("M04_publisher_not_reporter")
def publisher_not_reporter(material: Material) -> Iterator[Finding]:
    """The page names another body as its publisher."""
    metas = material.document.metas
    publisher = next((squeeze(metas[key]) for key in _PUBLISHER if _ORGAN.match(squeeze(metas.get(key, "")))), "")
    if publisher:
        same = compatible(publisher, material.agency)
        yield Finding("pass" if same else "fail", f"页面的发布机构是“{publisher}”，报告机关是“{material.agency}”", "publisher")


@rule("M05_date_before_period_end")
def date_before_period_end(material: Material) -> Iterator[Finding]:
    """Signed or published before the year was over."""
    for what, day, where in dates(material):
        early = material.year is not None and day <= date(material.year, 12, 31)
        words = f"{what} {day.isoformat()}，{'早于' if early else '晚于'} {material.year} 年底"
        yield Finding("fail" if early else "pass", words, where)


@rule("N08_foreign_name")
def foreign_name(material: Material) -> Iterator[Finding]:
    """Another place's body of the same function as the subject of a sentence."""
    tail = function_name(material.agency)
    if not tail:
        return
    pattern = _subject(tail)
    for passage in material.passages:
        for found in pattern.finditer(passage.text):
            if _foreign(found[1], material.agency, tail):
                yield Finding("fail", f"正文以“{found[1]}”为主语，而报告机关是“{material.agency}”", passage.where)
                return


def dates(material: Material) -> Iterator[tuple[str, date, str]]:
    """Every date that says when the report came out: (what it is, the day, where)."""
    if material.signed:
        yield "落款", *material.signed
    if published := china_date(material.report.published_on):
        yield "发布日期", published, "published_on"


@lru_cache(maxsize=4096)
def function_name(agency: str) -> str:
    """The words at the end of a name that say what the body does: 司法局; "" when unknown."""
    return next((words for words in _function_names() if agency.endswith(words)), "")


@lru_cache(maxsize=4096)
def compatible(one: str, other: str) -> bool:
    """Whether two names can be of one body: told apart only by a different function or a different place.

    A government and its office publish for each other; a shorter name counts as the same body.
    """
    one, other = squeeze(one), squeeze(other)
    if not one or not other or one in other or other in one:
        return True
    tails = function_name(one), function_name(other)
    if not all(tails):
        return True
    if tails[0] != tails[1] and _function_ids()[tails[0]] != _function_ids()[tails[1]]:
        return bool({_function_ids()[tail] for tail in tails} <= {"government", "office"})
    places = one.removesuffix(tails[0]), other.removesuffix(tails[1])
    return _alike(*places) or places[0][:2] == places[1][:2]


def _alike(one: str, other: str) -> bool:
    """Whether one place is short for the other: its characters all in it, in order (济源示范区, 济源产城融合示范区)."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return all(c in letters for c in short)


def _years(material: Material) -> Iterator[tuple[str, int]]:
    for passage in material.passages:
        if found := _PERIOD.search(passage.text):
            yield "统计期限", int(found[2] or found[1])
            break
    title = {int(year.translate(_HAN_YEAR).replace("二", "2")) for year in _YEAR.findall(squeeze(material.outline.title))}
    if len(title) == 1:
        yield "标题", title.pop()
    heads = {int(year) for year in _HEAD_YEAR.findall(material.report.text)}
    if len(heads) == 1:
        yield "表头", heads.pop()


def _names(material: Material) -> Iterator[tuple[str, str, str]]:
    if (found := _NAME.match(squeeze(material.outline.title))) and _ORGAN.match(found[1]):
        yield "标题", found[1], material.outline.title_where
    for passage in material.passages:
        if passage.section in ("", "preamble") and (found := _PREAMBLE.search(passage.text)) and _ORGAN.match(found[1]):
            yield "引言", found[1], passage.where
            break
    for block in reversed(material.document.blocks[material.outline.body:][-_LAST:]):
        line = squeeze(block.text) if isinstance(block, Paragraph) else ""
        if _ORGAN.match(line) and function_name(line):
            yield "落款", line, block.where
            break


def _variants(material: Material) -> set[str]:
    """Names of one place and function whose places are not short for each other: 济源市… and 济源示范区…."""
    tail = function_name(material.agency)
    if not tail:
        return set()
    found = {place + tail for place in _places_before(material, tail)} | {material.agency}
    stem = material.agency[:2]
    named = sorted(name for name in found if name.startswith(stem) and name != tail)
    return {name for name in named for other in named if not _alike(name.removesuffix(tail), other.removesuffix(tail))}


def _places_before(material: Material, tail: str) -> Iterator[str]:
    stem = material.agency[:2]
    for passage in material.passages:
        if tail in passage.text and stem in passage.text:
            found = re.finditer(f"{re.escape(stem)}[\u4e00-\u9fff]{{0,12}}?(?={re.escape(tail)})", passage.text)
            yield from (place[0] for place in found if _PLACE.fullmatch(place[0]))


def _foreign(name: str, agency: str, tail: str) -> bool:
    place, own = name.removesuffix(tail), agency.removesuffix(tail)
    return len(place) > 2 and place[:2] not in own and own[:2] not in place


@cache
def _subject(tail: str) -> re.Pattern[str]:
    return re.compile(_SUBJECT.pattern + f"((?![本我全该各今年由]){_PLACE.pattern}{re.escape(tail)}){_DOES}")


@cache
def _function_ids() -> dict[str, str]:
    return {words: function["id"] for function in schema.load("functions")["functions"] for words in function["names"]}


@cache
def _function_names() -> tuple[str, ...]:
    return tuple(sorted(_function_ids(), key=len, reverse=True))
