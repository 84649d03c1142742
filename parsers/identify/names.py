"""The grammar of agency names: a vertical system, a chain of places, a zone, a township, an organ, a branch.

`parse` reads a whole name; `mentions` finds names in running text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from parsers import gazetteer, schema
from parsers.identify import functions
from parsers.records import record

ZONE = (r"(?:(?:高新技术|经济技术|高技术|新技术|经济|旅游|工业|农业|生态|循环经济|出口加工|产业|投资)*(?:产业)?(?:开发区"
        r"|开发试验区|示范区|试验区|实验区|"
        r"合作区|投资区|管理区|管委会辖区|度假区|园区|集聚区|聚集区|集中区|保税区|保税港区|景区|名胜区|港区|商务区|科学城"
        r"|产业园|科技园|"
        r"工业园|高新区|经开区|新区|开放区|自贸区|片区|先导区|功能区|保护区|生态城|新城|试验田))")
_ZONE_HEAD = re.compile(rf"(?P<zone>[\u4e00-\u9fff·]{{1,16}}{ZONE}|{ZONE})(?P<rest>.*)$")
_TOWNSHIP = re.compile(r"(?P<township>[\u4e00-\u9fff]{1,9}?(?:族乡|镇|乡|街道|苏木|地区)"
                       r"|[\u4e00-\u9fff]{2,6}(?=办事处))(?P<rest>.*)$")
_SECOND_NAME = re.compile(r"\([\u4e00-\u9fff、]{2,30}\)$")
# after 城关区 or 郊区 the name goes on: 郊区乡人民政府, but 宁波市|镇海区
_TOWNSHIP_CLASS = re.compile(r"(?:族乡|镇|乡|街道|苏木)(?:人民政府|政府|办事处|党政|$)")
SYSTEMS = ("国家税务总局", "中国人民银行", "国家统计局", "国家金融监督管理总局", "国家外汇管理局",
           "国家能源局", "国家矿山安全监察局",
           "中国银行保险监督管理委员会", "中国证券监督管理委员会", "中国银保监会", "中国证监会")
_SYSTEM = re.compile(rf"(?:{'|'.join(SYSTEMS)})(?=.)")
_BRANCH = re.compile(r"(?P<organ>.+(?:局|委员会|厅|公司|总队))(?P<branch>[\u4e00-\u9fff]{1,14}(?:分局|分中心|监管局|直属分局"
                     r"|监管分局|支队|大队|派出所|管理站))$")
_QUALIFIER = re.compile(r"(?:自治区|自治州|自治县|兵团|省|市|县|区|州|旗|盟)")
STEM_ORGANS = frozenset(("海关", "海事局"))              # named by a place's stem: 南京海关
_SYSTEM_ORGANS = frozenset((                            # so short only behind a vertical system
    "分行", "中心支行", "支行", "营业管理部", "监管局", "监管分局", "监管支局", "监管办公室", "分局", "支局", "局",
    "调查队", "调查总队"))
GENERIC_ZONES = frozenset((
    "开发区", "高新区", "经开区", "示范区", "试验区", "实验区", "新区", "管理区", "园区", "景区", "度假区",
    "合作区", "经济区", "保税区", "港区", "投资区", "新城", "产业园", "产业园区", "工业园区",
    "高新技术产业开发区", "经济技术开发区", "经济开发区", "工业园"))
_DISTRICT = re.compile(r"(?P<name>(?!各)[\u4e00-\u9fff]{1,6}(?<![社市县辖地小校库林牧山片])(?P<class>[县区市旗]))"
                       r"(?P<rest>[\u4e00-\u9fff]*)$")
_PRONOUN = re.compile(r"[我本该]")
_OTHER_ORGAN = re.compile(r"[\u4e00-\u9fff()·]{1,24}(?:局|厅|委员会|委|办公室|办|部|署|中心|医院|保健院|学院|学校|大学|中学"
                          r"|小学|院|所|站|社|馆|处|队"
                          r"|公司|集团|法院|检察院|联合会|协会|总会|校|政府|管委会|行署)(?:\([\u4e00-\u9fff]{2,20}\))?$")
_GOVERNMENT = re.compile(r"(?:本级)?(?:人民)?政府(?:机关|本级|\((?:机关|本级|本机关)\))?$")
_GOVERNMENT_OFFICE = re.compile(r"(?:人民)?政府(?P<office>办公厅|办公室|办)$")
_ADMINISTRATION = re.compile(r"(?:管理委员会|管委会)(?P<office>办公室|党政办公室)?$")
_ADMINISTERED = re.compile(r"(?P<zone>[\u4e00-\u9fff]{3,14}(?<!监督)(?<!资产)(?<!基金))(?:管理委员会|管委会)")
_PARTY = re.compile(r"^(?:中国共产党|中共)[\u4e00-\u9fff]{2,14}委员?会?")
LONGEST_PLACE = 18


@record
class Name:
    """An agency's name taken apart. `places` are the divisions as printed, outermost first; `qualifier` the bare class word
    of 市司法局; `organ` the canonical name of the organ, "" for a place alone; `kind` what sort of body it is."""

    text: str
    kind: str                     # government, office, administration, organ, national, region
    places: tuple[str, ...] = ()
    qualifier: str = ""
    zone: str = ""
    township: str = ""
    organ: str = ""
    branch: str = ""
    system: str = ""

    @property
    def bare(self) -> bool:
        """Whether the place must come from elsewhere."""
        return not (self.places or self.zone or self.township or self.kind == "national")


@cache
def parse(phrase: str) -> Name | None:
    """Take a whole phrase apart as an agency's name or a region's; None when it is neither."""
    phrase = phrase.strip(" :,、的").removeprefix("中华人民共和国")
    if not 2 <= len(phrase) <= 44:
        return None
    if national := national_names().get(phrase):
        return Name(national, "national", organ=national)
    system = _SYSTEM.match(phrase)
    rest = phrase[system.end():] if system else phrase
    rest = _PARTY.sub("", rest) if rest.endswith("政府") else rest
    places, rest = leading_places(rest)
    if system:
        name = _of_system(phrase, places, rest) or _after_places(phrase, places, rest)
        return replace(name, system=system[0]) if name and name.kind == "organ" else None
    return _after_places(phrase, places, rest)


@cache
def national_names() -> dict[str, str]:
    """Bodies of the State Council, past and present, by full name and by the usual short ones (人力资源社会保障部)."""
    full = [name for row in schema.load("taxonomy")["national_names"] for name in row.split()]
    short = {re.sub(r"委员会$", "委", name.replace("和", "")): name for name in full}
    listed: dict[str, str] = schema.load("taxonomy")["national_short"]
    return short | {re.sub(r"委员会$", "委", name): name for name in full} | {name: name for name in full} | listed


# ---------------------------------------------------------------- forwards, over a whole phrase


def leading_places(text: str) -> tuple[tuple[str, ...], str]:
    """Division names at the front, outermost first, and what is left."""
    table = gazetteer.by_name()
    found: list[str] = []
    while len(found) < 4:
        size = next((n for n in range(min(LONGEST_PLACE, len(text)), 1, -1) if text[:n] in table), 0)
        if not size or text[size:size + 2] in ("发区", "域") or _TOWNSHIP_CLASS.match(text, size):
            break
        found.append(text[:size])
        text = text[size:]
    return tuple(found), text


def _of_system(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    """中国人民银行|西安|分行, 国家能源局|江苏|监管办公室: what is left needs no topic of its own."""
    stems = (rest[:size] for size in (4, 3, 2) if not places and rest[:size] in gazetteer.by_stem())
    found = places[-1:] or tuple(stem for stem in stems if rest.removeprefix(stem) in _SYSTEM_ORGANS)[:1]
    organ = rest if places else rest.removeprefix("".join(found))
    return Name(phrase, "organ", places or found, organ=organ) if organ in _SYSTEM_ORGANS else None


def _after_places(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    if not rest:
        return Name(phrase, "region", places) if places else None
    if made := _government(phrase, places, rest):
        return made
    if places and rest.startswith("人民政府") and _TOWNSHIP.match(rest[4:]):
        rest = rest[4:]                                # 长宁区人民政府周家桥街道办事处
    if functions.known(rest):
        return Name(phrase, "organ", places, organ=functions.expanded(rest))
    plain = _SECOND_NAME.sub("", rest)
    if plain != rest and (functions.known(plain) or _TOWNSHIP.fullmatch(plain) or _GOVERNMENT_OFFICE.fullmatch(plain)):
        return _after_places(phrase, places, plain)    # 综合行政执法局(城市管理局) is known by its first name
    if made := _with_zone(phrase, places, rest):
        return made
    if made := _with_branch(phrase, places, rest):
        return made
    if made := _with_township(phrase, places, rest):
        return made
    ways = (_qualified, _administered, _stemmed, _other)
    return next((made for way in ways if (made := way(phrase, places, rest))), None)


def _government(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    if _GOVERNMENT.fullmatch(rest):
        return Name(phrase, "government", places, organ="人民政府")
    if office := _GOVERNMENT_OFFICE.fullmatch(rest):
        return Name(phrase, "office", places, organ="人民政府办公厅" if office["office"] == "办公厅" else "人民政府办公室")
    if rest in ("行政公署", "行署"):
        return Name(phrase, "government", places, organ="行政公署")
    return None


def _with_zone(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    registered = next((rest[:n] for n in range(min(24, len(rest)), 1, -1) if gazetteer.zone(rest[:n])), "")
    match = _ZONE_HEAD.match(rest)
    worded = match["zone"] if match else ""
    zone = registered if len(registered) > 2 and len(worded) <= len(registered) else worded
    after = rest[len(zone):]
    if not zone or functions.known(rest) or len(zone) < 3:
        return None
    if zone in GENERIC_ZONES and not places:
        inner = _with_zone(phrase, ("",), rest)
        return replace(inner, places=(), zone="", qualifier=zone) if inner and after else None
    if not after:
        return Name(phrase, "region", places, zone=zone)
    if office := _ADMINISTRATION.fullmatch(after):
        return Name(phrase, "office" if office["office"] else "administration", places, zone=zone,
                    organ="管理委员会" + (office["office"] or ""))
    inner = _government(phrase, places, after) or _with_township(phrase, places, after)
    if inner:
        return replace(inner, zone=zone)
    if functions.known(after):
        return Name(phrase, "organ", places, zone=zone, organ=functions.expanded(after))
    if inner := _with_branch(phrase, places, after):
        return replace(inner, zone=zone)
    return Name(phrase, "organ", places, zone=zone, organ=after) if _OTHER_ORGAN.fullmatch(after) else None


def _with_branch(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    match = _BRANCH.fullmatch(rest)
    if not match:
        return None
    qualifier = "" if functions.known(match["organ"]) else match["organ"][:1]
    organ = match["organ"].removeprefix(qualifier)
    if not functions.known(organ) or qualifier not in ("", *"省市县区州"):
        return None
    return Name(phrase, "organ", places, qualifier, organ=organ, branch=match["branch"])


def _with_township(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    match = _TOWNSHIP.match(rest)
    if not match or functions.known(rest):
        return None
    town, after = match["township"], match["rest"]
    if after == "办事处" and not town.endswith(("街道", "地区", "乡", "镇")):
        return Name(phrase, "government", places, township=town + "街道", organ="办事处")
    if town.endswith("城乡"):
        return None
    known = len(town) > 2 and gazetteer.is_township(town)
    if not town.endswith(("族乡", "镇", "乡", "街道", "苏木", "地区")) or not (places or known or after):
        return None
    if after in ("", "人民政府", "政府", "办事处", "办", "人民政府机关"):
        street = town.endswith(("街道", "地区"))
        organ = "办事处" if street else "人民政府"
        return Name(phrase, "government" if after else "region", places, township=town, organ=organ)
    if _GOVERNMENT_OFFICE.fullmatch(after) or functions.known(after):
        return Name(phrase, "organ", places, township=town, organ=functions.expanded(after))
    return None


def _administered(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    """宁东能源化工基地管委会: whatever has an administration of its own is a zone."""
    match = _ADMINISTERED.fullmatch(rest)
    if not match or functions.known(rest):
        return None
    return Name(phrase, "administration", places, zone=match["zone"], organ="管理委员会")


def _qualified(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    """市司法局, 我区民政局, 自治区人民政府办公厅."""
    pronoun = _PRONOUN.match(rest)
    rest = rest[1:] if pronoun else rest
    match = _QUALIFIER.match(rest)
    if not match or places:
        return None
    after = rest[match.end():]
    if made := _government(phrase, (), after):
        return replace(made, qualifier=match[0])
    if functions.known(after):
        return Name(phrase, "organ", qualifier=match[0], organ=functions.expanded(after))
    return None


def _stemmed(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    """上海科委, 长治公安局: a place by its stem, only before a known organ."""
    for size in (4, 3, 2):
        if rest[:size] in gazetteer.by_stem() and len(rest) > size and not places:
            after = rest[size:]
            if functions.known(after):
                return Name(phrase, "organ", (rest[:size],), organ=functions.expanded(after))
            if after in STEM_ORGANS:
                return Name(phrase, "organ", (rest[:size],), organ=after)
    return None


def _other(phrase: str, places: tuple[str, ...], rest: str) -> Name | None:
    """An organ nobody listed, believed only after a place; a district nobody listed makes its bodies those of a zone."""
    district = _DISTRICT.match(rest)
    if places and district and (not district["rest"] or functions.known(district["rest"])):
        made = _after_places(phrase, places, district["rest"]) if district["class"] == "区" else None
        return replace(made, zone=district["name"]) if made else None
    if places and _OTHER_ORGAN.fullmatch(rest) and not rest.startswith(("各", "及", "和", "与", "关于")):
        return Name(phrase, "organ", places, organ=rest)
    return None
