"""Titles and sections: the best increasing sequence of headings among decoys, lists, quotations and gaps."""

from __future__ import annotations

import pytest

from parsers import outline
from parsers.headings import heading
from parsers.models import Block, Document, Grid, GridCell, Outline, Paragraph

OFFICIAL = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
IDS = ["overview", "proactive", "requests", "remedies", "problems", "other"]
TEXT = "今年更新栏目，听取意见，逐条整改。"


def table(*words: str) -> Grid:
    return Grid(tuple(GridCell(0, rank, word) for rank, word in enumerate(words)), "table")


PROACTIVE = table("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
REQUESTS = table(
    "一、本年新收政府信息公开申请数量", "（一）予以公开", "1.属于国家秘密", "四、结转下年度继续办理"
)
REMEDIES = table("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def find(*blocks: Block | str) -> Outline:
    made = [Paragraph(b, f"line {at}") if isinstance(b, str) else b for at, b in enumerate(blocks, 1)]
    return outline.find(Document("text/plain", "text", tuple(made)))


def sections(*blocks: Block | str) -> list[tuple[str, str]]:
    return [(s.id, s.where) for s in find(*blocks).sections]


def kinds(found: Outline) -> list[str]:
    return [issue.kind for issue in found.issues]


def test_the_six_headings_of_the_form() -> None:
    found = find(*(words for title in OFFICIAL for words in (title, TEXT)))
    assert [(s.id, s.title, s.text) for s in found.sections] == [
        (i, t, TEXT) for i, t in zip(IDS, OFFICIAL, strict=True)
    ]
    assert found.starts == (0, 2, 4, 6, 8, 10)
    assert not found.issues


def test_near_identical_subheadings_inside_the_first_section_are_not_taken() -> None:
    assert sections(
        "一、总体情况",
        "一、2022年政务公开工作基本情况",
        TEXT,
        "二、主动公开政务信息情况",
        TEXT,
        "三、依申请公开情况",
        TEXT,
        "四、存在的问题",
        TEXT,
        "二、主动公开政府信息情况",
        PROACTIVE,
        "三、收到和处理政府信息公开申请情况",
        REQUESTS,
        "四、政府信息公开行政复议、行政诉讼情况",
        REMEDIES,
        "五、存在的主要问题及改进情况",
        TEXT,
        "六、其他需要报告的事项",
        "无。",
    ) == [
        ("overview", "line 1"),
        ("proactive", "line 10"),
        ("requests", "line 12"),
        ("remedies", "line 14"),
        ("problems", "line 16"),
        ("other", "line 18"),
    ]


def test_a_list_of_contents_and_a_preamble_that_names_all_parts_are_not_the_parts() -> None:
    preamble = "本报告由某局编，全文包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、其他需要报告的事项等。"
    found = sections(preamble, *OFFICIAL, *(words for title in OFFICIAL for words in (title, TEXT)))
    assert found == [("preamble", "line 1"), *((i, f"line {8 + 2 * at}") for at, i in enumerate(IDS))]


def test_a_heading_quoted_in_prose_is_prose() -> None:
    assert sections(
        "一、总体情况",
        TEXT,
        "六、其他需要报告的事项",
        "“二、主动公开政府信息情况”部分的数据按权责清单统计，其余不再重复说明。",
    ) == [("overview", "line 1"), ("other", "line 3")]


def test_a_missing_section_is_missing_and_the_renumbering_is_said() -> None:
    found = find(
        "1、 总体情况 ",
        TEXT,
        "二、主动公开政府信息情况",
        PROACTIVE,
        "三、收到和处理政府信息公开申请情况",
        REQUESTS,
        "四、存在的问题及改进措施",
        TEXT,
        "五、其他需要报告的事项",
        TEXT,
    )
    assert [s.id for s in found.sections] == ["overview", "proactive", "requests", "problems", "other"]
    assert kinds(found) == ["numbering-broken", "numbering-broken", "heading-variant", "numbering-broken"]


def test_headings_that_lost_their_numbers_are_still_headings() -> None:
    assert [i for i, _ in sections(*(words for title in OFFICIAL for words in (title[2:], TEXT)))] == IDS


@pytest.mark.parametrize("style", ["（{}）", "{}．", "第{}部分 ", "{}:"])
def test_other_ways_of_numbering(style: str) -> None:
    titles = [style.format(title[0]) + title[2:] for title in OFFICIAL]
    assert [i for i, _ in sections(*(words for title in titles for words in (title, TEXT)))] == IDS


def test_a_heading_with_its_text_in_the_same_paragraph() -> None:
    found = find(
        "一、总体情况。2022年，我局更新栏目17次。",
        "二、主动公开政府信息情况",
        PROACTIVE,
        "五、存在的主要问题及改进情况 更新偏晚，将改进。",
    )
    assert [(s.id, s.title, s.text) for s in found.sections] == [
        ("overview", "一、总体情况", "2022年，我局更新栏目17次。"),
        ("proactive", "二、主动公开政府信息情况", ""),
        ("problems", "五、存在的主要问题及改进情况", "更新偏晚，将改进。"),
    ]


def test_a_heading_broken_in_two_by_the_page_width() -> None:
    found = find(
        "一、总体情况",
        TEXT,
        "四、因政府信息公开工作被申请行政复议、提起行政诉",
        "讼情况",
        REMEDIES,
        "六、其他需要报告的事项",
        TEXT,
    )
    assert [s.id for s in found.sections] == ["overview", "remedies", "other"]
    assert found.sections[1].title == "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"
    assert found.sections[1].text == ""


def test_the_headings_of_older_reports() -> None:
    found = find(
        "一、概述",
        TEXT,
        "二、主动公开政府信息的情况",
        TEXT,
        "三、依申请公开政府信息和不予公开政府信息的情况",
        TEXT,
        "四、政府信息公开的收费及减免情况",
        TEXT,
        "五、因政府信息公开申请行政复议、提起行政诉讼的情况",
        TEXT,
        "六、存在的主要问题和改进措施",
        TEXT,
        "七、其他需要报告的事项",
        TEXT,
    )
    assert [s.id for s in found.sections] == [
        "overview",
        "proactive",
        "requests",
        "fees_legacy",
        "remedies",
        "problems",
        "other",
    ]


def test_a_text_without_headings_has_no_sections() -> None:
    assert find(TEXT, TEXT).sections == ()


def test_tables_and_leftovers_of_the_word_processor_are_not_in_the_text() -> None:
    found = find("一、总体情况", "[bookmark: _GoBack]（一）更新栏目。", PROACTIVE, TEXT)
    assert found.sections[0].text == f"（一）更新栏目。\n{TEXT}"
    assert kinds(found) == ["converter-artefact"]


@pytest.mark.parametrize(
    ("blocks", "title", "places"),
    [
        (
            ["某县水务局2022年政府信息公开工作年度报告", "一、总体情况"],
            "某县水务局2022年政府信息公开工作年度报告",
            (0,),
        ),
        (
            ["某县水务局", "2022年度政府信息公开工作年度报告", "一、总体情况"],
            "某县水务局2022年度政府信息公开工作年度报告",
            (0, 1),
        ),
        (
            ["某县水务局", "2022年政府信息公开", "工作年度报告", "一、总体情况"],
            "某县水务局2022年政府信息公开工作年度报告",
            (0, 1, 2),
        ),
        (
            [
                "首页 > 政务公开",
                "某镇人民政府2022年政府信息公开年度报告",
                "发布时间：2023-01-10",
                "一、总体情况",
            ],
            "某镇人民政府2022年政府信息公开年度报告",
            (1,),
        ),
        (["本报告根据条例编制。", "一、总体情况"], "", ()),
        (["现将《某县水务局2022年政府信息公开工作年度报告》予以公布。", "一、总体情况"], "", ()),
    ],
)
def test_the_title_stands_above_the_sections(blocks: list[str], title: str, places: tuple[int, ...]) -> None:
    found = find(*blocks)
    assert (found.title, found.title_blocks, found.body) == (title, places, places[-1] + 1 if places else 0)


def test_a_marked_title_wins_over_an_equal_line() -> None:
    made = (
        Paragraph("某县水务局2022年政府信息公开工作年度报告（网页标题）年报", "line 1"),
        Paragraph("某县水务局2022年政府信息公开工作年度报告", "line 2", heading=1),
        Paragraph("一、总体情况", "line 3"),
    )
    assert outline.find(Document("text/html", "html", made)).title_where == "line 2"


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("三、收到和处理政府信息公开申请的情况", "requests"),
        ("二、行政机关主动公开政府信息情况", "proactive"),
        ("五、存在问题和不足", "problems"),
        ("五、工作中存在的主要问题和改进措施", "problems"),
        ("六、其它需要说明的事项", "other"),
        ("四、复议、诉讼情况", "remedies"),
        ("一、2022年政府信息公开工作总体情况", "overview"),
        ("## 二、主动公开政府信息情况", "proactive"),
        ("**一、总体情况**", "overview"),
        ("一、本年新收政府信息公开申请数量", None),
        ("行政复议", None),
        ("二、规范性文件公开情况说明", None),
        ("总体情况较好，但仍有不足", None),
    ],
)
def test_a_line_is_a_heading_or_not(words: str, section: str | None) -> None:
    found = heading(words)
    assert (found.section if found else None) == section


def test_headings_that_are_rows_of_one_big_table() -> None:
    rows = [["二、主动公开政府信息情况"], ["信息内容", "本年制发件数"], ["规章", "0"], ["三、收到和处理政府信息公开申请情况"],
            ["（一）予以公开", "0"], ["1.属于国家秘密", "0"], ["（七）总计", "0"], ["四、结转下年度继续办理", "0"]]
    cells = (GridCell(at, rank, word, f"row {at}") for at, row in enumerate(rows) for rank, word in enumerate(row))
    found = find("一、总体情况", TEXT, Grid(tuple(cells)), "五、存在的主要问题及改进情况", TEXT)
    assert [(s.id, s.where, s.text) for s in found.sections] == [
        ("overview", "line 1", TEXT), ("proactive", "row 0", ""), ("requests", "row 3", ""), ("problems", "line 4", TEXT)]
    assert found.starts == (0, 2, 2, 3)
