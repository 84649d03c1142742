"""Names of bodies in running text, each with the sort of evidence that the words around it make it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.identify.mentions import Mention, mentions
from parsers.identify.names import Name, parse
from parsers.identify.reading import Line
from parsers.identify.titles import HEAD_VERBS, NOT_SUBJECT, PAREN_ALIAS, SUBJECT, before_subject, title_name

Found = tuple[Name, str, str]                         # the name, the source as in evidence.json, the words

_BY = re.compile(r"(?:由|受)$")
_COMPILED = re.compile(r"^(?:办公室)?(?:负责)?(?:编制|编写|按照|根据|依据|制作|汇总|公布|组织编|20\d\d|政府信息|信息公开|撰写)")
_LEADING_GROUP = re.compile(r"^(?:政府|政务)?信息公开(?:工作)?(?:领导小组|联席会议)办公室|^政务公开(?:工作)?领导小组办公室")
_PUBLISHES = re.compile(r"^(?:办公室)?(?:现?(?:特|将)|特?向社会|现公布|现将|公布20|发布20)|^编制了?(?:完成)?(?:20\d\d"
                        r"|政府信息|信息公开|《|本(?:年度|年)?(?:报告|年报))")
_REPORTED = re.compile(r"^(?:20\d\d年?度?)?(?:的|本级)?(?:政府|政务)?信息(?:公开)?(?:工作)?(?!指南|目录|领导|条例|规定"
                       r"|办公室|专栏|平台|网|查|栏|管理|发布|中心|化|系统|(?:的)?(?:相关|有关)|要求|办法|考核|要点|通知"
                       r"|部署|制度)")
_COMPILES = re.compile(r"^(?:(?!要求|规定|通知|部署|安排|印发|精神|关于|格式|意见|[。;《》]).){0,44}?"
                       r"(?:编制|编写|编撰|撰写|汇总形成|形成)(?P<what>了|完成|本|而成|20\d\d|《|并|)")
_ACCOUNTS = re.compile(r"(?:按照|根据|依据|依照)[^。;]{0,90}?(?:现将|现就|编制|编写|特向社会|现公布|予以公布)")
_ALL = "(?:全[省市县区州旗盟]|各[级市县区乡镇部行单旗]|所属|所辖)"
_WHOLE = re.compile(rf"[^。;]{{0,24}}(?:(?:综合|汇总|根据|统计)[^。;]{{0,12}}{_ALL}|对{_ALL}[^。;]{{0,40}}(?:综合|汇总))")
_YEAR_BEFORE = re.compile(r"20\d\d年?(?:度)?$")
_PERIOD_AFTER = re.compile(r"^20\d\d年\d{1,2}月\d{1,2}日(?:起)?(?:至|到|[-—])")
_CONTACT = re.compile(r"(?:请与|请和|请联系|直接与|直接向|联系(?:单位|部门|方式|我们)?:?|咨询|联系人:?|可与|可向|致电|地址:)$")
_LEAD = re.compile(r"(?:^|[。;!]|\.{3})(?:\(?[一二三四五六七八九十\d]{1,2}[)、.])?(?:总体情况|概述)?(?P<year>20\d\d年(?:度"
                   r"|以来|来)?[,,]?)?$")
_LEAD_YEAR = re.compile(r"(?:^|[。;!,])20\d\d年(?:度|以来|来)?,?$")
_PREDICATE = re.compile(r"^(?:党组|党委|领导班子|高度|认真|坚持|严格|深入|积极|始终|按照|根据|全面|持续|进一步"
                        r"|以[\u4e00-\u9fff]|在[\u4e00-\u9fff]|不断|共|主动|紧|全年|切实"
                        r"|扎实|着力|大力|围绕|深刻|加强|充分|依法|贯彻|立足|严密|精心|把|对|结合|通过|利用|政府信息公开工作"
                        r"|政务公开|信息公开)")
_CITED = re.compile(r"(?:根据|按照|依据|依照|落实|遵照|转发|报送|上报|报请|抄送|呈报|遵循|接受|经|致|向|报|于|收到)《?$")
_DECREE = re.compile(r"^(?:办公[室厅])?(?:信息公开办公室)?(?:关于|印发|文件|令|转发|通知|等\d?部门|、)|^:$")
_RULE = re.compile(r"^[^《》]{0,16}(?:信息公开|政务公开|保密|发布|新媒体|公众号|微信)[^《》]{0,16}(?:指南|目录|制度|办法"
                   r"|方案|规定|规范|细则|流程|计划|实施办法)》")
_ISSUED = re.compile(r"(?:制修订|制定|出台|修订|制发|印发|起草|发布|公布|制定了|出台了|印发了)(?:了)?《$")
_PROSE = re.compile(r"[。,;]|联系|编制|如下|^.{60,}$")
_FURNITURE = re.compile(r"当前位置|您.{0,6}位置|首页|索引号|发布机构|信息来源|来源:|时间:|发布时间|发布日期|日期:|名称:")
_LEAD_IN = re.compile(r"(?:\(?[一二三四五六七八九十\d]{1,2}[)、.])?20\d\d年(?:度|以来|来)?[,,]?")
_TERRITORY = re.compile(r"([\u4e00-\u9fff]{2,12}[省市县区州旗盟])(?:各|所属|所辖|辖区)[\u4e00-\u9fff()、]{2,30}(?:信息公开)"
                        r"[\u4e00-\u9fff]{0,14}(?:编制|汇总)")
_QUOTED = re.compile(r"《([^《》]{4,60})》")


def found(line: Line, opening: bool) -> Iterator[Found]:
    """Every name in a line that may be the author's; `opening`: the line stands before the first section."""
    text = PAREN_ALIAS.sub("", line.text) if "(" in line.text else line.text
    yield from _quoted_titles(text, line, opening)
    if not _PROSE.search(text) or is_breadcrumb(text) or _FURNITURE.match(text):
        return
    if opening and len(text) > 30:
        yield from _announced(text, line)
    yield from _region_lead(text, line)
    for mention in mentions(text):
        if source := _source(text, mention, opening):
            name = _compiled_for(mention.name, text[mention.end:mention.end + 70]) if source == "preamble" else mention.name
            yield name, source, text[max(0, mention.start - 10):mention.end + 14]


def _compiled_for(name: Name, right: str) -> Name:
    """An office that puts together the reports of a whole territory writes its government's: 市政府办公室综合全市各县…编制."""
    if name.kind == "office" and not name.zone and _WHOLE.match(right):
        return Name(name.text, "government", name.places, name.qualifier, organ="人民政府")
    return name


def _quoted_titles(text: str, line: Line, opening: bool) -> Iterator[Found]:
    for match in _QUOTED.finditer(text) if opening and "《" in text else ():
        name = title_name(match[1])
        if name:
            yield name, "quoted_title", match[0]


def _announced(text: str, line: Line) -> Iterator[Found]:
    """现公布X局2014年度政府信息公开工作年度报告, in a sentence."""
    plain = re.sub(r"《[^《》]*》", lambda m: " " * len(m[0]), text)
    for match in SUBJECT.finditer(plain):
        if NOT_SUBJECT.match(plain[match.end():]):
            continue
        front = re.split(r"[,。;!? ]", plain[:match.start()])[-1]
        name = before_subject(front, match[0])
        if name and (name.kind != "region" or HEAD_VERBS.match(front) or name.zone or name.township):
            yield name, "announced", front[-30:] + match[0]
            return


def _region_lead(text: str, line: Line) -> Iterator[Found]:
    """2024年,眉山市坚持…: a region as the subject; 综合2017年度丽水市各县(市、区)…编制."""
    if lead := _LEAD_IN.match(text):
        for size in range(15, 1, -1):
            words = text[lead.end():lead.end() + size]
            name = parse(words) if _PREDICATE.match(text[lead.end() + size:]) else None
            if name and name.kind == "region":
                yield name, "region_lead", text[:lead.end() + size + 4]
                return
    if "信息公开" in text and (whole := _TERRITORY.search(text)):
        for size in range(len(whole[1]), 1, -1):
            if (name := parse(whole[1][-size:])) and name.kind == "region":
                yield name, "preamble", whole[0]
                return


def _source(text: str, mention: Mention, opening: bool) -> str:
    """What sort of evidence a mention in prose is, by the words around it; "" for another body's name."""
    left, right, name = text[max(0, mention.start - 22):mention.start], text[mention.end:mention.end + 34], mention.name
    if name.kind == "national" and not _BY.search(left) and not _LEAD_YEAR.search(left):
        return ""
    if name.kind in ("government", "office") and _LEADING_GROUP.match(right) and _BY.search(left):
        return "preamble"
    if left.endswith("《"):
        rule = _RULE.match(right) if name.kind == "organ" or name.township else None
        if rule:
            return "own_rule" if "公开" in rule[0] or "微信" in rule[0] or _ISSUED.search(left) else "issued"
        return "issued" if _ISSUED.search(left) else ""
    if _CONTACT.search(left) and name.kind != "office":
        return "contact" if name.bare else "full_contact"
    if _DECREE.match(right) or _LEADING_GROUP.match(right):
        return ""
    if (_BY.search(left) and _COMPILED.match(right)) or _PUBLISHES.match(right):
        return "preamble"
    if opening and not _CITED.search(left) and _compiles(text[mention.end:mention.end + 70], bool(_BY.search(left))):
        return "preamble"
    lead = _LEAD.search(left if mention.start > 22 else text[:mention.start])
    if lead and _ACCOUNTS.match(text, mention.end):
        return "preamble"
    if (lead or _LEAD_YEAR.search(left)) and _PREDICATE.match(right):
        return "subject" if lead is None or lead["year"] else "sentence"
    if _PERIOD_AFTER.match(right):
        return "preamble"
    if opening and (_REPORTED.match(right) or _YEAR_BEFORE.search(left)) and not _CITED.search(left) and _informs(right):
        return "preamble"
    return "" if _CITED.search(left) else "body"


def _compiles(right: str, by: bool) -> bool:
    """Whether the body before these words is said to put the report together; after 由 the bare verb is enough."""
    match = _COMPILES.match(right)
    return match is not None and (by or match["what"] != "")


def _informs(right: str) -> bool:
    return bool(re.match(r"(?:20\d\d年?度?)?(?:的|本级|\()?(?:政府|政务)?(?:信息)?公开(?!工作?(?:的)?(?:相关|有关))"
                         r"|20\d\d年度?", right))


def is_breadcrumb(text: str) -> bool:
    return text.count(">") + text.count("»") + text.count("›") > 1 or ("首页" in text[:12] and text.count("/") > 1)
