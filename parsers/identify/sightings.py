"""Every place in a document, or around it, that names the agency, with what sort of place it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from parsers import gazetteer, schema
from parsers.identify import functions
from parsers.identify.names import Mention, Name, mentions, parse
from parsers.identify.reading import Line, squeezed
from parsers.models import Document, Evidence, Hints, Outline

# 政府信息公开工作年度报告 in all its variants, and not the notice, form or conference about it
SUBJECT = re.compile(r"(?:政府信息|政务信息|政务|信息)公开(?:的)?(?:工作)?[^,。;:《》、!?]{0,14}?(?:报告|年报|总结)"
                     r"|政府信息工作年度报告|(?:年度)?公开工作报告"
                     r"|(?:政府信息|政务|信息)公开(?=情况的?报告)")
_NOT_SUBJECT = re.compile(r"^(?:的?格式|编制|编写|编报|编发|编辑|有关|事项|的?通知|报送|撰写|工作的通知|和|及|制度)")
_YEAR = re.compile(r"20\d\d(?:年度|年|度)?")
_HEAD_VERBS = re.compile(r"^.*(?:关于|公布|发布|现将|现公开|现对|编制了?|印发|编写|形成|完成|上报|名称:?|标题:?|关键[字词]:?"
                         r"|题名:?"
                         r"|主题:?|根据|结合|将|对|[>»|/•·#:：“\"(])")
_HEAD_TAIL = re.compile(r"(?:的|年度|本年度|本级|本机关|机关|信息|系统|\d|[-—_.、])+$")
_FIELD = re.compile(r"(?:发布机构|发文机关|发布单位|发文单位|公开机构|公开主体|制发机关|责任部门|来源机构|信息来源|文章来源"
                    r"|来源|发布者|所属机构|供稿单位|作者|发布)"
                    r"\s?[::]?\s?([\u4e00-\u9fff()]{3,30})(?=\s|$|[,;|\d]|发布|时间)")
_CRUMB = re.compile(r"->|[>»›/]")
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
_WHOLE = re.compile(r"[^。;]{0,24}(?:综合|汇总|根据|统计)[^。;]{0,12}(?:全[省市县区州旗盟]|各[级市县区乡镇部行单旗]|所属|所辖)")
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
_ACCOUNT = re.compile(r"[“\"『「\"]([\u4e00-\u9fff]{3,16})[”\"』」\"](?:政务)?(?:官方)?(?:微信|微博|公众号|抖音|头条|新媒体)"
                      r"|(?:微信公众号|公众号|微信|微博)[“\"「]([\u4e00-\u9fff]{3,16})[”\"」]"
                      r"|(?:运营|利用|通过|依托)([\u4e00-\u9fff]{4,12})微信(?:公众号|平台)")
_OWN = re.compile(r"(?:我|本)(分局|局|委员会|委|厅|中心|院|校|站|所|处|队|社|馆|镇|乡|街道|办事处|街|团场|师|管委会|公司|办)")
_REGION_OWN = re.compile(r"我[市县区省州旗盟]")
_UNLISTED = re.compile(r"[\u4e00-\u9fff()]{2,20}(?:局|厅|委员会|办公室|中心|医院|保健院|学院|学校|研究院|事务所|管理处"
                       r"|管理站|总队|支队|大队|联合会|公司)(?:\([\u4e00-\u9fff]{2,20}\))?")
_PAREN_ALIAS = re.compile(r"\((?:以下|下|简称)[^()]{0,30}\)|\(以下简称[^()]*\)")
_PROSE = re.compile(r"[。,;]|联系|编制|如下|^.{60,}$")
_FURNITURE = re.compile(r"当前位置|您.{0,6}位置|首页|索引号|发布机构|信息来源|来源:|时间:|发布时间|发布日期|日期:|名称:")
_CONFUSED = str.maketrans("沐胎盯雎漂谈甄", "沭眙盱睢溧郯鄄")
_QUOTED = re.compile(r"《([^《》]{4,60})》")
_OPENING_LINES = 14


@dataclass(frozen=True, slots=True)
class Sighting:
    """The agency seen once. `name` may be bare or a region; `evidence.source` says where."""

    name: Name
    evidence: Evidence


@dataclass(frozen=True, slots=True)
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
            seen += _in_prose(line, line.block <= last)
    seen += _accounts(lines, own)
    return Sightings(tuple(seen), own, tuple(lines))


def title_name(text: str) -> Name | None:
    """The name in a title such as 2023年X局政府信息公开工作年度报告; None when it names nobody."""
    for match in SUBJECT.finditer(text):
        if _NOT_SUBJECT.match(text[match.end():]):
            continue
        if name := _before_subject(text[:match.start()], match[0]):
            return name
    return None


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
            if len(parts) > 1 and not (_YEAR.search(parts[0].text) or parse(parts[0].text)):
                break
            if len(parts) > 1 and SUBJECT.search(parts[-1].text) and not _headless(parts[-1].text):
                break
            if name := title_name(text):
                yield _sighting(name, "title", text, line.where)
                break


def _headless(text: str) -> bool:
    """Whether a title line lacks its front: 2020年政府信息公开工作年度报告."""
    match = SUBJECT.search(text)
    return match is not None and not _YEAR.sub("", text[:match.start()]).strip("年度工作 ")


def _before_subject(front: str, subject: str) -> Name | None:
    front = _PAREN_ALIAS.sub("", front[-70:])
    front = re.split(r"[,。;!?|<>]", front)[-1]
    if front.endswith("人民") and subject.startswith("政府"):
        front += "政府"
    head = _HEAD_TAIL.sub("", _YEAR.sub("", front))
    if head.endswith("人民"):
        head += "政府"
    head = re.sub(r"(?<=[局厅委会府室处心院])关于$", "", head)        # X局关于2019年…的年度报告
    bare = _HEAD_VERBS.sub("", head)
    plain = _HEAD_VERBS.sub("", re.sub(r"\([^()]*\)$", "", head))
    for words in (bare, head, _unconfused(bare), plain):
        if (name := parse(words)) and _plausible(name):
            return name
    ending = [m for m in mentions(head) if m.end == len(head)]
    if ending:
        return ending[-1].name
    if _UNLISTED.fullmatch(bare) and not re.search(r"各|全[市县区省]|本|我|及其", bare):
        return Name(bare, "organ", organ=bare)
    return _ending_region(head)


def _unconfused(words: str) -> str:
    """A name with a rare character put back that recognition of images takes for a common one: 沐阳县 → 沭阳县."""
    return words.translate(_CONFUSED)


def _ending_region(head: str) -> Name | None:
    """A region at the very end of other words: …特编制杭州钱江经济开发区."""
    for size in range(min(len(head), 24), 3, -1):
        name = parse(head[-size:])
        if name and name.kind == "region" and ((name.places and not name.zone) or _known_zone(name.zone)):
            return name
    return None


def _known_zone(zone: str) -> bool:
    """Whether a zone is registered or its name begins with that of a place."""
    fronts = (zone[:size] for size in (2, 3, 4))
    return bool(gazetteer.zone(zone)) or any(front in gazetteer.by_stem() or front in gazetteer.by_name() for front in fronts)


def _plausible(name: Name) -> bool:
    return name.kind != "region" or bool(name.places or name.township or name.zone)


def _fields(metas: Mapping[str, str], lines: Sequence[Line]) -> Iterator[Sighting]:
    """发布机构, 来源 and the like, as printed or as page metas; the last crumb that is an agency."""
    for key, value in metas.items():
        if re.search(r"source|author|发布机构|发文机关|来源|公开机构"
                     r"|责任部门", key, re.IGNORECASE) and (name := parse(squeezed(value))):
            yield _sighting(name, "meta", value, key)
    for line in lines[:40]:
        for match in _FIELD.finditer(line.spaced):
            name = parse(match[1].replace(" ", ""))
            if name and name.kind != "region":
                yield _sighting(name, "meta", match[0], line.where)
        if _is_breadcrumb(line.text):
            yield from _crumbs(line)


def _is_breadcrumb(text: str) -> bool:
    return len(re.findall(r"[>»›]", text)) > 1 or ("首页" in text[:12] and text.count("/") > 1)


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
        words = re.sub(r"\(?20\d\d年\d{1,2}月\d{1,2}日\)?$", "", line.text)
        name = parse(words)
        if name and name.kind != "region" and not name.bare:
            dated = words != line.text or _dated(lines[at + 1:at + 2]) or (at > 0 and _dated(lines[at - 1:at]))
            yield _sighting(name, "signature" if dated else "breadcrumb", line.text, line.where)


def _dated(lines: Sequence[Line]) -> bool:
    return bool(lines) and bool(re.fullmatch(r"\(?20\d\d年\d{1,2}月\d{1,2}日?\)?", lines[0].text))


# ---------------------------------------------------------------- in prose


def _in_prose(line: Line, opening: bool) -> Iterator[Sighting]:
    text = _PAREN_ALIAS.sub("", line.text) if "(" in line.text else line.text
    yield from _quoted_titles(text, line, opening)
    if not _PROSE.search(text) or _is_breadcrumb(text) or _FURNITURE.match(text):
        return
    if opening and len(text) > 30:
        yield from _announced(text, line)
    yield from _region_lead(text, line)
    for mention in mentions(text):
        if source := _source(text, mention, opening):
            name = _compiled_for(mention.name, text[mention.end:mention.end + 70]) if source == "preamble" else mention.name
            yield _sighting(name, source, text[max(0, mention.start - 10):mention.end + 14], line.where)


def _compiled_for(name: Name, right: str) -> Name:
    """An office that puts together the reports of a whole territory writes its government's: 市政府办公室综合全市各县…编制."""
    if name.kind == "office" and not name.zone and _WHOLE.match(right):
        return Name(name.text, "government", name.places, name.qualifier, organ="人民政府")
    return name


def _quoted_titles(text: str, line: Line, opening: bool) -> Iterator[Sighting]:
    for match in _QUOTED.finditer(text) if opening and "《" in text else ():
        name = title_name(match[1])
        if name:
            yield _sighting(name, "quoted_title", match[0], line.where)


def _announced(text: str, line: Line) -> Iterator[Sighting]:
    """现公布X局2014年度政府信息公开工作年度报告, in a sentence."""
    plain = re.sub(r"《[^《》]*》", lambda m: " " * len(m[0]), text)
    for match in SUBJECT.finditer(plain):
        if _NOT_SUBJECT.match(plain[match.end():]):
            continue
        front = re.split(r"[,。;!? ]", plain[:match.start()])[-1]
        name = _before_subject(front, match[0])
        if name and (name.kind != "region" or _HEAD_VERBS.match(front) or name.zone or name.township):
            yield _sighting(name, "announced", front[-30:] + match[0], line.where)
            return


def _region_lead(text: str, line: Line) -> Iterator[Sighting]:
    """2024年,眉山市坚持…: a region as the subject; 综合2017年度丽水市各县(市、区)…编制."""
    lead = re.match(r"(?:\(?[一二三四五六七八九十\d]{1,2}[)、.])?20\d\d年(?:度|以来|来)?[,,]?", text)
    if lead:
        for size in range(15, 1, -1):
            words = text[lead.end():lead.end() + size]
            name = parse(words) if _PREDICATE.match(text[lead.end() + size:]) else None
            if name and name.kind == "region":
                yield _sighting(name, "region_lead", text[:lead.end() + size + 4], line.where)
                return
    whole = re.search(r"([\u4e00-\u9fff]{2,12}[省市县区州旗盟])(?:各|所属|所辖"
                      r"|辖区)[\u4e00-\u9fff()、]{2,30}(?:信息公开)[\u4e00-\u9fff]{0,14}(?:编制|汇总)", text)
    if whole:
        for size in range(len(whole[1]), 1, -1):
            if (name := parse(whole[1][-size:])) and name.kind == "region":
                yield _sighting(name, "preamble", whole[0], line.where)
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
