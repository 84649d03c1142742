"""Agency names in running text: from the end of an organ back to where its name begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers import gazetteer
from parsers.identify import functions
from parsers.identify.names import LONGEST_PLACE, SYSTEMS, ZONE, Name, leading_places, national_names, parse
from parsers.records import record

_GOVERNMENT_WORDS = ("人民政府办公室", "人民政府办公厅", "政府办公室", "政府办公厅", "政府办", "人民政府", "政府",
                     "管理委员会", "管委会", "办事处")
_ENDS = re.compile(r"(?:人民)?政府办公[厅室]|局|厅|委(?!员)|委员会|办公[室厅]|办(?!公|事|理|法|件|结)|人民政府(?!网|门户|令"
                   r"|公报)|政府(?!信息|网|门户|采购|部门|投资|服务|文件|系统|公报|工作|职能|购买|集中|公开|办公|办|令|数据"
                   r"|政务|各|会议|的)|管委会|管理委员会|街道办事处|办事处"
                   r"|(?:镇|乡|街道)(?=20|政府信息|信息公开|认真|坚持|严格|主动|按照|高度|未|共|通过|$)|中心|医院|保健院")
_STREET = re.compile(r"[\u4e00-\u9fff]{2,9}?(?:街道|地区|镇|乡)(?:办事处|人民政府)")
_LONGEST_NATIONAL = 20
_ZONE_LAST = frozenset("区园城港田师市带")
_ZONE_TAIL = re.compile(rf"([\u4e00-\u9fff·]{{0,14}}?)({ZONE})$")


@record
class Mention:
    """A name found in a line, with its place there."""

    name: Name
    start: int
    end: int


def mentions(text: str) -> Iterator[Mention]:
    """Every name in a squeezed line whose organ is known, left to right; nested ones only in their longest form."""
    last = 0
    for match in _ENDS.finditer(text):
        end = match.end()
        start = None if _is_system(text, end) or _goes_on(text, end) else _start_of(text, end)
        if start is None or start < last:
            continue
        branch = re.match(r"[\u4e00-\u9fff]{1,9}?(?:分局|分中心)", text[end:])
        if branch and (name := parse(text[start:end + branch.end()])) and name.branch:
            last = end + branch.end()
            yield Mention(name, start, last)
        elif (name := parse(text[start:end])) and text[start:end] not in ("政府", "人民政府"):
            last = end
            yield Mention(name, start, end)


def _start_of(text: str, end: int) -> int | None:
    """Where the name ending at `end` begins; None when no known organ ends there."""
    start = _organ_start(text, end)
    if start is None:
        return None
    for _ in range(4):
        if text.endswith("人民政府", 0, start) and _goes_on(text, start):
            start -= 4
        before = _place_start(text, start)
        if before == start:
            break
        start = before
    start -= next((len(system) for system in SYSTEMS if text.endswith(system, 0, start)), 0)
    whole = (front for front in range(max(0, end - _LONGEST_NATIONAL), start) if text[front:end] in national_names())
    return next(whole, start)                          # 国家|铁路局 is no bureau of railways somewhere


def _is_system(text: str, end: int) -> bool:
    """Whether the organ that ends here is only the front of a branch's name: 国家税务总局|佛山市税务局."""
    return text.endswith(SYSTEMS, 0, end) and leading_places(text[end:end + 20])[0] != ()


def _goes_on(text: str, end: int) -> bool:
    """Whether 人民政府 is the front of a longer name: 普陀区人民政府|长风新村街道办事处, 安徽省人民政府|外事办公室."""
    return text.endswith("人民政府", 0, end) and (_STREET.match(text, end) is not None or functions.known_at(text, end))


def _organ_start(text: str, end: int) -> int | None:
    word = next((word for word in _GOVERNMENT_WORDS if text.endswith(word, 0, end)), "")
    if word == "管理委员会":
        return min(end - len(word), functions.organ_start(text, end) or end)    # 国有资产监督|管理委员会
    if word:
        return end - len(word)
    if text[end - 1] in "镇乡" or text.endswith("街道", 0, end):
        return end
    if text.endswith(("医院", "保健院"), 0, end):
        return None
    return functions.organ_start(text, end)


def _place_start(text: str, end: int) -> int:
    """One place to the left of `end`: a division, a zone, a township, a stem or a bare class word."""
    table = gazetteer.by_name()
    zone = _zone_start(text, end)
    for size in range(min(LONGEST_PLACE, end), 1, -1):
        if text[end - size:end] in table:
            return min(zone, end - size)
    if text[end - 1:end] in ("镇", "乡", "道", "木"):
        for size in range(min(12, end), 1, -1):
            if gazetteer.is_township(text[end - size:end]):
                return end - size
    if zone < end:
        return zone
    for size in (4, 3, 2):
        if end >= size and text[end - size:end] in gazetteer.by_stem() and text[end:end + 1] not in "市县区":
            return end - size
    match = re.search(r"(?:自治区|自治州|自治县|省|市|县|区|州|旗|盟)$", text[max(0, end - 3):end])
    return end - len(match[0]) if match else end


def _zone_start(text: str, end: int) -> int:
    """A zone that ends at `end`: registered, or begun by the name or stem of a place."""
    if text[end - 1:end] not in _ZONE_LAST:
        return end
    window = text[max(0, end - 22):end]
    for size in range(len(window), 2, -1):
        if gazetteer.zone(window[-size:]):
            return end - size
    match = _ZONE_TAIL.search(window)
    if not match:
        return end
    front = match[1]
    for at in range(len(front)):
        for size in (4, 3, 2):
            word = front[at:at + size]
            if len(word) == size and (word in gazetteer.by_stem() or word in gazetteer.by_name()):
                return end - (len(front) - at) - len(match[2])
    return end
