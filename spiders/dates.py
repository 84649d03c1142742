"""The day a list prints beside a link, in every way lists print it."""

from __future__ import annotations

import re
from datetime import date

_FORMS = [re.compile(pattern) for pattern in (
    r"(?P<y>(?:19|20)\d\d)\s*[-/.年—–]\s*(?P<m>\d{1,2})\s*[-/.月—–]\s*(?P<d>\d{1,2})(?!\d)",
    r"(?<!\d)(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})日?\s+(?P<y>(?:19|20)\d\d)(?!\d)",
    r"(?<!\d)(?P<d>\d{1,2})日?\s+(?P<y>(?:19|20)\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})月?(?!\d)",
    r"(?<!\d)(?P<y>(?:19|20)\d\d)年?\s+(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})日?(?!\d)",
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)",
)]
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?"
_AT_END = re.compile(rf"[\[(（【]?\s*{_DAY}(?:\s*\d{{1,2}}:\d\d(?::\d\d)?)?\s*[\])）】]?\s*$")
_AT_START = re.compile(r"^\s*[\[(（【]?\s*(?:19|20)\d\d\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}\s*[\])）】]?\s*")


def may_hold(text: str) -> bool:
    """Whether a text holds a year, without which there is no date in any form."""
    return bool(_YEAR.search(text))


def find(text: str) -> str:
    """The first date in `text` as YYYY-MM-DD, "" when there is none; years, months and days may stand apart or swapped."""
    for form in _FORMS if may_hold(text) else ():
        for match in form.finditer(text):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
            except ValueError:
                continue
    return ""


def strip(text: str) -> str:
    """`text` without a date at its end or start: titles and dates share one link on many sites."""
    dateless = _AT_START.sub("", _AT_END.sub("", text)) if may_hold(text) else text
    return dateless.strip() or text.strip()
