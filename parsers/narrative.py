"""Facts in prose: how many requests, reviews, suits and documents the text itself claims.

A number is bound only inside one clause, its subject may come from earlier in the same sentence, never from another one.
What speaks of another body, another year, a part (其中), a channel or a comparison is left out or marked, so that a fact
kept as `plain` can be held against the tables. `facts(passages(document, outline), 2024, "淮安市人民政府")`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from parsers import schema
from parsers.models import Document, Number, Outline, Paragraph
from parsers.records import record
from parsers.text import folded
from parsers.values import ARTEFACT

_HAN = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_DIGITS = "零〇○一二三四五六七八九两十百千"
_LONGEST_LEAD = 30


def _any(name: str) -> str:
    """The spellings listed under `name` in schema/narrative.json, as one group of a pattern."""
    return f"(?:{'|'.join(schema.load('narrative')[name])})"


def _words(name: str) -> re.Pattern[str]:
    return re.compile(_any(name))


NUMBER = rf"(?:\d+(?:\.\d+)?|[{_HAN_DIGITS}]{{1,7}})"
#: A count in a clause: about, the number, over, 万, the measure word, or so
COUNT = re.compile(rf"(?<![第\d.{_HAN_DIGITS}])(?P<about>{_any('about')})?(?P<n>{NUMBER})(?P<over>余|多|几)?(?P<wan>万)?"
                   rf"(?P<more>余|多)?{_any('measure')}(?P<so>左右|以上|以内)?")
_YUAN = re.compile(rf"(?P<about>{_any('about')})?(?P<n>{NUMBER})(?P<over>余|多)?(?P<wan>万|亿)?元")

_MAY_HOLD_FIELDS = re.compile(r"[\[\\A-Z]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SENTENCE_END = re.compile(r"(?<=[。;!?\n])")
_CLAUSE_END = re.compile(r"[,:()。;!?\n]")
_OPEN_END = re.compile(r"[。;:!?”\"》)】…]$")
_ENUMERATED = rf"(?:\([{_HAN_DIGITS}\d]{{1,3}}\)|[{_HAN_DIGITS}\d]{{1,3}}[、.)]|第[{_HAN_DIGITS}]+|[{_HAN_DIGITS}]是)"
_BEGINS_NEW = re.compile(f"^{_ENUMERATED}")
_RUN_IN_LEAD = re.compile(rf"^{_ENUMERATED}[^。;,:]{{2,30}}[。:]")
_CITED = re.compile(r"《[^《》]+》")
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_CLAIMS = re.compile(rf"[\d{_HAN_DIGITS}未没无不]")     # a clause with neither a number nor a denial claims nothing
_WORTH_READING = re.compile(r"申请|复议|诉讼|规范性文件|处理费|收费|费用")

_WHOLE_YEAR, _NOT_THIS_YEAR = _words("whole_year"), _words("not_this_year")
_PART_OF_YEAR = re.compile(f"{_any('part_of_year')},?$")
_COMPARED = re.compile(f"{_any('compared')}了?约?$")
_CHANNEL, _NOT_A_CHANNEL, _SUMMED, _PART = _words("channel"), _words("not_a_channel"), _words("summed"), _words("part")
_OTHER_MATTER, _SPECIAL, _WIDER = _words("other_matter"), _words("special"), _words("wider")
_SPECIAL_DENIED = re.compile(f"{_any('special')}|{_any('special_denied')}")
_OTHER_BODY = re.compile(rf"([\u4e00-\u9fff]{{2,20}}?{_any('body')})(?:机关|本级)?(?:共|累计|全年|年内)*$")
_WHEN = re.compile(r"^.*?(?:19|20)\d\d年度?|^(?:本|今)年度?|^全年|^年内|^一年来")
_SELF = re.compile(r"^(?:我们?|本|全)(?=[省市县区州盟旗镇乡街局委厅办院])")

_RECEIVED, _REQUEST, _HANDLED = _words("received"), _words("request"), _words("handled")
_ON_RECEIPT, _ONE_OUTCOME = _words("on_receipt"), _words("one_outcome")
_COUNTS_REQUESTS = re.compile(f"{_any('measure_of_requests')}(?:左右|以上|以内)?$")
_RECEIVED_BARE = re.compile(f"{_any('received')}(?:了|共|共计|数量?|件数|为)*$")
_ABOUT_VERB = re.compile(rf"(?:约|近)共?(?:{_any('received')}|{_any('handled')})")
_HANDLED_BEFORE = re.compile(f"{_any('handled')}(?:申请|完毕|政府信息|公开|依申请|信息|了|共|数)*$")
_NONE = (rf"(?:(?<!{_any('in_case_of')})(?:{_any('never')}再?{_any('happened')}"
         rf"|{_any('no')}(?!{_any('none_of_another_kind')})再?{_any('happened')}?))")
_NONE_RECEIVED = re.compile(
    rf"(?P<none>{_NONE}(?P<what>[^,。;]{{0,36}}?{_any('whose_request')}"
    r"(?:公开)?(?:政府|政务)?(?:信息)?(?:公开)?(?:的?申请|的?函件|件|事项|情况|业务)?)"
    r"(?!人|表|费|收费|投诉|平台|渠道|制度|而|引))")
_NONE_PLAIN = re.compile(r"(?:依申请|申请)公开(?:政府|政务)?(?:信息)?(?:申请)?(?:数量?|件数?|事项|情况)?"
                         r"(?:为|是)?(?:0件?|零件?|无)$")
_REVIEW, _SUIT, _WAY_TO_COURT = _words("review"), _words("suit"), _words("way_to_court")
_OF_COURTS = re.compile("复议|诉|直接")           # without any of them a clause speaks of neither review nor suit
_DIRECT, _AFTER, _LOST, _DUE_TO_FAULT = _words("direct"), _words("after"), _words("lost"), _words("due_to_fault")
_NONE_REMEDY = re.compile(rf"{_NONE}[^,。;]{{0,40}}?(?:复议|诉讼)")
_ABOUT_DISCLOSURE = re.compile("信息公开|政务公开|依申请")
_ANOTHER_JOB = _words("another_job")
_RESULTS = {result: _words(result) for result in ("upheld", "corrected", "other", "pending")}
_IN, _OUT = _words("carried_in"), _words("carried_out")
_NORM_VERBS = {kind: _words(kind) for kind in ("normdocs_issued", "normdocs_repealed", "normdocs_in_force")}
_NORM_STATES = f"(?:{_any('normdocs_repealed')}|{_any('normdocs_in_force')})"
_NORM_ALONE = re.compile(rf"(?:宣布)?{_NORM_STATES}的?(?:共|文件)?")
_NORM_BEFORE = re.compile(rf"(?:规范性文件|{_NORM_STATES}|{_any('normdocs_issued')})(?:的|共|文件|数)*$")
_NORM_ELSEWHERE = _words("normdocs_elsewhere")
_NO_NORMDOC = re.compile(rf"(?:{_any('never')}|{_any('no')})(?:再|新)?{_any('normdocs_issued')}[^,。;]{{0,6}}规范性文件")
_FEE = _words("fee")
_NO_FEE = re.compile(rf"(?:{_NONE}|未|不)(?:收取|产生|发生)?[^,。;]{{0,40}}?{_any('fee_denied')}")


@record
class Passage:
    """Running text of one section, folded to plain characters without spaces; paragraphs broken mid-sentence joined."""

    text: str
    section: str
    where: str


@record
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


Count = tuple[re.Match[str], Number, bool]        # as found, its value, whether it is approximate


@record
class _Clause:
    text: str
    sentence: str
    before: str           # the sentence up to here
    lead: str             # the small heading that the passage stands under
    part: bool            # inside an enumeration begun by 其中 or a bracket
    counts: tuple[Count, ...]


def fold(text: str) -> str:
    """Full-width forms and spaces folded away, converter residue and commas between thousands removed."""
    plain = "".join(folded(ARTEFACT.sub("", text) if _MAY_HOLD_FIELDS.search(text) else text).split())
    return _THOUSANDS.sub("", plain) if "," in plain else plain


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


def counts(text: str) -> Iterator[Count]:
    """Every count in folded text."""
    for found in COUNT.finditer(text):
        value = number(found["n"]) * (10_000 if found["wan"] else 1)
        yield found, value, any(found[group] for group in ("about", "over", "more", "so"))


def sentences(text: str) -> list[str]:
    """Folded text cut after 。；！？."""
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence]


# ---------------------------------------------------------------- one passage


def _lead(text: str) -> str:
    """The small heading that a passage is, or begins with: (二)依申请公开情况。"""
    if len(text) <= _LONGEST_LEAD and not re.search(r"[。;,]", text):
        return text
    found = _RUN_IN_LEAD.match(text)
    return found[0] if found else ""


def _facts(passage: Passage, lead: str, year: int | None, agency: str) -> Iterator[Fact]:
    for sentence in sentences(passage.text) if _WORTH_READING.search(passage.text) else ():
        if not _WORTH_READING.search(sentence):
            continue
        for clause in _clauses(sentence, lead):
            for found in _claims(clause, agency):
                plain = found.plain and _this_year(clause, year)
                yield Fact(found.kind, found.value, found.quote, passage.where, passage.section, found.approx, plain,
                           found.none)


def _clauses(sentence: str, lead: str) -> Iterator[_Clause]:
    sentence = _WHOLE_YEAR.sub("", _CITED.sub("《》", sentence))
    start, part, depth = 0, False, 0
    for end in [*(found.start() for found in _CLAUSE_END.finditer(sentence)), len(sentence)]:
        text = sentence[start:end]
        part = part or (depth == 0 and bool(_PART.match(text)))
        if _CLAIMS.search(text):
            yield _Clause(text, sentence, sentence[:start], lead, part or depth > 0, tuple(counts(text)))
        mark = sentence[end:end + 1]
        depth = max(0, depth + (mark == "(") - (mark == ")"))
        start = end + 1


def _claims(clause: _Clause, agency: str) -> Iterator[Fact]:
    for claim in (_requests, _carried, _remedies, _documents, _fees):
        yield from claim(clause, agency)


def _requests(clause: _Clause, agency: str) -> Iterator[Fact]:
    text = clause.text
    asked_for = "申请" in text
    if asked_for and (none := _NONE_RECEIVED.search(text)):
        if not _REVIEW.search(text) and not _SUIT.search(text):
            asked = none["what"]
            partial = clause.part or _one_channel(asked) or _SPECIAL_DENIED.search(asked) is not None
            yield Fact("received", 0, text, "", plain=not partial and _own(text[:none.start()], agency), none=True)
        return
    if asked_for and (none := _NONE_PLAIN.search(text)) and not _SPECIAL.search(text):
        yield Fact("received", 0, text, "", plain=not clause.part and _own(text[:none.start()], agency), none=True)
        return
    for found, value, approx in clause.counts:
        kind = _request_kind(clause, found)
        if kind:
            before = text[:found.start()]
            special = kind == "received" and _SPECIAL.search(text) is not None
            partial = clause.part or special or _one_channel(text) or _COMPARED.search(before) is not None
            about = approx or _ABOUT_VERB.search(before) is not None
            yield Fact(kind, value, text, "", approx=about, plain=not partial and _own_clause(clause, agency))


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
    if not clause.counts or "申请" not in clause.before + text or _OTHER_MATTER.search(text):
        return
    inward, outward = _IN.search(text), _OUT.search(text)
    for found, value, approx in clause.counts:
        if inward and not outward and inward.start() < found.start():
            yield Fact("carried_in", value, text, "", approx=approx, plain=_own_clause(clause, agency))
        elif outward and not inward:
            yield Fact("carried_out", value, text, "", approx=approx, plain=_own_clause(clause, agency))


def _remedies(clause: _Clause, agency: str) -> Iterator[Fact]:
    text = clause.text
    if not _OF_COURTS.search(clause.before + text):
        return
    about = _WAY_TO_COURT.sub("起诉", clause.before + text)
    review, suit = _last(_REVIEW, about), _last(_SUIT, about)
    if max(review, suit) < 0:
        return
    if _NONE_REMEDY.search(text):
        named = [kind for kind, pattern in (("reviews", _REVIEW), ("suits", _SUIT)) if pattern.search(_after_none(text))]
        about_this = len(named) == 2 or _ABOUT_DISCLOSURE.search(clause.lead + about)
        plain = bool(about_this) and _own(text, agency) and not _LOST.search(_DUE_TO_FAULT.sub("", text))
        yield from (Fact(kind, 0, text, "", plain=plain, none=True) for kind in named)
        return
    if not _ABOUT_DISCLOSURE.search(clause.lead + about) or _ANOTHER_JOB.search(text):
        return
    if len(clause.counts) != 1:
        return
    found, value, approx = clause.counts[0]
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
    if "规范性文件" not in clause.before + text:
        return
    if _NO_NORMDOC.search(text):
        yield Fact("normdocs_issued", 0, text, "", plain=_own(text, agency), none=True)
    for found, value, approx in clause.counts:
        before = text[:found.start()]
        kinds = [(pattern_end, kind) for kind, pattern in _NORM_VERBS.items()
                 if (pattern_end := _last(pattern, before)) >= 0]
        here = "规范性文件" in text or _NORM_ALONE.fullmatch(before)
        tied = _NORM_BEFORE.search(before) or re.match(r"(?:行政)?规范性文件", text[found.end():])
        if kinds and here and tied and not _NORM_ELSEWHERE.search(text):
            plain = not (clause.part and "其中" not in clause.sentence[:1]) and _own_clause(clause, agency)
            yield Fact(max(kinds)[1], value, text, "", approx=approx, plain=plain and not _COMPARED.search(before))


def _fees(clause: _Clause, agency: str) -> Iterator[Fact]:
    text = clause.text
    if "费" not in clause.before + text:
        return
    if _NO_FEE.search(text):
        yield Fact("fee_charged", 0, text, "", none=True)
        return
    if not _FEE.search(clause.before + text):
        return
    for found in _YUAN.finditer(text):
        scale = {"万": 10_000, "亿": 100_000_000}.get(found["wan"] or "", 1)
        yield Fact("fee_charged", number(found["n"]) * scale, text, "", approx=bool(found["about"] or found["over"]))


# ---------------------------------------------------------------- whose, when, all or part


def _own_clause(clause: _Clause, agency: str) -> bool:
    first = clause.counts[0][0] if clause.counts else None
    verb = _RECEIVED.search(clause.text) or _HANDLED.search(clause.text) or first
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
    return bool(_CHANNEL.search(_NOT_A_CHANNEL.sub("", text)) and not _SUMMED.search(text))


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
