"""What the archive, the parsers and Datasette say in English only, in Chinese: patterns, tried in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence

Phrases = Sequence[tuple[str, str]]

#: where in a file
PLACES: Phrases = (
    (r"\bpage (\d+)", r"第 \1 页"),
    (r"\btable (\d+)", r"表 \1"),
    (r"\b(?:row|line) (\d+)", r"第 \1 行"),
    (r"\bcolumn (\d+)", r"第 \1 列"),
    (r"\bp (\d+)", r"第 \1 段"),
    (r"\bmeta title\b", "网页标题"),
)

#: why a version speaks for its report, or does not (archive.reports)
REASONS: Phrases = (
    (r"^the only document$", "唯一的文件"),
    (r"^another copy$", "另一副本"),
    (r"^replaced at its address$", "原址已换新"),
    (r"^chosen of (\d+) equal copies: .*", r"\1 份相同，取最易读的格式"),
    (r"^chosen of (\d+): ", r"\1 份中选用："),
    (r"it has the statutory tables", "有法定表格"),
    (r"still at its address, the others were replaced", "仍在原址，其余已被替换"),
    (r"published last, ", "公布最晚，"),
    (r"(\d+) cells with a value against (\d+)", r"有数字的格 \1 比 \2"),
)

#: what a table of Datasette shows
DESCRIBED: Phrases = (
    (r"^where ", "条件："),
    (r" ?sorted by (\S+) descending", r"，按 \1 倒序"),
    (r" ?sorted by (\S+)", r"，按 \1 排序"),
    (r"search matches ", "搜索 "),
    (r" contains ", " 含 "),
    (r" and ", " 且 "),
    (r" is not ", " 不是 "),
    (r" is ", " 是 "),
    (r"^，", ""),
)


def in_chinese(text: str, phrases: Phrases) -> str:
    """The text with its known phrases in Chinese."""
    for pattern, chinese in phrases:
        text = re.sub(pattern, chinese, text)
    return text
