"""Facts in prose: how many requests, reviews, suits and documents the text itself claims.

A number is bound only inside one clause, its subject may come from earlier in the same sentence, never from another one.
What speaks of another body, another year, a part (其中), a channel or a comparison is left out or marked, so that a fact
kept as `plain` can be held against the tables. `facts(passages(document, outline), 2024, "淮安市人民政府")`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from parsers.models import Document, Number, Outline, Paragraph
from parsers.values import ARTEFACT

_HAN = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
NUMBER = r"(?:\d+(?:\.\d+)?|[零〇○一二三四五六七八九两十百千]{1,7})"
MEASURE = r"(?:件次|人次|件|宗|条|起|份|例|个(?!工作日|月|自然日|小时)|封|项|次(?!性)|篇|部|期)"
#: A count in a clause: about, the number, over, 万, the measure word, or so
COUNT = re.compile(rf"(?<![第\d.零〇○一二三四五六七八九两十百千])(?P<about>约|近|超过?|逾|大约|不足|不到)?(?P<n>{NUMBER})(?P<over>余|多|几)?(?P<wan>万)?(?P<more>余|多)?"
                   rf"{MEASURE}(?P<so>左右|以上|以内)?")
_YUAN = re.compile(rf"(?P<about>约|近|超过?)?(?P<n>{NUMBER})(?P<over>余|多)?(?P<wan>万|亿)?元")

_MAY_HOLD_FIELDS = re.compile(r"[\[\\A-Z]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SENTENCE_END = re.compile(r"(?<=[。;!?\n])")
_CLAUSE_END = re.compile(r"[,:()。;!?\n]")
_OPEN_END = re.compile(r"[。;:!?”\"》)】…]$")
_BEGINS_NEW = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.)]|第[一二三四五六七八九十]+|[一二三四五六]是)")
_RUN_IN_LEAD = re.compile(r"^(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十\d]{1,2}[、.]|[一二三四五六七八九]是)[^。;,:]{2,30}[。:]")
_LONGEST_LEAD = 30
_CITED = re.compile(r"《[^《》]*》")
_WHOLE_YEAR = re.compile(r"(?:截至|截止到?)(?:(?:19|20)\d\d年)?12月(?:31日|底)|"
                         r"(?:自|从|截至|截止)?(?:(?:19|20)\d\d年)?0?1月0?1日(?:起|开始)?(?:至|到|-|—|~)+(?:(?:19|20)\d\d年)?12月31日(?:止|期间)?")
_YEAR = re.compile(r"((?:19|20)\d\d)年")

_NOT_THIS_YEAR = re.compile(r"上一?年度?(?!结转|转|未|申请|度申请)|去年|前年|同期|往年|历年|近年|以来|截至|截止|(?:上|下)半年|季度|\d月|每[年月周日季]")
_PART_OF_YEAR = re.compile(r"(?:(?:上|下)半年|季度|(?:截至|截止).{0,8}月|\d月(?:底|末|以来|起)?),?$")
_COMPARED = re.compile(r"(?:同比|较|相比|比上|比去|增加|增长|减少|下降|上升|提高|增幅|降低|多|少)了?约?$")
_CHANNEL = re.compile(r"当面|现场|网络|网上|网站|在线|信函|邮寄|邮件|邮箱|书面|传真|窗口|平台|来访|线上|线下|EMS|渠道|方式|形式|途径|自然人|个人|公民|法人|企业|组织")
_SUMMED = re.compile(r"共|总计|合计|等|任何|各类|各种|累计")
_PART = re.compile(r"其中|含|包括|分别|另有|此外")
_OTHER_MATTER = re.compile(r"留言|来信|来电|信访|投诉|举报|咨询|热线|提案|议案|建议|意见|复议|诉讼|起诉|应诉|舆情|证明|许可|案件|稿件|信件|市长|局长|县长|答记者|许可申请|援助|公证|调解")
_SPECIAL = re.compile(r"重复|反复|大量|涉及|超期|逾期|延期|不予|商业秘密|个人隐私|第三方|国家秘密|补正|收费|费用|不符合|不当|撤回|撤销")
_OTHER_BODY = re.compile(r"([\u4e00-\u9fff]{2,20}?(?:局|委员会|委|厅|办公室|街道办事处|街道|镇|乡|办事处|中心|人民政府|政府|公司|学校|医院|公安|大队|支队))"
                         r"(?:机关|本级)?(?:共|累计|全年|年内)*$")
_WHEN = re.compile(r"^.*?(?:19|20)\d\d年度?|^(?:本|今)年度?|^全年|^年内|^一年来")
_SELF = re.compile(r"^(?:我们?|本|全)(?=[省市县区州盟旗镇乡街局委厅办院])")
_WIDER = re.compile(r"全[省市县区州盟旗镇乡街]|各(?:级|部门|单位|乡镇|镇|地|县|区)|(?:市|区|县)(?:直|属)|下属|所属|局属|系统")

_RECEIVED = re.compile(r"(?:收到|接到|受理|接收|新收|收悉|收)")
_REQUEST = re.compile(r"(?:信息公开|依申请|公开(?:政府|政务)?信息).{0,14}申请|依申请公开|申请公开|信息公开申请")
_HANDLED = re.compile(r"(?:答复|办结|办理完毕|办理完成|办毕|已办理|已办|处理完毕|回复|办理|处理)")
_COUNTS_REQUESTS = re.compile(r"(?:件|件次|宗|份|条|起|例|人次|项|个)(?:左右|以上|以内)?$")
_ON_RECEIPT = re.compile(r"(?:收到|接到|受理)[^,]{0,14}(?:后|之日|时)")
_RECEIVED_BARE = re.compile(rf"(?:{_RECEIVED.pattern})(?:了|共|共计|数量?|件数|为)*$")
_HANDLED_BEFORE = re.compile(rf"(?:{_HANDLED.pattern})(?:申请|完毕|政府信息|公开|依申请|信息|了|共|数)*$")
_ONE_OUTCOME = re.compile(r"延期|按期|按时|同意|不予|部分|补正|其他途径|不属于|不存在")
_NONE = (r"(?:(?:未|没有|无|尚未|暂未|从未|未曾)(?!经|法|正当|按|能|及时|予|在|申请|公开|明确|偿|关|需|须|障碍|论|效)"
         r"(?:再)?(?:发生|产生|收到|接到|接收|受理|出现|引发|涉及|存在|收|被|提起|有|过)?)")
_NONE_RECEIVED = re.compile(
    rf"{_NONE}(?P<what>[^,。;]{{0,36}}?(?:(?:信息公开|依申请|公开|信息|政务|书面)[^,。;]{{0,12}}?申请|依申请公开|申请(?:政府|政务)?信息公开)"
    r"(?:公开)?(?:政府|政务)?(?:信息)?(?:公开)?(?:的?申请|的?函件|件|事项|情况|业务)?)(?!人|表|费|收费|投诉|平台|渠道|制度|而|引)")
_NONE_PLAIN = re.compile(r"(?:依申请|申请)公开(?:政府|政务)?(?:信息)?(?:申请)?(?:数量?|件数?|事项|情况)?(?:为|是)?(?:0件?|零件?|无)$")
_REVIEW = re.compile(r"行政复议|复议")
_SUIT = re.compile(r"行政诉讼|诉讼|起诉")
_NONE_REMEDY = re.compile(rf"{_NONE}[^,。;]{{0,40}}?(?:复议|诉讼)")
_LOST = re.compile(r"败诉|纠错|纠正|撤销|不当|违法|有效投诉")
_DUE_TO_OGI = re.compile(r"(?:不当|错误|不及时)(?:而)?(?:产生|引起|引发|导致|造成|被)")
_RESULTS = {"upheld": re.compile(r"结果维持|维持"), "corrected": re.compile(r"结果纠正|纠正|纠错"),
            "other": re.compile(r"其他结果|其它结果"), "pending": re.compile(r"尚未审结|未审结|正在审理")}
_DIRECT, _AFTER = re.compile(r"未经复议|直接(?:起诉|提起)"), re.compile(r"复议后|经复议后")
_WAY_TO_COURT = re.compile(r"未经(?:行政)?复议(?:直接)?|直接(?:起诉|提起)|经?(?:行政)?复议后")
_IN = re.compile(r"(?:上一?年度?|\d{4}年度?)(?:度)?结转|结转(?:上年|上一年)|(?:含|包括)上年")
_OUT = re.compile(r"(?:结转|顺延|转|跨|延续|延至|留).{0,3}(?:至|到|入|为)?(?:下一?年|次年|明年|(?:19|20)\d\d年)|(?:下一?年|次年).{0,2}(?:继续)?(?:办理|答复)|结转下")
_NORMDOC = re.compile(r"规范性文件")
_NORM_VERBS = {"normdocs_issued": re.compile(r"制定|制发|出台|印发|发布|新制作|制作|颁布"),
               "normdocs_repealed": re.compile(r"废止|失效|宣布失效"), "normdocs_in_force": re.compile(r"现行有效|继续有效|保留")}
_NO_NORMDOC = re.compile(rf"{_NONE}(?:再|新)?(?:制定|制发|出台|印发|新制作)[^,。;]{{0,6}}规范性文件")
_FEE = re.compile(r"信息处理费|信息公开.{0,6}(?:收费|费用)|处理费")
_NO_FEE = re.compile(rf"(?:{_NONE}|未|不)(?:收取|产生|发生)?[^,。;]{{0,40}}?(?:信息处理费|处理费|费用|收费)")


@dataclass(frozen=True, slots=True)
class Passage:
    """Running text of one section, folded to plain characters without spaces; paragraphs broken mid-sentence joined."""

    text: str
    section: str
    where: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim of the prose: what it counts, how many, in which words and where.

    `plain`: about this body and this year as a whole, so that it can be held against a table. `approx`: 约, 余.
    """

    kind: str
    value: Number
    quote: str
    where: str
    section: str = ""
    approx: bool = False
    plain: bool = True
    none: bool = False


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    start: int
    sentence: str
    before: str           # the sentence up to here
    lead: str             # the small heading that the passage stands under
    part: bool            # inside an enumeration begun by 其中 or a bracket


def fold(text: str) -> str:
    """Full-width forms and spaces folded away, converter residue and commas between thousands removed."""
    plain = unicodedata.normalize("NFKC", ARTEFACT.sub("", text) if _MAY_HOLD_FIELDS.search(text) else text)
    return _THOUSANDS.sub("", "".join(plain.split()))


def paragraphs(document: Document, outline: Outline) -> tuple[Passage, ...]:
    """The paragraphs below the title, folded, with their section; empty ones left out."""
    title = set(outline.title_blocks)
    return tuple(Passage(text, section_at(outline, at), block.where) for at, block in enumerate(document.blocks)
                 if isinstance(block, Paragraph) and at not in title and (text := fold(block.text)))


def joined(paragraphs: Sequence[Passage]) -> tuple[Passage, ...]:
    """The same with paragraphs that end mid-sentence joined with the next of their section."""
    found: list[Passage] = []
    for paragraph in paragraphs:
        last = found[-1] if found else None
        if last and last.section == paragraph.section and broken_between(last.text, paragraph.text):
            found[-1] = Passage(last.text + paragraph.text, last.section, last.where)
        else:
            found.append(paragraph)
    return tuple(found)


def passages(document: Document, outline: Outline) -> tuple[Passage, ...]:
    """The prose below the title, section by section; a paragraph that ends mid-sentence is joined with the next."""
    return joined(paragraphs(document, outline))


def section_at(outline: Outline, at: int) -> str:
    """The id of the section that block number `at` belongs to; "" before the first."""
    n = bisect_right(outline.starts, at) - 1
    return outline.sections[n].id if n >= 0 else ""


def broken_between(above: str, below: str) -> bool:
    """Whether two folded paragraphs are one sentence torn apart."""
    return len(above) > 20 and not _OPEN_END.search(above) and not _BEGINS_NEW.match(below)


def number(text: str) -> Number:
    """`12`, `2.5`, `三`, `十二`, `一百零五` as a number."""
    if text[0].isascii():
        value = Decimal(text)
        return int(value) if value == value.to_integral_value() else value
    if not any(c in _TENS for c in text):
        return int("".join(str(_HAN[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _TENS:
            total, digit = total + (digit or 1) * _TENS[c], 0
        else:
            digit = _HAN[c]
    return total + digit


def facts(passages: Sequence[Passage], year: int | None = None, agency: str = "") -> tuple[Fact, ...]:
    """Every claim in the prose that a statutory cell answers to."""
    found: list[Fact] = []
    lead, section = "", ""
    for passage in passages:
        lead = _lead(passage.text) or (lead if passage.section == section else "")
        section = passage.section
        found += _facts(passage, lead, year, agency)
    return tuple(found)


def counts(text: str) -> Iterator[tuple[re.Match[str], Number, bool]]:
    """Every count in folded text: its match, its value, and whether it is approximate."""
    for found in COUNT.finditer(text):
        value = number(found["n"]) * (10_000 if found["wan"] else 1)
        yield found, value, any(found[group] for group in ("about", "over", "more", "so"))


def sentences(text: str) -> list[str]:
    """Folded text cut after 。；！？."""
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence]


# ---------------------------------------------------------------- one passage


_WORTH_READING = re.compile(r"申请|复议|诉讼|规范性文件|处理费|收费|费用")


def _lead(text: str) -> str:
    """The small heading that a passage is, or begins with: (二)依申请公开情况。"""
    if len(text) <= _LONGEST_LEAD and not re.search(r"[。;,]", text):
        return text
    found = _RUN_IN_LEAD.match(text)
    return found[0] if found else ""


def _facts(passage: Passage, lead: str, year: int | None, agency: str) -> Iterator[Fact]:
    for sentence in sentences(passage.text):
        if not _WORTH_READING.search(sentence):
            continue
        for clause in _clauses(sentence, lead):
            for found in _claims(clause, agency):
                plain = found.plain and _this_year(clause, year)
                yield Fact(found.kind, found.value, found.quote, passage.where, passage.section, found.approx, plain,
                           found.none)


def _clauses(sentence: str, lead: str) -> Iterator[_Clause]:
    sentence = _WHOLE_YEAR.sub("", _CITED.sub(lambda cited: "《》" if len(cited[0]) > 2 else cited[0], sentence))
    start, part, depth = 0, False, 0
    for end in [*(found.start() for found in _CLAUSE_END.finditer(sentence)), len(sentence)]:
        text = sentence[start:end]
        part = part or (depth == 0 and bool(_PART.match(text)))
        if text:
            yield _Clause(text, start, sentence, sentence[:start], lead, part or depth > 0)
        mark = sentence[end:end + 1]
        depth = max(0, depth + (mark == "(") - (mark == ")"))
        start = end + 1


def _claims(clause: _Clause, agency: str) -> Iterator[Fact]:
    for claim in (_requests, _carried, _remedies, _documents, _fees):
        yield from claim(clause, agency)


def _requests(clause: _Clause, agency: str) -> Iterator[Fact]:
    text = clause.text
    if none := _NONE_RECEIVED.search(text):
        if not _REVIEW.search(text) and not _SUIT.search(text):
            plain = not _SPECIAL.search(none["what"]) and not _one_channel(none["what"]) and _own(text[:none.start()], agency)
            yield Fact("received", 0, text, "", plain=plain and not clause.part, none=True)
        return
    if (none := _NONE_PLAIN.search(text)) and not _SPECIAL.search(text):
        yield Fact("received", 0, text, "", plain=not clause.part and _own(text[:none.start()], agency), none=True)
        return
    for found, value, approx in counts(text):
        kind = _request_kind(clause, found)
        if kind:
            before = text[:found.start()]
            special = _SPECIAL.search(text) and kind == "received"
            plain = not (clause.part or special or _one_channel(text) or _COMPARED.search(before)) and _own_clause(clause, agency)
            yield Fact(kind, value, text, "", approx=approx, plain=plain)


def _request_kind(clause: _Clause, found: re.Match[str]) -> str:
    """Whether a count tells requests received or handled."""
    text, before = clause.text, clause.text[:found.start()]
    context = clause.lead + clause.before
    if _OTHER_MATTER.search(text) or _IN.search(text) or _OUT.search(text) or not _COUNTS_REQUESTS.search(found[0]):
        return ""
    if _RECEIVED.search(before) and not _ON_RECEIPT.search(before):
        near = text[max(0, found.start() - 40):found.end() + 16]
        known = _REQUEST.search(context)
        if _REQUEST.search(near) or (known and ("申请" in near or _RECEIVED_BARE.search(before))):
            return "received"
    asked = _REQUEST.search(before) or (_REQUEST.search(context) and not _OTHER_MATTER.search(clause.before))
    if asked and _HANDLED_BEFORE.search(before):
        return "" if _ONE_OUTCOME.search(text) else "handled"
    return ""


def _carried(clause: _Clause, agency: str) -> Iterator[Fact]:
    text = clause.text
    if not re.search(r"申请|依申请", clause.before + text) or _OTHER_MATTER.search(text):
        return
    inward, outward = _IN.search(text), _OUT.search(text)
    for found, value, approx in counts(text):
        if inward and not outward and inward.start() < found.start():
            yield Fact("carried_in", value, text, "", approx=approx, plain=_own_clause(clause, agency))
        elif outward and not inward:
            yield Fact("carried_out", value, text, "", approx=approx, plain=_own_clause(clause, agency))


def _remedies(clause: _Clause, agency: str) -> Iterator[Fact]:
    text = clause.text
    about = _WAY_TO_COURT.sub("起诉", clause.before + text)
    review, suit = _last(_REVIEW, about), _last(_SUIT, about)
    if max(review, suit) < 0:
        return
    if _NONE_REMEDY.search(text):
        plain = _own(text, agency) and not _LOST.search(_DUE_TO_OGI.sub("", text))
        named = [kind for kind, pattern in (("reviews", _REVIEW), ("suits", _SUIT)) if pattern.search(_after_none(text))]
        yield from (Fact(kind, 0, text, "", plain=plain, none=True) for kind in named)
        return
    if not re.search(r"信息公开|依申请", clause.lead + about) or re.search(r"办理|代理|审理|受理|应诉.{0,4}培训", text):
        return
    found_counts = list(counts(text))
    if len(found_counts) != 1:
        return
    found, value, approx = found_counts[0]
    plain = _own_clause(clause, agency) and not _COMPARED.search(text[:found.start()])
    bare = _WAY_TO_COURT.sub("起诉", text)
    if _REVIEW.search(bare) and _SUIT.search(bare):
        if value == 0 and re.search(r"均|都|各", text):
            yield from (Fact(kind, 0, text, "", plain=plain) for kind in ("reviews", "suits"))
        return
    yield Fact(_remedy_kind(text, clause.before + text, review > suit), value, text, "", approx=approx, plain=plain)


def _remedy_kind(text: str, about: str, is_review: bool) -> str:
    stem = "reviews" if is_review else "suits"
    if not is_review and (_DIRECT.search(text) or _AFTER.search(text)):
        stem = "suits_direct" if _DIRECT.search(text) else "suits_after"
    result = next((name for name, pattern in _RESULTS.items() if pattern.search(text)), "")
    if result and not is_review and (_DIRECT.search(about) or _AFTER.search(about)):
        stem = "suits_direct" if _last(_DIRECT, about) > _last(_AFTER, about) else "suits_after"
    return f"{stem}_{result}" if result else stem


def _documents(clause: _Clause, agency: str) -> Iterator[Fact]:
    text = clause.text
    if not _NORMDOC.search(clause.before + text):
        return
    if _NO_NORMDOC.search(text):
        yield Fact("normdocs_issued", 0, text, "", plain=_own(text, agency), none=True)
    for found, value, approx in counts(text):
        before = text[:found.start()]
        kinds = [(pattern_end, kind) for kind, pattern in _NORM_VERBS.items()
                 if (pattern_end := _last(pattern, before)) >= 0]
        here = _NORMDOC.search(text) or re.fullmatch(r"(?:宣布)?(?:废止|失效|现行有效|继续有效|保留)(?:的)?(?:共|文件)?", before)
        tied = re.search(r"(?:规范性文件|废止|失效|现行有效|继续有效|保留|制发|制定|印发|出台|制作|发布)(?:的|共|文件|数)*$", before) or \
            re.match(r"(?:行政)?规范性文件", text[found.end():])
        if kinds and here and tied and not re.search(r"解读|清理|审查|备案|审核|征求", text):
            plain = not (clause.part and "其中" not in clause.sentence[:1]) and _own_clause(clause, agency)
            yield Fact(max(kinds)[1], value, text, "", approx=approx, plain=plain and not _COMPARED.search(before))


def _fees(clause: _Clause, agency: str) -> Iterator[Fact]:
    text = clause.text
    if _NO_FEE.search(text) and re.search(r"处理费|收费|费用", text):
        yield Fact("fee_charged", 0, text, "", none=True)
        return
    if not _FEE.search(clause.before + text):
        return
    for found in _YUAN.finditer(text):
        scale = {"万": 10_000, "亿": 100_000_000}.get(found["wan"] or "", 1)
        yield Fact("fee_charged", number(found["n"]) * scale, text, "", approx=bool(found["about"] or found["over"]))


# ---------------------------------------------------------------- whose, when, all or part


def _own_clause(clause: _Clause, agency: str) -> bool:
    verb = _RECEIVED.search(clause.text) or _HANDLED.search(clause.text) or COUNT.search(clause.text)
    return _own(clause.text[:verb.start()] if verb else clause.text, agency)


@lru_cache(maxsize=1024)
def _own(subject: str, agency: str) -> bool:
    """Whether the words before the verb name this body, or nobody. `县司法局` is 嘉祥县司法局 in its own report."""
    found = _OTHER_BODY.search(subject)
    if not found or not agency:
        return True
    named = _WHEN.sub("", found[1])
    rest = _SELF.sub("", named)
    if rest in agency or (rest != named and len(rest) <= 2):
        return True
    return "政府" in agency and rest.endswith("政府") and len(rest) <= 5


def _one_channel(text: str) -> bool:
    return bool(_CHANNEL.search(re.sub(r"公民、?法人(?:和|或|及|、)?(?:者)?其[他它]组织|依申请公开平台?|申请人|信息公开平台", "", text))
                and not _SUMMED.search(text))


def wider(text: str) -> bool:
    """Whether words speak of more than one body: 全市, 各部门, 下属单位."""
    return bool(_WIDER.search(text))


def _this_year(clause: _Clause, year: int | None) -> bool:
    if _NOT_THIS_YEAR.search(_IN.sub("", clause.text)) or _PART_OF_YEAR.search(clause.before[-20:]):
        return False
    told = _YEAR.findall(_OUT.sub("", clause.before + clause.text))
    return not told or year is None or int(told[-1]) == year


def _after_none(text: str) -> str:
    found = re.search(_NONE, text)
    return text[found.start():] if found else text


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)
