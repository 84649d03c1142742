"""What the text says against what the tables say, and against itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from parsers import narrative, schema
from parsers.checks.logic import value
from parsers.checks.rules import Finding, Material, rule
from parsers.checks.words import shown
from parsers.models import Number, Severity
from parsers.narrative import Fact

_TOPICS: Mapping[str, re.Pattern[str]] = {
    "主动公开": re.compile(r"主动公开|公开.{0,12}信息|发布.{0,20}信息"),
    "依申请公开": re.compile(r"依申请|公开申请|申请公开|政府信息.{0,6}申请"),
    "政府信息管理": re.compile(r"信息管理|审查|审核|目录|梳理|规范性文件|管理制度|发布机制|动态调整"),
    "平台建设": re.compile(r"平台|网站|公众号|微博|微信|新媒体|专栏|栏目"),
    "监督保障": re.compile(r"监督|考核|保障|培训|责任|评议|检查|专人"),
}
_FEE = re.compile(r"信息处理费|处理费|收费|信息公开.{0,8}费用|收取.{0,6}费")
_PLAN = re.compile(r"(?:按照|根据|依据|依照|落实|对照|贯彻|围绕|印发|制定)[^。;,]{0,12}"
                   r"《[^》]*?((?:19|20)\d\d)年[^》]*?(?:方案|要点|计划|任务|安排|清单)》")
_OPENING_YEAR = re.compile(r"(?:^|[。;])(?:\([^()]{1,3}\)|[一二三四五六七八九十]+[、.是])?((?:19|20)\d\d)年(?:度)?(?:以来)?,?"
                           r"(?=我|全[县市区省镇乡州]|本|共|全年|县|市|区)")
_NEAR_YEAR = re.compile(r"以来|至|~|-|起|到")
_PARTS = re.compile(r"其中:?")
_TWICE = re.compile(r"(《[^《》]{4,}》)[、,和及]\1")
_PROMISE = re.compile(r"(?:包括|分为|由|共有?)[^。]*(?:部分|内容|等|组成|方面)")
_SECTION_WORDS: Mapping[str, re.Pattern[str]] = {
    "overview": re.compile(r"总体情况|概述|概况"), "proactive": re.compile("主动公开"), "requests": re.compile("申请"),
    "remedies": re.compile(r"复议|诉讼"), "problems": re.compile("问题"), "other": re.compile(r"其他.{0,6}事项|需要报告"),
}
_ENOUGH_NAMED = 4


@rule("N01_received_count")
def received_count(material: Material) -> Iterator[Finding]:
    """Requests received, in the text and in the table."""
    requests = material.tables.requests
    total = {row: value(requests.get(row, {}).get("total")) for row in ("new_received", "carried_in", "total_handled")}
    allowed = [total["new_received"], total["total_handled"], _added(total["new_received"], total["carried_in"])]
    yield from _compared(material, "received", "新收", total["new_received"], allowed)


@rule("N02_none_received_contradiction")
def none_received(material: Material) -> Iterator[Finding]:
    """未收到…申请 beside a table with requests."""
    denied = [fact for fact in material.facts if fact.kind == "received" and fact.none and _ours(fact, material)]
    new = value(material.tables.requests.get("new_received", {}).get("total"))
    carried = value(material.tables.requests.get("carried_in", {}).get("total"))
    if not denied or new is None:
        return
    fact = denied[0]
    if new > 0:
        yield Finding("fail", f"正文称“{fact.quote}”，表中新收总计却是 {shown(new)}", fact.where, 0, new)
    elif carried and not any(fact.kind == "carried_in" for fact in material.facts):
        yield Finding("fail", f"正文称“{fact.quote}”，表中上年结转总计却是 {shown(carried)}", fact.where, 0, carried, "warning")
    else:
        yield Finding("pass", f"正文称“{fact.quote}”，表中新收总计为 0", fact.where, 0, new)


@rule("N03_none_remedy_contradiction")
def none_remedy(material: Material) -> Iterator[Finding]:
    """Reviews and suits, in the text and in the table; denied ones weigh more than miscounted ones."""
    cells = {field: value(cell) for field, cell in material.tables.remedies.items()}
    for kind, zh, number in _remedies(cells):
        stated = [fact for fact in material.facts if fact.kind == kind and _ours(fact, material)]
        denied = [fact for fact in stated if fact.none]
        if denied and number:
            yield Finding("fail", f"正文称“{denied[0].quote}”，表中{zh}却是 {shown(number)}",
                          f"{kind} {denied[0].where}", 0, number)
        elif denied and number is not None:
            yield Finding("pass", f"正文称没有{zh}，表中为 0", denied[0].where, 0, number)
        elif stated:
            yield from _compared(material, kind, zh, number, [number], "warning")


@rule("N04_handled_count")
def handled_count(material: Material) -> Iterator[Finding]:
    """Requests answered, in the text and in the table."""
    number = _request_total(material, "total_handled")
    yield from _compared(material, "handled", "（七）总计", number, [number])


@rule("N05_carried_out_count")
def carried_count(material: Material) -> Iterator[Finding]:
    """Requests carried over, in the text and in the table."""
    for row, zh in (("carried_out", "结转下年度"), ("carried_in", "上年结转")):
        number = _request_total(material, row)
        yield from _compared(material, row, zh, number, [number])


@rule("N06_normdoc_count")
def normdoc_count(material: Material) -> Iterator[Finding]:
    """规范性文件 issued, repealed and in force, in the text and in the table."""
    cells = material.tables.proactive
    issued = [value(cells.get(field)) for field in ("normdocs_issued", "normdocs_made", "normdocs_published")]
    first = next((number for number in issued if number is not None), None)
    yield from _compared(material, "normdocs_issued", "规范性文件制发", first, issued)
    for kind, zh in (("normdocs_repealed", "规范性文件废止"), ("normdocs_in_force", "规范性文件现行有效")):
        number = value(cells.get(kind))
        yield from _compared(material, kind, zh, number, [number])


@rule("N07_overview_topics")
def overview_topics(material: Material) -> Iterator[Finding]:
    """Topics that the overview owes."""
    text = "".join(p.text for p in material.passages if p.section == "overview")
    asked = bool(_request_total(material, "new_received"))
    missing = [topic for topic, pattern in _TOPICS.items() if not pattern.search(text)]
    if "f2021" not in material.versions:
        missing = ["依申请公开"] if asked and "依申请公开" in missing else []
    if missing:
        more = "，而表中有新收申请" if asked and "依申请公开" in missing else ""
        yield Finding("fail", f"总体情况没有写到：{'、'.join(missing)}{more}", "overview")


@rule("N09_foreign_year")
def foreign_year(material: Material) -> Iterator[Finding]:
    """Sentences that open with another year, and plans of another year as the basis of the work."""
    year = material.year
    if year is None:
        return
    for passage in material.passages:
        text = passage.text
        for found in _OPENING_YEAR.finditer(text):
            told = int(found[1])
            if told not in (year, year + 1) and not _NEAR_YEAR.search(text[found.end():found.end() + 3] + found[0]):
                words = text[found.start():found.end() + 12].lstrip("。;")
                yield Finding("fail", f"{year} 年度的报告写着“{words}”", passage.where, told, year)
        for found in _PLAN.finditer(text):
            if int(found[1]) < year:
                yield Finding("fail", f"{year} 年度的工作以旧文件为依据：“{found[0]}”", passage.where, int(found[1]), year)


@rule("N10_fee_statement")
def fee_statement(material: Material) -> Iterator[Finding]:
    """Section 六 owes a word on 信息处理费."""
    if not any(_FEE.search(passage.text) for passage in material.passages):
        where = next((s.where for s in material.report.sections if s.id == "other"), "")
        yield Finding("fail", "没有写明收取信息处理费的情况", where)


@rule("N11_parts_sum")
def parts_sum(material: Material) -> Iterator[Finding]:
    """Parts after 其中 that exceed the whole before it; one document listed twice."""
    for passage in material.passages:
        for sentence in narrative.sentences(passage.text):
            if "其中" in sentence:
                yield from _parts(sentence, passage.where)
            if found := _TWICE.search(sentence):
                yield Finding("fail", f"同一文件列了两次：{found[1]}", passage.where)


@rule("N12_template_leak")
def template_leak(material: Material) -> Iterator[Finding]:
    """Words left from somebody else's template."""
    found = []
    for leak in schema.load("rules")["templates"]:
        if _fits(leak, "levels", material.tag("level")) and _fits(leak, "body_types", material.tag("body_type")):
            found += [(leak, *hit) for hit in _hits(_compiled(leak["pattern"]), material)]
    if found:
        grave = next((entry for entry in found if entry[0]["severity"] == "warning"), found[0])
        words = "；".join(f"“{quote}”{leak['message']}" for leak, quote, _ in found)
        yield Finding("fail", words, grave[2], severity=grave[0]["severity"])


@rule("N13_intro_lists_sections")
def intro_lists_sections(material: Material) -> Iterator[Finding]:
    """Parts that the introduction promises and the report lacks."""
    for passage in material.passages:
        if passage.section != "preamble" or not (promise := _PROMISE.search(passage.text)):
            continue
        named = [section for section, pattern in _SECTION_WORDS.items() if pattern.search(promise[0])]
        missing = [section for section in named if section not in material.sections and not material.has_table(section)]
        if len(named) >= _ENOUGH_NAMED:
            zh = {s["id"]: s["zh"] for s in schema.load("sections")["sections"]}
            words = f"引言列出而正文没有：{'、'.join(zh[section] for section in missing)}"
            yield Finding("fail" if missing else "pass", words if missing else "引言所列部分都在", passage.where)
            return


# ---------------------------------------------------------------- claims against cells


def _compared(
    material: Material, kind: str, zh: str, number: Number | None, allowed: Sequence[Number | None],
    severity: Severity | None = None,
) -> Iterator[Finding]:
    """The stated numbers of a kind against the cells they may mean: one agreeing statement is enough."""
    stated = [fact for fact in material.facts if fact.kind == kind and fact.plain and not fact.approx
              and not (fact.none and kind == "received")]
    known = [cell for cell in allowed if cell is not None]
    if not stated or number is None:
        return
    agreeing = next((fact for fact in stated if fact.value in known), None)
    ours = [fact for fact in stated if _ours(fact, material)]
    if agreeing:
        yield Finding("pass", f"正文“{agreeing.quote}”与表中{zh}相符", agreeing.where, agreeing.value, number)
    elif ours:
        fact = ours[0]
        yield Finding("fail", f"正文“{fact.quote}”，表中{zh}却是 {shown(number)}", f"{kind} {fact.where}",
                      fact.value, number, severity)


def _ours(fact: Fact, material: Material) -> bool:
    """A statement about the body that the table is about: 全县 only in a report on the whole county."""
    if not fact.plain:
        return False
    return not narrative.wider(fact.quote) or str(material.tag("scope")).startswith("aggregate")


def _request_total(material: Material, row: str) -> Number | None:
    return value(material.tables.requests.get(row, {}).get("total"))


def _added(one: Number | None, other: Number | None) -> Number | None:
    return None if one is None or other is None else one + other


def _remedies(cells: Mapping[str, Number | None]) -> Iterator[tuple[str, str, Number | None]]:
    """What the text may count in section 四: (kind of fact, its name, the number in the table)."""
    results = {"": "", "_upheld": "结果维持", "_corrected": "结果纠正", "_other": "其他结果", "_pending": "尚未审结"}
    for result, zh in results.items():
        column = result or "_total"
        direct, after = cells.get(f"suit_direct{column}"), cells.get(f"suit_after_review{column}")
        yield f"reviews{result}", f"行政复议{zh}", cells.get(f"review{column}")
        yield f"suits{result}", f"行政诉讼{zh}", _added(direct, after)
        yield f"suits_direct{result}", f"直接起诉{zh}", direct
        yield f"suits_after{result}", f"复议后起诉{zh}", after


def _parts(sentence: str, where: str) -> Iterator[Finding]:
    head, _, rest = sentence.partition("其中")
    if "其中" in rest:
        return
    wholes = list(narrative.counts(head))
    if not wholes or not re.fullmatch(r"[,(:]?", head[wholes[-1][0].end():]):
        return
    whole, total, approx = wholes[-1]
    measure = whole[0][-1]
    parts = [(m, n) for m, n, _ in narrative.counts(re.split(r"[;)]", rest)[0]) if m[0][-1] == measure]
    if not parts:
        return
    added = sum(number for _, number in parts)
    words = f"其中 {' + '.join(shown(n) for _, n in parts)} = {shown(added)}，总数 {shown(total)}"
    exact = "分别" in rest and not approx
    wrong = added > total if not exact else added != total
    yield Finding("fail" if wrong and not approx else "pass", words, where, added, total)


def _fits(leak: Mapping[str, Sequence[str]], key: str, tag: str | int | None) -> bool:
    return key not in leak or tag in leak[key]


def _hits(pattern: re.Pattern[str], material: Material) -> list[tuple[str, str]]:
    """The first place where a pattern stands, as (words, where)."""
    if not pattern.search(material.prose):
        return []
    return [(m[0], p.where) for p in material.passages if (m := pattern.search(p.text))][:1]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
