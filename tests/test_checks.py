"""Every rule that one report can answer: what it finds, what it lets pass, what it says it cannot tell."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from parsers import measures
from parsers.checks import history, peers, repairs, sums
from parsers.checks.rules import LOOKS, rules
from parsers.models import Cell, Issue, Tables
from tests.filled import (
    REMEDIES,
    WHOLE,
    Sheet,
    cell,
    failures,
    look,
    look_whole,
    make,
    of,
    proactive,
    remedies,
    requests,
    sheet,
    spoil,
    tables,
    truth,
)

GOLDEN = Path(__file__).parent / "golden" / "checks"
SHEETS = int(os.environ.get("NIANBAO_SHEETS", "1000"))


# ---------------------------------------------------------------- the rules themselves


def test_every_rule_is_applied_somewhere() -> None:
    applied = set(LOOKS) | history.RULES | peers.RULES
    assert set(rules()) == applied


def test_every_rule_of_one_report_says_what_silence_means() -> None:
    assert not [rule.id for rule in rules().values() if not rule.across and not rule.fine and not rule.needs]


def test_a_sum_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="a \\+ b == c"):
        sums.equation("a plus b is c")


def test_what_is_no_report_is_not_checked() -> None:
    assert look_whole(text="公示。", kind="other").checks == ()


# ---------------------------------------------------------------- sums


def test_a_consistent_table_passes_with_a_count() -> None:
    found = look(tables(requests=requests(new_received=3, granted=2, carried_out=1, total_handled=2)))
    assert not failures(found, "A01", "A02", "A03", "A04", "A05", "A06")
    assert [c.message for c in of(found, "A01")] == ["25 行全部相符"]


def test_a_broken_column_gives_one_error_with_both_numbers_and_its_place() -> None:
    filled = requests(new_received=2, granted=2)
    filled["total_handled"]["total"] = cell(0, where="line 9")
    (total,) = [c for c in of(look(tables(requests=filled)), "A02") if "总计：" in c.message]
    assert (total.verdict, total.severity, total.left, total.right) == ("fail", "error", 2, 0)
    assert total.where == "total_handled.total line 9"
    assert total.message == "总计：予以公开 2 ≠ （七）总计 0"


def test_the_printed_identity_is_told_in_words_and_numbers() -> None:
    found = of(look(tables(requests=requests(new_received=2, granted=2))), "A03")
    assert found[0].message == "自然人：新收 2 + 上年结转 0 ≠ （七）总计 0 + 结转下年度 0"


def test_blanks_count_as_zero_only_in_the_lenient_verdict() -> None:
    filled = requests(new_received=1, total_handled=1)
    filled["granted"] = {column: cell(None) for column in filled["granted"]} | {"total": cell(1)}
    found = look(tables(requests=filled))
    assert failures(found, "A01", "A02") == [("A01_row_sum", "fail_assuming_blank_zero", "warning"),
                                             ("A02_results_sum", "fail_assuming_blank_zero", "warning")]
    assert Counter(c.verdict for c in of(found, "A02")) == {
        "fail_assuming_blank_zero": 1, "pass": 1, "pass_assuming_blank_zero": 1}


@pytest.mark.parametrize("status", ["position_lost", "ambiguous", "text", "glued", "ocr_suspect", "approx"])
def test_a_cell_without_a_sure_number_makes_its_sums_not_assessable(status: str) -> None:
    filled = requests(new_received=5)
    filled["new_received"]["company"] = Cell("?", 3 if status == "approx" else None, status)
    found = look(tables(requests=filled))
    assert not [c for c in of(found, "A01") if c.verdict.startswith("fail")]
    (told,) = [c for c in of(found, "A01") if c.verdict == "not_assessable"]
    assert "新收：商业企业" in told.message


def test_a_missing_row_makes_the_results_not_assessable() -> None:
    filled = requests(new_received=1)
    del filled["refused_other_law"]
    found = of(look(tables(requests=filled)), "A02")
    assert {c.verdict for c in found} == {"not_assessable"}


def test_a_missing_table_is_said_not_passed() -> None:
    found = look(tables(remedies={}))
    assert [c.verdict for c in of(found, "A04")] == ["not_assessable"]


@pytest.mark.parametrize("kind", ["review", "suit_direct", "suit_after_review"])
def test_each_total_of_section_four_is_summed(kind: str) -> None:
    rule = {"review": "A04", "suit_direct": "A05", "suit_after_review": "A06"}[kind]
    good = remedies(**{f"{kind}_upheld": 2, f"{kind}_pending": 1, f"{kind}_total": 3})
    bad = {**good, f"{kind}_total": cell(4)}
    assert not failures(look(tables(remedies=good)), rule)
    assert failures(look(tables(remedies=bad)), rule) == [(rule + rules_name(rule), "fail", "error")]


def rules_name(letter: str) -> str:
    return next(rule_id for rule_id in rules() if rule_id.startswith(letter)).removeprefix(letter)


@pytest.mark.parametrize(("numbers", "expected"), [
    ({"s14_received": 5, "s14_received_in_person": 2, "s14_received_fax": 0, "s14_received_online": 3,
      "s14_received_letter": 0}, []),
    ({"s14_received": 6, "s14_received_in_person": 2, "s14_received_fax": 0, "s14_received_online": 3,
      "s14_received_letter": 0},
     ["A07_2014_channels"]),
    ({"s14_completed": 2, "s14_completed_on_time": 1, "s14_completed_extended": 2}, ["A08_2014_completed"]),
    ({"s14_suit": 1, "s14_suit_upheld": 0, "s14_suit_corrected": 0, "s14_suit_other": 0}, ["A11_2014_review_suit"]),
    ({"s14_staff": 3, "s14_staff_full": 1, "s14_staff_part": 1}, ["A12_2014_staff"]),
    ({"s14_published_total": 10, "s14_normdocs_published": 11}, ["A13_2014_subsets"]),
    ({"s14_published_total": 10, "s14_via_website": 900}, []),
])
def test_the_2014_form_adds_up(numbers: dict[str, int], expected: list[str]) -> None:
    found = look(Tables(stat2014={f: cell(n) for f, n in numbers.items()}, formats={"stat2014": "f2014"}), year=2016)
    assert [rule for rule, *_ in failures(found) if rule.startswith("A")] == expected


def test_the_local_annex_adds_up() -> None:
    numbers = {f"loc_{n:02d}": 0 for n in range(1, 36)} | {"loc_01": 5, "loc_02": 6}
    found = look(Tables(stat2014={f: cell(n) for f, n in numbers.items()}, formats={"stat2014": "f2008s"}), year=2010)
    assert failures(found, "A14") == [("A14_local_annex", "fail", "warning")]


def test_thousands_of_tables_raise_no_false_alarm_and_hide_no_fault() -> None:
    for number in range(SHEETS):
        chance = random.Random(number)
        made = sheet(chance)
        assert not [verdict for verdict in truth(made).values() if verdict.startswith("fail")]
        if number % 2:
            spoil(made, chance)
        assert judged(made) == truth(made), f"seed {number}"


def judged(made: Sheet) -> dict[tuple[str, str], str]:
    """The verdicts of the package on every sum of a sheet, by rule and row or column."""
    found: dict[tuple[str, str], str] = {}
    for rule in ("A01_row_sum", "A02_results_sum", "A03_identity"):
        for row in sums.laid(rules()[rule], made.tables()):
            place = row.prefix.replace("{}", "").strip(".")
            found[rule[:3], place] = sums.judged(row).verdict
    return found


def test_a_spoilt_table_is_reported_as_errors_of_exactly_its_sums() -> None:
    for number in range(SHEETS // 10):
        chance = random.Random(number)
        made = sheet(chance)
        made.blank, made.lost = set(), set()
        row, column = spoil(made, chance)
        balanced = {"new_received", "carried_in", "carried_out"}
        expected = {"A01_row_sum"} | ({"A02_results_sum"} if row not in balanced else set())
        expected |= {"A03_identity"} if row in {*balanced, "total_handled"} else set()
        found = failures(look(made.tables()), "A01", "A02", "A03")
        assert {rule for rule, *_ in found} == expected and len(found) == len(expected), (number, row, column)


# ---------------------------------------------------------------- repairs


def test_two_repairs_are_listed_and_none_applied() -> None:
    found = repairs.repairs(tables(requests=requests(new_received=2, granted=2)))
    assert [dict(repair.cells) for repair in found] == [
        {"total_handled.natural_person": 2, "total_handled.total": 2},
        {"new_received.natural_person": 0, "new_received.total": 0, "granted.natural_person": 0, "granted.total": 0}]
    assert len(found[0].mends) == 4


def test_repairs_are_issues_beside_the_value() -> None:
    report = look_whole(tables(requests=requests(new_received=2, granted=2)))
    assert [issue.kind for issue in report.issues] == ["repair-candidate"] * 2
    assert report.tables.requests["total_handled"]["total"].value == 0


def test_a_blank_is_filled_rather_than_a_number_doubted() -> None:
    filled = requests(new_received=1, total_handled=1)
    filled["granted"] = {column: cell(None) for column in filled["granted"]} | {"total": cell(1)}
    (repair,) = repairs.repairs(tables(requests=filled))
    assert dict(repair.cells) == {"granted.natural_person": 1}
    assert "空白 改为 1" in repair.message


def test_a_consistent_table_needs_no_repair() -> None:
    assert repairs.repairs(tables(requests=requests(new_received=2, granted=2, total_handled=2))) == ()


def test_a_repair_always_makes_every_sum_hold() -> None:
    for number in range(200):
        chance = random.Random(number)
        made = sheet(chance)
        spoil(made, chance)
        for repair in repairs.repairs(made.tables()):
            changed = {(place.split(".")[0], place.split(".")[1]): int(value) for place, value in repair.cells.items()}
            mended = Sheet(made.version, {**made.numbers, **changed}, made.blank - set(changed), made.lost)
            assert not [v for v in truth(mended).values() if v.startswith("fail")], number


# ---------------------------------------------------------------- logic


@pytest.mark.parametrize(("rule", "version", "numbers", "severity"), [
    ("L01", "f2021", {"normdocs_issued": 5, "normdocs_repealed": 1, "normdocs_in_force": 2}, "warning"),
    ("L02", "f2019", {"normdocs_published": 3, "normdocs_public_total": 1, "normdocs_made": 3}, "warning"),
    ("L03", "f2019", {"normdocs_published": 3, "normdocs_public_total": 3, "normdocs_made": 1}, "info"),
    ("L04", "f2019", {"licence_items_prev": 1, "licence_items_delta": -3}, "error"),
    ("L05", "f2019", {"penalty_decisions": 4}, "warning"),
    ("L06", "f2019", {"licence_items_prev": 1215, "licence_items_delta": -35, "licence_decisions": 1180}, "warning"),
    ("L07", "f2021", {"rules_issued": 1, "rules_in_force": 1}, "warning"),
    ("L08", "f2019", {"procurement_projects": 3}, "warning"),
])
def test_what_cannot_be_at_the_same_time(rule: str, version: str, numbers: dict[str, int], severity: str) -> None:
    found = look(tables(version, proactive=proactive(version, **numbers)), year=2020 if version == "f2019" else 2023)
    assert [(r[:3], s) for r, _, s in failures(found) if r[0] == "L"] == [(rule, severity)]


def test_items_that_all_went_are_no_misread_column() -> None:
    found = look(tables("f2019", proactive=proactive("f2019", licence_items_prev=7, licence_items_delta=-7)), year=2020)
    assert not failures(found, "L04", "L05", "L06")


@pytest.mark.parametrize(("body_type", "level", "fails"), [
    ("government", "prefecture", 0), ("government", "county", 1), ("department", "national", 0), ("department", "county", 1),
    ("government_office", "province", 0)])
def test_rules_are_made_only_by_those_who_may(body_type: str, level: str, fails: int) -> None:
    found = look(tables(proactive=proactive(rules_in_force=2)), body_type=body_type, level=level)
    assert len(failures(found, "L07")) == fails


def test_nobody_is_blamed_for_rules_while_the_level_is_unknown() -> None:
    (check,) = of(look(tables(proactive=proactive(rules_in_force=2)), level=None), "L07")
    assert check.verdict == "not_assessable"


def test_many_direct_suits_stand_out_only_after_2024() -> None:
    filled = tables(remedies=remedies(suit_direct_upheld=9, suit_direct_total=9), requests=requests(refused_third_party=3))
    assert failures(look(filled, year=2024), "L09") == [("L09_direct_suits_after_2024", "fail", "info")]
    assert not failures(look(filled, year=2023), "L09")


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(("rule", "odd", "severity"), [
    ("C02", Cell("/", None, "na_mark"), "info"), ("C03", Cell("无", 0, "text_zero"), "info"),
    ("C04", Cell("1.5", Decimal("1.5"), "number"), "error"), ("C04", Cell("-1", -1, "number"), "error"),
    ("C05", Cell("详见附件", None, "text"), "error"), ("C05", Cell("1 2", None, "ambiguous"), "error"),
    ("C09", Cell("规章000", None, "glued"), "warning"), ("C01", Cell("", None, "blank"), "info")])
def test_odd_cells_are_named(rule: str, odd: Cell, severity: str) -> None:
    filled = tables(proactive=proactive() | {"licence_decisions": odd})
    found = failures(look(filled), *(f"C0{n}" for n in range(1, 10)))
    assert [(r[:3], s) for r, _, s in found] == [(rule, severity)]


def test_a_table_mostly_blank_is_a_warning() -> None:
    blank = {row: {column: cell(None) for column in columns} for row, columns in requests().items()}
    (check,) = [c for c in of(look(tables(requests=blank)), "C01") if c.verdict == "fail"]
    assert (check.severity, check.left, check.right) == ("warning", 175, 175)


def test_changes_may_be_negative() -> None:
    fewer = proactive("f2019", licence_items_prev=9, licence_items_delta=-3)
    assert not failures(look(tables("f2019", proactive=fewer), year=2020), "C04")


def test_money_without_a_unit_is_told_with_the_guess() -> None:
    amount = Cell("232101", 232101, "money", None, "line 4", "inferred", 232101)
    filled = proactive("f2019", procurement_projects=11) | {"procurement_amount": amount}
    (check,) = [c for c in of(look(tables("f2019", proactive=filled), year=2020), "C06") if c.verdict == "fail"]
    assert "推定为 232101 元" in check.message and check.where == "procurement_amount line 4"


@pytest.mark.parametrize(("value", "level", "rules_broken"), [
    (52000, "county", ["C07"]), (52000, "prefecture", []), (Decimal("5.123456"), "county", ["C08"]),
    (Decimal("5.1234"), "county", [])])
def test_fees_are_in_ten_thousand_yuan(value: object, level: str, rules_broken: list[str]) -> None:
    found = look(tables(proactive=proactive(fee_amount_wan=value)), level=level)
    assert [rule[:3] for rule, *_ in failures(found, "C07", "C08")] == rules_broken


# ---------------------------------------------------------------- structure, metadata, time


def test_a_whole_report_has_nothing_to_say_about_its_shape() -> None:
    found = look(tables(requests=requests(new_received=1, granted=1, total_handled=1)), WHOLE)
    assert failures(found) == []


def test_a_missing_part_weighs_by_what_the_law_asks() -> None:
    text = WHOLE.replace("四、政府信息公开行政复议、行政诉讼情况\n", "").replace("六、其他需要报告的事项\n", "")
    found = look(tables(remedies={}), text.replace("五、", "四、"))
    assert sorted(severity for _, _, severity in failures(found, "S01")) == ["error", "warning"]


def test_a_heading_without_its_table_is_an_error() -> None:
    lacking = Tables(requests=requests(), proactive=proactive(), formats={"requests": "f2021", "proactive": "f2021"})
    found = look(lacking, WHOLE)
    assert [c.where for c in of(found, "S04") if c.verdict == "fail"] == ["remedies line 6"]


def test_renumbered_headings_and_sub_headings_are_told_once() -> None:
    found = look(tables(), WHOLE.replace("五、存在", "四、存在").replace("2023年，我局", "一、公开工作\n2023年，我局"))
    (check,) = [c for c in of(found, "S02") if c.verdict == "fail"]
    assert "应为五" in check.message and "重用" in check.message


def test_a_heading_in_other_words_is_a_variant() -> None:
    found = look(tables(), WHOLE.replace("存在的主要问题及改进情况", "存在的问题及改进措施"))
    assert failures(found, "S03") == [("S03_heading_variant", "fail", "info")]


def test_missing_and_foreign_rows_are_counted() -> None:
    filled = requests("f2021")
    filled["other_handled"] = filled.pop("other_misc")
    (check,) = [c for c in of(look(tables(requests=filled)), "S05") if c.verdict == "fail"]
    assert "缺：" in check.message and "多：" in check.message


def test_surplus_values_and_lost_places_are_told_apart() -> None:
    filled = requests()
    filled["granted"] = {column: Cell("1 1", None, "position_lost") for column in filled["granted"]}
    issues = (Issue("surplus-values", "row x: more values than columns", "line 3"), Issue("page-split", "cut", "line 3"))
    found = look(tables(requests=filled, issues=issues))
    assert sorted(failures(found, "S06", "S09")) == [
        ("S06_column_count", "fail", "info"), ("S06_column_count", "fail", "warning"), ("S09_page_split", "fail", "info")]


def test_the_form_of_another_year_is_a_warning_and_two_forms_are_another() -> None:
    assert failures(look(tables("f2019"), year=2023), "S07") == [("S07_format_vs_year", "fail", "warning")]
    mixed = Tables(requests=requests("f2019"), proactive=proactive(), formats={"requests": "f2019", "proactive": "f2021"})
    assert failures(look(mixed, year=2021), "S08") == [("S08_mixed_format", "fail", "warning")]


def test_residue_and_torn_paragraphs_are_told_with_their_place() -> None:
    text = WHOLE.replace("2023年，我局", "[bookmark: _GoBack]2023年，我局")
    text = text.replace("我局将继续改进公开工作，加强培训。",
                        "我局将继续改进公开工作，不断加强对\n全体工作人员的培训，提高公开工作的水平。")
    found = [c for c in of(look(tables(), text), "S10") if c.verdict == "fail"]
    assert [c.where for c in found] == ["line 3", "line 8"]


def test_a_sentence_that_stops_before_a_heading_is_truncated() -> None:
    found = look(tables(), WHOLE.replace("加强培训。", "加强培训，继续做好政府信息"))
    assert failures(found, "S11") == [("S11_truncated_text", "fail", "info")]


@pytest.mark.parametrize("text", [
    WHOLE.replace("主动公开、依申请公开", "主(zhu)動(dong)公(gong)開(kai)信(xin)息(xi)"),
    WHOLE.replace("加强培训", "Bet365官网"),
    WHOLE + "報開機關請總計務處類條規範訴訟復議辦結轉據與為數實現發" * 2])
def test_clones_are_errors(text: str) -> None:
    assert [s for _, _, s in failures(look(tables(), text), "S14")] == ["error"]


@pytest.mark.parametrize(("change", "severity"), [
    (("2023年政府信息公开", "2022年政府信息公开"), "error"),
    (("一、总体情况", "本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。\n一、总体情况"), "error")])
def test_years_that_disagree_are_errors(change: tuple[str, str], severity: str) -> None:
    assert [s for _, _, s in failures(look(tables(), WHOLE.replace(*change, 1)), "M01")] == [severity]


def test_a_signature_of_another_body_is_an_error_and_a_short_one_is_not() -> None:
    other = WHOLE.replace("\n清河县水务局\n2024", "\n清河县教育局\n2024")
    assert [s for _, _, s in failures(look(tables(), other), "M02")] == ["error"]
    assert not failures(look(tables(), WHOLE.replace("\n清河县水务局\n2024", "\n县水务局\n2024")), "M02")


def test_level_and_division_code_must_agree() -> None:
    assert failures(look(tables(), level="prefecture"), "M03") == [("M03_level_conflict", "fail", "warning")]
    assert not failures(look(tables(), level="township"), "M03")


def test_the_body_that_posted_need_not_be_the_one_that_reports() -> None:
    found = look(tables(), WHOLE, metas={"发布机构": "清河县政务服务管理局"})
    assert failures(found, "M04") == [("M04_publisher_not_reporter", "fail", "info")]


@pytest.mark.parametrize(("published", "body_type", "year", "expected"), [
    ("2024-01-31", "department", 2023, "pass"), ("2024-02-01", "department", 2023, "fail"),
    ("2024-03-31", "government", 2023, "pass"), ("2024-04-01", "government", 2023, "fail"),
    ("2019-03-31", "department", 2018, "pass"), ("2019-04-01", "department", 2018, "fail"),
    ("2024-01-31T17:00:00+00:00", "department", 2023, "fail"), ("2026-05-01", "department", 2023, "not_assessable"),
    ("2024-02-01", "public_enterprise", 2023, "not_assessable"), ("2023-06-01", "department", 2023, "not_assessable"),
    ("", "department", 2023, "not_assessable")])
def test_lateness_counts_from_the_due_day_of_the_body_in_china(
    published: str, body_type: str, year: int, expected: str,
) -> None:
    (check,) = of(look(tables(), year=year, body_type=body_type, published_on=published), "T01")
    assert check.verdict == expected


def test_a_late_township_is_information_only() -> None:
    (check,) = of(look(tables(), body_type="township_government", published_on="2024-05-01"), "T01")
    assert (check.verdict, check.severity) == ("fail", "info")


def test_a_signature_in_time_beats_a_later_page_date() -> None:
    (check,) = of(look(tables(), WHOLE, published_on="2024-03-01"), "T01")
    assert check.verdict == "pass" and "2024-01-15" in check.message


def test_a_report_signed_before_its_year_was_over_is_a_warning() -> None:
    assert failures(look(tables(), WHOLE.replace("2024年1月15日", "2023年12月20日")), "M05") == [
        ("M05_date_before_period_end", "fail", "warning")]


def test_all_zero_is_told() -> None:
    assert failures(look(tables()), "P01") == [("P01_all_zero", "fail", "info")]
    assert not failures(look(tables(requests=requests(new_received=1))), "P01")


# ---------------------------------------------------------------- measures


def test_measures_are_exact_and_null_where_something_is_missing() -> None:
    filled = tables(requests=requests(new_received=4, granted=1, partly_granted=1, unavailable_not_held=2, total_handled=4),
                    remedies=remedies(review_corrected=1, review_upheld=2, review_total=3))
    told = measures.measures(filled)
    assert told["grant_rate"] == Fraction(1, 2) and told["review_correction_rate"] == Fraction(1, 3)
    assert told["suit_correction_rate"] is None                  # nothing decided: no rate
    assert measures.grant_rate(tables()) is None
    blank = requests(new_received=4, granted=1, total_handled=4)
    blank["partly_granted"]["total"] = cell(None)
    assert measures.grant_rate(tables(requests=blank)) is None


def test_the_2014_form_has_its_own_grant_rate() -> None:
    numbers = {"s14_ans_already_public": 1, "s14_ans_granted": 2, "s14_ans_partly": 0, "s14_answered": 6}
    assert measures.grant_rate(Tables(stat2014={f: cell(n) for f, n in numbers.items()})) == Fraction(1, 2)


# ---------------------------------------------------------------- golden


@pytest.mark.parametrize("case", sorted(GOLDEN.iterdir()), ids=lambda case: case.name)
def test_a_golden_report_fails_what_it_should(case: Path) -> None:
    told = json.loads((case / "tags.json").read_text(encoding="utf-8"))
    report = look_whole(text=(case / "input.txt").read_text(encoding="utf-8"), **told)
    found = [[c.rule, c.verdict, c.severity, c.message, c.where] for c in report.checks if c.verdict.startswith("fail")]
    expected = case / "expected.json"
    if not expected.exists():
        lines = ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in found)
        expected.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        pytest.fail(f"{expected.name} of {case.name} was written: read it, then run the tests again")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_fixtures_hold_every_cell_of_section_four() -> None:
    assert len(REMEDIES) == 15 and len(make(tables())[0].tables.remedies) == 15
