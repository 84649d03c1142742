"""Rules across years and across bodies, on plain sequences of reports."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from parsers.checks.across import Filed, by_agency, filed, from_json, masked, shingles, similarity
from parsers.checks.history import history
from parsers.checks.peers import (
    Sighting,
    changes,
    format_conflicts,
    host,
    missing,
    near_duplicates,
    outliers,
    same_bytes,
)
from parsers.models import Check, Tables
from tests.filled import cell, make, proactive, remedies, requests

WORDS = "我局认真贯彻条例加强组织领导完善工作机制主动公开信息回应群众关切优化平台建设开展业务培训强化监督考核"


def prose(seed: int, length: int = 900) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(WORDS) for _ in range(length))


def year(n: int, form: str = "f2021", text: str = "", **parts: Any) -> Filed:
    kinds = ("requests", "proactive", "remedies")
    filled = {"requests": requests(form), "proactive": proactive(form), "remedies": remedies(), **parts}
    return Filed(str(n), n, Tables(**filled, formats=dict.fromkeys(kinds, form)), text, digest=f"d{n}", agency="清河县水务局",
                 agency_id="130534:water", function="water", level="county")


def fails(found: dict[str, tuple[Check, ...]] | Any, key: str, rule: str = "") -> list[tuple[str, str]]:
    return [(c.rule, c.severity) for c in found.get(key, ()) if c.verdict == "fail" and c.rule.startswith(rule)]


def test_what_is_carried_out_is_carried_in() -> None:
    found = history([year(2023, requests=requests(carried_in=2)), year(2022, requests=requests(carried_out=3))])
    assert fails(found, "2023", "Y01") == [("Y01_carry_link", "warning"), ("Y01_carry_link", "error")]
    assert "2022" not in found
    (passed,) = [c for c in found["2023"] if c.rule == "Y01_carry_link" and c.verdict == "pass"]
    assert passed.message == "其余 5 列全部相符"


def test_a_year_that_is_missing_breaks_the_chain() -> None:
    assert history([year(2021, requests=requests(carried_out=3)), year(2023)]) == {}


def test_a_blank_is_no_contradiction() -> None:
    blank = requests()
    blank["carried_in"] = {column: cell(None) for column in blank["carried_in"]}
    found = history([year(2022, requests=requests(carried_out=3)), year(2023, requests=blank)])
    assert [c.verdict for c in found["2023"] if c.rule == "Y01_carry_link"] == ["not_assessable"]


def test_what_is_in_force_rolls_over() -> None:
    before = year(2021, proactive=proactive(normdocs_in_force=4))
    good = year(2022, proactive=proactive(normdocs_in_force=5, normdocs_issued=2, normdocs_repealed=1))
    bad = year(2022, proactive=proactive(normdocs_in_force=9, normdocs_issued=2))
    assert not fails(history([before, good]), "2022", "Y02")
    assert fails(history([before, bad]), "2022", "Y02") == [("Y02_in_force_roll", "warning")]


def test_items_roll_over_between_2019_and_2020() -> None:
    items = {"licence_items_prev": 7, "licence_items_delta": -2, "normdocs_public_total": 3}
    before = year(2019, "f2019", proactive=proactive("f2019", **items))
    after = year(2020, "f2019", proactive=proactive("f2019", licence_items_prev=7, normdocs_public_total=1))
    assert fails(history([before, after]), "2020") == [("Y03_items_roll", "warning"), ("Y04_public_total_monotone", "info")]


def test_forms_that_differ_are_not_compared_where_they_cannot_be() -> None:
    found = history([year(2020, "f2019", proactive=proactive("f2019", licence_items_prev=7)), year(2021)])
    assert not [c for c in found["2021"] if c.rule[:3] in ("Y02", "Y03", "Y04")]


def test_pending_cases_come_back() -> None:
    before = year(2022, remedies=remedies(review_pending=3, review_total=3))
    assert fails(history([before, year(2023, remedies=remedies(review_total=1, review_upheld=1))]), "2023", "Y05") == [
        ("Y05_pending_resolves", "info")]


def test_the_same_text_with_other_figures_is_a_copy() -> None:
    text = prose(1)
    found = history([year(2022, text=f"2022年收到12件。{text}"), year(2023, text=f"2023年收到15件。{text}")])
    assert fails(found, "2023", "Y06") == [("Y06_self_near_duplicate", "warning")]
    assert not fails(history([year(2022, text=prose(1)), year(2023, text=prose(2))]), "2023", "Y06")


def test_a_table_with_numbers_is_not_the_same_twice() -> None:
    busy = requests(new_received=41, granted=41, total_handled=41)
    copied = history([year(2022, requests=busy), year(2023, requests=busy)])
    assert fails(copied, "2023", "Y07") == [("Y07_table_copied", "warning")]
    assert not fails(history([year(2022), year(2023)]), "2023", "Y07")
    stock = proactive(normdocs_in_force=4)
    assert not fails(history([year(2022, proactive=stock), year(2023, proactive=stock)]), "2023", "Y07")


@pytest.mark.parametrize(("before", "after", "stands_out"), [
    (3, 40, False), (10, 2000, True), (0, 60, True), (900, 1000, False)])
def test_a_tenfold_change_of_more_than_fifty_stands_out(before: int, after: int, stands_out: bool) -> None:
    found = history([year(2022, proactive=proactive(licence_decisions=before)),
                     year(2023, proactive=proactive(licence_decisions=after))])
    assert bool(fails(found, "2023", "Y08")) is stands_out


def test_reports_are_grouped_by_body_and_read_from_json_alike() -> None:
    report, _, _ = make(Tables(requests=requests(carried_out=2), formats={"requests": "f2021"}), agency_id="130534:water")
    one = filed(report, "a")
    assert one == from_json(report.to_json(), "a")
    assert one.number("carried_out.total") == 2 and one.year == 2023
    assert list(by_agency([one, replace(one, agency_id="")])) == ["130534:water"]


# ---------------------------------------------------------------- across bodies


def body(n: int, text: str = "", **numbers: Any) -> Filed:
    return replace(year(2023, text=text, proactive=proactive(**numbers)), key=f"r{n}", agency=f"第{n}县水务局",
                   agency_id=f"a{n}", digest=f"digest {n}")


def test_an_outlier_stands_out_among_its_peers_only() -> None:
    peers = [body(n, licence_decisions=90 + n) for n in range(12)]
    found = outliers([*peers, body(99, licence_decisions=5_000_000)])
    assert fails(found, "r99") == [("P02_peer_outlier", "info")]
    assert not [key for key in found if key != "r99" and fails(found, key)]
    assert outliers(peers[:5]) == {}


def test_one_file_for_two_bodies_is_an_error_for_both() -> None:
    one, other = body(1), replace(body(2), digest="digest 1")
    found = same_bytes([one, other, body(3)])
    assert fails(found, "r1") == fails(found, "r2") == [("D01_same_bytes_other_agency", "error")] and "r3" not in found
    assert same_bytes([one, replace(one, key="again")]) == {}


def test_a_copied_text_is_found_though_names_and_figures_differ() -> None:
    text = prose(7)
    reports = [body(1, f"第1县水务局收到3件。{text}"), body(2, f"第2县水务局收到9件。{text}"), body(3, prose(8))]
    found = near_duplicates(reports)
    assert fails(found, "r1") == fails(found, "r2") == [("D02_near_duplicate_other_agency", "warning")] and "r3" not in found


def test_similarity_is_symmetric_and_bounded() -> None:
    one, other = shingles(masked("2023年公开信息12条，做好公开工作")), shingles(masked("2022年公开信息9条，做好公开工作"))
    assert similarity(one, other) == similarity(other, one) == 1.0
    assert similarity(one, shingles("")) == 0.0


def test_copies_of_one_report_must_agree_cell_by_cell() -> None:
    page = replace(body(1, licence_decisions=3), media_type="text/html")
    file = replace(body(1, licence_decisions=4), key="file", media_type="application/pdf", digest="other")
    found = format_conflicts([page, file])
    (check,) = found["r1"]
    assert (check.rule, check.severity, check.left, check.right) == ("D03_format_conflict", "error", 3, 4)
    assert [c.verdict for c in format_conflicts([page, replace(page, key="x", digest="x")])["x"]] == ["pass"]


def test_absence_is_told_only_after_three_good_looks_past_the_grace() -> None:
    late = date(2024, 4, 1)
    found = missing("清河县水务局", "department", 2023, late, 3, None)
    assert found is not None and (found.rule, found.severity) == ("T02_missing", "error")
    assert missing("清河县水务局", "department", 2023, late, 2, None) is None
    assert missing("清河县水务局", "department", 2023, date(2024, 2, 20), 9, None) is None
    assert missing("清河县水务局", "department", 2023, late, 3, date(2024, 1, 5)) is None
    assert missing("清河县供水公司", "public_enterprise", 2023, late, 9, None) is None


def test_changes_after_publication_are_told_from_cosmetic_ones() -> None:
    first = Sighting("r", "http://a/1", "2024-01-20T00:00:00", "d1", "t1")
    later = [replace(first, captured_at="2024-02-01", digest="d2"),
             replace(first, captured_at="2024-03-01", digest="d3", text_digest="t2")]
    found = changes([*later, first])["r"]
    assert [(c.verdict, "原址改动" in c.message) for c in found] == [("fail", True), ("pass", False)]
    moved = replace(first, url="http://a/2", captured_at="2024-05-01", digest="d9", text_digest="t9")
    assert "另址重发" in changes([first, moved])["r"][0].message
    assert [c.verdict for c in changes([first, replace(first, captured_at="2024-02-01")])["r"]] == ["pass"]


@pytest.mark.parametrize(("url", "verdict"), [
    ("https://www.qinghe.gov.cn/a", "pass"), ("https://files.example.cn/a", "pass"), ("https://bet.example.com/a", "fail"),
    ("notaurl", "fail"),
    ("https://www.qinghe.gov.cn.example.com/", "fail")])
def test_hosts_are_official_or_declared(url: str, verdict: str) -> None:
    assert [c.verdict for c in host("r", url, ["example.cn"])["r"]] == [verdict]
