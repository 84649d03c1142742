"""Codes that name a body, with their check characters: 统一社会信用代码 (GB 32100), 组织机构代码 (GB 11714), 政府网站标识码."""

from __future__ import annotations

import re
from dataclasses import dataclass

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_FIND_USCC = re.compile(r"(?<![0-9A-Za-z])([0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-Z]{10})(?![0-9A-Za-z])")
_FIND_ORGANISATION = re.compile(r"(?<![0-9A-Za-z-])([0-9A-Z]{8})-?([0-9X])(?![0-9A-Za-z])")
_SITE = re.compile(r"(?:(\d{6})|(bm\d{4})|(65BM01))(\d{4})", re.IGNORECASE)


def is_uscc(code: str) -> bool:
    """Whether 18 characters are a social credit code with the right check character."""
    if len(code) != 18 or any(c not in _USCC for c in code):
        return False
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return _USCC[-total % 31] == code[17] and is_organisation_code(code[8:17])


def is_organisation_code(code: str) -> bool:
    """Whether nine characters (without hyphen) are an organisation code with the right check character."""
    if len(code) != 9 or any(c not in _ORGANISATION for c in code):
        return False
    remainder = -sum(_ORGANISATION.index(c) * w for c, w in zip(code[:8], _WEIGHTS, strict=True)) % 11
    return code[8] == ("X" if remainder == 10 else str(remainder))


def organisation_code(code: str) -> str:
    """The nine characters that a social credit code and the older organisation code of one body share."""
    return code[8:17] if len(code) == 18 else code.replace("-", "")


def codes_in(text: str) -> tuple[str, ...]:
    """Every social credit code and, outside those, every organisation code with a right check character, in order.

    Nine digits pass by chance once in eleven: take codes only from places that should hold one (索引号, area=).
    """
    found = [m[1] for m in _FIND_USCC.finditer(text) if is_uscc(m[1])]
    found += [m[1] + m[2] for m in _FIND_ORGANISATION.finditer(text) if is_organisation_code(m[1] + m[2])]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class SiteCode:
    """A 政府网站标识码: ten characters. `division` is "" for a ministry's or the bingtuan's site, `ministry` "" for others."""

    code: str
    division: str
    ministry: str


def site_code(code: str) -> SiteCode | None:
    """Read a SiteIDCode; None when it has not the form. Departments and townships share the code of their portal."""
    match = _SITE.fullmatch(code.strip())
    if not match:
        return None
    return SiteCode(code.strip(), match[1] or ("650000" if match[3] else ""), (match[2] or "").lower())
