"""When a report is due, when it first appeared, and what that makes of it. All dates are China's.

Sources: 《政府信息公开条例》(2007) 第三十一条, (2019) 第四十九条, 第五十五条; local orders for townships.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Literal

from parsers import schema
from parsers.models import Document, Outline, Paragraph, Severity
from parsers.records import record
from parsers.text import folded

Status = Literal["on_time", "late", "missing", "not_yet_due", "undated"]
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
_HAN_DIGITS = str.maketrans("〇○零OoＯ一二三四五六七八九", "000000123456789")
_SIGNED = re.compile(r"((?:19|20)\d\d)(?:年|[./-])(\d{1,2})(?:月|[./-])(\d{1,2})日?$")
_HAN_SIGNED = re.compile(r"(二[〇○零0OoＯ][〇○零0OoＯ一二三四五六七八九]{2})年"
                         r"([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日$")
_LABEL = re.compile(r"发布|更新|时间|来源|浏览|字号|打印|[:：]")
_LAST = 12              # blocks: a signature stands at the very end, sometimes above attachments or page furniture
_LONGEST = 45


@record
class Due:
    """The last day on which a report is in time; `severity` says how grave it is to miss it, `basis` which rule sets it."""

    on: date
    severity: Severity
    basis: str


def due(body_type: str | None, year: int) -> Due | None:
    """When the report of `year` by such a body is due; None where no rule says (unknown bodies, public enterprises)."""
    for line in schema.load("timeliness")["due"]:
        first, last = line["years"]
        if first <= year <= (last or year) and (not line["body_types"] or body_type in line["body_types"]):
            return _due(line, year)
    return None


def first_published(year: int, dates: Iterable[date | None]) -> date | None:
    """The earliest date that can be true: a report is not published before its year is over."""
    return min((day for day in dates if day and day > date(year, 12, 31)), default=None)


def status(deadline: Due | None, first: date | None, today: date, looks: int = 0) -> Status:
    """What a report is on a day in China. `looks`: successful crawls of its column on different days after the due date.

    A report is missing only 30 days past due and after three good looks; until then its absence is nobody's fault.
    """
    if first is not None:
        return "undated" if deadline is None else "late" if first > deadline.on else "on_time"
    rule = schema.load("timeliness")["missing"]
    if deadline and today > deadline.on + timedelta(days=rule["days_after_due"]) and looks >= rule["looks"]:
        return "missing"
    return "undated" if deadline is None or today > deadline.on else "not_yet_due"


def china_date(moment: str) -> date | None:
    """The day in China of an ISO date, or of a date and time (UTC unless it names its own offset); None if unreadable."""
    text = moment.strip()
    try:
        if len(text) <= 10:
            return date.fromisoformat(text)
        then = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (then if then.tzinfo else then.replace(tzinfo=UTC)).astimezone(CHINA).date()


def signed_on(document: Document, outline: Outline) -> tuple[date, str] | None:
    """The date under the report and where it stands: the last short line that is, or ends with, a full date."""
    first = max(outline.body, len(document.blocks) - _LAST)
    for block in reversed(document.blocks[first:]):
        if isinstance(block, Paragraph) and (day := _signature(block.text)):
            return day, block.where
    return None


def _signature(text: str) -> date | None:
    line = "".join(folded(text).split())
    if not line or len(line) > _LONGEST or _LABEL.search(line) or re.search(r"[。;,]", line):
        return None
    if found := _SIGNED.search(line):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _HAN_SIGNED.search(line):
        return _date(int(found[1].translate(_HAN_DIGITS).replace("二", "2")), _small(found[2]), _small(found[3]))
    return None


def _small(han: str) -> int:
    """一 … 三十一."""
    tens, _, ones = han.rpartition("十")
    digits = {c: n for n, c in enumerate("一二三四五六七八九", 1)}
    if "十" not in han:
        return digits.get(han, 0) if len(han) == 1 else 0
    return (digits.get(tens, 0) or 1) * 10 + digits.get(ones, 0)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _due(line: Mapping[str, Any], year: int) -> Due:
    month, day = line["day"].split("-")
    return Due(date(year + 1, int(month), int(day)), line["severity"], line["basis"])
