"""Whom a title names: 2023年X局政府信息公开工作年度报告 and its variants, broken, quoted, addressed or misread."""

from __future__ import annotations

import re

from parsers import gazetteer
from parsers.identify.mentions import mentions
from parsers.identify.names import Name, parse

# 政府信息公开工作年度报告 in all its variants, and not the notice, form or conference about it
SUBJECT = re.compile(r"(?:政府信息|政务信息|政务|信息)公开(?:的)?(?:工作)?[^,。;:《》、!?]{0,14}?(?:报告|年报|总结)"
                     r"|政府信息工作年度报告|(?:年度)?公开工作报告"
                     r"|(?:政府信息|政务|信息)公开(?=情况的?报告)")
NOT_SUBJECT = re.compile(r"^(?:的?格式|编制|编写|编报|编发|编辑|有关|事项|的?通知|报送|撰写|工作的通知|和|及|制度)")
HEAD_VERBS = re.compile(r"^.*(?:关于|公布|发布|现将|现公开|现对|编制了?|印发|编写|形成|完成|上报|名称:?|标题:?|关键[字词]:?"
                         r"|题名:?"
                         r"|主题:?|根据|结合|将|对|[>»|/•·#:：“\"(])")
_HEAD_TAIL = re.compile(r"(?:的|年度|本年度|本级|本机关|机关|信息|系统|\d|[-—_.、])+$")
_UNLISTED = re.compile(r"[\u4e00-\u9fff()]{2,20}(?:局|厅|委员会|办公室|中心|医院|保健院|学院|学校|研究院|事务所|管理处"
                       r"|管理站|总队|支队|大队|联合会|公司)(?:\([\u4e00-\u9fff]{2,20}\))?")
PAREN_ALIAS = re.compile(r"\((?:以下|下|简称)[^()]{0,30}\)|\(以下简称[^()]*\)")
_CONFUSED = str.maketrans("沐胎盯雎漂谈甄", "沭眙盱睢溧郯鄄")
YEAR = re.compile(r"20\d\d(?:年度|年|度)?")


def subject(text: str) -> re.Match[str] | None:
    """The first 政府信息公开…报告 of a text; most lines have not even its words."""
    return SUBJECT.search(text) if "公开" in text or "年度报告" in text else None


def title_name(text: str) -> Name | None:
    """The name in a title such as 2023年X局政府信息公开工作年度报告; None when it names nobody."""
    for match in SUBJECT.finditer(text) if subject(text) else ():
        if NOT_SUBJECT.match(text[match.end():]):
            continue
        if name := before_subject(text[:match.start()], match[0]):
            return name
    return None


def before_subject(front: str, subject: str) -> Name | None:
    front = PAREN_ALIAS.sub("", front[-70:])
    front = re.split(r"[,。;!?|<>]", front)[-1]
    if front.endswith("人民") and subject.startswith("政府"):
        front += "政府"
    head = _HEAD_TAIL.sub("", YEAR.sub("", front))
    if head.endswith("人民"):
        head += "政府"
    head = re.sub(r"(?<=[局厅委会府室处心院部署队所站馆校镇乡社行司])关于$", "", head)        # X局关于2019年…的年度报告
    bare = HEAD_VERBS.sub("", head)
    plain = HEAD_VERBS.sub("", re.sub(r"\([^()]*\)$", "", head))
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
