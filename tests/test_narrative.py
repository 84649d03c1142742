"""Claims of the prose: each bound inside its clause, to its own subject, year and body."""

from __future__ import annotations

from datetime import date

import pytest

from parsers import outline, readers
from parsers.models import Document, Outline, Paragraph, Section
from parsers.narrative import Passage, facts, fold, joined, number, paragraphs, passages
from parsers.timeliness import Due, china_date, due, first_published, signed_on, status
from tests.filled import WHOLE, cell, failures, look, of, proactive, remedies, requests, tables


def told(text: str, year: int = 2023, agency: str = "清河县水务局") -> list[tuple[str, object, bool]]:
    """(kind, value, plain) of every claim; `~` marks approximate ones, `!` denials."""
    lines = tuple(Passage(fold(line), "overview", "line 1") for line in text.split("\n"))
    return [(f.kind + "~" * f.approx + "!" * f.none, f.value, f.plain) for f in facts(joined(lines), year, agency)]


@pytest.mark.parametrize(("text", "expected"), [
    ("2023年，我局共收到政府信息公开申请12件，均已按时办结。", [("received", 12, True)]),
    ("全年新收政府信息公开申请5件，上年结转2件，办结6件，结转下年度1件。",
     [("received", 5, True), ("carried_in", 2, True), ("handled", 6, True), ("carried_out", 1, True)]),
    ("共受理依申请公开政府信息三件，均在法定期限内答复。", [("received", 3, True)]),
    ("我单位收到公民、法人和其他组织提出的政府信息公开申请共计十二件。", [("received", 12, True)]),
    ("收到政府信息公开申请1,234件。", [("received", 1234, True)]),
    ("收到政府信息公开申请３ 件（其中网络申请2件、信函申请1件）。", [("received", 3, True)]),
    ("受理申请公开政府信息8件，答复8件，答复率100%。", [("received", 8, True), ("handled", 8, True)]),
    ("（二）依申请公开。2023年收到申请4件。", [("received", 4, True)]),
    ("2023年1月1日至2023年12月31日，共收到政府信息公开申请7件。", [("received", 7, True)]),
    ("依申请公开政府信息办理情况：本年度新收0件，上年度结转0件。", [("received", 0, True), ("carried_in", 0, True)]),
    ("另有3件申请结转至2024年继续办理。", [("carried_out", 3, True)]),
])
def test_numbers_of_requests_are_bound(text: str, expected: list[tuple[str, object, bool]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize("text", [
    "本年度未收到政府信息公开申请。", "2023年，我局未收到任何形式的政府信息公开申请。", "本年度无依申请公开事项。",
    "本机关没有收到公民、法人或其他组织的依申请公开申请。", "2023年没有受理依申请公开政府信息。",
    "全年未接到依申请公开的函件。",
    "全年依申请公开0件。", "未收到依申请公开政府信息的申请"])
def test_denials_of_requests_are_found(text: str) -> None:
    assert told(text) == [("received!", 0, True)]


@pytest.mark.parametrize(("text", "expected"), [
    ("全年未收到政府信息公开申请，未发生行政复议、行政诉讼。",
     [("received!", 0, True), ("reviews!", 0, True), ("suits!", 0, True)]),
    ("未因政府信息公开工作被申请行政复议、提起行政诉讼。", [("reviews!", 0, True), ("suits!", 0, True)]),
    ("未发生因政府信息公开引起的行政复议案件，行政诉讼1件。", [("reviews!", 0, True), ("suits", 1, True)]),
    ("政府信息公开行政复议3件，其中结果维持2件，尚未审结1件；政府信息公开行政诉讼4件，其中结果纠正4件。",
     [("reviews", 3, True), ("reviews_upheld", 2, True), ("reviews_pending", 1, True), ("suits", 4, True),
      ("suits_corrected", 4, True)]),
    ("因政府信息公开引发的行政复议、行政诉讼均为0件。", [("reviews", 0, True), ("suits", 0, True)]),
    ("未经复议直接起诉政府信息公开行政诉讼2件，复议后起诉1件。", [("suits_direct", 2, True), ("suits_after", 1, True)]),
])
def test_reviews_and_suits_are_bound(text: str, expected: list[tuple[str, object, bool]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("全年制发行政规范性文件3件，废止1件，现行有效8件。",
     [("normdocs_issued", 3, True), ("normdocs_repealed", 1, True), ("normdocs_in_force", 8, True)]),
    ("出台规范性文件2件，政策解读4篇。", [("normdocs_issued", 2, True)]),
    ("全年未制发规范性文件。", [("normdocs_issued!", 0, True)]),
    ("对现行有效的25件规范性文件进行清理。", []),
    ("本年度收取信息处理费3940元。", [("fee_charged", 3940, True)]),
    ("本年度未收取信息处理费。", [("fee_charged!", 0, True)]),
])
def test_documents_and_fees_are_bound(text: str, expected: list[tuple[str, object, bool]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize("text", [
    "全年收到网民留言2条、信访件5件、依申请公开1件。", "全年共办理网站留言、市长信箱、依申请公开等45件。",
    "全年办理行政复议案件56件，应诉案件12件。",
    "认真做好行政复议与应诉工作，未发生败诉案件。", "尚未办结的政府信息公开申请3件。",
    "没有现成信息需要另行制作的申请2件。", "收到申请后一次性告知。",
    "自收到政府信息公开申请之日起20个工作日内答复。", "如未收到申请，按无申请填报。",
    "对未收到政府信息公开申请答复的群众做好解释。",
    "收到意见建议9件。依申请公开工作有序开展。"])
def test_what_is_not_about_requests_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("text", [
    "上年收到政府信息公开申请8件。", "2022年收到政府信息公开申请8件。", "1-6月共收到政府信息公开申请7件。",
    "县公安局收到政府信息公开申请9件。",
    "通过网络收到政府信息公开申请3件。", "未收到涉及商业秘密的政府信息公开申请。", "没有超期办理的依申请公开申请。"])
def test_other_years_bodies_and_channels_are_not_plain(text: str) -> None:
    assert [plain for _, _, plain in told(text)] == [False]


def test_numbers_do_not_cross_sentences() -> None:
    assert told("2023年收到政府信息公开申请。发布信息12件。") == []
    assert told("2022年收到申请10件，2023年收到政府信息公开申请15件，同比增加5件。") == [("received", 15, True)]


def test_about_is_approximate() -> None:
    assert told("收到政府信息公开申请30余件。") == [("received~", 30, True)]


def test_own_short_name_is_own() -> None:
    assert told("县水务局收到政府信息公开申请9件。") == [("received", 9, True)]
    assert told("市政府收到政府信息公开申请9件。", agency="清河市人民政府") == [("received", 9, True)]


@pytest.mark.parametrize(("text", "value"), [
    ("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("二〇", 20), ("两", 2), ("12", 12)])
def test_chinese_numerals_are_read(text: str, value: int) -> None:
    assert number(text) == value


def test_a_paragraph_broken_mid_sentence_is_one_passage() -> None:
    blocks = (Paragraph("一、总体情况", "p 1"),
              Paragraph("2023年，我单位在政府信息公开方面做了大量工作，共收到政府信息公开申请", "p 2"),
              Paragraph("12件。", "p 3"))
    parts = Outline(sections=(Section("overview", "一、总体情况", "", "p 1"),), starts=(0,))
    document = Document("text/plain", "text", blocks)
    assert len(paragraphs(document, parts)) == 3
    (fact,) = facts(passages(document, parts), 2023)
    assert (fact.value, fact.where, fact.section) == (12, "p 2", "overview")


# ---------------------------------------------------------------- claims against tables


def against(text: str, **more: object) -> list[tuple[str, str, str]]:
    filled = tables(requests=requests(new_received=5, carried_in=1, granted=4, total_handled=4, carried_out=2),
                    remedies=remedies(review_upheld=1, review_total=1),
                    proactive=proactive(normdocs_issued=2, normdocs_in_force=2))
    found = look(filled, WHOLE.replace("六、其他", f"{text}\n六、其他"), **more)
    return [(rule, severity, verdict) for rule, verdict, severity in failures(found) if rule.startswith("N0")]


@pytest.mark.parametrize(("text", "rules"), [
    ("共收到政府信息公开申请5件。", []), ("共收到政府信息公开申请6件。", []), ("共收到政府信息公开申请4件。", []),
    ("共收到政府信息公开申请9件。", [("N01_received_count", "error")]),
    ("约收到政府信息公开申请9件。", []),
    ("全县共收到政府信息公开申请90件。", []),
    ("全县共收到政府信息公开申请90件，本机关收到政府信息公开申请5件。", []),
    ("本年度未收到政府信息公开申请。", [("N02_none_received_contradiction", "error")]),
    ("未发生因政府信息公开引起的行政复议、行政诉讼。", [("N03_none_remedy_contradiction", "error")]),
    ("政府信息公开行政复议3件。", [("N03_none_remedy_contradiction", "warning")]),
    ("依申请公开共答复5件。", [("N04_handled_count", "warning")]),
    ("政府信息公开申请结转下年度3件。", [("N05_carried_out_count", "warning")]),
    ("全年制发规范性文件3件。", [("N06_normdoc_count", "warning")]),
    ("全年制发规范性文件2件，现行有效2件。", []),
])
def test_prose_and_tables_must_agree(text: str, rules: list[tuple[str, str]]) -> None:
    assert [(rule, severity) for rule, severity, _ in against(text)] == rules


def test_the_whole_county_counts_in_a_report_on_the_whole_county() -> None:
    assert [r for r, *_ in against("全县共收到政府信息公开申请90件。", scope="aggregate_region", body_type="government")] == [
        "N01_received_count"]


def test_a_claim_beside_a_blank_is_not_assessable() -> None:
    blank = requests()
    blank["new_received"]["total"] = cell(None)
    found = look(tables(requests=blank), WHOLE.replace("六、其他", "共收到政府信息公开申请5件。\n六、其他"))
    assert [c.verdict for c in of(found, "N01")] == ["not_assessable"]


def test_topics_of_the_overview() -> None:
    found = look(tables(), WHOLE.replace("、依申请公开", ""))
    (check,) = [c for c in of(found, "N07") if c.verdict == "fail"]
    assert "依申请公开" in check.message


@pytest.mark.parametrize(("text", "rule", "severity"), [
    ("2021年，我局主动公开信息30条。", "N09", "info"), ("按照《清河县2021年政务公开工作要点》开展工作。", "N09", "info"),
    ("公开信息6条，其中工作动态5条、公告3条。", "N11", "info"),
    ("公开了《关于供水价格的通知》、《关于供水价格的通知》。", "N11", "info"),
    ("本表数据为全县的去重数。", "N12", "warning"), ("相关处室负责公开工作。", "N12", "info"),
    ("公开信息{{count}}条。", "N12", "warning"),
    ("清溪县水务局高度重视政府信息公开工作。", "N08", "warning")])
def test_copied_and_careless_prose_is_told(text: str, rule: str, severity: str) -> None:
    found = look(tables(), WHOLE.replace("六、其他", f"{text}\n六、其他"))
    assert [(r[:3], s) for r, _, s in failures(found) if r[0] == "N"] == [(rule, severity)]


@pytest.mark.parametrize("text", [
    "2021年以来，公开工作不断加强。", "公开信息8条，其中工作动态5条、公告3条。",
    "根据《清河县2023年政务公开工作要点》开展工作。", "县水务局高度重视公开工作。"])
def test_sound_prose_is_left_alone(text: str) -> None:
    assert not failures(look(tables(), WHOLE.replace("六、其他", f"{text}\n六、其他")), "N08", "N09", "N11", "N12")


def test_an_introduction_that_promises_a_missing_part() -> None:
    promise = "本报告全文包括总体情况、主动公开政府信息情况、收到和处理申请情况、行政复议和行政诉讼情况、存在问题、其他事项等。"
    text = WHOLE.replace("一、总体情况", f"{promise}\n一、总体情况", 1)
    assert not failures(look(tables(), text), "N13")
    lacking = text.replace("六、其他需要报告的事项\n本年度未收取信息处理费。\n", "")
    assert failures(look(tables(), lacking), "N13") == [("N13_intro_lists_sections", "fail", "info")]


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(("body_type", "year", "on"), [
    ("department", 2018, date(2019, 3, 31)), ("department", 2019, date(2020, 1, 31)), ("government", 2024, date(2025, 3, 31)),
    ("vertical", 2022, date(2023, 1, 31)), ("government_office", 2022, date(2023, 1, 31)),
    ("township_government", 2022, date(2023, 3, 31)),
    ("public_enterprise", 2022, None), ("unknown", 2022, None), (None, 2012, date(2013, 3, 31)), ("department", 2005, None)])
def test_due_dates_follow_the_body_and_the_year(body_type: str | None, year: int, on: date | None) -> None:
    told = due(body_type, year)
    assert (told.on if told else None) == on


@pytest.mark.parametrize(("first", "today", "looks", "expected"), [
    (date(2024, 1, 31), date(2024, 6, 1), 0, "on_time"), (date(2024, 2, 1), date(2024, 6, 1), 0, "late"),
    (None, date(2024, 1, 31), 9, "not_yet_due"), (None, date(2024, 3, 1), 9, "undated"),
    (None, date(2024, 3, 1), 3, "undated"), (None, date(2024, 3, 2), 2, "undated"), (None, date(2024, 3, 2), 3, "missing")])
def test_nothing_is_missing_before_it_was_looked_for(first: date | None, today: date, looks: int, expected: str) -> None:
    deadline = Due(date(2024, 1, 31), "warning", "")
    assert status(deadline, first, today, looks) == expected


def test_dates_are_chinas() -> None:
    assert china_date("2024-01-31T16:30:00+00:00") == date(2024, 2, 1)
    assert china_date("2024-01-31T16:30:00") == date(2024, 2, 1)
    assert china_date("2024-01-31T16:30:00+08:00") == date(2024, 1, 31)
    assert china_date("2024-01-31") == date(2024, 1, 31)
    assert china_date("去年") is None


def test_a_report_is_not_published_before_its_year_is_over() -> None:
    assert first_published(2023, [date(2022, 4, 1), None, date(2024, 1, 9), date(2024, 1, 5)]) == date(2024, 1, 5)


@pytest.mark.parametrize(("line", "day"), [
    ("2024年1月10日", date(2024, 1, 10)), ("二〇二四年一月十日", date(2024, 1, 10)),
    ("二O二四年十一月二十三日", date(2024, 11, 23)),
    ("清河县水务局 2024年1月10日", date(2024, 1, 10)), ("2024-01-10", date(2024, 1, 10)), ("2024年2月30日", None),
    ("发布时间：2024年1月10日", None), ("截止到2023年12月31日，本单位公开2023年12月31日", None)])
def test_signatures_are_read(line: str, day: date | None) -> None:
    document = readers.read(f"某某局2023年政府信息公开工作年度报告\n正文一段。\n{line}\n".encode(), "text/plain")
    found = signed_on(document, outline.find(document))
    assert (found[0] if found else None) == day
