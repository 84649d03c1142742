"""What each page shows: functions from the published database to a template's context. No HTML, no language."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.catalogue import rows

#: the 34 provinces on a grid: code → (column, row, short name, English). Nobody's borders, small ones as large as others.
PROVINCES: dict[str, tuple[int, int, str, str]] = {
    "23": (7, 0, "黑龙江", "Heilongjiang"), "15": (4, 1, "内蒙古", "Inner Mongolia"), "11": (5, 1, "北京", "Beijing"),
    "22": (7, 1, "吉林", "Jilin"), "65": (0, 2, "新疆", "Xinjiang"), "62": (2, 2, "甘肃", "Gansu"),
    "64": (3, 2, "宁夏", "Ningxia"), "14": (4, 2, "山西", "Shanxi"), "13": (5, 2, "河北", "Hebei"),
    "12": (6, 2, "天津", "Tianjin"), "21": (7, 2, "辽宁", "Liaoning"), "63": (1, 3, "青海", "Qinghai"),
    "61": (3, 3, "陕西", "Shaanxi"), "41": (4, 3, "河南", "Henan"), "37": (5, 3, "山东", "Shandong"),
    "54": (0, 4, "西藏", "Tibet"), "51": (2, 4, "四川", "Sichuan"), "50": (3, 4, "重庆", "Chongqing"),
    "42": (4, 4, "湖北", "Hubei"), "34": (5, 4, "安徽", "Anhui"), "32": (6, 4, "江苏", "Jiangsu"),
    "31": (7, 4, "上海", "Shanghai"), "53": (2, 5, "云南", "Yunnan"), "52": (3, 5, "贵州", "Guizhou"),
    "43": (4, 5, "湖南", "Hunan"), "36": (5, 5, "江西", "Jiangxi"), "33": (6, 5, "浙江", "Zhejiang"),
    "45": (3, 6, "广西", "Guangxi"), "44": (4, 6, "广东", "Guangdong"), "35": (5, 6, "福建", "Fujian"),
    "71": (7, 6, "台湾", "Taiwan"), "46": (3, 7, "海南", "Hainan"), "82": (4, 7, "澳门", "Macao"),
    "81": (5, 7, "香港", "Hong Kong")}

MARKS = {"on_time": "●", "late": "◐", "undated": "○", "unparsed": "?", "absent": "✗", "overdue": "▲", "blocked": "!",
         "not_looked": "·", "not_yet_due": ""}
LEVELS = ("national", "province", "prefecture", "county", "township")


def words(db: sqlite3.Connection, english: bool) -> dict[str, dict[str, str]]:
    """Coded values in words: kind → id → label."""
    found: dict[str, dict[str, str]] = {"province": {
        code: latin if english else name for code, (_, _, name, latin) in PROVINCES.items()}}
    for kind, key, label in db.execute(f"select kind, id, {'label_en' if english else 'label'} from terms"):
        found.setdefault(kind, {})[key] = label
    return found


def facts(db: sqlite3.Connection) -> dict[str, str]:
    """What the publish says of itself."""
    return {row["key"]: row["value"] for row in rows(db, "select key, value from published")}


def years(db: sqlite3.Connection) -> list[int]:
    """From the first to the last year of the ledger."""
    first, last = db.execute("select min(year), max(year) from coverage").fetchone()
    return [] if first is None else list(range(first, last + 1))


def span(page: int, size: int, total: int) -> dict[str, Any]:
    """Where a reader is in a long list: pages before and after, None at an end."""
    last = max(1, -(-total // size))
    return {"page": page, "last": last, "before": page - 1 if page > 1 else None, "after": page + 1 if page < last else None}


def number(text: str | None, otherwise: int = 1) -> int:
    """A whole number out of an address; anything else is `otherwise`."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else otherwise
