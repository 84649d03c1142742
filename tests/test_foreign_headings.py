"""Headings as other offices write and number them, among decoys: each section begins where it begins, in its own words."""

from __future__ import annotations

from random import Random

import pytest

from parsers import parse
from tests.generator.judge import squeeze

HEADINGS = {
    "overview": ("总体情况", "概述", "基本情况", "总体工作情况", "政府信息公开工作总体情况"),
    "proactive": ("主动公开政府信息情况", "行政机关主动公开政府信息的情况", "主动公开情况", "政府信息主动公开情况"),
    "requests": ("收到和处理政府信息公开申请情况", "行政机关收到和处理政府信息公开申请的情况", "依申请公开政府信息情况",
                 "依申请公开办理情况"),
    "remedies": ("政府信息公开行政复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
                 "行政复议和行政诉讼情况", "复议诉讼情况"),
    "problems": ("存在的主要问题及改进情况", "存在的问题及改进措施", "主要问题及下一步打算", "存在问题和改进情况"),
    "other": ("其他需要报告的事项", "需要说明的其他事项", "其他事项", "需要报告的其他事项"),
}
STYLES = ("{}、{}", "（{}）{}", "{}．{}", "{} {}", "第{}部分 {}", "第{}章　{}", "{}：{}", "{}{}", "{}.{}", "")
NUMERALS = "一二三四五六"
DECOYS = (
    ("（一）主动公开情况", "全年公开信息。", "（二）依申请公开情况", "办理申请。", "（三）政府信息管理情况", "规范管理。"),
    ("1.主动公开情况。全年公开信息12条。", "2.依申请公开情况。收到申请3件。"),
    ("一是主动公开。", "二是依申请公开。"),
    ("一、主动公开", "公开。", "二、依申请公开", "办理。"),
    ("总体良好。",),
)
LISTING = ("本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题及改进情况、"
           "其他需要报告的事项等部分组成。")


@pytest.mark.parametrize("style", STYLES)
def test_every_section_begins_at_its_heading(style: str) -> None:
    for seed in range(8):
        random = Random(f"{style} {seed}")
        missing = random.choice((None, None, *list(HEADINGS)[1:]))
        arabic = random.random() < 0.25
        lines = ["武功县水利局2023年政府信息公开工作年度报告", *([LISTING] if random.random() < 0.5 else [])]
        wanted = []
        for number, section in enumerate(section for section in HEADINGS if section != missing):
            words = random.choice(HEADINGS[section])
            heading = style.format(number + 1 if arabic else NUMERALS[number], words) if style else words
            wanted.append((section, squeeze(heading)))
            lines += [heading, *(random.choice(DECOYS) if section == "overview" else (f"这里说明{words}的具体内容。",))]
        lines += ["附件：1.总体情况表", "武功县水利局", "2024年1月10日"] if random.random() < 0.3 else []
        page = "".join(f"<p>{line}</p>" for line in lines)
        found = [(part.id, squeeze(part.title)) for part in parse(page.encode()).sections if part.id != "preamble"]
        assert found == wanted, seed
