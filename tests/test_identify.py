"""Who, where, when: golden openings written for the test, the labelled corpus and the seeds where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench import tags as bench_tags
from parsers import outline
from parsers.identify import TAGS, Identity, function_of, identify
from parsers.identify.mentions import mentions
from parsers.identify.names import parse
from parsers.identify.reading import normal, squeezed
from parsers.lineage import Sighting, lineage
from parsers.models import Document, Grid, GridCell, Hints, Link, Outline, Paragraph, Tables

GOLDEN = Path(__file__).parent / "golden" / "identify"
OPENINGS = Path(__file__).parent / "golden" / "openings.txt"
SHARED = Path(__file__).parents[2] / "shared"
AT_HAND = pytest.mark.skipif(not SHARED.exists(), reason="the shared material is not beside the project")


def document(text: str, **more: Any) -> Document:
    blocks = tuple(Paragraph(line, f"line {n}") for n, line in enumerate(text.splitlines(), 1) if line.strip())
    return Document("text/plain", "text", blocks, **more)


def told(text: str, hints: Hints = Hints(), tables: Tables = Tables(), **more: Any) -> Identity:  # noqa: B008
    read = document(text, **more)
    return identify(read, outline.find(read), tables, hints)


def value(identity: Identity, name: str) -> Any:
    if name in ("kind", "published_on"):
        return getattr(identity, name)
    return identity.tags[name].value


@pytest.mark.parametrize("case", sorted(GOLDEN.iterdir()), ids=lambda case: case.name)
def test_golden_opening_gets_its_tags(case: Path) -> None:
    extra = case / "hints.json"
    hints = Hints(**json.loads(extra.read_text())) if extra.exists() else Hints()
    found = told((case / "input.txt").read_text(), hints)
    expected = json.loads((case / "expected.json").read_text())
    assert {name: value(found, name) for name in expected} == expected


def test_every_tag_is_there_and_explained() -> None:
    found = told("神池县司法局2019年度政府信息公开工作年度报告")
    assert tuple(found.tags) == TAGS
    for name in ("agency", "agency_id", "level", "division_code", "year"):
        assert found.tags[name].evidence, name
        assert all(e.source and e.quote and 0 < e.weight <= 1 for e in found.tags[name].evidence)


def test_an_empty_document_abstains_and_says_so() -> None:
    found = identify(Document("text/plain", "text", ()), Outline(), Tables())
    assert found.kind == "other"
    assert found.tags["agency"].value is None and found.tags["year"].value is None
    assert [issue.kind for issue in found.issues] == ["review", "review"]


def test_the_portals_declaration_completes_a_bare_name() -> None:
    found = told("司法局2021年政府信息公开工作年度报告", Hints(division_code="140927"))
    assert (value(found, "agency"), value(found, "agency_id")) == ("神池县司法局", "140927:justice")


def test_a_title_naming_another_body_beats_the_columns_declaration() -> None:
    found = told("山阳县人民政府2020年政府信息公开工作年度报告", Hints(agency="商洛市人民政府办公室", division_code="611000"))
    assert value(found, "agency") == "山阳县人民政府"
    assert "column" not in {e.source for e in found.tags["agency"].evidence}


def test_a_governments_column_gives_way_to_the_body_that_speaks() -> None:
    hints = Hints(agency="安顺市人民政府办公室", division_code="520400")
    assert value(told("应急管理局2025年政府信息公开工作年度报告", hints), "agency") == "安顺市应急管理局"
    assert value(told("2024年,市财政局认真贯彻落实条例。\n一、总体情况\n全年公开信息十条。", hints), "agency") == "安顺市财政局"


def test_the_office_that_posted_a_page_does_not_outweigh_its_words() -> None:
    text = "本报告由余姚市临山镇人民政府编制。统计期限自2019年1月1日起至2019年12月31日止。"
    metas = {"ContentSource": "余姚市人民政府办公室", "SiteIDCode": "3302810001"}
    assert value(told(text, metas=metas), "agency") == "余姚市临山镇人民政府"


def test_a_report_its_government_office_compiled_is_the_governments() -> None:
    text = "淮安市人民政府2023年政府信息公开工作年度报告\n本报告由淮安市人民政府办公室编制。\n请与淮安市人民政府办公室联系。"
    assert value(told(text), "agency") == "淮安市人民政府"


def test_the_site_code_tells_namesakes_apart() -> None:
    text = "鼓楼区民政局2020年政府信息公开工作年度报告"
    assert value(told(text, metas={"SiteIDCode": "3203020001"}), "division_code") == "320302"
    assert value(told(text, metas={"SiteIDCode": "3201060001"}), "division_code") == "320106"


def test_an_issue_names_the_places_a_shared_name_may_mean() -> None:
    found = told("鼓楼区民政局2020年政府信息公开工作年度报告")
    assert all(city in found.issues[0].message for city in ("南京市", "徐州市", "福州市", "开封市"))


def test_a_township_of_a_common_name_needs_its_county() -> None:
    assert value(told("城关镇2022年政府信息公开工作年度报告"), "agency") is None
    found = told("城关镇2022年政府信息公开工作年度报告", Hints(division_code="620123"))
    assert value(found, "agency") == "榆中县城关镇人民政府"
    assert value(found, "agency_id").startswith("620123") and value(found, "level") == "township"


def test_two_townships_of_a_county_have_different_ids() -> None:
    towns = ("北宿镇", "田黄镇", "无人知镇")
    ids = {value(told(f"邹城市{town}2021年政府信息公开工作年度报告"), "agency_id") for town in towns}
    assert len(ids) == 3


def test_a_body_beside_the_main_one_has_an_id_of_its_own() -> None:
    organs = ("交通运输局", "公路局", "规划局", "国土资源局")
    ids = {value(told(f"宝鸡市{organ}2015年政府信息公开工作年度报告"), "agency_id") for organ in organs}
    assert len(ids) == 4 and "610300:transport" in ids and "610300:natural_resources" in ids


def test_the_id_outlives_a_change_of_name() -> None:
    old = told("神池县环境保护局2015年政府信息公开工作年度报告")
    new = told("神池县生态环境局2022年政府信息公开工作年度报告")
    assert value(old, "agency_id") == value(new, "agency_id") == "140927:ecology_environment"


def test_a_zone_never_shares_an_id_with_its_host() -> None:
    zone = told("平潭综合实验区2019年度政府信息公开工作年度报告")
    host = told("平潭县人民政府2013年政府信息公开工作年度报告")
    assert value(zone, "agency_id") != value(host, "agency_id")
    assert zone.tags["level"].confidence <= 0.8


def test_a_verified_code_is_evidence_of_the_id() -> None:
    found = told("泗水县审计局2020年政府信息公开工作年度报告",
                 Hints(url="http://www.sishui.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=113708316693161035&fbtime=2020"))
    assert ("uscc", "113708316693161035") in {(e.source, e.quote) for e in found.tags["agency_id"].evidence}
    assert value(found, "agency_id") == "370831:audit"


def test_two_strong_years_are_an_issue_not_a_guess() -> None:
    found = told("神池县审计局2022年政府信息公开工作年度报告\n统计期限自2021年1月1日起至2021年12月31日止。")
    assert value(found, "year") is None
    assert any("2021" in issue.message and "2022" in issue.message for issue in found.issues)


@pytest.mark.parametrize("text", [
    "统计期限自202111日起至20211231日止", "统计期限自20211月1日起至202112月31日止",
    "统计时限为2021 1 1 日至2021 12 31 日", "统计期限自２０２１年１月１日起至２０２１年１２月３１日止",
    "数据统计期限：2021年1月1日——2021年12月31日", "统计期限为二○二一年1月1日至12月31日",
])
def test_the_period_is_read_however_it_lost_characters(text: str) -> None:
    assert value(told(f"本报告依照条例编写，{text}。"), "year") == 2021


@pytest.mark.parametrize(("url", "year"), [
    ("http://a.gov.cn/x/xxgkAnnualReport.jsp?fbtime=2017", 2017), ("http://a.gov.cn/b?timeFrame=2020&x=1", 2020),
    ("http://a.gov.cn/2019nzfxxgknb/1.html", 2019),
])
def test_a_report_year_in_an_address_is_enough(url: str, year: int) -> None:
    assert value(told("政府信息公开情况", Hints(url=url)), "year") == year


def test_a_publishing_date_in_an_address_is_not() -> None:
    assert value(told("政府信息公开情况", Hints(url="http://a.gov.cn/202001/t20200112_5.html")), "year") is None


def test_a_year_in_the_table_header_counts() -> None:
    grid = Grid((GridCell(0, 0, "信息内容"), GridCell(0, 1, "本年（2023）制发件数")), "table 1")
    read = Document("text/html", "html", (Paragraph("神池县司法局政府信息公开工作年度报告"), grid))
    assert identify(read, Outline(), Tables()).tags["year"].value == 2023


def test_publication_comes_from_the_page_before_the_signature() -> None:
    text = "神池县司法局2019年政府信息公开工作年度报告\n神池县司法局\n2020年1月9日"
    assert told(text, metas={"PubDate": "2020-01-15 10:00"}).published_on == "2020-01-15"
    assert told(text, Hints(published_on="2020-01-20")).published_on == "2020-01-20"
    assert told(text).published_on == "2020-01-09"


def test_a_page_that_only_links_to_the_report_is_an_attachment_page() -> None:
    found = told("神池县司法局2019年政府信息公开工作年度报告\n附件：年度报告", links=(Link("/x/P02020.pdf", "年度报告.pdf"),))
    assert found.kind == "attachment_page"


def test_tables_decide_the_form_by_majority() -> None:
    tables = Tables(formats={"proactive": "f2021", "requests": "f2021", "remedies": "f2019"})
    found = told("神池县司法局2021年政府信息公开工作年度报告", tables=tables)
    assert found.tags["format_version"].value == "f2021" and found.tags["format_version"].confidence < 0.9


@pytest.mark.parametrize(("text", "places", "organ"), [
    ("上海市长宁区卫生健康委员会", ("上海市", "长宁区"), "卫生健康委员会"), ("河口县卫健局", ("河口县",), "卫生健康局"),
    ("市住房和城乡建设局", (), "住房和城乡建设局"), ("上海科委", ("上海",), "科学技术委员会"),
])
def test_names_come_apart(text: str, places: tuple[str, ...], organ: str) -> None:
    name = parse(text)
    assert name is not None and (name.places, name.organ) == (places, organ)


def test_names_are_found_whole_in_running_text() -> None:
    text = "由上海市长宁区周家桥街道办事处编制，按县财政局和水务局要求，请与黄石市生态环境局下陆区分局联系"
    found = [m.name.text for m in mentions(squeezed(text))]
    assert found == ["上海市长宁区周家桥街道办事处", "县财政局", "水务局", "黄石市生态环境局下陆区分局"]


@pytest.mark.parametrize(("name", "function", "main"), [
    ("神池县司法局", "justice", True), ("文化广电旅游体育局", "culture_tourism", True), ("公路局", "transport", False),
    ("旅游局", "culture_tourism", False), ("县卫健局", "health", True), ("住房公积金管理中心", "housing_fund", True),
])
def test_function_of_a_name(name: str, function: str, main: bool) -> None:
    found = function_of(name)
    assert found is not None and (found.id, found.main) == (function, main)


def test_an_unknown_organ_has_no_function() -> None:
    assert function_of("妇幼保健院") is None


def test_text_is_folded_before_it_is_read() -> None:
    assert normal("二○一九年　報(bào)告") == "2019年 报告"
    assert squeezed("２０２０ 年 1 月") == "2020年1月"


def test_lineage_knows_renaming_merging_and_moving() -> None:
    rows = lineage([
        Sighting("140927:ecology_environment", 2017, "神池县环境保护局"),
        Sighting("140927:ecology_environment", 2019, "神池县生态环境局"),
        Sighting("610300:culture_tourism-abc123", 2017, "宝鸡市旅游局"),
        Sighting("610300:culture_tourism", 2019, "宝鸡市文化和旅游局"),
        Sighting("360421:audit", 2016, "九江县审计局"), Sighting("360404:audit", 2018, "九江市柴桑区审计局"),
    ])
    assert [(row.relation, row.name, row.later_id) for row in rows] == [
        ("renamed", "神池县环境保护局", "140927:ecology_environment"), ("moved", "九江县审计局", "360404:audit"),
        ("merged_into", "宝鸡市旅游局", "610300:culture_tourism")]


def test_lineage_takes_a_new_code_for_a_new_body() -> None:
    seen = [Sighting("140927:justice", 2018, "神池县司法局", "11140927012345678X"),
            Sighting("140927:justice", 2019, "神池县司法行政局", "MB1234567")]
    assert [row.relation for row in lineage(seen)] == ["succeeded"]
    assert lineage(reversed(seen)) == lineage(seen)


@pytest.mark.parametrize("case", list(bench_tags.written(OPENINGS)), ids=lambda case: case.opening["id"])
def test_written_opening_gets_its_tags(case: bench_tags.Case) -> None:
    tags = bench_tags.read_opening(case.opening).tags
    fields = ("agency", "year") if case.unresolvable else bench_tags.FIELDS
    missed = {name: (tags[name].value, label) for name in fields
              if bench_tags.outcome(tags[name], label := case.label[name]) != "right"}
    assert not missed, case.opening["opening"]


@AT_HAND
def test_the_labelled_openings_meet_the_bars() -> None:
    corpus = bench_tags.CORPUS
    figures = bench_tags.measure(bench_tags.labelled(corpus / "tags_labels.tsv", corpus / "tags_openings.jsonl"))
    for field, bar in bench_tags.BARS.items():
        counts = figures["fields"][field]
        assert counts["right"] >= bar * sum(counts.values()), (field, counts)
        assert counts["wrong"] <= 0.01 * sum(counts.values()), (field, counts)
    assert figures["unresolvable"]["abstained"] >= 0.9 * figures["unresolvable"]["total"]
    assert figures["calibration"]["right"] >= 0.99 * figures["calibration"]["at_least_95"]


@AT_HAND
@pytest.mark.parametrize("number", range(5))
def test_the_seeds_get_their_tags(number: int) -> None:
    seed = json.loads((SHARED / "seeds" / "expected.json").read_text())["seeds"][number]
    found = told((SHARED / "seeds" / seed["file"]).read_text())
    gold = {"agency": "agency_name", "agency_id": "agency_id", "function": "agency_function", "level": "level",
            "year": "report_year", "division_code": "division_code", "body_type": "body_type", "scope": "scope"}
    assert {tag: value(found, tag) for tag in gold} == {tag: seed["tags"][key] for tag, key in gold.items()}
    assert found.kind == "report"
